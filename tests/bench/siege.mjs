// Hundreds of connections that are slow on purpose: with their headers, with a body, with reading. How long
// somebody else waits for the page meanwhile, and what they cost.

import net from 'node:net';

import { line, median, withServer } from './lib.mjs';
import { app } from './link.mjs';
import { sleep } from '../lib/wait.mjs';

const besiegers = 800;

const head = (server, first) => `${first} HTTP/1.1\r\nHost: ${server.host}\r\nOrigin: ${server.url}\r\n`;

/** What each sends at first, and then again and again. */
const ways = {
	headers: server => [head(server, 'GET /'), 'X-Slow: 1\r\n'],
	body: server => [`${head(server, 'POST /_dash-update-component')}Content-Type: application/json\r\nContent-Length: 4096\r\n\r\n`, ' '],
	// Never read, so that the answer stays with the server.
	reading: server => [`${head(server, 'GET /_dash-component-suites/dash/dcc/dash_core_components.js')}\r\n`, ''],
};

function besiege(server, n, [first, more], isReading) {
	const sockets = Array.from({ length: n }, () => {
		const socket = net.connect(server.port, '127.0.0.1', () => socket.write(first));

		socket.on('error', () => {});
		if (isReading) {
			socket.pause();
		} else {
			socket.resume();
		}
		return socket;
	});
	const timer = setInterval(() => {
		for (const socket of sockets) {
			if (more && socket.writable) {
				socket.write(more);
			}
		}
	}, 1000);

	return () => {
		clearInterval(timer);
		sockets.forEach(socket => socket.destroy());
	};
}

async function probe(server) {
	const start = performance.now();
	const answer = await fetch(`${server.url}/`, { headers: { connection: 'close' } });

	await answer.text();
	if (!answer.ok) {
		throw new Error(`the page answers ${answer.status}`);
	}
	return performance.now() - start;
}

const siege = async bench => {
	const n = bench.quick ? 50 : besiegers;
	const lines = [];

	for (const [name, way] of Object.entries(ways)) {
		const result = await withServer(app(), async server => {
			await probe(server);
			const before = server.rssKb();
			const end = besiege(server, n, way(server), name === 'reading');
			const times = [];

			for (let i = 0; i < (bench.quick ? 3 : 25); i++) {
				await sleep(100);
				times.push(await probe(server));
			}
			const grown = (server.rssKb() - before) / 1024;

			end();
			return { times, grown };
		});

		lines.push(
			line(`the page beside ${n} with slow ${name}, p50`, 'ms', { ours: [result] }, ({ times }) => median(times), { atMost: 20 }),
			line(`memory of ${n} with slow ${name}`, 'MB', { ours: [result] }, 'grown', { atMost: 8 }),
		);
	}
	return lines;
};

export const rows = { siege };
