// The real renderer and what dependencies can say beside plain Inputs and Outputs: CONFORMANCE 5, 7,
// 17, 18, 19, 25, 26, 27, 28, 31.

import assert from 'node:assert/strict';
import test from 'node:test';

import { holds, launch, openTab, property, shows, text } from '../lib/browser.mjs';
import { assetsDir, startTestwiring } from '../lib/daemon.mjs';
import { sleep, until } from '../lib/wait.mjs';

/** Waits until what a selector finds shows a text. */
function showsIn(page, selector, value) {
	let seen;

	return until(async () => (seen = await page.locator(selector).innerText()) === value,
		{ what: () => `${selector} to show "${value}"; it shows "${seen}"` });
}

const level = (page, index) => page.locator(`.level-${index} [role=slider]`).first();

async function pressLevel(page, index, key) {
	await level(page, index).focus();
	await page.keyboard.press(key);
}

async function allLevels(pages, index, value) {
	let seen;

	await until(async () => {
		seen = await Promise.all(pages.map(async page => Number(await level(page, index).getAttribute('aria-valuenow'))));
		return seen.every(one => one === value);
	}, { what: () => `level ${index} to be ${value} everywhere; it is ${seen}` });
}

for (const link of ['', '/?link=stock']) {
	const name = link ? 'stock worker' : 'our link';
	const begin = async t => {
		const daemon = await startTestwiring(t, { args: ['--assets', assetsDir] });
		const browser = await launch(t);

		return { daemon, open: async () => openTab(await browser.newContext(), daemon.url + link) };
	};

	test(`${name}: #27 MATCH, ALL, ALLSMALLER, a fixed Output, empty lists`, async t => {
		const { open } = await begin(t);
		const page = await open();

		await showsIn(page, '.pmo-2', '2: 0');
		await shows(page, 'total', '0 of 3 by nobody');
		await showsIn(page, '.smaller-1', '[]');
		await showsIn(page, '.smaller-3', '[0,0]');
		await shows(page, 'none', '0 of [ ]');
		assert.equal(await text(page, 'fixed'), '');

		await page.click('.pm-2');
		await showsIn(page, '.pmo-2', '2: 1');
		await showsIn(page, '.pmo-1', '1: 0');
		await shows(page, 'total', '1 of 3 by 2');
		await shows(page, 'fixed', 'button 2');
		await showsIn(page, '.smaller-3', '[0,1]');
		await showsIn(page, '.smaller-2', '[0]');

		await page.click('#all-button');
		await showsIn(page, '.all-3', 'all 2');
		await page.click('#all-button');
		await showsIn(page, '.all-2', 'alone');
		assert.equal(await page.locator('.all-1').innerText(), 'all 0');

		// Rows that this browser adds for itself take part at once. To the renderer all rows are new then.
		await page.click('#add');
		await showsIn(page, '.pmo-11', '11: 0');
		await shows(page, 'total', '1 of 4 by 1');
		await page.click('.pm-11');
		await showsIn(page, '.pmo-11', '11: 1');
		await shows(page, 'total', '2 of 4 by 11');
		await shows(page, 'fixed', 'button 11');
		assert.deepEqual(page.complaints, []);
		await page.click('#too-few');
		await until(() => page.complaints.some(line => line.includes('means 3 components')), { what: 'the text of the error' });
	});

	test(`${name}: #5 set_props by a pattern id, #18 a chain that it sets off`, async t => {
		const { open } = await begin(t);
		const page = await open();

		await showsIn(page, '.pmo-2', '2: 0');
		await page.click('#by-id');
		await until(async () => await page.locator('.pmo-2').getAttribute('title') === 'by id 1', { what: 'the title' });
		await page.click('#chain-start');
		await shows(page, 'chain-out', 'chain 10');
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #27 shared levels, #7 one that the device adds and that is then moved`, async t => {
		const { daemon, open } = await begin(t);
		const pages = [await open(), await open()];

		for (const page of pages) {
			await showsIn(page, '.level-out-2', 'level 2 is 20');
			await shows(page, 'levels-sum', '30 in 2');
		}
		await pressLevel(pages[0], 1, 'ArrowRight');
		await allLevels(pages, 1, 11);
		for (const page of pages) {
			await showsIn(page, '.level-out-1', 'level 1 is 11');
			await shows(page, 'levels-sum', '31 in 2');
		}

		await pages[1].click('#grow');
		await allLevels(pages, 3, 30);
		for (const page of pages) {
			await showsIn(page, '.level-out-3', 'level 3 is 30');
			await shows(page, 'levels-sum', '61 in 3');
		}
		await pressLevel(pages[1], 3, 'ArrowRight');
		await allLevels(pages, 3, 31);
		for (const page of pages) {
			await showsIn(page, '.level-out-3', 'level 3 is 31');
			await shows(page, 'levels-sum', '62 in 3');
		}
		await pages[0].click('#device');
		await allLevels(pages, 1, 77);
		for (const page of pages) {
			await showsIn(page, '.level-out-1', 'level 1 is 77');
			await shows(page, 'levels-sum', '128 in 3');
		}

		// Nothing goes on by itself.
		const before = (await daemon.status_page()).test;

		await sleep(1000);
		const after = (await daemon.status_page()).test;

		assert.deepEqual([after.match_runs, after.sum_runs], [before.match_runs, before.sum_runs]);
		// Who comes later finds it as it is.
		const late = await open();

		await allLevels([late], 3, 31);
		await shows(late, 'levels-sum', '128 in 3');
		for (const page of [...pages, late]) {
			assert.deepEqual(page.complaints, []);
		}
	});

	test(`${name}: #19 duplicates, #28 missing components`, async t => {
		const { open } = await begin(t);
		const page = await open();

		await shows(page, 'optional-out', '0 null null');
		await page.click('#optional');
		await shows(page, 'optional-out', '1 null null');
		await page.click('#dup-a');
		await shows(page, 'dup', 'a 1');
		await page.click('#dup-b');
		await shows(page, 'dup', 'b 1');
		await page.click('#dup-a');
		await shows(page, 'dup', 'a 2');
		assert.equal(await text(page, 'missing-out'), '');
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #25 running is set and set back, after an error too`, async t => {
		const { open } = await begin(t);
		const page = await open();
		const disabled = () => page.locator('#work').isDisabled();

		for (const [out, complaint] of [['done 1', null], ['done 2', null], ['done 2', 'the work failed']]) {
			await page.click('#work');
			await shows(page, 'work-state', 'working');
			assert.equal(await disabled(), true);
			await shows(page, 'work-state', 'ready');
			await until(async () => !await disabled(), { what: 'the button to be there again' });
			await shows(page, 'work-out', out);
			if (complaint) {
				await until(() => page.complaints.some(line => line.includes(complaint)), { what: complaint });
			}
		}
	});

	test(`${name}: #25 running is set back when the daemon dies`, async t => {
		const { daemon, open } = await begin(t);
		const page = await open();

		await page.click('#work');
		await shows(page, 'work-state', 'working');
		await daemon.kill();
		await shows(page, 'work-state', 'ready');
		assert.equal(await page.locator('#work').isDisabled(), false);
	});

	test(`${name}: #17, #26 persistent callbacks greet, and the title stays`, async t => {
		const { open } = await begin(t);
		const page = await open();
		const title = await page.title();
		const titles = new Set();

		await until(async () => {
			titles.add(await page.title());
			return await text(page, 'greeting-2') === 'welcome';
		}, { what: 'the second greeting' });
		await shows(page, 'greeting-1', 'hello');
		assert.deepEqual([...titles], [title]);
	});

	test(`${name}: #18 set_props are seen while the call still runs`, async t => {
		const { open } = await begin(t);
		const page = await open();

		await page.click('#steps');
		await shows(page, 'step', 'step 1');
		assert.equal(await text(page, 'steps-out'), '');
		await shows(page, 'step', 'step 3');
		await shows(page, 'steps-out', 'all steps');
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #31 clientside callbacks, no_update, set_props, and a style of the program's own`, async t => {
		const { open } = await begin(t);
		const pages = [await open(), await open()];
		const [page] = pages;

		// Of what the server makes for everybody, each browser makes its own view.
		for (const one of pages) {
			await shows(one, 'view', 'view 8');
		}
		await page.locator('#once [role=slider], [role=slider]#once').first().focus();
		await page.keyboard.press('ArrowRight');
		for (const one of pages) {
			await shows(one, 'view', 'view 10');
		}
		// On to a callback of the server, and not when there is no update.
		await page.click('#raw');
		await shows(page, 'rounded-out', 'server saw 100');
		await page.click('#raw');
		await page.click('#set');
		await shows(page, 'set-out', 'set 1');
		assert.equal(await property(page, 'rounded', 'data'), 100);
		await page.click('#raw');
		await shows(page, 'rounded-out', 'server saw 300');
		await holds(page, 'rounded', 'data', 300);
		assert.equal(await page.locator('#set-out').evaluate(node => getComputedStyle(node).color), 'rgb(1, 2, 3)');
		for (const one of pages) {
			assert.deepEqual(one.complaints, []);
		}
	});
}
