// The table in README.md is true: each number has its tests, and each file that it names is there.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';

const here = new URL('.', import.meta.url);
const read = path => readFileSync(new URL(path, here), 'utf8');

/** The rows of the table: the number, and the names of test files in it by folder. */
function rows() {
	return read('README.md').split('\n').filter(line => /^\| C?\d+ \|/.test(line)).map(line => {
		const [, number, , wire, browser] = line.split('|').map(cell => cell.trim());
		const names = cell => (cell ?? '').split(';').filter(part => !/unit tests|`|no violation/.test(part))
			.flatMap(part => part.split(',')).map(name => name.trim()).filter(Boolean);

		return { number, files: [...names(wire).map(name => `${name}.test.mjs`), ...names(browser).map(name => `../browser/${name}.test.mjs`)] };
	});
}

test('every number of the list has its row, but what is left out', () => {
	const numbers = rows().map(({ number }) => number);
	const wanted = [...Array.from({ length: 36 }, (_, i) => String(i + 1)).filter(n => n !== '30'),
		...Array.from({ length: 10 }, (_, i) => `C${i + 1}`)];

	assert.deepEqual(numbers, wanted);
});

test('each file that the table names is there, and has the number in the name of a test', () => {
	for (const { number, files } of rows()) {
		const name = new RegExp(`^\\s*test\\(.*${number.startsWith('C') ? '\\b' : '#'}${number}\\b`, 'm');

		assert.ok(files.length, `${number} names no file`);
		for (const file of files) {
			assert.ok(existsSync(new URL(file, here)), `${number} names ${file}`);
			assert.ok(name.test(read(file)), `no test in ${file} has ${number} in its name`);
		}
	}
});
