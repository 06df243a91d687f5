// Several cameras, and two browsers that each work with one of them (the plugin `cameras`).

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { allShow, canvasDigest, drag, handle, launch, openTab, press, property, sliderValue } from '../lib/browser.mjs';
import { byId, choose, startCameras } from '../lib/cameras.mjs';
import { outDir, temporaryFolder } from '../lib/daemon.mjs';
import { footage } from '../lib/footage.mjs';
import { sleep, until, untilQuiet } from '../lib/wait.mjs';

const shots = join(outDir, 'shots');

async function openCameras(context, url) {
	const page = await openTab(context, url);

	await page.locator('.vz-tab', { hasText: 'Cameras' }).click();
	await page.waitForSelector('#cameras-choice');
	return page;
}

/** Picks a camera from the list, as a person does. */
async function pick(page, label) {
	await page.locator('#cameras-choice').click();
	await page.locator('.dash-dropdown-option, [role=option]', { hasText: label }).first().click();
	await until(() => handle(page, 'cameras-brightness').count(), { what: 'the controls' });
}

const live = page => until(async () => (await canvasDigest(page, 'cameras-live'))?.mean > 5, { timeout: 15000, what: 'a picture' });

async function openPicked(context, url, label) {
	const page = await openCameras(context, url);

	await pick(page, label);
	await live(page);
	return page;
}

/** Mean of each colour that the picture has now. */
const colour = page => page.evaluate(() => {
	const small = document.createElement('canvas');

	small.width = small.height = 8;
	const context = small.getContext('2d');

	context.drawImage(document.querySelector('#cameras-live canvas'), 0, 0, 8, 8);
	const { data } = context.getImageData(0, 0, 8, 8);
	const sum = [0, 0, 0];

	for (let i = 0; i < data.length; i++) {
		if (i % 4 < 3) {
			sum[i % 4] += data[i] / 64;
		}
	}
	return sum;
});

// The second room has a yellow wall, the first a bluish one.
const isBench = async page => {
	const [red, , blue] = await colour(page);

	return red - blue < 15;
};

test('two browsers, two cameras: each has its own view and its own values', { timeout: 240000 }, async t => {
	const daemon = await startCameras(t);
	const [first, second] = [await launch(t), await launch(t)];
	const desktop = await first.newContext({ viewport: { width: 1440, height: 900 } });
	const phone = await second.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
	const nobody = await openCameras(desktop, daemon.url);

	mkdirSync(shots, { recursive: true });
	assert.match(await nobody.locator('#cameras-live').innerText(), /No camera is chosen/);
	await nobody.screenshot({ path: join(shots, 'cameras-none.png') });
	await nobody.close();

	const bench = await openPicked(desktop, daemon.url, 'Bench');
	const colleague = await openPicked(await second.newContext(), daemon.url, 'Bench');
	const window = await openPicked(phone, daemon.url, 'Window');

	assert.ok(await isBench(bench) && await isBench(colleague), 'the first room');
	assert.ok(!await isBench(window), 'the second room');
	await bench.screenshot({ path: join(shots, 'cameras-bench.png') });
	await window.screenshot({ path: join(shots, 'cameras-window.png'), fullPage: true });

	const { to } = await drag(bench, 'cameras-brightness', [55, 60, 65, 70, 75, 80], { pause: 20 });

	assert.ok(Math.abs(to - 80) <= 2, `dragged to ${to}`);
	await allShow([bench, colleague], 'cameras-brightness', to);
	await press(colleague, 'cameras-brightness', 'ArrowLeft');
	await allShow([bench, colleague], 'cameras-brightness', to - 1);
	assert.equal(await sliderValue(window, 'cameras-brightness'), 50);
	await press(window, 'cameras-brightness', 'Home');
	await allShow([window], 'cameras-brightness', 0);
	await sleep(700);
	await allShow([bench, colleague], 'cameras-brightness', to - 1);

	// A switch that frees other controls, in the hands of the colleague too.
	await bench.locator('#cameras-auto-exposure label, #cameras-auto-exposure input').first().click();
	await until(async () => await property(colleague, 'cameras-exposure-time', 'disabled') === false, { what: 'the exposure to be free' });
	assert.equal(await property(window, 'cameras-exposure-time', 'disabled'), true);
	for (const page of [bench, colleague, window]) {
		assert.deepEqual(page.complaints, []);
	}
});

test('the choice survives a reload of the page, and may be changed', { timeout: 240000 }, async t => {
	const daemon = await startCameras(t);
	const context = await (await launch(t)).newContext();
	const [page, other] = [await openPicked(context, daemon.url, 'Window'), await openPicked(context, daemon.url, 'Bench')];

	await press(page, 'cameras-brightness', 'ArrowLeft');
	await until(async () => {
		const tab = await choose(daemon, 'camera2');

		return byId(tab.props['cameras-controls'].children)['cameras-brightness'].value === 49;
	}, { what: 'the camera to have it' });
	// Two tabs of one browser, each with its own.
	for (const [tab, value, bench] of [[page, 49, false], [other, 50, true]]) {
		await tab.reload();
		await tab.waitForSelector('#cameras-brightness [role=slider], [role=slider]#cameras-brightness', { timeout: 20000 });
		await live(tab);
		assert.equal(await isBench(tab), bench);
		await allShow([tab], 'cameras-brightness', value);
		assert.match(await tab.locator('#cameras-choice').innerText(), bench ? /Bench/ : /Window/);
	}

	await pick(page, 'Bench');
	await until(() => isBench(page), { what: 'the picture of the other camera' });
	await allShow([page, other], 'cameras-brightness', 50);
	await press(other, 'cameras-brightness', 'ArrowRight');
	await allShow([page, other], 'cameras-brightness', 51);
	for (const tab of [page, other]) {
		assert.deepEqual(tab.complaints, []);
	}
});

test('two change one value at nearly the same time: both come to show what the camera has', { timeout: 240000 }, async t => {
	const daemon = await startCameras(t);
	const browser = await launch(t);
	const pages = [];

	for (let i = 0; i < 2; i++) {
		pages.push(await openPicked(await browser.newContext(), daemon.url, 'Bench'));
	}
	for (let round = 0; round < 8; round++) {
		const keys = round % 2 ? ['End', 'Home'] : ['Home', 'ArrowRight'];

		await press(pages[round % 2], 'cameras-brightness', 'PageUp');
		await sleep(700);
		await Promise.all(pages.map(page => handle(page, 'cameras-brightness').focus()));
		await Promise.all(pages.map(async (page, i) => {
			await sleep(Math.random() * 30);
			await page.keyboard.press(keys[i]);
		}));
		// Longer than a hand keeps its control (ui/link/hands.js).
		const end = await untilQuiet(() => Promise.all(pages.map(page => sliderValue(page, 'cameras-brightness'))), { quiet: 900, timeout: 8000 });
		const tab = await choose(daemon, 'camera1');
		const truth = byId(tab.props['cameras-controls'].children)['cameras-brightness'].value;

		await tab.bye();
		assert.deepEqual(end, [truth, truth], `round ${round}`);
	}
	pages.forEach(page => assert.deepEqual(page.complaints, []));
});

test('a camera that goes: who has chosen it sees that, and goes on with another', { timeout: 240000 }, async t => {
	const videos = await footage(t);

	if (!videos) {
		return;
	}
	const film = join(temporaryFolder(t), 'film.avi');

	copyFileSync(videos.find('vtest.avi'), film);
	const daemon = await startCameras(t, { section: ['camera1 = simulated', 'camera1_title = Bench', `camera2 = file:${film}`, 'camera2_title = Film'] });
	const page = await openPicked(await (await launch(t)).newContext({ viewport: { width: 1440, height: 900 } }), daemon.url, 'Film');

	truncateSync(film);
	await until(async () => /Film is not there/.test(await page.locator('#cameras-controls').innerText()), { timeout: 60000, what: 'to be told' });
	assert.match(await page.locator('#cameras-live').innerText(), /Trying again/i);
	await page.screenshot({ path: join(shots, 'cameras-gone.png') });
	await pick(page, 'Bench');
	await live(page);
	await press(page, 'cameras-brightness', 'End');
	await allShow([page], 'cameras-brightness', 100);
	assert.deepEqual(page.complaints, []);
});
