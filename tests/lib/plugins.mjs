// Plugins for tests: a folder of them, and daemons that load from there.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

import { build, Daemon, startVizyd, temporaryFolder, uiDir, vizyd } from './daemon.mjs';

/** Installs a library of tests/plugins as a maker does: over what is there, in place. */
export function install(folder, file, name) {
	copyFileSync(join(build, `tests/plugins/${file}.so`), join(folder, `${name}.so`));
}

/** A folder with plugins: {name: file}. */
export function pluginFolder(t, files) {
	const folder = temporaryFolder(t);

	for (const [name, file] of Object.entries(files)) {
		install(folder, file, name);
	}
	return folder;
}

// A daemon that is meant to die does so without a sanitizer's report.
const sober = {
	ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0`,
	TSAN_OPTIONS: `${process.env.TSAN_OPTIONS ?? ''}:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0`,
};

export function startWithPlugins(t, { folder, load, config = [], args = [], env = {}, ...options }) {
	return startVizyd(t, {
		...options, env: { VIZYD_PLUGIN_DIR: folder, ...env }, args: ['--load', load, ...args],
	});
}

/** One that nobody expects to end well. */
export async function startDoomed({ folder, load, stateDir, args = [] }) {
	const daemon = new Daemon(vizyd, [
		'--listen', '127.0.0.1:0', '--camera', 'simulated', '--ui-dir', uiDir,
		'--state-dir', stateDir, '--load', load, ...args,
	], { env: { ...sober, VIZYD_PLUGIN_DIR: folder } });

	return daemon.listening();
}
