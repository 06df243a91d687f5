// The daemon as a program: how soon it is there, what it does when nobody wants anything, how large
// it is and what a browser loads.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { uiDir, vizyd } from '../lib/daemon.mjs';
import { inTurns, line, tool, withServer } from './lib.mjs';
import { floor } from './link.mjs';

export function withFolder(use) {
	const folder = mkdtempSync(join(tmpdir(), 'vizyd-bench-'));

	return Promise.resolve(use(folder)).finally(() => rmSync(folder, { recursive: true, force: true }));
}

export const daemon = (stateDir, ...args) => [
	vizyd, '--listen', '127.0.0.1:0', '--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', stateDir,
	'--log', 'warning', ...args,
];

const start = bench => withFolder(async folder => {
	const results = await inTurns(bench.times, () => tool('bench-start', daemon(folder)), () => tool('bench-start', floor()));

	return [
		line('start, exec to first page', 'ms', results, 'ms', { atMost: 30 }),
		line('memory of the daemon, no frames', 'MB', results, result => result.rss_kb / 1024, { atMost: 12 }),
	];
});

/** The simulated camera, as any, is stopped some seconds after the last viewer has gone. */
const idle = bench => withFolder(async folder => {
	const seconds = bench.quick ? 1 : 8;
	const results = { ours: [await tool('bench-start', ['--settle', bench.quick ? 0 : 12, '--idle', seconds, ...daemon(folder)])] };

	return [
		line('CPU while idle', '%', results, 'cpu_percent', { atMost: 0.05 }),
		line('wake-ups while idle', '/s', results, 'wakeups_per_second', { atMost: 2 }),
	];
});

/** What a browser with an empty cache fetches: [path, bytes] of the page and of all that it names. */
async function fetchPage(url) {
	const headers = { 'accept-encoding': 'gzip' };
	const page = await fetch(url, { headers });
	const html = await page.text();
	const paths = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(match => match[1]);
	const list = [['/', Buffer.byteLength(html)]];

	for (const path of new Set(paths)) {
		const answer = await fetch(new URL(path, url), { headers, method: 'HEAD' });

		list.push([path, Number(answer.headers.get('content-length'))]);
	}
	return list;
}

const size = () => withFolder(async folder => {
	const stripped = join(folder, 'vizyd');
	const fixed = (title, value, goal) => line(title, 'kB', { ours: [{ value }] }, 'value', goal);

	const module = join(folder, 'module');

	execFileSync('strip', ['-o', stripped, vizyd]);
	execFileSync('strip', ['-o', module, join(dirname(vizyd), 'vizyd-motionscope.so')]);
	const page = await withServer(daemon(folder), server => fetchPage(server.url));
	const total = page.reduce((sum, [, bytes]) => sum + bytes, 0);

	return [
		fixed('daemon, stripped', statSync(stripped).size / 1000, { atMost: 600 }),
		fixed('its module of Motionscope, stripped', statSync(module).size / 1000, {}),
		fixed('page and its scripts, gzip', total / 1000, { atMost: 270 }),
	];
});

/** Arrays of numbers, as graphs are made of. The floor writes six places of each, exact or not. */
const numbers = bench => inTurns(bench.times, () => tool('bench-compute', ['numbers']), () => ({})).then(({ ours }) => [
	line('a number of a plot as text, 3 places', 'ns', { ours, floor: ours.map(result => ({ measured_ns: result.fixed_ns })) }, 'measured_ns', { atMost: 30 }),
	line('a number of 17 digits as text', 'ns', { ours, floor: ours.map(result => ({ full_ns: result.json_c_ns })) }, 'full_ns', { ratioAtMost: 0.25 }),
]);

export const rows = { start, idle, size, numbers };
