// The panel of GPIO lines in a browser: what one person presses, everybody sees.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { launch, openTab } from '../lib/browser.mjs';
import { outDir, startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { until } from '../lib/wait.mjs';

const shots = join(outDir, 'shots');
const tab = (page, name) => page.locator('.vz-tab', { hasText: name });
const text = (page, selector) => page.locator(selector).textContent();

mkdirSync(shots, { recursive: true });

test('a line pressed in one browser moves the control, the lamp and the panel of the other', async t => {
	const config = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(config, [
		'[gpio button]', 'chip = simulated', 'press = brightness.value 70',
		'[gpio lamp]', 'chip = simulated', 'direction = output', 'follows = brightness.value', 'values = {"70": "on"}',
		'[gpio wrong]', 'chip = simulated', 'bias = up',
	].join('\n'));
	const daemon = await startVizyd(t, { args: ['--config', config] });
	const browser = await launch(t);
	const [a, b] = [await openTab(await browser.newContext(), daemon.url), await openTab(await browser.newContext(), daemon.url)];

	for (const page of [a, b]) {
		await tab(page, 'Lines').click();
		await page.waitForSelector('#gpio-button-press');
	}
	assert.match(await text(a, '#gpio-wrong-state'), /^disabled: .*vizyd\.conf:11: \[gpio wrong\] bias: expected as-is/);
	assert.equal(await text(b, '#gpio-lamp-state'), 'shows: off');
	await a.locator('#gpio-button-press').click();
	for (const page of [a, b]) {
		await until(async () => await text(page, '#gpio-lamp-state') === 'shows: on', { what: 'the lamp' });
		await until(async () => /^inactive; 2 edges, 0 lost; release at /.test(await text(page, '#gpio-button-state')),
			{ what: 'the release' });
		await page.waitForSelector('#gpio-lamp-level.vz-level-active', { state: 'attached' });
	}
	// Of everybody; what was done is said to who did it.
	assert.equal(await text(a, '#gpio-note'), 'button: Press');
	assert.match(await text(b, '#gpio-note'), /may move lines\.$/);
	await b.locator('#gpio-lamp-off').click();
	await until(async () => await text(a, '#gpio-lamp-state') === 'held: off', { what: 'the lamp to be held' });
	await a.setViewportSize({ width: 390, height: 844 });
	await a.screenshot({ path: join(shots, 'gpio.png'), fullPage: true });
	await tab(b, 'Camera').click();
	await until(async () => await b.locator('#brightness [role=slider]').getAttribute('aria-valuenow') === '70',
		{ what: 'the slider of the other browser' });
	for (const page of [a, b]) {
		assert.deepEqual(page.complaints, []);
	}
});
