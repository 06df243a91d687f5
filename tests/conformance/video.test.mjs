// Pictures: the video socket, /stream.mjpg, /snapshot.jpg.

import assert from 'node:assert/strict';
import test from 'node:test';

import { measure, parsePicture, snapshot, watch } from '../lib/camera.mjs';
import { startVizyd } from '../lib/daemon.mjs';
import { connect, get } from '../lib/http.mjs';
import { sleep, until, untilQuiet } from '../lib/wait.mjs';

const isJpeg = bytes => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9;

test('the video socket: header, rising sequence and time, a whole JPEG of the size told', async t => {
	const daemon = await startVizyd(t);
	const watcher = await watch(daemon);

	await until(() => watcher.pictures.length >= 10, { what: 'ten pictures' });
	let last;

	for (const picture of watcher.pictures) {
		assert.equal(picture.magic, 'VZF1');
		assert.equal(picture.header, 32);
		assert.ok(isJpeg(picture.jpeg));
		if (last) {
			assert.ok(picture.sequence > last.sequence);
			assert.ok(picture.time_ns > last.time_ns);
		}
		last = picture;
	}
	const { width, height, mean } = measure(last.jpeg);

	assert.deepEqual({ width, height }, { width: last.width, height: last.height });
	assert.ok(mean > 20 && mean < 235, `mean luma ${mean}`);
	assert.equal(watcher.states[0]?.state, 'live');
	watcher.close();
});

test('the simulated camera keeps its rate, by its own time stamps', async t => {
	const daemon = await startVizyd(t);
	const watcher = await watch(daemon, { keep: false });

	await until(() => watcher.pictures.length >= 40, { what: 'forty pictures' });
	const [first, last] = [watcher.pictures[5], watcher.pictures.at(-1)];
	const seconds = Number(last.time_ns - first.time_ns) / 1e9;
	const rate = (last.sequence - first.sequence) / seconds;

	assert.ok(rate > 28 && rate < 32, `${rate} frames a second`);
	assert.ok(Math.abs(seconds - (last.arrived - first.arrived) / 1000) < 0.3, 'they arrive as they are taken');
	watcher.close();
});

test('nobody watches: nothing is encoded; somebody comes: at once there are pictures', async t => {
	const daemon = await startVizyd(t);
	const encoded = async () => (await daemon.status_page()).frames.encoded;
	let watcher = await watch(daemon);

	await until(() => watcher.pictures.length > 2);
	assert.ok(await encoded() > 0);
	watcher.close();
	await untilQuiet(encoded, { quiet: 1000, what: 'an end of encoding for nobody' });
	const since = Date.now();

	watcher = await watch(daemon);
	await until(() => watcher.pictures.length > 0);
	assert.ok(Date.now() - since < 2000, `${Date.now() - since} ms`);
	watcher.close();
});

test('?ack=1: at most two pictures are on the way, and an answer brings the newest', async t => {
	const daemon = await startVizyd(t);
	const watcher = await watch(daemon, { window: true, ack: false });

	await until(() => watcher.pictures.length === 2, { what: 'two pictures' });
	await sleep(800);
	assert.equal(watcher.pictures.length, 2, 'without an answer there are no more');
	watcher.socket.send(String(watcher.pictures[0].sequence));
	watcher.socket.send(String(watcher.pictures[1].sequence));
	await until(() => watcher.pictures.length >= 3, { what: 'the next' });
	assert.ok(watcher.pictures[2].sequence > watcher.pictures[1].sequence + 10, 'the newest, not the queue');
	for (const nonsense of ['', 'x', '-1', '99999999999999999999999', '{"a":1}', 'y'.repeat(5000)]) {
		watcher.socket.send(nonsense);
	}
	await sleep(200);
	assert.equal((await get(daemon, '/status')).status, 200);
	watcher.close();
});

test('/snapshot.jpg is one new picture', async t => {
	const daemon = await startVizyd(t);
	const { status, headers, body } = await get(daemon, '/snapshot.jpg');

	assert.equal(status, 200);
	assert.equal(headers['content-type'], 'image/jpeg');
	assert.match(headers['cache-control'], /no-store/);
	assert.ok(isJpeg(body));
	const { width, height } = measure(body);

	assert.ok(width >= 320 && height >= 240);
	await sleep(300);
	assert.notDeepEqual((await get(daemon, '/snapshot.jpg')).body, body, 'the scene moves');
	const many = await Promise.all(Array.from({ length: 10 }, () => snapshot(daemon.url)));

	assert.equal(many.length, 10);
});

test('/stream.mjpg is a stream of JPEGs for other programs', async t => {
	const daemon = await startVizyd(t);
	const socket = await connect(daemon.port);

	socket.write(`GET /stream.mjpg HTTP/1.1\r\nHost: ${daemon.host}\r\n\r\n`);
	await until(() => socket.text.split(/\r\n--?\S*\r\nContent-Type: image\/jpeg/i).length > 12, { what: 'twelve parts' });
	const [, type] = /Content-Type: (multipart\/x-mixed-replace; ?boundary=\S+)/i.exec(socket.text);
	const boundary = /boundary="?([^"\r;]+)/.exec(type)[1];
	const parts = socket.text.split(`--${boundary.replace(/^--/, '')}`).slice(1, -1);

	assert.ok(parts.length >= 10, `${parts.length} parts`);
	for (const part of parts) {
		const [head, ...rest] = part.split('\r\n\r\n');
		const length = Number(/Content-Length: (\d+)/i.exec(head)?.[1]);
		const body = Buffer.from(rest.join('\r\n\r\n'), 'latin1').subarray(0, length);

		assert.ok(length > 1000, head);
		assert.ok(isJpeg(body));
	}
	// It goes on for longer than a web server's usual patience.
	const before = socket.bytes.length;

	await sleep(6500);
	assert.ok(socket.bytes.length > before + 50000, 'the stream has dried up');
	assert.ok(!socket.destroyed);
	socket.destroy();
});

test('C9 twelve watchers see the same pictures', async t => {
	const daemon = await startVizyd(t);
	const watchers = await Promise.all(Array.from({ length: 12 }, () => watch(daemon)));

	await until(() => watchers.every(({ pictures }) => pictures.length >= 10), { what: 'ten pictures each' });
	const bySequence = new Map();

	for (const { pictures } of watchers) {
		for (const { sequence, jpeg } of pictures) {
			const known = bySequence.get(sequence);

			if (known) {
				assert.ok(known.equals(jpeg), `picture ${sequence} has two forms`);
			} else {
				bySequence.set(sequence, jpeg);
			}
		}
	}
	watchers.forEach(watcher => watcher.close());
});

test('a header that is longer one day is skipped by those who do not know it', () => {
	const message = Buffer.alloc(44);

	message.write('VZF1');
	message.writeUInt32LE(40, 4);
	message.writeUInt8(0xff, 40);
	assert.equal(parsePicture(message).jpeg[0], 0xff);
});
