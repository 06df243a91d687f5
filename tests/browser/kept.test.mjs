// What a browser remembers by itself must not fight what everybody shares: CONFORMANCE 32.

import assert from 'node:assert/strict';
import test from 'node:test';

import { allShow, handle, launch, openTab, press, property, shows, sliderValue, text } from '../lib/browser.mjs';
import { startTestapp } from '../lib/daemon.mjs';
import { sleep } from '../lib/wait.mjs';

for (const link of ['', '/?link=stock']) {
	const name = link ? 'stock worker' : 'our link';
	const open = async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);
		const contexts = [await browser.newContext(), await browser.newContext()];

		return { daemon, pages: [await openTab(contexts[0], daemon.url + link), await openTab(contexts[1], daemon.url)] };
	};
	const reload = async page => {
		await page.reload();
		await page.waitForSelector('[role=slider]');
		await page.waitForSelector('html:not([data-vizyd-offline])');
	};

	test(`${name}: #32 a tab's own value is remembered, and its callback called with it`, async t => {
		const { pages: [page, other] } = await open(t);

		await press(page, 'kept-own', 'End');
		await shows(page, 'kept-own-out', 'own 100 changed');
		await reload(page);
		await shows(page, 'kept-own-out', 'own 100 initial');
		assert.equal(await sliderValue(page, 'kept-own'), 100);
		await reload(other);
		await shows(other, 'kept-own-out', 'own 40 initial');
		assert.deepEqual([...page.complaints, ...other.complaints], []);
	});

	test(`${name}: #32 a page that loads shows and leaves the value of now, whatever it remembers`, async t => {
		const { daemon, pages } = await open(t);
		const [page, other] = pages;
		const kept = async () => (await daemon.status_page()).test.kept;
		const settled = async value => {
			await allShow(pages, 'kept-shared', value);
			await sleep(1200);
			await allShow(pages, 'kept-shared', value);
			for (const one of pages) {
				assert.equal(await property(one, 'kept-shared', 'value'), value);
				await shows(one, 'kept-shared-out', `device ${value}`);
			}
			return kept();
		};

		// The page remembers 100 in place of 20; meanwhile somebody else sets another value, or 20 again.
		await press(page, 'kept-shared', 'End');
		await settled(100);
		for (const [key, value] of [['Home', 0], ['ArrowRight', 1]]) {
			await press(other, 'kept-shared', key);
			const before = await settled(value);

			await reload(page);
			assert.deepEqual(await settled(value), before, `a page that loads has moved the device from ${value}`);
		}
		for (let i = 0; i < 19; i++) {
			await press(other, 'kept-shared', 'ArrowRight');
		}
		const before = await settled(20);

		await reload(page);
		assert.deepEqual(await settled(20), before, 'a page that loads has moved the device from 20');
		// And it is still a control.
		await press(page, 'kept-shared', 'End');
		await settled(100);
		await handle(page, 'kept-shared').focus();
		assert.deepEqual([...page.complaints, ...other.complaints], []);
	});

	test(`${name}: #32 with the page away while the value goes back to where it was`, async t => {
		const { daemon, pages: [page, other] } = await open(t);

		await press(page, 'kept-shared', 'End');
		await shows(other, 'kept-shared-out', 'device 100');
		const { url } = { url: page.url() };

		await page.goto('about:blank');
		for (let i = 0; i < 4; i++) {
			await press(other, 'kept-shared', 'PageDown');
		}
		for (let i = 0; i < 100 && await sliderValue(other, 'kept-shared') > 20; i++) {
			await press(other, 'kept-shared', 'ArrowLeft');
		}
		await shows(other, 'kept-shared-out', 'device 20');
		const before = (await daemon.status_page()).test.kept;

		await page.goto(url);
		await page.waitForSelector('[role=slider]');
		await sleep(1500);
		assert.equal(await sliderValue(page, 'kept-shared'), 20);
		assert.equal(await text(page, 'kept-shared-out'), 'device 20');
		assert.deepEqual((await daemon.status_page()).test.kept, before, 'a page that loads has moved the device');
	});
}
