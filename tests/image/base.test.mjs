// scripts/image --base: what is no image of a card is said to be none, and on one that is, here the image itself,
// everything that is not vizyd's stays what and whose it was.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

import { Board } from './board.mjs';
import { Card, imageFile, tool } from './card.mjs';

const root = resolve(import.meta.dirname, '../..');
let folder, made, board, card;

before(() => {
	folder = mkdtempSync(join(tmpdir(), 'vizyd-base-'));
	made = join(folder, 'made.img');
});
after(async () => {
	await board?.cut();
	card?.remove();
	rmSync(folder, { recursive: true, force: true });
});

function image(...args) {
	return spawnSync(join(root, 'scripts/image'), args, { encoding: 'utf8', maxBuffer: 1 << 26 });
}

function file(name, content) {
	const path = join(folder, name);

	writeFileSync(path, content);
	return path;
}

function cutOff() {
	const path = join(folder, 'cut.img');

	tool('cp', '--sparse=always', imageFile, path);
	truncateSync(path, 700 << 20);
	return path;
}

/** A table with `parts`, and nothing in the partitions. */
function empty(name, table) {
	const path = file(name, '');

	truncateSync(path, 64 << 20);
	const { status, stderr } = spawnSync('/usr/sbin/sfdisk', ['-q', path], { input: table, encoding: 'utf8' });

	assert.equal(status, 0, stderr);
	return path;
}

/** One that xz began to write. */
function cutArchive() {
	const { stdout } = spawnSync('xz', ['--stdout', '-0'], { input: Buffer.alloc(1 << 20, 'vizyd'), maxBuffer: 1 << 24 });

	return file('cut.img.xz', stdout.subarray(0, stdout.length - 40));
}

const wrong = [
	['a file that is not there', () => join(folder, 'nothing.img'), /nothing\.img: there is no such file/],
	['a text', () => file('page.img', '<html>404 Not Found</html>\n'), /page\.img: no table of partitions: expected the image of an SD card/],
	['a zip archive', () => file('raspios.zip', Buffer.from('504b0304140000', 'hex')), /zip archive; unpack it/],
	['an image that is cut off', cutOff, /cut\.img: cut off: its partitions end at \d+ MiB, the file at 700 MiB/],
	['an archive that is cut off', cutArchive, /cut\.img\.xz: cannot be unpacked \(.*\); download it again/],
	['a disk of another kind', () => empty('gpt.img', 'label: gpt\n,,L\n'), /expected two partitions, of FAT and Linux/],
	['a card without file systems', () => empty('empty.img', 'label: dos\n1MiB,8MiB,c\n9MiB,40MiB,83\n'), /no ext4 file system that is whole/],
];

for (const [label, make, message] of wrong) {
	test(`${label} is refused, and says so`, () => {
		const { status, stderr } = image('--base', make(), '--out', made);

		assert.equal(status, 1, stderr);
		assert.match(stderr, message);
		assert.ok(!existsSync(made) && !existsSync(`${made}.part`));
	});
}

test('an image as the base gets the packages for its own libcamera', t => {
	const since = Date.now();
	const { status, stdout, stderr } = image('--base', imageFile, '--out', made);

	assert.equal(status, 0, `${stdout}${stderr}`.slice(-3000));
	assert.match(stdout, /Its libcamera: 0\.\d+/);
	assert.ok(statSync(made).size >= statSync(imageFile).size);
	t.diagnostic(`${Math.round((Date.now() - since) / 1000)} s`);
});

/** What debugfs says of a file of the second partition. */
function about(path, name, start) {
	const part = join(folder, 'part.ext4');

	if (about.of !== path) {
		tool('dd', `if=${path}`, `of=${part}`, 'bs=1M', `skip=${start * 512 / (1 << 20)}`, 'conv=sparse', 'status=none');
		about.of = path;
	}
	return tool('debugfs', '-R', name, part);
}

test('what was there has kept its numbers, its owners and its rights', () => {
	const tables = [imageFile, made].map(path => JSON.parse(tool('sfdisk', '--json', path)).partitiontable);

	assert.equal(tables[1].id, tables[0].id);
	assert.deepEqual(tables[1].partitions[0].size, tables[0].partitions[0].size);
	assert.equal(tables[1].partitions[1].start, tables[0].partitions[1].start);
	const facts = [imageFile, made].map(path => {
		const ask = what => about(path, what, tables[0].partitions[1].start);
		const rights = name => /Mode: +(\d+)[\s\S]*User: +(\d+) +Group: +(\d+)/.exec(ask(`stat ${name}`)).slice(1);

		return {
			numbers: ask('stats -h').match(/^Filesystem (UUID|volume name):.*$/gm),
			sudo: rights('/usr/bin/sudo'),
			shadow: rights('/etc/shadow'),
			home: rights('/home/vizy'),
			tmp: rights('/tmp'),
			link: /Fast link dest: "(.*)"/.exec(ask('stat /bin'))[1],
		};
	});

	assert.equal(facts[0].sudo[0], '04755');
	assert.deepEqual(facts[1], facts[0]);
});

test('it starts, as a machine of its own', async () => {
	card = new Card(made);
	board = new Board('virt', card, { mac: '52:54:00:00:12:ab' });
	await board.start();
	await board.says(/The name is vizy-12ab/);
	assert.equal((await board.page('/setup')).status, 200);
});
