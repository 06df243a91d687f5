// Other ways to come in: the stock worker, no SharedWorker at all, plain http under a name.

import assert from 'node:assert/strict';
import test from 'node:test';

import { allShow, canvasDigest, launch, openTab, press, property, sliderValue, text } from '../lib/browser.mjs';
import { startTestapp, startUnder, startVizyd } from '../lib/daemon.mjs';
import { delayProxy } from '../lib/delay-proxy.mjs';
import { sleep, until, untilQuiet } from '../lib/wait.mjs';

const noisy = page => page.complaints.filter(line => !/WebSocket|ERR_CONNECTION|Failed to load resource|net::ERR/.test(line));

test('#2, C1 the stock worker: two tabs and one of our link share a slider', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const context = await browser.newContext();
	const pages = [await openTab(context, `${daemon.url}/?link=stock`), await openTab(context, `${daemon.url}/?link=stock`),
		await openTab(await browser.newContext(), daemon.url)];

	await sleep(500);
	for (const page of pages) {
		const value = await sliderValue(page, 'shared');

		await press(page, 'shared', 'ArrowRight');
		await allShow(pages, 'shared', value + 1);
	}
	await until(async () => (await Promise.all(pages.map(page => text(page, 'chain-out')))).every(one => one === 'chain(value=23)'), { what: 'the chain everywhere' });
	const runs = (await daemon.status_page()).test.shared_runs;

	await sleep(1000);
	assert.equal((await daemon.status_page()).test.shared_runs, runs, 'an echo storm');
	assert.equal(runs, 4, 'one at the start and one a key');
	pages.forEach(page => assert.deepEqual(page.complaints, []));
});

for (const delay of [0, 40, 120]) {
	test(`C2 the stock worker: three-way conflicts converge, ${delay} ms away, 12 of 12`, { timeout: 240000 }, async t => {
		const daemon = await startTestapp(t);
		const url = `${delay ? (await delayProxy(t, daemon.port, delay)).url : daemon.url}/?link=stock`;
		const browser = await launch(t);
		const pages = [];

		for (let i = 0; i < 3; i++) {
			pages.push(await openTab(await browser.newContext(), url));
		}
		await sleep(500 + 4 * delay);
		for (let round = 0; round < 12; round++) {
			const keys = ['Home', 'End', 'ArrowRight'].sort(() => Math.random() - 0.5);

			await Promise.all(pages.map(async (page, i) => {
				await sleep(Math.random() * 30);
				await press(page, 'shared', keys[i]);
			}));
			const end = await untilQuiet(async () => ({
				shown: await Promise.all(pages.map(page => sliderValue(page, 'shared'))),
				runs: (await daemon.status_page()).test.shared_runs,
			}), { quiet: 800 + 2 * delay, timeout: 8000 });

			assert.equal(new Set(end.shown).size, 1, `round ${round}: ${end.shown}`);
		}
	});
}

test('C4 the stock worker: a restarted daemon is found again', { timeout: 60000 }, async t => {
	const first = await startTestapp(t);
	const browser = await launch(t);
	const context = await browser.newContext();
	const pages = [await openTab(context, `${first.url}/?link=stock`), await openTab(context, `${first.url}/?link=stock`)];

	await press(pages[0], 'shared', 'End');
	await allShow(pages, 'shared', 100);
	await first.kill();
	await pages[0].evaluate(() => document.getElementById('no-output').click());
	await sleep(300);
	const second = await startTestapp(t, { listen: first.host });

	await allShow(pages, 'shared', 20, { timeout: 15000 });
	await sleep(500);
	assert.equal((await second.status_page()).test.no_output_runs, 0, 'a stale click ran');
	await press(pages[1], 'shared', 'ArrowRight');
	await allShow(pages, 'shared', 21, { timeout: 10000 });
	pages.forEach(page => assert.deepEqual(noisy(page), []));
});

test('C7 a browser without SharedWorker', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const init = () => { delete window.SharedWorker; };
	const pages = [await openTab(await browser.newContext(), daemon.url, { init }), await openTab(await browser.newContext(), daemon.url, { init })];

	assert.equal(await pages[0].evaluate(() => new Blob([String(window.SharedWorker)]).size > 0), true);
	await press(pages[0], 'shared', 'End');
	await allShow(pages, 'shared', 100);
	await pages[1].click('#link');
	await until(async () => (await text(pages[1], 'link-out')) === 'clicks=1', { what: 'a callback' });
	pages.forEach(page => assert.deepEqual(page.complaints, []));
});

test('C7 a browser without SharedWorker and without Worker', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const init = () => { delete window.SharedWorker; delete window.Worker; };
	const pages = [await openTab(await browser.newContext(), daemon.url, { init }), await openTab(await browser.newContext(), daemon.url)];

	await press(pages[0], 'shared', 'End');
	await allShow(pages, 'shared', 100);
	await press(pages[1], 'shared', 'Home');
	await allShow(pages, 'shared', 0);
});

test('#2, C7 the stock page without SharedWorker falls back to HTTP', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), `${daemon.url}/?link=stock`, { init: () => { delete window.SharedWorker; } });
	const other = await openTab(await browser.newContext(), daemon.url);

	await press(page, 'shared', 'End');
	await allShow([other], 'shared', 100);
	await page.click('#link');
	await until(async () => (await text(page, 'link-out')) === 'clicks=1', { what: 'a callback over HTTP' });
});

test('#10, C7 plain http under a name of the local network, which is no secure context', async t => {
	const daemon = await startVizyd(t);
	const browser = await launch(t, { args: ['--host-resolver-rules=MAP cam.lan 127.0.0.1'] });
	const url = `http://cam.lan:${daemon.port}`;
	const context = await browser.newContext();
	const pages = [await openTab(context, url), await openTab(context, url), await openTab(context, `${url}/?link=stock`)];

	assert.equal(await pages[0].evaluate(() => window.isSecureContext), false);
	assert.equal(await pages[0].evaluate(() => typeof crypto.randomUUID), 'undefined');
	await press(pages[0], 'brightness', 'End');
	await allShow(pages, 'brightness', 100);
	assert.equal(await property(pages[1], 'brightness', 'value'), 100);
	pages.forEach(page => assert.deepEqual(page.complaints, []));
});

for (const link of ['', '?link=stock']) {
	test(`#34 under /cam/${link}: a slider is shared, the picture is live, nothing is missed`, { timeout: 60000 }, async t => {
		const daemon = await startUnder(t, '/cam/');
		const browser = await launch(t);
		// By the redirect from "/", where our own link is what one gets.
		const pages = [await openTab(await browser.newContext(), link ? `${daemon.url}/${link}` : `${daemon.origin}/`),
			await openTab(await browser.newContext(), `${daemon.url}/${link}`)];
		const seen = new Set();

		assert.equal(new URL(pages[0].url()).pathname, '/cam/');
		for (const page of pages) {
			const value = await sliderValue(page, 'brightness');

			await press(page, 'brightness', value > 0 ? 'ArrowLeft' : 'ArrowRight');
			await until(async () => await sliderValue(page, 'brightness') !== value, { what: 'another brightness' });
			await allShow(pages, 'brightness', await sliderValue(page, 'brightness'));
		}
		await until(async () => {
			seen.add((await canvasDigest(pages[1]))?.hash);
			return seen.size > 3;
		}, { what: () => `moving pictures; saw ${seen.size}` });
		pages.forEach(page => assert.deepEqual(page.complaints, []));
	});
}
