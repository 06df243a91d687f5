// What a service manager hears of the daemon: readiness, states, and that it lives.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'node:test';

import { Daemon, startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { use } from '../lib/recorder.mjs';
import { openSocket, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const lib = resolve(import.meta.dirname, '../lib');
const python = spawnSync('python3', ['--version']).status === 0;

/** A service manager; `heard` is all that it was told, as [milliseconds, "FIELD=value"]. */
async function startManager(t) {
	const path = join(temporaryFolder(t), 'notify');
	const manager = new Daemon('python3', [join(lib, 'notify.py'), path]);

	t.after(() => manager.kill());
	await until(() => manager.stdout.includes('listening'), { what: 'the manager' });
	return {
		env: { NOTIFY_SOCKET: path },
		get heard() {
			return manager.stdout.split('\n').slice(1, -1)
				.map(line => [Number(line.split(' ')[0]), line.slice(line.indexOf(' ') + 1)]);
		},
		/** The times at which it heard a field. */
		times(field) {
			return this.heard.filter(([, text]) => text === field).map(([at]) => at);
		},
		hears(field, options) {
			return until(() => this.heard.some(([, text]) => field instanceof RegExp ? field.test(text) : text === field),
				{ what: () => `${field}; heard ${JSON.stringify(this.heard)}`, ...options });
		},
	};
}

test('ready with the first picture, and not before', { skip: !python && 'python3 is not installed' }, async t => {
	const manager = await startManager(t);
	const daemon = await startVizyd(t, { env: manager.env });

	await manager.hears('READY=1');
	const words = manager.heard.map(([, text]) => text);

	assert.ok(words.indexOf('STATUS=Waiting for the first picture') < words.indexOf('READY=1'), words.join('\n'));
	assert.match(words[words.indexOf('READY=1') + 1], /^STATUS=Simulated camera, \d+x\d+/);
	assert.ok((await daemon.status_page()).frames.captured >= 1);
	// Nobody watches, so that the camera stops again, and says so.
	await manager.hears('STATUS=Simulated camera, paused', { timeout: 8000 });
	const n = manager.times('STATUS=Simulated camera, paused').length;
	const video = await openSocket(daemon, { path: '/_vizyd/video' });

	await until(() => /^STATUS=Simulated camera, \d/.test(manager.heard.at(-1)[1]), { what: 'that somebody watches' });
	video.terminate();
	await until(() => manager.times('STATUS=Simulated camera, paused').length > n, { timeout: 8000 });
	await daemon.stop();
	await manager.hears('STOPPING=1');
	assert.equal(manager.times('READY=1').length, 1);
});

test('ready at once without a camera, and the state says why', { skip: !python && 'python3 is not installed' }, async t => {
	const manager = await startManager(t);

	await startVizyd(t, { camera: 'file:/nowhere.mp4', env: manager.env });
	await manager.hears('READY=1', { timeout: 5000 });
	await manager.hears(/^STATUS=.*nowhere\.mp4: /);
});

test('a reload is told from its beginning to its end, with what was wrong', { skip: !python && 'python3 is not installed' }, async t => {
	const manager = await startManager(t);
	const file = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(file, '');
	const daemon = await startVizyd(t, { env: manager.env, args: ['--config', file] });

	await manager.hears('READY=1');
	writeFileSync(file, '[server]\ntitle = Another\n');
	daemon.child.kill('SIGHUP');
	await until(() => manager.times('READY=1').length === 2);
	const words = manager.heard.map(([, text]) => text);
	const at = words.indexOf('RELOADING=1');

	assert.match(words[at + 1], /^MONOTONIC_USEC=\d+$/);
	assert.ok(at < words.lastIndexOf('READY=1'));
	writeFileSync(file, '[server]\nttile = Another\n');
	daemon.child.kill('SIGHUP');
	await until(() => manager.times('READY=1').length === 3);
	await manager.hears(/^STATUS=.*vizyd\.conf:2: \[server\] has no key 'ttile'$/);
});

/** Stops one thread of the daemon until `thaw()`. */
async function freeze(t, daemon, thread) {
	const freezer = new Daemon('python3', [join(lib, 'freeze.py'), String(daemon.pid), thread]);

	await Promise.race([until(() => freezer.stdout.includes('frozen'), { what: () => freezer.stdout + freezer.stderr }), freezer.exited]);
	if (freezer.status?.code === 77) {
		t.skip(`threads cannot be stopped here: ${freezer.stdout}`);
		return null;
	}
	t.after(() => freezer.kill());
	return { thaw: () => freezer.kill() };
}

test('the watchdog is fed while nobody watches, and not while an encoder hangs', { skip: !python && 'python3 is not installed' }, async t => {
	const manager = await startManager(t);
	const daemon = await startVizyd(t, { env: { ...manager.env, WATCHDOG_USEC: '800000' } });
	const fed = () => manager.times('WATCHDOG=1').length;

	await manager.hears('STATUS=Simulated camera, paused', { timeout: 8000 });
	const idle = fed();

	await until(() => fed() >= idle + 5, { timeout: 3000, what: 'the watchdog, fed while idle' });
	const video = await openSocket(daemon, { path: '/_vizyd/video' });

	await until(() => video.received.length > 3);
	const frozen = await freeze(t, daemon, 'vizyd-encode');

	if (!frozen) {
		return;
	}
	await until(() => /An encoder has been at one picture for \d+ s: the watchdog is not fed/.test(daemon.stderr), { timeout: 12000 });
	const dead = fed();

	await sleep(1500);
	assert.equal(fed(), dead, 'fed while it hangs');
	// The loop itself goes on until it is killed; and a thread that comes back is alive.
	assert.equal((await fetch(`${daemon.url}/status`)).status, 200);
	await frozen.thaw();
	await until(() => fed() > dead + 2, { what: 'the watchdog, fed again' });
});

test('the watchdog is not fed while live tracking hangs, which ends with it', { skip: !python && 'python3 is not installed' }, async t => {
	const manager = await startManager(t);
	const daemon = await startVizyd(t, { env: { ...manager.env, WATCHDOG_USEC: '800000' } });
	const fed = () => manager.times('WATCHDOG=1').length;
	const tab = await Tab.open(daemon);
	const video = await openSocket(daemon, { path: '/_vizyd/video' });
	const live = async () => (await daemon.status_page()).live;

	await use(daemon, tab, { 'track-live.value': ['on'] });
	await until(async () => (await live()).tracked > 3, { what: 'tracked frames' });
	const frozen = await freeze(t, daemon, 'vizyd-live');

	if (!frozen) {
		return;
	}
	await until(() => /Live tracking has been at one picture for \d+ s: the watchdog is not fed/.test(daemon.stderr), { timeout: 12000 });
	const dead = fed();

	await sleep(1500);
	assert.equal(fed(), dead, 'fed while it hangs');
	// Pictures go on, and so does the page.
	const n = video.received.length;

	await until(() => video.received.length > n + 3, { what: 'pictures' });
	await use(daemon, tab, { 'track-live.value': [] });
	assert.equal((await live()).running, false);
	await frozen.thaw();
	await until(() => fed() > dead + 2, { what: 'the watchdog, fed again' });
});

test('the watchdog is not fed when the camera\'s thread hangs for good', { skip: !python && 'python3 is not installed' }, async t => {
	const manager = await startManager(t);
	const daemon = await startVizyd(t, { env: { ...manager.env, WATCHDOG_USEC: '800000' } });
	const fed = () => manager.times('WATCHDOG=1').length;
	const video = await openSocket(daemon, { path: '/_vizyd/video' });

	await until(() => video.received.length > 3);
	const frozen = await freeze(t, daemon, 'vizyd-simulated');

	if (!frozen) {
		return;
	}
	await until(() => /Simulated camera is lost: it delivers no pictures/.test(daemon.stderr), { timeout: 12000 });
	const dead = fed();

	await sleep(1500);
	assert.equal(fed(), dead, 'fed while it hangs');
	await frozen.thaw();
	await until(() => /Simulated camera is back/.test(daemon.stderr), { timeout: 8000, what: 'the camera again' });
	await until(() => fed() > dead + 2, { what: 'the watchdog, fed again' });
});
