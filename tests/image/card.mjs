// A copy of the image, as a card that somebody has written and may change on another computer.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export const imageFile = process.env.VIZYD_IMAGE ?? join(root, 'build-image/vizyd-debian13-arm64.img');

export function tool(command, ...args) {
	const { status, stdout, stderr, error } = spawnSync(command, args, {
		encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, MTOOLS_SKIP_CHECK: '1', PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
	});

	if (error || status !== 0) {
		throw new Error(`${command} ${args.join(' ')}: ${error ?? stderr.slice(-2000)}`);
	}
	return stdout;
}

export class Card {
	/** Of `image`, on a card of `bytes`: a power of two, as emulated readers of cards want. */
	constructor(image = imageFile, bytes = 4 * 2 ** 30) {
		this.folder = mkdtempSync(join(tmpdir(), 'vizyd-card-'));
		this.file = join(this.folder, 'card.img');
		// cp keeps holes, which copyFile() fills.
		tool('cp', '--sparse=always', image, this.file);
		tool('truncate', '--size', String(bytes), this.file);
		this.partitions = JSON.parse(tool('sfdisk', '--json', this.file)).partitiontable.partitions;
		this.boot = `${this.file}@@${this.partitions[0].start * 512}`;
	}

	/** Puts a file on the first partition, as any computer can. */
	put(from, name) {
		tool('mcopy', '-o', '-i', this.boot, from, `::${name}`);
	}

	take(name) {
		const to = join(this.folder, name);

		tool('mcopy', '-n', '-o', '-i', this.boot, `::${name}`, to);
		return to;
	}

	/** What a Pi's firmware reads: kernel, initramfs and the kernel's command line. */
	system() {
		const config = readFileSync(this.take('config.txt'), 'utf8');
		const last = pattern => [...config.matchAll(pattern)].at(-1)?.[1];

		return {
			kernel: this.take(last(/^kernel=(\S+)/gm)),
			initramfs: this.take(last(/^initramfs (\S+)/gm)),
			arguments: readFileSync(this.take('cmdline.txt'), 'utf8').trim(),
		};
	}

	remove() {
		rmSync(this.folder, { recursive: true, force: true });
	}
}
