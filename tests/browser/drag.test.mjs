// Dragging a slider: the order in which values arrive, and the hand of the person who drags.

import assert from 'node:assert/strict';
import test from 'node:test';

import { allShow, drag, launch, openTab, watchSlider } from '../lib/browser.mjs';
import { startTestapp } from '../lib/daemon.mjs';
import { delayProxy } from '../lib/delay-proxy.mjs';
import { sleep } from '../lib/wait.mjs';

test('(c) C2 20 values back to back arrive and run in order, 100 of 100 drags', { timeout: 400000 }, async t => {
	const daemon = await startTestapp(t);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), daemon.url);
	const watcher = await openTab(await browser.newContext(), daemon.url);
	let runs = (await daemon.status_page()).test.drag_runs;
	let ran = 0;

	for (let n = 0; n < 100; n++) {
		const values = Array.from({ length: 20 }, (_, i) => (n % 2 ? 3 + 4 * i : 95 - 4 * i) + n % 5);
		const { to } = await drag(page, 'drag', values);

		await allShow([watcher], 'drag', to);
		const { drag_runs, drag_log } = (await daemon.status_page()).test;
		const log = drag_log.slice(-(drag_runs - runs));

		// Where the browser is short of time it makes one move of two: what arrives is in order for all that.
		let at = -1;

		assert.ok(log.every(value => (at = values.indexOf(value, at + 1)) >= 0), `drag ${n}: ${log} of ${values}`);
		assert.equal(log.at(-1), values.at(-1), `drag ${n}`);
		assert.equal(to, values.at(-1));
		ran += log.length;
		runs = drag_runs;
	}
	assert.ok(ran >= 1900, `${ran} of 2000 values arrived`);
	assert.deepEqual(page.complaints, []);
});

test('C2 whoever drags is not jerked back, over a slow network', async t => {
	const daemon = await startTestapp(t);
	const { url } = await delayProxy(t, daemon.port, () => 20 + Math.random() * 80);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), url);
	const watcher = await openTab(await browser.newContext(), url);

	const read = await watchSlider(page, 'drag');
	const { to } = await drag(page, 'drag', Array.from({ length: 40 }, (_, i) => 2 + 2 * i), { pause: 20 });

	await sleep(800);
	const { values: trace } = await read();

	assert.ok(trace.length > 10, `${trace}`);
	assert.ok(trace.every((value, i) => i === 0 || value >= trace[i - 1]), `the handle went back: ${trace}`);
	await allShow([watcher, page], 'drag', to);
});
