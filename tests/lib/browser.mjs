// Headless Chromium, with the real renderer in it, as a person uses it: keys, mouse, eyes.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

import { until } from './wait.mjs';

const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

/** Starts a browser of its own, closed when the test `t` ends. */
export async function launch(t, { args = [] } = {}) {
	const browser = await chromium.launch({
		executablePath, headless: true,
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
			'--disable-background-networking', '--disable-component-update', '--disable-sync',
			'--disable-dev-shm-usage', ...args],
	});

	t.after(() => browser.close());
	return browser;
}

/**
 * Everything that a page complains about: console errors, Content-Security-Policy violations,
 * exceptions, answers of 400 and above, requests to anywhere else.
 */
function watchComplaints(page, origin) {
	page.complaints = [];
	page.on('console', message => {
		if (message.type() === 'error') {
			page.complaints.push(`console: ${message.text()} (${message.location().url})`);
		}
	});
	page.on('pageerror', error => page.complaints.push(`exception: ${error.stack ?? error}`));
	page.on('response', response => {
		if (response.status() >= 400) {
			page.complaints.push(`${response.status()} ${response.url()}`);
		}
	});
	page.on('request', request => {
		if (!request.url().startsWith(`${origin}/`) && !/^(blob|data):/.test(request.url())) {
			page.complaints.push(`foreign request: ${request.url()}`);
		}
	});
}

/** Opens a tab and waits until it is alive: `ready` is a selector that the page must have. */
export async function openTab(context, url, { ready = '[role=slider]', init, timeout = 30000 } = {}) {
	const page = await context.newPage();

	watchComplaints(page, new URL(url).origin);
	if (init) {
		await page.addInitScript(init);
	}
	await page.goto(url, { waitUntil: 'domcontentloaded', timeout });
	await page.waitForSelector(ready, { timeout });
	await page.waitForSelector('html:not([data-vizyd-offline])', { timeout });
	return page;
}

export const handle = (page, id) => page.locator(`#${id} [role=slider], [role=slider]#${id}`).first();

/** What the person sees of a slider. */
export async function sliderValue(page, id) {
	return Number(await handle(page, id).getAttribute('aria-valuenow'));
}

/** What the renderer holds of a component. */
export function property(page, id, name) {
	return page.evaluate(([id, name]) => window.dash_component_api.getLayout(id)?.props[name], [id, name]);
}

export const text = (page, id) => page.locator(`#${id}`).innerText();

/** Waits until a component shows a text. */
export function shows(page, id, value) {
	let seen;

	return until(async () => (seen = await text(page, id)) === value, { what: () => `#${id} to show "${value}"; it shows "${seen}"` });
}

/** Waits until the renderer holds a value, compared as JSON. */
export function holds(page, id, name, value) {
	let seen;

	return until(async () => JSON.stringify(seen = await property(page, id, name)) === JSON.stringify(value),
		{ what: () => `${JSON.stringify(id)}.${name} = ${JSON.stringify(value)}; it is ${JSON.stringify(seen)}` });
}

/**
 * Notes, in the page itself and on the clock that all pages have in common, when a slider last
 * changed what it shows and when a key last went down. Resolves with a function that reads them.
 */
export async function watchSlider(page, id) {
	await page.evaluate(id => {
		const now = () => performance.timeOrigin + performance.now();
		const grip = document.querySelector(`#${id} [role=slider]`);

		window.seen = { changed: 0, key: 0, values: [] };
		new MutationObserver(() => {
			window.seen.changed = now();
			window.seen.values.push(Number(grip.getAttribute('aria-valuenow')));
		}).observe(grip, { attributes: true, attributeFilter: ['aria-valuenow'] });
		window.addEventListener('keydown', () => { window.seen.key = now(); }, true);
	}, id);
	return () => page.evaluate(() => window.seen);
}

/** Waits until a slider shows a value in each of `pages`. */
export async function allShow(pages, id, value, { timeout = 5000 } = {}) {
	let shown;

	await until(async () => {
		shown = await Promise.all(pages.map(page => sliderValue(page, id)));
		return shown.every(one => one === value);
	}, { timeout, what: () => `${id} = ${value} everywhere; it is ${shown}` });
}

/** Takes the handle with the mouse, moves it over `values` one by one, and lets go. */
export async function drag(page, id, values, { pause = 0 } = {}) {
	const grip = handle(page, id);

	await grip.scrollIntoViewIfNeeded();
	const knob = await grip.boundingBox();
	const start = { x: knob.x + knob.width / 2, y: knob.y + knob.height / 2 };
	const [min, max, now] = await Promise.all(['aria-valuemin', 'aria-valuemax', 'aria-valuenow']
		.map(async name => Number(await grip.getAttribute(name))));
	const track = await grip.locator('xpath=ancestor::*[contains(@class, "dash-slider-root")][1]').boundingBox();

	await page.mouse.move(start.x, start.y);
	await page.mouse.down();
	for (const value of values) {
		const x = track.x + track.width * (value - min) / (max - min);

		await page.mouse.move(x, start.y);
		if (pause) {
			await page.waitForTimeout(pause);
		}
	}
	await page.mouse.up();
	return { from: now, to: await sliderValue(page, id) };
}

export async function press(page, id, key) {
	await handle(page, id).focus();
	await page.keyboard.press(key);
}

/** A digest of what the canvas of a LiveView shows, or null while there is none. */
export function canvasDigest(page, id = 'live') {
	return page.evaluate(id => {
		const canvas = document.querySelector(`#${id} canvas, canvas#${id}`);

		if (!canvas || !canvas.width || !canvas.height) {
			return null;
		}
		const small = document.createElement('canvas');

		small.width = small.height = 16;
		const context = small.getContext('2d');

		context.drawImage(canvas, 0, 0, 16, 16);
		const { data } = context.getImageData(0, 0, 16, 16);
		let sum = 0;
		let hash = 0;

		for (let i = 0; i < data.length; i++) {
			sum += i % 4 === 3 ? 0 : data[i];
			hash = (hash * 31 + data[i]) | 0;
		}
		return { hash, mean: sum / (16 * 16 * 3), width: canvas.width, height: canvas.height };
	}, id);
}
