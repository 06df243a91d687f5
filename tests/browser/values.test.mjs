// What the renderer makes of values, trees and Patches: CONFORMANCE 3, 5, 6, 7, 14, 15, 16, 18, 24, as far as
// testapp-values.c goes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { holds, launch, openTab, property, shows, text } from '../lib/browser.mjs';
import { startTestapp } from '../lib/daemon.mjs';
import { children, kinds } from '../lib/values.mjs';
import { sleep, until } from '../lib/wait.mjs';

const row = { type: 'row', index: 1 };

/** The renderer's own result of each operation that it takes; what it refuses is the unit tests' matter. */
const patches = readFileSync(new URL('../data/patch.jsonl', import.meta.url), 'utf8').split('\n').filter(Boolean)
	.map(line => JSON.parse(line)).filter(one => 'result' in one);

for (const link of ['', '/?link=stock']) {
	const name = link ? 'stock worker' : 'our link';
	const open = async t => {
		const daemon = await startTestapp(t);
		const browser = await launch(t);
		const context = await browser.newContext();

		return { daemon, page: await openTab(context, daemon.url + link), another: async () => openTab(await browser.newContext(), daemon.url + link) };
	};

	test(`${name}: #3 every kind of value is in the store as it was sent, answered or pushed`, async t => {
		const { page, another } = await open(t);
		const other = await another();

		for (const value of kinds) {
			await page.click('#kind');
			await holds(page, 'kind-store', 'data', value);
			await page.click('#kind-push');
			await holds(page, 'kind-pushed', 'data', value);
		}
		assert.equal(await property(other, 'kind-pushed', 'data'), 'none yet');
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #3 set_props long after the answer, #5 by a pattern id`, async t => {
		const { page, another } = await open(t);
		const other = await another();

		await page.click('#later');
		await shows(page, 'later-out', 'for one');
		assert.equal(await text(other, 'later-out'), '');
		await page.click('#dict');
		for (const one of [page, other]) {
			await until(async () => await one.locator('.row').innerText() === 'row 1', { what: 'the row everywhere' });
		}
		await until(() => page.locator('.row[title=mine]').count(), { what: 'the title of the row' });
		assert.equal(await other.locator('.row[title]').count(), 0);
		await holds(page, row, 'children', 'row 1');
		assert.deepEqual([...page.complaints, ...other.complaints], []);
	});

	test(`${name}: #6 each of ${patches.length} Patches makes of a value what the renderer alone makes of it`, { timeout: 180000 }, async t => {
		const { page } = await open(t);
		const wrong = [];

		for (const [i, { value, operations, result }] of patches.entries()) {
			await page.evaluate(([data, list]) => {
				window.dash_clientside.set_props('patched', { data });
				window.dash_clientside.set_props('operations', { data: list });
				document.getElementById('any-patch').click();
			}, [value, operations]);
			// Some change nothing: without the sign, theirs would arrive on top of the next value.
			await until(async () => await property(page, 'any-patch-out', 'children') === `patch ${i + 1}`, { timeout: 5000, interval: 5, what: () => `Patch ${i}` });
			const got = JSON.stringify(await property(page, 'patched', 'data'));

			if (got !== JSON.stringify(result)) {
				wrong.push(`${i}: ${JSON.stringify(operations)}: ${got}`);
			}
		}
		assert.deepEqual(wrong, []);
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #7 a burst of trees is drawn, and the button in the last one works`, async t => {
		const { page, another } = await open(t);
		const other = await another();

		await page.click('#tree-push');
		for (const one of [page, other]) {
			await shows(one, 'pushed', 'button 100 and text 0');
			await one.click('#pushed-button');
			await shows(one, 'pushed-out', 'pressed 1');
		}
		await page.click('#tree-push');
		await sleep(200);
		// The button is a new one, and listened to as the old one was.
		await page.click('#pushed-button');
		await page.click('#pushed-button');
		await shows(page, 'pushed-out', 'pressed 2');
		assert.deepEqual([...page.complaints, ...other.complaints], []);
	});

	test(`${name}: #14 children of every kind`, async t => {
		const { page } = await open(t);

		for (const { value, shown } of children) {
			await page.click('#child');
			await holds(page, 'child-out', 'children', value);
			await shows(page, 'child-out', shown);
		}
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #16 what was not updated wakes nobody, #24 one Input of two callbacks`, async t => {
		const { daemon, page } = await open(t);

		await page.click('#three');
		await shows(page, 'three-b', 'b 1');
		await until(async () => (await text(page, 'three-dependent')) !== '', { what: 'the dependent' });
		await page.click('#three');
		await shows(page, 'three-b', 'b 2');
		await sleep(300);
		const runs = async () => (await daemon.status_page()).test.dependent_runs;
		const before = await runs();

		// The third click leaves three-b alone, the ninth everything.
		await page.click('#three');
		await shows(page, 'three-c', '3');
		await sleep(500);
		assert.equal(await runs(), before);
		for (let i = 4; i <= 8; i++) {
			await page.click('#three');
			await shows(page, 'three-c', String(i));
		}
		await sleep(300);
		const then = await runs();

		assert.equal(then, before + 4, 'four of the five changed it');
		await page.click('#three');
		await sleep(500);
		assert.equal(await runs(), then);
		await shows(page, 'three-c', '8');
		await page.click('#click');
		await shows(page, 'click-out', 'clicks=1');
		await shows(page, 'click-too', 'clicks=1');
		assert.deepEqual(page.complaints, []);
	});

	test(`${name}: #18 set_props sets off what listens, an error without an Output is told`, async t => {
		const { page, another } = await open(t);
		const other = await another();

		await page.click('#props');
		await shows(page, 'props-chain', 'chain(first 1)');
		assert.equal(await text(other, 'props-chain'), '');
		assert.deepEqual(page.complaints, []);
		await page.click('#mute');
		await until(() => page.complaints.some(line => line.includes('no light in the cellar')), { what: 'the text of the error' });
		await page.click('#props');
		await shows(page, 'props-chain', 'chain(first 2)');
	});

	test(`${name}: #15 the renderer's layout is that of the daemon, each id is found in it`, async t => {
		const { daemon, page } = await open(t);
		const sent = await (await fetch(`${daemon.url}/_dash-layout`)).json();
		// What initial calls have answered, and what those set off, is this tab's own.
		const specs = await (await fetch(`${daemon.url}/_dash-dependencies`)).json();
		const outputs = ({ output }) => output.replace(/^\.\.|\.\.$/g, '').split('...');
		const initial = new Set(specs.filter(spec => !spec.prevent_initial_call).flatMap(outputs));

		for (let size = 0; size < initial.size;) {
			size = initial.size;
			specs.filter(({ inputs }) => inputs.some(({ id, property }) => initial.has(`${id}.${property}`)))
				.flatMap(outputs).forEach(name => initial.add(name));
		}
		await shows(page, 'click-out', 'clicks=0');
		await shows(page, 'second-out', 'second(first) changed');
		const { layout, paths } = await page.evaluate(() => {
			const { layout, paths } = window.dash_stores[0].getState();

			return JSON.parse(JSON.stringify({ layout: layout.components, paths: { strs: paths.strs, objs: paths.objs } }));
		});
		let seen = 0;

		sent.props.children.forEach(({ namespace, type, props }, i) => {
			const mine = layout.props.children[i];

			assert.deepEqual([mine.namespace, mine.type], [namespace, type], `component ${i}`);
			for (const [key, value] of Object.entries(props)) {
				if (!initial.has(`${props.id}.${key}`)) {
					// A Store that holds null has told so by leaving it out.
					assert.deepEqual(mine.props[key] ?? null, value, `${JSON.stringify(props.id)}.${key}`);
					seen++;
				}
			}
			if (typeof props.id === 'string') {
				assert.deepEqual(paths.strs[props.id], ['components', 'props', 'children', i], props.id);
			}
		});
		assert.ok(seen > 150, `${seen} properties`);
		assert.equal(layout.props.children.length, sent.props.children.length);
		assert.deepEqual(paths.objs['index,type'].map(({ values }) => values), [[1, 'row']]);
		assert.deepEqual(page.complaints, []);
	});
}
