// A network with a delay: a TCP proxy on a port of its own that holds every chunk back for a time
// in each direction, in order. A page that is loaded through it has the proxy's address as origin
// and as Host, so that nothing about the requests is unusual.

import net from 'node:net';

function delayed(from, to, delay) {
	const queue = [];
	let timer = null;
	// One timer for the head of the queue: two timers of node may overtake each other.
	const pump = () => {
		while (queue.length && queue[0].due <= Date.now()) {
			const { data } = queue.shift();

			if (data && !to.destroyed) {
				to.write(data);
			} else if (!data) {
				to.end();
			}
		}
		timer = queue.length ? setTimeout(pump, queue[0].due - Date.now()) : null;
	};
	const put = data => {
		queue.push({ due: Date.now() + (typeof delay === 'function' ? delay() : delay), data });
		timer ??= setTimeout(pump, queue[0].due - Date.now());
	};

	from.on('data', put);
	from.on('end', () => put(null));
	from.on('error', () => to.destroy());
	from.on('close', () => setTimeout(() => to.destroy(), (queue.at(-1)?.due ?? 0) - Date.now() + 50));
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
