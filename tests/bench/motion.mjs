// The motionscope: detection and tracking of a picture on one core, beside copying it and one pass over its
// luma plane.

import { line, tool } from './lib.mjs';

// Twice what the fastest known program makes, where one pass over luma made 22, 7.8 and 3.7 thousand.
const sizes = [['480p', 640, 480, 8000], ['720p', 1280, 720, 3000], ['1080p', 1920, 1080, 1400]];

const motionscope = async bench => {
	const lines = [];

	for (const [name, width, height, atLeast] of sizes) {
		const results = { ours: [], floor: [] };

		for (let i = 0; i < bench.times; i++) {
			const result = await tool('bench-motionscope', [width, height], { core: 0 });

			results.ours.push(result);
			results.floor.push(result);
		}
		const one = key => ({ ours: results.ours.map(r => r.steps_per_second), floor: results.floor.map(r => r[key]) });
		const passes = one('passes_per_second'), copies = one('copies_per_second');

		for (const [what, pair, goal] of [['a pass over luma', passes, { atLeast }], ['copying', copies, {}]]) {
			lines.push(line(`pictures detected and tracked, ${name}; ${what}`, '/s',
				{ ours: pair.ours.map(value => ({ value })), floor: pair.floor.map(value => ({ value })) }, 'value', goal));
		}
	}
	return lines;
};

export const rows = { motionscope };
