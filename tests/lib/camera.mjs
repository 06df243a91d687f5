// What the camera shows, measured: pictures decoded, video messages taken apart.

import jpeg from 'jpeg-js';

import { dependencies, openSocket } from './tab.mjs';

/** Mean luma of a JPEG, 0 to 255, and its size. */
export function measure(bytes) {
	const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false });
	let sum = 0;

	for (let i = 0; i < data.length; i += 3) {
		sum += 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
	}
	return { width, height, mean: sum / (width * height) };
}

export async function snapshot(url, camera) {
	const response = await fetch(`${url}/snapshot.jpg${camera ? `?camera=${camera}` : ''}`);

	if (response.status !== 200) {
		throw new Error(`snapshot: ${response.status} ${await response.text()}`);
	}
	return measure(Buffer.from(await response.arrayBuffer()));
}

/** One binary message of `_vizyd/video`. */
export function parsePicture(message) {
	const header = message.readUInt32LE(4);

	return {
		magic: message.toString('latin1', 0, 4), header,
		sequence: Number(message.readBigUInt64LE(8)), time_ns: message.readBigInt64LE(16),
		width: message.readUInt32LE(24), height: message.readUInt32LE(28), jpeg: message.subarray(header),
	};
}

/**
 * A watcher: `pictures` (with `arrived`, ms), `states`. `ack` answers each picture, as LiveView does;
 * `window` asks for at most two unanswered ones.
 */
export async function watch(daemon, { window = false, ack = true, keep = true, url, camera } = {}) {
	const query = new URLSearchParams({ ...window && { ack: 1 }, ...camera && { camera } });
	const socket = await openSocket(daemon, { path: `/_vizyd/video?${query}`, url });
	const watcher = { socket, pictures: [], states: [], close: () => socket.terminate() };
	const take = (data, binary) => {
		if (!binary) {
			watcher.states.push(JSON.parse(data.toString()));
			return;
		}
		const picture = { ...parsePicture(data), arrived: performance.now() };

		if (!keep) {
			picture.jpeg = picture.jpeg.length;
		}
		watcher.pictures.push(picture);
		if (ack) {
			socket.send(String(picture.sequence));
		}
	};

	for (const data of socket.received.splice(0)) {
		take(data, Buffer.isBuffer(data));
	}
	socket.removeAllListeners('message');
	socket.on('message', take);
	return watcher;
}

/** The callback of the brightness slider as this page declares it. */
export async function brightness(daemon) {
	const { byInput } = await dependencies(daemon);
	const spec = byInput('brightness.value');

	if (!spec) {
		throw new Error('no callback listens to brightness.value');
	}
	return {
		set: (tab, value) => tab.call(spec.output, Object.fromEntries(spec.inputs.map(({ id, property }) => {
			const name = `${id}.${property}`;

			return [name, name === 'brightness.value' ? value : tab.props[id]?.[property]];
		})), {
			changed: ['brightness.value'],
			state: spec.state.length ? Object.fromEntries(spec.state.map(({ id, property }) => [`${id}.${property}`, tab.props[id]?.[property]])) : undefined,
		}),
	};
}
