// The package, installed by apt without network, and the service that it starts.

import assert from 'node:assert/strict';
import test from 'node:test';

import { machine } from './machine.mjs';

test('the package installs without network, and the service is ready', async () => {
	const said = await machine.run('bash /share/install');

	assert.match(said, /Setting up vizyd/);
	await machine.settle('systemctl is-active vizyd.service', 'the service to be active');
	assert.equal(await machine.run('systemctl is-enabled vizyd.service vizyd.socket'), 'enabled\nenabled');
	assert.match(await machine.show('StatusText'), /\S/);
	assert.equal(await machine.show('NRestarts'), '0');
});

test('it runs as its own user, without capabilities and without a way to get some', async () => {
	const pid = await machine.show('MainPID');
	const status = await machine.run(`cat /proc/${pid}/status`);
	const field = name => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)[1];
	const uid = await machine.run('id --user vizyd');

	assert.deepEqual(field('Uid').split('\t'), [uid, uid, uid, uid]);
	assert.notEqual(uid, '0');
	for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
		assert.match(field(set), /^0+$/, set);
	}
	assert.equal(field('NoNewPrivs'), '1');
	assert.equal(field('Seccomp'), '2');
	const groups = await machine.run('for group in video gpio; do getent group $group | cut -d: -f3; done');

	for (const group of groups.split('\n')) {
		assert.ok(field('Groups').split(' ').includes(group), `group ${group} among ${field('Groups')}`);
	}
	assert.match(await machine.run('stat --format=%U:%a /var/lib/vizyd'), /^vizyd:750$/);
});

test('what it could do if it were taken over stays below 1.5', async () => {
	const exposure = (await machine.run('systemd-analyze security --no-pager vizyd.service')).split('\n').at(-1);
	const level = Number(/: ([\d.]+) /.exec(exposure)?.[1]);

	assert.ok(level <= 1.5, exposure);
});

test('nobody sees anything before there is an administrator, who is made by a command', async () => {
	const first = await machine.page();

	assert.match(first.url, /\/setup$/);
	assert.ok(!(await first.text()).includes('dash_renderer'));
	assert.notEqual((await fetch(`${machine.url}/snapshot.jpg`, { redirect: 'manual' })).status, 200);
	await machine.logIn();
	assert.match(await machine.run('stat --format=%U:%a /var/lib/vizyd/users.json'), /^vizyd:600$/);
});

test('its page and scripts come from port 80, which systemd has opened for it', async () => {
	const page = await (await machine.page()).text();
	const scripts = [...page.matchAll(/ src="(\/[^"]+\.js[^"]*)"/g)].map(match => match[1]);

	assert.ok(scripts.some(path => path.includes('dash_renderer')), `no renderer among ${scripts}`);
	for (const path of scripts) {
		const script = await machine.page(path);

		assert.equal(script.status, 200, path);
		await script.arrayBuffer();
	}
	assert.match(await machine.run('ss --listening --tcp --numeric | grep ":80 "'), /:80 /);
});
