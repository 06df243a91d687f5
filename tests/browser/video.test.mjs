// Live pictures in the page: eight tabs, real footage, what is hidden.

import assert from 'node:assert/strict';
import test from 'node:test';

import { allShow, canvasDigest, launch, openTab, press, sliderValue } from '../lib/browser.mjs';
import { startVizyd } from '../lib/daemon.mjs';
import { footage } from '../lib/footage.mjs';
import { sleep, until } from '../lib/wait.mjs';

/** Waits until the canvas shows one picture and then another. */
async function moving(page, { timeout = 15000 } = {}) {
	const seen = new Set();

	return until(async () => {
		const digest = await canvasDigest(page);

		if (digest && digest.mean > 5) {
			seen.add(digest.hash);
		}
		return seen.size >= 3 && digest;
	}, { timeout, interval: 60, what: () => `moving pictures; saw ${seen.size}` });
}

/** In the page: how long after it was asked for it had its first control. */
function noteFirstControl() {
	new MutationObserver((changes, observer) => {
		if (document.querySelector('[role=slider]')) {
			window.firstControl = performance.now();
			observer.disconnect();
		}
	}).observe(document, { childList: true, subtree: true });
}

test('(e) C9 eight tabs with video load, move, and are controlled', { timeout: 180000 }, async t => {
	const daemon = await startVizyd(t);
	const browser = await launch(t);
	const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
	const pages = [];

	for (let i = 0; i < 8; i++) {
		pages.push(await openTab(context, daemon.url, { init: noteFirstControl, timeout: 60000 }));
		const took = await pages[i].evaluate(() => window.firstControl);

		assert.ok(took < 20000, `tab ${i}: ${took} ms`);
	}
	for (const page of pages) {
		await page.bringToFront();
		const { width, height } = await moving(page);

		assert.ok(width >= 320 && height >= 240, `${width} x ${height}`);
	}
	await press(pages[7], 'brightness', 'ArrowRight');
	await allShow(pages, 'brightness', await sliderValue(pages[7], 'brightness'), { timeout: 10000 });
	for (const page of pages) {
		assert.deepEqual(page.complaints, []);
	}
});

test('real footage plays in the browser at its own rate', { timeout: 90000 }, async t => {
	const clips = await footage(t);

	if (!clips) {
		return;
	}
	const daemon = await startVizyd(t, { camera: `file:${clips.find('vtest.avi')}` });
	const browser = await launch(t);
	const page = await (await browser.newContext()).newPage();
	const arrived = [];

	page.on('websocket', socket => {
		if (socket.url().includes('_vizyd/video')) {
			socket.on('framereceived', ({ payload }) => {
				if (Buffer.isBuffer(payload) && payload.length > 32) {
					arrived.push({ sequence: Number(payload.readBigUInt64LE(8)), time: Number(payload.readBigInt64LE(16)) / 1e9, at: Date.now() / 1000 });
				}
			});
		}
	});
	await page.goto(daemon.url);
	await moving(page);
	// Pictures that were drawn, counted by what the canvas shows at each animation frame.
	arrived.length = 0;
	const drawn = await page.evaluate(() => new Promise(resolve => {
		const canvas = document.querySelector('#live canvas, canvas#live');
		const small = document.createElement('canvas');
		const context = small.getContext('2d', { willReadFrequently: true });
		const end = performance.now() + 5000;
		let changes = 0;
		let last = '';

		small.width = small.height = 32;
		requestAnimationFrame(function look() {
			context.drawImage(canvas, 0, 0, 32, 32);
			const now = context.getImageData(0, 0, 32, 32).data.join();

			changes += now !== last;
			last = now;
			if (performance.now() < end) {
				requestAnimationFrame(look);
			} else {
				resolve(changes);
			}
		});
	}));

	assert.ok(arrived.length >= 35, `${arrived.length} pictures in 5 s of a film of 10 a second`);
	const [first, last] = [arrived[0], arrived.at(-1)];

	// vtest.avi has 10 frames a second: by its time stamps, by the clock, and on the screen.
	assert.ok(Math.abs((last.time - first.time) / (last.sequence - first.sequence) - 0.1) < 0.005, `${(last.time - first.time) / (last.sequence - first.sequence)} s a frame`);
	assert.ok(Math.abs((last.at - first.at) - (last.time - first.time)) < 0.4, `${last.time - first.time} s of film in ${last.at - first.at} s`);
	assert.ok(drawn >= 38 && drawn <= 56, `${drawn} pictures drawn in 5 s`);
});

test('a picture that is out of sight is not sent', async t => {
	const daemon = await startVizyd(t);
	const browser = await launch(t);
	const page = await openTab(await browser.newContext(), daemon.url);

	await moving(page);
	const encoded = async () => (await daemon.status_page()).frames.encoded;

	await page.evaluate(() => {
		document.querySelector('#live').style.display = 'none';
	});
	await sleep(2500);
	const before = await encoded();

	await sleep(1500);
	assert.ok(await encoded() - before < 5, `${await encoded() - before} pictures for nobody`);
	await page.evaluate(() => {
		document.querySelector('#live').style.display = '';
	});
	await moving(page);
});
