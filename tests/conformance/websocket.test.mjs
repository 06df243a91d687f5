// RFC 6455, case by case: what every websocket server has to take, and what it has to refuse. Frames
// are written by hand, since no library would write most of them.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp } from '../lib/daemon.mjs';
import { connect } from '../lib/http.mjs';
import { until } from '../lib/wait.mjs';

const CONTINUATION = 0, TEXT = 1, CLOSE = 8, PING = 9, PONG = 10;
const heartbeat = '{"type":"heartbeat"}';

function frame(opcode, payload = '', { fin = true, reserved = 0 } = {}) {
	const bytes = Buffer.from(payload);
	const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
	const head = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];

	if (bytes.length < 126) {
		head.push(0x80 | bytes.length);
	} else if (bytes.length < 65536) {
		head.push(0x80 | 126, bytes.length >> 8, bytes.length & 255);
	} else {
		const size = Buffer.alloc(8);

		size.writeBigUInt64BE(BigInt(bytes.length));
		head.push(0x80 | 127, ...size);
	}
	return Buffer.concat([Buffer.from(head), mask, bytes.map((byte, i) => byte ^ mask[i % 4])]);
}

/** The server's frames: [{opcode, payload}]. They must be whole, final and not masked. */
function parseFrames(bytes) {
	const frames = [];

	while (bytes.length >= 2) {
		let size = bytes[1] & 127;
		let head = 2;

		assert.equal(bytes[1] & 128, 0, 'a server does not mask');
		assert.equal(bytes[0] & 0x70, 0, 'no reserved bits');
		if (size === 126) {
			size = bytes.readUInt16BE(2);
			head = 4;
		} else if (size === 127) {
			size = Number(bytes.readBigUInt64BE(2));
			head = 10;
		}
		if (bytes.length < head + size) {
			break;
		}
		frames.push({ opcode: bytes[0] & 15, payload: bytes.subarray(head, head + size) });
		bytes = bytes.subarray(head + size);
	}
	return frames;
}

class Peer {
	static async open(daemon) {
		const peer = new Peer();

		peer.socket = await connect(daemon.port);
		peer.socket.on('error', () => {});
		peer.socket.on('close', () => { peer.ended = true; });
		peer.socket.write(`GET /_dash-ws-callback HTTP/1.1\r\nHost: ${daemon.host}\r\nOrigin: ${daemon.url}\r\n`
			+ 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
		await until(() => peer.socket.text.includes('\r\n\r\n'), { what: 'the upgrade' });
		assert.match(peer.socket.text, /^HTTP\/1\.1 101/);
		return peer;
	}

	/** Writes bytes, all at once or in pieces of `size`. */
	async write(bytes, size = Infinity) {
		for (let at = 0; at < bytes.length && !this.socket.destroyed; at += size) {
			this.socket.write(bytes.subarray(at, at + size));
			if (size < bytes.length) {
				await new Promise(done => setImmediate(done));
			}
		}
	}

	get frames() {
		return parseFrames(this.socket.bytes.subarray(this.socket.text.indexOf('\r\n\r\n') + 4));
	}

	of(opcode) {
		return this.frames.filter(one => one.opcode === opcode).map(({ payload }) => payload);
	}

	/** Whether it goes on: a message is still answered. */
	async lives(n = 1) {
		await until(() => this.of(TEXT).length >= n || this.ended, { what: () => `${n} answers; got ${this.socket.text.slice(-200)}` });
		assert.equal(this.ended, undefined, `closed with ${this.code}`);
		for (const answer of this.of(TEXT)) {
			assert.equal(answer.toString(), '{"type":"heartbeat_ack"}');
		}
		this.socket.destroy();
	}

	/** The code of its close, 1005 for one without, 1006 when the line was cut. */
	get code() {
		const [payload] = this.of(CLOSE);

		return !payload ? 1006 : payload.length < 2 ? 1005 : payload.readUInt16BE(0);
	}

	async closes(codes) {
		await until(() => this.ended || this.of(CLOSE).length, { what: () => `a close; got ${this.socket.text.slice(-200)}` });
		assert.ok(codes.includes(this.code), `closed with ${this.code}, expected ${codes}`);
		this.socket.destroy();
	}
}

/** Runs {label: async peer => …}, each on a socket of its own, some at once; names all that fail. */
async function runCases(t, cases) {
	const daemon = await startTestapp(t, { args: ['--per-address', '1000'] });
	const waiting = Object.entries(cases);
	const failed = [];
	const work = async () => {
		for (let next = waiting.shift(); next; next = waiting.shift()) {
			const [label, run] = next;
			const peer = await Peer.open(daemon);

			try {
				await run(peer);
			} catch (error) {
				failed.push(`${label}: ${error.message}`);
			}
			peer.socket.destroy();
		}
	};

	await Promise.all(Array.from({ length: 8 }, work));
	assert.deepEqual(failed, []);
}

const broken = [1002, 1006];

test('C8 websocket 1: messages of every size, in pieces of any', async t => {
	const cases = {};

	for (const size of [20, 64, 125, 126, 127, 128, 4095, 4096, 4097, 65535, 65536, 131072]) {
		const bytes = frame(TEXT, heartbeat.padEnd(size));

		cases[`${size} bytes`] = async peer => {
			await peer.write(bytes);
			await peer.lives();
		};
		cases[`${size} bytes in pieces`] = async peer => {
			await peer.write(bytes, size < 200 ? 1 : 997);
			await peer.lives();
		};
	}
	cases['three in one packet'] = async peer => {
		await peer.write(Buffer.concat([1, 2, 3].map(() => frame(TEXT, heartbeat))));
		await peer.lives(3);
	};
	cases['an empty message'] = async peer => {
		await peer.write(Buffer.concat([frame(TEXT), frame(TEXT, heartbeat)]));
		await peer.lives();
	};
	await runCases(t, cases);
});

test('C8 websocket 2: pings come back as they were', async t => {
	const cases = {};

	for (const payload of ['', 'Hello, world!', Buffer.from([0, 255, 254, 253, 252, 251, 0]), Buffer.alloc(125, 0xfe)]) {
		const bytes = frame(PING, payload);

		for (const size of [Infinity, 1]) {
			cases[`${payload.length} bytes, pieces of ${size}`] = async peer => {
				await peer.write(bytes, size);
				await until(() => peer.of(PONG).length, { what: 'a pong' });
				assert.deepEqual(peer.of(PONG), [Buffer.from(payload)]);
			};
		}
	}
	cases['of more than 125 bytes'] = async peer => {
		await peer.write(frame(PING, Buffer.alloc(126, 0xfe)));
		await peer.closes(broken);
	};
	cases['pongs that nobody asked for'] = async peer => {
		await peer.write(Buffer.concat([frame(PONG), frame(PONG, 'unsolicited'), frame(TEXT, heartbeat)]));
		await peer.lives();
	};
	// One answer may stand for all. It should be the last's (5.5.3), but libwebsockets 4.1 drops
	// pings while it has one to answer.
	cases['ten in one packet'] = async peer => {
		await peer.write(Buffer.concat(Array.from({ length: 10 }, (_, i) => frame(PING, `ping ${i}`))));
		await until(() => peer.of(PONG).length, { what: 'a pong' });
		await peer.write(frame(TEXT, heartbeat));
		await peer.lives();
	};
	await runCases(t, cases);
});

test('C8 websocket 3 and 4: reserved bits and opcodes end it', async t => {
	const cases = {};

	for (let reserved = 1; reserved < 8; reserved++) {
		for (const [name, opcode] of Object.entries({ text: TEXT, ping: PING, close: CLOSE })) {
			cases[`${name} with bits ${reserved}`] = async peer => {
				await peer.write(frame(opcode, opcode === TEXT ? heartbeat : '', { reserved }));
				await peer.closes(broken);
			};
		}
	}
	for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
		cases[`opcode ${opcode}`] = async peer => {
			await peer.write(frame(opcode));
			await peer.closes(broken);
		};
		cases[`opcode ${opcode} behind a message`] = async peer => {
			await peer.write(Buffer.concat([frame(TEXT, heartbeat), frame(opcode, heartbeat), frame(PING)]));
			await peer.closes(broken);
		};
	}
	await runCases(t, cases);
});

test('C8 websocket 5: fragments', async t => {
	const part = (opcode, payload, fin = false) => frame(opcode, payload, { fin });
	const half = [heartbeat.slice(0, 9), heartbeat.slice(9)];
	const refused = (...frames) => async peer => {
		await peer.write(Buffer.concat(frames));
		await peer.closes(broken);
	};
	const taken = (frames, size) => async peer => {
		await peer.write(Buffer.concat(frames), size);
		await peer.lives();
	};
	const two = [part(TEXT, half[0]), part(CONTINUATION, half[1], true)];
	const each = [...heartbeat].map((character, i) => part(i ? CONTINUATION : TEXT, character, i === heartbeat.length - 1));

	await runCases(t, {
		'a ping in fragments': refused(part(PING, 'a'), part(CONTINUATION, 'b', true)),
		'a pong in fragments': refused(part(PONG, 'a'), part(CONTINUATION, 'b', true)),
		'two': taken(two),
		'two, byte by byte': taken(two, 1),
		'one for each character': taken(each),
		'with a ping between': taken([two[0], frame(PING, 'ping'), two[1]]),
		'with a pong between': taken([two[0], frame(PONG, 'pong'), two[1]], 1),
		'all of them empty but one': taken([part(TEXT, ''), part(CONTINUATION, heartbeat), part(CONTINUATION, '', true)]),
		'a continuation of nothing': refused(part(CONTINUATION, heartbeat, true), frame(TEXT, heartbeat)),
		'a continuation of nothing, not final': refused(part(CONTINUATION, heartbeat), frame(TEXT, heartbeat)),
		'a continuation behind a whole message': refused(frame(TEXT, heartbeat), part(CONTINUATION, heartbeat, true)),
		'a message within another': refused(part(TEXT, half[0]), frame(TEXT, heartbeat), part(CONTINUATION, half[1], true)),
	});
});

test('C8 websocket 6: UTF-8', async t => {
	const cases = {};
	const around = bytes => Buffer.concat([Buffer.from('{"type":"heartbeat","text":"'), Buffer.from(bytes), Buffer.from('"}')]);
	const good = {
		kosme: 'κόσμε', mixed: 'Hello-µ@ßöäüàá-UTF-8!!', 'U+7F': '\x7f', 'U+80': '\x80', 'U+7FF': '\u07ff', 'U+800': '\u0800',
		'U+D7FF': '\ud7ff', 'U+E000': '\ue000', 'U+FFFD': '\ufffd', 'U+FFFE': '\ufffe', 'U+FFFF': '\uffff', 'U+10000': '\u{10000}',
		'U+1FFFE': '\u{1fffe}', 'U+8FFFF': '\u{8ffff}', 'U+10FFFF': '\u{10ffff}',
	};
	// Lone continuations, lonely starts, bytes that never occur, overlong forms, surrogates, beyond.
	const bad = `80 bf 80bf 80bf80 80bf80bf 80bf80bf80 c2 df e0a0 e0 efbf f0 f090 f09080 f48fbf c3c3a4 e282ac82 fe ff fefeffff
		f888808080 fc8480808080 f7bfbfbf fbbfbfbfbf fdbfbfbfbfbf c0af e080af f08080af f8808080af c0 c1bf e09fbf f08fbfbf c080 e08080
		f0808080 eda080 edadbf edae80 edafbf edb080 edbe80 edbfbf eda080edb080 edadbfedbfbf f4908080 f5808080 cebae1bdb9cf83cebceda080656469746564`;

	for (const [label, text] of Object.entries(good)) {
		const bytes = around(text);

		cases[label] = async peer => {
			await peer.write(frame(TEXT, bytes));
			await peer.lives();
		};
		cases[`${label}, cut within characters`] = async peer => {
			for (let at = 0; at < bytes.length; at++) {
				await peer.write(frame(at ? CONTINUATION : TEXT, bytes.subarray(at, at + 1), { fin: at === bytes.length - 1 }));
			}
			await peer.lives();
		};
	}
	for (const hex of bad.split(/\s+/)) {
		const bytes = around(Buffer.from(hex, 'hex'));

		cases[hex] = async peer => {
			await peer.write(frame(TEXT, bytes));
			await peer.closes([1007]);
		};
		cases[`${hex}, cut`] = async peer => {
			await peer.write(Buffer.concat([frame(TEXT, bytes.subarray(0, 29), { fin: false }), frame(CONTINUATION, bytes.subarray(29))]));
			await peer.closes([1007]);
		};
	}
	// A character that the message ends in the middle of.
	cases['the end within a character'] = async peer => {
		await peer.write(frame(TEXT, Buffer.from('"\xe2\x82', 'latin1')));
		await peer.closes([1007]);
	};
	await runCases(t, cases);
});

test('C8 websocket 7: good-byes', async t => {
	const code = number => Buffer.from([number >> 8, number & 255]);
	const says = (bytes, codes) => async peer => {
		await peer.write(bytes);
		await peer.closes(codes);
	};
	const cases = {
		'without a code': says(frame(CLOSE), [1000, 1005]),
		// 1002 would be right; libwebsockets 4.1 takes it for one without a code.
		'of one byte': says(frame(CLOSE, 'x'), [...broken, 1005]),
		'with a reason': says(frame(CLOSE, Buffer.concat([code(1000), Buffer.from('Hello World!')])), [1000]),
		'with the longest reason': says(frame(CLOSE, Buffer.concat([code(1000), Buffer.alloc(123, 'x')])), [1000]),
		'with a reason that is too long': says(frame(CLOSE, Buffer.concat([code(1000), Buffer.alloc(124, 'x')])), broken),
		'with a reason that is no UTF-8': says(frame(CLOSE, Buffer.concat([code(1000), Buffer.from('cebae1bdb9cf83cebceda080', 'hex')])), [1002, 1006, 1007]),
		'with a message behind it': async peer => {
			await peer.write(Buffer.concat([frame(CLOSE, code(1000)), frame(TEXT, heartbeat), frame(PING)]));
			await peer.closes([1000]);
			assert.equal(peer.of(TEXT).length, 0);
		},
		'within a message': says(Buffer.concat([frame(TEXT, heartbeat.slice(0, 9), { fin: false }), frame(CLOSE, code(1000))]), [1000]),
	};

	for (const number of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]) {
		cases[`code ${number}`] = says(frame(CLOSE, code(number)), [number, 1000]);
	}
	for (const number of [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]) {
		cases[`code ${number}, which is none`] = says(frame(CLOSE, code(number)), broken);
	}
	// What stands for nothing may come back, as libwebsockets does it.
	for (const number of [5000, 65535]) {
		cases[`code ${number}`] = says(frame(CLOSE, code(number)), [...broken, number]);
	}
	await runCases(t, cases);
});
