// Updates over the link: round trips, throughput, broadcast, order, growth, message size, memory.
// The floor is floor-link.c, which answers the same messages with libwebsockets and json-c alone.

import { join } from 'node:path';

import { build, testapp, uiDir } from '../lib/daemon.mjs';
import { inTurns, line, serverCore, tool, withServer, withServers } from './lib.mjs';

const crowd = 2000;

export const app = (...args) => [testapp, '--listen', '127.0.0.1:0', '--ui-dir', uiDir, '--per-address', crowd, ...args];
export const floor = (...args) => [join(build, 'tests/bench/bench-floor-link'), ...args];

function load(server, mode, options = {}) {
	const { core, ...rest } = options;
	const args = Object.entries(rest).flatMap(([name, value]) => [`--${name}`, value]);

	return tool('bench-load', ['--pid', server.pid, ...args, mode, server.port], { core });
}

/** The same load on both, in turns. */
const compare = (bench, mode, options) => withServers(app(), floor(), (ours, base) =>
	inTurns(bench.times, () => load(ours, mode, options), () => load(base, mode, options)));

async function roundTrip(bench) {
	const results = await compare(bench, 'echo', { seconds: bench.seconds(0.5), core: serverCore });

	return [
		line('callback round trip p50, one client', 'us', results, 'p50_us', { ratioAtMost: 1.3 }),
		line('callback round trip p99, one client', 'us', results, 'p99_us', {}),
	];
}

async function updates(bench) {
	const ten = await compare(bench, 'echo', { seconds: bench.seconds(0.5), connections: 10 });
	const hundred = await compare(bench, 'echo', { seconds: bench.seconds(0.5), connections: 100 });

	return [
		// 13 us where the floor took 10.2.
		line('CPU per update, 10 clients', 'us', ten, 'cpu_us', { ratioAtMost: 1.27 }),
		// 80 000 where the floor made 106 000 to 118 000.
		line('updates a second, one core, 100 clients', '/s', hundred, 'per_second', { ratioAtLeast: 0.71 }),
	];
}

async function broadcast(bench) {
	const lines = [];

	for (const connections of [10, 100, 1000]) {
		const results = await compare(bench, 'broadcast', { seconds: bench.seconds(0.6), connections });

		lines.push(
			line(`broadcast, last of ${connections}`, 'us', results, 'last_p50_us', { ratioAtMost: 1.4 }),
			// 6 us where the floor took 4.4 to 6.4.
			line(`CPU per delivery, ${connections} clients`, 'us', results, 'cpu_us', { ratioAtMost: 1.4 }),
		);
	}
	return lines;
}

async function order(bench) {
	const values = bench.quick ? 2000 : 1000000;
	const [answers, drag, slow] = await withServer(app(), async server => [
		await load(server, 'order', { values }),
		await load(server, 'drag', { values: values / 10 }),
		await load(server, 'drag', { values: Math.max(20, values / 500), control: 'lag' }),
	]);
	const none = { atMost: 0 };
	const of = (title, result, key) => line(title, `of ${result.n}`, { ours: [result] }, key, none);

	return [
		of('answers out of order, bursts of 20', answers, 'swapped'),
		of('answers with another value', answers, 'bad'),
		of('shared values out of order in another tab', drag, 'swapped'),
		of('the same, each taking 0 to 2 ms on a worker', slow, 'swapped'),
	];
}

/** Much more of everything against little of it: a ratio of ours to ours. */
async function growth(bench) {
	const options = { seconds: bench.seconds(0.5), core: serverCore };
	const compareApps = large => withServers(large, app(), (ours, base) =>
		inTurns(bench.times, () => load(ours, 'echo', options), () => load(base, 'echo', options)));

	return [
		line('round trip, 1000 more callbacks', 'us', await compareApps(app('--callbacks', 1000, '--layout', 2000)), 'p50_us', { ratioAtMost: 1.05 }),
		line('round trip, 10 000 more components', 'us', await compareApps(app('--layout', 10000)), 'p50_us', { ratioAtMost: 1.05 }),
	];
}

async function messageSize(bench) {
	const lines = [];

	for (const [bytes, name] of [[100000, '100 kB'], [1000000, '1 MB']]) {
		const results = await compare(bench, 'echo', { seconds: bench.seconds(0.8), bytes, core: serverCore });

		lines.push(
			line(`message of ${name} and back, p50`, 'us', results, 'p50_us', { ratioAtMost: 1.3 }),
			line(`message of ${name} and back, CPU`, 'us', results, 'cpu_us', { ratioAtMost: 1.3 }),
		);
	}
	return lines;
}

/** A server is measured once only: what its first tabs left behind would be there for the next. */
async function idleClients(bench) {
	const one = command => () => withServer(command, server => load(server, 'idle', { connections: bench.quick ? 100 : 1000 }));
	const results = await inTurns(bench.quick ? 1 : 3, one(app()), one(floor()));

	return [
		line('memory per idle client', 'kB', results, 'kb_each', { atMost: 8 }),
		line('CPU of 1000 idle clients', '%', results, 'cpu_percent', { atMost: 0.5 }),
	];
}

/** Tabs that come and go, abruptly: what the server has once it has seen some, it must not outgrow. */
async function churn(bench) {
	const connections = bench.quick ? 20 : 500;
	const result = await withServer(app(), async server => {
		const come = async times => {
			for (let i = 0; i < times; i++) {
				await load(server, 'broadcast', { connections, seconds: 0.05 });
			}
			return server.rssKb();
		};
		const before = await come(3);

		return { kb: await come(bench.quick ? 1 : 10) - before };
	});

	return [line(`memory after ${(bench.quick ? 1 : 10) * connections} more tabs came and went`, 'kB', { ours: [result] }, 'kb', { atMost: 256 })];
}

export const rows = {
	'round-trip': roundTrip,
	updates,
	broadcast,
	order,
	growth,
	'message-size': messageSize,
	'idle-clients': idleClients,
	churn,
};
