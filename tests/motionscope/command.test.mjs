// The command vizyd-motionscope: its command line, what it prints and how it ends.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { footage } from '../lib/footage.mjs';
import { filmMaker, motionscope, parse, tracksOf } from './lib.mjs';

test('a wrong command line ends with 2 and says what was expected', async () => {
	const cases = [
		[[], /expected a video file/],
		[['a.mp4', 'b.mp4'], /unexpected argument 'b\.mp4'/],
		[['a.mp4', '--threshold', '0'], /--threshold: expected a number from 1 to 100, found '0'/],
		[['a.mp4', '--threshold', '5x'], /found '5x'/],
		[['a.mp4', '--threshold', '100.5'], /a number from 1 to 100, found '100\.5'/],
		[['a.mp4', '--threshold', '-3'], /a number from 1 to 100, found '-3'/],
		[['a.mp4', '--threshold', 'nan'], /a number from 1 to 100, found 'nan'/],
		[['a.mp4', '--range', '5:9', '--point', '30,30@10'], /--point: frame 10 is not within --range/],
		[['a.mp4', '--range', '5'], /--range: expected FIRST:LAST/],
		[['a.mp4', '--range', '9:5'], /the first frame, 9, comes after the last, 5/],
		[['a.mp4', '--point', '1,2'], /--point: expected X,Y@FRAME/],
		[['a.mp4', '--window', '4'], /--window: expected an odd number from 3 to 101/],
		[['a.mp4', '--scale', '-1'], /--scale: expected a number/],
		[['a.mp4', '--csv', '-', '--json', '-'], /--csv and --json both write to '-'/],
		[['a.mp4', '--csv', 'same', '--json', 'same'], /both write to 'same'/],
		[['a.mp4', '--no-such'], /--help/],
	];

	for (const [args, message] of cases) {
		const { status, stdout, stderr } = await motionscope(...args);

		assert.equal(status, 2, args.join(' '));
		assert.equal(stdout, '');
		assert.match(stderr, message);
	}
});

test('what cannot be read or written ends with 1 and its name', async t => {
	const folder = mkdtempSync(join(tmpdir(), 'motionscope-'));
	const text = join(folder, 'text.mp4'), empty = join(folder, 'empty.avi'), secret = join(folder, 'secret.avi');

	t.after(() => rmSync(folder, { recursive: true }));
	writeFileSync(text, 'no video\n'.repeat(100));
	writeFileSync(empty, '');
	writeFileSync(secret, '', { mode: 0 });
	for (const [file, message] of [
		[text, /text\.mp4: not a video that can be read/],
		[join(folder, 'none.mp4'), /none\.mp4: No such file/],
		[folder, /Is a directory/],
		[empty, /empty\.avi: not a video that can be read/],
		['/dev/null', /\/dev\/null: not a regular file/],
		// Whoever is root may read it.
		...process.getuid() ? [[secret, /secret\.avi: Permission denied/]] : [],
	]) {
		const { status, stdout, stderr } = await motionscope(file);

		assert.equal(status, 1);
		assert.equal(stdout, '');
		assert.match(stderr, message);
	}
});

test('CSV and JSON tell the same, and a point starts a template', async t => {
	const films = await footage(t);
	const folder = mkdtempSync(join(tmpdir(), 'motionscope-'));
	const json = join(folder, 'a.json'), csv = join(folder, 'a.csv');

	t.after(() => rmSync(folder, { recursive: true }));
	if (!films) {
		return;
	}
	const film = films.find('balle1-vp9.avi');
	const whole = await motionscope(film, '--range', '40:120', '--scale', '100', '--point',
		'123,53@41', '--csv', csv, '--json', json);

	assert.equal(whole.status, 0, whole.stderr);
	assert.match(readFileSync(csv, 'utf8'), /^track,frame,t_s,x_px,y_px,area_px,how\n1,41,/);
	const rows = parse(readFileSync(csv, 'utf8'));
	const told = JSON.parse(readFileSync(json, 'utf8'));

	assert.deepEqual(told.tracks.flatMap(track => track.points.map(p => ({ track: track.track,
		frame: p.frame, t_s: p.t_s, x_px: p.x_px, y_px: p.y_px, area_px: p.area_px,
		how: p.how }))), rows);
	assert.ok(rows.every(row => row.frame >= 40 && row.frame <= 120));
	assert.equal(rows[0].how, 'template');
	assert.equal(told.parameters.threshold_percent, 25);
	assert.equal(told.calibration.px_per_unit, 100);
	for (const p of told.tracks.flatMap(track => track.points)) {
		assert.ok(Math.abs(p.x * 100 - p.x_px) < 1e-9);
	}
	for (const [args, message] of [
		[['--range', '0:295'], /has the frames 0 to 294/],
		[['--point', '1,1@0'], /less than 8 pixels from the edge of the 320 x 240 picture/],
	]) {
		const { status, stderr } = await motionscope(film, ...args);

		assert.equal(status, 1);
		assert.match(stderr, message);
	}
});

test('a file that breaks off is said, and what came before is told', async t => {
	const films = await footage(t);
	const folder = mkdtempSync(join(tmpdir(), 'motionscope-'));
	const cut = join(folder, 'cut.avi');

	t.after(() => rmSync(folder, { recursive: true }));
	if (!films) {
		return;
	}
	const film = readFileSync(films.find('balle1-vp9.avi'));
	const whole = parse((await motionscope(films.find('balle1-vp9.avi'))).stdout);

	for (const [size, args, status, message] of [
		// The last part is spoilt, too.
		[100000, [], 3, /1 part cannot be decoded.*\n.*cut\.avi: breaks off: 234 of 300 frames could be read/],
		[60000, [], 3, /cut\.avi: breaks off: 117 of 300 frames could be read/],
		[60000, ['--range', '0:116'], 0, /breaks off: 117 of 300/],
		[60000, ['--range', '0:117'], 1, /--range: cut\.avi has the frames 0 to 116, where it breaks off/],
		[60000, ['--point', '99,99@200'], 1, /--point: cut\.avi has the frames 0 to 116, where it breaks off/],
		[20000, [], 1, /nothing has moved.*\n.*breaks off: 1 of 300 frames/],
		[2000, [], 1, /cut\.avi: not a video that can be read/],
	]) {
		writeFileSync(cut, film.subarray(0, size));
		const told = await motionscope(cut, ...args);
		const label = `${size} ${args.join(' ')}: ${told.stderr}`;

		assert.equal(told.status, status, label);
		assert.match(told.stderr, message, label);
		if (status === 1) {
			assert.equal(told.stdout, '', label);
			continue;
		}
		// The frames that are there are where they are in the whole film.
		const rows = parse(told.stdout), last = Math.max(...rows.map(row => row.frame));

		assert.ok(rows.length > 50, label);
		assert.ok(last >= 110 && last < 234, label);
		assert.ok(rows.every(row => whole.some(w => w.frame === row.frame && w.t_s === row.t_s)), label);
	}
});

/** A film of make-film.c in a folder of its own. */
async function makeFilm(t, name, ...args) {
	const folder = mkdtempSync(join(tmpdir(), 'motionscope-'));
	const path = join(folder, name);

	t.after(() => rmSync(folder, { recursive: true }));
	await promisify(execFile)(filmMaker, [path, ...args.map(String)]);
	return path;
}

test('where pixels are not square a scale makes lengths the same in both directions', async t => {
	const aspect = 4 / 3, scale = 50;
	const film = await makeFilm(t, 'wide.mkv', 160, 120, 60, 'yuv420p', 0, 4, 3);
	const [plain, scaled] = await Promise.all([[], ['--scale', String(scale)]].map(async args =>
		JSON.parse((await motionscope(film, '--json', '-', ...args)).stdout)));
	const flight = told => told.tracks.find(({ points }) => points.length > 40).points.slice(5, 35);

	assert.ok(Math.abs(plain.pixel_aspect - aspect) < 1e-6);
	assert.deepEqual([plain.calibration.px_per_unit, plain.calibration.px_per_unit_x], [1, undefined]);
	assert.equal(scaled.calibration.px_per_unit, scale);
	assert.ok(Math.abs(scaled.calibration.px_per_unit_x - scale / aspect) < 1e-6);
	for (const [i, p] of flight(scaled).entries()) {
		const q = flight(plain)[i];

		// Points are of the film; without a scale all of it is.
		assert.deepEqual([p.x_px, p.y_px, q.x, q.y], [q.x_px, q.y_px, q.x_px, q.y_px]);
		assert.ok(Math.abs(p.x - p.x_px * aspect / scale) < 1e-6 && Math.abs(p.y - p.y_px / scale) < 1e-9);
		assert.ok(Math.abs(p.vx - q.vx * aspect / scale) < 1e-6 && Math.abs(p.ay - q.ay / scale) < 1e-6);
		assert.ok(Math.abs(p.speed - Math.hypot(p.vx, p.vy)) < 1e-9);
	}
});

test('films of more bits, odd sizes, and turned ones: the disc is where it was drawn', async t => {
	const [width, height, n] = [161, 121, 60];
	// As stored, and as it is to be seen: the odd last row and column are left out before.
	const turns = {
		0: (x, y) => [x, y],
		90: (x, y) => [height - 2 - y, x],
		180: (x, y) => [width - 2 - x, height - 2 - y],
		270: (x, y) => [y, width - 2 - x],
	};

	for (const [name, format, rotation, aspect] of [
		['plain.mkv', 'yuv420p', 0, [1, 1]],
		['deep.mkv', 'yuv420p10le', 0, [1, 1]],
		['deep.mov', 'yuv422p10le', 90, [1, 1]],
		['deeper.mkv', 'yuv444p16le', 0, [16, 15]],
		['right.mov', 'yuv420p', 90, [16, 15]],
		['down.mov', 'yuv420p', 180, [1, 1]],
		['left.mov', 'yuv420p', 270, [1, 1]],
	]) {
		const film = await makeFilm(t, name, width, height, n, format, rotation, ...aspect);
		const { status, stdout, stderr } = await motionscope(film, '--json', '-', '--point',
			`${turns[rotation](20, 20).join()}@0`);

		assert.equal(status, 0, `${name}: ${stderr}`);
		assert.equal(stderr, '', name);
		const told = JSON.parse(stdout), upright = rotation % 180 === 0;

		assert.deepEqual([told.width_px, told.height_px, told.n_frames, told.rotation_deg],
			upright ? [160, 120, n, rotation] : [120, 160, n, rotation], name);
		assert.ok(Math.abs(told.pixel_aspect - (upright ? aspect[0] / aspect[1] : aspect[1] / aspect[0])) < 1e-6, name);
		const inside = k => 20 + 2 * k < 150 && 20 + k * k / 40 < 110;
		// The template's, which was started on it, comes first; then what has moved.
		const found = told.tracks.find(track => track.points[0].how !== 'template' && track.points.length > 40);

		assert.ok(found, name);
		for (const point of found.points.filter(p => inside(p.frame) && p.frame > 2)) {
			const [x, y] = turns[rotation](20 + 2 * point.frame, 20 + point.frame ** 2 / 40);

			assert.ok(Math.hypot(point.x_px - x, point.y_px - y) < 0.3,
				`${name}, frame ${point.frame}: ${point.x_px},${point.y_px} is not ${x},${y}`);
		}
	}
});

test('a file without video, and one that is too small, say so', async t => {
	const sound = await makeFilm(t, 'sound.mkv', 0, 0, 0, 'none', 0, 1, 1);
	const dot = await makeFilm(t, 'dot.mkv', 1, 1, 2, 'yuv444p', 0, 1, 1);

	for (const [film, message] of [
		[sound, /sound\.mkv: there is no video in it/],
		[dot, /dot\.mkv: not a video that can be read/],
	]) {
		const { status, stdout, stderr } = await motionscope(film);

		assert.deepEqual([status, stdout], [1, '']);
		assert.match(stderr, message);
	}
});

test('several points are followed in their order, and ranges hold', async t => {
	const film = await makeFilm(t, 'throw.mkv', 160, 120, 50, 'yuv420p', 0, 1, 1);
	const places = [[20, 20, 0], [40, 22.5, 10], [60, 30, 20]];
	const { status, stdout, stderr } = await motionscope(film,
		...places.flatMap(([x, y, frame]) => ['--point', `${x},${y}@${frame}`]));

	assert.equal(status, 0, stderr);
	const tracks = tracksOf(parse(stdout));

	places.forEach(([x, y, frame], i) => {
		const [first] = tracks.get(i + 1);

		assert.deepEqual([first.frame, first.how, first.area_px], [frame, 'template', 0]);
		assert.ok(Math.hypot(first.x_px - x, first.y_px - y) < 1, `${first.x_px},${first.y_px}`);
	});
	for (const [range, first, last] of [['10:', 10, 49], [':20', 0, 20], ['7:7', 7, 7]]) {
		const rows = parse((await motionscope(film, '--range', range)).stdout);

		assert.ok(rows.every(row => row.frame >= first && row.frame <= last), range);
	}
	const beyond = await motionscope(film, '--range', '10:50');

	assert.equal(beyond.status, 1);
	assert.match(beyond.stderr, /--range: throw\.mkv has the frames 0 to 49\n/);
});

test('a film whose head says only how long it takes is known to break off, too', async t => {
	const film = await makeFilm(t, 'throw.mkv', 160, 120, 60, 'yuv420p', 0, 1, 1);
	const whole = await motionscope(film), data = readFileSync(film);

	assert.deepEqual([whole.status, whole.stderr], [0, '']);
	writeFileSync(film, data.subarray(0, data.length / 2));
	const half = await motionscope(film), n = Number(half.stderr.match(/breaks off: (\d+) frames could be read/)?.[1]);

	assert.equal(half.status, 3, half.stderr);
	assert.ok(n > 20 && n < 40, half.stderr);
	assert.ok(parse(half.stdout).every(row => row.frame < n));
	assert.ok(parse(half.stdout).length > 15);
});
