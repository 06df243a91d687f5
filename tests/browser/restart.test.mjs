// Daemons that die and networks that break, seen from the tab: CONFORMANCE C 4.

import assert from 'node:assert/strict';
import test from 'node:test';

import { allShow, launch, openTab, press, sliderValue, text } from '../lib/browser.mjs';
import { startTestapp, startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { delayProxy } from '../lib/delay-proxy.mjs';
import { sleep, until } from '../lib/wait.mjs';

const offline = page => page.evaluate(() => document.documentElement.hasAttribute('data-vizyd-offline'));

/** Console lines about the connection that was broken on purpose. */
const others = page => page.complaints.filter(line => !/WebSocket|ERR_CONNECTION|Failed to load resource|net::ERR/.test(line));

test('(d) C4 killed and restarted: tabs are back within 5 s with the live values, no stale click runs', async t => {
	const first = await startTestapp(t);
	const browser = await launch(t);
	const context = await browser.newContext();
	const pages = [await openTab(context, first.url), await openTab(context, first.url)];

	await press(pages[0], 'shared', 'End');
	await allShow(pages, 'shared', 100);
	await first.kill();
	await until(() => offline(pages[0]), { what: 'the tab to notice' });
	for (const page of pages) {
		// By the keyboard's way: the offline banner may lie over what is at the top.
		await page.evaluate(() => ['no-output', 'no-output', 'link'].forEach(id => document.getElementById(id).click()));
	}
	await press(pages[1], 'shared', 'Home');
	await sleep(1500);
	const second = await startTestapp(t, { listen: first.host });
	const since = Date.now();

	await until(async () => !(await Promise.all(pages.map(offline))).some(Boolean), { timeout: 6000, what: 'both to be back' });
	await allShow(pages, 'shared', 20); // the new daemon's own value
	assert.ok(Date.now() - since < 5000, `${Date.now() - since} ms`);
	await sleep(1000);
	const status = await second.status_page();

	assert.equal(status.test.no_output_runs, 0, 'a stale click ran');
	assert.equal(status.test.shared_runs, 1, 'a stale change ran');
	assert.equal(status.clients, 2);
	// And everything goes on.
	await pages[0].click('#no-output');
	await until(async () => (await text(pages[0], 'count')) === 'ran 1', { what: 'a fresh click' });
	await press(pages[1], 'shared', 'ArrowRight');
	await allShow(pages, 'shared', 21);
	pages.forEach(page => assert.deepEqual(others(page), []));
});

test('(d) C4 the camera page: values survive, the video comes back', async t => {
	const stateDir = temporaryFolder(t);
	const first = await startVizyd(t, { stateDir });
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), first.url);

	await press(page, 'brightness', 'ArrowRight');
	const value = await sliderValue(page, 'brightness');

	await until(async () => (await fetch(`${first.url}/_dash-layout`).then(r => r.text())).includes(`"value":${value}`));
	await first.stop();
	await until(() => offline(page), { what: 'the tab to notice' });
	const second = await startVizyd(t, { stateDir, listen: first.host });
	const since = Date.now();

	await until(async () => !(await offline(page)), { timeout: 6000, what: 'the tab to be back' });
	assert.ok(Date.now() - since < 5000);
	await allShow([page], 'brightness', value);
	await until(async () => ((await second.status_page()).watchers ?? 1) > 0 && (await page.evaluate(() => {
		const canvas = document.querySelector('#live canvas, canvas#live');

		return canvas?.width > 0;
	})), { timeout: 8000, what: 'video' });
});

test('#35 another layout after the restart: the tab loads it', async t => {
	const first = await startTestapp(t);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), first.url);

	await first.stop();
	await startTestapp(t, { listen: first.host, args: ['--layout', '1'] });
	await page.waitForSelector('#extra-0', { state: 'attached', timeout: 10000 });
});

test('#8, #9, C4 a network that breaks for a moment: back at once, the same client, nothing missed', async t => {
	const daemon = await startTestapp(t);
	const proxy = await delayProxy(t, daemon.port, 5);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), proxy.url);
	const other = await openTab(await browser.newContext(), daemon.url);

	for (let i = 0; i < 3; i++) {
		const value = await sliderValue(other, 'shared');

		proxy.cut();
		await press(other, 'shared', 'ArrowRight');
		await allShow([page, other], 'shared', value + 1, { timeout: 6000 });
	}
	await until(async () => (await daemon.status_page()).clients === 2, { what: 'two clients' });
});

test('C3 a page that is closed is gone from the table at once, a reload is one client', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const context = await browser.newContext();
	const pages = [await openTab(context, daemon.url), await openTab(context, daemon.url)];
	const clients = n => until(async () => (await daemon.status_page()).clients === n, { timeout: 4000, what: `${n} clients` });

	await clients(2);
	await pages[1].reload();
	await pages[1].waitForSelector('[role=slider]');
	await clients(2);
	await pages[1].close({ runBeforeUnload: true });
	await clients(1);
});

test('C3 a page that crashes is gone from the table when it cannot come back any more', { timeout: 60000 }, async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const [page, other] = [await openTab(await browser.newContext(), daemon.url), await openTab(await browser.newContext(), daemon.url)];
	const crashed = new Promise(resolve => page.on('crash', resolve));

	await page.goto('chrome://crash').catch(() => {});
	await crashed;
	await until(async () => (await daemon.status_page()).clients === 1, { timeout: 25000, what: 'one client' });
	await other.click('#link');
	await until(async () => (await text(other, 'link-out')) === 'clicks=1', { what: 'a callback of the other' });
});
