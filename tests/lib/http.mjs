// HTTP as no library would send it: the bytes given, the answer as it came.

import net from 'node:net';

/** Opens a TCP connection, from the address `from` if that is given, that keeps all it receives in `text` (latin1) and `bytes`. */
export function connect(port, { host = '127.0.0.1', from, allowHalfOpen = false } = {}) {
	return new Promise((resolve, reject) => {
		const socket = net.connect({ port, host, localAddress: from, allowHalfOpen });

		socket.bytes = Buffer.alloc(0);
		socket.ended = new Promise(done => socket.on('close', done));
		socket.on('data', data => { socket.bytes = Buffer.concat([socket.bytes, data]); });
		socket.once('connect', () => resolve(socket));
		socket.on('error', reject);
		Object.defineProperty(socket, 'text', { get: () => socket.bytes.toString('latin1') });
	});
}

function parse(bytes) {
	const text = bytes.toString('latin1');
	const end = text.indexOf('\r\n\r\n');

	if (end < 0) {
		return null;
	}
	const [first, ...lines] = text.slice(0, end).split('\r\n');
	const headers = {};

	for (const line of lines) {
		const colon = line.indexOf(':');

		headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
	}
	return { status: Number(first.split(' ')[1]), headers, body: bytes.subarray(end + 4), head: text.slice(0, end) };
}

/**
 * Sends `request`, text or bytes, on a connection of its own. Resolves with {status, headers, body}
 * when the body is complete by its Content-Length, or the server closes, or after `timeout`; with
 * status 0 when the server closed without an answer.
 */
export async function raw(port, request, { timeout = 5000, head = false, host, from } = {}) {
	const socket = await connect(port, { host, from });

	return new Promise(resolve => {
		const finish = () => {
			clearTimeout(timer);
			socket.destroy();
			resolve(parse(socket.bytes) ?? { status: 0, headers: {}, body: socket.bytes, head: '' });
		};
		const timer = setTimeout(finish, timeout);

		socket.on('error', () => {});
		socket.on('close', finish);
		socket.on('data', () => {
			const answer = parse(socket.bytes);
			const length = Number(answer?.headers['content-length'] ?? NaN);

			if (answer && (head || answer.status === 204 || answer.status === 304 || answer.body.length >= length)) {
				finish();
			}
		});
		socket.write(request);
	});
}

/** A plain request with extra headers; `path` is sent as it is. */
export function get(daemon, path, { method = 'GET', headers = {}, body, ...options } = {}) {
	const lines = { Host: daemon.host, Connection: 'close', ...headers };

	if (body !== undefined && !('Content-Length' in lines) && !('Transfer-Encoding' in lines)) {
		lines['Content-Length'] = Buffer.byteLength(body);
	}
	const head = Object.entries(lines).filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${name}: ${value}\r\n`).join('');

	return raw(daemon.port, `${method} ${path} HTTP/1.1\r\n${head}\r\n${body ?? ''}`,
		{ head: method === 'HEAD', ...options });
}

/** An upgrade to a websocket with exactly these headers; resolves with the status. */
export function upgrade(daemon, path, headers = {}) {
	return get(daemon, path, {
		head: true,
		headers: {
			Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13',
			'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', Origin: daemon.url, ...headers,
		},
	});
}
