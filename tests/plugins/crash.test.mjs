// A plugin that crashes takes the daemon down; the next start knows which it was, and the second time in
// a row leaves it out.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Daemon, run, temporaryFolder, uiDir, vizyd } from '../lib/daemon.mjs';
import { pluginFolder, startDoomed, startWithPlugins } from '../lib/plugins.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';

const page = async daemon => (await fetch(`${daemon.url}/_dash-layout`)).text();

/** Has the plugin die of `how`, and returns how the daemon ended. */
async function crash(daemon, how) {
	const tab = await Tab.open(daemon);
	const { byInput } = await dependencies(daemon);

	tab.post(byInput('probe-crash.value').output, { 'probe-crash.value': how });
	return daemon.exited;
}

test('twice in a row: not loaded any more, and everything else works', async t => {
	const where = { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe', stateDir: temporaryFolder(t) };
	let daemon = await startDoomed(where);

	assert.equal((await crash(daemon, 'segv')).signal, 'SIGSEGV');

	daemon = await startDoomed(where);
	assert.match(daemon.stderr, /died in the plugin probe, in a callback \(Segmentation fault\): 1 in a row/);
	assert.match(daemon.stderr, /probe 1 is loaded/);
	assert.equal((await crash(daemon, 'abort')).signal, 'SIGABRT');

	daemon = await startWithPlugins(t, where);
	assert.match(daemon.stderr, /2 in a row/);
	assert.match(daemon.stderr, /probe stays disabled/);
	assert.doesNotMatch(await page(daemon), /probe-crash/);
	assert.equal((await fetch(`${daemon.url}/snapshot.jpg`)).status, 200);
	await daemon.stop();

	const { stdout } = await run(vizyd, ['--list-plugins', '--load', 'probe', '--state-dir', where.stateDir], { env: { VIZYD_PLUGIN_DIR: where.folder } });

	assert.match(stdout, /^probe\t.*\tdisabled: it crashed too often$/m);
	// It stays so: what disabled it is not forgotten by an end that is good.
	daemon = await startWithPlugins(t, where);
	assert.match(daemon.stderr, /probe stays disabled/);
});

test('once, then a good end: forgotten', async t => {
	const where = { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe', stateDir: temporaryFolder(t) };

	await crash(await startDoomed(where), 'segv');
	const daemon = await startWithPlugins(t, where);

	assert.match(daemon.stderr, /1 in a row/);
	await daemon.stop();
	const third = await startDoomed(where);

	assert.doesNotMatch(third.stderr, /in a row/);
	await crash(third, 'segv');
	assert.match((await startWithPlugins(t, where)).stderr, /1 in a row/);
});

for (const [how, says] of [
	['stack', /in a callback \(Segmentation fault\)/],
	['thread', /in a thread of its own \(Segmentation fault\)/],
	['exit', /in a callback \(it ended the daemon, or was killed\)/],
]) {
	test(`death by ${how} is known too`, async t => {
		const where = { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe', stateDir: temporaryFolder(t) };

		await crash(await startDoomed(where), how);
		assert.match((await startWithPlugins(t, where)).stderr, says);
	});
}

test('a crash in init() twice does not keep the daemon from starting', async t => {
	const folder = pluginFolder(t, { probe: 'probe1' }), stateDir = temporaryFolder(t);
	const config = join(folder, 'vizyd.conf');
	const args = ['--listen', '127.0.0.1:0', '--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', stateDir, '--config', config];
	const env = { VIZYD_PLUGIN_DIR: folder };

	writeFileSync(config, '[plugins]\nload = probe\n[plugin probe]\ninit = crash\n');
	for (let i = 0; i < 2; i++) {
		assert.equal((await new Daemon(vizyd, args, { env }).exited).signal, 'SIGABRT');
	}
	const daemon = await startWithPlugins(t, { folder, load: 'probe', stateDir, args: ['--config', config] });

	assert.match(daemon.stderr, /in init\(\)/);
	assert.match(daemon.stderr, /probe stays disabled/);
});

test('a crash in a constructor, before init(), is known too', async t => {
	const folder = pluginFolder(t, { table: 'table-ctor' }), stateDir = temporaryFolder(t);
	const args = ['--listen', '127.0.0.1:0', '--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', stateDir, '--load', 'table'];

	for (let i = 0; i < 2; i++) {
		assert.equal((await new Daemon(vizyd, args, { env: { VIZYD_PLUGIN_DIR: folder } }).exited).signal, 'SIGABRT');
	}
	const daemon = await startWithPlugins(t, { folder, load: 'table', stateDir });

	assert.match(daemon.stderr, /died in the plugin table, in a constructor/);
	assert.match(daemon.stderr, /table stays disabled/);
});

test('the watchdog that ends a callback which hangs counts it against the plugin', async t => {
	const where = { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe', stateDir: temporaryFolder(t) };
	const daemon = await startDoomed(where);
	const tab = await Tab.open(daemon);
	const { byInput } = await dependencies(daemon);

	tab.post(byInput('probe-hang.value').output, { 'probe-hang.value': 1 });
	await tab.answer('never', { timeout: 500 }).catch(() => {});
	// As systemd does it (WatchdogSignal=).
	process.kill(daemon.pid, 'SIGABRT');
	assert.equal((await daemon.exited).signal, 'SIGABRT');
	assert.match((await startWithPlugins(t, where)).stderr,
		/died in the plugin probe, in a callback \(aborted, or it hung and the watchdog ended it\)/);
});

test('a daemon that dies outside of any plugin accuses none', async t => {
	const where = { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe', stateDir: temporaryFolder(t) };
	const daemon = await startDoomed(where);

	await daemon.kill();
	assert.doesNotMatch((await startWithPlugins(t, where)).stderr, /in a row/);
});
