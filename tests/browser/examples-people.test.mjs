// The examples of plugins/ in which it matters who somebody is: clientside looks, logging in, roles,
// and a robot of one's own.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';

import { press, property, text } from '../lib/browser.mjs';
import { served, shoot, startExamples, useTwoBrowsers, visit } from '../lib/example.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

useTwoBrowsers();

const shows = (page, id, wanted) => {
	let seen;

	return until(async () => wanted.test(seen = await text(page, id)), { what: () => `#${id} to show ${wanted}; it shows "${seen}"` });
};

const hash = password => execFileSync('openssl', ['passwd', '-6', password]).toString().trim();
const users = `[plugin login]\nuser_ada = admin ${hash('lovelace')}\nuser_ben = guest ${hash('franklin')}\n`;

async function logIn(page, user, password) {
	await page.locator('.vz-tab', { hasText: 'Log in' }).click();
	await page.locator('#login-user').fill(user);
	await page.locator('#login-password').fill(password);
	await page.click('#login-in');
}

test('thermostat, clientside: each browser has its own unit, and the daemon is not asked', async t => {
	const id = name => `thermostat-clientside-${name}`;
	const daemon = await startExamples(t, ['thermostat-clientside']);
	const [a, b] = [await visit(t, daemon, 0, 'Thermostat (clientside)'), await visit(t, daemon, 1, 'Thermostat (clientside)')];
	const points = page => page.evaluate(() => document.querySelector('.js-plotly-plot')?.calcdata?.[0]?.length ?? 0);
	const run = async () => (await daemon.status_page()).callbacks.run;

	await until(async () => await points(a) >= 3 && await points(b) >= 3, { timeout: 20000, what: 'three points in both' });
	const before = await run();

	await a.locator(`#${id('unit')}`).getByText('°F').click();
	await shows(a, id('now'), /^\d\d\.\d °F$/);
	await shows(a, id('target-says'), /^68\.0 °F$/);
	await shows(b, id('now'), /^\d\d\.\d °C$/);
	assert.deepEqual((await property(a, id('graph'), 'figure')).layout.yaxis.range, [46.4, 86]);
	assert.deepEqual((await property(b, id('graph'), 'figure')).layout.yaxis.range, [8, 30]);
	assert.equal(await run(), before, 'the daemon was asked');

	await press(b, id('target'), 'Home');
	await shows(b, id('target-says'), /^10\.0 °C$/);
	await shows(a, id('target-says'), /^50\.0 °F$/);
	await until(async () => await a.locator(`#${id('heater')}`).getAttribute('value') === '0', { what: 'a heater that is off' });
	await shoot(a, 'thermostat-clientside');
	assert.deepEqual([...a.complaints, ...b.complaints], []);

	await Promise.all([a.close(), b.close()]);
	await sleep(1000);
	const end = (await served(daemon, id('samples'), 'data')).minutes.length;

	await sleep(1500);
	assert.equal((await served(daemon, id('samples'), 'data')).minutes.length, end, 'it goes on with nobody there');
});

test('login: who knows the password sees what is behind the form, and nobody else does', async t => {
	const daemon = await startExamples(t, ['login'], users);
	const [a, b] = [await visit(t, daemon, 0, 'Log in'), await visit(t, daemon, 1, 'Log in')];

	for (const [user, password] of [['ada', 'wrong'], ['nobody', 'lovelace'], ['', '']]) {
		await logIn(a, user, password);
		await shows(a, 'login-message', /^Name and password do not fit\.$/);
		assert.equal(await a.locator('#login-who').count(), 0);
	}
	await shoot(b, 'login-form');
	await logIn(a, 'ada', 'lovelace');
	await shows(a, 'login-who', /^You are ada, and your role is admin\.$/);
	assert.equal(await a.locator('#login-form').isVisible(), false);
	await a.click('#login-bell');
	await shows(a, 'login-rings', /^Rings so far: 1$/);
	await shoot(a, 'login');
	assert.equal(await b.locator('#login-who').count(), 0);
	assert.equal(await b.locator('#login-form').isVisible(), true);
	assert.equal(await served(daemon, 'login-bell', 'n_clicks'), undefined);

	// Whoever asks without having logged in is refused, whatever their page shows.
	const tab = await Tab.open(daemon);
	const answer = await tab.call('login-rings.children', { 'login-bell.n_clicks': 1 });

	assert.equal(answer.status, 'error');
	assert.match(JSON.stringify(answer), /for those who have logged in/);

	await a.click('#login-out');
	await until(() => a.locator('#login-form').isVisible(), { what: 'the form again' });
	assert.equal(await a.locator('#login-who').count(), 0);
	assert.equal(await a.inputValue('#login-password'), '');
	assert.match(daemon.stderr, /ada logged in from 127\.0\.0\.1/);
	assert.deepEqual([...a.complaints, ...b.complaints], []);
});

test('login, required: no shared values before', async t => {
	const daemon = await startExamples(t, ['login', 'effects'], `${users}required = yes\n`);
	const [a, b] = [await visit(t, daemon, 0, 'Log in'), await visit(t, daemon, 1, 'Log in')];

	await logIn(a, 'ada', 'lovelace');
	await shows(a, 'login-who', /^You are ada/);
	await a.locator('.vz-tab', { hasText: 'Effects' }).click();
	await press(a, 'effects-slider', 'End');
	await shows(a, 'effects-journal', /^1\. The slider of everybody is at 100$/);
	await sleep(500);
	assert.equal(await property(b, 'effects-slider', 'value'), 50);

	await logIn(b, 'ben', 'franklin');
	await shows(b, 'login-who', /^You are ben, and your role is guest/);
	await until(async () => await property(b, 'effects-slider', 'value') === 100, { what: 'today\'s value' });
	assert.deepEqual([...a.complaints, ...b.complaints], []);
});

test('roles: an admin sees who comes and goes, others see nothing', async t => {
	const daemon = await startExamples(t, ['login', 'roles'], users);
	const [a, b] = [await visit(t, daemon, 0, 'Log in'), await visit(t, daemon, 1, 'Log in')];
	const table = async page => {
		await page.locator('.vz-tab', { hasText: 'Who is here' }).click();
		return page.locator('#roles-table');
	};
	const rows = page => page.locator('#roles-table tbody tr').allInnerTexts();

	await logIn(a, 'ada', 'lovelace');
	await shows(a, 'login-who', /admin/);
	await logIn(b, 'ben', 'franklin');
	await shows(b, 'login-who', /guest/);
	await table(a);
	await until(async () => (await rows(a)).length === 2, { what: 'two rows' });
	assert.match((await rows(a)).join('\n'), /ada\s+admin\s+127\.0\.0\.1\s+Chrome\s+\d\d:\d\d:\d\d\s+online\n.*ben\s+guest\s/);
	await shoot(a, 'roles');
	assert.equal(await (await table(b)).innerText(), 'For admins only.');
	assert.equal(await served(daemon, 'roles-table', 'children'), 'For admins only.');

	const c = await visit(t, daemon, 1, 'Who is here');

	await until(async () => (await rows(a)).length === 3, { what: 'a third row' });
	assert.match((await rows(a)).at(-1), /nobody/);
	await c.close();
	await until(async () => (await rows(a)).length === 2, { what: 'two rows again' });
	await a.locator('.vz-tab', { hasText: 'Log in' }).click();
	await a.click('#login-out');
	await until(() => a.locator('#login-form').isVisible(), { what: 'the form' });
	assert.equal(await (await table(a)).innerText(), 'For admins only.');
	assert.deepEqual([...a.complaints, ...b.complaints], []);
});

const left = page => page.evaluate(() => parseInt(document.querySelector('#robots-cart').style.left, 10));
const choose = async (page, colour) => {
	await page.locator('#robots-choice').getByText(`${colour} robot`).click();
	await shows(page, 'robots-says', new RegExp(`^${colour} robot: \\d+ cm$`));
};

test('robots: each browser has its own, and still has it when it is loaded again', { timeout: 60000 }, async t => {
	const daemon = await startExamples(t, ['robots']);
	const [a, b] = [await visit(t, daemon, 0, 'Robots'), await visit(t, daemon, 1, 'Robots')];

	await choose(a, 'Red');
	await choose(b, 'Blue');
	assert.deepEqual([await left(a), await left(b)], [20, 80]);
	await shoot(a, 'robots');

	// Both drive at the same time, and neither sees the other.
	await Promise.all([a.click('#robots-right'), b.click('#robots-left')]);
	await until(async () => await left(a) === 30 && await left(b) === 70, { what: async () => `30 and 70; ${await left(a)}, ${await left(b)}` });
	await press(a, 'robots-to', 'Home');
	await until(async () => await left(a) === 0, { what: 'the end of the rail' });
	await sleep(300);
	assert.equal(await left(b), 70);

	await a.reload();
	await a.waitForSelector('#robots-cart');
	await shows(a, 'robots-says', /^Red robot: 0 cm$/);
	assert.equal(await a.locator('#robots-choice input:checked').evaluate(input => input.closest('label').innerText), 'Red robot');
	await a.click('#robots-right');
	await until(async () => await left(a) === 10, { what: 'the red robot to move' });
	assert.equal(await left(b), 70);
	assert.deepEqual([...a.complaints, ...b.complaints], []);
});

test('robots: two with the same one see the same and queue behind each other', { timeout: 60000 }, async t => {
	const daemon = await startExamples(t, ['robots']);
	const [a, b] = [await visit(t, daemon, 0, 'Robots'), await visit(t, daemon, 1, 'Robots')];
	const seen = [];

	await choose(a, 'Red');
	await choose(b, 'Red');
	await a.exposeFunction('sawCart', value => seen.push(value));
	await a.evaluate(() => new MutationObserver(() => window.sawCart(parseInt(document.querySelector('#robots-cart').style.left, 10)))
		.observe(document.querySelector('#robots-cart'), { attributes: true }));
	// To the right and at the same time to the left: first the one, then the other.
	await Promise.all([a.click('#robots-right'), b.click('#robots-left')]);
	await until(() => seen.length > 10 && seen.at(-1) === 20, { what: () => `there and back; ${seen}` });
	await until(async () => await left(b) === 20, { what: async () => `20 in both; the other shows ${await left(b)}` });
	await sleep(300);
	assert.deepEqual([await left(a), await left(b)], [20, 20]);
	assert.ok(seen.includes(29) || seen.includes(11), `one of them was cut short: ${seen}`);
	assert.equal(seen.filter((value, i) => i > 1 && Math.sign(value - seen[i - 1]) !== Math.sign(seen[i - 1] - seen[i - 2])).length, 1,
		`it turned more than once: ${seen}`);

	// Without a robot one cannot drive.
	const tab = await Tab.open(daemon);
	const { byInput } = await dependencies(daemon);
	const { output } = byInput('robots-left.n_clicks');
	const answer = await tab.call(output, { 'robots-left.n_clicks': 1, 'robots-right.n_clicks': 0, 'robots-to.value': 50 },
		{ changed: ['robots-left.n_clicks'] });

	assert.equal(answer.status, 'error');
	assert.match(JSON.stringify(answer), /Choose a robot first/);
	assert.deepEqual([...a.complaints, ...b.complaints], []);
});
