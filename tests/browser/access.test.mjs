// Who may do what, as people see it: a viewer's phone follows the admin's desk and moves nothing, and the
// tab Users is for admins.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { allShow, drag, handle, launch, openTab, press, sliderValue, text } from '../lib/browser.mjs';
import { outDir, startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { addUser, allowGuests, passwordOf } from '../lib/users.mjs';
import { sleep, until } from '../lib/wait.mjs';

const shots = join(outDir, 'shots');
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const desk = { viewport: { width: 1280, height: 800 } };
const slider = '#brightness [role=slider]';

mkdirSync(shots, { recursive: true });

async function start(t, roles) {
	const config = join(temporaryFolder(t), 'vizyd.conf');
	const stateDir = temporaryFolder(t);

	writeFileSync(config, '[server]\nlogin = required\n');
	const daemon = await startVizyd(t, { stateDir, args: ['--config', config] });

	daemon.stateDir = stateDir;
	for (const role of roles) {
		await addUser(daemon, role, role);
	}
	// The daemon has noticed them.
	await until(async () => /name="password"/.test(await (await fetch(`${daemon.url}/login`)).text()), { what: 'the login' });
	return daemon;
}

/** Logs in as a person does, and waits for the page. */
async function visit(browser, daemon, name, options, password = passwordOf(name)) {
	const page = await openTab(await browser.newContext(options), `${daemon.url}/login`,
		{ ready: 'input[name=password]' });

	await page.fill('input[name=name]', name);
	await page.fill('input[name=password]', password);
	await page.click('button[type=submit]');
	await page.waitForSelector(slider);
	await page.waitForSelector('html:not([data-vizyd-offline])');
	return page;
}

test("a viewer's phone follows, and moves nothing", async t => {
	const daemon = await start(t, ['admin', 'viewer']);
	const browser = await launch(t);
	const admin = await visit(browser, daemon, 'admin', desk);
	const viewer = await visit(browser, daemon, 'viewer', phone);

	await until(async () => await text(viewer, 'account').then(line => line.includes('viewer · viewer')), { what: 'who it is' });
	await viewer.waitForSelector('#vz-page.vz-viewer');
	await admin.waitForSelector('#vz-page.vz-admin');
	await drag(admin, 'brightness', [60, 70, 80]);
	const value = await sliderValue(admin, 'brightness');

	await allShow([admin, viewer], 'brightness', value);
	// A finger on it does nothing.
	const knob = await handle(viewer, 'brightness').boundingBox();

	await viewer.touchscreen.tap(knob.x - 60, knob.y + knob.height / 2);
	await sleep(300);
	assert.equal(await sliderValue(viewer, 'brightness'), value);
	await viewer.screenshot({ path: join(shots, 'access-viewer.png') });

	// Nor does a keyboard, for longer than a moment; and a word says why.
	await press(viewer, 'brightness', 'ArrowLeft');
	await until(async () => /You may look/.test(await viewer.locator('#refused').textContent()), { what: 'the word' });
	await allShow([viewer, admin], 'brightness', value);
	for (let i = 0; i < 20; i++) {
		await viewer.keyboard.press('ArrowLeft');
	}
	await allShow([viewer, admin], 'brightness', value);
	// And it goes on following.
	await press(admin, 'brightness', 'ArrowLeft');
	await allShow([viewer, admin], 'brightness', value - 1);
	assert.deepEqual(viewer.complaints, []);
	assert.deepEqual(admin.complaints, []);
});

test('an admin adds a user on the page, others see no such tab, and everybody goes by himself', async t => {
	const daemon = await start(t, ['admin', 'user']);
	const browser = await launch(t);
	const admin = await visit(browser, daemon, 'admin', desk);
	const user = await visit(browser, daemon, 'user', phone);
	const users = page => page.locator('.vz-tab', { hasText: 'Users' });

	await user.waitForSelector('#account .vz-account-name');
	assert.equal(await users(user).isVisible(), false);
	await users(admin).click();
	await until(async () => /admin.*user/s.test(await text(admin, 'users-list')), { what: 'the list' });
	await admin.fill('#users-name', 'Zoe');
	await admin.locator('#users-role label', { hasText: 'viewer' }).click();
	await admin.fill('#users-password', 'correct horse battery');
	await admin.click('#users-add');
	await until(async () => (await text(admin, 'users-note')) === 'zoe has been added.',
		{ what: async () => `the note; it is ${await text(admin, 'users-note')}` });
	await until(async () => /zoe\s+viewer/.test(await text(admin, 'users-list')), { what: 'zoe in the list' });
	await until(async () => await admin.inputValue('#users-password') === '', { what: 'an empty box' });
	await admin.screenshot({ path: join(shots, 'access-users.png'), fullPage: true });

	// Another password of one's own ends the session, and the page shows the login.
	await user.locator('#account summary').click();
	await user.fill('#account-password-now', 'not this one');
	await user.fill('#account-password-new', 'something better');
	await user.click('#account-password-change');
	await until(async () => /not your present password/.test(await text(user, 'account-password-note')), { what: 'a refusal' });
	await user.fill('#account-password-now', passwordOf('user'));
	await user.screenshot({ path: join(shots, 'access-password.png') });
	await user.click('#account-password-change');
	await user.waitForSelector('input[name=password]', { timeout: 15000 });
	await user.close();
	const again = await visit(browser, daemon, 'user', phone, 'something better');

	// Logging out is for this browser alone.
	await again.locator('#account form button').click();
	await again.waitForSelector('input[name=password]');
	assert.equal(await sliderValue(admin, 'brightness').catch(() => 'away'), 'away', 'the admin is on the tab Users');
	await admin.waitForSelector('#users-list table');
	assert.deepEqual(admin.complaints, []);
});

test('a guest looks while guests may', async t => {
	const daemon = await start(t, ['admin']);
	const browser = await launch(t);
	const admin = await visit(browser, daemon, 'admin', desk);

	await allowGuests(daemon, true);
	const guest = await openTab(await browser.newContext(phone), daemon.url, { ready: slider });

	await until(async () => /Guest: you may look/.test(await text(guest, 'account')), { what: 'the line' });
	await press(admin, 'brightness', 'ArrowRight');
	await allShow([admin, guest], 'brightness', await sliderValue(admin, 'brightness'));
	await press(guest, 'brightness', 'ArrowLeft');
	await allShow([admin, guest], 'brightness', await sliderValue(admin, 'brightness'));
	assert.deepEqual(guest.complaints, []);
	// When the switch is off again the page goes to the login by itself.
	await allowGuests(daemon, false);
	await guest.waitForSelector('input[name=password]', { timeout: 15000 });
});
