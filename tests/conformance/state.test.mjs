// What survives: restarts, power cuts in the middle of a save, files that are damaged.

import assert from 'node:assert/strict';
import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { brightness } from '../lib/camera.mjs';
import { Daemon, startVizyd, temporaryFolder, uiDir, vizyd } from '../lib/daemon.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const files = folder => readdirSync(folder, { recursive: true }).map(name => join(folder, String(name)))
	.filter(path => statSync(path).isFile());

/** Sets the brightness and waits until it has been saved. */
async function save(daemon, stateDir, value) {
	const tab = await Tab.open(daemon);

	await (await brightness(daemon)).set(tab, value);
	await tab.has('brightness', 'value', value);
	await tab.bye();
	await daemon.stop();
	assert.ok(files(stateDir).length > 0, 'nothing was saved');
}

async function shown(t, stateDir) {
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);

	return { daemon, tab, value: tab.welcome.set.brightness?.value };
}

test('the values survive a restart, in the layout and in welcome', async t => {
	const stateDir = temporaryFolder(t);

	await save(await startVizyd(t, { stateDir }), stateDir, 81);
	const { daemon, value } = await shown(t, stateDir);

	assert.equal(value, 81);
	assert.match(await (await fetch(`${daemon.url}/_dash-layout`)).text(), /"value":81/);
});

test('a change is saved soon without a restart, and not at every step', async t => {
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);
	const { set } = await brightness(daemon);

	for (let value = 60; value <= 90; value++) {
		await set(tab, value);
	}
	await until(() => files(stateDir).length > 0, { timeout: 10000, what: 'a saved file' });
	await sleep(2500);
	await daemon.kill();
	assert.equal((await shown(t, stateDir)).value, 90);
});

test('killed at any moment of saving: the old or a new state, 50 times', { timeout: 170000 }, async t => {
	const stateDir = temporaryFolder(t);
	let sent = [50];

	for (let round = 0; round < 50; round++) {
		const daemon = new Daemon(vizyd, ['--listen', '127.0.0.1:0', '--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', stateDir]);

		await daemon.listening();
		const tab = await Tab.open(daemon);
		const { value } = tab.welcome.set.brightness;
		const { set } = await brightness(daemon);
		const end = Date.now() + Math.random() * 900;

		assert.ok(sent.includes(value), `round ${round}: ${value} was never set; ${sent}`);
		assert.doesNotMatch(daemon.stderr, /corrupt|damaged|cannot be read|defaults/i, `round ${round}`);
		sent = [value];
		for (let next = 0; Date.now() < end; next = (next + 1) % 100) {
			set(tab, next).catch(() => {});
			sent.push(next);
			await sleep(Math.random() * 60);
		}
		await daemon.kill();
	}
	assert.ok(files(stateDir).length <= 3, `left behind: ${files(stateDir)}`);
});

test('a damaged state: starts with the defaults and says so', async t => {
	const damages = {
		empty: path => truncateSync(path),
		'cut short': path => truncateSync(path, Math.floor(statSync(path).size / 2)),
		'another kind of file': path => writeFileSync(path, '\0\xff\xfe'.repeat(100)),
		'JSON of another shape': path => writeFileSync(path, '[1,2,3]'),
		'values of other types': path => writeFileSync(path, '{"brightness":{"value":"bright"},"camera":5}'),
		'100 MB of nonsense': path => writeFileSync(path, Buffer.alloc(100e6, '[')),
	};

	for (const [label, damage] of Object.entries(damages)) {
		const stateDir = temporaryFolder(t);

		await save(await startVizyd(t, { stateDir }), stateDir, 81);
		files(stateDir).forEach(damage);
		const { daemon, tab, value } = await shown(t, stateDir).catch(error => assert.fail(`${label}: ${error.message}`));

		assert.equal(value ?? 50, 50, label);
		assert.ok(daemon.stderr.length > 0, `${label}: nothing is said`);
		// And from there on it works as ever.
		await (await brightness(daemon)).set(tab, 33);
		await tab.bye();
		await daemon.stop();
		assert.equal((await shown(t, stateDir)).value, 33, label);
	}
});

test('saved values that the camera no longer has, or out of range, do no harm', async t => {
	const stateDir = temporaryFolder(t);

	await save(await startVizyd(t, { stateDir }), stateDir, 81);
	for (const path of files(stateDir)) {
		const { readFileSync } = await import('node:fs');

		writeFileSync(path, readFileSync(path, 'utf8').replace(/\b81\b/g, '99999'));
	}
	const { daemon, value } = await shown(t, stateDir);

	assert.ok(value === undefined || (value >= 0 && value <= 100), String(value));
	assert.equal((await fetch(`${daemon.url}/snapshot.jpg`)).status, 200);
});

test('a state folder that cannot be one: the camera works, the log says that nothing is kept', async t => {
	const stateDir = join(temporaryFolder(t), 'file');

	writeFileSync(stateDir, 'no folder');
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);

	await (await brightness(daemon)).set(tab, 44);
	await tab.has('brightness', 'value', 44);
	assert.ok(daemon.stderr.includes(stateDir), daemon.stderr);
});
