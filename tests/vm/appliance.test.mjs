// The appliance as a whole, on a kernel with devices: one machine, looked at from outside, part after part.
// VIZYD_VM_PART names one of them, or several between commas, for which the package is still installed first.

import { after, before } from 'node:test';

import { machine } from './machine.mjs';

const part = process.env.VIZYD_VM_PART;
const parts = part ? ['installed', ...part.split(',')] : ['installed', 'camera', 'lines', 'faults'];

before(() => machine.start());
after(async () => {
	await machine.keepJournal().catch(() => {});
	await machine.stop();
});

for (const name of new Set(parts)) {
	await import(`./${name}.mjs`);
}
