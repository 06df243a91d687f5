// The System panel in a browser: tabs, loading a plugin anew while two people look on, and what is said
// of one that crashed.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { launch, openTab } from '../lib/browser.mjs';
import { outDir, temporaryFolder } from '../lib/daemon.mjs';
import { install, pluginFolder, startDoomed, startWithPlugins } from '../lib/plugins.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { until } from '../lib/wait.mjs';

const shots = join(outDir, 'shots');
const tab = (page, name) => page.locator('.vz-tab', { hasText: name });
const text = (page, selector) => page.locator(selector).textContent();

mkdirSync(shots, { recursive: true });

test('a new version appears in two browsers, which stay on the tab that they show', async t => {
	const folder = pluginFolder(t, { probe: 'probe1', example: '../../plugins/example' });
	const daemon = await startWithPlugins(t, { folder, load: 'example probe robots?optional' });
	const browser = await launch(t);
	const [a, b] = [await openTab(await browser.newContext(), daemon.url), await openTab(await browser.newContext(), daemon.url)];

	await tab(a, 'System').click();
	await a.waitForSelector('#system-probe-reload');
	assert.equal(await text(a, '#system-probe-state'), 'running');
	assert.match(await text(a, '#system-robots-state'), /^absent: .*robots\.so is not there$/);
	await a.screenshot({ path: join(shots, 'system.png'), fullPage: true });

	await tab(b, 'Example').click();
	await b.waitForSelector('#example-shared-text');
	await b.locator('#example-shared [role=slider]').focus();
	await b.keyboard.press('ArrowRight');
	await until(async () => await text(b, '#example-shared-text') === "Everybody's value: 51");

	install(folder, 'probe2', 'probe');
	await a.locator('#system-probe-reload').click();
	await until(async () => /probe 2/.test(await a.locator('.vz-plugin-name').allTextContents().catch(() => '')),
		{ what: 'version 2 in the panel' });
	// The other has loaded the page anew too, shows the same tab, and has today's value.
	await b.waitForSelector('#example-shared-text');
	await until(async () => await text(b, '#example-shared-text') === "Everybody's value: 51");
	for (const page of [a, b]) {
		assert.deepEqual(page.complaints, []);
	}
});

test('a plugin that crashed twice: every page says so, and a press of a button brings it back', async t => {
	const where = { folder: pluginFolder(t, { probe: 'probe1' }), load: 'probe', stateDir: temporaryFolder(t) };

	for (let i = 0; i < 2; i++) {
		const daemon = await startDoomed(where);
		const wire = await Tab.open(daemon);

		wire.post((await dependencies(daemon)).byInput('probe-crash.value').output, { 'probe-crash.value': 'segv' });
		await daemon.exited;
	}
	const daemon = await startWithPlugins(t, where);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext({ viewport: { width: 390, height: 844 } }), daemon.url);

	assert.match(await text(page, '.vz-notice'), /The plugin probe is disabled: it crashed 2 times in a row/);
	await page.screenshot({ path: join(shots, 'system-notice.png') });
	await tab(page, 'System').click();
	await page.locator('#system-probe-reload', { hasText: 'Enable' }).click();
	await until(async () => await page.locator('.vz-notice').count() === 0 && await tab(page, 'Probe').count() === 1,
		{ what: 'the page with the plugin' });
	assert.deepEqual(page.complaints, []);
});
