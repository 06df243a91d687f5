// Pictures: fan-out to many viewers, viewers that are stuck, JPEG, and the whole way from the camera.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '../lib/wait.mjs';
import { inTurns, line, tool, withServer, withServers } from './lib.mjs';
import { app, floor } from './link.mjs';
import { daemon, withFolder } from './program.mjs';

/* 720p at quality 80 of a scene with some detail. */
const pictureBytes = 104000;
const headBytes = 32;

function watch(server, how, options) {
	const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);

	return tool('bench-watch', ['--pid', server.pid, ...args, how, server.port]);
}

/** Both kinds of stream beside the websocket of the floor; pictures come ready. */
const fanOut = bench => withServers(app('--picture', pictureBytes), floor('--picture', pictureBytes + headBytes), async (ours, base) => {
	const lines = [];

	// 50 us and 0.4 ms where the floor took 30 to 44 and 0.2; 35 us and 1 ms where it took 27 and 0.58.
	for (const [viewers, ratio, delay] of [[10, 1.35, 2], [50, 1.3, 1.7]]) {
		const options = { viewers, seconds: bench.seconds(1.5) };

		for (const [how, name] of [['ws', 'websocket'], ['mjpeg', 'MJPEG']]) {
			const results = await inTurns(bench.times, () => watch(ours, how, options), () => watch(base, 'ws', options));

			lines.push(
				line(`${name}, ${viewers} viewers, CPU a picture each`, 'us', results, 'cpu_us', { ratioAtMost: ratio }),
				line(`${name}, ${viewers} viewers, delay p50`, 'ms', results, 'delay_p50_ms', { ratioAtMost: delay }),
			);
		}
	}
	return lines;
});

/** More stuck viewers than live ones: what each costs beyond the live ones' own. */
const stuck = bench => withServer(app('--picture', pictureBytes), async server => {
	const seconds = bench.seconds(2);
	const alone = await watch(server, 'ws', { viewers: 5, seconds });
	const beside = await watch(server, 'ws', { viewers: 5, stuck: 20, seconds });
	const result = { kb: Math.max(0, beside.grown_kb) / 20, fps: beside.fps / alone.fps };

	return [
		line('memory of a stuck viewer', 'kB', { ours: [result] }, 'kb', { atMost: 16 + pictureBytes / 1000 }),
		line('pictures of live viewers beside 20 stuck ones', 'x', { ours: [result] }, 'fps', { atLeast: 0.97 }),
	];
});

const with720p = use => withFolder(folder => {
	const config = join(folder, 'vizyd.conf');

	writeFileSync(config, '[camera]\nwidth = 1280\nheight = 720\nfps = 30\n');
	return withServer(daemon(folder, '--config', config), server => use(server, folder));
});

/** The first picture of a camera that has just started may take a moment. */
async function saveSnapshot(server, path) {
	const get = () => fetch(new URL('/snapshot.jpg', server.url));
	let answer;

	await until(async () => (answer = await get()).ok, { timeout: 10000, what: 'a snapshot' });
	writeFileSync(path, Buffer.from(await answer.arrayBuffer()));
}

const jpeg = bench => with720p(async (server, folder) => {
	const picture = join(folder, 'picture.jpg');
	const pixels = 1280 * 720;

	await saveSnapshot(server, picture);
	const results = await inTurns(bench.times,
		async () => {
			const result = await watch(server, 'ws', { viewers: 1, seconds: bench.seconds(1.5) });

			// us per picture of so many pixels: millions of pixels a second.
			return { ...result, mpix_per_second: pixels / result.encode_us };
		},
		() => tool('bench-compute', ['jpeg', picture], { core: 0 }));

	return [
		// 640 where libjpeg-turbo made 705.
		line('JPEG, 720p, one core', 'MPix/s', results, 'mpix_per_second', { ratioAtLeast: 0.9 }),
		line('camera to one viewer, 720p, encoder and loop', 'ms', { ours: results.ours },
			result => (result.encode_us + result.loop_us) / 1000, { atMost: 1.9 }),
	];
});

export const rows = { 'fan-out': fanOut, stuck, jpeg };
