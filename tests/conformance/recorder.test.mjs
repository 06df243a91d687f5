// The recorder: what is before a trigger, what two browsers see, and that nothing is lost, whatever
// happens to the daemon. The camera is the simulated one; its stamps are those of its frames.

import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { measure, watch } from '../lib/camera.mjs';
import { run, startVizyd, temporaryFolder, build } from '../lib/daemon.mjs';
import { readFrames } from '../lib/mkv.mjs';
import { click, page, recordings, saved, state, use } from '../lib/recorder.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const second = 1e9;

/** A daemon with a state folder that outlives it. */
async function start(t, { stateDir = temporaryFolder(t), config = '' } = {}) {
	const file = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(file, config);
	const daemon = await startVizyd(t, { stateDir, args: ['--config', file] });

	daemon.stateDir = stateDir;
	return daemon;
}

/**
 * That it is of the time that was asked for, `duration` seconds of it, to the frame: the simulated camera
 * makes frame n exactly n thirtieths of a second after frame 0, so the numbers of those that belong to the
 * recording are known, also of those that a machine that is busy did not make. Each is there or counted as
 * missing. Without `duration`, which somebody ended, the same up to the last frame.
 */
function judge(recording, { duration, shift } = {}) {
	const { stamps_ns: stamps, sequences, frames, dropped, lost, late_ns: late, first_stamp_ns: first } = recording;
	const what = JSON.stringify({ ...recording, stamps_ns: undefined });
	const timeOf = n => first + (n - sequences[0]) * second / 30;

	assert.deepEqual([stamps.length, sequences.length], [frames, frames]);
	for (let i = 0; i < frames; i++) {
		assert.ok(i === 0 || sequences[i] > sequences[i - 1], 'in order, each once');
		assert.ok(Math.abs(first + stamps[i] - timeOf(sequences[i])) < 3, `the sensor's stamp of frame ${sequences[i]}: ${stamps[i]}`);
	}
	// Stamps of a machine that has been up for long do not fit a number to the nanosecond.
	const from = recording.trigger_ns + recording.shift_ns + late;
	const before = Math.floor((first - from + 500) * 30 / second);
	const inside = sequences.at(-1) - sequences[0] + 1;

	assert.ok(first >= from - 500, what);
	assert.ok(before >= 0 && late >= 0 && lost <= dropped && Math.abs(recording.fps - 30) < 0.01, what);
	if (late) {
		// Only what there was no frame of yet: the first one there was is the first.
		assert.equal(before, 0, what);
	}
	if (shift !== undefined) {
		assert.equal(recording.shift_ns, Math.round(shift * second));
	}
	if (recording.salvaged) {
		// What there should have been is told with the end, which it has not.
		assert.equal(frames + dropped, inside, what);
		return;
	}
	if (duration === undefined) {
		assert.ok(before + inside <= frames + dropped, what);
		return;
	}
	// A recording that begins before the trigger ends when it was to end.
	const to = recording.trigger_ns + recording.shift_ns + duration * second + (recording.shift_ns < 0 ? 0 : late);
	const after = Math.max(0, Math.ceil((to - timeOf(sequences.at(-1)) - 500) * 30 / second) - 1);

	assert.equal(recording.end, 'duration', what);
	assert.ok(timeOf(sequences.at(-1)) < to + 500, what);
	assert.equal(frames + dropped, before + inside + after, `${before} before, ${inside} in it, ${after} after: ${what}`);
}

/**
 * Makes a recording, and waits until there are `n`. A machine may be so busy that its camera makes no frame
 * of all the time that was asked for: that is said, and there is no recording.
 */
async function record(daemon, tab, n) {
	for (;;) {
		await click(daemon, tab, 'record');
		await until(async () => ['idle', 'buffering'].includes((await state(daemon)).state) && (await state(daemon)).takes === 0,
			{ timeout: 60000, what: 'the recording' });
		const all = recordings(daemon.stateDir);

		if (all.length >= n) {
			return all;
		}
		const { frames, dropped, lost } = await state(daemon);

		assert.ok(frames === 0 && dropped > 0 && lost <= dropped, JSON.stringify({ frames, dropped, lost }));
		await until(() => tab.props['recorder-text']?.children === `Nothing was recorded: all ${dropped} frames are missing`,
			{ what: () => `that it is said; it says ${tab.props['recorder-text']?.children}` });
	}
}

test('the frames are those of the time that was asked for: before the trigger, to one frame', async t => {
	const daemon = await start(t);
	const tab = await Tab.open(daemon);

	for (const [n, shift, duration] of [[1, -1.5, 1], [2, -0.5, 1], [3, 0, 0.5], [4, 0.4, 0.5]]) {
		await use(daemon, tab, { 'capture-shift.value': shift, 'capture-duration.value': duration });
		if (shift < 0) {
			await until(async () => (await state(daemon)).buffered_s > -shift + 0.2, { what: 'the seconds before' });
		}
		const all = await record(daemon, tab, n);

		judge(all.at(-1), { duration, shift });
		// The camera runs already; only the last begins when it may have to be started.
		assert.ok(shift >= 0 || all.at(-1).late_ns === 0);
		assert.ok(all.at(-1).lost <= (await daemon.status_page()).frames.lost);
	}
});

test('a video with the stamps of the sensor, to the microsecond, and every frame in it', async t => {
	const daemon = await start(t);
	const tab = await Tab.open(daemon);

	await use(daemon, tab, { 'capture-duration.value': 1 });
	const [recording] = await record(daemon, tab, 1);

	judge(recording, { duration: 1, shift: 0 });
	const frames = readFrames(readFileSync(join(recording.folder, 'video.mkv')));

	assert.deepEqual(frames.map(({ time_ns }) => time_ns), recording.stamps_ns.map(stamp => Math.round(stamp / 1000) * 1000));
	for (const { jpeg } of frames) {
		const { width, height } = measure(jpeg);

		assert.deepEqual([width, height], [recording.width, recording.height]);
	}
	// And as our own reader has it.
	const { stdout, stderr, code } = await run(join(build, 'daemon/vizyd-motionscope'),
		[join(recording.folder, 'video.mkv'), '--range', '0:0', '--json', '-'], { timeout: 120000 });

	assert.equal(code, 0, stderr);
	assert.equal(JSON.parse(stdout).n_frames, recording.frames);
});

test('two browsers see one recorder: states, settings, the list, and the frame that one of them scrubs to', async t => {
	const daemon = await start(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	await use(daemon, a, { 'capture-shift.value': -0.2, 'capture-until.value': 'stopped' });
	await b.has('capture-until', 'value', 'stopped');
	await b.has('recorder-state', 'children', 'buffering');
	await until(async () => (await state(daemon)).buffered_s > 0.3, { what: 'the seconds before' });
	await click(daemon, a, 'record');
	// So many frames, however long a busy machine takes to make them.
	await until(async () => (await state(daemon)).frames > 20, { timeout: 30000, what: 'twenty frames' });
	await click(daemon, b, 'stop');
	for (const tab of [a, b]) {
		await until(() => tab.values('recorder-state', 'children').includes('recording'), { what: 'recording' });
		await tab.has('recorder-state', 'children', 'stopped', { timeout: 20000 });
		await tab.has('capture-view', 'camera', 'clip');
	}
	const [recording] = recordings(daemon.stateDir);

	assert.equal(b.props.recording.value, recording.id);
	judge(recording, { shift: -0.2 });
	assert.equal(recording.end, 'stopped');
	const label = ` · ${(recording.duration_ns / 1e9).toFixed(1)} s`;

	assert.ok(b.props.recording.options[0].label.includes(label), `${b.props.recording.options[0].label}, not ${label}`);
	await until(() => b.props['capture-time'].children.startsWith(`Frame 1 of ${recording.frames} `), { timeout: 60000, what: 'the clip' });
	assert.equal((await page(daemon))['capture-position.max'], Math.ceil(Math.round(recording.duration_ns / 1e3) / 1e3) / 1e3);

	const [one, two] = [await watch(daemon, { camera: 'clip' }), await watch(daemon, { camera: 'clip' })];
	const show = frame => until(() => one.pictures.at(-1)?.sequence === frame && two.pictures.at(-1)?.sequence === frame,
		{ timeout: 60000, what: () => `frame ${frame}; it is ${one.pictures.at(-1)?.sequence} and ${two.pictures.at(-1)?.sequence}` });

	const middle = Math.floor(recording.frames / 2);

	await show(0);
	await use(daemon, b, { 'capture-position.value': (recording.stamps_ns[middle] + 1e6) / 1e9 });
	await show(middle);
	assert.equal(a.props['capture-position'].value, (recording.stamps_ns[middle] + 1e6) / 1e9);
	await click(daemon, a, 'step-forward');
	await show(middle + 1);
	await until(() => Math.abs(b.props['capture-position'].value - recording.stamps_ns[middle + 1] / 1e9) < 0.0006, { what: 'the slider one frame on' });
	await click(daemon, a, 'step-back');
	await show(middle);
	await click(daemon, b, 'play');
	await a.has('recorder-state', 'children', 'playing');
	await a.has('recorder-state', 'children', 'paused', { timeout: 60000 });
	await show(recording.frames - 1);
	// In order; a machine that is busy may have left some out.
	const sequences = one.pictures.map(picture => picture.sequence);
	const played = sequences.slice(sequences.lastIndexOf(middle));

	assert.ok(played.every((n, i) => i === 0 || n > played[i - 1]), String(played));
	await click(daemon, a, 'live-picture');
	await b.has('capture-view', 'camera', 'main');
	one.close();
	two.close();
});

test('recordings are named, kept and deleted, by anybody, and all see it', async t => {
	const daemon = await start(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	await use(daemon, a, { 'capture-duration.value': 0.3 });
	const [{ id }] = await record(daemon, a, 1);

	await b.has('recording', 'value', id);
	await use(daemon, a, { 'recording-name.value': 'Äpfel & Birnen' });
	await until(() => b.props.recording.options[0].label.startsWith('Äpfel & Birnen · '), { what: 'the name in the list' });
	await use(daemon, b, { 'recording-keep.value': ['keep'] });
	await a.has('recording-keep', 'value', ['keep']);
	await a.has('recording-delete', 'disabled', true);
	assert.deepEqual(recordings(daemon.stateDir).map(({ entry, name, kept }) => [entry, name, kept]), [[id, 'Äpfel & Birnen', true]]);
	await click(daemon, a, 'recording-delete');
	await b.has('recording-note', 'children', 'It is kept, and so not deleted');
	await use(daemon, b, { 'recording-keep.value': [] });
	await a.has('recording-delete', 'disabled', false);
	await click(daemon, a, 'recording-delete');
	await b.has('recording', 'options', []);
	await b.has('recording', 'value', null);
	await b.has('capture-view', 'camera', 'main');
	assert.deepEqual(recordings(daemon.stateDir), []);
});

test('what cannot be is refused, and nothing changes', async t => {
	const daemon = await start(t);
	const tab = await Tab.open(daemon);
	const before = await page(daemon);

	for (const [name, value, expected] of [
		['capture-shift.value', 11, /-10 to 10/], ['capture-shift.value', 'x', /-10 to 10/],
		['capture-duration.value', 0, /0\.1 to 60/], ['capture-trigger.value', 'moon', /button, motion or auto/],
		['capture-until.value', 7, /duration, still or stopped/], ['capture-sensitivity.value', null, /1 to 100/],
		['capture-position.value', -1, /seconds/], ['recording.value', 5, /id/],
	]) {
		const values = { [name]: value };

		if (value === null) {
			values[name] = {};
		}
		const answer = await use(daemon, tab, values);

		assert.equal(answer.status, 'error', name);
		assert.match(JSON.stringify(answer), expected);
	}
	// What does not exist is not shown.
	await use(daemon, tab, { 'recording.value': '../../../etc/passwd' });
	await until(async () => (await page(daemon))['recording.value'] === null, { what: 'no recording' });
	const after = await page(daemon);

	for (const name of ['capture-shift', 'capture-duration', 'capture-trigger', 'capture-until', 'capture-sensitivity']) {
		assert.equal(after[`${name}.value`], before[`${name}.value`], name);
	}
});

test('a restart keeps settings and recordings, also the one that was being made', async t => {
	const stateDir = temporaryFolder(t);
	const daemon = await start(t, { stateDir });
	const tab = await Tab.open(daemon);

	await use(daemon, tab, { 'capture-shift.value': -0.5, 'capture-duration.value': 30, 'capture-until.value': 'stopped', 'capture-sensitivity.value': 33 });
	await until(async () => (await state(daemon)).buffered_s > 0.6, { what: 'half a second' });
	await click(daemon, tab, 'record');
	// Written, too: an end waits for the disk for some seconds alone.
	await until(async () => (await state(daemon)).frames > 40 && (await state(daemon)).waiting < 3, { timeout: 60000, what: 'forty frames' });
	await daemon.stop();

	const [recording] = recordings(stateDir);

	assert.ok(!recording.half);
	assert.equal(recording.end, 'stopped');
	assert.ok(recording.frames >= 40);
	judge(recording);

	const again = await start(t, { stateDir });
	const look = await Tab.open(again);

	await until(async () => (await page(again))['recording.options'].length === 1, { what: 'the list' });
	const now = await page(again);

	assert.deepEqual([now['capture-shift.value'], now['capture-duration.value'], now['capture-until.value'], now['capture-sensitivity.value']],
		[-0.5, 30, 'stopped', 33]);
	await use(again, look, { 'recording.value': recording.id });
	await look.has('recorder-state', 'children', 'stopped');
});

test('killed at any moment, there are whole recordings afterwards, and no half ones', { timeout: 150000 }, async t => {
	const stateDir = temporaryFolder(t);
	const half = () => recordings(stateDir).find(one => one.half);
	const written = () => until(() => half() && statSync(join(half().folder, 'video.mkv'), { throwIfNoEntry: false })?.size > 2000,
		{ timeout: 30000, interval: 1, what: 'a picture in the file' });
	const moments = [
		() => {}, () => sleep(60), () => sleep(250),
		() => until(half, { interval: 1, what: 'the folder' }),
		written,
		async daemon => {
			await written();
			await until(async () => (await state(daemon)).state !== 'recording', { timeout: 30000, interval: 1, what: 'the end' });
		},
		async daemon => until(async () => (await state(daemon)).takes === 0, { timeout: 30000, what: 'it to be whole' }),
	];

	for (const moment of moments) {
		const daemon = await start(t, { stateDir });
		const tab = await Tab.open(daemon);

		// Whole ones alone are there at the start, and all of the last one.
		await until(async () => (await page(daemon))['recording.options'] !== undefined && !half(), { what: 'the page' });
		// Settings are saved a second after they were made, which the first daemons do not live to see.
		await use(daemon, tab, { 'capture-shift.value': -0.3, 'capture-duration.value': 1 });
		await until(async () => (await state(daemon)).buffered_s > 0.35, { what: 'the seconds before' });
		const before = recordings(stateDir).length;

		await click(daemon, tab, 'record');
		await moment(daemon);
		await daemon.kill();
		assert.ok(recordings(stateDir).length - before <= 1);
	}
	const daemon = await start(t, { stateDir });

	await until(() => recordings(stateDir).every(one => !one.half), { what: 'everything to be salvaged' });
	const all = recordings(stateDir);

	assert.ok(all.length >= 2 && all.length <= moments.length, `${all.length} recordings`);
	for (const one of all) {
		judge(one);
		assert.ok(one.frames > 0);
		assert.equal(one.salvaged, one.end === 'broken off');
	}
	const tab = await Tab.open(daemon);

	await until(async () => (await page(daemon))['recording.options'].length === all.length, { what: 'all in the list' });
	for (const one of all) {
		await use(daemon, tab, { 'recording.value': one.id });
		await tab.has('recorder-state', 'children', 'stopped');
		await until(() => tab.props['capture-time'].children.startsWith(`Frame 1 of ${one.frames} `), { what: `the clip of ${one.frames} frames` });
	}
});

test('the disk budget is kept: the oldest that nobody has named goes first', async t => {
	const daemon = await start(t, { config: '[recorder]\ndisk = 2\nmemory = 20\n' });
	const [tab, other] = [await Tab.open(daemon), await Tab.open(daemon)];

	await use(daemon, tab, { 'capture-duration.value': 0.3 });
	const [first] = await record(daemon, tab, 1);

	await use(daemon, tab, { 'recording-name.value': 'the first' });
	await until(() => recordings(daemon.stateDir)[0].name === 'the first',
		{ what: 'the name' });
	await until(async () => {
		await click(daemon, tab, 'record');
		await until(async () => (await state(daemon)).state === 'idle' && (await state(daemon)).takes === 0, { what: 'the end' });
		return (await state(daemon)).removed >= 2;
	}, { timeout: 60000, what: 'two to be removed' });
	assert.ok((await state(daemon)).used_bytes <= 2 * 1024 * 1024);
	assert.equal(recordings(daemon.stateDir)[0].id, first.id);
	await until(() => /removed to make room/.test(other.props['capture-disk']?.children), { what: 'that it is said' });
});

test('motion starts a recording, again and again', async t => {
	const daemon = await start(t);
	const tab = await Tab.open(daemon);

	await use(daemon, tab, { 'capture-trigger.value': 'auto', 'capture-duration.value': 0.3, 'capture-shift.value': -0.2, 'capture-sensitivity.value': 90 });
	await tab.has('recorder-state', 'children', 'armed');
	const all = await saved(daemon, daemon.stateDir, 2, { timeout: 60000 });

	assert.equal(all[0].trigger, 'motion');
	assert.equal(all[0].camera, 'Simulated camera');
	judge(all[0], { duration: 0.3, shift: -0.2 });
	await use(daemon, tab, { 'capture-trigger.value': 'button' });
	await until(async () => (await state(daemon)).state === 'buffering', { timeout: 20000, what: 'the end of it' });
});

test('a line triggers by name, with the time of its edge, and a lamp follows', async t => {
	const daemon = await start(t, { config: [
		'[gpio button]', 'chip = simulated', 'press = trigger:record', 'long_press = trigger:stop',
		'[gpio lamp]', 'chip = simulated', 'direction = output', 'follows = recorder-state.children',
		'values = {"recording": "on", "*": "off"}',
	].join('\n') });
	const tab = await Tab.open(daemon);
	const lamp = async () => (await daemon.status_page()).lines.lamp.active;

	await use(daemon, tab, { 'capture-shift.value': -0.4, 'capture-duration.value': 60 });
	await until(async () => (await state(daemon)).buffered_s > 1.2, { what: 'the seconds before' });
	assert.equal(await lamp(), false);
	await click(daemon, tab, 'gpio-button-press');
	await until(lamp, { what: 'the lamp' });
	await until(async () => (await state(daemon)).frames > 15, { timeout: 30000, what: 'fifteen frames' });
	await until(async () => (await daemon.status_page()).lines.button.edges === 2, { what: 'its release' });
	// A press while it runs is refused, and said on the line's row.
	await click(daemon, tab, 'gpio-button-press');
	await until(() => /a recording is being made already/.test(tab.props['gpio-button-state']?.children), { what: 'the note' });
	await until(async () => (await daemon.status_page()).lines.button.edges === 4, { what: 'both releases' });
	await click(daemon, tab, 'gpio-button-hold');
	const [recording] = await saved(daemon, daemon.stateDir, 1);

	judge(recording, { shift: -0.4 });
	assert.equal(recording.trigger, 'line button');
	assert.equal(recording.end, 'stopped');
	assert.equal(recording.late_ns, 0);
	await until(async () => !await lamp(), { what: 'the lamp to go out' });
});

test('programs: trigger, ask, fetch; and what they get wrong is said', async t => {
	const daemon = await start(t);
	const tab = await Tab.open(daemon);
	const post = (path, headers) => fetch(`${daemon.url}/api/${path}`, { method: 'POST', body: '', headers });
	const ask = async path => (await fetch(`${daemon.url}/api/${path}`)).json();

	assert.deepEqual(await ask('recordings'), []);
	assert.equal((await ask('recorder')).state, 'idle');
	await use(daemon, tab, { 'capture-shift.value': -0.1, 'capture-duration.value': 0.5 });
	await until(async () => (await ask('recorder')).buffered_s > 1, { what: 'a second' });
	const answer = await post('trigger?ago_ms=600');

	assert.equal(answer.status, 200);
	const [recording] = await saved(daemon, daemon.stateDir, 1);

	judge(recording, { duration: 0.5, shift: -0.1 });
	assert.equal(recording.late_ns, 0);
	assert.equal(recording.trigger, 'api');
	await until(async () => (await ask('recordings')).length === 1, { what: 'the list' });
	const [{ id, frames, name, trigger }] = await ask('recordings');

	assert.deepEqual({ id, frames, name, trigger }, { id: recording.id, frames: recording.frames, name: '', trigger: 'api' });
	const video = await fetch(`${daemon.url}/api/recordings/${id}/video.mkv`);
	const bytes = Buffer.from(await video.arrayBuffer());

	assert.equal(video.headers.get('content-type'), 'video/x-matroska');
	assert.match(video.headers.get('content-disposition'), new RegExp(`filename="${id}\\.mkv"`));
	assert.ok(bytes.equals(readFileSync(join(recording.folder, 'video.mkv'))), 'the file, whole');
	assert.deepEqual((await ask(`recordings/${id}/recording.json`)).sequences, recording.sequences);
	const head = await fetch(`${daemon.url}/api/recordings/${id}/video.mkv`, { method: 'HEAD' });

	assert.equal(Number(head.headers.get('content-length')), bytes.length);

	await use(daemon, tab, { 'capture-duration.value': 30 });
	assert.equal((await post('record')).status, 200);
	assert.equal((await post('record')).status, 409);
	assert.equal((await post('stop')).status, 200);
	for (const [path, status] of [['trigger?ago_ms=x', 400], ['trigger?ago_ms=99999', 400], ['fire', 404], ['now', 404], ['', 404]]) {
		assert.equal((await post(path)).status, status, path);
	}
	assert.equal((await post('trigger', { Origin: 'http://elsewhere.example' })).status, 403);
	for (const path of ['', 'x', 'recordings/', 'recordings/1', `recordings/${id}`, `recordings/${id}/`, `recordings/${id}/../../state.json`,
		'recordings/../state.json', 'recordings/%2e%2e/state.json', `recordings/.new-${id}/video.mkv`]) {
		assert.equal((await fetch(`${daemon.url}/api/${path}`)).status, 404, path);
	}
	// Somebody who leaves in the middle leaves nothing behind.
	for (let i = 0; i < 5; i++) {
		const abort = new AbortController();

		await fetch(`${daemon.url}/api/recordings/${id}/video.mkv`, { signal: abort.signal });
		abort.abort();
	}
	assert.equal((await fetch(`${daemon.url}/api/recorder`)).status, 200);
});

test('nothing runs for a recorder that nobody uses', async t => {
	const daemon = await start(t);

	assert.equal((await daemon.status_page()).camera.state, 'stopped');
	assert.equal((await state(daemon)).state, 'idle');
	assert.equal((await state(daemon)).buffered_s, 0);
});
