// Real video files: see scripts/lib/footage.

import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(new URL('.', import.meta.url).pathname, '../..');
const folder = join(process.env.VIZYD_CACHE ?? join(root, '.cache'), 'footage');

function* files(path) {
	for (const entry of readdirSync(path, { withFileTypes: true })) {
		const whole = join(path, entry.name);

		if (entry.isDirectory()) {
			yield* files(whole);
		} else {
			yield whole;
		}
	}
}

/** {find(name)}; or null, and the test `t` is skipped, where the files cannot be had. */
export async function footage(t) {
	try {
		await promisify(execFile)(join(root, 'scripts/lib/footage'), [folder]);
	} catch (error) {
		t.skip(error.stderr.trim().split('\n').pop());
		return null;
	}
	const all = [...files(folder)];

	return {
		find(name) {
			const path = all.find(file => file.endsWith(`/${name}`));

			if (!path) {
				throw new Error(`no ${name} among ${all.join(' ')}`);
			}
			return path;
		},
	};
}
