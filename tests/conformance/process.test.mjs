// The command line and the life of the process: how it starts, what it says, how it ends.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';

import { Daemon, run, startVizyd, temporaryFolder, uiDir, vizyd } from '../lib/daemon.mjs';
import { openSocket, Tab } from '../lib/tab.mjs';
import { sleep, untilQuiet } from '../lib/wait.mjs';

test('the first line of standard output is the address, with the port that was picked', async t => {
	const daemon = await startVizyd(t);

	assert.match(daemon.stdout, /^listening on http:\/\/127\.0\.0\.1:[1-9]\d*\/?\n/);
	assert.equal((await fetch(`${daemon.url}/`)).status, 200);
});

test('several addresses', async t => {
	const daemon = await startVizyd(t, { args: ['--listen', '127.0.0.1:0'] });
	const urls = [...daemon.stdout.matchAll(/^listening on (http:\S+)$/gm)].map(([, url]) => url);

	assert.equal(urls.length, 2, daemon.stdout);
	for (const url of urls) {
		assert.equal((await fetch(url)).status, 200);
	}
});

test('a socket of the service manager is served instead of the default address, and beside one that is said', async t => {
	const socket = createServer().listen(0, '127.0.0.1');
	await once(socket, 'listening');
	const { port } = socket.address();
	const options = ['--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', temporaryFolder(t)];
	const start = async args => {
		const shell = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"';
		const daemon = new Daemon('sh', ['-c', shell, 'sh', vizyd, '--config', '/dev/null', ...options, ...args],
			{ sockets: [socket._handle.fd] });

		t.after(() => daemon.stop());
		return daemon.listening();
	};

	const alone = await start([]);
	assert.deepEqual(alone.stdout.match(/^listening on .*$/gm), [`listening on http://127.0.0.1:${port}`]);
	await alone.stop();

	const beside = await start(['--listen', '127.0.0.1:0']);
	const urls = beside.stdout.match(/(?<=^listening on ).*$/gm);
	socket._handle.close();
	assert.equal(urls.length, 2, beside.stdout);
	for (const url of urls) {
		assert.equal((await fetch(url)).status, 200, url);
	}
});

test('--version', async () => {
	const { code, stdout } = await run(vizyd, ['--version']);

	assert.equal(code, 0);
	assert.match(stdout, /^vizyd \d+\.\d+\.\d+/);
});

test('what is wrong with the command line is said, and nothing starts', async t => {
	const folder = temporaryFolder(t);
	const cases = [
		['an unknown option', ['--frobnicate'], /frobnicate/],
		['a word that is no option', ['start'], /start/],
		['no value', ['--listen'], /listen/],
		['an address without a port', ['--listen', 'localhost'], /localhost/],
		['a port that is none', ['--listen', '127.0.0.1:http'], /127\.0\.0\.1:http/],
		['a port that is too large', ['--listen', '127.0.0.1:65536'], /65536/],
		['an address of another machine', ['--listen', '192.0.2.1:0'], /192\.0\.2\.1/],
		['an unknown camera', ['--camera', 'webcam'], /webcam/],
		['a log level that is none', ['--log', 'loud'], /loud/],
		['a configuration that is not there', ['--config', '/nowhere/vizyd.conf'], /vizyd\.conf/],
		['a ui folder that is not there', ['--ui-dir', '/nowhere/ui'], /nowhere\/ui/],
	];

	for (const [label, args, message] of cases) {
		const base = {
			'--listen': '127.0.0.1:0', '--camera': 'simulated', '--ui-dir': uiDir, '--state-dir': folder,
		};

		delete base[args[0]];
		const { code, stdout, stderr } = await run(vizyd, [...Object.entries(base).flat(), ...args], { timeout: 8000 });

		assert.ok(code > 0, `${label}: ended with ${code}; ${stdout}${stderr}`);
		assert.match(stderr, message, label);
		assert.doesNotMatch(stdout, /listening/, label);
		assert.ok(stderr.split('\n').length < 25, `${label}: says too much\n${stderr}`);
	}
});

test('--check-config names file, line, key and what was expected, of drop-ins too, and starts nothing', async t => {
	const file = join(temporaryFolder(t), 'vizyd.conf');
	const cases = [
		['nothing is wrong', '[camera]\nfps = 25\n', '[gpio button]\nchip = simulated\nline = 3\n', null],
		['a key', '[camera]\nfsp = 25\n', '', /^vizyd: \S*vizyd\.conf:2: \[camera\] has no key 'fsp'$/m],
		['a value in a drop-in', '', '\n[server]\nlisten = 80\n', /10\.conf:3: \[server\] listen: expected ADDRESS:PORT.*'80'$/m],
		['a line', '', '[gpio lamp]\nchip = simulated\nline = 3\nbias = sideways\n', /10\.conf:4: \[gpio lamp\] bias: expected .*'sideways'$/m],
	];

	mkdirSync(`${file}.d`);
	for (const [label, text, dropIn, message] of cases) {
		writeFileSync(file, text);
		writeFileSync(join(`${file}.d`, '10.conf'), dropIn);
		const { code, stdout, stderr } = await run(vizyd, ['--check-config', '--config', file], { timeout: 8000 });

		assert.equal(code > 0, Boolean(message), `${label}: ended with ${code}; ${stderr}`);
		assert.match(stderr, message ?? /^$/, label);
		// When a change of what is not as by default takes effect.
		assert.equal(stdout, message ? '' : '[camera] fps: takes effect at a reload, with the camera opened anew\n'
			+ '[gpio button]: takes effect at a reload\n', label);
	}
});

test('a port that is taken is an error that names it', async t => {
	const daemon = await startVizyd(t);
	const { code, stderr } = await run(vizyd, [
		'--listen', `127.0.0.1:${daemon.port}`, '--ui-dir', uiDir, '--state-dir', temporaryFolder(t), '--camera', 'simulated',
	]);

	assert.ok(code > 0, `ended with ${code}`);
	assert.match(stderr, new RegExp(String(daemon.port)));
});

test('SIGTERM and SIGINT end it within 2 s with exit status 0, whoever is connected', async t => {
	for (const signal of ['SIGTERM', 'SIGINT']) {
		const daemon = await startVizyd(t);
		const tab = await Tab.open(daemon);
		const video = await openSocket(daemon, { path: '/_vizyd/video' });
		const since = Date.now();

		daemon.child.kill(signal);
		assert.deepEqual(await daemon.exited, { code: 0, signal: null }, signal + daemon.stderr);
		assert.ok(Date.now() - since < 2000, `${signal}: ${Date.now() - since} ms`);
		const { code } = await tab.socket.closed;

		// 1000 would tell the stock worker not to come back.
		assert.ok(code !== 1000 && code !== 4001, `closed with ${code}`);
		await video.closed;
	}
});

test('a second SIGTERM while ending does no harm', async t => {
	const daemon = await startVizyd(t);

	daemon.child.kill('SIGTERM');
	daemon.child.kill('SIGTERM');
	assert.deepEqual(await daemon.exited, { code: 0, signal: null });
});

test('with nobody there it is idle', async t => {
	const daemon = await startVizyd(t);

	// The camera lingers after the start.
	await untilQuiet(async () => (await daemon.status_page()).frames, { quiet: 1500, what: 'the camera to rest' });
	const before = daemon.cpuSeconds();

	await sleep(3000);
	const used = daemon.cpuSeconds() - before;

	assert.ok(used <= 0.06, `${used} s of processor time in 3 s`);
	assert.equal((await daemon.status_page()).clients, 0);
});

test('options may come from a configuration file, and the command line wins', async t => {
	const folder = temporaryFolder(t);
	const config = join(folder, 'vizyd.conf');
	const state = join(folder, 'state');

	mkdirSync(state);
	writeFileSync(config, `[server]\nlisten = 127.0.0.1:1\n`);
	const daemon = await startVizyd(t, { args: ['--config', config], stateDir: state });

	assert.notEqual(daemon.port, 1);
});

test('a configuration that cannot be understood names file, line and what was expected', async t => {
	const folder = temporaryFolder(t);
	const config = join(folder, 'vizyd.conf');

	writeFileSync(config, `[server]\nlisten = 127.0.0.1:0\nno_such_key = 1\n`);
	const { code, stderr } = await run(vizyd, [
		'--config', config, '--ui-dir', uiDir, '--state-dir', folder, '--camera', 'simulated',
	], { timeout: 4000 });

	// Whether an unknown key is fatal is the daemon's choice; that it is named is not.
	assert.match(stderr, /no_such_key/, `${code}: ${stderr}`);
});

test('/status tells version, uptime, clients, callbacks, messages, camera and memory', async t => {
	const daemon = await startVizyd(t);
	const status = await daemon.status_page();

	assert.match(status.version, /^\d+\.\d+/);
	assert.equal(typeof status.uptime_s, 'number');
	assert.deepEqual(Object.keys(status.workers), ['threads', 'running', 'slow', 'waiting']);
	// One may have looked into the state folder.
	assert.ok(status.workers.threads <= 1 && status.workers.slow === 0, JSON.stringify(status.workers));
	assert.equal(status.clients, 0);
	for (const key of ['run', 'prevented', 'failed']) {
		assert.equal(typeof status.callbacks[key], 'number', `callbacks.${key}`);
	}
	for (const key of ['in', 'out', 'coalesced']) {
		assert.equal(typeof status.messages[key], 'number', `messages.${key}`);
	}
	for (const key of ['captured', 'encoded', 'dropped']) {
		assert.equal(typeof status.frames[key], 'number', `frames.${key}`);
	}
	assert.equal(typeof status.camera.state, 'string');
	const vmrss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))[1]);

	assert.ok(Math.abs(status.rss_kb - vmrss) < vmrss / 4, `rss ${status.rss_kb}, the kernel says ${vmrss}`);
});
