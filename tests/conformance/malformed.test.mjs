// What is not a request: CONFORMANCE 13. Each is answered with an error that names the place, and
// nothing breaks, neither the daemon nor the tab that asks properly afterwards.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp } from '../lib/daemon.mjs';
import { get } from '../lib/http.mjs';
import { dependencies, openSocket, payload, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

async function stillWorks(daemon, tab) {
	const answer = await tab.call('link-out.children', { 'link.n_clicks': 1 });

	assert.equal(answer.status, 'ok');
	assert.equal(daemon.status, undefined, 'the daemon lives');
}

const good = () => payload('link-out.children', { 'link.n_clicks': 1 });
const without = key => {
	const body = good();

	delete body[key];
	return body;
};
const deep = n => JSON.parse('['.repeat(n) + ']'.repeat(n));

// Label, payload, what the message must name.
const bodies = [
	['unknown output', payload('nowhere.children', { 'click.n_clicks': 1 }), /nowhere\.children/],
	['output of another type', { ...good(), output: 5 }, /output/],
	['no output', without('output'), /output/],
	['no inputs', without('inputs'), /inputs/],
	['inputs of another type', { ...good(), inputs: 'link' }, /inputs/],
	['an input that is no object', { ...good(), inputs: [1] }, /inputs\[0\]/],
	['an input without an id', { ...good(), inputs: [{ property: 'n_clicks', value: 1 }] }, /inputs\[0\]/],
	['an id of another type', { ...good(), inputs: [{ id: 5, property: 'n_clicks', value: 1 }] }, /inputs\[0\]\.id/],
	['another component', payload('link-out.children', { 'other.n_clicks': 1 }), /link|other/],
	['another property', payload('link-out.children', { 'link.value': 1 }), /n_clicks|value/],
	['too many inputs', payload('link-out.children', { 'link.n_clicks': 1, 'click.n_clicks': 1 }), /input/i],
	['too few inputs', { ...good(), inputs: [] }, /input/i],
	['no state where one is declared', payload('state-out.children', { 'state-button.n_clicks': 1 }), /state/i],
	['changedPropIds of another type', { ...good(), changedPropIds: 'link.n_clicks' }, /changedPropIds/],
	['changedPropIds of other things', { ...good(), changedPropIds: [5] }, /changedPropIds/],
	['a payload that is a list', [good()], /payload/],
	['a payload that is null', null, /payload/],
];

for (const kind of ['our link', 'the stock worker']) {
	test(`#13 over ${kind}: requests that do not fit are answered with the place`, async t => {
		const daemon = await startTestapp(t);
		const tab = await (kind === 'our link' ? Tab.open(daemon) : Tab.openStock(daemon));

		for (const [label, body, message] of bodies) {
			const requestId = `${tab.id}-${++tab.n}`;

			tab.send({ type: 'callback_request', rendererId: tab.id, requestId, payload: body });
			const answer = await tab.answer(requestId, { timeout: 3000 }).catch(error => assert.fail(`${label}: ${error.message}`));

			assert.equal(answer.status, 'error', label);
			assert.match(answer.message, message, label);
			assert.doesNotMatch(answer.message, /\.c:|0x[0-9a-f]{6}/, `${label}: no internals`);
		}
		await stillWorks(daemon, tab);
	});
}

test('#13 what is no JSON, or no message, is told or ignored, and the socket stays', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);
	const texts = [
		'', ' ', '{', '}', '[', ']', 'null', 'true', '0', '"text"', '[]', '{}', '[[]]', '[null]',
		'{"type":null}', '{"type":5}', '{"type":"no such"}', '{"type":"callback_request"}',
		"{'type':'heartbeat'}", '{"type":"heartbeat",}', '{"type":"heartbeat"} x', 'NaN', '{"a":Infinity}',
		'{"type":"heartbeat","type":"heartbeat"}', '\u0000', '{"type":"\u0001"}', '{"a":01}', '{"a":1e}', '{"a":"\\x"}',
		'{"a":"\\ud800"}', '/* */{}', '{"type":"hello"}', '{"type":"hello","rendererId":5}',
		'{"type":"callback_request","rendererId":"","requestId":"1","payload":{}}',
		`{"type":"callback_request","rendererId":"${'x'.repeat(65)}","requestId":"1","payload":{}}`,
		'{"type":"callback_request","rendererId":"<script>","requestId":"1","payload":{}}',
		`{"type":"callback_request","rendererId":"a","requestId":"${'y'.repeat(10000)}","payload":{}}`,
		'{"type":"get_props_response","rendererId":"a","requestId":"never asked","payload":{}}',
		'{"type":"callback_response","rendererId":"a","requestId":"1","payload":{"status":"ok"}}',
		'{"type":"set_props","rendererId":"*","payload":{"componentId":"shared","props":{"value":1}}}',
		'{"type":"welcome"}', '{"type":"mods","set":{"shared":{"value":99}}}', '{"type":"reload"}',
		`[${'{"type":"heartbeat"},'.repeat(500)}{"type":"heartbeat"}]`,
	];

	for (const text of texts) {
		tab.send(text === '' ? ' ' : text);
	}
	await stillWorks(daemon, tab);
	const layout = JSON.stringify(await (await fetch(`${daemon.url}/_dash-layout`)).json());

	assert.doesNotMatch(layout, /"value":99/, 'no message of a browser but a callback changes the state');
});

test('#13 deep JSON: refused, in messages, in values and over HTTP', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);

	for (const depth of [40, 1000, 100000]) {
		tab.send('['.repeat(depth));
		tab.send('['.repeat(depth) + ']'.repeat(depth));
		tab.send('{"type":'.repeat(depth));
		const nested = `{"type":"callback_request","rendererId":"${tab.id}","requestId":"${tab.id}-d${depth}","payload":{"output":"link-out.children","inputs":[{"id":"link","property":"n_clicks","value":${'['.repeat(depth)}${']'.repeat(depth)}}],"changedPropIds":[]}}`;

		tab.send(nested);
		const { status } = await get(daemon, '/_dash-update-component', {
			method: 'POST', headers: { 'Content-Type': 'application/json' },
			body: `{"output":"link-out.children","inputs":${'['.repeat(depth)}${']'.repeat(depth)}}`,
		});

		assert.ok(status >= 400 && status <= 500, `${depth}: ${status}`);
	}
	await stillWorks(daemon, tab);
	assert.ok(deep(10));
});

test('#13 deep values that are sound are kept or refused, never crash what comes after', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);
	const answer = await tab.call('shared-out.children', { 'shared.value': deep(20) });

	assert.ok(['ok', 'prevent_update', 'error'].includes(answer.status));
	assert.equal((await fetch(`${daemon.url}/_dash-layout`)).status, 200);
	await stillWorks(daemon, tab);
});

test('#13 hostile keys and values come back as data', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);

	for (const value of ['__proto__', '</script><script>alert(1)</script>', '\u2028\u2029', '\u0000', 'é'.repeat(1000), '%s%n%s', -0, 1e308, 123456789012345680000]) {
		const answer = await tab.call('state-out.children', { 'state-button.n_clicks': 1 }, { state: { 'state.value': value } });

		assert.ok(['ok', 'error'].includes(answer.status), JSON.stringify(value));
	}
	tab.send(`{"type":"callback_request","rendererId":"${tab.id}","requestId":"p","payload":{"__proto__":{"x":1},"output":"link-out.children","inputs":[{"id":"link","property":"n_clicks","value":1}],"changedPropIds":[]}}`);
	assert.equal((await tab.answer('p')).status, 'ok', 'unknown keys are ignored');
});

test('#13 numbers beyond 64 bits and beyond doubles', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);

	for (const [i, number] of ['99999999999999999999', '-99999999999999999999', '1e400', '-1e400', '0.00000000000000000001', '1E+2'].entries()) {
		tab.send(`{"type":"callback_request","rendererId":"${tab.id}","requestId":"n${i}","payload":{"output":"shared-out.children","inputs":[{"id":"shared","property":"value","value":${number}}],"changedPropIds":["shared.value"]}}`);
		if (!number.endsWith('400')) { // which is no number that JSON could give back
			await tab.answer(`n${i}`);
		}
		// Whatever it became, what others receive is JSON again.
		await (await fetch(`${daemon.url}/_dash-layout`)).json();
	}
	await stillWorks(daemon, tab);
});

test('#13 over HTTP: bad bodies are 400 or 500 with a text', async t => {
	const daemon = await startTestapp(t);
	const post = (body, headers = {}) => get(daemon, '/_dash-update-component', {
		method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body,
	});

	for (const [label, body, message] of bodies) {
		const { status, body: text } = await post(JSON.stringify(body));

		assert.ok(status === 400 || status === 500, `${label}: ${status}`);
		assert.match(text.toString(), message.source === 'payload' ? /./ : message, label);
	}
	for (const body of ['', '{', 'null', '[]', '\u0000', Buffer.from([0xff, 0xfe, 0x7b])]) {
		const { status } = await post(body);

		assert.ok(status === 400 || status === 500 || status === 411, `${body}: ${status}`);
	}
	for (const id of ['', 'x'.repeat(65), '<script>', 'ä', 'a b']) {
		const { status } = await post(JSON.stringify(good()), { 'X-Vizyd-Client': id });

		assert.ok(status === 200 || status === 400, `client "${id}": ${status}`);
	}
	assert.equal((await post(JSON.stringify(good()))).status, 200);
});

test('#12 over HTTP everything is served, for browsers that have no websocket for us', async t => {
	const daemon = await startTestapp(t);
	const { output } = (await dependencies(daemon)).byInput('no-output.n_clicks');
	const post = body => get(daemon, '/_dash-update-component', {
		method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
	});

	assert.equal((await post(payload(output, { 'no-output.n_clicks': 1 }))).status, 204);
	assert.equal((await daemon.status_page()).test.no_output_runs, 1);
	const { status, body } = await post(good());

	assert.equal(status, 200);
	assert.deepEqual(JSON.parse(body).response, { 'link-out': { children: 'clicks=1' } });
});

for (const kind of ['our link', 'the stock worker']) {
	test(`#12 over ${kind}: a callback for HTTP alone is refused, and the socket stays`, async t => {
		const daemon = await startTestapp(t);
		const tab = await (kind === 'our link' ? Tab.open(daemon) : Tab.openStock(daemon));

		await stillWorks(daemon, tab);
		const { run } = (await daemon.status_page()).callbacks;
		const answer = await tab.call('click-out.children', { 'click.n_clicks': 1 });

		assert.equal(answer.status, 'error');
		assert.match(answer.message, /click-out\.children.*over HTTP/);
		assert.equal((await daemon.status_page()).callbacks.run, run, 'nothing ran');
		await stillWorks(daemon, tab);
	});
}

test('hello: of another version, without a layout, twice, after other messages', async t => {
	const daemon = await startTestapp(t);

	for (const body of [{ link: 99 }, {}, null, { link: 'one' }, { link: 1, layout: 5, boot: {} }]) {
		const socket = await openSocket(daemon);

		socket.send(JSON.stringify({ type: 'hello', rendererId: 'tab', payload: body }));
		await sleep(50);
		socket.terminate();
	}
	const tab = await Tab.open(daemon);

	tab.send({ type: 'hello', rendererId: tab.id, payload: { link: 1, layout: tab.layout, boot: tab.welcome.boot } });
	tab.send({ type: 'bye', rendererId: 'somebody-else' });
	tab.send({ type: 'hello', rendererId: 'another-tab', payload: { link: 1, layout: tab.layout, boot: null } });
	await sleep(50);
	assert.equal(daemon.status, undefined);
	const after = await Tab.open(daemon);

	await stillWorks(daemon, after);
});

test('bye of one tab does not close another', async t => {
	const daemon = await startTestapp(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	a.send({ type: 'bye', rendererId: b.id });
	await sleep(100);
	assert.equal((await b.call('link-out.children', { 'link.n_clicks': 1 })).status, 'ok');
	await until(async () => (await daemon.status_page()).clients >= 1);
});
