// Live tracking in browsers: the switch that all share, and boxes and trails over what moves, in the pixels
// of the screen, beside what the simulated camera is known to show.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { launch, openTab, property } from '../lib/browser.mjs';
import { outDir, startVizyd } from '../lib/daemon.mjs';
import { scene } from '../lib/scene.mjs';
import { until } from '../lib/wait.mjs';

const shots = join(outDir, 'shots');
const box = page => page.locator('#track-live input');
const MAX_LAG_S = 0.2;
const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];

mkdirSync(shots, { recursive: true });

/**
 * What the two canvases show now: pixels of the overlay that have `colour` alone, in pixels of the picture,
 * and the middle of what is orange in the picture, which is the ball.
 */
function look(page, colour) {
	return page.evaluate(colour => {
		const [picture, overlay] = document.querySelectorAll('#live canvas');
		const { width, height } = picture;

		if (!width || !overlay.width) {
			return null;
		}
		const at = picture.getBoundingClientRect();
		const over = overlay.getBoundingClientRect();
		// As object-fit: contain has it.
		const scale = Math.min(at.width / width, at.height / height);
		const left = at.left + (at.width - width * scale) / 2 - over.left;
		const top = at.top + (at.height - height * scale) / 2 - over.top;
		const density = overlay.width / over.width;
		const [red, green, blue] = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
		const drawn = overlay.getContext('2d').getImageData(0, 0, overlay.width, overlay.height).data;
		const points = [];

		for (let i = 0; i < drawn.length; i += 4) {
			if (drawn[i + 3] > 200 && Math.abs(drawn[i] - red) + Math.abs(drawn[i + 1] - green) + Math.abs(drawn[i + 2] - blue) < 20) {
				const pixel = i / 4;

				points.push({
					x: ((pixel % overlay.width + 0.5) / density - left) / scale,
					y: ((Math.floor(pixel / overlay.width) + 0.5) / density - top) / scale,
				});
			}
		}
		const seen = picture.getContext('2d').getImageData(0, 0, width, height).data;
		const ball = { x: 0, y: 0, n: 0 };

		// Below the chart of colours and above the floor.
		for (let i = 4 * width * Math.round(0.12 * height); i < 4 * width * Math.round(0.82 * height); i += 4) {
			if (seen[i] - seen[i + 2] > 90 && seen[i] - seen[i + 1] > 25) {
				ball.x += i / 4 % width;
				ball.y += Math.floor(i / 4 / width);
				ball.n++;
			}
		}
		const shapes = window.dash_component_api.getLayout('live').props.overlay;

		return {
			width, height, points, shapes, n: drawn.reduce((n, value, i) => n + (i % 4 === 3 && value > 0), 0),
			ball: ball.n > 40 ? { x: ball.x / ball.n + 0.5, y: ball.y / ball.n + 0.5 } : null,
		};
	}, colour);
}

const trailsIn = shapes => shapes.filter(({ type, closed }) => type === 'polyline' && !closed);

/** Whether this is the trail of the pendulum's bob. */
const isBob = ({ width, height }) => ({ points }) => points.length >= 20 &&
	median(points.map(([x, y]) => scene(width, height).fromSwing({ x: x - 0.5, y: y - 0.5 }))) < 2;

/** The bob's trail is drawn along its circle, to the pixel, and nothing of its colour far from it. */
async function checkBob(page) {
	let seen;

	// It has another colour when it was lost or the background was taken anew; now and then another object has
	// the same; and what is drawn may be newer than what React holds.
	await until(async () => {
		const { width, height, shapes } = await look(page, '#000000') ?? {};
		const trail = trailsIn(shapes ?? []).find(isBob({ width, height }));

		if (!trail) {
			return false;
		}
		const { points } = await look(page, trail.color);
		const { fromSwing, bobRadius } = scene(width, height);
		const off = points.map(({ x, y }) => fromSwing({ x: x - 0.5, y: y - 0.5 }));
		// Most of its pixels are the trail, two pixels of the screen wide; the rest are its box and its number.
		const on = off.filter(value => value < 2.5).length;

		seen = { color: trail.color, pixels: off.length, on, farthest: Math.max(...off) };
		return off.length > 60 && on > 0.3 * off.length && seen.farthest < 2 * bobRadius + 25;
	}, { timeout: 90000, interval: 100, what: () => `the trail of the bob, alone on its swing: ${JSON.stringify(seen)}` });
}

/** The box is at the ball that is shown under it, but for some frames of its way. */
async function checkLag(page) {
	const lags = [];

	await until(async () => {
		const { ball, width, height, shapes } = await look(page, '#000000');

		if (ball && ball.x > 60 && ball.x < width - 60) {
			const trail = trailsIn(shapes ?? []).map(({ points }) => points).filter(points => points.length >= 8)
				.filter(points => points.at(-1)[0] - points.at(-8)[0] > 20)
				.map(points => points.map(([x, y]) => ({ x: x - 0.5, y: y - 0.5 })))
				.find(points => scene(width, height).throwOf(points.slice(-8), 40).worst < 1.5);

			if (trail) {
				lags.push((ball.x - 0.5 - trail.at(-1).x) / (1.4 * scene(width, height).scale));
			}
		}
		return lags.length >= 12 && median(lags.slice(-12).map(Math.abs)) < MAX_LAG_S;
	}, { timeout: 90000, interval: 150, what: () => `the ball in its box; it is behind by ${lags}` });
}

test('one switch for all: boxes and trails lie over what moves, and go when it is off', { timeout: 300000 }, async t => {
	const daemon = await startVizyd(t);
	const browser = await launch(t);
	const [a, b] = [await openTab(await browser.newContext(), daemon.url),
		await openTab(await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }), daemon.url)];

	for (const page of [a, b]) {
		await page.waitForSelector('#live[data-state=live]');
		assert.equal(await box(page).isChecked(), false);
	}
	await box(a).click();
	await until(() => box(b).isChecked(), { what: 'the switch, on in the other browser' });
	await checkBob(a);
	await checkBob(b);
	await checkLag(a);
	await a.screenshot({ path: join(shots, 'live.png') });
	await b.screenshot({ path: join(shots, 'live-phone.png') });

	// Loaded anew while it is on, and somebody who comes later.
	await b.reload({ waitUntil: 'domcontentloaded' });
	await b.waitForSelector('#live[data-state=live]');
	await until(() => box(b).isChecked(), { what: 'the switch, still on' });
	await checkBob(b);
	const late = await openTab(await browser.newContext(), daemon.url);

	await until(() => box(late).isChecked(), { what: 'the switch, on for who comes later' });
	await checkBob(late);

	// Another background, asked for by the other browser.
	await b.locator('#track-live-retake').click();
	for (const page of [a, late]) {
		await until(async () => (await property(page, 'live', 'overlay')).some(({ text }) => text?.startsWith('Looking')), { what: 'that it looks again' });
	}
	await checkBob(late);

	await box(b).click();
	for (const page of [a, b, late]) {
		await until(async () => !await box(page).isChecked(), { what: 'the switch, off' });
		await until(async () => (await look(page, '#000000')).n === 0, { what: 'nothing drawn' });
		assert.deepEqual(page.complaints, []);
	}
});
