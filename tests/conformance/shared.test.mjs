// Shared callbacks: one state, many tabs. CONFORMANCE C 1, 2, 3, 6 and SEMANTICS 1 to 4.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp } from '../lib/daemon.mjs';
import { delayProxy } from '../lib/delay-proxy.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { sleep, until, untilQuiet } from '../lib/wait.mjs';

const move = (tab, value, options) => tab.post('shared-out.children', { 'shared.value': value }, options);

test('a change reaches every tab: the Input, the Output, and what is chained to it', async t => {
	const daemon = await startTestapp(t);
	const [a, b, c] = [await Tab.open(daemon), await Tab.open(daemon), await Tab.open(daemon)];

	await a.answer(move(a, 42));
	for (const tab of [b, c]) {
		await tab.has('shared', 'value', 42);
	}
	for (const tab of [a, b, c]) {
		await tab.has('shared-out', 'children', 'value=42');
		await tab.has('chain-out', 'children', 'chain(value=42)');
	}
	const { shared_runs, chain_runs } = (await daemon.status_page()).test;

	assert.deepEqual({ shared_runs, chain_runs }, { shared_runs: 2, chain_runs: 2 }, 'once at the start, once now');
	const layout = await (await fetch(`${daemon.url}/_dash-layout`)).json();

	assert.equal(layout.props.children.find(({ props }) => props.id === 'shared').props.value, 42);
});

test('a tab that arrives later is welcomed with the values of now', async t => {
	const daemon = await startTestapp(t);
	const a = await Tab.open(daemon);

	await a.answer(move(a, 63));
	const b = await Tab.open(daemon);

	assert.equal(b.welcome.set.shared.value, 63);
	assert.equal(b.welcome.set['shared-out'].children, 'value=63');
	assert.equal(b.welcome.set['chain-out'].children, 'chain(value=63)');
	assert.equal(typeof b.welcome.client, 'number');
	assert.notEqual(b.welcome.client, a.welcome.client);
	assert.equal(b.welcome.boot, a.welcome.boot);
	assert.equal(b.welcome.layout, b.layout);
});

test('C3 a push reaches each tab exactly once', async t => {
	const daemon = await startTestapp(t);
	const tabs = [];

	for (let i = 0; i < 5; i++) {
		tabs.push(await Tab.open(daemon));
	}
	const before = tabs.map(tab => tab.values('shared-out', 'children').length);

	await tabs[0].answer(move(tabs[0], 11));
	await sleep(300);
	for (const [i, tab] of tabs.entries()) {
		assert.equal(tab.values('shared-out', 'children').length - before[i], 1, `tab ${i}`);
	}
});

test('C1 one key press runs the callback once, and then there is silence', async t => {
	const daemon = await startTestapp(t);
	const tabs = [await Tab.open(daemon), await Tab.open(daemon)];
	const stock = [await echoing(daemon), await echoing(daemon)];

	await sleep(200);
	const before = (await daemon.status_page()).test.shared_runs;

	move(stock[0], 35);
	await tabs[0].has('shared', 'value', 35);
	await sleep(1000);
	assert.equal((await daemon.status_page()).test.shared_runs - before, 1);
	const messages = (await daemon.status_page()).messages;

	await sleep(500);
	assert.deepEqual((await daemon.status_page()).messages, messages, 'silence');
	assert.equal(stock[1].props.shared.value, 35);
});

test('#21 order: 20 values back to back run in the order in which they were sent, 100 of 100', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);
	const watcher = await Tab.open(daemon);

	for (let drag = 0; drag < 100; drag++) {
		// Values that differ from drag to drag, each different from the one before.
		const values = Array.from({ length: 20 }, (_, i) => (drag * 7 + i * 3) % 101);
		const ids = values.map(value => tab.post('drag-out.children', { 'drag.value': value }));

		await tab.answer(ids.at(-1));
		const { drag_log } = (await daemon.status_page()).test;

		assert.deepEqual(drag_log.slice(-20), values, `drag ${drag}`);
		await watcher.has('drag', 'value', values.at(-1));
		await watcher.has('drag-out', 'children', `drag=${values.at(-1)}`);
	}
});

test('#24 a callback that sets its own Input: the sender sees it too', async t => {
	const daemon = await startTestapp(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	await a.call('clamp-out.children', { 'clamp.value': 80 });
	for (const tab of [a, b]) {
		await tab.has('clamp', 'value', 50);
		await tab.has('clamp-out', 'children', 'clamp=50');
	}
});

test('an error of a shared callback: the requester is told, the Output stays', async t => {
	const daemon = await startTestapp(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	await a.call('thirteen-out.children', { 'thirteen.value': 12 });
	const answer = await a.call('thirteen-out.children', { 'thirteen.value': 13 });

	assert.equal(answer.status, 'error');
	assert.match(answer.message, /thirteen is refused/);
	await b.has('thirteen-out', 'children', 'good');
	await sleep(100);
	assert.doesNotMatch(JSON.stringify(b.messages), /refused/);
});

test('the device as a source of mods: the chain runs, everybody sees it', async t => {
	const daemon = await startTestapp(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];
	const { output } = (await dependencies(daemon)).byInput('tick.n_clicks');

	await a.call(output, { 'tick.n_clicks': 1 });
	for (const tab of [a, b]) {
		await tab.has('shared', 'value', 77);
		await tab.has('shared-out', 'children', 'value=77');
		await tab.has('chain-out', 'children', 'chain(value=77)');
	}
});

test('a pushed Input of a callback that is not shared wakes the browser\'s callbacks', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);
	const { output } = (await dependencies(daemon)).byInput('aloud.n_clicks');

	await tab.call(output, { 'aloud.n_clicks': 5 });
	await until(() => tab.messages.some(({ notify }) => notify?.watched?.data === 5), { what: 'a notify' });
});

// --- Convergence --------------------------------------------------------------------------------

/**
 * A tab of the stock worker, which has no quiet way to set a property: whatever is pushed to an
 * Input comes back as a request of that tab.
 */
async function echoing(daemon, { url } = {}) {
	const tab = await Tab.openStock(daemon, { url });
	const hello = (await dependencies(daemon)).list.find(({ hidden, no_output, inputs }) => no_output && inputs.length === 0 && hidden !== false)
		?? (await dependencies(daemon)).list.find(({ no_output, inputs }) => no_output && inputs.length === 0);

	tab.onSetProps = ({ componentId, props }) => {
		if (componentId === 'shared' && 'value' in props) {
			// The renderer renders first and then asks.
			setTimeout(() => { if (tab.socket.readyState === 1) move(tab, props.value); }, 5);
		}
	};
	await tab.call(hello.output, {}, { changed: [] });
	return tab;
}

for (const kind of ['our link', 'the stock worker']) {
	for (const delay of [0, 40, 120]) {
		test(`C2 three-way conflict over ${kind} with ${delay} ms: all agree within 1 s, 12 of 12`, async t => {
			const daemon = await startTestapp(t);
			const url = delay ? (await delayProxy(t, daemon.port, delay)).url : daemon.url;
			const tabs = [];

			for (let i = 0; i < 3; i++) {
				tabs.push(kind === 'our link' ? await Tab.open(daemon, { url }) : await echoing(daemon, { url }));
			}
			for (let round = 0; round < 12; round++) {
				const values = [10, 40, 70].map(value => value + round);
				let lastEdit = 0;

				for (const [i, tab] of tabs.entries()) {
					// What the person sets is what the tab shows, until something newer arrives.
					setTimeout(() => {
						tab.props.shared = { ...tab.props.shared, value: values[i] };
						move(tab, values[i]);
						lastEdit = tab.sentAt;
					}, Math.random() * 30);
				}
				await sleep(100 + 2 * delay);
				const counters = await untilQuiet(async () => {
					const { messages, test: { shared_runs } } = await daemon.status_page();

					return { messages, shared_runs, shown: tabs.map(tab => tab.props.shared.value) };
				}, { quiet: 250 + 2 * delay, timeout: 5000 });
				// By when messages came, as those who watch for silence may be held up.
				const took = Math.max(...tabs.map(tab => tab.arrivedAt)) - lastEdit;

				assert.ok(took <= 1000, `round ${round}: the last message came ${took} ms after the last edit`);
				const layout = await (await fetch(`${daemon.url}/_dash-layout`)).json();
				const truth = layout.props.children.find(({ props }) => props.id === 'shared').props.value;

				assert.deepEqual(counters.shown, [truth, truth, truth], `round ${round} of ${values}`);
				assert.ok(values.includes(truth), `round ${round}: ${truth} is none of ${values}`);
			}
		});
	}
}

test('C2 whoever drags alone is never sent an older value', async t => {
	const daemon = await startTestapp(t);
	const { url } = await delayProxy(t, daemon.port, () => 10 + Math.random() * 80);
	const dragger = await Tab.open(daemon, { url });
	const watcher = await Tab.open(daemon, { url });
	let newest = 20;

	for (let value = 21; value <= 60; value++) {
		const seen = dragger.values('shared', 'value').length;

		move(dragger, value);
		newest = value;
		await sleep(15);
		for (const arrived of dragger.values('shared', 'value').slice(seen)) {
			assert.ok(arrived >= newest, `${arrived} after ${newest}`);
		}
	}
	await watcher.has('shared', 'value', 60);
	const trace = watcher.values('shared', 'value');

	assert.deepEqual(trace, [...trace].sort((a, b) => a - b), 'the watcher sees it move one way');
});

test('C3 the client table: right after bye, loss and return', async t => {
	const daemon = await startTestapp(t);
	const clients = async () => (await daemon.status_page()).clients;
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	assert.equal(await clients(), 2);
	await b.bye();
	await until(async () => await clients() === 1, { timeout: 2000, what: 'one client' });
	await a.drop();
	// Lost tabs keep their place for the grace time; whether they count as clients is not said.
	const again = await Tab.open(daemon, { id: a.id });

	assert.equal(again.welcome.client, a.welcome.client, 'the same tab is the same client');
	assert.equal(await clients(), 1);
});

test('C7 two sockets that claim one renderer id: the newer one has it', async t => {
	const daemon = await startTestapp(t);
	const old = await Tab.open(daemon);
	const young = await Tab.open(daemon, { id: old.id });
	const other = await Tab.open(daemon);

	await other.answer(move(other, 91));
	await young.has('shared', 'value', 91);
	assert.equal((await daemon.status_page()).clients, 2);
	await sleep(200);
	assert.ok(old.values('shared', 'value').filter(value => value === 91).length <= 1);
});

test('a tab of our link and a tab of the stock worker share one state', async t => {
	const daemon = await startTestapp(t);
	const ours = await Tab.open(daemon);
	const stock = await echoing(daemon);

	move(ours, 31);
	await stock.has('shared', 'value', 31);
	await stock.has('chain-out', 'children', 'chain(value=31)');
	const answer = await stock.answer(move(stock, 32));

	assert.equal(answer.status, 'ok', 'a renderer drops answers of superseded requests: the requester gets the values');
	assert.equal(answer.data.response['shared-out'].children, 'value=32');
	await ours.has('shared', 'value', 32);
	await stock.has('chain-out', 'children', 'chain(value=32)');
});
