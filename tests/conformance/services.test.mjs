// Services that need more than one client or thread: functions that may wait, devices (S2), log-in,
// get_props, values from another thread. SEMANTICS 1 and 5, CONFORMANCE 4, 11, 22.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp } from '../lib/daemon.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const press = (tab, name, n = 1) => tab.post(`${name}-out.children`, { [`${name}.n_clicks`]: n });
const timed = async promise => {
	const start = performance.now();

	await promise;
	return performance.now() - start;
};
/** Presses a button that has no Output. */
const act = async (daemon, tab, name, n = 1) => {
	const { output } = (await dependencies(daemon)).byInput(`${name}.n_clicks`);

	return tab.call(output, { [`${name}.n_clicks`]: n });
};

test('#22 a function of 2 s delays nobody else, on the loop or on a worker', async t => {
	const daemon = await startTestapp(t, { args: ['--workers', '2'] });
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];
	const slow = press(a, 'slow');

	await sleep(50);
	assert.ok(await timed(b.answer(press(b, 'quick'))) < 1000);
	assert.ok(await timed(a.answer(press(a, 'quick'))) < 1000);
	assert.ok(await timed(b.answer(press(b, 'quick-worker'))) < 1000);
	assert.equal(a.answers.get(slow), undefined);
	await a.answer(slow);
	await a.has('slow-out', 'children', 'slow 1');
});

test('#22 slow ones take turns, in order; the first of one client before its second', async t => {
	const daemon = await startTestapp(t);
	const a = await Tab.open(daemon);
	const requests = [press(a, 'slow', 1), press(a, 'slow', 2)];
	const ms = await timed(Promise.all(requests.map(id => a.answer(id))));

	assert.ok(ms > 3900, `two in a row take their time: ${ms}`);
	assert.deepEqual(a.values('slow-out', 'children'), ['slow 1', 'slow 2']);
});

test('#22 when all workers are busy, calls queue; there are never more than so many', async t => {
	const daemon = await startTestapp(t, { args: ['--workers', '3'] });
	const a = await Tab.open(daemon);
	const requests = Array.from({ length: 20 }, (_, i) => press(a, 'many', i + 1));

	for (const id of requests) {
		assert.equal((await a.answer(id)).status, 'ok');
	}
	const { n_at_most } = (await daemon.status_page()).test;

	assert.ok(n_at_most > 1 && n_at_most <= 3, `${n_at_most} at one time`);
});

test('#22 what hangs is answered, reported, and does not keep the others waiting', async t => {
	const daemon = await startTestapp(t, { args: ['--workers', '1', '--deadline', '1500'] });
	const a = await Tab.open(daemon);
	const hung = [press(a, 'hang', 1), press(a, 'hang', 2)];

	// The first hangs in the only worker; a second and more take its place after a second.
	for (const id of hung) {
		const answer = await a.answer(id);

		assert.equal(answer.status, 'error');
		assert.match(answer.message, /takes too long/);
	}
	await until(async () => (await daemon.status_page()).test.overdue === 2);
	assert.equal((await daemon.status_page()).callbacks.overdue, 2);
	assert.equal((await a.answer(press(a, 'quick-worker'))).status, 'ok');
	assert.equal((await daemon.status_page()).test.overdue_ended, 0);

	await act(daemon, a, 'free');
	await until(async () => (await daemon.status_page()).test.overdue_ended === 2);
	await sleep(200);
	assert.deepEqual(a.values('hang-out', 'children'), [], 'a private answer that comes too late is nobody\'s');
});

test('C6 shutting down answers what waits and what hangs, and takes no time', async t => {
	const daemon = await startTestapp(t, { args: ['--workers', '1'] });
	const a = await Tab.open(daemon);
	const requests = [press(a, 'hang', 1), press(a, 'slow', 1), press(a, 'slow', 2)];

	await sleep(200);
	const ms = await timed(daemon.stop());

	for (const id of requests) {
		assert.equal((await a.answer(id)).status, 'error');
		assert.match((await a.answer(id)).message, /shutting down/);
		assert.equal(a.answers.get(id).length, 1);
	}
	assert.ok(ms < 3000, `${ms} ms`);
});

test('S2: two clients of one device queue behind each other, clients of two do not', async t => {
	const daemon = await startTestapp(t, { args: ['--workers', '4'] });
	const tabs = [await Tab.open(daemon), await Tab.open(daemon), await Tab.open(daemon)];
	const [a, b, c] = tabs;
	const choose = (tab, name) => tab.call('chosen.children', { 'choose.data': name });

	await choose(a, 'alpha');
	await choose(b, 'alpha');
	await choose(c, 'beta');
	await a.has('chosen', 'children', 'Device alpha');
	await c.has('bound', 'children', 'beta');
	const all = await Promise.all(tabs.map(async tab => {
		const start = performance.now();

		await tab.answer(press(tab, 'device', 7));
		return performance.now() - start;
	}));

	await a.has('device-out', 'children', 'alpha 7');
	await c.has('device-out', 'children', 'beta 7');
	assert.ok(all[1] > 590, `behind the other: ${all}`);
	assert.ok(all[2] < 590, `beside the others: ${all}`);
	assert.deepEqual((await daemon.status_page()).test.clients.map(({ device }) => device), ['alpha', 'alpha', 'beta']);

	const wrong = await choose(a, 'gamma');

	assert.match(wrong.message, /there is no device 'gamma'/);
});

test('S2: a device that vanishes: seen at once, calls answered, another chosen, or the same again', async t => {
	const daemon = await startTestapp(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	for (const tab of [a, b]) {
		await tab.call('chosen.children', { 'choose.data': 'beta' });
	}
	const requests = [press(a, 'device', 1), press(b, 'device', 1), press(a, 'device', 2)];

	await sleep(100);
	await act(daemon, b, 'unplug', 1);
	await a.has('bound', 'children', 'none');
	await b.has('bound', 'children', 'none');
	assert.equal((await a.answer(requests[0])).status, 'ok', 'the one that runs ends well');
	assert.match((await b.answer(requests[1])).message, /the device has gone/);
	assert.match((await a.answer(requests[2])).message, /the device has gone/);

	await a.call('chosen.children', { 'choose.data': 'alpha' });
	await act(daemon, b, 'unplug', 2);
	await b.has('bound', 'children', 'beta');
	await a.has('bound', 'children', 'alpha');
});

test('S2: the choice outlives a lost link, and a reload brings it along', async t => {
	const daemon = await startTestapp(t);
	const a = await Tab.open(daemon);

	await a.call('chosen.children', { 'choose.data': 'beta' });
	await until(() => a.messages.some(({ type, device }) => type === 'device' && device === 'beta'));
	await a.drop();
	const again = await Tab.open(daemon, { id: a.id });

	await again.answer(press(again, 'device', 1));
	await again.has('device-out', 'children', 'beta 1');
	await again.bye();

	const reloaded = new Tab(daemon);

	await reloaded.connect();
	reloaded.send({ type: 'hello', rendererId: reloaded.id, payload: { link: 1, layout: a.layout, boot: null, device: 'beta' } });
	await until(() => reloaded.welcome);
	await reloaded.has('bound', 'children', 'beta');
	await reloaded.answer(press(reloaded, 'device', 2));
	await reloaded.has('device-out', 'children', 'beta 2');
});

test('#4 get_props: values, an absent component, no answer, and a link that goes', async t => {
	const daemon = await startTestapp(t);
	const a = await Tab.open(daemon);
	const asked = () => a.messages.filter(({ type }) => type === 'get_props_request');
	const answer = ({ requestId, payload }) => a.send({
		type: 'get_props_response', rendererId: a.id, requestId,
		payload: payload.componentId === 'absent' ? {} : { value: 42 },
	});

	await act(daemon, a, 'ask', 1);
	await until(() => asked().length === 2);
	assert.deepEqual(asked().map(({ payload }) => payload), [
		{ componentId: 'ask-me', properties: ['value', 'step'] }, { componentId: 'absent', properties: ['value'] },
	]);
	asked().forEach(answer);
	await a.has('asked', 'children', '{"ask-me":{"value":42},"absent":{}}');

	await act(daemon, a, 'ask', 2);
	await a.has('asked', 'children', 'Connection timed out');
	await act(daemon, a, 'ask', 1);
	await a.drop();
	await until(async () => (await daemon.status_page()).test.props_answers === 3);
});

test('#11 log-in: who has not is told nothing and may call nothing; then everything at once', async t => {
	const daemon = await startTestapp(t, { args: ['--login'] });
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];
	const move = (tab, value) => tab.call('shared-out.children', { 'shared.value': value });
	const initial = b.props;

	assert.deepEqual(initial, {}, 'the welcome has no values');
	assert.match((await move(a, 40)).message, /log in first/);
	assert.equal((await a.call('said.children', { 'name.data': 'ann' })).status, 'ok');
	await a.has('said', 'children', 'ann, admin');
	await a.has('shared-out', 'children', 'value=20');
	assert.equal(a.messages.filter(({ type, set }) => type === 'mods' && set?.shared).length, 1);
	assert.equal((await move(a, 40)).status, 'prevent_update');
	await a.has('chain-out', 'children', 'chain(value=40)');
	await sleep(300);
	assert.deepEqual(b.props, {}, 'nobody is told');

	const layout = await (await fetch(`${daemon.url}/_dash-layout`)).json();
	const out = layout.props.children.find(({ props }) => props.id === 'shared-out');

	assert.notEqual(out.props.children, 'value=40', 'the page has the values that it was built with');
	const post = await fetch(`${daemon.url}/_dash-update-component`, {
		method: 'POST', headers: { 'Content-Type': 'application/json', Origin: daemon.url },
		body: JSON.stringify({
			output: 'quick-out.children', inputs: [{ id: 'quick', property: 'n_clicks', value: 1 }], changedPropIds: ['quick.n_clicks'],
		}),
	});

	assert.equal(post.status, 403);
	await b.call('said.children', { 'name.data': 'bob' });
	await b.has('shared-out', 'children', 'value=40');
	assert.deepEqual((await daemon.status_page()).test.clients.map(({ user, role, log_ins }) => [user, role, log_ins]),
		[['ann', 'admin', 1], ['bob', 'guest', 1]]);
	await b.call('said.children', { 'name.data': '' });
	const n = b.messages.length;

	await move(a, 25);
	await sleep(300);
	assert.equal(b.messages.length, n, 'who has logged out is told nothing more');
});

test('a thread that posts without a pause: the last value arrives, and few before it', async t => {
	const daemon = await startTestapp(t);
	const tabs = [await Tab.open(daemon), await Tab.open(daemon)];
	const start = performance.now();

	await act(daemon, tabs[0], 'post');
	for (const tab of tabs) {
		await tab.has('posted', 'children', 50000, { timeout: 60000 });
	}
	const ms = performance.now() - start;

	for (const tab of tabs) {
		const values = tab.values('posted', 'children');

		assert.ok(values.length < 45000, `${values.length} of 50000 were sent in ${ms} ms`);
		assert.deepEqual(values, [...values].sort((x, y) => x - y), 'none before an older one');
	}
	const { rss_kb } = await daemon.status_page();

	assert.ok(rss_kb > 0);
	t.diagnostic(`${tabs[0].values('posted', 'children').length} messages for 50000 posts in ${Math.round(ms)} ms`);
});
