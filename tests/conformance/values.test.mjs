// What callbacks answer and push: every kind of value, trees, pattern ids. CONFORMANCE 3, 5, 7, 14, 16, 18, 24.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp } from '../lib/daemon.mjs';
import { get } from '../lib/http.mjs';
import { dependencies, payload, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';
import { children, kinds } from '../lib/values.mjs';

const ok = response => ({ status: 'ok', data: { multi: true, response } });
const row = '{"index":1,"type":"row"}';

for (const kind of ['our link', 'the stock worker']) {
	/** A page of one tab, and how it presses a button whose callback has no Output. */
	const page = async t => {
		const daemon = await startTestapp(t);
		const deps = await dependencies(daemon);
		const open = async () => {
			const tab = await (kind === 'our link' ? Tab.open(daemon) : Tab.openStock(daemon));

			// What the stock worker sends by itself, and what makes its tab known.
			await tab.call('click-too.children', { 'click.n_clicks': 0 });
			return tab;
		};

		return { daemon, open, press: (tab, id, n) => tab.call(deps.byInput(`${id}.n_clicks`).output, { [`${id}.n_clicks`]: n }) };
	};

	test(`#3 over ${kind}: every kind of value arrives as it was answered`, async t => {
		const { open } = await page(t);
		const tab = await open();

		for (const [i, value] of kinds.entries()) {
			assert.deepEqual(await tab.call('kind-store.data', { 'kind.n_clicks': i + 1 }),
				ok({ 'kind-store': { data: value } }), JSON.stringify(value));
		}
	});

	test(`#3 over ${kind}: every kind of value arrives as it was pushed, at the requester alone`, async t => {
		const { open, press } = await page(t);
		const [tab, other] = [await open(), await open()];

		for (const [i, value] of kinds.entries()) {
			assert.equal((await press(tab, 'kind-push', i + 1)).status, 'prevent_update');
			await until(() => tab.values('kind-pushed', 'data').length > i, { what: `push ${i}` });
		}
		assert.deepEqual(tab.values('kind-pushed', 'data'), kinds);
		assert.equal(other.props['kind-pushed'], undefined);
	});

	test(`#3 over ${kind}: set_props long after the callback was answered`, async t => {
		const { open, press } = await page(t);
		const [tab, other] = [await open(), await open()];

		await press(tab, 'later', 1);
		assert.equal(tab.props['later-out'], undefined, 'not yet');
		await tab.has('later-out', 'children', 'for one');
		await sleep(100);
		assert.equal(other.props['later-out'], undefined, 'the others do not get it');
	});

	test(`#5 over ${kind}: set_props by a pattern id, to all and to one`, async t => {
		const { open, press } = await page(t);
		const [tab, other] = [await open(), await open()];

		assert.equal((await press(tab, 'dict', 3)).status, 'prevent_update');
		await tab.has(row, 'children', 'row 3');
		await tab.has(row, 'title', 'mine');
		await other.has(row, 'children', 'row 3');
		await sleep(100);
		assert.equal(other.props[row].title, undefined);
	});

	test(`#7 over ${kind}: a burst of trees ends with the last, whose button is listened to`, async t => {
		const { daemon, open, press } = await page(t);
		const [tab, other] = [await open(), await open()];

		await press(tab, 'tree-push', 1);
		for (const one of [tab, other]) {
			await one.has('pushed', 'children', [
				{ namespace: 'dash_html_components', type: 'Button', props: { id: 'pushed-button', children: 'button 100' } },
				' and text ', 0,
			]);
		}
		assert.deepEqual(await other.call('pushed-out.children', { 'pushed-button.n_clicks': 1 }), ok({ 'pushed-out': { children: 'pressed 1' } }));
		const layout = await (await fetch(`${daemon.url}/_dash-layout`)).text();

		assert.match(layout, /"button 100"/, 'who loads the page now has it');
		assert.doesNotMatch(layout, /"button 99"/);
	});

	test(`#14 over ${kind}: children of every kind`, async t => {
		const { open } = await page(t);
		const tab = await open();

		for (const [i, { value }] of children.entries()) {
			assert.deepEqual(await tab.call('child-out.children', { 'child.n_clicks': i + 1 }),
				ok({ 'child-out': { children: value } }), JSON.stringify(value));
		}
	});

	test(`#14 over ${kind}: a tree of components with a falsy child`, async t => {
		const { open } = await page(t);
		const answer = await (await open()).call('tree-out.children', { 'tree.n_clicks': 2 });

		assert.deepEqual(answer.data.response['tree-out'].children, [
			{ namespace: 'dash_html_components', type: 'B', props: { id: 'tree-inner', children: 'tree 2' } },
			' and text ', 0,
		]);
	});

	test(`#18 over ${kind}: an error where there is no Output is told all the same`, async t => {
		const { daemon, open, press } = await page(t);
		const answer = await press(await open(), 'mute', 1);

		assert.equal(answer.status, 'error');
		assert.match(answer.message, /no light in the cellar/);
		assert.match(daemon.stderr, /no light in the cellar/);
	});

	test(`#18, #24 over ${kind}: set_props of an Input, for the browser to go on with`, async t => {
		const { open } = await page(t);
		const tab = await open();

		await tab.call('props-out.children', { 'props.n_clicks': 1 });
		await tab.has('props-1', 'children', 'first 1');
		if (kind === 'our link') {
			// Quiet ones wake nobody.
			assert.ok(tab.messages.some(({ notify }) => notify?.['props-1']?.children === 'first 1'), 'it came aloud');
		}
		assert.deepEqual(await tab.call('props-chain.children', { 'props-1.children': 'first 1' }),
			ok({ 'props-chain': { children: 'chain(first 1)' } }));
	});
}

test('#18 over HTTP, from a tab that is not known: set_props come with the answer', async t => {
	const daemon = await startTestapp(t);
	const other = await Tab.open(daemon);
	const { status, body } = await get(daemon, '/_dash-update-component', {
		method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify(payload('props-out.children', { 'props.n_clicks': 2 })),
	});

	assert.equal(status, 200);
	const answer = JSON.parse(body.toString());

	assert.deepEqual(answer.response, {
		'props-out': { children: 'done 2' }, 'props-1': { children: 'first 2' }, 'props-2': { children: 'second 2', title: 'tip' },
	});
	await sleep(100);
	assert.equal(other.props['props-1'], undefined, 'nobody else is told');
});

test('#24 one Input of two callbacks over two transports: both are asked, each answers for itself', async t => {
	const daemon = await startTestapp(t);
	const on = (await dependencies(daemon)).list.filter(({ inputs }) => inputs.some(({ id }) => id === 'click'));
	const tab = await Tab.open(daemon);

	assert.deepEqual(on.map(({ output, websocket }) => [output, websocket]), [['click-out.children', false], ['click-too.children', true]]);
	assert.deepEqual(await tab.call('click-too.children', { 'click.n_clicks': 4 }), ok({ 'click-too': { children: 'clicks=4' } }));
});
