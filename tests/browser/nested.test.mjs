// Components that stand elsewhere than in children, that come late, or not at all: CONFORMANCE 28, 29, 36.

import assert from 'node:assert/strict';
import test from 'node:test';

import { holds, launch, openTab, property, shows, text } from '../lib/browser.mjs';
import { startTestapp } from '../lib/daemon.mjs';
import { sleep, until } from '../lib/wait.mjs';

const title = page => page.locator('#late-graph .gtitle').first().textContent();

for (const link of ['', '/?link=stock']) {
	const name = link ? 'stock worker' : 'our link';
	const open = async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);

		return { daemon, page: await openTab(await browser.newContext(), daemon.url + link) };
	};

	test(`${name}: #29 components in labels, tabs and spinners are drawn, set and listened to`, async t => {
		const { page } = await open(t);

		await shows(page, 'nest-label', 'alpha');
		await shows(page, 'drop-label', 'gamma');
		await page.click('#nest');
		await shows(page, 'nest-label', 'pressed 1');
		await shows(page, 'drop-label', 'pressed 1');
		await page.click('#nest-button');
		await shows(page, 'nest-out', 'pressed 1');
		await page.click('#nest');
		await shows(page, 'nest-label', 'pressed 2');
		await page.click('#nest-button');
		await shows(page, 'nest-out', 'pressed 2');
		await page.click('#spinner-button');
		await shows(page, 'spinner-out', 'pressed 1');

		// A tab that is not open has no button yet.
		await page.click('#tab-button');
		await shows(page, 'tab-out', 'pressed 1');
		await page.getByText('Two', { exact: true }).click();
		await page.click('#other-tab-button');
		await shows(page, 'other-tab-out', 'pressed 1');
		await page.getByText('One', { exact: true }).click();
		await page.click('#tab-button');
		await shows(page, 'tab-out', 'pressed 2');
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #36 components whose code comes when they do, in an answer, and what is set meanwhile`, async t => {
		const { page } = await open(t);
		const asked = [];

		for (const chunk of ['async-graph', 'async-markdown']) {
			await page.route(`**/${chunk}*.js`, async route => {
				asked.push(chunk);
				await sleep(700);
				await route.continue();
			});
		}
		await page.click('#late-button');
		// Its callback runs as soon as the component is in the layout, drawn or not.
		await shows(page, 'late-value', 'chose red');
		assert.equal(await page.locator('#late-graph .main-svg').count(), 0, 'the chunk is still on its way');
		await page.click('#figure-button');
		await holds(page, 'late-graph', 'figure', { data: [{ x: [1, 2], y: [3, 4, 5] }], layout: { title: { text: 'title 1' } } });
		await page.waitForSelector('#late-graph .main-svg');
		await until(async () => await title(page) === 'title 1', { what: 'the title that was set meanwhile' });
		await page.click('#figure-button');
		await until(async () => await title(page) === 'title 2', { what: 'the title that was set afterwards' });
		assert.deepEqual((await property(page, 'late-graph', 'figure')).data[0].y, [3, 4, 5, 5]);
		await page.locator('#late-choice').click();
		await page.getByText('green', { exact: true }).click();
		await shows(page, 'late-value', 'chose green');
		assert.equal(await page.locator('#late-words em').innerText(), 'Late');
		assert.deepEqual([...new Set(asked)].sort(), ['async-graph', 'async-markdown']);
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #28 an Input that may be missing is null; one that may not is waited for, and nothing is said`, async t => {
		const { daemon, page } = await open(t);

		await shows(page, 'optional-out', '0 null null');
		await page.click('#optional');
		await shows(page, 'optional-out', '1 null null');
		// What has no place is answered and dropped.
		await page.click('#to-nowhere');
		await page.click('#link');
		await shows(page, 'link-out', 'clicks=1');
		assert.equal(await text(page, 'missing-out'), '');
		assert.doesNotMatch(daemon.stderr, /called by nobody/);
		assert.deepEqual(page.complaints, []);
	});
}
