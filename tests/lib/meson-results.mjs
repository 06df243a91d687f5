// Adds up what `meson test` wrote: meson-results.mjs BUILD/meson-logs/testlog.json
//
// Our unit tests end with "N passed, N failed[, N skipped]"; a program that prints no such line
// (it crashed, or was stopped) counts as one failure, a foreign one as one test.

import { readFileSync } from 'node:fs';

const counts = { passed: 0, failed: 0, skipped: 0 };

for (const line of readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
	const { name, result, stdout = '', stderr = '' } = JSON.parse(line);
	const last = stdout.trimEnd().split('\n').pop();
	const match = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(last);
	const good = result === 'OK' || result === 'SKIP';

	if (match) {
		counts.passed += Number(match[1]);
		counts.failed += Number(match[2]);
		counts.skipped += Number(match[3] ?? 0);
	} else if (good) {
		counts[result === 'OK' ? 'passed' : 'skipped']++;
	}
	// Whatever the line said: a sanitizer speaks last, through the exit status.
	if (!good && !Number(match?.[2])) {
		counts.failed++;
	}
	if (!good) {
		console.log(`FAILED  ${name} (${result})\n${stdout}${stderr}`);
	}
	for (const [, why] of stderr.matchAll(/^skipped: (.*)$/gm)) {
		console.log(`skipped ${name}: ${why}`);
	}
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
