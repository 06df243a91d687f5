// The examples of plugins/ on the wire: what a browser would not send, and being loaded anew.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';

import { build } from '../lib/daemon.mjs';
import { served, startExamples } from '../lib/example.mjs';
import { startWithPlugins } from '../lib/plugins.mjs';
import { dependencies, post, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const folder = join(build, 'plugins');
const names = ['sharing', 'effects', 'thermostat', 'thermostat-clientside', 'login', 'roles', 'robots'];
const start = (t, load) => startWithPlugins(t, { folder, load: load.join(' ') });

/** Calls the callback that listens to the first of `inputs`. */
async function ask(daemon, tab, inputs, options) {
	const { output, websocket } = (await dependencies(daemon)).byInput(Object.keys(inputs)[0]);

	if (websocket) {
		return tab.call(output, inputs, options);
	}
	const { status, text, data } = await post(daemon, output, inputs, { id: tab.id, ...options });

	return status < 400 ? { status: 'ok', data } : { status: 'error', message: text };
}

const drive = (daemon, tab, button) => ask(daemon, tab,
	{ 'robots-left.n_clicks': 1, 'robots-right.n_clicks': 1, 'robots-to.value': 50 }, { changed: [`robots-${button}.n_clicks`] });
const choose = (daemon, tab, robot) => ask(daemon, tab, { 'robots-choice.value': robot });
const at = tab => Number(/(\d+) cm/.exec(tab.props['robots-says']?.children)?.[1]);

test('values of another kind are answered with what was expected', async t => {
	const daemon = await start(t, names);
	const tab = await Tab.open(daemon);
	const cases = [
		[{ 'sharing-slider.value': 101 }, /expected a number from 0 to 100, got 101/],
		[{ 'sharing-my-slider.value': 'half' }, /expected a number from 0 to 100, got string/],
		[{ 'sharing-text.value': 7 }, /expected a text, got int/],
		[{ 'effects-text.value': 'ü'.repeat(101) }, /expected a text of at most 200 bytes, got 202/],
		[{ 'effects-slider.value': null }, /expected a number from 0 to 100, got null/],
		[{ 'effects-my-text.value': {} }, /expected a text, got object/],
		[{ 'thermostat-target.value': 9.5 }, /expected a number from 10 to 28, got 9.5/],
		[{ 'thermostat-clientside-target.value': true }, /expected a number from 10 to 28, got boolean/],
		[{ 'robots-choice.value': 'green' }, /There is no robot "green"/],
	];

	for (const [inputs, wanted] of cases) {
		const answer = await ask(daemon, tab, inputs);

		assert.equal(answer.status, 'error', JSON.stringify(inputs));
		assert.match(JSON.stringify(answer).replaceAll('\\"', '"'), wanted);
	}
	const { output } = (await dependencies(daemon)).byInput('login-in.n_clicks');
	const answer = await tab.call(output, { 'login-in.n_clicks': 1, 'login-password.n_submit': null },
		{ changed: ['login-in.n_clicks'], state: { 'login-user.value': ['ada'], 'login-password.value': 'x' } });

	assert.equal(answer.status, 'error');
	assert.match(JSON.stringify(answer), /State 0: expected a text, got array/);
});

test('thermostat: a curve that is long enough loses its oldest point for each new one', async t => {
	const daemon = await startExamples(t, ['thermostat'], '[plugin thermostat]\npoints = 3\n');
	const tab = await Tab.open(daemon);
	const patches = () => tab.values('thermostat-graph', 'figure').length;
	let line;

	await until(async () => patches() >= 6, { what: () => `six Patches, it had ${patches()}` });
	({ data: [line] } = await served(daemon, 'thermostat-graph', 'figure'));
	assert.equal(line.x.length, 3);
	assert.equal(line.y.length, 3);
	assert.ok(line.x[0] >= 2 && line.x[2] === line.x[0] + 1, `${line.x}`);
	assert.ok(line.y[0] > 13 && line.y[2] > line.y[0], `${line.y}`);
});

test('thermostat: a configuration that makes no sense is refused in words', async t => {
	const daemon = await startExamples(t, ['thermostat'], '[plugin thermostat]\npoints = many\n');

	assert.match(daemon.stderr, /thermostat: points: expected a number from 2 to 10000, got many/);
	assert.equal(await served(daemon, 'thermostat-graph', 'figure'), undefined);
});

test('robots: two drive at the same time, two drivers of one after the other', async t => {
	const daemon = await start(t, ['robots']);
	const tabs = [await Tab.open(daemon), await Tab.open(daemon), await Tab.open(daemon)];

	await Promise.all(['robots-red', 'robots-red', 'robots-blue'].map((robot, i) => choose(daemon, tabs[i], robot)));
	assert.deepEqual(tabs.map(at), [20, 20, 80]);
	const began = performance.now();
	const ended = await Promise.all(tabs.map(async tab => {
		const { status } = await drive(daemon, tab, 'right');

		assert.notEqual(status, 'error');
		return performance.now() - began;
	}));

	await until(() => tabs.map(at).join() === '40,40,90', { what: () => `40, 40 and 90; ${tabs.map(at)}` });
	// Ten steps take 0.2 s: the second driver of the red one waits for the first, the blue one does not.
	const [first, second] = ended.slice(0, 2).sort((a, b) => a - b);

	assert.ok(second - first > 180, `${ended}`);
	assert.ok(second > 390, `${ended}`);
	assert.ok(ended[2] < second, `${ended}`);
});

test('robots beside cameras: who takes a camera has no robot any more, and the other way round', async t => {
	const daemon = await startExamples(t, ['robots', 'cameras'], '[plugin cameras]\ncamera1 = simulated:1\n');
	const tab = await Tab.open(daemon);

	assert.equal((await choose(daemon, tab, 'camera1')).status, 'error');
	await choose(daemon, tab, 'robots-red');
	await tab.has('robots-choice', 'value', 'robots-red');
	await ask(daemon, tab, { 'cameras-choice.value': 'camera1' });
	await tab.has('robots-choice', 'value', null);
	assert.equal(tab.props['robots-says'].children, 'Choose a robot.');
	assert.match(JSON.stringify(await drive(daemon, tab, 'left')), /Choose a robot first/);
	await choose(daemon, tab, 'robots-blue');
	await drive(daemon, tab, 'left');
	assert.equal(at(tab), 70);
});

test('each is loaded anew from the page, also in the middle of its work', { timeout: 60000 }, async t => {
	const daemon = await start(t, names);
	const admin = await Tab.open(daemon);
	const driver = await Tab.open(daemon);

	await choose(daemon, driver, 'robots-red');
	for (const name of names) {
		const loads = () => daemon.stderr.split(`${name} 1.0 is loaded`).length - 1;
		const driving = drive(daemon, driver, name.length % 2 ? 'left' : 'right');

		assert.equal(loads(), 1, name);
		await sleep(50);
		await ask(daemon, admin, { [`system-${name}-reload.n_clicks`]: 1 });
		await until(() => loads() === 2, { what: `${name} to be loaded again` });
		await driving;
	}
	// The robots are there again, once, and as they were built.
	const late = await Tab.open(daemon);

	await choose(daemon, late, 'robots-blue');
	assert.equal(at(late), 80);
	assert.doesNotMatch(daemon.stderr, /failed to load|cannot/i);
});
