// The camera behind the page: brightness reaches the picture, other sources, what is lost.

import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { brightness, snapshot, watch } from '../lib/camera.mjs';
import { startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { footage } from '../lib/footage.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

/** Waits for the picture to come to rest and returns its mean luma. */
async function settled(daemon) {
	let last = (await snapshot(daemon.url)).mean;

	for (let i = 0; i < 40; i++) {
		await sleep(150);
		const { mean } = await snapshot(daemon.url);

		if (Math.abs(mean - last) < 0.7) {
			return mean;
		}
		last = mean;
	}
	return last;
}

test('brightness: every step of the slider makes the picture lighter', async t => {
	const daemon = await startVizyd(t);
	const tab = await Tab.open(daemon);
	const watcher = await watch(daemon, { keep: false });
	const { set } = await brightness(daemon);
	const means = [];

	for (const value of [0, 20, 40, 50, 60, 80, 100]) {
		await set(tab, value);
		means.push(await settled(daemon));
	}
	for (let i = 1; i < means.length; i++) {
		assert.ok(means[i] > means[i - 1], `not rising: ${means.map(Math.round)}`);
	}
	assert.ok(means.at(-1) - means[0] > 60, `from ${means[0]} to ${means.at(-1)}`);
	watcher.close();
});

test('the page has the components that others rely on', async t => {
	const daemon = await startVizyd(t);
	const text = await (await fetch(`${daemon.url}/_dash-layout`)).text();
	const found = {};

	JSON.parse(text, (key, value) => {
		if (value?.props?.id) {
			found[value.props.id] = value;
		}
		return value;
	});
	assert.equal(found.brightness?.type, 'Slider');
	assert.equal(found.brightness.props.min, 0);
	assert.equal(found.brightness.props.max, 100);
	assert.equal(found.brightness.props.value, 50);
	assert.equal(found.brightness.props.updatemode, 'drag');
	assert.equal(found.live?.namespace, 'vizyd');
	assert.equal(found.live.type, 'LiveView');
});

test('every control of the page is shared: what one tab sets, another sees', async t => {
	const daemon = await startVizyd(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];
	const { set } = await brightness(daemon);

	assert.notEqual((await set(a, 73)).status, 'error');
	await b.has('brightness', 'value', 73);
	const late = await Tab.open(daemon);

	assert.equal(late.welcome.set.brightness.value, 73);
});

test('what an automatic chooses is shown, and never becomes a wish', async t => {
	const daemon = await startVizyd(t);
	const tab = await Tab.open(daemon);
	const watcher = await watch(daemon, { keep: false });
	const { set } = await brightness(daemon);
	const follows = () => {
		const delivered = /^[\d.]+/.exec(tab.props['exposure-time-delivered']?.children)?.[0];

		return delivered && Number(delivered) === tab.props['exposure-time'].value;
	};

	// While the exposure moves, each edit pushes values of it in the round that the edit began.
	for (const value of [55, 60, 65, 70, 75, 80, 40, 45, 50, 55]) {
		await set(tab, value);
		await sleep(60);
	}
	const before = (await settled(daemon), tab.props['exposure-time'].value);

	await until(follows, { what: () => `the slider to follow: ${JSON.stringify(tab.props)}` });
	await set(tab, 75);
	await until(() => tab.props['exposure-time'].value > before && follows(),
		{ what: () => `the slider to follow: ${JSON.stringify(tab.props)}` });
	watcher.close();
});

test('a brightness that is none is refused and changes nothing', async t => {
	const daemon = await startVizyd(t);
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];
	const { set } = await brightness(daemon);

	await set(a, 60);
	await b.has('brightness', 'value', 60);
	for (const value of [-1, 101, 1e9, 'sixty', null, [60], { value: 60 }, true]) {
		await set(a, value);
	}
	await sleep(300);
	const shown = b.props.brightness.value;

	assert.ok(typeof shown === 'number' && shown >= 0 && shown <= 100, `the others show ${JSON.stringify(shown)}`);
	assert.equal(daemon.status, undefined);
	await set(a, 61);
	await b.has('brightness', 'value', 61);
});

test('real footage plays at its own rate, by its own time stamps', async t => {
	const clips = await footage(t);

	if (!clips) {
		return;
	}
	// Name, seconds a frame, how exact.
	for (const [name, period] of [['balle-jbart.mp4', 0.04], ['Principe_inertie.avi', 0.04], ['vtest.avi', 0.1]]) {
		const daemon = await startVizyd(t, { camera: `file:${clips.find(name)}` });
		const watcher = await watch(daemon, { keep: false });

		await until(() => watcher.pictures.length >= 41, { timeout: 30000, what: `41 pictures of ${name}` });
		const [first, last] = [watcher.pictures[1], watcher.pictures[21]];
		const seconds = Number(last.time_ns - first.time_ns) / 1e9;
		const each = seconds / (last.sequence - first.sequence);

		assert.ok(Math.abs(each - period) < 0.004, `${name}: ${each} s a frame`);
		// A picture may be late where the machine is busy, but none comes before its time.
		const lag = (from, to) => Math.min(...watcher.pictures.slice(from, to).map(({ arrived, time_ns }) => arrived / 1000 - Number(time_ns) / 1e9));
		const drift = lag(21, 41) - lag(1, 21);

		assert.ok(Math.abs(drift) < 0.25, `${name}: after 20 pictures it is ${drift} s behind`);
		watcher.close();
		await daemon.stop();
	}
});

test('footage whose frames are unevenly spaced keeps its time stamps', async t => {
	const clips = await footage(t);

	if (!clips) {
		return;
	}
	const daemon = await startVizyd(t, { camera: `file:${clips.find('balle1-vp9.avi')}` });
	const watcher = await watch(daemon, { keep: false });

	await until(() => watcher.pictures.length >= 60, { timeout: 15000, what: '60 pictures' });
	const { pictures } = watcher;
	const each = pictures.slice(1).map((picture, i) =>
		Number(picture.time_ns - pictures[i].time_ns) / 1e6 / (picture.sequence - pictures[i].sequence)).sort((a, b) => a - b);
	const median = each[each.length >> 1];

	assert.ok(Math.abs(median - 5.3377) < 0.3, `${median} ms a frame`);
	watcher.close();
});

test('a file that is no video: the page lives, the state is told, nothing crashes', async t => {
	const folder = temporaryFolder(t);
	const cases = { 'empty.avi': '', 'text.mp4': 'this is no film\n'.repeat(1000) };

	for (const [name, text] of Object.entries(cases)) {
		writeFileSync(join(folder, name), text);
		const daemon = await startVizyd(t, { camera: `file:${join(folder, name)}` }).catch(error => error);

		if (daemon instanceof Error) {
			assert.match(daemon.message, new RegExp(name), 'refused at the start, with its name');
			continue;
		}
		const { camera } = await until(async () => {
			const status = await daemon.status_page();

			return status.camera.state === 'lost' && status;
		}, { what: 'the state "lost"' });

		assert.equal(camera.state, 'lost');
		assert.equal((await fetch(`${daemon.url}/`)).status, 200);
		assert.equal((await fetch(`${daemon.url}/snapshot.jpg`)).status, 503);
	}
});

test('a video that appears later is found by the retries', async t => {
	const clips = await footage(t);

	if (!clips) {
		return;
	}
	const path = join(temporaryFolder(t), 'later.avi');

	writeFileSync(path, '');
	const daemon = await startVizyd(t, { camera: `file:${path}` }).catch(error => error);

	if (daemon instanceof Error) {
		t.skip('a bad file is refused at the start');
		return;
	}
	const watcher = await watch(daemon, { keep: false });

	await until(() => watcher.states.some(({ state }) => state === 'lost'), { what: 'the state "lost"' });
	copyFileSync(clips.find('Principe_inertie.avi'), path);
	await until(() => watcher.pictures.length > 0, { timeout: 20000, what: 'pictures' });
	await until(() => watcher.states.at(-1).state === 'live', { what: 'the state "live"' });
	watcher.close();
});
