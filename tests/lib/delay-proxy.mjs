// A network with a delay: a TCP proxy on a port of its own that holds every chunk back for a time
// in each direction, in order. A page that is loaded through it has the proxy's address as origin
// and as Host, so that nothing about the requests is unusual.

import net from 'node:net';

function delayed(from, to, delay) {
	const pass = () => (typeof delay === 'function' ? delay() : delay);
	let last = 0;

	from.on('data', data => {
		// Never earlier than what came before: a network may be slow, TCP keeps the order.
		last = Math.max(last, Date.now() + pass());
		setTimeout(() => { if (!to.destroyed) to.write(data); }, last - Date.now());
	});
	from.on('end', () => setTimeout(() => to.end(), Math.max(0, last - Date.now())));
	from.on('error', () => to.destroy());
	from.on('close', () => setTimeout(() => to.destroy(), Math.max(0, last - Date.now()) + 50));
}

/** Resolves with {port, url, cut(), close()}. `delayMs` is per direction, a number or a function. */
export function delayProxy(t, targetPort, delayMs) {
	const sockets = new Set();
	const server = net.createServer(inside => {
		const outside = net.connect(targetPort, '127.0.0.1');

		for (const socket of [inside, outside]) {
			socket.setNoDelay(true);
			sockets.add(socket);
			socket.on('close', () => sockets.delete(socket));
		}
		delayed(inside, outside, delayMs);
		delayed(outside, inside, delayMs);
	});

	return new Promise((resolve, reject) => {
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			const proxy = {
				port, url: `http://127.0.0.1:${port}`,
				/** Breaks every connection, as a radio link does. */
				cut: () => sockets.forEach(socket => socket.destroy()),
				close: () => { proxy.cut(); server.close(); },
			};

			t.after(proxy.close);
			resolve(proxy);
		});
	});
}
