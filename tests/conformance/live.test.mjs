// Live tracking: the switch, what is drawn over the picture while the camera runs, and that nothing runs
// while it is off or nobody watches. The simulated camera shows a ball that is thrown again and again.

import assert from 'node:assert/strict';
import test from 'node:test';

import { watch } from '../lib/camera.mjs';
import { startVizyd } from '../lib/daemon.mjs';
import { click, page, use } from '../lib/recorder.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

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
	const { tracked } = await live(daemon);
	const sent = overlays(one).length;

	await sleep(500);
	assert.equal((await live(daemon)).tracked, tracked);
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
