// The Capture tab in a browser: record, play, step and scrub, in two of them.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { launch, openTab } from '../lib/browser.mjs';
import { outDir, startVizyd } from '../lib/daemon.mjs';
import { state } from '../lib/recorder.mjs';
import { until } from '../lib/wait.mjs';

const shots = join(outDir, 'shots');
const text = (page, selector) => page.locator(selector).textContent();
const has = (page, selector, wanted, timeout = 30000) => until(async () => wanted.test(await text(page, selector)),
	{ timeout, what: () => `${wanted} in ${selector}` });

mkdirSync(shots, { recursive: true });

test('what one person records, both see, play, step through and scrub, at the same frame', { timeout: 240000 }, async t => {
	const daemon = await startVizyd(t);
	const browser = await launch(t);
	const [a, b] = [await openTab(await browser.newContext(), daemon.url), await openTab(await browser.newContext(), daemon.url)];

	// The camera stays the first tab, and the one that a new page shows.
	assert.equal(await a.locator('.vz-tab').first().textContent(), 'Camera');
	for (const page of [a, b]) {
		await page.waitForSelector('#brightness');
		await page.locator('.vz-tab', { hasText: 'Capture' }).click();
		await page.waitForSelector('#record');
		await has(page, '#recorder-state', /^idle$/);
	}
	const duration = a.locator('#capture-duration');

	await duration.locator('[role=slider]').focus();
	for (let i = 0; i < 30; i++) {
		await a.keyboard.press('ArrowLeft');
	}
	await until(async () => Number(await b.locator('#capture-duration [role=slider]').getAttribute('aria-valuenow')) <= 2.1,
		{ what: 'two seconds in the other browser' });
	await a.locator('#record').click();
	for (const page of [a, b]) {
		await has(page, '#recorder-state', /^stopped$/);
		await has(page, '#capture-time', /^Frame 1 of \d+ · 0\.000 s$/);
		// A picture of the clip, not of the camera.
		await page.waitForSelector('#capture-view[data-state=live]');
	}
	const frames = Number(/of (\d+)/.exec(await text(a, '#capture-time'))[1]);

	assert.ok(frames > 10, `${frames} frames`);
	await b.locator('#step-forward').click();
	await b.locator('#step-forward').click();
	await has(a, '#capture-time', /^Frame 3 of /);
	await a.locator('#step-back').click();
	await has(b, '#capture-time', /^Frame 2 of /);
	await b.locator('#play').click();
	await has(a, '#recorder-state', /^playing$/);
	for (const page of [a, b]) {
		await has(page, '#recorder-state', /^paused$/);
		await has(page, '#capture-time', new RegExp(`^Frame ${frames} of `));
	}
	// Scrubbing: the other one's slider follows.
	await a.locator('#capture-position [role=slider]').focus();
	await a.keyboard.press('Home');
	await has(b, '#capture-time', /^Frame 1 of /);
	await until(async () => Number(await b.locator('#capture-position [role=slider]').getAttribute('aria-valuenow')) === 0, { what: 'the slider' });

	await a.locator('#recording-name').fill('A throw');
	await a.locator('#recording-name').press('Enter');
	await has(b, '#recording', /A throw · /);
	assert.match(await a.locator('#recording-download').getAttribute('href'), /^\/api\/recordings\/[\d-]+\/video\.mkv$/);
	await a.screenshot({ path: join(shots, 'capture.png') });
	await b.setViewportSize({ width: 390, height: 844 });
	await b.screenshot({ path: join(shots, 'capture-phone.png'), fullPage: true });
	assert.ok(await b.evaluate(() => document.documentElement.scrollWidth <= 390), 'nothing is wider than a phone');

	await b.locator('#recording-delete').click();
	for (const page of [a, b]) {
		await has(page, '#capture-time', /^$/);
		await has(page, '#recorder-state', /^idle$/);
	}
	await until(async () => (await state(daemon)).used_bytes === 0, { what: 'the room on the disk' });
	for (const page of [a, b]) {
		assert.deepEqual(page.complaints, []);
	}
});
