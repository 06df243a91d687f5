// Several cameras behind one daemon: who has chosen one shares it with those who have chosen it too.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { measure, snapshot, watch } from '../lib/camera.mjs';
import { ask, byId, choose, startCameras, twoCameras } from '../lib/cameras.mjs';
import { temporaryFolder } from '../lib/daemon.mjs';
import { footage } from '../lib/footage.mjs';
import { get } from '../lib/http.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const device = tab => tab.messages.filter(({ type }) => type === 'device').at(-1)?.device;

test('each tab gets the view and the controls of the camera that it chose', async t => {
	const daemon = await startCameras(t);
	const [bench, window] = [await choose(daemon, 'camera1'), await choose(daemon, 'camera2')];

	for (const [tab, name, text] of [[bench, 'camera1', /Simulated camera[, ]/], [window, 'camera2', /Simulated camera 2[, ]/]]) {
		assert.equal(tab.props['cameras-choice'].value, name);
		assert.equal(tab.props['cameras-live'].camera, name);
		assert.match(tab.props['cameras-status'].children, text);
		const fields = byId(tab.props['cameras-controls'].children);

		assert.equal(fields['cameras-brightness'].value, 50);
		assert.ok(fields['cameras-contrast'] && fields['cameras-exposure-time'] && fields['cameras-reset']);
	}
	const options = byId(JSON.parse(String((await get(daemon, '/_dash-layout')).body)))['cameras-choice'].options;

	assert.deepEqual(options.map(({ label, value, disabled }) => [label, value, disabled]),
		[['Bench', 'camera1', false], ['Window', 'camera2', false]]);
});

test('two of one camera agree, whoever has changed it; the others do not notice', async t => {
	const daemon = await startCameras(t);
	const [a, b, other] = [await choose(daemon, 'camera1'), await choose(daemon, 'camera1'), await choose(daemon, 'camera2')];
	const bright = (await snapshot(daemon.url, 'camera2')).mean;

	await sleep(400);
	const seen = other.history.length;

	for (const [tab, third, value] of [[a, b, 80], [b, a, 20], [a, b, 65]]) {
		await ask(daemon, tab, 'cameras-brightness.value', value);
		await third.has('cameras-brightness', 'value', value);
	}
	await ask(daemon, b, 'cameras-saturation.value', 0);
	await a.has('cameras-saturation', 'value', 0);
	// Also the one who has changed it, once it is at rest.
	await b.has('cameras-saturation', 'value', 0);
	assert.ok(Math.abs((await snapshot(daemon.url, 'camera2')).mean - bright) < 12, 'the other camera has changed');
	assert.deepEqual(other.history.slice(seen).filter(([id]) => /brightness|saturation/.test(id) && !/delivered/.test(id)), []);

	// The others' camera has values of its own.
	await ask(daemon, other, 'cameras-brightness.value', 30);
	await sleep(400);
	assert.equal(a.props['cameras-brightness'].value, 65);
	const late = await choose(daemon, 'camera2');

	assert.equal(byId(late.props['cameras-controls'].children)['cameras-brightness'].value, 30);
});

test('an automatic that is switched off frees its controls in every tab of that camera', async t => {
	const daemon = await startCameras(t);
	const [a, b] = [await choose(daemon, 'camera1'), await choose(daemon, 'camera1')];
	const fields = byId(b.props['cameras-controls'].children);

	assert.equal(fields['cameras-exposure-time'].disabled, true);
	await ask(daemon, a, 'cameras-auto-exposure.value', []);
	await b.has('cameras-exposure-time', 'disabled', false);
	await a.has('cameras-exposure-time', 'disabled', false);
	await ask(daemon, a, 'cameras-reset.n_clicks', 1);
	await b.has('cameras-exposure-time', 'disabled', true);
	await b.has('cameras-auto-exposure', 'value', ['on']);
});

test('several drag one control of one camera at the same time: all end on the last value', async t => {
	const daemon = await startCameras(t);
	const tabs = [await choose(daemon, 'camera1'), await choose(daemon, 'camera1'), await choose(daemon, 'camera1')];
	const { output } = (await dependencies(daemon)).byInput('cameras-brightness.value');

	for (let i = 0; i < 40; i++) {
		tabs.forEach((tab, n) => {
			// What the page itself would show.
			(tab.props['cameras-brightness'] ??= {}).value = (i * 3 + n * 31) % 100;
			tab.post(output, { 'cameras-brightness.value': (i * 3 + n * 31) % 100 });
		});
		await sleep(5);
	}
	await until(() => {
		const values = tabs.map(tab => tab.props['cameras-brightness'].value);

		return values.every(value => value === values[0]);
	}, { what: () => `one value; they are ${tabs.map(tab => tab.props['cameras-brightness'].value)}` });
	await sleep(500);
	const [value, ...others] = tabs.map(tab => tab.props['cameras-brightness'].value);

	assert.deepEqual(others, [value, value]);
	const late = await choose(daemon, 'camera1');

	assert.equal(byId(late.props['cameras-controls'].children)['cameras-brightness'].value, value, 'the camera has another');
});

test('each camera has its pictures, and works only while somebody watches it', async t => {
	const daemon = await startCameras(t);
	const [bench, window] = [await watch(daemon, { camera: 'camera1' }), await watch(daemon, { camera: 'camera2' })];

	await until(() => bench.pictures.length > 5 && window.pictures.length > 5, { what: 'pictures of both' });
	assert.equal(bench.states[0].camera, 'camera1');
	assert.equal(window.states.at(-1).camera, 'camera2');
	assert.match(window.states.at(-1).text, /Simulated camera 2/);
	assert.notDeepEqual(bench.pictures.at(-1).jpeg, window.pictures.at(-1).jpeg);
	assert.deepEqual(Object.keys((await daemon.status_page()).video.cameras).sort(), ['camera1', 'camera2', 'clip', 'main']);
	assert.equal((await daemon.status_page()).video.cameras.main.state, 'stopped');
	bench.close();
	window.close();
	await until(async () => (await daemon.status_page()).video.cameras.camera2.state === 'stopped', { what: 'the end of the second' });

	const { status, body } = await get(daemon, '/snapshot.jpg?camera=camera3');

	assert.equal(status, 404);
	assert.match(String(body), /There is main clip camera1 camera2/);
	await assert.rejects(watch(daemon, { camera: 'camera3' }), { status: 404 });
});

test('the choice is kept when the page is loaded anew, and when the link drops', async t => {
	const daemon = await startCameras(t);
	const tab = await choose(daemon, 'camera2');

	assert.equal(device(tab), 'cameras-camera2');
	await ask(daemon, tab, 'cameras-brightness.value', 77);
	await tab.bye();
	// The same tab with another page in it: ui/link/device.js has kept the name.
	const again = await Tab.open(daemon, { device: device(tab) });

	await again.has('cameras-live', 'camera', 'camera2');
	assert.ok(again.messages.findIndex(({ type }) => type === 'welcome') < again.messages.findIndex(({ set }) => set?.['cameras-live']));
	assert.equal(byId(again.props['cameras-controls'].children)['cameras-brightness'].value, 77);

	const other = await choose(daemon, 'camera2');

	await again.drop();
	await ask(daemon, other, 'cameras-brightness.value', 11);
	const back = new Tab(daemon, { id: again.id });

	await back.connect();
	back.send({ type: 'hello', rendererId: back.id, payload: { link: 1, layout: tab.layout, boot: again.welcome.boot } });
	await back.has('cameras-live', 'camera', 'camera2');
	assert.equal(byId(back.props['cameras-controls'].children)['cameras-brightness'].value, 11);
});

test('what was set is kept for each camera over a restart', async t => {
	const stateDir = temporaryFolder(t);
	const first = await startCameras(t, { stateDir });

	await ask(first, await choose(first, 'camera1'), 'cameras-brightness.value', 90);
	await ask(first, await choose(first, 'camera2'), 'cameras-contrast.value', 2);
	await first.stop();

	const second = await startCameras(t, { stateDir });
	const [bench, window] = [await choose(second, 'camera1'), await choose(second, 'camera2')];

	assert.equal(byId(bench.props['cameras-controls'].children)['cameras-brightness'].value, 90);
	assert.equal(byId(window.props['cameras-controls'].children)['cameras-brightness'].value, 50);
	assert.equal(byId(window.props['cameras-controls'].children)['cameras-contrast'].value, 2);
});

test('a camera that goes is seen to go, and one may choose again; it comes back by itself', async t => {
	const folder = temporaryFolder(t);
	const film = join(folder, 'film.avi');

	const videos = await footage(t);

	if (!videos) {
		return;
	}
	copyFileSync(videos.find('vtest.avi'), film);
	const daemon = await startCameras(t, { section: ['camera1 = simulated', `camera2 = file:${film}`, 'camera2_title = Film'] });
	const [a, b, other] = [await choose(daemon, 'camera2'), await choose(daemon, 'camera2'), await choose(daemon, 'camera1')];
	const watcher = await watch(daemon, { camera: 'camera2', keep: false });
	const isGone = tab => /Film is not there/.test(JSON.stringify(tab.props['cameras-controls'].children));

	await until(() => watcher.pictures.length > 3);
	// As good as unplugged: from here on there is nothing in it.
	truncateSync(film);
	await until(() => isGone(a) && isGone(b), { timeout: 60000, what: 'both to be told' });
	assert.equal(watcher.states.at(-1).state, 'lost');
	assert.ok(!isGone(other));
	await until(() => other.props['cameras-choice']?.options?.[1]?.disabled === true, { what: 'the list' });
	assert.equal(other.props['cameras-choice'].options[1].label, 'Film (not there)');
	const refused = await ask(daemon, a, 'cameras-brightness.value', 10);

	assert.match(JSON.stringify(refused), /Choose a camera first/);
	assert.match(JSON.stringify(await ask(daemon, other, 'cameras-choice.value', 'camera2')), /Film is not there/);
	// One chooses another, one waits.
	await ask(daemon, a, 'cameras-choice.value', 'camera1');
	await a.has('cameras-live', 'camera', 'camera1');
	copyFileSync(videos.find('vtest.avi'), film);
	await until(() => byId(b.props['cameras-controls'].children)['cameras-brightness'], { timeout: 15000, what: 'the film to come back' });
	assert.equal(a.props['cameras-live'].camera, 'camera1');
	watcher.close();
});

test('where one must log in, only who has sees what a camera is set to', async t => {
	const hash = execFileSync('openssl', ['passwd', '-5', 'lovelace']).toString().trim();
	const daemon = await startCameras(t, { load: 'login cameras', section: [...twoCameras, '[plugin login]', 'required = yes', `user_ada = guest ${hash}`] });
	const spec = (await dependencies(daemon)).byInput('login-in.n_clicks');
	const inputs = Object.fromEntries(spec.inputs.map(({ id, property }) => [`${id}.${property}`, 1]));
	const state = Object.fromEntries(spec.state.map(({ id, property }) => [`${id}.${property}`, /user/.test(id) ? 'ada' : 'lovelace']));
	// Both bring the choice along, as a page does that is loaded anew.
	const [ada, stranger] = [await Tab.open(daemon, { device: 'cameras-camera1' }), await Tab.open(daemon, { device: 'cameras-camera1' })];

	await ada.call(spec.output, inputs, { changed: ['login-in.n_clicks'], state });
	await ada.has('cameras-live', 'camera', 'camera1');
	await ask(daemon, ada, 'cameras-contrast.value', 2);
	const colleague = await Tab.open(daemon, { device: 'cameras-camera1' });

	await colleague.call(spec.output, inputs, { changed: ['login-in.n_clicks'], state });
	await until(() => byId(colleague.props['cameras-controls']?.children)['cameras-contrast']?.value === 2, { what: 'the colleague to see it' });
	await ask(daemon, colleague, 'cameras-contrast.value', 3);
	await ada.has('cameras-contrast', 'value', 3);
	assert.equal((await ask(daemon, stranger, 'cameras-contrast.value', 1)).status, 'error');
	await sleep(300);
	assert.doesNotMatch(JSON.stringify(stranger.messages), /cameras-(contrast|brightness)"|camera1/);
});

test('loaded anew from the page while everybody works: the tabs come back to their cameras', async t => {
	const daemon = await startCameras(t);
	const [bench, window] = [await choose(daemon, 'camera1'), await choose(daemon, 'camera2')];
	const watchers = [await watch(daemon, { camera: 'camera1', keep: false }), await watch(daemon, { camera: 'camera2', keep: false })];
	const { output } = (await dependencies(daemon)).byInput('cameras-brightness.value');

	await until(() => watchers.every(({ pictures }) => pictures.length > 3));
	await ask(daemon, window, 'cameras-brightness.value', 72);
	for (let i = 0; i < 3; i++) {
		const n = [...daemon.stderr.matchAll(/cameras (1\.0 )?is loaded/g)].length;

		await ask(daemon, bench, 'system-cameras-reload.n_clicks', i + 1);
		for (let value = 0; value < 20; value++) {
			bench.post(output, { 'cameras-brightness.value': 10 + value });
		}
		await until(() => [...daemon.stderr.matchAll(/cameras (1\.0 )?is loaded/g)].length > n, { what: 'the plugin to be loaded anew' });
	}
	for (const { socket } of watchers) {
		assert.equal((await socket.closed).code, 1001);
	}
	await until(() => bench.messages.some(({ type }) => type === 'reload'), { what: 'the word to load the page anew' });
	await window.bye();

	const again = await Tab.open(daemon, { device: device(window) });

	await again.has('cameras-live', 'camera', 'camera2');
	assert.equal(byId(again.props['cameras-controls'].children)['cameras-brightness'].value, 72);
	const watcher = await watch(daemon, { camera: 'camera2' });

	await until(() => watcher.pictures.length > 3, { what: 'pictures' });
	watcher.close();
});

test('what is wrong in the configuration is said, and the daemon goes on', async t => {
	for (const [section, says] of [
		[['camera1 = usb'], /camera1 = usb: .*expected auto, simulated\[:1-99\], file:PATH or libcamera\[:ID\]/],
		[['camera1_title = Bench'], /camera1_title: there is no camera1/],
		[['colour = red'], /colour: expected camera1, camera1_title/],
		[['camera1 = simulated', 'fps = fast'], /fps = fast: expected a number from 0 to 1000/],
	]) {
		const daemon = await startCameras(t, { section });

		assert.match(daemon.stderr, says);
		assert.equal((await get(daemon, '/snapshot.jpg')).status, 200);
		assert.doesNotMatch(String((await get(daemon, '/_dash-layout')).body), /cameras-choice/);
		await daemon.stop();
	}
});

test('nonsense from a tab is answered and changes nothing', async t => {
	const daemon = await startCameras(t);
	const tab = await choose(daemon, 'camera1');
	const nobody = await Tab.open(daemon);

	for (const [name, value, says] of [
		['cameras-choice.value', 'camera9', /There is no camera 'camera9'/],
		['cameras-choice.value', 7, /expected a text/],
		['cameras-brightness.value', 'light', /expected a number from 0 to 100/],
		['cameras-contrast.value', [], /cameras-contrast: expected a number from 0 to 4/],
		['cameras-focus-mode.value', 1, /has no control cameras-focus-mode/],
	]) {
		assert.match(JSON.stringify(await ask(daemon, tab, name, value)), says);
	}
	assert.match(JSON.stringify(await ask(daemon, nobody, 'cameras-brightness.value', 7)), /Choose a camera first/);
	assert.equal(tab.props['cameras-live'].camera, 'camera1');
	assert.ok(measure((await get(daemon, '/snapshot.jpg?camera=camera1')).body).width > 0);
});
