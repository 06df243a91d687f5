// RFC 9112, case by case: requests that a server has to take, however they arrive, and such that it
// has to refuse, because another program on the way might read them otherwise.

import assert from 'node:assert/strict';
import test from 'node:test';

import { startTestapp } from '../lib/daemon.mjs';
import { connect } from '../lib/http.mjs';
import { sleep, until } from '../lib/wait.mjs';

const refused = [400, 403, 404, 405, 411, 413, 414, 417, 431, 501, 505];
const body = '{"output":"click-out.children","outputs":{"id":"click-out","property":"children"},"inputs":[{"id":"click","property":"n_clicks","value":1}],"changedPropIds":["click.n_clicks"]}';
const post = 'POST /_dash-update-component HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nContent-Type: application/json\r\n';

/**
 * Sends the pieces one after the other and returns the statuses of all answers, and whether the
 * server has ended the connection, as far as that happens within `wait`.
 */
async function exchange(daemon, pieces, { wait = 1500, expect = 1 } = {}) {
	const socket = await connect(daemon.port);
	const statuses = () => [...socket.text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(match => Number(match[1]));
	let ended = false;

	socket.on('error', () => {});
	socket.on('close', () => { ended = true; });
	for (const [i, piece] of pieces.entries()) {
		if (i) {
			await sleep(20);
		}
		if (!socket.destroyed) {
			socket.write(Buffer.from(piece.replaceAll('HOST', daemon.host), 'latin1'));
		}
	}
	await until(() => ended || statuses().length >= expect, { timeout: wait, what: 'an answer' }).catch(() => {});
	socket.destroy();
	return { statuses: statuses(), ended };
}

const isRefused = ({ statuses, ended }) => (statuses.length ? refused.includes(statuses[0]) : ended);

async function runCases(t, cases, judge) {
	const daemon = await startTestapp(t, { args: ['--per-address', '1000'] });
	const failed = [];

	await Promise.all(Object.entries(cases).map(async ([label, pieces]) => {
		const outcome = await exchange(daemon, [pieces].flat());
		const fault = judge(outcome, label);

		if (fault) {
			failed.push(`${label}: ${fault}, got ${JSON.stringify(outcome)}`);
		}
	}));
	// And it goes on.
	assert.equal((await fetch(`${daemon.url}/`)).status, 200);
	assert.deepEqual(failed.sort(), []);
}

test('http: what is right is taken, whole or in pieces', async t => {
	const length = `Content-Length: ${body.length}\r\n\r\n`;

	await runCases(t, {
		'a request': 'GET / HTTP/1.1\r\nHost: HOST\r\n\r\n',
		'the method in pieces': ['G', 'ET', ' / HTTP/1.1\r\nHost: HOST\r\n\r\n'],
		'the path in pieces': ['GET ', '/', '_dash-lay', 'out HTTP/1.1\r\nHost: HOST\r\n\r\n'],
		'the version in pieces': ['GET / HTT', 'P/1.', '1\r\nHost: HOST\r\n\r\n'],
		'a header in pieces': ['GET / HTTP/1.1\r\nHo', 'st: ', 'HOST\r', '\n\r\n'],
		'line ends in pieces': ['GET / HTTP/1.1\r', '\nHost: HOST\r\n\r', '\n'],
		'a header without a value': 'GET / HTTP/1.1\r\nHost: HOST\r\nX-Empty:\r\n\r\n',
		'names of headers in any case': 'GET / HTTP/1.1\r\nhOsT: HOST\r\n\r\n',
		'spaces around a value': 'GET / HTTP/1.1\r\nHost: \t HOST  \r\n\r\n',
		'many headers': `GET / HTTP/1.1\r\nHost: HOST\r\n${Array.from({ length: 40 }, (_, i) => `X-${i}: ${i}\r\n`).join('')}\r\n`,
		'a query': 'GET /?a=b&c=%20 HTTP/1.1\r\nHost: HOST\r\n\r\n',
		'a body': post + length + body,
		'a body in pieces': [post + length, body.slice(0, 20), body.slice(20, 21), body.slice(21)],
		'the end of the headers and a body in pieces': [post + length.slice(0, -2), `\r\n${body.slice(0, 3)}`, body.slice(3)],
	}, ({ statuses }) => (statuses[0] === 200 ? null : 'expected 200'));
});

test('http: what can be read in two ways is refused', async t => {
	await runCases(t, {
		'no Host': 'GET / HTTP/1.1\r\n\r\n',
		'two Hosts': 'GET / HTTP/1.1\r\nHost: HOST\r\nHost: other\r\n\r\n',
		'a Host that is none': 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
		'no version': 'GET /\r\nHost: HOST\r\n\r\n',
		'a version of another protocol': 'GET / HTTX/1.1\r\nHost: HOST\r\n\r\n',
		'a version without its end': 'GET / HTTP/1.\r\nHost: HOST\r\n\r\n',
		'version 9': 'GET / HTTP/9.9\r\nHost: HOST\r\n\r\n',
		'no path': 'GET HTTP/1.1\r\nHost: HOST\r\n\r\n',
		'a control character in the method': 'G\x01T / HTTP/1.1\r\nHost: HOST\r\n\r\n',
		'a length below zero': `${post}Content-Length: -1\r\n\r\n`,
		'a length that overflows': `${post}Content-Length: 18446744073709551617\r\n\r\n${body}`,
		'a length of letters': `${post}Content-Length: abc\r\n\r\n`,
		'a length with a sign': `${post}Content-Length: +${body.length}\r\n\r\n${body}`,
		'a length in hex': `${post}Content-Length: 0x10\r\n\r\n${body}`,
		'two lengths': `${post}Content-Length: ${body.length}\r\nContent-Length: 5\r\n\r\n${body}`,
		'a list of lengths': `${post}Content-Length: ${body.length}, 5\r\n\r\n${body}`,
		'a length and chunks': `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
		'chunks': `${post}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
		'chunks under another name': `${post}Transfer-Encoding: xchunked\r\n\r\n`,
		'no length': `${post}\r\n`,
		'nothing but line ends': '\r\n\r\n\r\n\r\n',
		'no HTTP': 'hello there\r\n\r\n',
		'an address of 100 kB': `GET /${'a'.repeat(100000)} HTTP/1.1\r\nHost: HOST\r\n\r\n`,
		'headers of 100 kB': `GET / HTTP/1.1\r\nHost: HOST\r\nX-Large: ${'a'.repeat(100000)}\r\n\r\n`,
	}, outcome => (isRefused(outcome) ? null : 'expected to be refused'));
});

test('http: what libwebsockets does not refuse is not believed either', async t => {
	await runCases(t, {
		'a length with a space before the colon': `${post}Content-Length : ${body.length}\r\n\r\n${body}`,
		'a length that goes on in the next line': `${post}Content-Length:\r\n ${body.length}\r\n\r\n${body}`,
		'a length without its name': `${post}: ${body.length}\r\n\r\n${body}`,
	}, outcome => (outcome.statuses.includes(200) ? 'expected no callback' : null));
	await runCases(t, {
		'a control character in the path': 'GET /\x01 HTTP/1.1\r\nHost: HOST\r\n\r\n',
		'a NUL in a value': 'GET / HTTP/1.1\r\nHost: HOST\r\nX-Nul: a\x00b\r\n\r\n',
	}, outcome => (outcome.statuses[0] === 200 || isRefused(outcome) ? null : 'expected the page or a refusal'));
});
