// The benchmarks build and run. Their figures mean nothing here: scripts/bench takes them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { build, temporaryFolder } from '../lib/daemon.mjs';

const execute = promisify(execFile);
const script = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../bench/run.mjs');

test('each tool of the benchmarks measures something', { timeout: 170000 }, async t => {
	const json = join(temporaryFolder(t), 'figures.json');

	await execute('ninja', ['-C', build, 'bench-tools']);
	const { stdout } = await execute(process.execPath, [script, '--quick', '--json', json, 'round-trip', 'order', 'start', 'numbers', 'stuck', 'jpeg']);
	const { results } = JSON.parse(readFileSync(json, 'utf8'));
	const by = title => results.find(result => result.title.startsWith(title));

	assert.ok(by('callback round trip p50').ours > 0, stdout);
	assert.ok(by('callback round trip p50').floor > 0, stdout);
	assert.ok(by('start').ours > 0, stdout);
	assert.ok(by('JPEG').ours > 0, stdout);
	assert.ok(by('pictures of live viewers').ours > 0, stdout);
	assert.equal(by('answers out of order').ours, 0);
	assert.equal(by('shared values out of order').ours, 0);
});

test('a benchmark that does not exist is refused with the names of those that do', async () => {
	await assert.rejects(execute(process.execPath, [script, 'speed']), error => {
		assert.match(error.stderr, /no benchmark speed\. Names: round-trip /);
		return true;
	});
});
