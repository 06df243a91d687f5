// Clips: a video comes by upload, is looked at and processed, and what is found goes out as CSV; what is
// no video leaves nothing behind.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { click, inClips, opened, processed, route, set, startWithBall, upload } from '../lib/clips.mjs';
import { build, startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { footage } from '../lib/footage.mjs';
import { connect } from '../lib/http.mjs';
import { click as press, saved, use } from '../lib/recorder.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';
import { parseColumns } from '../../ui/graphs/columns.js';

test('a video is uploaded, processed, and gives the numbers of vizyd-motionscope; all browsers see it', async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	const { daemon, film, tab } = it;
	const other = await Tab.open(daemon);

	assert.equal((await route(daemon, 'tracks.csv')).status, 404);
	await click(daemon, tab, 'process-go');
	await until(() => /^Looking for what moves: [1-9]\d* %$/.test(other.props['process-state']?.children ?? ''),
		{ timeout: 20000, what: () => `progress; it says ${other.props['process-state']?.children}` });
	assert.match(await processed(other), /^\d+ objects? found\.$/);

	const csv = await route(daemon, 'tracks.csv');
	const { stdout } = await promisify(execFile)(join(build, 'daemon/vizyd-motionscope'), [film], { maxBuffer: 1 << 24 });

	assert.equal(csv.status, 200);
	assert.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8');
	assert.match(csv.headers.get('content-disposition'), /^attachment; filename="tracks\.csv"$/);
	assert.equal(await csv.text(), stdout);
	const json = await (await route(daemon, 'tracks.json')).json();

	assert.deepEqual(json.tracks.flatMap(({ track, points }) => points.map(p =>
		[track, p.frame, p.t_s, p.x_px, p.y_px, p.area_px, p.how].join())), stdout.trim().split('\n').slice(1));
	assert.equal(json.calibration.axes, 'x right, y up');

	// What the page draws of it is the same, to the last digit.
	const { src, unit } = other.props['analyze-data'].data;
	const drawn = parseColumns(await (await fetch(`${daemon.url}/${src}`)).arrayBuffer());

	assert.equal(unit, 'px');
	assert.deepEqual(drawn.map(({ id, n }) => [id, n]), json.tracks.map(({ track, points }) => [track, points.length]));
	for (const [i, { points }] of json.tracks.entries()) {
		for (const [column, key] of [['t', 't_s'], ['xPx', 'x_px'], ['vy', 'vy'], ['ax', 'ax'], ['speed', 'speed']]) {
			assert.deepEqual([...drawn[i][column]], points.map(point => point[key] ?? NaN), key);
		}
	}
	for (const [query, status] of [['result=99', 404], ['rule=guess', 400], ['window=2', 400], ['px_per_unit=0', 400]]) {
		assert.equal((await route(daemon, `columns?${query}`)).status, status, query);
	}

	// All objects away, and back, in every browser.
	const ids = json.tracks.map(({ track }) => track);

	await click(daemon, other, 'analyze-none');
	await tab.has('analyze-tracks', 'value', []);
	await until(() => !(BigInt(`0x${/shown=(\w+)/.exec(tab.props['analyze-view'].src)[1]}`) & ((1n << BigInt(ids.length)) - 1n)),
		{ what: () => `a picture without objects; it is ${tab.props['analyze-view'].src}` });
	await click(daemon, tab, 'analyze-all');
	await other.has('analyze-tracks', 'value', ids);

	// Another tab moves on: the picture follows everywhere.
	await set(daemon, other, { 'clip-frame.value': 120 });
	await tab.has('clip-view', 'src', other.props['clip-view'].src);
	assert.match(tab.props['clip-view'].src, /frame=120$/);
	assert.match(tab.props['clip-time'].children, /^frame 120 of 294 · 0\.\d{3} s$/);
});

test('pictures are of the frame, the mask and the background, and the objects pasted on it', async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	const { daemon, tab } = it;
	const picture = async rest => {
		const answer = await route(daemon, rest);
		const bytes = Buffer.from(await answer.arrayBuffer());

		assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/jpeg'], rest);
		assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xd8]);
		return createHash('sha256').update(bytes).digest('hex');
	};

	assert.equal((await route(daemon, 'strobe.jpg?spacing=10')).status, 404);
	await click(daemon, tab, 'process-go');
	await processed(tab);
	// Out of order, to and fro: a frame is the same from wherever it is come to.
	const forward = await picture('picture.jpg?frame=100');
	const all = [forward, await picture('picture.jpg?frame=101'), await picture('picture.jpg?frame=100&view=moving'),
		await picture('picture.jpg?view=background'), await picture('strobe.jpg?spacing=10'), await picture('strobe.jpg?spacing=40')];

	assert.equal(new Set(all).size, all.length);
	for (let i = 30; i < 60; i++) {
		await picture(`picture.jpg?frame=${i}`);
	}
	assert.equal(await picture('picture.jpg?frame=100&again=1'), forward);
	// What moves in a part of the clip is judged by the background of that part, whatever was asked for before.
	const parts = [[0, 294], [90, 170], [150, 294], [90, 170], [0, 294]];
	const seen = [];

	for (const [first, last] of parts) {
		seen.push(await picture(`picture.jpg?frame=100&view=moving&first=${first}&last=${last}`));
		seen.push(await picture(`picture.jpg?view=background&first=${first}&last=${last}`));
		await picture(`picture.jpg?frame=${first}`);
	}
	assert.deepEqual(seen.slice(6), [...seen.slice(2, 4), ...seen.slice(0, 2)]);
	assert.deepEqual(seen.slice(0, 2), all.slice(2, 4));
	assert.equal(new Set(seen).size, 6);
	for (const [rest, status] of [['picture.jpg?frame=295', 404], ['picture.jpg?frame=-1', 400], ['picture.jpg?view=x', 400],
		['picture.jpg?view=moving&threshold=0', 400], ['picture.jpg?view=moving&first=9&last=3', 400], ['strobe.jpg?spacing=0', 400], ['strobe.jpg?shown=xyz', 400], ['nothing', 404]]) {
		assert.equal((await route(daemon, rest)).status, status, rest);
	}
});

test('a point pressed on the picture is followed by its looks', async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	const { daemon, tab } = it;

	await set(daemon, tab, { 'clip-frame.value': 60 });
	await set(daemon, tab, { 'process-range.value': [60, 100] });
	await set(daemon, tab, { 'clip-view.pressed': { x: 160, y: 120, time: 1 } });
	await tab.has('clip-view', 'crosses', [{ x: 160, y: 120, color: '#ff5da2' }]);
	const wrong = await set(daemon, tab, { 'clip-view.pressed': { x: 1000, y: 120, time: 2 } });

	assert.equal(wrong.status, 'error');
	await click(daemon, tab, 'process-go');
	await processed(tab);
	const rows = (await (await route(daemon, 'tracks.csv')).text()).trim().split('\n').slice(1);

	assert.match(rows[0], /^1,60,[\d.]+,160,120,0,template$/);
	assert.ok(rows.every(row => Number(row.split(',')[1]) >= 60 && Number(row.split(',')[1]) <= 100));
	await click(daemon, tab, 'process-clear');
	await tab.has('clip-view', 'crosses', []);
});

test('processing is cancelled, and the clip stays as it was', async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	const { daemon, tab } = it;

	await click(daemon, tab, 'process-go');
	await until(() => tab.props['process-cancel']?.disabled === false, { what: 'the button to cancel' });
	const again = await click(daemon, tab, 'process-go');

	assert.equal(again.status, 'error');
	await click(daemon, tab, 'process-cancel');
	assert.equal(await processed(tab), 'Cancelled.');
	assert.equal((await route(daemon, 'tracks.csv')).status, 404);
	assert.equal((await route(daemon, 'picture.jpg?frame=3')).status, 200);
});

test('what was found is there again after a restart, and goes with its clip', async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	const { stateDir } = it;

	await click(it.daemon, it.tab, 'process-go');
	await processed(it.tab);
	const csv = await (await route(it.daemon, 'tracks.csv')).text();

	await it.daemon.stop();
	assert.deepEqual(inClips(stateDir), ['ball.avi', 'ball.avi.settings.json', 'ball.avi.tracks.json']);
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);

	await until(async () => (await (await fetch(`${daemon.url}/_dash-layout`)).text()).includes('"value":"ball.avi"'), { what: 'the clip' });
	await set(daemon, tab, { 'clip-choice.value': 'ball.avi' });
	await opened(tab, /^320 × 240/);
	assert.equal(await (await route(daemon, 'tracks.csv')).text(), csv);
	await click(daemon, tab, 'clip-delete');
	await tab.has('clip-choice', 'options', []);
	assert.deepEqual(inClips(stateDir), []);
	assert.equal((await route(daemon, 'picture.jpg?frame=0')).status, 404);
});

test('a clip of the configured folder is chosen, and cannot be deleted', async t => {
	const films = await footage(t);

	if (!films) {
		return;
	}
	const folder = temporaryFolder(t);
	const config = join(temporaryFolder(t), 'vizyd.conf');

	mkdirSync(join(folder, 'films'));
	copyFileSync(films.find('Principe_inertie.avi'), join(folder, 'films/puck.avi'));
	writeFileSync(join(folder, 'films/notes.txt'), 'no video');
	writeFileSync(config, `[motionscope]\nclips = ${folder}/films\n`);
	const daemon = await startVizyd(t, { args: ['--config', config] });
	const tab = await Tab.open(daemon);

	await until(async () => (await (await fetch(`${daemon.url}/_dash-layout`)).text()).includes('folder/puck.avi'), { what: 'the clip' });
	await set(daemon, tab, { 'clip-choice.value': 'folder/puck.avi' });
	await opened(tab, /^400 × 300, 28 frames/);
	const refused = await click(daemon, tab, 'clip-delete');

	assert.equal(refused.status, 'error');
	assert.deepEqual(readdirSync(join(folder, 'films')).sort(), ['notes.txt', 'puck.avi']);
	const absent = await set(daemon, tab, { 'clip-choice.value': '../../etc/passwd' });

	assert.equal(absent.status, 'error');
	await tab.has('clip-choice', 'value', 'folder/puck.avi');
});

test('what is no whole video, or has a wrong name or size, is refused with a reason and leaves nothing', async t => {
	const films = await footage(t);

	if (!films) {
		return;
	}
	const stateDir = temporaryFolder(t);
	const config = join(temporaryFolder(t), 'vizyd.conf');
	const film = readFileSync(films.find('balle1-vp9.avi'));

	writeFileSync(config, '[motionscope]\nupload_mb = 1\nclips_mb = 1\n');
	const daemon = await startVizyd(t, { stateDir, args: ['--config', config] });
	const cases = [
		['../ball.avi', film, 400, /a path in it/],
		['a\\ball.avi', film, 400, /a path in it/],
		['.ball.avi', film, 400, /begins with a dot/],
		['ball', film, 400, /not the ending of a video/],
		['ball.sh', film, 400, /not the ending of a video/],
		['b\x7fall.avi', film, 400, /no text/],
		[`${'b'.repeat(130)}.avi`, film, 400, /too long/],
		['', film, 400, /no name/],
		['noise.mp4', Buffer.alloc(5000, 'noise'), 415, /^noise\.mp4: not a video that can be read$/],
		['list.avi', Buffer.from('#EXTM3U\nfile:///etc/passwd\n'), 415, /not a video/],
		['half.avi', film.subarray(0, 60000), 415, /^half\.avi breaks off: \d+ of its 300 frames are there$/],
		['head.avi', film.subarray(0, 200), 415, /head\.avi/],
		['empty.avi', Buffer.alloc(0), 400, /is empty/],
		['large.avi', Buffer.alloc(1500000), 413, /^large\.avi has 2 MB: expected at most 1 MB$/],
	];

	for (const [name, body, status, why] of cases) {
		const answer = await upload(daemon, name, body);
		const text = (await answer.text()).trim();

		assert.equal(answer.status, status, `${name}: ${text}`);
		assert.match(text, why, name);
		assert.deepEqual(inClips(stateDir), [], name);
	}
	const foreign = await upload(daemon, 'ball.avi', film, { headers: { Origin: 'http://elsewhere.example' } });

	assert.equal(foreign.status, 403);
	// The same name twice makes two clips, until the room for them is used up.
	for (const name of ['ball.avi', 'ball (2).avi']) {
		assert.deepEqual(await (await upload(daemon, 'ball.avi', film)).json(), { clip: name });
	}
	for (let i = 0; i < 5; i++) {
		await upload(daemon, 'ball.avi', film);
	}
	await until(async () => (await upload(daemon, 'ball.avi', film)).status === 507, { what: 'the room to be used up' });
	assert.ok(inClips(stateDir).every(name => /^ball( \(\d+\))?\.avi$/.test(name)));
});

test('an upload that breaks off, and one that the end of the daemon meets, leave nothing', async t => {
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { stateDir });
	const head = size => `POST /_vizyd/clips/upload?name=ball.avi HTTP/1.1\r\nHost: ${daemon.host}\r\nContent-Length: ${size}\r\n\r\n`;
	const gone = await connect(daemon.port);

	gone.write(head(5000000));
	gone.write(Buffer.alloc(3000000));
	await until(() => inClips(stateDir).some(name => name.startsWith('.incoming-')), { what: 'the beginning of the file' });
	gone.destroy();
	await until(() => inClips(stateDir).length === 0, { what: 'the folder to be empty' });
	const last = await connect(daemon.port);

	last.write(head(5000000));
	last.write(Buffer.alloc(3000000));
	await until(() => inClips(stateDir).length === 1, { what: 'the beginning of the file' });
	await daemon.stop();
	assert.deepEqual(inClips(stateDir), []);
});

test('by itself: something moves, is recorded, processed, and shown', async t => {
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);

	await use(daemon, tab, { 'capture-trigger.value': 'auto', 'capture-duration.value': 0.3, 'capture-shift.value': -0.2, 'capture-sensitivity.value': 90 });
	await until(() => /^recordings\//.test(tab.props['clip-choice']?.value ?? ''), { timeout: 60000, what: 'a recording on the desk' });
	await use(daemon, tab, { 'capture-trigger.value': 'button' });
	await until(() => /found\.$|moved/.test(tab.props['process-state']?.children ?? ''),
		{ timeout: 60000, what: () => `it to be processed; it says ${JSON.stringify([tab.props['clip-note'], tab.props['process-state']])}` });
	assert.match(tab.props['analyze-view'].src, /^_vizyd\/clips\/strobe\.jpg/);
	assert.equal((await route(daemon, 'tracks.csv')).status, 200);
	// It stays to be looked at, whatever was recorded meanwhile.
	const shown = tab.props['clip-choice'].value;

	await sleep(3000);
	assert.equal(tab.props['clip-choice'].value, shown);
});

test('what was just recorded is chosen, but for a film that somebody uploaded', async t => {
	const films = await footage(t);

	if (!films) {
		return;
	}
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);
	const chosen = () => tab.props['clip-choice']?.value ?? '';
	const record = async n => {
		await press(daemon, tab, 'record');
		await saved(daemon, stateDir, n);
	};

	await use(daemon, tab, { 'capture-duration.value': 0.3 });
	await record(1);
	await until(() => /^recordings\//.test(chosen()), { timeout: 30000, what: 'the recording on the desk' });
	const first = chosen();

	await record(2);
	await until(() => /^recordings\//.test(chosen()) && chosen() !== first, { timeout: 30000, what: 'the next one' });
	assert.equal((await upload(daemon, 'film.avi', readFileSync(films.find('Principe_inertie.avi')))).status, 200);
	await opened(tab, /^400 × 300, 28 frames/);
	await record(3);
	await sleep(1000);
	assert.match(chosen(), /film/);
});
