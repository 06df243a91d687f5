// The appliance as a whole, on a kernel with devices: one machine, looked at from outside, in this order.

import { after, before } from 'node:test';

import { machine } from './machine.mjs';

before(() => machine.start());
after(async () => {
	await machine.keepJournal().catch(() => {});
	await machine.stop();
});

await import('./installed.mjs');
