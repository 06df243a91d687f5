// The example plugin in the real daemon, and what --list-plugins says of it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';

import { build, run, startVizyd, vizyd } from '../lib/daemon.mjs';
import { dependencies, post, Tab } from '../lib/tab.mjs';

const env = { VIZYD_PLUGIN_DIR: join(build, 'plugins') };

test('a slider for everybody and one for each', async t => {
	const daemon = await startVizyd(t, { env, args: ['--load', 'example'] });
	const [a, b] = [await Tab.open(daemon), await Tab.open(daemon)];

	// Its initial call has been made: the page comes with today's values.
	assert.match(await (await fetch(`${daemon.url}/_dash-layout`)).text(), /Everybody's value: 50/);
	await a.call('example-shared-text.children', { 'example-shared.value': 7 });
	await b.has('example-shared', 'value', 7);
	await b.has('example-shared-text', 'children', "Everybody's value: 7");

	const own = await post(daemon, 'example-own-text.children', { 'example-own.value': 8 }, { id: a.id });
	assert.equal(own.data.response['example-own-text'].children, 'Your own value: 8');
	assert.deepEqual(b.values('example-own-text', 'children'), []);

	const bad = await a.call('example-shared-text.children', { 'example-shared.value': 'many' });
	assert.equal(bad.status, 'error');
	assert.match(JSON.stringify(bad), /expected a number from 0 to 100, got string/);
});

test('without plugins the page has no tab of one', async t => {
	const daemon = await startVizyd(t, { env });

	assert.doesNotMatch(await (await fetch(`${daemon.url}/_dash-layout`)).text(), /"example/i);
	assert.ok(!(await dependencies(daemon)).byInput('example-shared.value'));
});

test('--list-plugins', async () => {
	const { code, stdout } = await run(vizyd, ['--list-plugins', '--load', 'example nothing?optional'], { env });

	assert.equal(code, 0);
	assert.match(stdout, /^example\tabi \d+\t1\.0\tA slider .*\t\/.*\/example\.so\tloaded$/m);
	assert.match(stdout, /^nothing\t.*\/nothing\.so\tmissing, optional$/m);
});
