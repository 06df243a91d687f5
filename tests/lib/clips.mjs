// Clips, as somebody at the page uses them: uploads, the desk, what is found.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startVizyd, temporaryFolder } from './daemon.mjs';
import { footage } from './footage.mjs';
import { dependencies, Tab } from './tab.mjs';
import { until } from './wait.mjs';

export const inClips = dir => readdirSync(join(dir, 'clips')).sort();
export const route = (daemon, rest) => fetch(`${daemon.url}/_vizyd/clips/${rest}`);

export function upload(daemon, name, body, { headers } = {}) {
	return fetch(`${daemon.url}/_vizyd/clips/upload?name=${encodeURIComponent(name)}`, { method: 'POST', body, headers });
}

/** Sets a property of the page as a browser does. */
export async function set(daemon, tab, values) {
	const { byInput } = await dependencies(daemon);
	const [first] = Object.keys(values);
	const { output, inputs } = byInput(first);
	const now = Object.fromEntries(inputs.map(({ id, property }) => [`${id}.${property}`, tab.props[id]?.[property] ?? null]));

	return tab.call(output, { ...now, ...values }, { changed: Object.keys(values) });
}

export const click = (daemon, tab, id) => set(daemon, tab, { [`${id}.n_clicks`]: 1 });

export async function opened(tab, text) {
	await until(() => text.test(tab.props['clip-note']?.children ?? ''),
		{ timeout: 20000, what: () => `the clip; it says ${tab.props['clip-note']?.children}` });
}

/** A daemon with the film of the thrown ball on its desk. */
export async function startWithBall(t, options = {}) {
	const films = await footage(t);

	if (!films) {
		return null;
	}
	const stateDir = options.stateDir ?? temporaryFolder(t);
	const daemon = await startVizyd(t, { ...options, stateDir });
	const film = films.find('balle1-vp9.avi');
	const tab = await Tab.open(daemon);
	const answer = await upload(daemon, 'ball.avi', readFileSync(film));

	assert.deepEqual([answer.status, await answer.text()], [200, '{"clip":"ball.avi"}']);
	await opened(tab, /^320 × 240, 295 frames/);
	return { daemon, film, tab, stateDir };
}

export async function processed(tab) {
	await until(() => /found\.|Cancelled|moved|cannot|:/.test(tab.props['process-state']?.children ?? '')
		&& tab.props['process-go']?.disabled === false,
	{ timeout: 60000, what: () => `the end; it says ${JSON.stringify(tab.props['process-state'])}` });
	return tab.props['process-state'].children;
}
