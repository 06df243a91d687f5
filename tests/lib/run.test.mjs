// scripts/run on the tree as it is: builds, starts, tells where to look.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import test from 'node:test';

import { temporaryFolder } from './daemon.mjs';
import { until } from './wait.mjs';

const script = resolve(new URL('.', import.meta.url).pathname, '../../scripts/run');

test('scripts/run builds, starts and serves the page', { timeout: 580000 }, async t => {
	let stdout = '';
	let stderr = '';
	let ended = null;
	const child = spawn(script, ['--listen', '127.0.0.1:0', '--camera', 'simulated', '--state-dir', temporaryFolder(t)],
		{ stdio: ['ignore', 'pipe', 'pipe'] });

	child.stdout.on('data', data => { stdout += data; });
	child.stderr.on('data', data => { stderr += data; });
	child.on('close', code => { ended = code; });
	t.after(() => child.kill('SIGKILL'));
	await until(() => stdout.includes('\n') || ended !== null, { timeout: 560000, what: 'the address' });
	const url = /^listening on (http:\S+)/.exec(stdout)?.[1];

	assert.ok(url, stdout + stderr.slice(-3000));
	assert.match(await (await fetch(url)).text(), /react-entry-point/);
	const picture = await fetch(new URL('/snapshot.jpg', url));

	assert.equal(picture.headers.get('content-type'), 'image/jpeg');
	// The daemon takes the place of the script: a signal to one ends the other.
	child.kill('SIGTERM');
	await until(() => ended !== null, { timeout: 3000, what: 'the end' });
	assert.equal(ended, 0);
});
