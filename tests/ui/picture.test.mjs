import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pixelAt, placeOf } from '../../ui/components/overlay.js';
import { parsePicture } from '../../ui/components/picture.js';
import { videoUrl } from '../../ui/components/stream.js';

function frame({ magic = 'VZF1', header = 32, sequence = 7n, body = [0xff, 0xd8] } = {}) {
  const bytes = Buffer.alloc(Math.max(header, 32) + body.length);

  bytes.write(magic, 'latin1');
  bytes.writeUInt32LE(header, 4);
  bytes.writeBigUInt64LE(sequence, 8);
  bytes.writeBigInt64LE(123456789012345n, 16);
  bytes.writeUInt32LE(1280, 24);
  bytes.writeUInt32LE(720, 28);
  bytes.set(body, Math.max(header, 32));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

test('a picture is read', () => {
  const picture = parsePicture(frame({ sequence: 2n ** 40n + 3n }));

  assert.equal(picture.sequence, 2 ** 40 + 3);
  assert.equal(picture.timeNs, 123456789012345n);
  assert.deepEqual([picture.width, picture.height], [1280, 720]);
  assert.deepEqual([...picture.jpeg], [0xff, 0xd8]);
});

test('a longer header is skipped, anything else refused', () => {
  assert.deepEqual([...parsePicture(frame({ header: 48 })).jpeg], [0xff, 0xd8]);
  assert.equal(parsePicture(frame({ magic: 'VZF2' })), null);
  assert.equal(parsePicture(frame({ header: 31 })), null);
  assert.equal(parsePicture(frame().slice(0, 31)), null);
  assert.equal(parsePicture(new ArrayBuffer(0)), null);
  const long = frame();
  new DataView(long).setUint32(4, 100, true);
  assert.equal(parsePicture(long), null);
});

test('where the picture is in its box, and a pointer in the picture', () => {
  const picture = { width: 1280, height: 720 };

  assert.deepEqual(placeOf(picture, { width: 640, height: 480 }), { scale: 0.5, left: 0, top: 60 });
  assert.deepEqual(placeOf(picture, { width: 640, height: 720 }, 'cover'), { scale: 1, left: -320, top: 0 });

  const cases = [
    [320, 240, { x: 640, y: 360 }],
    [0, 60, { x: 0, y: 0 }],
    [640, 420, { x: 1280, y: 720 }],
    [-5, 10, { x: 0, y: 0 }],
    [700, 479, { x: 1280, y: 720 }],
    [0.33, 60, { x: 0.7, y: 0 }],
  ];
  for (const [x, y, expected] of cases)
    assert.deepEqual(pixelAt(x, y, picture, { width: 640, height: 480 }), expected);
});

test('the address of the video', () => {
  assert.equal(videoUrl('/_vizyd/video', 'http://cam.lan:8080/page?x#y'), 'ws://cam.lan:8080/_vizyd/video?ack=1');
  assert.equal(videoUrl('video?camera=2', 'https://cam.lan/a/'), 'wss://cam.lan/a/video?camera=2&ack=1');
});
