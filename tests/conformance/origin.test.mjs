// CONFORMANCE 10: who may open a websocket, and under which name the device may be called.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp, startVizyd } from '../lib/daemon.mjs';
import { get, raw, upgrade } from '../lib/http.mjs';
import { payload } from '../lib/tab.mjs';

const sockets = ['/_dash-ws-callback', '/_vizyd/video'];

test('#10 the page\'s own origin is let in', async t => {
	const daemon = await startVizyd(t);

	for (const path of sockets) {
		assert.equal((await upgrade(daemon, path)).status, 101, path);
	}
});

test('#10 another, a missing or an odd Origin is refused before the upgrade', async t => {
	const daemon = await startVizyd(t);
	const cases = [
		undefined, '', 'null', 'http://evil.example', `http://evil.example:${daemon.port}`,
		`http://127.0.0.1:${daemon.port + 1}`, `http://127.0.0.1`, `http://localhost:${daemon.port}`,
		`http://127.0.0.1:${daemon.port}.evil.example`, `http://evil.example/#${daemon.url}`,
		`http://127.0.0.1:${daemon.port}@evil.example`, `file://${daemon.host}`, daemon.host,
		`${daemon.url}/path`, `http://evil.example ${daemon.url}`,
	];

	for (const path of sockets) {
		for (const origin of cases) {
			assert.equal((await upgrade(daemon, path, { Origin: origin })).status, 403, `${path} from ${origin}`);
		}
	}
	assert.equal((await upgrade(daemon, sockets[0])).status, 101, 'and the next one is let in');
});

test('#10 an origin on the list is let in, its neighbours are not', async t => {
	const daemon = await startTestapp(t, { args: ['--origin', 'http://board.example:81'] });

	assert.equal((await upgrade(daemon, sockets[0], { Origin: 'http://board.example:81' })).status, 101);
	for (const origin of ['http://board.example', 'http://board.example:811', 'https://board.example:81', 'http://x.board.example:81']) {
		assert.equal((await upgrade(daemon, sockets[0], { Origin: origin })).status, 403, origin);
	}
});

test('#10 a foreign page cannot post a callback', async t => {
	const daemon = await startTestapp(t);
	const post = origin => get(daemon, '/_dash-update-component', {
		method: 'POST', headers: { 'Content-Type': 'application/json', Origin: origin },
		body: JSON.stringify(payload('click-out.children', { 'click.n_clicks': 1 })),
	});

	assert.equal((await post(daemon.url)).status, 200);
	assert.equal((await post('http://evil.example')).status, 403);
	assert.equal((await post('null')).status, 403);
});

test('Host: the names that a device has are taken, a rebound name is not', async t => {
	const daemon = await startVizyd(t);
	const answer = async host => (await get(daemon, '/', { headers: { Host: host } })).status;
	const { port } = daemon;

	for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `192.168.1.20:${port}`, `[::1]:${port}`, `cam.lan:${port}`, `cam.local:${port}`, `CAM.Local:${port}`]) {
		assert.equal(await answer(host), 200, host);
	}
	for (const host of ['', undefined, 'a b', 'evil.example/', 'a,b', '<script>', `127.0.0.1:${port}:1`, 'a'.repeat(3000)]) {
		const status = await answer(host);

		assert.ok(status >= 400 && status < 500, `${host}: ${status}`);
	}
	const rebound = await answer(`evil.example:${port}`);

	assert.ok(rebound >= 400 && rebound < 500, `a name of the internet: ${rebound}`);
});

test('Host: two of them, or none in HTTP/1.1, are a bad request', async t => {
	const daemon = await startVizyd(t);
	const twice = await raw(daemon.port, `GET / HTTP/1.1\r\nHost: ${daemon.host}\r\nHost: ${daemon.host}\r\nConnection: close\r\n\r\n`);
	const none = await raw(daemon.port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n');

	assert.equal(none.status, 400);
	assert.ok(twice.status === 400 || twice.status === 0, `two Hosts: ${twice.status}`);
});
