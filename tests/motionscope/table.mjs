// The table in README.md: made by the test of the films, and compared with it, so that it says what is.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('README.md', import.meta.url);
const head = ['film', 'what', 'measured', 'expected', 'off', 'from the truth'];
const marks = ['<!-- measured -->', '<!-- end -->'];

function line(cells) {
	return `| ${cells.join(' | ')} |`;
}

function split(text) {
	const [before, rest] = text.split(`${marks[0]}\n`);
	const [table, after] = rest.split(marks[1]);

	return { before, after, table };
}

/** Rows of {film, what, measured, expected, unit, percent, ofTruth}: as the cells of the table. */
function cells({ film, what, measured, expected, unit, percent, ofTruth }) {
	const places = Math.abs(measured) < 10 ? 3 : 1;
	const off = expected === null ? '' : `${(100 * (measured / expected - 1)).toFixed(1)} %`;

	return [film, what, `${measured.toFixed(places)} ${unit}`.trim(),
		expected === null ? `< ${percent} ${unit}` : `${expected}`, off, ofTruth?.toFixed(places) ?? ''];
}

/** Writes the table where VIZYD_WRITE is set; else each figure must be the one that is written there, as
 * closely as compilers and decoders agree. */
export function checkTable(rows) {
	const { before, after, table } = split(readFileSync(file, 'utf8'));
	const lines = [line(head), line(head.map(() => '---')), ...rows.map(row => line(cells(row)))];

	if (process.env.VIZYD_WRITE) {
		writeFileSync(file, `${before}${marks[0]}\n${lines.join('\n')}\n${marks[1]}${after}`);
		return;
	}
	const written = table.trim().split('\n').slice(2).map(text => text.split('|').slice(1, -1).map(s => s.trim()));

	assert.equal(written.length, rows.length, 'README.md has other rows; VIZYD_WRITE=1 makes them anew');
	rows.forEach((row, i) => {
		assert.deepEqual(written[i].slice(0, 2), [row.film, row.what]);
		const was = Number.parseFloat(written[i][2]), slack = row.expected === null ? 0.1 : 0.01 * Math.abs(was);

		assert.ok(Math.abs(row.measured - was) <= slack,
			`${row.film}, ${row.what}: ${row.measured}, README.md says ${was}; VIZYD_WRITE=1 writes it anew`);
	});
}
