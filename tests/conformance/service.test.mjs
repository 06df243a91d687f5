// The daemon as a service: its sample configuration, and who may use a state folder.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'node:test';

import { run, startVizyd, temporaryFolder, uiDir, vizyd } from '../lib/daemon.mjs';
import { Tab } from '../lib/tab.mjs';

const root = resolve(import.meta.dirname, '../..');

test('the sample in systemd/vizyd.conf is what --sample-config prints, and is understood', async t => {
	const { code, stdout, stderr } = await run(vizyd, ['--sample-config']);
	const file = join(temporaryFolder(t), 'vizyd.conf');

	assert.equal(code, 0, stderr);
	assert.equal(readFileSync(join(root, 'systemd/vizyd.conf'), 'utf8'), stdout,
		'renew it: vizyd --sample-config >systemd/vizyd.conf');
	for (const line of stdout.split('\n')) {
		assert.ok(line.length < 199, `too long for a configuration: ${line}`);
	}
	// The keys with a default, as they stand there, are what is the case without them.
	writeFileSync(file, stdout.replace(/\n# A GPIO line[^]*/, '\n').replace(/^#(\w+ = .+)$/gm, '$1')
		.replace(/^(allowed_origin|load) .*/gm, ''));
	const checked = await run(vizyd, ['--check-config', '--config', file]);

	assert.equal(checked.stderr, '');
	// That somebody said an address makes a difference, even when it is the same.
	assert.equal(checked.stdout, '[server] listen: takes effect at a reload\n');
});

test('a second daemon on the same state folder is refused with a sentence, and harms nothing', async t => {
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { stateDir });
	const { code, stderr } = await run(vizyd, [
		'--listen', '127.0.0.1:0', '--ui-dir', uiDir, '--state-dir', stateDir, '--camera', 'simulated',
	]);

	assert.ok(code > 0, `ended with ${code}`);
	assert.match(stderr, /Another vizyd.* has the state folder/);
	assert.ok(stderr.includes(stateDir), stderr);
	assert.ok(stderr.includes(`(process ${daemon.pid})`) || !existsSync('/proc/locks'), stderr);
	await Tab.open(daemon);
	// It is free with the end of who had it, also when that was no good one.
	await daemon.kill();
	await startVizyd(t, { stateDir });
});

test('a state of a newer vizyd is kept under another name, and named', async t => {
	const stateDir = join(temporaryFolder(t), 'state');
	const newer = '{"version":99,"camera simulated Simulated camera":{"brightness":70}}';

	mkdirSync(stateDir);
	writeFileSync(join(stateDir, 'state.json'), newer);
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);

	assert.equal(tab.welcome.set.brightness?.value ?? 50, 50);
	assert.match(daemon.stderr, /state\.json is of a newer vizyd \(version 99, .*\): kept as state\.json\.version-99/);
	assert.equal(readFileSync(join(stateDir, 'state.json.version-99'), 'utf8'), newer);
});
