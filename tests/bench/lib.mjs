// Starts servers and tools on the cores that a measurement asks for, and puts what they measured
// side by side.

import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { build, Daemon } from '../lib/daemon.mjs';

const execute = promisify(execFile);

/** One connection is measured with both ends on one core, many with an end on each. */
export const serverCore = 0;
export const loadCore = availableParallelism() - 1;

const binary = name => join(build, 'tests/bench', name);

/** Runs a tool of this folder to its end and returns the JSON that it printed. */
export async function tool(name, args, { core = loadCore } = {}) {
	const { stdout } = await execute('taskset', ['-c', core, binary(name), ...args].map(String), { timeout: 300000 });

	return JSON.parse(stdout);
}

/** Starts a server, calls `use(server)`, and stops it. Returns what `use` returned. */
export async function withServer([command, ...args], use) {
	const server = await new Daemon('taskset', ['-c', serverCore, command, ...args].map(String)).listening();

	try {
		return await use(server);
	} finally {
		await server.stop();
	}
}

/** Two servers at once, which are then measured in turns. */
export const withServers = (ours, floor, use) =>
	withServer(ours, a => withServer(floor, b => use(a, b)));

export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length >> 1;

	return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * Measures ours and the floor in turns, so that whatever else the machine does meets both.
 * Returns two lists of what the functions returned.
 */
export async function inTurns(times, ours, floor) {
	const results = { ours: [], floor: [] };

	for (let i = 0; i < times; i++) {
		if (i % 2) {
			results.floor.push(await floor());
			results.ours.push(await ours());
		} else {
			results.ours.push(await ours());
			results.floor.push(await floor());
		}
	}
	return results;
}

/**
 * A line of the table, of one key of what inTurns() returned. `goal` is {ratioAtMost},
 * {ratioAtLeast}, {atMost} or {atLeast}, or {} for a figure that only puts others into context.
 */
export function line(title, unit, results, key, goal) {
	const values = list => list.map(result => (typeof key === 'function' ? key(result) : result[key]));
	const ours = values(results.ours);
	const floor = results.floor && values(results.floor);
	const result = { title, unit, ours: median(ours), goal };

	if (floor) {
		result.floor = median(floor);
		// Of each pair, since the machine is the same for both only within a pair.
		const ratios = ours.map((value, i) => value / floor[i]).filter(Number.isFinite);

		result.ratio = ratios.length ? median(ratios) : undefined;
	}
	result.reached = judge(result);
	result.runs = { ours, floor };
	return result;
}

function judge({ ours, ratio, goal }) {
	if (goal.ratioAtMost !== undefined) {
		return ratio <= goal.ratioAtMost;
	}
	if (goal.ratioAtLeast !== undefined) {
		return ratio >= goal.ratioAtLeast;
	}
	if (goal.atMost !== undefined) {
		return ours <= goal.atMost;
	}
	return goal.atLeast !== undefined ? ours >= goal.atLeast : undefined;
}
