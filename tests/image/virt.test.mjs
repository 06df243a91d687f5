// The image on QEMU's board "virt", as on a card that is larger than the image: the first start with a plug
// pulled in the middle, the page, who may log in, and a second start.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Board, makeKey } from './board.mjs';
import { Card } from './card.mjs';

const gigabytes = 4;
const password = 'only for this test';
let card, board;

before(() => {
	card = new Card(undefined, gigabytes * 2 ** 30);
	const key = makeKey(card.folder);

	card.put(`${key}.pub`, 'authorized_keys');
	board = new Board('virt', card, { key });
});
after(async () => {
	await board?.cut();
	card?.remove();
});

test('a plug that is pulled when the partition has just grown', async () => {
	await board.start();
	await board.says(/Partition 2 of vda has grown/);
	await board.cut();
	assert.doesNotMatch(board.serial, /Kernel panic/);
});

test('the first start names the machine and grows its file system to the card', async () => {
	await board.start();
	const grown = await board.says(/The root file system has (\d+)M/);

	assert.ok(Number(grown[1]) > (gigabytes - 1) * 1024 * 0.9, grown[0]);
	// The last digits of the network card's address; the name may be of the start before.
	await board.says(/The name is vizy-beef/);
	assert.doesNotMatch(board.serial, /Kernel panic|emergency mode/);
});

test('the page on port 80 asks for an administrator before anything else', async t => {
	const page = await board.page();

	t.diagnostic(`page ${Math.round((Date.now() - board.since) / 1000)} s after the start of QEMU`);
	assert.deepEqual([page.status, page.headers.get('location')], [303, '/setup']);
	const form = await board.page('/setup');

	assert.equal(form.status, 200);
	assert.match(await form.text(), /<form/);
	assert.equal((await (await board.page('/status')).json()).login, 'setup');
	const made = await board.page('/setup', {
		method: 'POST', headers: { Origin: board.url },
		body: new URLSearchParams({ name: 'anna', password, again: password }),
	});

	assert.equal(made.status, 303);
	const cookie = made.headers.get('set-cookie').split(';')[0];

	assert.match(await (await board.page('/', { headers: { cookie } })).text(), /react-entry-point/);
});

test('services run, none has failed, and all that needs it knows the name', async () => {
	await board.settle('systemctl is-active vizyd.service avahi-daemon.service');
	assert.equal(await board.run('systemctl is-enabled vizyd.service vizyd.socket | uniq'), 'enabled');
	assert.equal(await board.run('systemctl --failed --no-legend'), '');
	assert.equal(await board.run('hostname; cat /etc/hostname'), 'vizy-beef\nvizy-beef');
	assert.match(await board.run('getent hosts vizy-beef'), /^127\.0\.1\.1\s/);
	// avahi answers for it in the network.
	assert.match(await board.run('journalctl -b -o cat -u avahi-daemon'), /Host name is vizy-beef\.local/);
	assert.equal(await board.run('stat -c %U /proc/$(systemctl show -P MainPID vizyd)'), 'vizyd');
});

test('only keys open a login, and the keys of the machine are its own', async () => {
	const sshd = await board.run('sshd -T');

	assert.match(sshd, /^passwordauthentication no$/m);
	assert.match(sshd, /^kbdinteractiveauthentication no$/m);
	assert.match(sshd, /^permitrootlogin no$/m);
	// Nobody has a password that could be guessed on a console either.
	assert.equal(await board.run('cut -d: -f2 /etc/shadow | grep -v "^[!*]" || true'), '');
	assert.match(await board.run('ls /etc/ssh'), /ssh_host_ed25519_key\.pub/);
});

test('the card is written to seldom, and not at all where the firmware starts from', async () => {
	assert.match(await board.run('findmnt -n -o OPTIONS /boot/firmware'), /^ro,/);
	assert.match(await board.run('findmnt -n -o OPTIONS /'), /\bnoatime\b/);
	assert.equal(await board.run('swapon --show --noheadings'), '');
	assert.match(await board.run('systemd-analyze cat-config systemd/journald.conf'), /^SystemMaxUse=64M$/m);
});

test('a second start keeps what the first one made, and does nothing again', async () => {
	const facts = 'cat /etc/machine-id /etc/hostname /etc/ssh/ssh_host_ed25519_key.pub; ls /var/lib/vizyd';

	const first = await board.run(facts);

	assert.match(first, /^[0-9a-f]{32}$/m);
	await board.run('sync');
	await board.cut();
	await board.start();
	await board.page();
	await board.settle('systemctl is-active vizyd.service');
	assert.equal(await board.run(facts), first);
	assert.equal((await (await board.page('/status')).json()).login, 'required');
	assert.doesNotMatch(board.serial, /has grown|The name is/);
	assert.equal(await board.run('systemctl --failed --no-legend'), '');
	assert.equal(await board.run('systemctl show -P ConditionResult vizyd-first-start.service'), 'no');
});
