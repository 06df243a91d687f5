// The System panel: what it says, and loading a plugin anew from the page while everybody works.

import assert from 'node:assert/strict';
import test from 'node:test';

import { install, pluginFolder, startDoomed, startWithPlugins } from '../lib/plugins.mjs';
import { temporaryFolder } from '../lib/daemon.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const page = async daemon => (await fetch(`${daemon.url}/_dash-layout`)).text();
const loads = daemon => [...daemon.stderr.matchAll(/probe (\d) is loaded/g)].map(([, version]) => version);

/** Presses a plugin's button, as `tab`, and returns the answer. */
async function press(daemon, tab, name) {
	const input = `system-${name}-reload.n_clicks`;

	return tab.call((await dependencies(daemon)).byInput(input).output, { [input]: 1 });
}

test('the panel tells of each plugin what it is and why it does not run', async t => {
	const folder = pluginFolder(t, { probe: 'probe1', foreign: 'foreign', table: 'table-abi' });
	const daemon = await startWithPlugins(t, { folder, load: 'probe foreign table robots?optional' });
	const text = await page(daemon);

	assert.match(text, /probe 1"/);
	assert.match(text, /Does what the tests ask/);
	assert.match(text, /"system-probe-state","className":"vz-plugin-state","children":"running"/);
	assert.match(text, /failed: [^"]*foreign\.so: no plugin: it has no symbol 'vz_plugin'/);
	assert.match(text, /failed: [^"]*table\.so: built for plugin ABI 2, this daemon has 1/);
	assert.match(text, /absent: [^"]*robots\.so is not there/);
	assert.deepEqual((await daemon.status_page()).plugins,
		{ probe: 'running', foreign: 'failed', table: 'failed', robots: 'absent' });
});

test('two plugins with one id: the later goes, the other and the page stay', async t => {
	const folder = pluginFolder(t, { probe: 'probe1', clash: 'clash', 'clash-b': 'clash-b' });
	const daemon = await startWithPlugins(t, { folder, load: 'probe clash clash-b' });
	const text = await page(daemon);

	assert.match(text, /"system-clash-state","className":"vz-plugin-state","children":"running"/);
	assert.match(text, /"children":"failed: two components have the id 'clash-b-x'"/);
	assert.match(daemon.stderr, /clash-b is unloaded: two components have the id 'clash-b-x'/);
	assert.match(text, /probe-in/);
});

test('a new file is loaded from the page, and every tab is told to load the page anew', async t => {
	const folder = pluginFolder(t, { probe: 'probe1' });
	const daemon = await startWithPlugins(t, { folder, load: 'probe' });
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];
	const before = await page(daemon);

	install(folder, 'probe2', 'probe');
	await press(daemon, a, 'probe');
	await a.has('system-note', 'children', 'Loading probe …');
	assert.deepEqual(b.values('system-note', 'children'), [], 'only who asked is answered');
	await until(() => loads(daemon).at(-1) === '2', { what: 'version 2' });
	for (const tab of [a, b]) {
		await until(() => tab.messages.some(({ type }) => type === 'reload'), { what: 'the word to load the page anew' });
	}
	assert.match(before, /probe 1"/);
	await until(async () => /probe 2"/.test(await page(daemon)), { what: 'the new page' });

	const c = await Tab.open(daemon);

	await c.call('probe-out.children', { 'probe-in.value': 'hello' });
	await c.has('probe-out', 'children', 'hello');
});

test('ten times while four tabs work: every request is answered, and the daemon lives', async t => {
	const folder = pluginFolder(t, { probe: 'probe1', example: '../../plugins/example' });
	const daemon = await startWithPlugins(t, { folder, load: 'probe example' });
	let running = true;
	const counts = { ok: 0, error: 0 };

	async function work(n) {
		const tab = await Tab.open(daemon);

		for (let i = 0; running; i++) {
			const { status } = await tab.call('probe-out.children', { 'probe-in.value': `${n}-${i}` });

			counts[status === 'error' ? 'error' : 'ok']++;
		}
	}
	const workers = [1, 2, 3, 4].map(work);
	const admin = await Tab.open(daemon);

	for (let i = 1; i <= 10; i++) {
		install(folder, i % 2 ? 'probe2' : 'probe1', 'probe');
		await press(daemon, admin, 'probe');
		await until(() => loads(daemon).length > i, { what: `load ${i}` });
		await sleep(30);
	}
	running = false;
	await Promise.all(workers);
	assert.ok(counts.ok > 50, JSON.stringify(counts));
	// The other plugin has not noticed.
	const tab = await Tab.open(daemon);

	await tab.call('example-shared-text.children', { 'example-shared.value': 3 });
	await tab.has('example-shared-text', 'children', "Everybody's value: 3");
});

test('who may not is told so, and nothing happens', async t => {
	const folder = pluginFolder(t, { probe: 'probe1' });
	const { writeFileSync } = await import('node:fs');

	writeFileSync(`${folder}/vizyd.conf`, '[server]\nadmin = nobody\n');
	const daemon = await startWithPlugins(t, { folder, load: 'probe', args: ['--config', `${folder}/vizyd.conf`] });
	const tab = await Tab.open(daemon);

	await press(daemon, tab, 'probe');
	await tab.has('refused', 'children', 'Only a user with the role “admin” may do that.');
	assert.deepEqual(loads(daemon), ['1']);
});

test('values of other plugins are kept over a reload', async t => {
	const folder = pluginFolder(t, { probe: 'probe1', example: '../../plugins/example' });
	const daemon = await startWithPlugins(t, { folder, load: 'probe example' });
	const tab = await Tab.open(daemon);

	await tab.call('example-shared-text.children', { 'example-shared.value': 77 });
	await press(daemon, tab, 'probe');
	await until(() => loads(daemon).length === 2);
	await until(async () => /Everybody's value: 77/.test(await page(daemon)));
	assert.equal((await Tab.open(daemon)).welcome.set['example-shared'].value, 77);
});

test('a plugin that crashed twice is enabled from the page', async t => {
	const where = { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe', stateDir: temporaryFolder(t) };

	for (let i = 0; i < 2; i++) {
		const daemon = await startDoomed(where);
		const tab = await Tab.open(daemon);

		tab.post((await dependencies(daemon)).byInput('probe-crash.value').output, { 'probe-crash.value': 'segv' });
		await daemon.exited;
	}
	const daemon = await startWithPlugins(t, where);

	assert.match(await page(daemon), /The plugin probe is disabled: it crashed 2 times in a row/);
	assert.match(await page(daemon), /"Enable"/);
	const tab = await Tab.open(daemon);

	await press(daemon, tab, 'probe');
	await until(() => loads(daemon).length === 1, { what: 'probe' });
	await until(async () => !/is disabled/.test(await page(daemon)), { what: 'a page without the notice' });
	assert.match(await page(daemon), /probe-crash/);
	await daemon.stop();
	assert.match((await startWithPlugins(t, where)).stderr, /probe 1 is loaded/);
});
