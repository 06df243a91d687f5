// The plugin `cameras` in the real daemon, and a tab that has chosen one of them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build, startVizyd, temporaryFolder } from './daemon.mjs';
import { dependencies, Tab } from './tab.mjs';

export const twoCameras = ['camera1 = simulated:1', 'camera1_title = Bench', 'camera2 = simulated:2', 'camera2_title = Window'];

/** A daemon with the plugin; `section` are lines of [plugin cameras], and of what follows. */
export function startCameras(t, { section = twoCameras, load = 'cameras', ...options } = {}) {
	const config = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(config, ['[plugins]', `load = ${load}`, '[plugin cameras]', ...section, ''].join('\n'));
	return startVizyd(t, {
		...options, env: { VIZYD_PLUGIN_DIR: join(build, 'plugins'), ...options.env },
		args: ['--config', config, ...options.args ?? []],
	});
}

/** Asks a callback of the plugin by its Input. */
export async function ask(daemon, tab, name, value) {
	const spec = (await dependencies(daemon)).byInput(name);

	if (!spec) {
		throw new Error(`no callback listens to ${name}`);
	}
	return tab.call(spec.output, { [name]: value });
}

/** A tab that has chosen a camera; `id`s of two tabs differ. */
export async function choose(daemon, name, options) {
	const tab = await Tab.open(daemon, options);
	const answer = await ask(daemon, tab, 'cameras-choice.value', name);

	if (answer.status === 'error') {
		throw new Error(JSON.stringify(answer));
	}
	await tab.has('cameras-live', 'camera', name);
	return tab;
}

/** The components in a tree, by id. */
export function byId(tree, found = {}) {
	if (Array.isArray(tree)) {
		tree.forEach(one => byId(one, found));
	} else if (tree && typeof tree === 'object') {
		if (typeof tree.props?.id === 'string') {
			found[tree.props.id] = tree.props;
		}
		Object.values(tree).forEach(one => byId(one, found));
	}
	return found;
}
