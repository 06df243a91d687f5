// One slider, several people: CONFORMANCE C 1 and 2, and the heart of the product.

import assert from 'node:assert/strict';
import test from 'node:test';

import { allShow, drag, handle, launch, openTab, press, property, sliderValue, watchSlider } from '../lib/browser.mjs';
import { snapshot } from '../lib/camera.mjs';
import { startTestapp, startVizyd } from '../lib/daemon.mjs';
import { delayProxy } from '../lib/delay-proxy.mjs';
import { sleep } from '../lib/wait.mjs';

async function layoutValue(daemon, id) {
	let value;

	JSON.parse(await (await fetch(`${daemon.url}/_dash-layout`)).text(), (key, v) => {
		if (v?.props?.id === id) {
			value = v.props.value;
		}
		return v;
	});
	return value;
}

/**
 * Waits until all pages have shown the truth, and nothing has happened in the daemon, for longer than a hand keeps its
 * control (ui/link/hands.js). How long that takes, the caller asks of the pages.
 */
async function allRestAtTruth(daemon, pages, label) {
	const look = async () => ({
		truth: await layoutValue(daemon, 'shared'),
		shown: await Promise.all(pages.map(page => sliderValue(page, 'shared'))),
		callbacks: (await daemon.status_page()).callbacks,
	});
	const end = Date.now() + 10000;
	let last = await look();

	for (let since = Date.now(); Date.now() - since < 800;) {
		const now = await look();

		if (JSON.stringify(now) !== JSON.stringify(last) || now.shown.some(one => one !== now.truth)) {
			since = Date.now();
		}
		last = now;
		if (Date.now() > end) {
			assert.deepEqual(last.shown, pages.map(() => last.truth), label);
			assert.fail(`${label}: it does not come to rest`);
		}
		await sleep(20);
	}
}

/** The mean luma once it has come to rest. */
async function restingLuma(daemon) {
	let last = (await snapshot(daemon.url)).mean;

	for (let i = 0; i < 30; i++) {
		await sleep(200);
		const { mean } = await snapshot(daemon.url);

		if (Math.abs(mean - last) < 0.7) {
			return mean;
		}
		last = mean;
	}
	return last;
}

test('(a) drag in one tab: the picture follows, three tabs of two browsers and the camera end on the last value', async t => {
	const daemon = await startVizyd(t);
	const [first, second] = [await launch(t), await launch(t)];
	const context = await first.newContext();
	const pages = [await openTab(context, daemon.url), await openTab(context, daemon.url),
		await openTab(await second.newContext(), daemon.url)];
	const middle = await restingLuma(daemon);

	for (const [target, follows] of [[92, mean => mean > middle + 15], [8, mean => mean < middle - 15], [50, mean => Math.abs(mean - middle) < 8]]) {
		const from = await sliderValue(pages[0], 'brightness');
		const values = Array.from({ length: 20 }, (_, i) => Math.round(from + (target - from) * (i + 1) / 20));
		const { to } = await drag(pages[0], 'brightness', values, { pause: 10 });

		assert.ok(Math.abs(to - target) <= 2, `dragged to ${target}, the handle is at ${to}`);
		await allShow(pages, 'brightness', to);
		for (const page of pages) {
			assert.equal(await property(page, 'brightness', 'value'), to);
		}
		assert.equal(await layoutValue(daemon, 'brightness'), to);
		assert.equal((await daemon.status_page()).camera.brightness, to);
		const mean = await restingLuma(daemon);

		assert.ok(follows(mean), `brightness ${to}: mean luma ${mean}, at 50 it was ${middle}`);
	}
	for (const page of pages) {
		assert.deepEqual(page.complaints, []);
	}
});

for (const delay of [0, 40, 120]) {
	test(`(b) C2, #21 three tabs change the slider at nearly the same time, ${delay} ms away: equal and silent within 1 s, 12 of 12`, { timeout: 240000 }, async t => {
		const daemon = await startTestapp(t);
		const url = delay ? (await delayProxy(t, daemon.port, delay)).url : daemon.url;
		const browser = await launch(t);
		const pages = [];

		// Contexts of their own: three browsers, as far as the page can tell.
		for (let i = 0; i < 3; i++) {
			pages.push(await openTab(await browser.newContext(), url));
		}
		const watches = await Promise.all(pages.map(page => watchSlider(page, 'shared')));

		for (let round = 0; round < 12; round++) {
			const keys = ['Home', 'End', round % 2 ? 'ArrowRight' : 'ArrowLeft'].sort(() => Math.random() - 0.5);

			// Some way off the ends, so that each key changes something.
			await press(pages[round % 3], 'shared', 'End');
			for (let i = 0; i < 3; i++) {
				await press(pages[round % 3], 'shared', 'PageDown');
			}
			await sleep(400 + 4 * delay);
			await Promise.all(pages.map(page => handle(page, 'shared').focus()));
			await Promise.all(pages.map(async (page, i) => {
				await sleep(Math.random() * 30);
				await page.keyboard.press(keys[i]);
			}));
			await allRestAtTruth(daemon, pages, `round ${round}`);
			const seen = await Promise.all(watches.map(read => read()));
			const took = Math.max(...seen.map(({ changed }) => changed)) - Math.max(...seen.map(({ key }) => key));

			assert.ok(took <= 1000, `round ${round}: the last change came ${took} ms after the last key`);
		}
		pages.forEach(page => assert.deepEqual(page.complaints, []));
	});
}


test('(c) C1 one key press runs the callback exactly once', async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const context = await browser.newContext();
	const pages = [await openTab(context, daemon.url), await openTab(context, daemon.url),
		await openTab(await browser.newContext(), daemon.url)];

	await sleep(500);
	for (let i = 1; i <= 5; i++) {
		const before = (await daemon.status_page()).test;
		const value = await sliderValue(pages[0], 'shared');

		await press(pages[0], 'shared', 'ArrowRight');
		await allShow(pages, 'shared', value + 1);
		await sleep(1000);
		const after = (await daemon.status_page()).test;

		assert.equal(after.shared_runs - before.shared_runs, 1);
		assert.equal(after.chain_runs - before.chain_runs, 1);
	}
	for (const page of pages) {
		assert.equal(await page.locator('#chain-out').innerText(), 'chain(value=25)');
		assert.deepEqual(page.complaints, []);
	}
});
