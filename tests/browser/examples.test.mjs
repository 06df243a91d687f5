// The first examples of plugins/, each in two browsers: shared and private controls, side effects, and
// what a device sends by itself.

import assert from 'node:assert/strict';
import test from 'node:test';

import { allShow, press, sliderValue, text } from '../lib/browser.mjs';
import { served, shoot, startExamples, useTwoBrowsers, visit } from '../lib/example.mjs';
import { sleep, until } from '../lib/wait.mjs';

useTwoBrowsers();

const shows = (page, id, wanted) => {
	let seen;

	return until(async () => wanted.test(seen = await text(page, id)), { what: () => `#${id} to show ${wanted}; it shows "${seen}"` });
};

const type = async (page, id, words) => {
	await page.locator(`#${id}`).fill(words);
	await page.keyboard.press('Enter');
};

test('sharing: one slider for everybody and one for each', async t => {
	const daemon = await startExamples(t, ['sharing']);
	const [a, b] = [await visit(t, daemon, 0, 'Sharing'), await visit(t, daemon, 1, 'Sharing')];

	await press(a, 'sharing-slider', 'End');
	await allShow([a, b], 'sharing-slider', 100);
	await shows(b, 'sharing-percent', /^100 %$/);
	await type(b, 'sharing-text', 'Grüße');
	await until(async () => await a.inputValue('#sharing-text') === 'Grüße', { what: 'the text in the other browser' });
	await shows(a, 'sharing-letters', /^5 letters$/);

	await press(a, 'sharing-my-slider', 'Home');
	await shows(a, 'sharing-my-percent', /^0 %$/);
	await type(a, 'sharing-my-text', 'mine');
	await shows(a, 'sharing-my-letters', /^4 letters$/);
	await shoot(a, 'sharing');
	assert.equal(await sliderValue(b, 'sharing-my-slider'), 50);
	assert.equal(await text(b, 'sharing-my-percent'), '50 %');
	assert.equal(await b.inputValue('#sharing-my-text'), 'Hello');

	// Who comes later finds what is shared as it is, and what is private as it began.
	await a.reload();
	await a.waitForSelector('#sharing-slider');
	await allShow([a], 'sharing-slider', 100);
	await allShow([a], 'sharing-my-slider', 50);
	assert.deepEqual([...a.complaints, ...b.complaints], []);
});

test('effects: what happened is in the log, and pushed', async t => {
	const daemon = await startExamples(t, ['effects']);
	const [a, b] = [await visit(t, daemon, 0, 'Effects'), await visit(t, daemon, 1, 'Effects')];

	await press(a, 'effects-slider', 'ArrowRight');
	await allShow([a, b], 'effects-slider', 51);
	await shows(b, 'effects-journal', /^1\. The slider of everybody is at 51$/);
	await a.click('#effects-photo');
	await shows(b, 'effects-journal', /^2\. A photo was taken\n1\./);
	await type(b, 'effects-text', 'light on');
	await shows(a, 'effects-journal', /^3\. The text of everybody is “light on”/);

	await press(a, 'effects-my-slider', 'Home');
	await shows(a, 'effects-mine', /^Your slider is at 0$/);
	await type(a, 'effects-my-text', 'secret');
	await shows(a, 'effects-mine', /^Your text is “secret”$/);
	await shows(b, 'effects-journal', /^5\. Somebody wrote a text of their own\n4\. Somebody moved/);
	assert.equal(await text(b, 'effects-mine'), '');
	assert.doesNotMatch(await text(b, 'effects-journal'), /secret/);
	assert.equal(await sliderValue(b, 'effects-my-slider'), 50);

	for (let i = 0; i < 5; i++) {
		await a.click('#effects-photo');
	}
	await shows(b, 'effects-journal', /^10\./);
	assert.equal((await text(b, 'effects-journal')).split('\n').length, 8);
	assert.match(daemon.stderr, /The slider of everybody is at 51\n(.|\n)*A photo was taken/);
	await shoot(b, 'effects');
	assert.deepEqual([...a.complaints, ...b.complaints], []);
});

const points = page => page.evaluate(() => document.querySelector('.js-plotly-plot')?.calcdata?.[0]?.length ?? 0);
const grown = async (page, more) => {
	const from = await points(page);

	await until(async () => await points(page) >= from + more, { what: `${more} points more than ${from}` });
};

test('thermostat: a curve that grows twice a second, for those who are there', { timeout: 90000 }, async t => {
	const daemon = await startExamples(t, ['thermostat']);
	const length = async () => (await served(daemon, 'thermostat-graph', 'figure')).data[0].x.length;

	await sleep(1200);
	assert.equal(await length(), 0, 'nobody has watched yet');
	const a = await visit(t, daemon, 0, 'Thermostat');

	await grown(a, 3);
	const begin = { at: Date.now(), length: await length() };

	await sleep(5000);
	const rate = (await length() - begin.length) / (Date.now() - begin.at) * 1000;

	assert.ok(rate > 1.7 && rate < 2.1, `${rate} points a second`);

	// Who comes later sees the whole curve.
	const b = await visit(t, daemon, 1, 'Thermostat');

	await until(async () => await points(b) >= begin.length + 8, { what: 'the whole curve' });
	await press(b, 'thermostat-target', 'Home');
	await allShow([a, b], 'thermostat-target', 10);
	await shows(a, 'thermostat-target-says', /^10\.0 °C$/);
	await until(async () => await a.locator('#thermostat-heater').getAttribute('value') === '0', { what: 'a heater that is off' });
	await press(a, 'thermostat-target', 'End');
	await until(async () => await b.locator('#thermostat-heater').getAttribute('value') === '100', { what: 'full power' });
	await shows(b, 'thermostat-now', /^1\d\.\d °C$/);
	await shoot(b, 'thermostat');
	assert.deepEqual([...a.complaints, ...b.complaints], []);

	// One leaves: it goes on. The last one leaves: within a second nothing is pushed any more.
	await a.close();
	await grown(b, 2);
	await b.close();
	await sleep(1000);
	const end = await length();

	await sleep(1500);
	assert.equal(await length(), end, 'it goes on with nobody there');

	const c = await visit(t, daemon, 0, 'Thermostat');

	await until(async () => await points(c) > end, { what: 'growth for a new visitor' });
});

test('all of them at once: Plotly is loaded for the tab that shows a graph, and before it for none', async t => {
	const daemon = await startExamples(t, ['sharing', 'effects', 'thermostat', 'thermostat-clientside', 'login', 'roles', 'robots']);
	const page = await visit(t, daemon, 0, 'Sharing');
	const loaded = () => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));

	for (const label of ['Effects', 'Log in', 'Who is here', 'Robots', 'Camera']) {
		await page.locator('.vz-tab', { hasText: label }).click();
		await sleep(100);
	}
	assert.deepEqual((await loaded()).filter(name => /plotly|async-graph/.test(name)), []);
	await page.locator('.vz-tab', { hasText: /^Thermostat$/ }).click();
	await until(async () => await points(page) > 1, { what: 'a curve' });
	assert.equal((await loaded()).filter(name => /plotly/.test(name)).length, 1);
	await shoot(page, 'all');
	assert.deepEqual(page.complaints, []);
});
