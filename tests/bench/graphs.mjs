// The tab Analyze with 10 000 points, six graphs, in the real browser: from a key or a click to the
// painted picture of what it changes. The floor is Plotly alone, which is told the same figure again.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { build, Daemon, uiDir, vizyd } from '../lib/daemon.mjs';
import { line } from './lib.mjs';

const WIDTH = 64;
const HEIGHT = 48;
const FPS = 250;

/** What was found in the film, if one thing had moved in it all the time: noise is as hard to draw as anything. */
function makeTracks(n) {
	const point = k => [k, k / FPS, 32 + 20 * Math.sin(k / 300) + Math.sin(k * 7.7) / 5, 24 + 15 * Math.cos(k / 170) + Math.cos(k * 5.3) / 5, 12, 0];

	return JSON.stringify({
		format: 1, width_px: WIDTH, height_px: HEIGHT, n_frames: n, fps: FPS, rotation_deg: 0, pixel_aspect: 1, noise_levels: [1, 1, 1],
		options: { threshold_percent: 25, first: 0, last: n - 1, min_area_px: 0, points: [] },
		tracks: [Array.from({ length: n }, (_, k) => point(k))],
	});
}

function makeSettings(n) {
	return JSON.stringify({
		version: 1, clip: { width_px: WIDTH, height_px: HEIGHT, n_frames: n },
		analyze: { graphs: ['x', 'y', 'vx', 'vy', 'ax', 'ay'], spacing: 60 },
	});
}

async function makeClip(stateDir, n) {
	const clips = join(stateDir, 'clips');

	mkdirSync(clips);
	await promisify(execFile)(join(build, 'tests/motionscope/make-film'), [join(clips, 'long.mkv'), WIDTH, HEIGHT, n, 'yuv420p', 0, 1, 1].map(String));
	writeFileSync(join(clips, 'long.mkv.tracks.json'), makeTracks(n));
	writeFileSync(join(clips, 'long.mkv.settings.json'), makeSettings(n));
}

/** In the page: has `window.begin(what)` wait for the next change of the graphs or the picture, and for the picture of it. */
function prepare() {
	const painted = () => new Promise(done => requestAnimationFrame(() => {
		const { port1, port2 } = new MessageChannel();

		port1.onmessage = () => done(performance.now());
		port2.postMessage(0);
	}));
	const changes = {
		graphs: () => new Promise(done => document.querySelector('#analyze-graph .js-plotly-plot').once('plotly_afterplot', done)),
		picture: () => new Promise(done => new MutationObserver((_, self) => { self.disconnect(); done(); })
			.observe(document.querySelector('#analyze-view svg'), { subtree: true, attributes: true, childList: true })),
		point: () => new Promise(done => new MutationObserver((_, self) => { self.disconnect(); done(); })
			.observe(document.querySelector('#analyze-point'), { childList: true, characterData: true, subtree: true })),
	};
	let start = 0;

	for (const type of ['keydown', 'click', 'pointermove']) {
		window.addEventListener(type, event => { start ||= event.timeStamp; }, true);
	}
	window.begin = what => {
		start = 0;
		window.took = changes[what]().then(painted).then(end => end - start);
	};
	window.plotAlone = async () => {
		const plot = document.querySelector('#analyze-graph .js-plotly-plot');
		const data = plot.data.map(curve => ({ ...curve, x: [...curve.x], y: [...curve.y] }));
		const since = performance.now();

		await window.Plotly.react(plot, data, { ...plot.layout }, plot._context);
		return await painted() - since;
	};
}

/** What a person does, and what shows it. */
const deeds = {
	'a step of the time': { what: 'graphs', focus: '#analyze-range [role=slider] >> nth=1', act: (page, i) => page.keyboard.press(i % 2 ? 'ArrowRight' : 'ArrowLeft') },
	'a graph more or less': { what: 'graphs', act: page => page.locator('#analyze-show input').nth(5).click() },
	'a step of the spacing': { what: 'picture', focus: '#analyze-spacing [role=slider]', act: (page, i) => page.keyboard.press(i % 2 ? 'ArrowRight' : 'ArrowLeft') },
	'a point of the picture': { what: 'point', act: async (page, i) => {
		const { x, y, width, height } = await page.locator('#analyze-view svg').boundingBox();

		await page.mouse.move(x + width / 2 + (i % 2 ? 0.28 : -0.28) * width, y + height / 2);
	} },
};

async function measure(page, { what, focus, act }, times) {
	const result = { ours: [], floor: [] };

	if (focus) {
		await page.locator(focus).first().focus();
	}
	for (let i = 0; i < times; i++) {
		await page.evaluate(one => window.begin(one), what);
		await act(page, i);
		const ours = await page.evaluate(() => window.took);

		await page.waitForTimeout(300);
		const floor = await page.evaluate(() => window.plotAlone());

		await page.waitForTimeout(100);
		// The first one warms up what the others need.
		if (i > 0 || times === 1) {
			result.ours.push({ value: ours });
			result.floor.push({ value: floor });
		}
	}
	return result;
}

async function openAnalyze(launched, url) {
	const { openTab } = await import('../lib/browser.mjs');
	const page = await openTab(await launched.newContext({ viewport: { width: 1440, height: 900 } }), url);

	await page.locator('.vz-tab', { hasText: 'Process' }).click();
	await page.locator('#clip-choice').click();
	await page.locator('.dash-dropdown-option, [role=option]').first().click();
	await page.waitForSelector('#clip-view img', { timeout: 120000 });
	await page.locator('.vz-tab', { hasText: 'Analyze' }).click();
	await page.waitForSelector('#analyze-graph .scatterlayer .trace', { timeout: 60000 });
	await page.evaluate(prepare);
	await page.waitForTimeout(2000);
	return page;
}

const graphs = async bench => {
	const { launch } = await import('../lib/browser.mjs');
	const stateDir = mkdtempSync(join(tmpdir(), 'vizyd-graphs-'));
	const ends = [() => rmSync(stateDir, { recursive: true })];
	const lines = [];

	try {
		await makeClip(stateDir, bench.quick ? 500 : 10000);
		const daemon = new Daemon(vizyd, ['--listen', '127.0.0.1:0', '--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', stateDir]);

		ends.push(() => daemon.stop());
		await daemon.listening();
		const page = await openAnalyze(await launch({ after: end => ends.push(end) }), daemon.url);

		for (const [name, deed] of Object.entries(deeds)) {
			const results = await measure(page, deed, bench.quick ? 1 : 16);

			lines.push(line(`10 000 points, ${name}, p50`, 'ms', results, 'value', { atMost: 100 }));
		}
	} finally {
		for (const end of ends.reverse()) {
			await end();
		}
	}
	return lines;
};

export const rows = { graphs };
