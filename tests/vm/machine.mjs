// The virtual machine of scripts/vm: started, spoken to, reset and ended.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { until } from '../lib/wait.mjs';

const root = resolve(import.meta.dirname, '../..');
const out = join(root, 'tests/out');

// An emulated machine on a busy one. What takes longer stands still.
export const patience = { timeout: 120000, interval: 100 };

function freePort() {
	return new Promise((resolve, reject) => {
		const server = net.createServer().on('error', reject).listen(0, '127.0.0.1', () => {
			const { port } = server.address();

			server.close(() => resolve(port));
		});
	});
}

/** A socket of QEMU's, as lines. */
async function connectLines(path, onLine) {
	let text = '';
	const socket = await until(() => new Promise(resolve => {
		const attempt = net.connect(path, () => resolve(attempt));

		attempt.on('error', () => resolve(null));
	}), { ...patience, what: `QEMU's socket ${path}` });

	socket.on('data', data => {
		const lines = (text + data).split('\n');

		text = lines.pop();
		lines.forEach(onLine);
	});
	return socket;
}

export class Machine {
	boots = 0;
	#number = 0;
	#answers = new Map();

	/** Boots it. Its console goes to tests/out/vm-console.log. */
	async start() {
		mkdirSync(out, { recursive: true });
		this.folder = mkdtempSync(join(tmpdir(), 'vizyd-vm-'));
		this.port = await freePort();
		this.url = `http://127.0.0.1:${this.port}`;
		this.host = `127.0.0.1:${this.port}`;
		this.child = spawn(join(root, 'scripts/vm'), [
			'--boot', String(this.port), '-serial', 'stdio',
			'-chardev', `socket,id=shell,path=${this.folder}/shell,server=on,wait=off`,
			'-device', 'virtserialport,chardev=shell,name=shell',
			'-qmp', `unix:${this.folder}/monitor,server=on,wait=off`,
		], { stdio: ['ignore', 'pipe', 'pipe'] });
		// It would outlive who stops this.
		process.once('exit', () => this.child.kill());
		['SIGINT', 'SIGTERM'].forEach(signal => process.once(signal, () => process.exit(1)));
		const log = createWriteStream(join(out, 'vm-console.log'));

		this.child.stdout.pipe(log);
		this.child.stderr.pipe(log);
		this.ended = new Promise(resolve => this.child.on('close', code => {
			this.status = code;
			resolve(code);
		}));
		this.shell = await connectLines(`${this.folder}/shell`, line => this.#onShell(line));
		this.monitor = await connectLines(`${this.folder}/monitor`, () => {});
		this.monitor.write('{"execute": "qmp_capabilities"}\n');
		await this.booted(1);
	}

	/** Waits for its shell, after the start and after each reset. */
	async booted(boots) {
		await until(() => this.boots >= boots || this.status !== undefined, { timeout: 300000, what: 'the guest to boot' });
		if (this.status !== undefined) {
			throw new Error(`QEMU ended with ${this.status}: tests/out/vm-console.log`);
		}
	}

	#onShell(line) {
		if (line.trim() === 'ready') {
			this.boots++;
			return;
		}
		const [number, status, output = ''] = line.trim().split(' ');

		this.#answers.set(Number(number), { status: Number(status), output: Buffer.from(output, 'base64').toString() });
	}

	/** Runs a command of bash in the guest, as root: {status, output}. One after another. */
	async try(command, { timeout = 180000 } = {}) {
		const number = ++this.#number;

		this.shell.write(`${number} ${Buffer.from(command).toString('base64')}\n`);
		return until(() => this.#answers.get(number), { timeout, interval: 10, what: `the guest to run: ${command}` });
	}

	/** The same for one that must end well: what it printed. */
	async run(command, options) {
		const { status, output } = await this.try(command, options);

		if (status !== 0) {
			throw new Error(`${command}: status ${status}: ${output.slice(-4000)}`);
		}
		return output.trim();
	}

	/** Waits until a command succeeds. */
	async settle(command, what = command) {
		let last;

		await until(async () => {
			last = await this.try(command);
			return last.status === 0;
		}, { ...patience, what: () => `${what}: ${last?.output.slice(-2000)}` });
		return last.output.trim();
	}

	/** A property of the unit. */
	show(property, unit = 'vizyd.service') {
		return this.run(`systemctl show --property=${property} --value ${unit}`);
	}

	/** Cuts the power, and gives it back. */
	async cutPower() {
		const boots = this.boots;

		this.monitor.write('{"execute": "system_reset"}\n');
		await this.booted(boots + 1);
	}

	/** Keeps what the service said, for who reads of a failure. */
	async keepJournal() {
		writeFileSync(join(out, 'vm-journal.log'), (await this.try('journalctl --no-pager --output=short-monotonic', { timeout: 30000 })).output);
	}

	async stop() {
		this.shell?.destroy();
		this.monitor?.destroy();
		if (this.child && this.status === undefined) {
			this.child.kill('SIGTERM');
			await this.ended;
		}
		if (this.folder) {
			rmSync(this.folder, { recursive: true, force: true });
		}
	}

	/** From now on the tests are an administrator, who is made here when there is none. A session ends with the power. */
	async logIn() {
		const password = 'nine lives of a cat';

		await this.run(`vizyd user list | grep -q tester || echo '${password}' | vizyd user add tester --role admin`);
		this.headers = await until(async () => {
			const answer = await fetch(`${this.url}/login`, {
				method: 'POST', redirect: 'manual', headers: { Origin: this.url },
				body: new URLSearchParams({ name: 'tester', password }),
			}).catch(() => null);
			const cookie = answer?.headers.get('set-cookie')?.split(';')[0];

			return cookie && { Cookie: cookie };
		}, { ...patience, what: 'the login' });
	}

	async page(path = '/') {
		return fetch(this.url + path);
	}

	async statusPage() {
		return (await this.page('/status')).json();
	}
}

/** The one machine that all of the tests look at, one after another. */
export const machine = new Machine();

// What asks for its pages is a browser that has logged in, as Tab is with `headers`. It asks once more where a
// connection that it had kept has died with the daemon or with the power.
const { fetch: fetchPlainly } = globalThis;

globalThis.fetch = (url, options = {}) => {
	if (!String(url).startsWith(`${machine.url}/`)) {
		return fetchPlainly(url, options);
	}
	const request = { ...options, headers: { ...machine.headers, ...options.headers } };

	return fetchPlainly(url, request).catch(() => fetchPlainly(url, request));
};
