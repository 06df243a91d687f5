// The image on QEMU's Raspberry Pi 3: its reader of cards and its device tree, as a Pi has them. The Pi's firmware
// is not emulated; kernel and initramfs are those that it would take from the card.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Board, makeKey } from './board.mjs';
import { Card } from './card.mjs';

let card, board;

before(() => {
	card = new Card();
	const key = makeKey(card.folder);

	card.put(`${key}.pub`, 'authorized_keys');
	board = new Board('raspi3b', card, { key, mac: '52:54:00:34:c0:de' });
});
after(async () => {
	await board?.cut();
	card?.remove();
});

test('the first start grows the file system on its card and names the machine', async () => {
	await board.start();
	const [, size] = await board.says(/The root file system has (\d+)M/);

	assert.ok(Number(size) > 3000, `${size} MiB`);
	await board.says(/The name is vizy-[0-9a-f]{4}/);
	assert.doesNotMatch(board.serial, /Kernel panic|emergency mode/);
});

test('the page is served, over a network card on its USB', async t => {
	const page = await board.page();

	assert.deepEqual([page.status, page.headers.get('location')], [303, '/setup']);
	t.diagnostic(`page ${Math.round((Date.now() - board.since) / 1000)} s after the start of QEMU`);
});

test('the service runs, and none has failed', async () => {
	await board.settle('systemctl is-active vizyd.service avahi-daemon.service');
	assert.equal(await board.run('systemctl --failed --no-legend'), '');
	assert.match(await board.run('tr -d "\\0" </proc/device-tree/model'), /Raspberry Pi 3/);
});
