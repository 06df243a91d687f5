// The recorder, as somebody at the page uses it, and what it leaves on the disk.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dependencies } from './tab.mjs';
import { until } from './wait.mjs';

const inputsOf = spec => spec.inputs.map(({ id, property }) => `${id}.${property}`);

/** Sets properties of one callback as `tab`; the others have their values of now. */
export async function use(daemon, tab, values) {
	const spec = (await dependencies(daemon)).byInput(Object.keys(values)[0]);
	const now = await page(daemon);
	const all = Object.fromEntries(inputsOf(spec).map(name => [name, values[name] ?? now[name]]));

	return tab.call(spec.output, all, { changed: Object.keys(values) });
}

/** A click. */
export async function click(daemon, tab, id) {
	return use(daemon, tab, { [`${id}.n_clicks`]: ((await page(daemon))[`${id}.n_clicks`] ?? 0) + 1 });
}

/** Every "id.property" of the layout as it is now. */
export async function page(daemon) {
	const values = {};
	const walk = node => {
		if (Array.isArray(node)) {
			node.forEach(walk);
		} else if (node?.props) {
			for (const [property, value] of Object.entries(node.props)) {
				values[`${node.props.id}.${property}`] = value;
				walk(value);
			}
		}
	};

	walk(await (await fetch(`${daemon.url}/_dash-layout`)).json());
	return values;
}

export const state = async daemon => (await daemon.status_page()).recorder;

/** The recordings on the disk, the oldest first, each with its sidecar; halves have `half`. */
export function recordings(stateDir) {
	return readdirSync(join(stateDir, 'recordings')).sort().flatMap(name => {
		const folder = join(stateDir, 'recordings', name);
		let sidecar;

		try {
			sidecar = JSON.parse(readFileSync(join(folder, 'recording.json'), 'utf8'));
		} catch {
			sidecar = null;
		}
		return [{ entry: name, folder, half: name.startsWith('.'), ...sidecar }];
	});
}

/** Waits until there are `n` whole recordings, and returns them; the next one may have begun meanwhile. */
export async function saved(daemon, stateDir, n, options) {
	const whole = () => recordings(stateDir).filter(one => !one.half);

	let now;

	await until(async () => {
		now = await state(daemon);
		return whole().length >= n && now.takes === 0;
	}, { timeout: 60000, what: () => `${n} recordings; the recorder says ${JSON.stringify(now)}`, ...options });
	return whole();
}
