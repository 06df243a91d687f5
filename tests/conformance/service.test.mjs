// The daemon as a service: its sample configuration, reading it anew, and who may use a state folder.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import test from 'node:test';

import { brightness } from '../lib/camera.mjs';
import { build, Daemon, run, startVizyd, temporaryFolder, uiDir, vizyd } from '../lib/daemon.mjs';
import { dependencies, openSocket, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

/** A port that nobody has just now. */
function freePort() {
	return new Promise(done => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address();

			server.close(() => done(port));
		});
	});
}

const root = resolve(import.meta.dirname, '../..');

test('the sample in systemd/vizyd.conf is what --sample-config prints, and is understood', async t => {
	const { code, stdout, stderr } = await run(vizyd, ['--sample-config']);
	const file = join(temporaryFolder(t), 'vizyd.conf');

	assert.equal(code, 0, stderr);
	assert.equal(readFileSync(join(root, 'systemd/vizyd.conf'), 'utf8'), stdout,
		'renew it: vizyd --sample-config >systemd/vizyd.conf');
	for (const line of stdout.split('\n')) {
		assert.ok(line.length < 199, `too long for a configuration: ${line}`);
	}
	// The keys with a default, as they stand there, are what is the case without them.
	writeFileSync(file, stdout.replace(/\n# A GPIO line[^]*/, '\n').replace(/^#(\w+ = .+)$/gm, '$1')
		.replace(/^(allowed_origin|load) .*/gm, ''));
	const checked = await run(vizyd, ['--check-config', '--config', file]);

	assert.equal(checked.stderr, '');
	// That somebody said an address makes a difference, even when it is the same.
	assert.equal(checked.stdout, '[server] listen: takes effect at a reload\n');
});

test('a second daemon on the same state folder is refused with a sentence, and harms nothing', async t => {
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { stateDir });
	const { code, stderr } = await run(vizyd, [
		'--listen', '127.0.0.1:0', '--ui-dir', uiDir, '--state-dir', stateDir, '--camera', 'simulated',
	]);

	assert.ok(code > 0, `ended with ${code}`);
	assert.match(stderr, /Another vizyd.* has the state folder/);
	assert.ok(stderr.includes(stateDir), stderr);
	assert.ok(stderr.includes(`(process ${daemon.pid})`) || !existsSync('/proc/locks'), stderr);
	await Tab.open(daemon);
	// It is free with the end of who had it, also when that was no good one.
	await daemon.kill();
	await startVizyd(t, { stateDir });
});

test('a state of a newer vizyd is kept under another name, and named', async t => {
	const stateDir = join(temporaryFolder(t), 'state');
	const newer = '{"version":99,"camera simulated Simulated camera":{"brightness":70}}';

	mkdirSync(stateDir);
	writeFileSync(join(stateDir, 'state.json'), newer);
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);

	assert.equal(tab.welcome.set.brightness?.value ?? 50, 50);
	assert.match(daemon.stderr, /state\.json is of a newer vizyd \(version 99, .*\): kept as state\.json\.version-99/);
	assert.equal(readFileSync(join(stateDir, 'state.json.version-99'), 'utf8'), newer);
});

/** A daemon with a configuration that `rewrite(text)` replaces and has read anew. */
async function startConfigured(t, text, options = {}) {
	const file = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(file, text);
	const daemon = await startVizyd(t, { args: ['--config', file], ...options });
	const configuration = async () => (await daemon.status_page()).configuration;
	const rewrite = async (next, signal = 'SIGHUP') => {
		const { reloads } = await configuration();

		writeFileSync(file, next);
		daemon.child.kill(signal);
		return until(async () => (await configuration()).reloads > reloads && configuration(), { what: () => `the reload; ${daemon.stderr}` });
	};

	return { daemon, file, rewrite, configuration };
}

/** What stands above the page. */
async function headline(daemon) {
	const layout = await (await fetch(`${daemon.url}/_dash-layout`)).json();

	return layout.props.children[0].props.children.find(child => child.props?.id === 'vz-title').props.children;
}

/** Whether somebody listens at a port, for who comes new. */
function isOpen(port) {
	return new Promise(done => {
		const socket = connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false)).unref();

		socket.on('connect', () => socket.destroy());
	});
}

test('a reload changes title, origins, deadline, log, quality and addresses, and two tabs stay', async t => {
	const { daemon, rewrite } = await startConfigured(t, '[server]\ntitle = Before\n');
	const tabs = [await Tab.open(daemon), await Tab.open(daemon)];
	const video = await openSocket(daemon, { path: '/_vizyd/video' });

	await assert.rejects(openSocket(daemon, { headers: { Origin: 'http://class.example' } }), /403/);
	const { error, restart } = await rewrite('[server]\ntitle = After\nallowed_origin = http://class.example\n'
		+ '[daemon]\nlog = debug\ndeadline = 5\n[camera]\njpeg_quality = 40\n');

	assert.equal(error, null);
	assert.equal(restart, null);
	for (const tab of tabs) {
		await tab.has('vz-title', 'children', 'After');
		assert.equal(tab.socket.readyState, 1);
	}
	assert.equal(video.readyState, 1);
	assert.match(await (await fetch(`${daemon.url}/`)).text(), /<title>After<\/title>/);
	assert.equal(await headline(daemon), 'After');
	(await openSocket(daemon, { headers: { Origin: 'http://class.example' } })).terminate();
	assert.match(daemon.stderr, /\[server\] title is another now/);
	// And back: what is not said any more is as by default.
	await rewrite('');
	for (const tab of tabs) {
		await tab.has('vz-title', 'children', 'vizyd');
	}
	await assert.rejects(openSocket(daemon, { headers: { Origin: 'http://class.example' } }), /403/);
	// Pictures went on for who watched all the time.
	const n = video.received.length;

	await until(() => video.received.length > n + 3, { what: 'more pictures' });
});

test('a configuration that is wrong changes nothing, and is named by file and line', async t => {
	const { daemon, rewrite } = await startConfigured(t, '[server]\ntitle = Before\n');
	const tab = await Tab.open(daemon);
	const cases = [
		['a key', '[server]\ntitle = After\nno_such_key = 1\n', /vizyd\.conf:3: \[server\] has no key 'no_such_key'/],
		['a value', '[server]\ntitle = After\n[camera]\nfps = fast\n', /vizyd\.conf:4: \[camera\] fps: expected a number.*'fast'/],
		['a log level', '[server]\ntitle = After\n[daemon]\nlog = loud\n', /log: expected LEVEL.*'loud'/],
		['a plugin\'s name', '[server]\ntitle = After\n[plugins]\nload = No/Such\n', /vizyd\.conf:4: \[plugins\] load: expected names/],
	];

	for (const [label, text, message] of cases) {
		const { error } = await rewrite(text);

		assert.match(error, message, label);
		assert.match(daemon.stderr, message, label);
		assert.equal(await headline(daemon), 'Before', label);
	}
	assert.equal(tab.socket.readyState, 1);
	const { error, refused } = await rewrite('[server]\ntitle = After\n');

	assert.equal(error, null);
	assert.equal(refused, cases.length);
	await tab.has('vz-title', 'children', 'After');
});

test('what needs a restart is named, on the System panel too, and waits', async t => {
	const { daemon, rewrite } = await startConfigured(t, '');
	const { restart, error } = await rewrite('[server]\nprefix = /cam/\ntitle = After\n[daemon]\nworkers = 3\n');

	assert.equal(error, null);
	assert.equal(restart, '[server] prefix, [daemon] workers');
	assert.match(daemon.stderr, /Needs a restart: \[server\] prefix, \[daemon\] workers/);
	const layout = await (await fetch(`${daemon.url}/_dash-layout`)).text();

	assert.match(layout, /needs a restart for: \[server\] prefix, \[daemon\] workers/);
	assert.match(layout, /After/);
	assert.equal((await rewrite('')).restart, null);
	assert.doesNotMatch(await (await fetch(`${daemon.url}/_dash-layout`)).text(), /needs a restart/);
});

test('addresses come and go with a reload; one that cannot be had leaves all as it was', async t => {
	const file = join(temporaryFolder(t), 'vizyd.conf');
	const other = await startVizyd(t);

	writeFileSync(file, '[server]\nlisten = 127.0.0.1:0\n');
	const daemon = new Daemon(vizyd, ['--config', file, '--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', temporaryFolder(t)]);

	t.after(() => daemon.stop());
	await daemon.listening();
	const port = await freePort();
	const reload = async text => {
		const { reloads } = (await daemon.status_page()).configuration;

		writeFileSync(file, text);
		daemon.child.kill('SIGHUP');
		await until(async () => (await daemon.status_page()).configuration.reloads > reloads);
		return (await daemon.status_page()).configuration;
	};

	assert.equal((await reload(`[server]\nlisten = 127.0.0.1:0\nlisten = 127.0.0.1:${port}\n`)).error, null);
	assert.equal(await isOpen(port), true);
	const { error } = await reload(`[server]\nlisten = 127.0.0.1:0\nlisten = 127.0.0.1:${other.port}\ntitle = After\n`);

	assert.match(error, new RegExp(`127.0.0.1:${other.port}: Address already in use`));
	assert.equal((await fetch(`http://127.0.0.1:${port}/status`)).status, 200);
	assert.doesNotMatch(await (await fetch(`${daemon.url}/`)).text(), /After/);
	const tab = await Tab.open(daemon, { url: `http://127.0.0.1:${port}` });

	assert.equal((await reload('[server]\nlisten = 127.0.0.1:0\n')).error, null);
	assert.equal(await isOpen(port), false);
	// Who came by it stays.
	assert.equal(tab.socket.readyState, 1);
});

test('lines come, go and change with a reload; the others stay as they are', async t => {
	const button = 'chip = simulated\npress = reset.n_clicks\n';
	const { daemon, rewrite } = await startConfigured(t, `[gpio a]\n${button}[gpio b]\n${button}`);
	const tab = await Tab.open(daemon);
	const lines = async () => (await daemon.status_page()).lines;
	const { byInput } = await dependencies(daemon);

	await tab.call(byInput('gpio-a-press.n_clicks').output, { 'gpio-a-press.n_clicks': 1 });
	await until(async () => (await lines()).a.gestures > 0);
	await rewrite(`[gpio a]\n${button}[gpio b]\n${button}debounce_us = 9\n[gpio c]\nchip = simulated\ndirection = output\n`);
	assert.deepEqual(Object.keys(await lines()).sort(), ['a', 'b', 'c']);
	assert.ok((await lines()).a.gestures > 0, 'it was not touched');
	await rewrite(`[gpio c]\nchip = simulated\ndirection = output\n`);
	assert.deepEqual(Object.keys(await lines()), ['c']);
	assert.equal((await rewrite('')).error, null);
	assert.deepEqual(await lines(), {});
	assert.doesNotMatch(await (await fetch(`${daemon.url}/_dash-layout`)).text(), /gpio-/);
	assert.equal(tab.socket.readyState, 1);
});

test('another camera comes with a reload, with its own settings, and the video goes on', async t => {
	const config = join(temporaryFolder(t), 'vizyd.conf');
	const daemon = await (async () => {
		writeFileSync(config, '[camera]\nsource = simulated\n');
		const started = new Daemon(vizyd, ['--config', config, '--listen', '127.0.0.1:0', '--ui-dir', uiDir, '--state-dir', temporaryFolder(t)]);

		t.after(() => started.stop());
		return started.listening();
	})();
	const video = await openSocket(daemon, { path: '/_vizyd/video' });
	const tab = await Tab.open(daemon);
	const { set } = await brightness(daemon);
	const camera = async () => (await daemon.status_page()).camera;
	const change = async (text, done) => {
		writeFileSync(config, text);
		daemon.child.kill('SIGHUP');
		await until(async () => done(await camera()), { what: () => `the camera of ${text}; ${daemon.stderr}` });
	};

	await set(tab, 77);
	await tab.has('brightness', 'value', 77);
	await change('[camera]\nsource = simulated:2\nwidth = 320\nheight = 240\n', c => c.name === 'Simulated camera 2' && c.width === 320);
	assert.equal((await camera()).brightness, 50);
	const n = video.received.length;

	await until(() => video.received.length > n + 3, { what: 'pictures of the other' });
	await change('[camera]\nsource = file:/nowhere.mp4\n', c => c.state === 'lost');
	await change('[camera]\nsource = simulated\n', c => c.name === 'Simulated camera' && c.state === 'live');
	assert.equal((await camera()).brightness, 77);
	assert.equal(tab.socket.readyState, 1);
});

test('plugins come and go with a reload, and those that are not meant run on', async t => {
	const plugins = `dir = ${join(build, 'plugins')}`;
	const { daemon, rewrite } = await startConfigured(t, `[plugins]\n${plugins}\nload = example thermostat\n`);
	const states = async () => (await daemon.status_page()).plugins;

	assert.deepEqual(await states(), { example: 'running', thermostat: 'running' });
	assert.equal((await rewrite(`[plugins]\n${plugins}\nload = robots example nothing?optional\n[plugin robots]\nx = 1\n`)).error, null);
	await until(async () => Object.keys(await states()).length === 3);
	assert.deepEqual(await states(), { robots: 'running', example: 'running', nothing: 'absent' });
	assert.equal(daemon.stderr.match(/example \S+ is loaded from/g).length, 1);
	assert.match(daemon.stderr, /thermostat is unloaded: the configuration names it no more/);
	// Another section: that one anew.
	await rewrite(`[plugins]\n${plugins}\nload = robots example\n[plugin example]\nlabel = Another\n[plugin robots]\nx = 1\n`);
	await until(async () => /"Another"/.test(await (await fetch(`${daemon.url}/_dash-layout`)).text()), { what: 'the new label' });
	assert.equal(daemon.stderr.match(/robots \S+ is loaded from/g).length, 1);
	assert.equal((await rewrite('')).error, null);
	assert.deepEqual(await states(), {});
});

test('reloads that come faster than they are done: the last one counts', async t => {
	const { daemon, file, rewrite } = await startConfigured(t, '');

	for (let i = 0; i < 40; i++) {
		writeFileSync(file, `[server]\ntitle = Number ${i}\n[gpio l${i % 3}]\nchip = simulated\n`);
		daemon.child.kill('SIGHUP');
		await sleep(Math.random() * 8);
	}
	await until(async () => await headline(daemon) === 'Number 39', { what: 'the last title' });
	assert.equal((await rewrite('')).error, null);
	assert.equal(await headline(daemon), 'vizyd');
});

/** A state folder with a brightness of 81, a recording, and an account of somebody. */
async function usedFolder(t) {
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);

	await (await brightness(daemon)).set(tab, 81);
	await tab.has('brightness', 'value', 81);
	await daemon.stop();
	mkdirSync(join(stateDir, 'recordings'), { recursive: true });
	writeFileSync(join(stateDir, 'recordings', 'film'), 'film');
	writeFileSync(join(stateDir, 'somebody.json'), '{}');
	return stateDir;
}

async function shownBrightness(t, stateDir, options) {
	const daemon = await startVizyd(t, { stateDir, ...options });

	return { daemon, value: (await daemon.status_page()).camera.brightness };
}

test('--factory-reset forgets settings and users, keeps films, and waits for who is using the folder', async t => {
	const stateDir = await usedFolder(t);
	const { daemon, value } = await shownBrightness(t, stateDir);
	const reset = (...args) => run(vizyd, ['--factory-reset', '--state-dir', stateDir, ...args]);

	assert.equal(value, 81);
	const refused = await reset();

	assert.ok(refused.code > 0);
	assert.match(refused.stderr, /process \d+ is using it: end it first/);
	assert.ok(existsSync(join(stateDir, 'somebody.json')));
	await daemon.stop();
	const done = await reset();

	assert.equal(done.code, 0, done.stderr);
	assert.ok(done.stdout.includes(`${stateDir}/before-reset`), done.stdout);
	assert.equal(existsSync(join(stateDir, 'somebody.json')), false);
	assert.match(readFileSync(join(stateDir, 'before-reset/state.json'), 'utf8'), /81/);
	assert.equal(readFileSync(join(stateDir, 'recordings/film'), 'utf8'), 'film');
	const after = await shownBrightness(t, stateDir);

	assert.equal(after.value, 50);
	await after.daemon.stop();
	assert.equal((await reset('--with-recordings')).code, 0);
	assert.equal(existsSync(join(stateDir, 'recordings/film')), false);
	// What cannot be meant is said.
	const nowhere = await run(vizyd, ['--factory-reset', '--state-dir', `${stateDir}/nowhere`]);

	assert.ok(nowhere.code > 0);
	assert.match(nowhere.stderr, /there is no state folder to reset/);
	assert.match((await run(vizyd, ['--with-recordings'])).stderr, /expected --factory-reset beside it/);
});

test('a button that is held at the start resets; one that is not, or not for long enough, does not', async t => {
	const stateDir = await usedFolder(t);
	const file = join(temporaryFolder(t), 'vizyd.conf');
	const button = initial => `[gpio button]\nchip = simulated\ninitial = ${initial}\nfactory_reset_us = 400000\n`
		+ '[gpio lamp]\nchip = simulated\ndirection = output\n';
	const args = ['--config', file];

	writeFileSync(file, button('off'));
	const before = await shownBrightness(t, stateDir, { args });

	assert.equal(before.value, 81);
	await before.daemon.stop();

	// Somebody ends it while the button is held: nothing is reset.
	writeFileSync(file, button('on').replace('400000', '20000000'));
	const ended = new Daemon(vizyd, ['--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', stateDir, '--listen', '127.0.0.1:0', ...args]);

	t.after(() => ended.stop());
	await until(() => /button is held: all is reset when it still is in 20 s/.test(ended.stderr), { what: () => ended.stderr });
	ended.child.kill('SIGTERM');
	assert.deepEqual(await ended.exited, { code: 0, signal: null });
	assert.ok(existsSync(join(stateDir, 'somebody.json')));

	writeFileSync(file, button('on'));
	const { daemon, value } = await shownBrightness(t, stateDir, { args });

	assert.equal(value, 50);
	assert.match(daemon.stderr, /button was held: settings and users are as they come from the factory/);
	assert.equal(existsSync(join(stateDir, 'somebody.json')), false);
	assert.match(readFileSync(join(stateDir, 'before-reset/state.json'), 'utf8'), /81/);
	assert.equal(readFileSync(join(stateDir, 'recordings/film'), 'utf8'), 'film');
	assert.match(await (await fetch(`${daemon.url}/_dash-layout`)).text(), /held at the start: all was reset/);
	// The lamp flashes for a while, then follows what it did before.
	const lamp = async () => (await daemon.status_page()).lines.lamp.active;
	const seen = new Set();

	await until(async () => { seen.add(await lamp()); return seen.size === 2; }, { what: 'a lamp that flashes' });
	await sleep(3200);
	assert.equal(await lamp(), false);
});
