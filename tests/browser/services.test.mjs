// Devices, log-in and questions as the real renderer and a person with several browsers see them:
// CONFORMANCE 4, 11, 22.

import assert from 'node:assert/strict';
import test from 'node:test';

import { handle, launch, openTab, press, shows, sliderValue, text } from '../lib/browser.mjs';
import { startTestapp } from '../lib/daemon.mjs';
import { sleep, until } from '../lib/wait.mjs';

const set = (page, id, data) => page.evaluate(([id, data]) => window.dash_clientside.set_props(id, { data }), [id, data]);

async function start(t, { link = '', args } = {}) {
	const daemon = await startTestapp(t, { args });
	const browser = await launch(t);

	return { daemon, another: async () => openTab(await browser.newContext(), daemon.url + link) };
}

for (const link of ['', '/?link=stock']) {
	test(`${link ? 'stock worker' : 'our link'}: #4 the page is asked for what it shows`, async t => {
		const { another } = await start(t, { link });
		const page = await another();

		await press(page, 'ask-me', 'ArrowRight');
		await until(async () => await sliderValue(page, 'ask-me') === 31);
		await page.click('#ask');
		await until(async () => await text(page, 'asked'));
		const { 'ask-me': slider, absent } = JSON.parse(await text(page, 'asked'));

		assert.equal(slider.value, 31);
		assert.deepEqual(absent, {});
		assert.deepEqual(page.complaints, []);
	});

	test(`${link ? 'stock worker' : 'our link'}: #22 a slow function delays no other button`, async t => {
		const { another } = await start(t, { link });
		const page = await another();
		const began = Date.now();

		await page.click('#slow');
		await page.click('#quick');
		await shows(page, 'quick-out', 'quick 1');
		await page.click('#quick-worker');
		await shows(page, 'quick-worker-out', 'quick 1');
		assert.equal(await text(page, 'slow-out'), '');
		assert.ok(Date.now() - began < 2000);
		await shows(page, 'slow-out', 'slow 1');
		assert.deepEqual(page.complaints, []);
	});

	test(`${link ? 'stock worker' : 'our link'}: #11 who logs in sees at once what everybody sees`, async t => {
		const { another } = await start(t, { link, args: ['--login'] });
		const [a, b] = [await another(), await another()];

		await set(a, 'name', 'ann');
		await shows(a, 'said', 'ann, admin');
		await shows(a, 'shared-out', 'value=20');
		await press(a, 'shared', 'ArrowRight');
		await shows(a, 'chain-out', 'chain(value=21)');
		await sleep(300);
		assert.equal(await text(b, 'shared-out'), '');
		assert.equal(await sliderValue(b, 'shared'), 20);
		await set(b, 'name', 'bob');
		await shows(b, 'chain-out', 'chain(value=21)');
		await until(async () => await sliderValue(b, 'shared') === 21);
		await press(b, 'shared', 'ArrowRight');
		await until(async () => await sliderValue(a, 'shared') === 22);
		assert.ok(await handle(a, 'shared').isVisible());
		// Stores of this page ask for something when they come up, which is refused, and said so.
		assert.deepEqual([...a.complaints, ...b.complaints].filter(one => !one.includes('log in first')), []);
	});
}

test('S2: each works with the device of its choice, also after a reload, and sees it go and come', async t => {
	const { another } = await start(t);
	const [a, b] = [await another(), await another()];

	await set(a, 'choose', 'beta');
	await set(b, 'choose', 'alpha');
	await shows(a, 'chosen', 'Device beta');
	await shows(b, 'bound', 'alpha');
	await a.click('#device');
	await shows(a, 'device-out', 'beta 1');
	await b.click('#device');
	await shows(b, 'device-out', 'alpha 1');

	await a.reload();
	await shows(a, 'bound', 'beta');
	await a.click('#device');
	await shows(a, 'device-out', 'beta 1');

	await b.click('#unplug');
	await shows(a, 'bound', 'none');
	await sleep(100);
	assert.equal(await text(b, 'bound'), 'alpha');
	await b.click('#unplug');
	await shows(a, 'bound', 'beta');
	assert.deepEqual([...a.complaints, ...b.complaints], []);
});
