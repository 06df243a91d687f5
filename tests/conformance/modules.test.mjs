// The module of Motionscope: what the daemon is with it, and without one that fits.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { build, startVizyd, temporaryFolder, vizyd } from '../lib/daemon.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { until } from '../lib/wait.mjs';

const MODULE = 'vizyd-motionscope.so';
const layout = async daemon => (await fetch(`${daemon.url}/_dash-layout`)).text();
const names = (file, which) => execFileSync('nm', ['-D', which, file], { encoding: 'utf8' })
	.split('\n').map(line => line.trim().split(' ').pop()).filter(name => name.startsWith('vz_'));

/** The daemon with the modules of `folder` alone, and a line that starts the recorder. */
async function startWith(t, folder) {
	const config = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(config, '[gpio button]\nchip = simulated\npress = trigger:record\n');
	return startVizyd(t, { args: ['--config', config], env: { VIZYD_MODULE_DIR: folder } });
}

/** Everything that has nothing to do with it is there, and what has is missing and said to be. */
async function checkWithout(t, daemon, reason) {
	const found = await layout(daemon);
	const status = await daemon.status_page();
	const tab = await Tab.open(daemon);

	assert.match(daemon.stderr, new RegExp(`vizyd-motionscope\\.so ${reason}`));
	for (const label of ['Capture', 'Process', 'Analyze']) {
		assert.ok(!found.includes(`"label":"${label}"`), label);
	}
	assert.ok(!found.includes('track-live'));
	assert.ok(found.includes('"label":"Lines"'));
	assert.equal(status.recorder, null);
	assert.equal(status.live, null);
	// An address like any other: the page is there.
	assert.match((await fetch(`${daemon.url}/api/recorder`)).headers.get('content-type'), /^text\/html/);

	// A line that records says why it does not, and the camera is there.
	const input = 'gpio-button-press.n_clicks';

	await tab.call((await dependencies(daemon)).byInput(input).output, { [input]: 1 });
	await until(() => /there is no recorder/.test(daemon.stderr), { what: 'the reason' });
	assert.equal((await fetch(`${daemon.url}/snapshot.jpg`)).headers.get('content-type'), 'image/jpeg');
}

test('the module is there, wants nothing that the daemon does not show, and shows one thing', async t => {
	const module = join(build, 'daemon', MODULE);
	const shown = new Set(names(vizyd, '--defined-only'));
	const daemon = await startWith(t, join(build, 'daemon'));

	assert.deepEqual(names(module, '--undefined-only').filter(name => !shown.has(name)), []);
	assert.deepEqual(names(module, '--defined-only'), ['vz_motionscope_functions']);
	assert.equal((await daemon.status_page()).recorder.state, 'idle');
	assert.equal((await fetch(`${daemon.url}/api/recorder`)).status, 200);
	for (const label of ['Capture', 'Process', 'Analyze']) {
		assert.ok((await layout(daemon)).includes(`"label":"${label}"`), label);
	}
	assert.ok(!daemon.stderr.includes(MODULE), daemon.stderr);
});

test('without the module there is a camera, without tabs for what is missing', async t => {
	const daemon = await startWith(t, temporaryFolder(t));

	await checkWithout(t, daemon, 'is missing');
});

test('a module of another build is not used, and one that is none is not either', async t => {
	const folder = temporaryFolder(t);

	await checkWithout(t, await startWith(t, join(build, 'tests/conformance')), 'is of another build');
	writeFileSync(join(folder, MODULE), 'no module\n');
	const daemon = await startWith(t, folder);

	assert.match(daemon.stderr, /Cannot load \S+vizyd-motionscope\.so: .*(invalid ELF header|too short)/);
	assert.equal((await daemon.status_page()).recorder, null);
});
