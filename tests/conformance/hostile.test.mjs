// A school network is not a kind place: odd HTTP, odd websockets, slow and greedy clients.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import test from 'node:test';

import { Daemon, startTestapp, startVizyd, testapp, uiDir } from '../lib/daemon.mjs';
import { connect, get, raw, upgrade } from '../lib/http.mjs';
import { openSocket, Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

test('#20 no way out of the served files, however it is spelled', async t => {
	const daemon = await startVizyd(t);
	const prefixes = ['/', '/assets/', '/_dash-component-suites/', '/_dash-component-suites/dash/dcc/'];
	const ups = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '%252e%252e%252f', './../', '.%2e/', '..;/', '%c0%ae%c0%ae/', '..%00/'];

	for (const prefix of prefixes) {
		for (const up of ups) {
			for (const target of ['etc/passwd', 'manifest.json']) {
				const { status, body } = await get(daemon, prefix + up.repeat(8) + target);

				assert.doesNotMatch(body.toString('latin1'), /root:.*:0:0:|"layout_scripts"/, prefix + up);
				assert.ok(status >= 200 && status < 500, `${prefix}${up}: ${status}`);
			}
		}
	}
	for (const path of ['//etc/passwd', '/etc/passwd', '/manifest.json', '/assets//etc/passwd', '/assets/%2fetc%2fpasswd', '/%00', '/assets/vizyd.css%00.js', `/${'a'.repeat(3000)}`, '/%', '/%zz', '/%e']) {
		const { status, body } = await get(daemon, path);

		assert.doesNotMatch(body.toString('latin1'), /root:.*:0:0:|"layout_scripts"/, path);
		assert.notEqual(status, 500, path);
	}
	assert.equal((await get(daemon, '/')).status, 200);
});

test('HEAD is GET without a body', async t => {
	const daemon = await startVizyd(t);

	for (const path of ['/', '/_dash-layout', '/_dash-component-suites/dash/dcc/async-slider.js', '/status']) {
		const answer = await get(daemon, path, { method: 'HEAD', timeout: 1500, head: false });
		const full = await get(daemon, path);

		assert.equal(answer.status, 200, path);
		assert.equal(answer.body.length, 0, path);
		assert.equal(answer.headers['content-type'], full.headers['content-type'], path);
	}
});

test('other methods are 405 and told what is allowed', async t => {
	const daemon = await startVizyd(t);

	for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'BREW']) {
		const { status, headers } = await get(daemon, '/', { method, headers: { 'Content-Length': '0' } });

		// TRACE and what is no method never reach us: libwebsockets refuses them in its own way.
		assert.ok([400, 403, 405, 501].includes(status), `${method}: ${status}`);
		if (status === 405) {
			assert.match(headers.allow, /GET/, method);
		}
	}
	assert.equal((await get(daemon, '/', { method: 'POST', body: 'x' })).status, 405);
	assert.equal((await get(daemon, '/_dash-update-component')).status, 405);
});

test('a POST without a length, with a false one, or in chunks is refused', async t => {
	const daemon = await startTestapp(t);
	const post = headers => raw(daemon.port,
		`POST /_dash-update-component HTTP/1.1\r\nHost: ${daemon.host}\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}\r\n`, { timeout: 3000 });

	for (const headers of ['', 'Content-Length: x\r\n', 'Content-Length: -1\r\n', 'Content-Length: 5\r\nContent-Length: 6\r\n', 'Content-Length: 99999999999999999999\r\n', 'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n']) {
		const { status } = await post(headers);

		assert.ok(status === 0 || (status >= 400 && status < 500), `${JSON.stringify(headers)}: ${status}`);
	}
});

test('who still sends what was refused gets the answer, and not a reset; for a while', async t => {
	const daemon = await startTestapp(t, { args: ['--max-message', '1000'] });
	const start = async length => {
		const socket = await connect(daemon.port, { allowHalfOpen: true });

		socket.faults = [];
		socket.on('error', error => socket.faults.push(error.code));
		socket.write(`POST /_dash-update-component HTTP/1.1\r\nHost: ${daemon.host}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`);
		await until(() => socket.text.startsWith('HTTP/1.1 413 '), { what: 'the answer' });
		return socket;
	};
	const one = await start(2000000);

	for (let i = 0; i < 20; i++) {
		one.write(Buffer.alloc(100000, 'x'));
		await sleep(5);
	}
	one.end();
	await one.ended;
	assert.deepEqual(one.faults, []);
	assert.match(one.text, /Connection: close[^]*Too large\n$/);

	const endless = await start(4000000000);
	const began = Date.now();
	const timer = setInterval(() => endless.write('x'), 50);

	await endless.ended;
	clearInterval(timer);
	assert.ok(Date.now() - began < 15000, 'it was listened to for too long');
});

test('a body that is too large is 413, before it is sent', async t => {
	const daemon = await startTestapp(t, { args: ['--max-message', '1000000'] });
	const before = daemon.rssKb();
	const { status } = await raw(daemon.port,
		`POST /_dash-update-component HTTP/1.1\r\nHost: ${daemon.host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 500000000\r\n\r\n`);

	assert.equal(status, 413);
	assert.ok(daemon.rssKb() - before < 20000);
});

test('what is not HTTP is refused', async t => {
	const daemon = await startVizyd(t);
	const lines = [
		'\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'GET /\r\n\r\n', 'get / http/1.1\r\n\r\n',
		`GET / HTTP/1.1\r\nHost: ${daemon.host}\r\nbad header\r\n\r\n`, `GET / HTTP/1.1\r\nHost : ${daemon.host}\r\n\r\n`,
		`GET http://evil.example/ HTTP/1.1\r\nHost: ${daemon.host}\r\nConnection: close\r\n\r\n`,
		`GET / HTTP/1.1\r\nHost: ${daemon.host}\r\nX: ${'a'.repeat(100000)}\r\n\r\n`,
		`GET /${'a'.repeat(100000)} HTTP/1.1\r\nHost: ${daemon.host}\r\n\r\n`,
		`GET / HTTP/1.1\r\nHost: ${daemon.host}\r\n${'A: b\r\n'.repeat(2000)}\r\n`,
		Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]), Buffer.alloc(70000, 0),
	];

	for (const [i, line] of lines.entries()) {
		const { status } = await raw(daemon.port, line, { timeout: 1500 });

		assert.ok(status < 500 || status === 501 || status === 505, `case ${i}: ${status}`);
	}
	assert.equal((await get(daemon, '/')).status, 200);
});

test('one connection serves many requests', async t => {
	const daemon = await startVizyd(t);
	const socket = await connect(daemon.port);

	for (let i = 1; i <= 5; i++) {
		socket.write(`GET /_reload-hash HTTP/1.1\r\nHost: ${daemon.host}\r\n\r\n`);
		await until(() => socket.text.split('HTTP/1.1 200').length === i + 1, { what: `answer ${i}: ${socket.text.slice(-200)}` });
	}
	socket.destroy();
});

test('websocket: binary is refused, bad UTF-8 is 1007, unmasked and odd frames are closed', async t => {
	const daemon = await startTestapp(t);
	const stay = await Tab.open(daemon);
	const close = async (label, send) => {
		const socket = await openSocket(daemon);

		socket.on('error', () => {});
		send(socket);
		const { code } = await Promise.race([socket.closed, sleep(4000).then(() => ({ code: 'none' }))]);

		socket.terminate();
		return code;
	};

	assert.equal(await close('binary', socket => socket.send(Buffer.from([1, 2, 3]))), 1003);
	const text = bytes => socket => {
		// A text frame, masked with zeros so that the bytes stand as they are.
		socket._socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), Buffer.from(bytes)]));
	};

	for (const bytes of [[0xff, 0xfe], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80]]) {
		assert.equal(await close('utf-8', text([0x22, ...bytes, 0x22])), 1007, bytes.map(b => b.toString(16)).join(' '));
	}
	const frames = { 'reserved bit': [0xc1, 0x80, 0, 0, 0, 0], 'reserved opcode': [0x83, 0x80, 0, 0, 0, 0], 'long ping': [0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0] };

	for (const [label, frame] of Object.entries(frames)) {
		const code = await close(label, socket => socket._socket.write(Buffer.from(frame)));

		assert.ok([1002, 1006, 1005].includes(code), `${label}: ${code}`);
	}
	assert.equal((await stay.call('link-out.children', { 'link.n_clicks': 1 })).status, 'ok');
});

test('websocket: a message of 20 MB is 1009 and costs no memory that stays', async t => {
	// What a sanitizer keeps back to catch uses after free is not the daemon's memory.
	const daemon = await startTestapp(t, { env: { ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=1` } });
	const stay = await Tab.open(daemon);
	const before = daemon.rssKb();

	for (let i = 0; i < 3; i++) {
		const socket = await openSocket(daemon);

		socket.on('error', () => {});
		socket.send('x'.repeat(20 * 1024 * 1024));
		const { code } = await socket.closed;

		// The peer may see the connection reset before it has read the reason.
		assert.ok(code === 1009 || code === 1006, String(code));
	}
	assert.ok(daemon.rssKb() - before < 20000, `${daemon.rssKb() - before} kB more`);
	assert.equal((await stay.call('link-out.children', { 'link.n_clicks': 1 })).status, 'ok');
});

test('C8 websocket: a browser that offers compression is served without it', async t => {
	const daemon = await startTestapp(t);
	const offered = await upgrade(daemon, '/_dash-ws-callback', { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' });

	assert.equal(offered.status, 101);
	assert.equal(offered.headers['sec-websocket-extensions'], undefined);
	const socket = await openSocket(daemon, { perMessageDeflate: true });

	assert.equal(socket.extensions, '');
	socket.send(JSON.stringify({ type: 'heartbeat' }));
	await until(() => socket.received.includes('{"type":"heartbeat_ack"}'), { what: 'the ack' });
	// Bits that only an extension could give a meaning are an error (RFC 6455, 5.2).
	socket._socket.write(Buffer.from([0xc1, 0x80, 0, 0, 0, 0]));
	assert.ok([1002, 1006].includes((await socket.closed).code));
});

test('websocket: fragments are joined, also with a ping between them', async t => {
	const daemon = await startTestapp(t);
	const tab = await Tab.open(daemon);
	const requestId = `${tab.id}-1`;
	const value = 'ä€😀'.repeat(20000);
	const bytes = Buffer.from(JSON.stringify({
		type: 'callback_request', rendererId: tab.id, requestId,
		payload: {
			output: 'state-out.children', outputs: { id: 'state-out', property: 'children' },
			inputs: [{ id: 'state-button', property: 'n_clicks', value: 1 }], changedPropIds: ['state-button.n_clicks'],
			state: [{ id: 'state', property: 'value', value }],
		},
	}));

	// Cut in the middle of characters.
	for (let at = 0; at < bytes.length; at += 1001) {
		tab.socket.send(bytes.subarray(at, at + 1001), { binary: false, fin: at + 1001 >= bytes.length });
		if (at % 10 === 0) {
			tab.socket.ping();
		}
	}
	assert.equal((await tab.answer(requestId)).status, 'ok');
});

test('websocket: a request in the same packet as the upgrade is not lost', async t => {
	const daemon = await startTestapp(t);
	const socket = await connect(daemon.port);
	const text = Buffer.from('{"type":"heartbeat"}');
	const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);

	socket.write(Buffer.concat([Buffer.from(`GET /_dash-ws-callback HTTP/1.1\r\nHost: ${daemon.host}\r\nOrigin: ${daemon.url}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`), frame]));
	await until(() => socket.text.includes('heartbeat_ack'), { timeout: 3000, what: () => `the ack; got ${socket.text}` });
	assert.match(socket.text, /s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
	socket.destroy();
});

test('websocket: only where one is, and only as one', async t => {
	const daemon = await startVizyd(t);

	for (const path of ['/', '/nowhere', '/_dash-layout', '/_vizyd/none']) {
		assert.notEqual((await upgrade(daemon, path)).status, 101, path);
	}
	for (const headers of [{ 'Sec-WebSocket-Version': '12' }, { 'Sec-WebSocket-Key': undefined }, { Upgrade: 'h2c' }]) {
		const { status } = await upgrade(daemon, '/_dash-ws-callback', headers);

		assert.notEqual(status, 101, JSON.stringify(headers));
	}
	const plain = await get(daemon, '/_dash-ws-callback', { headers: { Origin: daemon.url } });

	assert.ok(plain.status >= 400 && plain.status < 500, String(plain.status));
});

test('slow headers are closed within 15 s, and hold nobody up', async t => {
	const daemon = await startVizyd(t);
	const slow = await Promise.all(Array.from({ length: 20 }, () => connect(daemon.port)));
	const since = Date.now();
	const closed = Promise.all(slow.map(socket => socket.ended));
	const timer = setInterval(() => slow.forEach(socket => { if (!socket.destroyed) socket.write('X'); }), 1000);

	slow.forEach(socket => socket.write('GET / HTTP/1.1\r\n'));
	const probe = Date.now();

	assert.equal((await get(daemon, '/status')).status, 200);
	assert.ok(Date.now() - probe < 500, `${Date.now() - probe} ms for a probe`);
	await Promise.race([closed, sleep(17000)]);
	clearInterval(timer);
	slow.forEach(socket => socket.destroy());
	assert.ok(Date.now() - since < 16000, 'still open after 16 s');
});

test('out of file descriptors: those who are there are served, and the processor stays cool', async t => {
	const daemon = new Daemon('bash', ['-c', `ulimit -n 64; exec "${testapp}" --listen 127.0.0.1:0 --ui-dir "${uiDir}"`]);

	t.after(() => daemon.stop());
	await daemon.listening();
	const stay = await Tab.open(daemon);
	const flood = spawn(process.execPath, ['-e', `
		const net = require('net');
		for (let i = 0; i < 200; i++) {
			net.connect(${daemon.port}, '127.0.0.1').on('error', () => {});
		}
		setTimeout(() => {}, 60000);
	`], { stdio: 'ignore' });

	t.after(() => flood.kill('SIGKILL'));
	await sleep(1500);
	const cpu = daemon.cpuSeconds();
	const log = daemon.stderr.length;
	const since = Date.now();

	for (let i = 0; i < 30; i++) {
		const sent = Date.now();

		assert.equal((await stay.call('link-out.children', { 'link.n_clicks': i })).status, 'ok');
		assert.ok(Date.now() - sent < 500, `${Date.now() - sent} ms for an answer`);
		await sleep(100);
	}
	const share = (daemon.cpuSeconds() - cpu) / ((Date.now() - since) / 1000);

	assert.ok(share < 0.08, `${Math.round(share * 100)} % of a processor`);
	assert.ok(daemon.stderr.length - log < 5000, `${daemon.stderr.length - log} bytes of log in 3 s`);
	flood.kill('SIGKILL');
	await until(async () => {
		try {
			return (await get(daemon, '/status')).status === 200;
		} catch {
			return false;
		}
	}, { timeout: 20000, what: 'newcomers to be served again' });
});

test('one address cannot take all the places', async t => {
	// Loopback is spared unless a limit is given: proxies and tunnels bring many people from there.
	const daemon = await startTestapp(t, { args: ['--per-address', '40'] });
	const opened = await Promise.allSettled(Array.from({ length: 100 }, () => openSocket(daemon)));
	const got = opened.filter(({ status }) => status === 'fulfilled').length;

	assert.ok(got >= 35 && got <= 40, `${got} of 100`);
	opened.forEach(({ value }) => value?.terminate());
	await until(async () => {
		try {
			return (await get(daemon, '/status')).status === 200;
		} catch {
			return false;
		}
	}, { timeout: 5000, what: 'the next to be served' });
});
