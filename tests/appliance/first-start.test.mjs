// The first start of an image's system, in a folder instead of on a machine: names, and plugs pulled at every step.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import test from 'node:test';

import { temporaryFolder } from '../lib/daemon.mjs';

const scripts = resolve(import.meta.dirname, '../../appliance/usr/lib/vizyd-appliance');
const serial = { 'proc/device-tree/serial-number': '100000002Bc4F07d\0' };
const cards = {
	'sys/class/net/lo/address': '00:00:00:00:00:00\n',
	'sys/class/net/eth0/address': 'dc:a6:32:01:be:EF\n',
	'sys/class/net/eth0/device/uevent': '',
	'sys/class/net/wlan0/address': 'dc:a6:32:01:12:34\n',
	'sys/class/net/wlan0/device/uevent': '',
};
const machine = { 'etc/machine-id': '0123456789abcdef0123456789ab9876\n' };
const fresh = { 'etc/hostname': 'vizy\n', 'etc/hosts': '127.0.0.1 localhost\n127.0.1.1\traspberrypi\n::1 localhost\n' };

function rootOf(t, ...files) {
	const root = temporaryFolder(t);

	for (const [path, text] of Object.entries(Object.assign({}, ...files))) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	mkdirSync(join(root, 'etc'), { recursive: true });
	return { root, read: path => readFileSync(join(root, path), 'utf8'), has: path => existsSync(join(root, path)) };
}

function firstStart({ root }, path = process.env.PATH) {
	return spawnSync('/bin/sh', [join(scripts, 'first-start'), root], { encoding: 'utf8', env: { PATH: path } });
}

const names = [
	['a Pi by its serial number', [serial, cards, machine], 'vizy-f07d'],
	['a serial number of zeros is none', [{ 'proc/device-tree/serial-number': '0000000000000000\0' }, cards, machine], 'vizy-beef'],
	['another machine by its first network card', [cards, machine], 'vizy-beef'],
	['one without by its own number', [machine], 'vizy-9876'],
	['one that nothing is known of keeps its name', [], 'vizy'],
];

for (const [label, known, name] of names) {
	test(`${label}: ${name}`, t => {
		const place = rootOf(t, fresh, ...known);
		const { status, stderr } = firstStart(place);

		assert.equal(status, 0, stderr);
		assert.equal(place.read('etc/hostname'), `${name}\n`);
		if (known.length > 0) {
			assert.equal(stderr, '');
			assert.equal(place.read('etc/hosts'), `127.0.0.1 localhost\n::1 localhost\n127.0.1.1\t${name}\n`);
		} else {
			assert.match(stderr, /No serial number/);
		}
		assert.ok(place.has('var/lib/vizyd-appliance/started'));
	});
}

test('a name that somebody gave stays, and so does all after the first start', t => {
	const place = rootOf(t, fresh, serial, { 'etc/hostname': 'physics-lab\n' });

	assert.equal(firstStart(place).status, 0);
	assert.equal(place.read('etc/hostname'), 'physics-lab\n');
	assert.equal(place.read('etc/hosts'), fresh['etc/hosts']);
	writeFileSync(join(place.root, 'etc/hostname'), 'vizy\n');
	assert.equal(firstStart(place).status, 0);
	assert.equal(place.read('etc/hostname'), 'vizy\n');
});

// sync is where the script knows that something is on the card; this one ends it at the n-th.
function pathWithFailing(t, n) {
	const folder = temporaryFolder(t);
	const count = join(folder, 'count');

	writeFileSync(count, '0');
	writeFileSync(join(folder, 'sync'), `#!/bin/sh\nn=$(($(cat ${count}) + 1))\necho $n >${count}\n[ $n != ${n} ] || exit 1\n`);
	chmodSync(join(folder, 'sync'), 0o755);
	return `${folder}:${process.env.PATH}`;
}

test('a plug that is pulled at any step costs nothing', t => {
	let step = 1;

	for (; ; step++) {
		const place = rootOf(t, fresh, serial);
		const cut = firstStart(place, pathWithFailing(t, step));
		const mark = place.has('var/lib/vizyd-appliance/started');

		// Whole at any time: the old or the new one.
		assert.match(place.read('etc/hostname'), /^vizy(-f07d)?\n$/, `step ${step}`);
		assert.match(place.read('etc/hosts'), /^127\.0\.0\.1 localhost\n/, `step ${step}`);
		if (cut.status === 0) {
			break;
		}
		assert.ok(!mark || place.read('etc/hostname') === 'vizy-f07d\n', `step ${step}: done without a name`);
		assert.equal(firstStart(place).status, 0, `step ${step}`);
		assert.equal(place.read('etc/hostname'), 'vizy-f07d\n', `step ${step}`);
		assert.equal(place.read('etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n127.0.1.1\tvizy-f07d\n', `step ${step}`);
		assert.ok(place.has('var/lib/vizyd-appliance/started'), `step ${step}`);
	}
	assert.ok(step > 4, `only ${step} steps`);
});

test('the scripts are what shellcheck calls clean', t => {
	const { status, stdout, error } = spawnSync('shellcheck', ['first-start', 'ssh-access'], { cwd: scripts, encoding: 'utf8' });

	if (error?.code === 'ENOENT') {
		return t.skip('shellcheck is not installed');
	}
	assert.equal(status, 0, stdout);
});
