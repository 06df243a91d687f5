// A machine of QEMU's that starts from a card: its serial line, its page, and a login by ssh.

import { execFile, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import net from 'node:net';
import { join, resolve } from 'node:path';

import { until } from '../lib/wait.mjs';
import { tool } from './card.mjs';

const out = resolve(import.meta.dirname, '../out');

// An emulated processor beside whatever else runs here.
export const patience = { timeout: 900000, interval: 250 };

const network = ({ http, ssh }) => `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${http}-:80,hostfwd=tcp:127.0.0.1:${ssh}-:22`;

const boards = {
	virt: {
		console: 'ttyAMA0',
		options: (board, card) => ['-M', 'virt', '-cpu', 'max,pauth=off', '-smp', '2', '-m', '1024', '-nodefaults', '-serial', 'stdio',
			'-drive', `file=${card.file},if=none,id=card,format=raw`, '-device', 'virtio-blk-pci,drive=card',
			'-netdev', network(board), '-device', `virtio-net-pci,netdev=net,mac=${board.mac}`, '-device', 'virtio-rng-pci'],
	},
	// Its own network card hangs on the same USB, but is not emulated.
	raspi3b: {
		console: 'ttyS1,115200',
		options: (board, card) => ['-M', 'raspi3b', '-accel', 'tcg,thread=multi', '-dtb', card.take('bcm2837-rpi-3-b.dtb'),
			'-drive', `file=${card.file},if=sd,format=raw`, '-serial', 'null', '-serial', 'stdio',
			'-netdev', network(board), '-device', `usb-net,netdev=net,mac=${board.mac}`],
	},
};

function freePort() {
	return new Promise((done, reject) => {
		const server = net.createServer().on('error', reject).listen(0, '127.0.0.1', () => {
			const { port } = server.address();

			server.close(() => done(port));
		});
	});
}

/** A pair of keys in `folder`, of which the public one may be put on a card. */
export function makeKey(folder) {
	const key = join(folder, 'key');

	tool('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', key);
	return key;
}

export class Board {
	constructor(kind, card, { key, mac = '52:54:00:12:be:ef' } = {}) {
		Object.assign(this, { kind, card, key, mac, starts: 0 });
	}

	/** Switches it on. The serial line goes to tests/out/image-<kind>-<n>.log as well. */
	async start() {
		const { console, options } = boards[this.kind];
		const { kernel, initramfs, arguments: line } = this.card.system();
		const own = line.split(/\s+/).filter(word => !/^console=|^quiet$/.test(word));

		this.starts++;
		this.serial = '';
		this.ended = false;
		this.http ??= await freePort();
		this.ssh ??= await freePort();
		mkdirSync(out, { recursive: true });
		const log = createWriteStream(join(out, `image-${this.kind}-${this.starts}.log`));

		this.since = Date.now();
		this.child = spawn('qemu-system-aarch64', [...options(this, this.card), '-display', 'none', '-no-reboot',
			'-kernel', kernel, '-initrd', initramfs, '-append', [...own, `console=${console}`, 'panic=-1', 'loglevel=4',
			// What a card does within seconds.
			'systemd.default_device_timeout_sec=600'].join(' ')],
		{ stdio: ['ignore', 'pipe', 'pipe'] });
		for (const stream of [this.child.stdout, this.child.stderr]) {
			stream.on('data', data => {
				this.serial += data;
				log.write(data);
			});
		}
		this.child.on('close', () => {
			this.ended = true;
			log.end();
		});
	}

	/** Waits for what `pattern` says on the serial line: its match. */
	async says(pattern, what = `the serial line to say ${pattern}`) {
		await until(() => pattern.test(this.serial) || this.ended, { ...patience, what: () => `${what}: ${this.serial.slice(-1500)}` });
		const match = pattern.exec(this.serial);

		if (!match) {
			throw new Error(`QEMU ended before ${what}: ${this.serial.slice(-1500)}`);
		}
		return match;
	}

	/** Pulls the plug: what was not on the card is lost. */
	async cut() {
		if (this.child && !this.ended) {
			this.child.kill('SIGKILL');
			await until(() => this.ended, { what: 'QEMU to end' });
		}
	}

	get url() {
		return `http://127.0.0.1:${this.http}`;
	}

	/** A page by its path, when there is one; redirections are not followed. */
	async page(path = '/', options) {
		return until(() => {
			if (this.ended) {
				throw new Error(`QEMU has ended: ${this.serial.slice(-1500)}`);
			}
			return fetch(this.url + path, { redirect: 'manual', signal: AbortSignal.timeout(120000), ...options }).catch(() => null);
		}, { ...patience, what: () => `the page: ${this.serial.slice(-1500)}` });
	}

	/** Runs a command as root, over ssh with the key on the card: { status, output }. */
	try(command) {
		const quoted = command.replaceAll("'", `'\\''`);

		return new Promise(done => execFile('ssh', ['-q', '-i', this.key, '-p', String(this.ssh), '-o', 'BatchMode=yes',
			'-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'ConnectTimeout=60',
			'vizy@127.0.0.1', `sudo sh -c '${quoted}'`], { encoding: 'utf8', timeout: 180000 },
		(error, stdout, stderr) => done({ status: error ? error.code ?? 255 : 0, output: `${stdout}${stderr}`.trim() })));
	}

	async run(command) {
		const { status, output } = await this.try(command);

		if (status !== 0) {
			throw new Error(`${command}: status ${status}: ${output.slice(-3000)}`);
		}
		return output;
	}

	/** Waits until a command succeeds, as after a start: what it printed. */
	async settle(command) {
		let last;

		await until(async () => {
			if (this.ended) {
				throw new Error(`QEMU has ended: ${this.serial.slice(-1500)}`);
			}
			last = await this.try(command);
			return last.status === 0;
		}, { ...patience, interval: 2000, what: () => `${command}: ${last?.output.slice(-1000)}; ${this.serial.slice(-1000)}` });
		return last.output;
	}
}
