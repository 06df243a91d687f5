// Plain callbacks over the websocket and over HTTP: CONFORMANCE 1, 2, 14, 16, 17, 18, 23.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp } from '../lib/daemon.mjs';
import { dependencies, post, Tab } from '../lib/tab.mjs';
import { until } from '../lib/wait.mjs';

const three = '..three-a.children...three-b.children...three-c.children..';

const ok = response => ({ status: 'ok', data: { multi: true, response } });

for (const kind of ['our link', 'the stock worker']) {
	const open = daemon => (kind === 'our link' ? Tab.open(daemon) : Tab.openStock(daemon));

	test(`#1 over ${kind}: one output`, async t => {
		const tab = await open(await startTestapp(t));

		assert.deepEqual(await tab.call('link-out.children', { 'link.n_clicks': 7 }), ok({ 'link-out': { children: 'clicks=7' } }));
	});

	test(`#1 over ${kind}: State`, async t => {
		const tab = await open(await startTestapp(t));
		const answer = await tab.call('state-out.children', { 'state-button.n_clicks': 2 }, { state: { 'state.value': 'wörld' } });

		assert.deepEqual(answer, ok({ 'state-out': { children: '2:wörld' } }));
	});

	test(`#1, #14 over ${kind}: three outputs of one call`, async t => {
		const tab = await open(await startTestapp(t));

		assert.deepEqual(await tab.call(three, { 'three.n_clicks': 1 }),
			ok({ 'three-a': { children: 'a 1' }, 'three-b': { children: 'b 1' }, 'three-c': { children: 1 } }));
	});

	test(`#16 over ${kind}: no_update for one output, and for all`, async t => {
		const tab = await open(await startTestapp(t));

		assert.deepEqual(await tab.call(three, { 'three.n_clicks': 3 }),
			ok({ 'three-a': { children: 'a 3' }, 'three-c': { children: 3 } }));
		assert.deepEqual(await tab.call(three, { 'three.n_clicks': 9 }), { status: 'prevent_update' });
	});

	test(`#1, #17 over ${kind}: the initial call has no changed Inputs`, async t => {
		const tab = await open(await startTestapp(t));

		assert.deepEqual(await tab.call('initial-out.children', { 'initial.value': 30 }, { changed: [] }),
			ok({ 'initial-out': { children: 'initial value=30' } }));
		assert.deepEqual(await tab.call('initial-out.children', { 'initial.value': 31 }),
			ok({ 'initial-out': { children: 'changed value=31' } }));
	});

	test(`#18 over ${kind}: no output`, async t => {
		const daemon = await startTestapp(t);
		const tab = await open(daemon);
		const spec = (await dependencies(daemon)).byInput('no-output.n_clicks');
		const answer = await tab.call(spec.output, { 'no-output.n_clicks': 1 });

		assert.equal(answer.status, 'prevent_update');
		assert.equal((await daemon.status_page()).test.no_output_runs, 1);
		await tab.has('count', 'children', 'ran 1');
	});

	test(`#18, #33 over ${kind}: an error is told to the requester with its text and changes nothing`, async t => {
		const daemon = await startTestapp(t);
		const tab = await open(daemon);
		const answer = await tab.call('error-out.children', { 'error.n_clicks': 1 });

		assert.equal(answer.status, 'error');
		assert.match(answer.message, /the lens is <dirty> & "cold"/);
		assert.equal(answer.data, undefined);
		const late = await tab.call('late-out.children', { 'late.n_clicks': 1 });

		assert.equal(late.status, 'error');
		assert.doesNotMatch(JSON.stringify(tab.messages), /must not be seen/);
		const bare = await tab.call('bare-out.children', { 'bare.n_clicks': 1 });

		assert.equal(bare.status, 'error');
		assert.ok(bare.message.length > 3, 'an errno without a text is told in words');
		assert.match(daemon.stderr, /dirty/, 'and the log has it');
	});

	test(`#18 over ${kind}: alternate outputs`, async t => {
		const tab = await open(await startTestapp(t));

		assert.deepEqual(await tab.call('alt-out.children', { 'alt.n_clicks': 4 }),
			ok({ 'alt-other': { children: 'other 4', title: 'title 4' } }));
	});

	test(`#3 over ${kind}: set_props in the middle of a callback, for the requester alone`, async t => {
		const daemon = await startTestapp(t);
		const tab = await open(daemon);
		const other = await open(daemon);

		await other.call('link-out.children', { 'link.n_clicks': 1 });
		assert.deepEqual(await tab.call('props-out.children', { 'props.n_clicks': 5 }),
			ok({ 'props-out': { children: 'done 5' } }));
		await tab.has('props-1', 'children', 'first 5');
		await tab.has('props-2', 'children', 'second 5');
		await tab.has('props-2', 'title', 'tip');
		await other.call('link-out.children', { 'link.n_clicks': 2 });
		assert.equal(other.props['props-1'], undefined);
	});

	test(`#6 over ${kind}: Patches go out in the form that the renderer applies`, async t => {
		const tab = await open(await startTestapp(t));
		const names = [['Append'], ['Assign'], ['Add'], ['Merge'], ['Delete', 'Reverse'],
			['Prepend', 'Insert', 'Extend', 'Remove'], ['Sub', 'Mul', 'Div'], ['Clear']];

		for (const [i, operations] of names.entries()) {
			const answer = await tab.call('store.data', { 'patch.n_clicks': i + 1 });
			const patch = answer.data.response.store.data;

			assert.equal(patch.__dash_patch_update, '__dash_patch_update');
			assert.deepEqual(patch.operations.map(({ operation }) => operation), operations);
			for (const { location, params } of patch.operations) {
				assert.ok(Array.isArray(location));
				assert.equal(typeof params, 'object');
			}
		}
	});

	test(`#23 over ${kind}: the call knows which Inputs triggered it`, async t => {
		const tab = await open(await startTestapp(t));
		const call = async changed => (await tab.call('context-out.children',
			{ 'context-a.n_clicks': 1, 'context-b.n_clicks': 1 }, { changed })).data.response['context-out'].children;

		assert.equal(await call([]), 'client yes initial 1 triggered 00');
		assert.equal(await call(['context-a.n_clicks']), 'client yes initial 0 triggered 10');
		assert.equal(await call(['context-b.n_clicks']), 'client yes initial 0 triggered 01');
		assert.equal(await call(['context-a.n_clicks', 'context-b.n_clicks']), 'client yes initial 0 triggered 11');
	});

	test(`C5, C6 over ${kind}: every request has exactly one answer, in any company`, async t => {
		const daemon = await startTestapp(t);
		const tab = await open(daemon);
		const ids = [];

		for (let i = 1; i <= 40; i++) {
			ids.push(tab.post('link-out.children', { 'link.n_clicks': i }));
			ids.push(tab.post('error-out.children', { 'error.n_clicks': i }));
			ids.push(tab.post('nowhere.children', { 'click.n_clicks': i }));
			ids.push(tab.post('shared-out.children', { 'shared.value': i }));
			ids.push(tab.post('alt-out.children', { 'alt.n_clicks': i }));
		}
		await until(() => tab.answers.size === ids.length, { what: () => `${tab.answers.size} of ${ids.length} answers` });
		for (const id of ids) {
			assert.equal(tab.answers.get(id).length, 1, id);
			const [answer] = tab.answers.get(id);

			assert.ok(['ok', 'prevent_update', 'error'].includes(answer.status), JSON.stringify(answer));
			// C5: an "ok" without this disables every output of the tab until it reloads.
			assert.ok(answer.status !== 'ok' || answer.data.response, JSON.stringify(answer));
		}
	});
}

test('#2 HTTP fall-back: outputs, State, no_update, no output, errors', async t => {
	const daemon = await startTestapp(t);
	const data = response => ({ multi: true, response });

	assert.deepEqual((await post(daemon, 'click-out.children', { 'click.n_clicks': 3 })).data, data({ 'click-out': { children: 'clicks=3' } }));
	assert.deepEqual((await post(daemon, 'state-out.children', { 'state-button.n_clicks': 1 }, { state: { 'state.value': null } })).data,
		data({ 'state-out': { children: '1:-' } }));
	assert.deepEqual((await post(daemon, three, { 'three.n_clicks': 3 })).data, data({ 'three-a': { children: 'a 3' }, 'three-c': { children: 3 } }));
	const none = await post(daemon, three, { 'three.n_clicks': 9 });

	assert.equal(none.status, 204);
	assert.equal(none.text, '');
	const { output } = (await dependencies(daemon)).byInput('no-output.n_clicks');

	assert.equal((await post(daemon, output, { 'no-output.n_clicks': 1 })).status, 204);
	const error = await post(daemon, 'error-out.children', { 'error.n_clicks': 1 });

	assert.equal(error.status, 500);
	assert.match(error.text, /the lens is/);
	assert.doesNotMatch(error.headers['content-type'], /html/, 'the text of an error is not a page');
});

test('#2 HTTP and websocket mixed on one page: set_props reach the tab that posted', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);
	const { data } = await post(daemon, 'props-out.children', { 'props.n_clicks': 2 }, { id: tab.id });

	assert.equal(data.response['props-out'].children, 'done 2');
	await until(() => tab.props['props-1']?.children === 'first 2' || data.sideUpdate, { what: 'the set_props' });
});

test('#2 a shared callback over HTTP reaches the tabs that are connected', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);
	const { data } = await post(daemon, 'shared-out.children', { 'shared.value': 44 });

	assert.equal(data.response['shared-out'].children, 'value=44');
	await tab.has('shared', 'value', 44);
	await tab.has('shared-out', 'children', 'value=44');
	await tab.has('chain-out', 'children', 'chain(value=44)');
});

test('#8 many callbacks over one socket, in the order in which they were sent', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);
	const n = 500;
	const ids = Array.from({ length: n }, (_, i) => tab.post('link-out.children', { 'link.n_clicks': i }));

	await until(() => tab.answers.size === n, { timeout: 20000, what: () => `${tab.answers.size} of ${n}` });
	assert.deepEqual(tab.messages.filter(({ type }) => type === 'callback_response').map(({ requestId }) => requestId), ids);
});

test('#17 callbacks with neither Inputs nor Outputs are told apart and asked for by every page', async t => {
	const daemon = await startTestapp(t);
	const persistent = (await dependencies(daemon)).list.filter(({ no_output, inputs, hidden }) => no_output && !inputs.length && !hidden);

	assert.equal(new Set(persistent.map(({ output }) => output)).size, persistent.length);
	assert.ok(persistent.length >= 3 && persistent.every(one => one.persistent && !one.prevent_initial_call));
	for (let i = 1; i <= 2; i++) {
		const tab = await Tab.open(daemon);

		for (const { output } of persistent) {
			assert.deepEqual(await tab.call(output, {}, { changed: [] }), { status: 'prevent_update' });
		}
		const { initial, persistent_runs } = (await daemon.status_page()).test;

		assert.deepEqual([initial.arrival, initial.second_arrival, persistent_runs], [i, i, i]);
	}
});

for (const [name, input] of [['header-out.children', 'header.n_clicks'], ['late-header-out.children', 'late-header.n_clicks']]) {
	test(`#23 over HTTP: ${name} sets cookies and a header`, async t => {
		const daemon = await startTestapp(t);
		const lines = answer => answer.head.split('\r\n').filter(line => /^(set-cookie|x-clicks):/i.test(line));
		const expected = n => ['Set-Cookie: session=1; Path=/; HttpOnly', 'Set-Cookie: theme=dark', `X-Clicks: ${n}`];
		const answer = await post(daemon, name, { [input]: 1 });

		assert.equal(answer.status, 200);
		assert.deepEqual(answer.data.response, { [name.split('.')[0]]: { children: 'headers 1' } });
		assert.deepEqual(lines(answer), expected(1));
		const nothing = await post(daemon, name, { [input]: 2 });

		assert.equal(nothing.status, 204);
		assert.deepEqual(lines(nothing), expected(2));
		const large = await post(daemon, name, { [input]: 3 });

		assert.equal(large.headers['x-large'], 'v'.repeat(3900));
		assert.deepEqual(large.data.response, { [name.split('.')[0]]: { children: 'headers 3' } });
		for (const [n, text] of [[10, /name of a header: byte 1 /], [11, /'X-Light': byte 2 .* 0x0d/], [12, /'Content-Length': the server/]]) {
			const refused = await post(daemon, name, { [input]: n });

			assert.equal(refused.status, 500);
			assert.match(refused.text, text);
			assert.deepEqual(lines(refused), [], 'an error has none of them');
		}
	});
}

test('#23 over the websocket there are no headers, and who asks is told', async t => {
	const tab = await Tab.open(await startTestapp(t));
	const answer = await tab.call('header-out.children', { 'header.n_clicks': 1 });

	assert.equal(answer.status, 'error');
	assert.match(answer.message, /'Set-Cookie': only an answer over HTTP has headers/);
});
