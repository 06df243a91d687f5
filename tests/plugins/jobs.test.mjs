// Callbacks of a plugin on workers: one that takes too long, one that runs while its plugin is loaded anew,
// one that crashes, one that is left running at the end.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test from 'node:test';

import { temporaryFolder } from '../lib/daemon.mjs';
import { install, pluginFolder, startDoomed, startWithPlugins } from '../lib/plugins.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const page = async daemon => (await fetch(`${daemon.url}/_dash-layout`)).text();
const slow = (tab, ms) => tab.post('probe-slow-out.children', { 'probe-slow.value': ms });

async function press(daemon, tab, name) {
	const input = `system-${name}-reload.n_clicks`;

	return tab.call((await dependencies(daemon)).byInput(input).output, { [input]: 1 });
}

async function state(daemon) {
	return /"system-probe-state","className":"vz-plugin-state","children":"([^"]*)"/.exec(await page(daemon))[1];
}

test('a callback that hangs: its browser is told, the panel and the log say so, everything else goes on', async t => {
	const folder = pluginFolder(t, { probe: 'probe1' });

	writeFileSync(`${folder}/vizyd.conf`, '[daemon]\ndeadline = 0.5\n');
	const daemon = await startWithPlugins(t, { folder, load: 'probe', args: ['--config', `${folder}/vizyd.conf`] });
	const tab = await Tab.open(daemon);
	const answer = await tab.answer(slow(tab, 5000));

	assert.match(JSON.stringify(answer), /takes too long/);
	await until(() => /of the plugin probe has been running for \d+ s/.test(daemon.stderr), { what: () => daemon.stderr });
	await tab.call('probe-out.children', { 'probe-in.value': 5 });
	await tab.has('probe-out', 'children', 5);
	await until(() => tab.values('system-probe-state', 'children').some(text => /^running; a callback of it has been running for \d+ s$/.test(text)),
		{ what: () => JSON.stringify(tab.values('system-probe-state', 'children')), timeout: 10000 });
	await until(() => tab.props['system-probe-state'].children === 'running', { what: 'its end', timeout: 10000 });
	assert.match(tab.props['system-counters'].children, /1 overdue/);
});

test('loaded anew while a call runs: waits for it, then the new one is there', async t => {
	const folder = pluginFolder(t, { probe: 'probe1' });
	const daemon = await startWithPlugins(t, { folder, load: 'probe' });
	const tab = await Tab.open(daemon);
	const request = slow(tab, 1500);

	await sleep(200);
	install(folder, 'probe2', 'probe');
	await press(daemon, tab, 'probe');
	// Who waits for it is told at once, and nothing of the plugin is on the page any more.
	assert.match(JSON.stringify(await tab.answer(request)), /withdrawn/);
	await until(async () => /^stopping: waits for a call/.test(await state(daemon)), { what: 'waiting' });
	assert.doesNotMatch(await page(daemon), /probe-slow/);
	assert.doesNotMatch(daemon.stderr, /probe: fini/);

	await until(() => /probe: fini[^]*probe 2 is loaded/.test(daemon.stderr), { what: () => daemon.stderr, timeout: 10000 });
	await until(async () => (await state(daemon)) === 'running', { what: 'running' });
	const next = await Tab.open(daemon);

	assert.equal((await next.answer(slow(next, 1))).data.response['probe-slow-out'].children, 'slow is done');
});

test('loaded anew with calls that wait for a worker: none of them runs in what is no longer there', async t => {
	const folder = pluginFolder(t, { probe: 'probe1' });
	const daemon = await startWithPlugins(t, { folder, load: 'probe' });
	const tab = await Tab.open(daemon);

	for (let round = 0; round < 5; round++) {
		const requests = Array.from({ length: 30 }, () => slow(tab, 20));

		await press(daemon, tab, 'probe');
		await Promise.all(requests.map(request => tab.answer(request)));
		await until(async () => (await state(daemon)) === 'running', { what: 'running' });
		await tab.call('probe-out.children', { 'probe-in.value': round });
	}
});

test('a crash on a worker is known as the plugin\'s', async t => {
	const where = { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe', stateDir: temporaryFolder(t) };
	const daemon = await startDoomed(where);
	const tab = await Tab.open(daemon);

	slow(tab, -1);
	assert.equal((await daemon.exited).signal, 'SIGSEGV');
	assert.match((await startWithPlugins(t, where)).stderr, /died in the plugin probe, in a callback \(Segmentation fault\)/);
});

test('a call that does not end does not keep the daemon from ending', async t => {
	const daemon = await startWithPlugins(t, { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe' });
	const tab = await Tab.open(daemon);

	slow(tab, 30000);
	await sleep(200);
	const since = Date.now();

	await daemon.stop();
	assert.ok(Date.now() - since < 4000, `${Date.now() - since} ms`);
	assert.match(daemon.stderr, /A call of probe still runs/);
});
