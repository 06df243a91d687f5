// Starts the real programs on a free loopback port and takes them apart again.
//
// VIZYD_BUILD names the build folder (default: build-asan, which scripts/test makes), VIZYD_UI the
// folder of browser bundles (default: ui/dist of that build).

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { sleep, until } from './wait.mjs';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

export const build = resolve(root, process.env.VIZYD_BUILD ?? 'build-asan');
export const uiDir = resolve(root, process.env.VIZYD_UI ?? join(build, 'ui/dist'));
export const outDir = join(root, 'tests/out');
export const vizyd = join(build, 'daemon/vizyd');
export const testapp = join(build, 'tests/conformance/testapp');
export const testwiring = join(build, 'tests/conformance/testwiring');
export const assetsDir = join(root, 'tests/data/assets');

/** A folder that is gone when the test `t` ends. */
export function temporaryFolder(t) {
	const folder = mkdtempSync(join(tmpdir(), 'vizyd-test-'));

	// A daemon that is only stopped after this may put something into it meanwhile, which rmSync() does not
	// look for again by itself.
	t.after(async () => {
		for (let tries = 1; ; tries++) {
			try {
				rmSync(folder, { recursive: true, force: true });
				return;
			} catch (error) {
				if (tries === 20 || error.code !== 'ENOTEMPTY') {
					throw error;
				}
				await sleep(50);
			}
		}
	});
	return folder;
}

/** A started program, with `sockets` as descriptors from 3 on: its url, what it printed, and how it ended. */
export class Daemon {
	constructor(command, args, { env, cwd, sockets = [] } = {}) {
		this.stdout = '';
		this.stderr = '';
		this.child = spawn(command, args, {
			env: { ...process.env, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe', ...sockets],
		});
		this.child.stdout.on('data', data => { this.stdout += data; });
		this.child.stderr.on('data', data => { this.stderr += data; });
		this.ended = new Promise((resolve, reject) => {
			this.child.on('error', reject);
			this.child.on('close', (code, signal) => {
				this.status = { code, signal };
				resolve(this.status);
			});
		});
		// A program that cannot be started is reported by whoever waits for it.
		this.ended.catch(() => {});
	}

	/** How it ended, for a test that expects it to: without, the end is a failure. */
	get exited() {
		this.endExpected = true;
		return this.ended;
	}

	get pid() {
		return this.child.pid;
	}

	/** Waits for the first line of standard output, which tells the address. */
	async listening(timeout = 20000) {
		await Promise.race([
			until(() => this.stdout.includes('\n'), { timeout, what: 'the line "listening on"' }),
			this.ended,
		]);
		const first = this.stdout.split('\n')[0];
		const match = /^listening on (http:\/\/\S+)$/.exec(first);

		if (!match) {
			this.child.kill('SIGKILL');
			throw new Error(`not listening; stdout: ${this.stdout}\nstderr: ${this.stderr.slice(-4000)}`);
		}
		this.url = match[1].replace(/\/$/, '');
		this.port = Number(new URL(this.url).port);
		this.host = new URL(this.url).host;
		return this;
	}

	/** Ends it as systemd would, and throws unless it ended well and in time. */
	async stop({ within = 10000 } = {}) {
		if (this.status) {
			return this.status;
		}
		this.endExpected = true;
		this.child.kill('SIGTERM');
		await Promise.race([this.ended, until(() => this.status, { timeout: within, what: 'the end' })])
			.catch(error => {
				this.child.kill('SIGKILL');
				throw error;
			});
		if (this.status.code !== 0) {
			throw new Error(`ended with ${JSON.stringify(this.status)}: ${this.stderr.slice(-4000)}`);
		}
		return this.status;
	}

	/** Ends it as a power cut would. */
	async kill() {
		this.child.kill('SIGKILL');
		await this.exited;
	}

	async status_page() {
		return (await fetch(`${this.url}/status`)).json();
	}

	/** Resident memory, from the kernel. */
	rssKb() {
		return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))[1]);
	}

	/** Seconds of processor time used so far. */
	cpuSeconds() {
		const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1].split(' ');

		return (Number(fields[11]) + Number(fields[12])) / 100;
	}
}

/** Starts `command`, and stops it, checking that it ends well, when the test `t` ends. */
async function start(t, command, args, options = {}) {
	const daemon = new Daemon(command, args, options);

	t.after(async () => {
		if (daemon.status && !daemon.endExpected) {
			throw new Error(`ended by itself with ${JSON.stringify(daemon.status)}: ${daemon.stderr.slice(-8000)}`);
		}
		await daemon.stop();
	});
	return daemon.listening();
}

/** The daemon with the simulated camera, unless `camera` says otherwise. */
export function startVizyd(t, { camera = 'simulated', listen = '127.0.0.1:0', stateDir, args = [], ...options } = {}) {
	return start(t, vizyd, [
		'--listen', listen, '--camera', camera, '--ui-dir', uiDir,
		'--state-dir', stateDir ?? temporaryFolder(t), ...args,
	], options);
}

/** The daemon under a path, "/cam/", as behind a proxy; `url` ends before the path's last '/'. */
export async function startUnder(t, prefix, { args = [], ...options } = {}) {
	const config = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(config, `[server]\nprefix = ${prefix}\n`);
	const daemon = await startVizyd(t, { ...options, args: ['--config', config, ...args] });

	daemon.origin = daemon.url;
	daemon.url += prefix.slice(0, -1);
	return daemon;
}

/** The page with one of everything, tests/conformance/testapp.c. */
export function startTestapp(t, { listen = '127.0.0.1:0', args = [], ...options } = {}) {
	return start(t, testapp, ['--listen', listen, '--ui-dir', uiDir, ...args], options);
}

/** Another page with the same options, tests/conformance/testwiring.c. */
export function startTestwiring(t, { listen = '127.0.0.1:0', args = [], ...options } = {}) {
	return start(t, testwiring, ['--listen', listen, '--ui-dir', uiDir, ...args], options);
}

/** Runs a program to its end and returns what it printed. */
export async function run(command, args, { timeout = 20000, env } = {}) {
	const daemon = new Daemon(command, args, { env });
	const timer = setTimeout(() => daemon.child.kill('SIGKILL'), timeout);
	const status = await daemon.exited;

	clearTimeout(timer);
	return { ...status, stdout: daemon.stdout, stderr: daemon.stderr };
}
