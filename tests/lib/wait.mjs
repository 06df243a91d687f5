// Waiting for a state rather than for a time.

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Resolves with the first true value of `condition`, which may be asynchronous. */
export async function until(condition, { timeout = 10000, interval = 20, what = 'a condition' } = {}) {
	const end = Date.now() + timeout;

	for (;;) {
		const value = await condition();

		if (value) {
			return value;
		}
		if (Date.now() > end) {
			throw new Error(`waited ${timeout} ms for ${typeof what === 'function' ? what() : what}`);
		}
		await sleep(interval);
	}
}

/** Resolves when `sample` (compared as JSON) has kept its value for `quiet` ms. */
export async function untilQuiet(sample, { quiet = 500, timeout = 10000, what = 'silence' } = {}) {
	let last = JSON.stringify(await sample());
	let since = Date.now();

	await until(async () => {
		const value = JSON.stringify(await sample());

		if (value !== last) {
			last = value;
			since = Date.now();
		}
		return Date.now() - since >= quiet;
	}, { timeout, what });
	return JSON.parse(last);
}
