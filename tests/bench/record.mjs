// A camera of 1080p at 30 pictures a second that is recorded, tracked live and looked at by somebody, all at once:
// what that takes of a processor, thread by thread. A real camera has none of the simulated one's own work.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { watch } from '../lib/camera.mjs';
import { Daemon } from '../lib/daemon.mjs';
import { recordings, use } from '../lib/recorder.mjs';
import { Tab } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';
import { line, tool } from './lib.mjs';
import { daemon, withFolder } from './program.mjs';

const fps = 30;

/** Processor time of each thread so far, by its name, in ns. */
function threads(pid) {
	const times = {};

	for (const id of readdirSync(`/proc/${pid}/task`)) {
		try {
			const folder = `/proc/${pid}/task/${id}`;
			const name = readFileSync(`${folder}/comm`, 'utf8').trim();

			times[name] = (times[name] ?? 0) + Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]);
		} catch {
			// It has ended meanwhile.
		}
	}
	return times;
}

/** Times and counters of now. */
async function sample(server) {
	const { recorder, live, frames } = await server.status_page();

	return { recorded: recorder.frames, dropped: recorder.dropped, lost: recorder.lost, waiting: recorder.waiting, tracked: live.tracked, encoded: frames.encoded, cpu: threads(server.pid) };
}

/** What each thread took for one recorded picture, as the share of a core that it takes at 30 of them a second. */
function compare(before, after) {
	const pictures = after.recorded - before.recorded;
	const share = {};

	for (const [name, ns] of Object.entries(after.cpu)) {
		share[name] = (ns - (before.cpu[name] ?? 0)) / pictures * fps / 1e7;
	}
	return {
		share, pictures, tracked: (after.tracked - before.tracked) / pictures,
		missed: (after.dropped - after.lost) - (before.dropped - before.lost),
		waiting: after.waiting - before.waiting,
		all: Object.values(share).reduce((sum, value) => sum + value, 0),
	};
}

/** On all cores: the simulated camera must not be in the way of what is measured. */
function start(folder, { width, height, fps }) {
	const config = join(folder, 'vizyd.conf');

	writeFileSync(config, `[camera]\nwidth = ${width}\nheight = ${height}\nfps = ${fps}\n[recorder]\nmemory = 400\ndisk = 8000\n`);
	const [command, ...args] = daemon(folder, '--config', config);

	return new Daemon(command, args).listening();
}

const record = bench => withFolder(async folder => {
	const server = await start(folder, { width: 1920, height: 1080, fps });
	const results = { ours: [], floor: [] };

	try {
		const tab = await Tab.open(server);
		const watcher = await watch(server, { keep: false });

		await use(server, tab, { 'capture-until.value': 'stopped' });
		await use(server, tab, { 'track-live.value': ['on'] });
		// The background is learnt first.
		await until(async () => (await server.status_page()).live.tracked > (bench.quick ? 5 : 90), { timeout: 60000, what: 'tracking' });
		await fetch(`${server.url}/api/record`, { method: 'POST', body: '' });
		await until(async () => (await server.status_page()).recorder.frames > 10, { timeout: 20000, what: 'frames' });
		for (let i = 0; i < bench.times; i++) {
			const before = await sample(server);

			await sleep(bench.seconds(2) * 1000);
			results.ours.push(compare(before, await sample(server)));
			results.floor.push(await tool('bench-motionscope', [1920, 1080]));
		}
		watcher.close();
		tab.socket.terminate();
	} finally {
		await server.stop();
	}
	const all = ({ share, all: sum }) => sum - (share['vizyd-simulated'] ?? 0);
	// A thread that does nothing but copy each picture.
	const floor = results.floor.map(({ copies_per_second }) => ({ value: fps / copies_per_second * 100 }));
	const ours = pick => ({ ours: results.ours.map(result => ({ value: pick(result) })) });
	const names = Object.keys(results.ours[0].share).filter(name => name !== 'vizyd-simulated' && ours(({ share }) => share[name]).ours.some(({ value }) => value > 0.5));

	return [
		line('1080p at 30/s recorded, tracked, one viewer; copying', '% core', { ...ours(all), floor }, 'value', { atMost: 100 }),
		...names.map(name => line(`  of it ${name}`, '% core', ours(({ share }) => share[name] ?? 0), 'value', {})),
		line('  beside it, the simulated camera', '% core', ours(({ share }) => share['vizyd-simulated'] ?? 0), 'value', {}),
		line('  pictures tracked of those recorded', 'x', ours(({ tracked }) => tracked), 'value', {}),
		line('  pictures that the recorder missed', '', ours(({ missed }) => missed), 'value', { atMost: 0 }),
	];
});

/** What becomes of 240 pictures a second: each is in the recording, or counted as missing and why. */
const fast = bench => withFolder(async folder => {
	const rate = 240, seconds = Math.max(0.2, bench.seconds(2));
	const server = await start(folder, { width: 1536, height: 848, fps: rate });
	const results = { ours: [] };

	try {
		const tab = await Tab.open(server);

		await use(server, tab, { 'capture-duration.value': seconds });
		for (let i = 0; i < bench.times; i++) {
			await fetch(`${server.url}/api/record`, { method: 'POST', body: '' });
			await until(async () => (await server.status_page()).recorder.takes === 0 && recordings(folder).filter(one => !one.half).length > i,
				{ timeout: 60000, what: 'the recording' });
			const { frames, dropped, lost } = recordings(folder).at(-1);

			results.ours.push({ recorded: frames / seconds, lost: lost / seconds, missed: (dropped - lost) / seconds, known: (frames + dropped) / (rate * seconds) });
		}
		tab.socket.terminate();
	} finally {
		await server.stop();
	}
	return [
		line('1536x848 at 240/s, recorded', '/s', results, 'recorded', {}),
		line('  not given by the simulated camera', '/s', results, 'lost', {}),
		line('  missed by the recorder', '/s', results, 'missed', { atMost: 0 }),
		line('  recorded or counted as missing', 'x', results, 'known', { atLeast: 1 }),
	];
});

export const rows = { record, fast };
