// Parts of a recording's file, RFC 9110, section 14: what a browser needs to seek in a video, and a
// download to go on where it broke off.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { get } from '../lib/http.mjs';
import { click, saved, use } from '../lib/recorder.mjs';
import { Tab } from '../lib/tab.mjs';

/** A daemon with a recording: what a request for it gets, and what it has on the disk. */
async function startWithRecording(t) {
	const stateDir = temporaryFolder(t);
	const daemon = await startVizyd(t, { stateDir });
	const tab = await Tab.open(daemon);

	await use(daemon, tab, { 'capture-duration.value': 0.5 });
	await click(daemon, tab, 'record');
	const [recording] = await saved(daemon, stateDir, 1);
	const path = `/api/recordings/${recording.id}/video.mkv`;

	return {
		daemon, stateDir, recording, path,
		all: readFileSync(join(recording.folder, 'video.mkv')),
		ask: (headers, options) => get(daemon, path, { headers, ...options }),
	};
}

test('a part is what was asked for, and says which it is', async t => {
	const { all, ask } = await startWithRecording(t);
	const whole = await ask({});

	assert.equal(whole.status, 200);
	assert.equal(whole.headers['accept-ranges'], 'bytes');
	assert.equal(whole.headers['content-range'], undefined);
	assert.ok(whole.body.equals(all));
	const size = all.length;

	for (const [range, first, last] of [
		['bytes=0-0', 0, 0], ['bytes=0-999', 0, 999], ['bytes=1000-1999', 1000, 1999], [`bytes=${size - 1}-`, size - 1, size - 1],
		['bytes=-1', size - 1, size - 1], ['bytes=-5000', size - 5000, size - 1], [`bytes=${size >> 1}-`, size >> 1, size - 1],
		['bytes=0-', 0, size - 1], [`bytes=5-${size + 99}`, 5, size - 1], [`bytes=-${size + 99}`, 0, size - 1],
	]) {
		const { status, headers, body } = await ask({ Range: range });

		assert.equal(status, 206, range);
		assert.equal(headers['content-range'], `bytes ${first}-${last}/${size}`, range);
		assert.equal(Number(headers['content-length']), last - first + 1, range);
		assert.equal(headers['content-type'], 'video/x-matroska');
		assert.equal(headers.etag, whole.headers.etag);
		assert.ok(body.equals(all.subarray(first, last + 1)), range);
	}
	// Parts one after the other are the file.
	const parts = [];

	for (let at = 0; at < size; at += 40001) {
		parts.push((await ask({ Range: `bytes=${at}-${at + 40000}` })).body);
	}
	assert.ok(Buffer.concat(parts).equals(all));
});

test('what is not there is 416 with the size; what is no single range of bytes is all of it', async t => {
	const { all, ask } = await startWithRecording(t);
	const size = all.length;

	for (const range of [`bytes=${size}-`, `bytes=${size}-${size + 5}`, 'bytes=-0', 'bytes=99999999999999999999-']) {
		const { status, headers, body } = await ask({ Range: range });

		assert.deepEqual([status, headers['content-range'], body.length], [416, `bytes */${size}`, 0], range);
	}
	for (const range of ['bytes=', 'bytes=-', 'bytes=9', 'bytes=6-5', 'bytes=x-y', 'bytes=0-1,4-5', 'frames=0-1', '0-1', `bytes=${'0'.repeat(300)}-1`]) {
		const { status, body } = await ask({ Range: range });

		assert.deepEqual([status, body.length], [200, size], range);
	}
	// A range is for GET alone.
	const head = await ask({ Range: 'bytes=0-9' }, { method: 'HEAD' });

	assert.deepEqual([head.status, Number(head.headers['content-length']), head.body.length], [200, size, 0]);
});

test('If-Range has a part of the same file alone', async t => {
	const { all, ask } = await startWithRecording(t);
	const { etag } = (await ask({ Range: 'bytes=0-0' })).headers;

	assert.match(etag, /^"[^"]+"$/);
	for (const [condition, status] of [[etag, 206], [`W/${etag}`, 200], ['"another"', 200], ['Tue, 24 Nov 2026 18:45:00 GMT', 200], ['"'.repeat(200), 200]]) {
		const answer = await ask({ Range: 'bytes=10-19', 'If-Range': condition });

		assert.deepEqual([answer.status, answer.body.length], [status, status === 206 ? 10 : all.length], condition);
	}
});

test('a download that broke off is completed from where it was, over a new start of the daemon too', async t => {
	const { daemon, stateDir, path, all, ask } = await startWithRecording(t);
	const { etag } = (await ask({ Range: 'bytes=0-0' })).headers;
	const abort = new AbortController();
	const broken = await fetch(daemon.url + path, { signal: abort.signal });
	const { value: beginning } = await broken.body.getReader().read();

	abort.abort();
	assert.ok(beginning.length > 0);
	await daemon.stop();
	const again = await startVizyd(t, { stateDir });
	let rest;

	// The list of recordings is read by and by.
	do {
		rest = await get(again, path, { headers: { Range: `bytes=${beginning.length}-`, 'If-Range': etag } });
	} while (rest.status === 404);
	assert.equal(rest.status, beginning.length < all.length ? 206 : 416);
	assert.ok(Buffer.concat([beginning, rest.body]).equals(all));
});
