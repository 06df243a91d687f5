// What dependencies can say beside plain Inputs and Outputs: CONFORMANCE 5, 17, 19, 25, 27, 31.

import assert from 'node:assert/strict';
import test from 'node:test';

import { assetsDir, startTestwiring } from '../lib/daemon.mjs';
import { get } from '../lib/http.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';

const id = (type, index) => `{"index":${index},"type":"${type}"}`;
const match = type => `{"index":["MATCH"],"type":"${type}"}`;
const item = (type, index, property, value) => ({ id: { index, type }, property, ...(value === undefined ? {} : { value }) });

/** The request of a pattern-matching callback, as the renderer builds it. */
function ask(tab, output, { outputs, inputs, state, changed = [] }) {
	const requestId = `${tab.id}-${++tab.n}`;

	tab.send({
		type: 'callback_request', rendererId: tab.id, requestId,
		payload: { output, outputs, inputs, state, changedPropIds: changed, parsedChangedPropsIds: changed },
	});
	return tab.answer(requestId);
}

/** The same over HTTP, which is how a callback of S0 is called. */
async function post(daemon, output, { outputs, inputs, state, changed = [] }) {
	const { status, body } = await get(daemon, '/_dash-update-component', {
		method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ output, outputs, inputs, state, changedPropIds: changed }),
	});

	return { status, ...JSON.parse(body) };
}

const ok = response => ({ status: 'ok', data: { multi: true, response } });

test('#19, #27, #25, #31: dependencies say what the renderer has to know', async t => {
	const { list } = await dependencies(await startTestwiring(t));
	const byOutput = output => list.find(spec => spec.output === output);
	const matched = byOutput(`${match('pmo')}.children`);
	const duplicates = list.filter(spec => /^dup\.children(@|$)/.test(spec.output));
	const work = byOutput('work-out.children');
	const persistent = list.filter(spec => spec.persistent);

	assert.deepEqual(matched.inputs, [{ id: match('pm'), property: 'n_clicks' }]);
	assert.equal(byOutput('total.children').inputs[0].id, '{"index":["ALL"],"type":"pm"}');
	assert.equal(byOutput(`${match('smaller')}.children`).inputs[0].id, '{"index":["ALLSMALLER"],"type":"pm"}');
	assert.equal(duplicates.length, 2);
	assert.match(duplicates[1].output, /^dup\.children@[^.@]+$/);
	assert.deepEqual(work.running, {
		running: { 'work.disabled': true, 'work-state.children': 'working' },
		runningOff: { 'work.disabled': false, 'work-state.children': 'ready' },
	});
	assert.deepEqual(byOutput('view.children').clientside_function, { namespace: 'test', function_name: 'view' });
	assert.equal(byOutput('view.children').running, undefined);
	assert.deepEqual(byOutput('optional-out.children').state, [{ id: 'absent-too', property: 'value', allow_optional: true }]);
	// The built-in one and two of the page, each with a name of its own.
	assert.equal(persistent.length, 3);
	assert.equal(new Set(list.map(spec => spec.output)).size, list.length);
});

test('#27, #23 over HTTP: ALL, and which of them triggered', async t => {
	assert.deepEqual(await post(await startTestwiring(t), 'total.children', {
		outputs: { id: 'total', property: 'children' },
		inputs: [[item('pm', 1, 'n_clicks', 3), item('pm', 7, 'n_clicks'), item('pm', 3, 'n_clicks', 4)]],
		changed: [`${id('pm', 3)}.n_clicks`],
	}), { status: 200, multi: true, response: { total: { children: '7 of 3 by 3' } } });
});

for (const kind of ['our link', 'the stock worker']) {
	const open = daemon => (kind === 'our link' ? Tab.open(daemon) : Tab.openStock(daemon));

	test(`#27 over ${kind}: MATCH, ALL, ALLSMALLER of one browser`, async t => {
		const tab = await open(await startTestwiring(t));

		assert.deepEqual(await ask(tab, `${match('pmo')}.children`, {
			outputs: item('pmo', 2, 'children'), inputs: [item('pm', 2, 'n_clicks', 5)], changed: [`${id('pm', 2)}.n_clicks`],
		}), ok({ [id('pmo', 2)]: { children: '2: 5' } }));
		// A row that the layout does not have is this browser's own.
		assert.deepEqual(await ask(tab, `${match('pmo')}.children`, {
			outputs: item('pmo', 99, 'children'), inputs: [item('pm', 99, 'n_clicks', 1)],
		}), ok({ [id('pmo', 99)]: { children: '99: 1' } }));
		assert.deepEqual(await ask(tab, `${match('smaller')}.children`, {
			outputs: item('smaller', 3, 'children'), inputs: [[item('pm', 1, 'n_clicks', 3), item('pm', 2, 'n_clicks', 4)]],
		}), ok({ [id('smaller', 3)]: { children: '[3,4]' } }));
	});

	test(`#27 over ${kind}: empty lists, an ALL Output by list and in part`, async t => {
		const tab = await open(await startTestwiring(t));
		const outputs = [1, 2, 3].map(i => item('all', i, 'children'));
		const press = n => ask(tab, '{"index":["ALL"],"type":"all"}.children', {
			outputs, inputs: [{ id: 'all-button', property: 'n_clicks', value: n }], changed: ['all-button.n_clicks'],
		});

		assert.deepEqual(await ask(tab, 'none.children', {
			outputs: { id: 'none', property: 'children' }, inputs: [{ id: 'none-button', property: 'n_clicks', value: 1 }, []],
		}), ok({ none: { children: '0 of [ ]' } }));
		assert.deepEqual(await press(1), ok({
			[id('all', 1)]: { children: 'all 0' }, [id('all', 2)]: { children: 'all 1' }, [id('all', 3)]: { children: 'all 2' },
		}));
		assert.deepEqual(await press(2), ok({ [id('all', 2)]: { children: 'alone' } }));
		const answer = await ask(tab, '{"index":["ALL"],"type":"all"}.title', {
			outputs: [1, 2, 3].map(i => item('all', i, 'title')), inputs: [{ id: 'too-few', property: 'n_clicks', value: 1 }],
		});

		assert.equal(answer.status, 'error');
		assert.match(answer.message, /means 3 components: expected an array of as many values, got 0/);
	});

	test(`#5 over ${kind}: set_props by the id of a pattern`, async t => {
		const daemon = await startTestwiring(t);
		const tab = await open(daemon);
		const { byInput } = await dependencies(daemon);

		await tab.call(byInput('by-id.n_clicks').output, { 'by-id.n_clicks': 1 });
		await tab.has(id('pmo', 2), 'title', 'by id 1');
	});

	test(`#18 over ${kind}: set_props arrive while the call still runs`, async t => {
		const tab = await open(await startTestwiring(t));
		const answer = await tab.call('steps-out.children', { 'steps.n_clicks': 1 });
		const order = tab.messages.map(message => {
			const values = message.notify?.step ?? (message.payload?.componentId === 'step' ? message.payload.props : null);

			return values?.children ?? (message.type === 'callback_response' ? 'answer' : null);
		}).filter(Boolean);

		assert.deepEqual(answer, ok({ 'steps-out': { children: 'all steps' } }));
		assert.deepEqual(order, ['step 1', 'step 2', 'step 3', 'answer']);
	});

	test(`#19 over ${kind}: a duplicate's token is in the request and not in the answer`, async t => {
		const daemon = await startTestwiring(t);
		const tab = await open(daemon);
		const { output } = (await dependencies(daemon)).byInput('dup-b.n_clicks');

		assert.deepEqual(await tab.call('dup.children', { 'dup-a.n_clicks': 1 }), ok({ dup: { children: 'a 1' } }));
		assert.deepEqual(await tab.call(output, { 'dup-b.n_clicks': 2 }, {
			outputs: { id: 'dup', property: output.split('.')[1] },
		}), ok({ dup: { children: 'b 2' } }));
	});

	test(`#28 over ${kind}: a missing component is null where that is allowed`, async t => {
		const tab = await open(await startTestwiring(t));

		assert.deepEqual(await tab.call('optional-out.children', { 'optional.n_clicks': 1, 'absent.value': null }, {
			state: { 'absent-too.value': null }, changed: ['optional.n_clicks'],
		}), ok({ 'optional-out': { children: '1 null null' } }));
	});
}

test('#27: shared levels run at the start, by an edit, and by the device', async t => {
	const daemon = await startTestwiring(t);
	const { test: before } = await daemon.status_page();
	const a = await Tab.open(daemon), b = await Tab.open(daemon), stock = await Tab.openStock(daemon);

	assert.deepEqual([before.match_runs, before.sum_runs], [2, 1]);
	await stock.call('hello', {});
	await stock.has('levels-sum', 'children', '30 in 2');
	assert.deepEqual(await ask(a, `${match('level-out')}.children`, {
		outputs: item('level-out', 2, 'children'), inputs: [item('level', 2, 'value', 50)], changed: [`${id('level', 2)}.value`],
	}), { status: 'prevent_update' });
	for (const tab of [b, stock]) {
		await tab.has(id('level', 2), 'value', 50);
		await tab.has(id('level-out', 2), 'children', 'level 2 is 50');
	}
	// The browser asks for each callback on it, as it does with plain ids.
	await ask(a, 'levels-sum.children', {
		outputs: { id: 'levels-sum', property: 'children' },
		inputs: [[item('level', 1, 'value', 10), item('level', 2, 'value', 50)]], changed: [`${id('level', 2)}.value`],
	});
	await b.has('levels-sum', 'children', '60 in 2');

	const { byInput } = await dependencies(daemon);

	await b.call(byInput('device.n_clicks').output, { 'device.n_clicks': 1 });
	for (const tab of [a, b, stock]) {
		await tab.has(id('level', 1), 'value', 77);
		await tab.has(id('level-out', 1), 'children', 'level 1 is 77');
		await tab.has('levels-sum', 'children', '127 in 2');
	}
	// Who loads the page now has all of it.
	const layout = JSON.stringify(await (await fetch(`${daemon.url}/_dash-layout`)).json());

	assert.match(layout, /level 2 is 50/);
	assert.match(layout, /127 in 2/);
});

test('#7, #27: a component that the device adds takes part at once', async t => {
	const daemon = await startTestwiring(t);
	const tab = await Tab.open(daemon);
	const { byInput } = await dependencies(daemon);

	await tab.call(byInput('grow.n_clicks').output, { 'grow.n_clicks': 1 });
	await tab.has(id('level-out', 3), 'children', 'level 3 is 30');
	await tab.has('levels-sum', 'children', '60 in 3');
	await ask(tab, `${match('level-out')}.children`, {
		outputs: item('level-out', 3, 'children'), inputs: [item('level', 3, 'value', 5)], changed: [`${id('level', 3)}.value`],
	});
	await tab.has(id('level-out', 3), 'children', 'level 3 is 5');
	// Of the list, the browser may still show the old one.
	await ask(tab, 'levels-sum.children', {
		outputs: { id: 'levels-sum', property: 'children' },
		inputs: [[item('level', 1, 'value', 11), item('level', 2, 'value', 20)]], changed: [`${id('level', 1)}.value`],
	});
	await tab.has('levels-sum', 'children', '36 in 3');
});

test('#13 of patterns: what does not suit is refused and named', async t => {
	const tab = await Tab.open(await startTestwiring(t));
	const output = `${match('level-out')}.children`;
	const good = { outputs: item('level-out', 2, 'children'), inputs: [item('level', 2, 'value', 50)] };
	const bad = [
		[{ ...good, outputs: undefined }, /payload\.outputs\[0\]/],
		[{ ...good, outputs: item('other', 2, 'children') }, /payload\.outputs\[0\]: expected '\{"index":\["MATCH"\]/],
		[{ ...good, inputs: [item('level', 3, 'value', 1)] }, /has another MATCH than the rest/],
		[{ ...good, inputs: [[]] }, /payload\.inputs\[0\]: expected one component/],
		[{ ...good, inputs: [] }, /payload\.inputs: expected 1, got 0/],
		[{ ...good, changed: ['slider.value'] }, /'slider\.value' is no Input/],
		[{ outputs: item('level-out', 9, 'children'), inputs: [item('level', 9, 'value', 1)] }, /the layout has not every component/],
		[{ ...good, inputs: [item('level', { a: 1 }, 'value', 1)] }, /payload\.inputs\[0\]\.id/],
	];

	for (const [request, message] of bad) {
		const answer = await ask(tab, output, request);

		assert.equal(answer.status, 'error');
		assert.match(answer.message, message);
	}
	const clientside = await tab.call('view.children', { 'twice.data': 1 });

	assert.match(clientside.message, /'view\.children' runs in the browser/);
});

test('#17: each persistent callback runs for each browser that arrives', async t => {
	const daemon = await startTestwiring(t);
	const { list } = await dependencies(daemon);
	const greetings = list.filter(spec => spec.persistent && !spec.hidden);
	const a = await Tab.open(daemon), b = await Tab.open(daemon);

	for (const { output } of greetings) {
		assert.deepEqual(await a.call(output, {}), { status: 'prevent_update' });
	}
	await a.has('greeting-1', 'children', 'hello');
	await a.has('greeting-2', 'children', 'welcome');
	assert.equal(b.props['greeting-1'], undefined);
});

test('#31: assets are part of the page, under addresses that hold for ever', async t => {
	const daemon = await startTestwiring(t, { args: ['--assets', assetsDir] });
	const page = (await get(daemon, '/')).body.toString();
	const script = /<script src="(\/assets\/test\/test\.v1m[0-9a-f]{16}\.js)"><\/script>\n<script id="_dash-renderer"/.exec(page)?.[1];
	const style = /<link rel="stylesheet" href="(\/assets\/test\/test\.v1m[0-9a-f]{16}\.css)">/.exec(page)?.[1];

	assert.ok(script && style, page);
	const answer = await get(daemon, script);

	assert.equal(answer.status, 200);
	assert.equal(answer.headers['content-type'], 'text/javascript');
	assert.match(answer.headers['cache-control'], /immutable/);
	assert.match(answer.body.toString(), /dash_clientside/);
	assert.equal((await get(daemon, script, { headers: { 'If-None-Match': answer.headers.etag } })).status, 304);
	assert.equal((await get(daemon, '/assets/test/test.js')).headers['cache-control'], 'no-cache');
	for (const path of ['/assets/test/none.js', '/assets/test/', '/assets/test/..%2ftest.js', '/assets/../daemon.c']) {
		assert.notEqual((await get(daemon, path)).headers['content-type'], 'text/javascript', path);
	}
});
