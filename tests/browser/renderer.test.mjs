// The real renderer against the page with one of everything: what CONFORMANCE marks B, as far as
// S0 and SHARED reach.

import assert from 'node:assert/strict';
import test from 'node:test';

import { allShow, drag, holds, launch, openTab, press, property, shows, sliderValue, text } from '../lib/browser.mjs';
import { startTestapp } from '../lib/daemon.mjs';
import { delayProxy } from '../lib/delay-proxy.mjs';
import { sleep, until } from '../lib/wait.mjs';

for (const link of ['', '/?link=stock']) {
	const name = link ? 'stock worker' : 'our link';

	test(`${name}: #1, #2, #3, #14, #16, #17, #18: clicks, State, three outputs, no_update, alternates, set_props, trees`, async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);
		const page = await openTab(await browser.newContext(), daemon.url + link);

		// #17: initial calls of S0 callbacks, and none of shared ones.
		await shows(page, 'click-out', 'clicks=0');
		await shows(page, 'initial-out', 'initial value=30');
		await shows(page, 'shared-out', 'value=20');
		await shows(page, 'chain-out', 'chain(value=20)');
		assert.equal((await daemon.status_page()).test.shared_runs, 1);

		// #1 over HTTP and over the websocket.
		await page.click('#click');
		await shows(page, 'click-out', 'clicks=1');
		await page.click('#link');
		await shows(page, 'link-out', 'clicks=1');
		await page.fill('#state', 'wörld');
		await page.click('#state-button');
		await shows(page, 'state-out', '1:wörld');

		// #14, #16
		await page.click('#three');
		await shows(page, 'three-c', '1');
		await page.click('#three');
		await shows(page, 'three-b', 'b 2');
		await page.click('#three');
		await shows(page, 'three-a', 'a 3');
		await shows(page, 'three-b', 'b 2');
		await shows(page, 'three-c', '3');

		// #18
		await page.click('#no-output');
		await shows(page, 'count', 'ran 1');
		await page.click('#alt');
		await shows(page, 'alt-other', 'other 1');
		await holds(page, 'alt-other', 'title', 'title 1');
		assert.equal(await text(page, 'alt-out'), '');

		// #3
		await page.click('#props');
		await shows(page, 'props-out', 'done 1');
		await shows(page, 'props-1', 'first 1');
		await shows(page, 'props-2', 'second 1');

		// #14: a tree, in which an id is found afterwards.
		await page.click('#tree');
		await shows(page, 'tree-inner', 'tree 1');
		await shows(page, 'tree-out', 'tree 1 and text 0');
		await holds(page, 'tree-inner', 'children', 'tree 1');
		await sleep(200);
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #17 what a page calls when it has loaded`, async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);
		const context = await browser.newContext();
		const runs = async () => (await daemon.status_page()).test;

		for (let n = 1; n <= 2; n++) {
			const page = await openTab(context, daemon.url + link);

			// One that is not to be called first is called for what another one has set.
			await shows(page, 'second-out', 'second(first) changed');
			await until(async () => (await runs()).initial.second_arrival === n, { what: 'the last of them' });
			await sleep(300);
			const { initial, persistent_runs } = await runs();

			assert.deepEqual(initial, { quiet: n, http: n, prevented: 0, arrival: n, second_arrival: n }, `page ${n}`);
			assert.equal(persistent_runs, n);
			assert.equal(await text(page, 'prevented-out'), '');
			assert.deepEqual(page.complaints, []);
		}
	});

	test(`${name}: #6 every Patch does what it says`, async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);
		const page = await openTab(await browser.newContext(), daemon.url + link);
		const steps = [
			{ list: [1, 2, 3, 4], n: 5, o: { a: 1 } },
			{ list: ['one', 2, 3, 4], n: 5, o: { a: 1 } },
			{ list: ['one', 2, 3, 4], n: 7.5, o: { a: 1 } },
			{ list: ['one', 2, 3, 4], n: 7.5, o: { a: 1, b: 2 } },
			{ list: [3, 2, 'one'], n: 7.5, o: { a: 1, b: 2 } },
			{ list: [0, 'x', 3, 2, 'one'], n: 7.5, o: { a: 1, b: 2 } },
			{ list: [0, 'x', 3, 2, 'one'], n: 13, o: { a: 1, b: 2 } },
			{ list: [], n: 13, o: { a: 1, b: 2 } },
		];

		for (const step of steps) {
			await page.click('#patch');
			await holds(page, 'store', 'data', step);
		}
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #33 an error is told in the console and disables nothing`, async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);
		const page = await openTab(await browser.newContext(), daemon.url + link);

		await page.click('#error');
		await until(() => page.complaints.some(line => line.includes('dirty')), { what: 'the text of the error' });
		await page.click('#late');
		await page.click('#bare');
		for (let i = 1; i <= 15; i++) {
			await page.click('#error');
		}
		await page.click('#link');
		await shows(page, 'link-out', 'clicks=1');
		assert.equal(await text(page, 'late-out'), '');
	});

	test(`${name}: #3, #7 pushes in mid-flight, #17 a watched property wakes its callback`, async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);
		const pages = [await openTab(await browser.newContext(), daemon.url + link), await openTab(await browser.newContext(), daemon.url + link)];

		await sleep(300);
		await pages[0].click('#aloud');
		for (const page of pages) {
			await shows(page, 'watched-out', 'saw 1');
		}
		await pages[0].click('#tick');
		for (const page of pages) {
			await shows(page, 'chain-out', 'chain(value=77)');
		}
		// #7: a burst of 2000 pushes, the last of which is seen.
		await pages[0].click('#burst-button');
		for (const page of pages) {
			await shows(page, 'burst', 'last');
			assert.deepEqual(page.complaints, []);
		}
	});

	test(`${name}: #24 input and output in one: a clamp`, async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);
		const pages = [await openTab(await browser.newContext(), daemon.url + link), await openTab(await browser.newContext(), daemon.url + link)];

		await sleep(300);
		await press(pages[0], 'clamp', 'End');
		await allShow(pages, 'clamp', 50);
		for (const page of pages) {
			await shows(page, 'clamp-out', 'clamp=50');
		}
	});
}

test('#8 rapid clicks: the last one counts, whatever is dropped on the way', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), daemon.url);

	await page.evaluate(async () => {
		const button = document.querySelector('#link');

		for (let i = 0; i < 200; i++) {
			button.click();
			if (i % 3 === 0) {
				await new Promise(resolve => setTimeout(resolve, 0));
			}
		}
	});
	// Clicks within one task are one to the renderer: how many there were is for it to say.
	const clicks = await property(page, 'link', 'n_clicks');

	assert.ok(clicks >= 60, `${clicks} clicks`);
	await shows(page, 'link-out', `clicks=${clicks}`);
	assert.deepEqual(page.complaints, []);
});

test('#21 answers that overtake each other: the last click has the last word, also over HTTP', async t => {
	const daemon = await startTestapp(t);
	const { url } = await delayProxy(t, daemon.port, () => Math.random() * 400);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), url);
	const answered = [];

	page.on('response', async response => {
		if (response.url().endsWith('/_dash-update-component') && response.status() === 200) {
			answered.push(Number(/clicks=(\d+)/.exec(await response.text().catch(() => ''))?.[1]));
		}
	});
	for (let i = 1; i <= 30; i++) {
		await page.click('#click');
		await sleep(20);
	}
	await shows(page, 'click-out', 'clicks=30');
	await shows(page, 'click-too', 'clicks=30');
	await sleep(1000);
	await shows(page, 'click-out', 'clicks=30');
	assert.ok(answered.some((n, i) => n < answered[i - 1]), `nothing overtook: ${answered}`);
	assert.deepEqual(page.complaints, []);
});

test('#34 a page whose layout is a list', async t => {
	const daemon = await startTestapp(t, { args: ['--list'] });
	const browser = await launch(t);
	const pages = [await openTab(await browser.newContext(), daemon.url), await openTab(await browser.newContext(), `${daemon.url}/?link=stock`)];

	for (const page of pages) {
		const value = await sliderValue(page, 'shared');

		await press(page, 'shared', 'ArrowRight');
		await allShow(pages, 'shared', value + 1);
		await page.click('#tree');
		await shows(page, 'tree-inner', 'tree 1');
	}
	pages.forEach(page => assert.deepEqual(page.complaints, []));
});

test('#26 the title of the page is left alone, while it loads too, whatever it calls', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), daemon.url, {
		init: () => {
			window.titles = new Set();
			new MutationObserver(() => window.titles.add(document.title)).observe(document, { subtree: true, childList: true, characterData: true });
		},
	});

	// Persistent callbacks, initial ones over both transports, and a click.
	await until(async () => (await daemon.status_page()).test.initial.second_arrival === 1, { what: 'the arrival' });
	await shows(page, 'click-out', 'clicks=0');
	await page.click('#link');
	await shows(page, 'link-out', 'clicks=1');
	assert.equal(await page.title(), 'Test <app>');
	assert.deepEqual(await page.evaluate(() => [...window.titles].filter(title => title && title !== 'Test <app>')), []);
	assert.deepEqual(page.complaints, []);
});

test('C10 pushes at a high rate do not grow the renderer\'s history', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const pages = [await openTab(await browser.newContext(), daemon.url), await openTab(await browser.newContext(), daemon.url)];
	const past = () => pages[1].evaluate(() => window.dash_stores[0].getState().history.past.length);
	const before = await past();

	for (let i = 0; i < 5; i++) {
		await drag(pages[0], 'drag', Array.from({ length: 20 }, (_, n) => 5 + 4 * (i % 2 ? 20 - n : n)));
	}
	await sleep(300);
	assert.ok(await past() - before <= 2, `${await past() - before} entries`);
});
