// Links that break and daemons that restart: CONFORMANCE 8, 9, C 3, C 4.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp } from '../lib/daemon.mjs';
import { dependencies, openSocket, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

test('#9 heartbeats are answered, on both kinds of link', async t => {
	const daemon = await startTestapp(t);

	for (const tab of [await Tab.open(daemon), await Tab.openStock(daemon)]) {
		for (let i = 1; i <= 3; i++) {
			tab.send({ type: 'heartbeat' });
			await until(() => tab.messages.filter(({ type }) => type === 'heartbeat_ack').length === i, { what: `ack ${i}` });
		}
		assert.deepEqual(tab.messages.find(({ type }) => type === 'heartbeat_ack'), { type: 'heartbeat_ack' });
	}
});

for (const kind of ['our link', 'the stock worker']) {
	test(`#9 over ${kind}: a call that takes long survives, and heartbeats are answered meanwhile`, async t => {
		const daemon = await startTestapp(t);
		const tab = await (kind === 'our link' ? Tab.open(daemon) : Tab.openStock(daemon));
		const acks = () => tab.messages.filter(({ type }) => type === 'heartbeat_ack').length;

		// What makes the tab of a stock worker known.
		await tab.call('link-out.children', { 'link.n_clicks': 1 });
		const slow = tab.post('slow-out.children', { 'slow.n_clicks': 1 });

		for (let i = 1; i <= 5; i++) {
			tab.send({ type: 'heartbeat' });
			await until(() => acks() === i, { timeout: 1500, what: `ack ${i}` });
		}
		assert.equal(tab.answers.get(slow), undefined, 'the call is still out');
		await tab.answer(slow);
		await tab.has('slow-out', 'children', 'slow 1');
		assert.equal(tab.answers.get(slow).length, 1);
	});
}

test('#8 a lost link: the returning tab gets what it missed, in one message', async t => {
	const daemon = await startTestapp(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	await b.drop();
	await a.call('shared-out.children', { 'shared.value': 58 });
	const back = await Tab.open(daemon, { id: b.id, boot: b.welcome.boot });

	assert.equal(back.welcome.client, b.welcome.client);
	assert.equal(back.welcome.set.shared.value, 58);
	assert.equal(back.messages.filter(({ type }) => type === 'mods').length, 0);
	assert.equal((await back.call('link-out.children', { 'link.n_clicks': 3 })).status, 'ok');
});

test('C4 a restarted daemon: same address, other boot, and the page still fits', async t => {
	const first = await startTestapp(t);
	const tab = await Tab.open(first);

	await first.stop();
	assert.ok(![1000, 4001].includes((await tab.socket.closed).code), 'a code after which browsers come back');
	const second = await startTestapp(t, { listen: first.host });
	const back = await Tab.open(second, { id: tab.id, boot: tab.welcome.boot, layout: tab.layout });

	assert.notEqual(back.welcome.boot, tab.welcome.boot);
	assert.equal(back.welcome.layout, tab.layout);
	assert.ok(!back.messages.some(({ type }) => type === 'reload'));
});

test('C4, #35 a restarted daemon with another layout has its tabs load anew', async t => {
	const first = await startTestapp(t);
	const tab = await Tab.open(first);

	await first.stop();
	const second = await startTestapp(t, { listen: first.host, args: ['--layout', '2'] });
	const back = await Tab.open(second, { id: tab.id, boot: tab.welcome.boot, layout: tab.layout });

	assert.notEqual(back.welcome.layout, tab.layout, 'welcome tells the hash, the tab compares');
});

test('C4 no stale click: what the stock worker replays after a reconnect is answered and not run', async t => {
	const daemon = await startTestapp(t);
	const deps = await dependencies(daemon);
	const hello = deps.list.find(({ no_output, inputs }) => no_output && inputs.length === 0);
	const { output } = deps.byInput('no-output.n_clicks');
	const tab = await Tab.openStock(daemon);

	tab.n = 7; // its seventh request was sent to a daemon that has gone
	const stale = await tab.call(output, { 'no-output.n_clicks': 3 });

	assert.equal(stale.status, 'prevent_update');
	assert.equal((await daemon.status_page()).test.no_output_runs, 0);
	await tab.call(hello.output, {}, { changed: [] });
	await tab.call(output, { 'no-output.n_clicks': 4 });
	assert.equal((await daemon.status_page()).test.no_output_runs, 1, 'after its hello it is served');
});

test('C4 the stock worker\'s hello brings the shared values', async t => {
	const daemon = await startTestapp(t);
	const ours = await Tab.open(daemon);

	await ours.call('shared-out.children', { 'shared.value': 66 });
	const tab = await Tab.openStock(daemon);
	const hello = (await dependencies(daemon)).list.find(({ no_output, inputs, hidden }) => no_output && inputs.length === 0 && hidden)
		?? (await dependencies(daemon)).list.find(({ no_output, inputs }) => no_output && inputs.length === 0);

	await tab.call(hello.output, {}, { changed: [] });
	await tab.has('shared', 'value', 66);
	await tab.has('chain-out', 'children', 'chain(value=66)');
});

test('a client lost in mid-call: its shared result is not', async t => {
	const daemon = await startTestapp(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	a.post('shared-out.children', { 'shared.value': 88 });
	a.socket.close();
	await b.has('shared-out', 'children', 'value=88');
});

test('200 tabs that come and go abruptly leave nothing behind', async t => {
	const daemon = await startTestapp(t);
	const stay = await Tab.open(daemon);

	for (let round = 0; round < 10; round++) {
		const sockets = await Promise.all(Array.from({ length: 20 }, () => openSocket(daemon)));

		for (const [i, socket] of sockets.entries()) {
			if (i % 2) {
				socket.send(JSON.stringify({ type: 'hello', rendererId: `gone-${round}-${i}`, payload: { link: 1, layout: stay.layout, boot: null } }));
			}
			socket.terminate();
		}
	}
	await sleep(300);
	assert.equal((await stay.call('link-out.children', { 'link.n_clicks': 1 })).status, 'ok');
});

test('C3 tabs that vanish without a word are gone from the table: a broken line 15 s later, a silent one 45 s', { timeout: 120000 }, async t => {
	const daemon = await startTestapp(t);
	const [stay, crashed, silent] = [await Tab.open(daemon), await Tab.open(daemon), await Tab.open(daemon)];
	const clients = async () => (await daemon.status_page()).clients;
	const fewer = async (n, seconds, since) => {
		await until(async () => await clients() === n, { timeout: 1000 * (seconds + 10), interval: 200, what: `${n} clients` });
		const took = (performance.now() - since) / 1000;

		assert.ok(took > seconds - 2 && took < seconds + 5, `${n} clients after ${took} s`);
	};

	assert.equal(await clients(), 3);
	// Neither reads nor answers pings, as a laptop that was closed; and a browser that crashed.
	silent.socket.pause();
	await crashed.drop();
	const since = performance.now();
	const beat = setInterval(() => stay.send({ type: 'heartbeat' }), 5000);

	t.after(() => clearInterval(beat));
	await fewer(2, 15, since);
	await fewer(1, 45, since);
	assert.equal((await stay.call('link-out.children', { 'link.n_clicks': 1 })).status, 'ok');
	silent.socket.terminate();
});
