// Browsers that do not keep up: bounded memory, the newest value in the end, nobody else notices.
// CONFORMANCE C 8.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp, startVizyd } from '../lib/daemon.mjs';
import { dependencies, openSocket, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

// What a sanitizer keeps back to catch uses after free is not the daemon's memory.
const env = { ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=1` };

/** More than any socket takes: 400 values of 100 kB, each shared by the callback with everybody. */
async function flood(tab) {
	for (let i = 0; i < 400; i++) {
		await tab.call('shared-out.children', { 'shared.value': `${i} ${'x'.repeat(100000)}` });
	}
}

test('C8, #7 a tab that does not read: values coalesce, the last one arrives', async t => {
	const daemon = await startTestapp(t, { env });
	const [busy, slow, other] = [await Tab.open(daemon), await Tab.open(daemon), await Tab.open(daemon)];
	const { output } = (await dependencies(daemon)).byInput('burst-button.n_clicks');
	const before = daemon.rssKb();

	slow.socket.pause();
	await flood(busy);
	// 2000 values of 4 kB in one call: all but the last are never sent to anybody.
	await busy.call(output, { 'burst-button.n_clicks': 1 });
	await other.has('burst', 'children', 'last');
	assert.ok(daemon.rssKb() - before < 60000, `${daemon.rssKb() - before} kB more`);
	assert.ok((await daemon.status_page()).messages.coalesced > 0);
	await busy.call('shared-out.children', { 'shared.value': 59 });
	slow.socket.resume();
	await slow.has('burst', 'children', 'last', { timeout: 20000 });
	await slow.has('shared', 'value', 59);
	await slow.has('shared-out', 'children', 'value=59');
	assert.ok(slow.values('shared', 'value').length < 390, 'each value arrived, one by one');
	assert.equal((await slow.call('link-out.children', { 'link.n_clicks': 1 })).status, 'ok');
});

test('C8 a tab that takes nothing for 30 s is closed, nobody else notices', { timeout: 120000 }, async t => {
	const daemon = await startTestapp(t, { env });
	const [busy, stuck] = [await Tab.open(daemon), await Tab.open(daemon)];

	stuck.socket.pause();
	await flood(busy);
	const since = Date.now();

	await until(async () => {
		const sent = Date.now();

		assert.equal((await busy.call('link-out.children', { 'link.n_clicks': 1 })).status, 'ok');
		assert.ok(Date.now() - sent < 1000, 'others wait');
		return (await daemon.status_page()).clients === 1;
	}, { timeout: 60000, interval: 500, what: 'the stuck client to be closed' });
	t.diagnostic(`closed ${Date.now() - since} ms after the flood`);
	assert.ok(Date.now() - since < 50000);
	stuck.socket.terminate();
});

test('C8 a burst of 20 000 requests without reading the answers', async t => {
	const daemon = await startTestapp(t, { env });
	const [greedy, other] = [await Tab.open(daemon), await Tab.open(daemon)];
	const before = daemon.rssKb();

	greedy.socket.pause();
	for (let i = 0; i < 20000; i++) {
		greedy.post('link-out.children', { 'link.n_clicks': i });
	}
	for (let i = 0; i < 10; i++) {
		assert.equal((await other.call('link-out.children', { 'link.n_clicks': i }, {})).status, 'ok');
		await sleep(50);
	}
	assert.ok(daemon.rssKb() - before < 100000, `${daemon.rssKb() - before} kB more`);
	greedy.socket.resume();
	await Promise.race([greedy.socket.closed, until(() => greedy.answers.size === 20000, { timeout: 30000, what: () => `${greedy.answers.size} answers` })]);
});

test('C8 a video watcher that does not read costs one picture, and others see all', async t => {
	const daemon = await startVizyd(t, { env });
	const good = await openSocket(daemon, { path: '/_vizyd/video' });
	const stuck = await openSocket(daemon, { path: '/_vizyd/video' });

	stuck.pause();
	await sleep(1000);
	const before = daemon.rssKb();
	const seen = good.received.length;

	await until(() => good.received.length - seen > 15, { what: () => `16 pictures; ${good.received.length - seen}` });
	assert.ok(daemon.rssKb() - before < 8000, `${daemon.rssKb() - before} kB more`);
	good.terminate();
	stuck.terminate();
});
