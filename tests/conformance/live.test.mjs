// Live tracking: the switch, what is drawn over the picture while the camera runs, and that nothing runs
// while it is off or nobody watches. The simulated camera shows a ball that is thrown again and again.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { watch } from '../lib/camera.mjs';
import { Daemon, startVizyd, temporaryFolder, uiDir, vizyd } from '../lib/daemon.mjs';
import { click, page, use } from '../lib/recorder.mjs';
import { scene } from '../lib/scene.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until, untilQuiet } from '../lib/wait.mjs';

const live = async daemon => (await daemon.status_page()).live;
const turn = (daemon, tab, value) => use(daemon, tab, { 'track-live.value': value });

/** The overlays that `tab` was sent, the last one last. */
const overlays = tab => tab.history.filter(([id, property]) => id === 'live' && property === 'overlay').map(([, , value]) => value);
const boxesOf = shapes => shapes.filter(({ type, closed }) => type === 'polyline' && closed);

/** Centre and size of a box. */
function measure({ points }) {
	const [[left, top], , [right, bottom]] = points;

	return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
}

/** The longest trail of each object, by its number. */
function trailsOf(list) {
	const trails = new Map();

	for (const shapes of list) {
		for (const { text, color } of shapes.filter(({ type, color }) => type === 'text' && color)) {
			const { points } = shapes.find(shape => shape.type === 'polyline' && !shape.closed && shape.color === color);

			if (points.length > (trails.get(text)?.length ?? 0)) {
				// Drawn from the corner of the first pixel, not from its middle.
				trails.set(text, points.map(([x, y]) => ({ x: x - 0.5, y: y - 0.5 })));
			}
		}
	}
	return [...trails.values()];
}

const middle = values => [...values].sort((a, b) => a - b)[values.length >> 1];
const worst = (values, part = 0.95) => [...values].sort((a, b) => a - b)[Math.floor(part * (values.length - 1))];

/** The trails of the pendulum's bob and of thrown balls, whole in the picture, in a scene of this size. */
function sort(list, { width, height }) {
	const { fromSwing, throwOf, ballRadius } = scene(width, height);
	const long = trailsOf(list).filter(({ length }) => length >= 25);
	const bobs = long.map(points => points.map(fromSwing)).filter(off => middle(off) < 3);
	const balls = long.filter(points => middle(points.map(fromSwing)) > 10)
		.map(points => points.filter(({ x }) => x > 2 * ballRadius && x < width - 2 * ballRadius))
		.filter(({ length }) => length >= 20).map(points => throwOf(points)).filter(({ off }) => middle(off) < 3);

	return { bobs, balls };
}

test('off costs nothing; on, both browsers get boxes and trails; off, they go', async t => {
	const daemon = await startVizyd(t);
	const [one, other] = [await Tab.open(daemon), await Tab.open(daemon)];
	const watcher = await watch(daemon, { keep: false });

	await until(() => watcher.pictures.length > 10, { what: 'pictures' });
	assert.deepEqual(await live(daemon), { on: false, running: false, tracked: 0, failed: 0 });
	assert.deepEqual(overlays(one), []);

	await turn(daemon, one, ['on']);
	await until(() => overlays(other).some(shapes => boxesOf(shapes).length), { timeout: 60000, what: 'a box' });
	assert.ok(overlays(one).length > 0);
	assert.deepEqual((await page(daemon))['track-live.value'], ['on']);
	const status = await live(daemon);

	assert.ok(status.on && status.running && status.tracked > 15 && status.failed === 0, JSON.stringify(status));

	await turn(daemon, other, []);
	await until(() => overlays(one).at(-1).length === 0 && overlays(other).at(-1).length === 0, { what: 'nothing drawn' });
	// The frame in hand is still counted, but nobody hears of it.
	const sent = overlays(one).length;

	await untilQuiet(async () => (await live(daemon)).tracked, { what: 'a thread at rest' });
	assert.equal(overlays(one).length, sent);
	watcher.close();
});

test('the ball is boxed, at its size, with its trail and its number', async t => {
	const daemon = await startVizyd(t);
	const tab = await Tab.open(daemon);
	const watcher = await watch(daemon, { keep: false });

	await turn(daemon, tab, ['on']);
	await until(() => watcher.pictures.length, { what: 'a picture' });
	const { height } = watcher.pictures[0];
	// 2.4 m are as high as the picture; the ball's radius is 0.07 m.
	const size = 2 * 0.07 * height / 2.4;
	const isBall = box => Math.abs(box.height - size) < 0.3 * size + 2 && box.y < 0.8 * height;

	await until(() => overlays(tab).filter(shapes => boxesOf(shapes).map(measure).some(isBall)).length > 30,
		{ timeout: 90000, what: 'the ball in its boxes' });
	for (const shapes of overlays(tab)) {
		const boxes = boxesOf(shapes);

		for (const { color } of boxes) {
			assert.ok(shapes.some(({ type, closed, color: other, points }) =>
				type === 'polyline' && !closed && other === color && points.length >= 4), 'a trail');
			assert.ok(shapes.some(({ type, color: other, text }) => type === 'text' && other === color && Number(text) > 0), 'a number');
		}
	}
});

test('nothing runs while nobody watches; a new background is learnt when asked', async t => {
	const daemon = await startVizyd(t);
	const tab = await Tab.open(daemon);
	const isLearning = () => overlays(tab).at(-1)?.some(({ text }) => text?.startsWith('Looking'));

	await turn(daemon, tab, ['on']);
	assert.deepEqual(await live(daemon), { on: true, running: false, tracked: 0, failed: 0 });

	const watcher = await watch(daemon, { keep: false });

	await until(isLearning, { what: 'learning' });
	await until(async () => !isLearning() && (await live(daemon)).tracked > 20, { timeout: 30000, what: 'a background' });
	await click(daemon, tab, 'track-live-retake');
	await until(isLearning, { what: 'learning again' });
	watcher.close();
	await until(async () => !(await live(daemon)).running, { what: 'rest' });
	await until(() => overlays(tab).at(-1).length === 0, { what: 'nothing drawn' });
});

test('what is no state of the switch is refused, and changes nothing', async t => {
	const daemon = await startVizyd(t);
	const tab = await Tab.open(daemon);

	for (const value of [['off'], ['on', 'on'], 'on', true, null, [1]]) {
		await turn(daemon, tab, value).catch(() => {});
		assert.equal((await live(daemon)).on, false, JSON.stringify(value));
	}
	await until(async () => JSON.stringify((await page(daemon))['track-live.value']) === '[]', { what: 'the switch as it was' });
});

test('trails are where the ball and the bob were, to a pixel, and of the times of the frames', async t => {
	const daemon = await startVizyd(t);
	const tab = await Tab.open(daemon);
	const watcher = await watch(daemon, { keep: false });

	await turn(daemon, tab, ['on']);
	await until(() => watcher.pictures.length, { what: 'a picture' });
	const fps = Number(/([\d.]+) fps/.exec((await daemon.status_page()).camera.text)[1]);
	// A slow machine misses frames, but those it sees are whole ones apart; a pixel is a tenth of a frame.
	const odd = ({ times }) => times.slice(1).map((time, i) => (time - times[i]) * fps)
		.filter(step => Math.abs(step - Math.round(step)) > 0.25 || Math.round(step) < 1).length / times.length;
	let found;

	// Where it misses many it may take one thing for another, now and then.
	await until(() => {
		const { bobs, balls } = sort(overlays(tab), watcher.pictures[0]);

		found = { bobs: bobs.map(off => worst(off)), balls: balls.map(ball => ({ n: ball.n, worst: worst(ball.off, 0.9), odd: odd(ball) })) };
		return found.bobs.some(off => off < 1) && found.balls.filter(ball => ball.worst < 1 && ball.odd <= 0.15).length >= 2;
	}, { timeout: 120000, interval: 1000, what: () => `a bob and two throws, to a pixel: ${JSON.stringify(found)}` });
	assert.ok(middle(found.bobs) < 1 && middle(found.balls.map(ball => ball.worst)) < 1, JSON.stringify(found));
	watcher.close();
});

test('turned fast, from two tabs, it ends as the last one has it', async t => {
	const daemon = await startVizyd(t);
	const [one, other] = [await Tab.open(daemon), await Tab.open(daemon)];
	const watcher = await watch(daemon, { keep: false });

	for (let i = 0; i < 25; i++) {
		await turn(daemon, i % 3 ? one : other, i % 2 ? [] : ['on']);
		await sleep(Math.random() * 40);
	}
	await turn(daemon, one, []);
	await until(async () => !(await live(daemon)).running && overlays(other).at(-1)?.length === 0, { what: 'rest' });
	const sent = overlays(other).length;

	await untilQuiet(async () => (await live(daemon)).tracked, { what: 'a thread at rest' });
	assert.equal(overlays(other).length, sent);

	await turn(daemon, other, ['on']);
	await until(() => overlays(one).slice(sent).some(shapes => boxesOf(shapes).length), { timeout: 60000, what: 'a box' });
	assert.equal((await live(daemon)).failed, 0);
	// Who comes later sees the switch as it is.
	const late = await Tab.open(daemon);

	assert.deepEqual(late.welcome.set['track-live']?.value ?? (await page(daemon))['track-live.value'], ['on']);
	watcher.close();
});

test('another size, another camera, none at all, and back: what is drawn is of what is shown', async t => {
	const config = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(config, '[camera]\nsource = simulated\n');
	const daemon = new Daemon(vizyd, ['--config', config, '--listen', '127.0.0.1:0', '--ui-dir', uiDir, '--state-dir', temporaryFolder(t)]);

	t.after(() => daemon.stop());
	await daemon.listening();
	const tab = await Tab.open(daemon);
	const watcher = await watch(daemon, { keep: false });
	const change = async (text, done) => {
		writeFileSync(config, `[camera]\n${text}\n`);
		daemon.child.kill('SIGHUP');
		const before = overlays(tab).length;

		await until(async () => done((await daemon.status_page()).camera), { timeout: 30000, what: () => `the camera of ${text}; ${daemon.stderr}` });
		return before;
	};
	/** Where the first overlay is that says that it learns, from `from` on. */
	const learning = async from => {
		const find = () => overlays(tab).findIndex((shapes, i) => i >= from && shapes.some(({ text }) => text?.startsWith('Looking')));

		await until(() => find() >= 0, { timeout: 30000, what: 'learning' });
		return find();
	};
	const boxed = (from, what) => until(() => overlays(tab).slice(from).some(shapes => boxesOf(shapes).length), { timeout: 60000, what });

	await turn(daemon, tab, ['on']);
	await boxed(0, 'a box');

	const size = { width: 320, height: 240 };
	const smaller = await learning(await change('source = simulated\nwidth = 320\nheight = 240', c => c.width === 320 && c.state === 'live'));

	await until(() => sort(overlays(tab).slice(smaller), size).bobs.some(off => worst(off) < 1),
		{ timeout: 60000, interval: 500, what: 'the bob in the smaller picture' });

	// Of the same size, so that only its name says that the background is another.
	const other = await learning(await change('source = simulated:2\nwidth = 320\nheight = 240', c => c.name === 'Simulated camera 2' && c.state === 'live'));

	await boxed(other, 'a box of the other camera');

	await change('source = file:/nowhere.mp4', c => c.state === 'lost');
	await until(() => overlays(tab).at(-1).length === 0, { what: 'nothing drawn over no picture' });
	const lost = overlays(tab).length;

	await sleep(300);
	assert.equal(overlays(tab).length, lost);
	const back = await learning(await change('source = simulated', c => c.name === 'Simulated camera' && c.state === 'live'));

	await boxed(back, 'a box again');
	assert.deepEqual((await page(daemon))['track-live.value'], ['on']);
	watcher.close();
});
