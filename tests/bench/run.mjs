// Runs the benchmarks named on the command line, or all, and prints one table. See README.md.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { rows as browserRows } from './browser.mjs';
import { rows as graphRows } from './graphs.mjs';
import { rows as linkRows } from './link.mjs';
import { rows as motionRows } from './motion.mjs';
import { rows as pictureRows } from './picture.mjs';
import { rows as programRows } from './program.mjs';
import { rows as recordRows } from './record.mjs';
import { rows as siegeRows } from './siege.mjs';

const rows = { ...linkRows, ...programRows, ...pictureRows, ...motionRows, ...recordRows, ...siegeRows, ...browserRows, ...graphRows };

const { values: options, positionals: names } = parseArgs({
	allowPositionals: true,
	options: { json: { type: 'string' }, quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

function usage() {
	console.log(`usage: scripts/bench [--json FILE] [--quick] [NAME...]\n\nNames: ${Object.keys(rows).join(' ')}`);
}

for (const name of names) {
	if (!(name in rows)) {
		console.error(`There is no benchmark ${name}. Names: ${Object.keys(rows).join(' ')}`);
		process.exit(2);
	}
}
if (options.help) {
	usage();
	process.exit(0);
}

/** `quick` only shows that the tools work. */
const bench = {
	quick: options.quick,
	times: options.quick ? 1 : 5,
	seconds: wanted => (options.quick ? 0.05 : wanted),
};

function format(value) {
	if (value === undefined) {
		return '';
	}
	return Math.abs(value) >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
}

function goalText({ ratioAtMost, ratioAtLeast, atMost, atLeast }) {
	if (ratioAtMost !== undefined) {
		return `<= ${ratioAtMost}x`;
	}
	if (ratioAtLeast !== undefined) {
		return `>= ${ratioAtLeast}x`;
	}
	return atMost !== undefined ? `<= ${atMost}` : atLeast !== undefined ? `>= ${atLeast}` : '';
}

const columns = [48, 10, 10, 8, 10, 9];
const cells = texts => texts.map((text, i) => (i ? text.padStart(columns[i]) : text.padEnd(columns[i]))).join(' ');

function print({ title, unit, ours, floor, ratio, goal, reached }) {
	const verdict = goalText(goal) ? (reached ? 'yes' : 'NO') : '';

	console.log(cells([`${title} [${unit}]`, format(ours), format(floor), ratio === undefined ? '' : `${ratio.toFixed(2)}x`,
		goalText(goal), verdict]));
}

const results = [];

console.log(cells(['', 'ours', 'floor', 'ratio', 'goal', 'reached']));
for (const name of names.length ? names : Object.keys(rows)) {
	// One that cannot be measured must not take the others' figures with it.
	try {
		for (const line of await rows[name](bench)) {
			results.push({ name, ...line });
			print(line);
		}
	} catch (error) {
		console.log(`${name}: not measured: ${(error.stderr || error.message).trim()}`);
		results.push({ name, error: String(error.stack) });
		process.exitCode = 1;
	}
}
if (options.json) {
	writeFileSync(options.json, `${JSON.stringify({ date: new Date().toISOString(), quick: options.quick, results }, null, '\t')}\n`);
}
