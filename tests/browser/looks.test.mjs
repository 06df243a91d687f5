// What the page looks like: pictures of it for a person to see (tests/out/shots), and what can be
// checked without one.

import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { canvasDigest, launch, openTab } from '../lib/browser.mjs';
import { outDir, startVizyd } from '../lib/daemon.mjs';
import { until } from '../lib/wait.mjs';

const shots = join(outDir, 'shots');

for (const [width, height, name] of [[390, 844, 'phone'], [820, 1180, 'tablet'], [1440, 900, 'desktop']]) {
	for (const colorScheme of ['light', 'dark']) {
		test(`(f) ${name} (${width} px), ${colorScheme}`, async t => {
			const daemon = await startVizyd(t);
			const browser = await launch(t);
			const context = await browser.newContext({
				viewport: { width, height }, colorScheme, deviceScaleFactor: name === 'phone' ? 2 : 1,
				hasTouch: name !== 'desktop', isMobile: name === 'phone',
			});
			const page = await openTab(context, daemon.url);

			await until(async () => (await canvasDigest(page))?.mean > 5, { what: 'a picture' });
			mkdirSync(shots, { recursive: true });
			const file = join(shots, `${name}-${colorScheme}.png`);

			await page.screenshot({ path: file });
			await page.screenshot({ path: join(shots, `${name}-${colorScheme}-whole.png`), fullPage: true });
			assert.ok(statSync(file).size > 20000, `${statSync(file).size} bytes`);

			const facts = await page.evaluate(() => {
				const live = document.querySelector('#live').getBoundingClientRect();
				const small = [];
				const wide = [];

				for (const element of document.querySelectorAll('button, [role=slider], input, [role=checkbox], [role=combobox]')) {
					const { width, height } = element.getBoundingClientRect();

					// The handle itself may be small: its row is what a finger hits.
					if (width && height && (element.closest('label') ?? element).getBoundingClientRect().height < 16) {
						small.push(element.outerHTML.slice(0, 120));
					}
				}
				for (const element of document.body.querySelectorAll('*')) {
					const { left, right, width } = element.getBoundingClientRect();

					if (width && (right > innerWidth + 1 || left < -1) && getComputedStyle(element).visibility !== 'hidden') {
						wide.push(`${element.tagName}#${element.id}.${element.className} ${left}..${right}`);
					}
				}
				const background = getComputedStyle(document.body).backgroundColor;
				const html = getComputedStyle(document.documentElement).backgroundColor;

				return {
					live, small, wide,
					scrolls: document.documentElement.scrollWidth > innerWidth,
					background: /rgba\(0, 0, 0, 0\)/.test(background) ? html : background,
					title: document.title, font: parseFloat(getComputedStyle(document.body).fontSize),
				};
			});

			assert.ok(!facts.scrolls, `scrolls sideways: ${facts.wide.slice(0, 5).join('; ')}`);
			assert.deepEqual(facts.small, []);
			assert.ok(facts.live.width > width * 0.4, `the picture is ${facts.live.width} px wide`);
			assert.ok(facts.live.top >= 0 && facts.live.top < height / 2, 'the picture is seen without scrolling');
			assert.ok(facts.title.length > 0 && !/Updating/.test(facts.title));
			assert.ok(facts.font >= 13);
			const [r, g, b] = /(\d+), (\d+), (\d+)/.exec(facts.background)?.slice(1).map(Number) ?? [255, 255, 255];
			const luma = 0.299 * r + 0.587 * g + 0.114 * b;

			assert.ok(colorScheme === 'dark' ? luma < 80 : luma > 180, `${colorScheme}: ${facts.background}`);
			assert.deepEqual(page.complaints, []);
		});
	}
}

test('the page works with the keyboard alone, and every control has a name', async t => {
	const daemon = await startVizyd(t);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), daemon.url);
	const reached = new Set();

	for (let i = 0; i < 60; i++) {
		await page.keyboard.press('Tab');
		reached.add(await page.evaluate(() => document.activeElement?.closest('[id]')?.id));
	}
	const ids = await page.evaluate(() => [...document.querySelectorAll('[role=slider]')].map(e => e.closest('[id]')?.id));

	assert.ok(reached.has(ids[0]), `${[...reached]} of ${ids}`);
	assert.equal(await page.locator('[role=img]').count() > 0, true, 'the live view says what it is');
});
