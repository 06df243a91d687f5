// The first page, logging in and out, as people meet them: on a phone and a laptop, with the keyboard, without scripts.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';

import { launch } from '../lib/browser.mjs';
import { outDir, startVizyd, temporaryFolder, vizyd } from '../lib/daemon.mjs';
import { until } from '../lib/wait.mjs';

const password = 'correct horse';
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const laptop = { viewport: { width: 1280, height: 800 } };

async function start(t) {
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { listen: '0.0.0.0:0', stateDir });

	daemon.url = `http://127.0.0.1:${daemon.port}`;
	return Object.assign(daemon, { stateDir });
}

function user(daemon, args, input = '') {
	const { status, stderr } = spawnSync(vizyd, ['user', '--state-dir', daemon.stateDir, ...args], { input, encoding: 'utf8' });

	assert.equal(status, 0, stderr);
}

const focused = page => page.evaluate(() => document.activeElement?.id);

/** That nothing of it is cut off, and what is touched is large enough for a finger. */
async function assertFits(page) {
	const [wide, small] = await page.evaluate(() => [
		document.documentElement.scrollWidth > document.documentElement.clientWidth,
		[...document.querySelectorAll('input:not([type=hidden]), button')].filter(e => e.getBoundingClientRect().height < 44).length,
	]);

	assert.deepEqual([wide, small], [false, 0]);
}

async function assertLabelled(page) {
	for (const label of ['Name', 'Password']) {
		assert.equal(await page.getByLabel(label, { exact: true }).count(), 1, label);
	}
	assert.equal(await page.locator('#name').getAttribute('autocapitalize'), 'none');
	assert.equal(await page.locator('#name').getAttribute('autocomplete'), 'username');
}

async function logIn(page, url, name) {
	await page.goto(`${url}/`);
	await page.fill('#name', name);
	await page.fill('#password', password);
	await page.keyboard.press('Enter');
	await page.waitForURL(`${url}/`);
	await page.waitForSelector('[role=slider]', { timeout: 30000 });
	await page.waitForSelector('html:not([data-vizyd-offline])');
}

test('the first page, on a phone, without scripts, with the keyboard', async t => {
	const daemon = await start(t);
	const browser = await launch(t);
	const context = await browser.newContext({ ...phone, javaScriptEnabled: false });
	const page = await context.newPage();
	const complaints = [];

	page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
	page.on('requestfailed', request => complaints.push(request.url()));
	await page.goto(`${daemon.url}/anything`);
	assert.equal(page.url(), `${daemon.url}/setup`);
	await assertLabelled(page);
	assert.equal(await page.locator('[role=alert]').isVisible(), false);
	await page.screenshot({ path: join(outDir, 'shots/setup-phone.png') });

	await page.fill('#name', 'Anna');
	await page.fill('#password', password);
	await page.fill('#again', 'something else');
	await page.keyboard.press('Enter');
	await page.waitForSelector('[role=alert] >> text=not the same');
	assert.equal(await page.inputValue('#name'), 'Anna');
	assert.equal(await page.inputValue('#password'), '');
	await page.fill('#password', password);
	await page.keyboard.press('Tab');
	await page.keyboard.type(password);
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.waitForURL(`${daemon.url}/`);
	// What was refused is an answer with an error's status, and that is said in the console too.
	assert.deepEqual(complaints.filter(text => !/status of 422/.test(text)), []);
	const [cookie] = await context.cookies();

	assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite], ['vizyd', true, 'Strict']);
});

test('logging in shows the page, logging out sends that browser away and no other', async t => {
	const daemon = await start(t);

	user(daemon, ['add', 'anna', '--role', 'admin'], `${password}\n`);
	const browser = await launch(t);
	const one = await browser.newContext(laptop);
	const other = await browser.newContext(phone);
	const page = await one.newPage();

	await page.goto(`${daemon.url}/`);
	assert.equal(page.url(), `${daemon.url}/login`);
	assert.equal(await focused(page), 'name');
	await assertLabelled(page);
	await assertFits(page);
	await page.screenshot({ path: join(outDir, 'shots/login-laptop.png') });
	await page.fill('#name', 'anna');
	await page.fill('#password', 'wrong wrong');
	await page.click('button');
	await page.waitForSelector('[role=alert] >> text=Wrong name or password');
	await page.screenshot({ path: join(outDir, 'shots/login-wrong.png') });

	await logIn(page, daemon.url, 'anna');
	assert.match(await page.evaluate(() => document.cookie), /^$/);
	const second = await one.newPage();
	const elsewhere = await other.newPage();

	await second.goto(`${daemon.url}/`);
	await second.waitForSelector('html:not([data-vizyd-offline])');
	await elsewhere.goto(`${daemon.url}/`);
	await assertFits(elsewhere);
	await logIn(elsewhere, daemon.url, 'anna');

	await page.goto(`${daemon.url}/logout`);
	await assertFits(page);
	await page.screenshot({ path: join(outDir, 'shots/logout-laptop.png') });
	await page.click('button');
	await page.waitForURL(`${daemon.url}/login`);
	// The other tab of that browser goes by itself.
	await second.waitForURL(/\/login/, { timeout: 20000 });
	assert.equal(await elsewhere.evaluate(() => document.documentElement.hasAttribute('data-vizyd-offline')), false);
	assert.equal(elsewhere.url(), `${daemon.url}/`);

	user(daemon, ['passwd', 'anna'], 'another horse\n');
	await elsewhere.waitForURL(/\/login/, { timeout: 20000 });
});

test('a page that was away while its session ended comes to the login', async t => {
	const daemon = await start(t);

	user(daemon, ['add', 'anna', '--role', 'admin'], `${password}\n`);
	const browser = await launch(t);
	const context = await browser.newContext(laptop);
	const page = await context.newPage();

	await logIn(page, daemon.url, 'anna');
	await daemon.kill();
	await page.waitForSelector('html[data-vizyd-offline]');
	user(daemon, ['passwd', 'anna'], 'another horse\n');
	const second = await startVizyd(t, { listen: `0.0.0.0:${daemon.port}`, stateDir: daemon.stateDir });

	assert.equal(second.port, daemon.port);
	await page.waitForURL(/\/login/, { timeout: 30000 });
	await until(async () => await page.locator('#name').count() === 1, { what: 'the form' });
});
