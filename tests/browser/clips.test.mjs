// A video from a phone becomes graphs: upload, process, look, point; and a second browser sees the same.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { allShow, drag, launch, openTab, property } from '../lib/browser.mjs';
import { outDir, startVizyd } from '../lib/daemon.mjs';
import { footage } from '../lib/footage.mjs';
import { until } from '../lib/wait.mjs';

const shots = join(outDir, 'shots');
const tab = (page, name) => page.locator('.vz-tab', { hasText: name }).click();
const text = (page, id) => page.locator(`#${id}`).textContent();

mkdirSync(shots, { recursive: true });

async function says(page, id, wanted, timeout = 60000) {
	await until(async () => wanted.test(await text(page, id)), { timeout, what: () => `#${id} to say ${wanted}` });
}

/** The place on the screen of a point of the picture. */
async function placeOf(page, [x, y]) {
	return page.evaluate(([x, y]) => {
		const svg = document.querySelector('#analyze-view svg');
		const { left, top, width } = svg.getBoundingClientRect();
		const scale = width / svg.viewBox.baseVal.width;

		return { x: left + (x + 0.5) * scale, y: top + (y + 0.5) * scale };
	}, [x, y]);
}

test('a film is uploaded, processed and measured, and another browser follows', async t => {
	const films = await footage(t);

	if (!films) {
		return;
	}
	const daemon = await startVizyd(t);
	const browser = await launch(t);
	const [a, b] = [await openTab(await browser.newContext(), daemon.url), await openTab(await browser.newContext(), daemon.url)];

	await tab(a, 'Process');
	await tab(b, 'Process');
	await a.setInputFiles('#clip-upload input', films.find('Principe_inertie.avi'));
	for (const page of [a, b]) {
		await says(page, 'clip-note', /^400 × 300, 28 frames, 1\.080 s$/);
		await page.waitForSelector('#clip-view img');
	}

	// Whoever moves the position or the threshold moves it for all.
	await drag(a, 'clip-frame', [10]);
	await until(async () => /frame=10$/.test(await b.getAttribute('#clip-view', 'data-shown') ?? ''), { what: 'frame 10 in the other browser' });
	await b.locator('#clip-mode input').nth(1).click();
	await until(async () => /view=moving&threshold=25$/.test(await a.getAttribute('#clip-view', 'data-shown') ?? ''), { what: 'what moves' });
	await drag(b, 'process-threshold', [40]);
	await allShow([a, b], 'process-threshold', 40);
	await until(async () => /threshold=40$/.test(await a.getAttribute('#clip-view', 'data-shown') ?? ''), { what: 'the new threshold' });
	await a.screenshot({ path: join(shots, 'process.png'), fullPage: true });

	await a.locator('#process-go').click();
	await says(b, 'process-state', /^\d+ objects? found\.$/);
	for (const page of [a, b]) {
		await tab(page, 'Analyze');
		await page.waitForSelector('#analyze-view img');
		await page.waitForSelector('#analyze-graph .scatterlayer .trace', { timeout: 20000 });
	}

	// What is pointed at in the picture is marked in the graphs, of this browser alone.
	const tracks = await property(a, 'analyze-view', 'tracks');

	await a.locator('#analyze-view').scrollIntoViewIfNeeded();
	const at = await placeOf(a, tracks[0].points[12]);

	await a.mouse.move(at.x, at.y, { steps: 3 });
	await says(a, 'analyze-point', /^t = \d\.\d+ s · x = \d+(\.\d+)? px · y = \d+(\.\d+)? px · vy = -?\d+(\.\d+)? px\/s$/, 5000);
	await a.waitForSelector('#analyze-graph .hoverlayer .hovertext');
	assert.equal(await text(b, 'analyze-point'), '');
	await a.mouse.move(5, 5);
	await until(async () => await text(a, 'analyze-point') === '', { what: 'nothing to be pointed at' });
	await a.locator('#analyze-graph').scrollIntoViewIfNeeded();
	const dot = await a.locator('#analyze-graph .scatterlayer .trace .point').nth(5).boundingBox();

	await a.mouse.move(dot.x + dot.width / 2, dot.y + dot.height / 2, { steps: 3 });
	await a.waitForSelector('#analyze-view .vz-track-mark', { state: 'attached' });
	await a.mouse.move(5, 5);

	// A scale: the line is laid, the graphs are in metres, for everybody.
	await a.locator('#analyze-unit label, #analyze-unit .dash-options-list-option').filter({ hasText: /^m$/ }).first().click();
	await b.waitForSelector('#analyze-view .vz-track-handle');
	const line = await property(a, 'analyze-view', 'line');

	await a.locator('#analyze-view').scrollIntoViewIfNeeded();
	const [from, to] = [await placeOf(a, line.slice(0, 2)), await placeOf(a, [120, 200])];

	await a.mouse.move(from.x, from.y);
	await a.mouse.down();
	await a.mouse.move(to.x, to.y, { steps: 5 });
	await a.mouse.up();
	await until(async () => (await property(b, 'analyze-view', 'line'))?.[1] < 210, { what: 'the line in the other browser' });
	const moved = await property(b, 'analyze-view', 'line');
	const pixels = Math.hypot(moved[2] - moved[0], moved[3] - moved[1]);

	assert.ok(Math.hypot(moved[0] - 120, moved[1] - 200) < 2, JSON.stringify(moved));
	await until(async () => (await property(b, 'analyze-graph', 'figure')).layout.yaxis.title.text === 'x / m', { what: 'metres' });
	const { data } = await property(b, 'analyze-graph', 'figure');

	assert.ok(Math.abs(data[0].x.length - tracks[0].points.length) === 0);
	assert.ok(Math.abs(data[0].y[3] - tracks[0].points[3][0] / pixels) < 1e-9);
	const json = await (await fetch(`${daemon.url}/_vizyd/clips/tracks.json`)).json();

	assert.deepEqual(json.tracks[0].points.map(p => p.x), data[0].y);
	assert.equal(json.calibration.unit, 'm');

	// An object less, in the picture, in the graphs and in the files.
	await a.locator('#analyze-tracks input').first().click();
	await until(async () => (await property(b, 'analyze-view', 'tracks')).length === tracks.length - 1, { what: 'a track less' });
	assert.ok(!(await (await fetch(`${daemon.url}/_vizyd/clips/tracks.csv`)).text()).includes('\n1,'));
	await a.locator('#analyze-tracks input').first().click();
	await until(async () => (await property(b, 'analyze-view', 'tracks')).length === tracks.length, { what: 'all tracks again' });

	await a.screenshot({ path: join(shots, 'analyze.png'), fullPage: true });
	await a.setViewportSize({ width: 390, height: 844 });
	await a.waitForTimeout(500);
	await a.screenshot({ path: join(shots, 'analyze-phone.png'), fullPage: true });
	assert.ok(await a.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing is wider than the phone');

	// A clip of another size comes while this one is looked at: its scale goes.
	await tab(b, 'Process');
	await b.setInputFiles('#clip-upload input', films.find('balle1-vp9.avi'));
	await says(b, 'clip-note', /^320 × 240, 295 frames/);
	await until(async () => await a.locator('#analyze-view .vz-track-text').count() === 0, { what: 'a view without a scale' });
	for (const page of [a, b]) {
		assert.deepEqual(page.complaints, []);
	}
});
