// GPIO lines: a button does what a click does, an output follows the page, and what the
// configuration has wrong. The lines are simulated and are pressed from their panel.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { dependencies, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const page = async daemon => (await fetch(`${daemon.url}/_dash-layout`)).text();
const lines = async daemon => (await daemon.status_page()).lines;

/** The daemon with these sections; the file is `daemon.config`. */
async function startWithLines(t, text) {
	const config = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(config, text);
	const daemon = await startVizyd(t, { args: ['--config', config] });

	daemon.config = config;
	return daemon;
}

/** Uses a button of the panel, as `tab`. */
async function use(daemon, tab, line, word) {
	const input = `gpio-${line}-${word}.n_clicks`;

	return tab.call((await dependencies(daemon)).byInput(input).output, { [input]: 1 });
}

test('a press does what a click does: the callback runs, and every tab sees what it sets', async t => {
	const daemon = await startWithLines(t, [
		'[gpio button]', 'chip = simulated', 'press = reset.n_clicks',
		'[gpio bright]', 'chip = simulated', 'press = brightness.value 70',
	].join('\n'));
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	await use(daemon, a, 'bright', 'press');
	for (const tab of [a, b]) {
		await tab.has('brightness', 'value', 70);
	}
	// The reset puts the brightness back to its default: its callback has run.

	await use(daemon, a, 'button', 'press');
	for (const tab of [a, b]) {
		await until(() => tab.props.brightness.value !== 70, { what: 'the brightness to be reset' });
		await tab.has('reset', 'n_clicks', 1);
	}
	await until(async () => (await lines(daemon)).button.edges === 2, { what: 'the release' });
	await use(daemon, a, 'button', 'press');
	for (const tab of [a, b]) {
		await tab.has('reset', 'n_clicks', 2);
	}
	await until(async () => (await lines(daemon)).button.edges === 4, { what: 'the second release' });
	const { gestures, ...button } = (await lines(daemon)).button;

	assert.deepEqual(button, { state: 'open', active: false, edges: 4, lost: 0, drops: 0 });
	assert.ok(gestures >= 4, 'two presses, two releases, and a double if this was quick');
});

test('release, long press and mods', async t => {
	const daemon = await startWithLines(t, [
		'[gpio button]', 'chip = simulated', 'long-press-us = 300000', 'debounce-us = 0',
		'press = contrast.value 1.1', 'release = contrast.value 1.3',
		'long-press = {"saturation": {"value": 1.2}, "gpio-note": {"children": "long"}}',
	].join('\n'));
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	await use(daemon, a, 'button', 'hold');
	await b.has('contrast', 'value', 1.1);
	await b.has('saturation', 'value', 1.2);
	await b.has('gpio-note', 'children', 'long');
	await b.has('gpio-button-level', 'className', 'vz-level vz-level-active');
	await use(daemon, a, 'button', 'hold');
	await b.has('contrast', 'value', 1.3);
	await b.has('gpio-button-level', 'className', 'vz-level');
	await until(() => /^inactive; 2 edges, 0 lost; release at \d\d:\d\d:\d\d\.\d{3}$/.test(b.props['gpio-button-state']?.children),
		{ what: () => `the state; it is ${b.props['gpio-button-state']?.children}` });
});

test('mods for several controls of the camera all reach it', async t => {
	const daemon = await startWithLines(t, [
		'[gpio button]', 'chip = simulated', 'debounce-us = 0',
		'press = {"saturation": {"value": 1.2}, "brightness": {"value": 70}, "frame-rate": {"value": 25}}',
		'[gpio back]', 'chip = simulated', 'debounce-us = 0', 'press = reset.n_clicks',
	].join('\n'));
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];
	const shown = () => ['saturation', 'brightness', 'frame-rate'].map(id => b.props[id]?.value);

	for (let i = 0; i < 3; i++) {
		await use(daemon, a, 'button', 'press');
		await until(async () => (await daemon.status_page()).camera.brightness === 70, { what: 'the brightness in the camera' });
		await sleep(300);
		assert.deepEqual(shown(), [1.2, 70, 25]);
		await use(daemon, a, 'back', 'press');
		await until(async () => (await daemon.status_page()).camera.brightness === 50, { what: 'the reset' });
		await until(() => shown().join() === '1,50,30', { what: () => `all to be back: ${shown()}` });
	}
});

test('an output follows a property, and is held from the page', async t => {
	const daemon = await startWithLines(t, [
		'[gpio red]', 'chip = simulated', 'direction = output', 'follows = brightness.value',
		'values = {"70": "on", "33": "blink"}',
	].join('\n'));
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];
	// As a browser does: one request for each callback that has this Input.
	const listeners = (await (await fetch(`${daemon.url}/_dash-dependencies`)).json())
		.filter(({ inputs }) => inputs.some(({ id, property }) => `${id}.${property}` === 'brightness.value'));
	const set = value => Promise.all(listeners.map(({ output }) => a.call(output, { 'brightness.value': value })));
	const shows = text => b.has('gpio-red-state', 'children', text);

	assert.match(await page(daemon), /"gpio-red-state"[^}]*"shows: off"/);
	await set(70);
	await shows('shows: on');
	assert.equal((await lines(daemon)).red.active, true);
	await set(33);
	await shows('shows: blink');
	const seen = new Set();

	await until(async () => seen.add((await lines(daemon)).red.active).size === 2, { what: 'both levels' });
	await use(daemon, a, 'red', 'off');
	await shows('held: off');
	await set(70);
	await sleep(300);
	assert.equal((await lines(daemon)).red.active, false);
	await use(daemon, a, 'red', 'auto');
	await shows('shows: on');
	assert.equal((await lines(daemon)).red.active, true);
});

test('what is wrong disables its line, and says where and what was expected', async t => {
	const daemon = await startWithLines(t, [
		'[gpio good]', 'chip = simulated', // 1, 2
		'[gpio bias]', 'chip = simulated', 'bias = up', // 3, 4, 5
		'[gpio offset]', 'line = 17', // 6, 7
		'[gpio key]', 'chip = simulated', 'pres = a.n_clicks', // 8, 9, 10
		'[gpio a.b]', 'chip = simulated', // 11, 12
		'[gpio absent]', 'line = no such line', // 13, 14
	].join('\n'));
	const expected = {
		bias: `${daemon.config}:5: [gpio bias] bias: expected as-is, disabled, pull-up or pull-down, found 'up'`,
		offset: `${daemon.config}:7: [gpio offset] chip: expected a chip's label, name or path, since the line is an offset`,
		key: `${daemon.config}:10: [gpio key] has no key 'pres'`,
	};
	const text = await page(daemon);

	for (const [name, error] of Object.entries(expected)) {
		assert.ok(text.includes(`disabled: ${error}`), `${name} on the page: ${error}`);
		assert.ok(daemon.stderr.includes(`${error}; the line is disabled`), `${name} in the log`);
	}
	assert.match(daemon.stderr, /:12: \[gpio a\.b\]: expected a name of 1 to 32 letters/);
	const states = Object.fromEntries(Object.entries(await lines(daemon)).map(([name, { state }]) => [name, state]));

	assert.deepEqual(states, { good: 'open', bias: 'disabled', offset: 'disabled', key: 'disabled', absent: 'missing' });
});

test('a press for what is not on the page says so, and does no harm', async t => {
	const daemon = await startWithLines(t, '[gpio button]\nchip = simulated\npress = nowhere.n_clicks\n');
	const a = await Tab.open(daemon);

	await use(daemon, a, 'button', 'press');
	await until(() => a.props['gpio-button-state']?.children.endsWith('; press: nowhere is not on the page'),
		{ what: () => `the note; it is ${a.props['gpio-button-state']?.children}` });
	assert.match(daemon.stderr, /button: press: nowhere is not on the page/);
});

test('an output that follows what is not on the page says so', async t => {
	const daemon = await startWithLines(t, [
		'[gpio red]', 'chip = simulated', 'direction = output', 'follows = nowhere.value',
		'[gpio green]', 'chip = simulated', 'direction = output', 'follows = brightness.value',
	].join('\n'));
	const a = await Tab.open(daemon);

	await until(() => a.props['gpio-red-state']?.children.endsWith('; follows: nowhere is not on the page'),
		{ what: () => `the note; it is ${a.props['gpio-red-state']?.children}` });
	assert.equal(daemon.stderr.match(/red: follows: nowhere is not on the page/g).length, 1);
	assert.doesNotMatch(daemon.stderr, /green: follows/);
});

test('who is no administrator moves nothing', async t => {
	const daemon = await startWithLines(t, [
		'[server]', 'admin = nobody',
		'[gpio button]', 'chip = simulated', '[gpio red]', 'chip = simulated', 'direction = output',
	].join('\n'));
	const a = await Tab.open(daemon);

	await use(daemon, a, 'button', 'press');
	await a.has('refused', 'children', 'Only a user with the role “admin” may do that.');
	await use(daemon, a, 'red', 'on');
	await until(() => a.values('refused', 'children').length === 2, { what: 'the word about the second' });
	await sleep(300);
	const { button, red } = await lines(daemon);

	assert.deepEqual([button.edges, red.active], [0, false]);
});

test('without lines there is no tab', async t => {
	const daemon = await startVizyd(t);

	assert.doesNotMatch(await page(daemon), /gpio-note/);
	assert.deepEqual(await lines(daemon), {});
});
