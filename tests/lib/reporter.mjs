// The reporter of the wire and browser tests: one line a test, what failed in full, and last the
// line "N passed, N failed, N skipped" that scripts/test adds up.

import { inspect } from 'node:util';

function describe(error) {
	const cause = error?.cause ?? error;

	return typeof cause === 'string' ? cause : inspect(cause, { depth: 4, maxStringLength: 2000 });
}

export default async function* report(source) {
	let passed = 0;
	let failed = 0;
	let skipped = 0;

	for await (const { type, data } of source) {
		// A suite is counted by its tests.
		if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') {
			continue;
		}
		const time = `${Math.round(data.details.duration_ms)} ms`;

		if (type === 'test:fail') {
			failed++;
			yield `FAILED  ${data.name} (${time})\n`;
			yield `${describe(data.details.error).replace(/^/gm, '        ')}\n`;
		} else if (data.skip !== undefined) {
			skipped++;
			yield `skipped ${data.name}: ${data.skip || 'no reason given'}\n`;
		} else {
			passed++;
			yield `ok      ${data.name} (${time})\n`;
		}
	}
	yield `${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}
