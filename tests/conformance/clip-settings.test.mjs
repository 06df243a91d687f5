// What is chosen for a clip is kept with it: over a restart and a pulled plug, over other clips that lie
// on the desk meanwhile; what is wrong in the file is said, and nothing of it is lost.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { click, inClips, opened, processed, route, startWithBall, upload } from '../lib/clips.mjs';
import { build, startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { page, use } from '../lib/recorder.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';
import { parseColumns } from '../../ui/graphs/columns.js';

const chosen = {
	'process-threshold.value': 41, 'process-min-area.value': 7, 'process-range.value': [20, 280],
	'analyze-unit.value': 'cm', 'analyze-length.value': 12.5, 'analyze-line.line': [10, 200, 210, 200.5],
	'analyze-rule.value': 'five-point', 'analyze-window.value': 11, 'analyze-show.value': ['y', 'ay', 'speed'],
	'analyze-spacing.value': 9, 'analyze-range.value': [0.25, 1.125],
};
const asOnPage = name => name.replace('analyze-line.', 'analyze-view.');
const file = (dir, clip = 'ball.avi') => join(dir, 'clips', `${clip}.settings.json`);
const kept = path => JSON.parse(readFileSync(path, 'utf8'));

/** Chooses all of it, each alone, as a person does. */
async function choose(daemon, tab, values = chosen) {
	for (const [name, value] of Object.entries(values)) {
		const { status } = await use(daemon, tab, { [asOnPage(name)]: value });

		assert.notEqual(status, 'error', name);
	}
}

/** Waits until the page, as a browser loads it, has these values. */
async function pageHas(daemon, values) {
	const wanted = JSON.stringify(Object.values(values));
	let now;

	await until(async () => {
		now = await page(daemon);
		return JSON.stringify(Object.keys(values).map(name => now[asOnPage(name)])) === wanted;
	}, { timeout: 10000, what: () => `${wanted}; it has ${JSON.stringify(Object.keys(values).map(name => now[asOnPage(name)]))}` });
}

/** Has another clip put on the desk by `act`, and waits until it is ready there: its picture has another address. */
async function change(daemon, act) {
	const before = (await page(daemon))['clip-view.src'];
	let now;

	await act();
	await until(async () => (now = (await page(daemon))['clip-view.src']) && now !== before, { timeout: 20000, what: () => `another clip; there is ${now}` });
}

async function open(daemon, tab, id = 'ball.avi') {
	await until(async () => (await (await fetch(`${daemon.url}/_dash-layout`)).text()).includes(`"value":"${id}"`), { what: 'the clip' });
	await change(daemon, () => use(daemon, tab, { 'clip-choice.value': id }));
}

test('all that is chosen for a clip is there again after a restart and after a kill, in every browser', async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	const { stateDir } = it;

	await choose(it.daemon, it.tab);
	await click(it.daemon, it.tab, 'process-go');
	await processed(it.tab);
	const shown = it.tab.props['analyze-tracks'].value.slice(1);

	await use(it.daemon, it.tab, { 'analyze-tracks.value': shown });
	await use(it.daemon, it.tab, { 'clip-view.pressed': { x: 40, y: 50, time: 1 } });
	const all = { ...chosen, 'analyze-tracks.value': shown };
	const points = it.tab.props['process-points'].children;

	assert.match(points, /40, 50 from frame 0/);
	await pageHas(it.daemon, all);
	// At the end what was chosen last is written, too.
	await it.daemon.stop();
	assert.deepEqual(inClips(stateDir), ['ball.avi', 'ball.avi.settings.json', 'ball.avi.tracks.json']);
	let daemon = await startVizyd(t, { stateDir });
	let tab = await Tab.open(daemon);

	await open(daemon, tab);
	const other = await Tab.open(daemon);

	await pageHas(daemon, all);
	assert.equal(tab.props['process-points'].children, points);
	for (const [name, value] of Object.entries(all)) {
		const [id, property] = asOnPage(name).split('.');

		assert.deepEqual(other.welcome.set[id][property], value, name);
	}
	const csv = await (await route(daemon, 'tracks.csv')).text();
	const json = await (await route(daemon, 'tracks.json')).json();

	assert.deepEqual([json.calibration.unit, json.parameters.rule, json.parameters.window], ['cm', 'five-point', 11]);
	assert.ok(Math.abs(json.calibration.px_per_unit - Math.hypot(200, 0.5) / 12.5) < 1e-9);
	assert.ok(csv.trim().split('\n').slice(1).every(row => Number(row.split(',')[2]) >= 0.25 && Number(row.split(',')[2]) <= 1.125));

	// The plug, once it was written.
	await use(daemon, tab, { 'analyze-length.value': 3.75 });
	await until(() => kept(file(stateDir)).analyze.length === 3.75, { what: 'the new length on the disk' });
	await daemon.kill();
	daemon = await startVizyd(t, { stateDir });
	tab = await Tab.open(daemon);
	await open(daemon, tab);
	await pageHas(daemon, { ...all, 'analyze-length.value': 3.75 });
});

test('each clip has its own, however fast they change places', async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	const { daemon, tab, film, stateDir } = it;

	await change(daemon, () => upload(daemon, 'second.avi', readFileSync(film)));
	assert.equal((await page(daemon))['clip-choice.value'], 'second.avi');
	const seconds = { 'analyze-unit.value': 'm', 'analyze-length.value': 2, 'process-threshold.value': 60, 'analyze-range.value': [0, 0.75] };

	await choose(daemon, tab, seconds);
	await open(daemon, tab);
	await choose(daemon, tab);
	await open(daemon, tab, 'second.avi');
	await pageHas(daemon, seconds);
	await open(daemon, tab);
	await pageHas(daemon, chosen);
	// A clip of which nothing is kept begins with the scale of the one before, and with all of its time.
	await change(daemon, () => upload(daemon, 'third.avi', readFileSync(film)));
	await pageHas(daemon, { 'analyze-unit.value': 'cm', 'analyze-length.value': 12.5, 'process-range.value': [0, 294] });
	assert.deepEqual((await page(daemon))['analyze-range.value'][0], 0);
	assert.ok(!existsSync(file(stateDir, 'third.avi')), 'of a clip for which nothing was chosen nothing is kept');
	// And goes with its clip.
	await open(daemon, tab, 'second.avi');
	await use(daemon, tab, { 'analyze-length.value': 5 });
	await click(daemon, tab, 'clip-delete');
	await until(() => !inClips(stateDir).some(name => name.startsWith('second')), { what: 'the second clip to be gone' });
	await daemon.stop();
	assert.deepEqual(inClips(stateDir), ['ball.avi', 'ball.avi.settings.json', 'third.avi']);
});

test('a film whose pixels are not square has one scale in both directions', async t => {
	const film = join(temporaryFolder(t), 'wide.mkv');

	await promisify(execFile)(join(build, 'tests/motionscope/make-film'), [film, '160', '120', '60', 'yuv420p', '0', '4', '3']);
	const daemon = await startVizyd(t);
	const tab = await Tab.open(daemon);

	await upload(daemon, 'wide.mkv', readFileSync(film));
	await opened(tab, /^160 × 120, 60 frames/);
	await click(daemon, tab, 'process-go');
	await processed(tab);
	for (const view of ['clip-view', 'analyze-view']) {
		assert.ok(Math.abs((await page(daemon))[`${view}.aspect`] - 4 / 3) < 1e-6, view);
	}
	await use(daemon, tab, { 'analyze-unit.value': 'm' });
	// 60 pixels to the right are as long as 80 up, and as 36 and 64 together.
	for (const line of [[20, 50, 80, 50], [20, 30, 20, 110], [20, 30, 56, 94]]) {
		await use(daemon, tab, { 'analyze-view.line': line });
		const { calibration, tracks } = await (await route(daemon, 'tracks.json')).json();

		assert.ok(Math.abs(calibration.px_per_unit - 80) < 1e-3 && Math.abs(calibration.px_per_unit_x - 60) < 1e-3, JSON.stringify(calibration));
		for (const point of tracks[0].points) {
			assert.ok(Math.abs(point.x - point.x_px / 60) < 1e-4 && Math.abs(point.y - (119 - point.y_px) / 80) < 1e-4);
		}
		const [drawn] = parseColumns(await (await fetch(`${daemon.url}/${tab.props['analyze-data'].data.src}`)).arrayBuffer());

		assert.deepEqual([...drawn.vx], tracks[0].points.map(({ vx }) => vx));
	}
	assert.ok((await (await route(daemon, 'tracks.csv')).text()).includes('x_px,y_px'));
	await use(daemon, tab, { 'analyze-unit.value': 'px' });
	const { calibration, tracks } = await (await route(daemon, 'tracks.json')).json();

	assert.deepEqual([calibration.px_per_unit, calibration.px_per_unit_x], [1, undefined]);
	assert.ok(tracks[0].points.every(({ x, x_px }) => x === x_px));
});

test('what is wrong in the file is said, is as by default, and is set aside; all else stays', async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	const { stateDir } = it;

	await choose(it.daemon, it.tab);
	await it.daemon.stop();
	const good = readFileSync(file(stateDir), 'utf8');
	const wrong = (part, key, value) => {
		const all = JSON.parse(good);

		all[part] = key ? { ...all[part], [key]: value } : value;
		return JSON.stringify(all);
	};
	const cases = [
		[wrong('analyze', 'unit', 'furlong'), /unit: expected px, m, cm, mm, ft or in\.$/, { 'analyze-unit.value': 'px', 'analyze-window.value': 11 }, 'bad'],
		[wrong('analyze', 'window', 4.5), /window: expected a whole number from 3 to 101\.$/, { 'analyze-window.value': 5, 'analyze-unit.value': 'cm' }, 'bad'],
		[wrong('analyze', 'line_px', [1, 2, 1, 2]), /line_px: expected x1, y1, x2, y2 at least a pixel apart\.$/, { 'analyze-length.value': 12.5 }, 'bad'],
		[wrong('analyze', 'length', -1), /length: expected a number more than 0\.$/, { 'analyze-length.value': 1 }, 'bad'],
		[wrong('analyze', 'range_s', [2, 1]), /range_s: expected /, { 'analyze-spacing.value': 9 }, 'bad'],
		[wrong('analyze', 'graphs', ['y', 'q']), /graphs: expected /, { 'analyze-show.value': ['x', 'y', 'vy'] }, 'bad'],
		[wrong('process', 'threshold_percent', 'much'), /process: expected /, { 'analyze-window.value': 11, 'process-range.value': [0, 294] }, 'bad'],
		[wrong('analyze', null, 5), /analyze: expected an object\.$/, { 'process-threshold.value': 41, 'analyze-unit.value': 'px' }, 'bad'],
		[wrong('clip', 'n_frames', 12), /of another film of that name\.$/, { 'process-range.value': [0, 294] }, 'bad'],
		[good.slice(0, 100), /damaged, or of a newer vizyd\.$/, { 'process-range.value': [0, 294] }, 'bad'],
		[wrong('version', null, 2), /damaged, or of a newer vizyd\.$/, { 'process-range.value': [0, 294] }, 'version-2'],
	];

	for (const [text, message, values, ending] of cases) {
		for (const name of readdirSync(join(stateDir, 'clips')).filter(one => /settings/.test(one))) {
			rmSync(join(stateDir, 'clips', name));
		}
		writeFileSync(file(stateDir), text);
		const daemon = await startVizyd(t, { stateDir });
		const tab = await Tab.open(daemon);

		await open(daemon, tab);
		await until(() => message.test(tab.props['process-state']?.children ?? ''), { what: () => `${message}; it says ${JSON.stringify(tab.props['process-state'])}` });
		await pageHas(daemon, values);
		assert.match(daemon.stderr, /ball\.avi\.settings\.json is (damaged|of a newer)/);
		assert.equal(readFileSync(`${file(stateDir)}.${ending}`, 'utf8'), text);
		await daemon.stop();
	}
});

test('killed at any moment of saving: the old or a new one', { timeout: 120000 }, async t => {
	const it = await startWithBall(t);

	if (!it) {
		return;
	}
	let { daemon, tab } = it;
	const { stateDir } = it;
	let last = 1;

	for (let round = 0; round < 8; round++) {
		const before = existsSync(file(stateDir)) ? kept(file(stateDir)).analyze.length : last;
		const end = Date.now() + 300 + Math.random() * 900;

		while (Date.now() < end) {
			use(daemon, tab, { 'analyze-length.value': ++last }).catch(() => {});
			await sleep(20 + Math.random() * 60);
		}
		await daemon.kill();
		if (existsSync(file(stateDir))) {
			const { length } = kept(file(stateDir)).analyze;

			assert.ok(length >= before && length <= last, `round ${round}: ${length}, of ${before} to ${last}`);
		}
		daemon = await startVizyd(t, { stateDir });
		tab = await Tab.open(daemon);
		await open(daemon, tab);
		assert.doesNotMatch(daemon.stderr, /damaged/, `round ${round}`);
	}
	assert.ok(existsSync(file(stateDir)), 'in none of the rounds was anything kept');
});
