import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Connection } from '../../ui/link/connection.js';
import { World } from './world.mjs';

const welcome = { type: 'welcome', client: 1, boot: 'b1', layout: 'h1' };
const request = (n) => ({ type: 'callback_request', rendererId: 'r', requestId: `r-${n}`, payload: {} });

function open() {
  const world = new World();
  const got = [];
  const connection = new Connection((message) => got.push(message), world);

  connection.receive({
    type: 'connect', rendererId: 'r', layout: 'h1', payload: { serverUrl: 'ws://host/link' },
  });
  return { world, got, connection, types: () => got.map(({ type }) => type) };
}

function online() {
  const all = open();

  all.world.socket.accept();
  all.world.socket.say(welcome);
  all.got.length = 0;
  all.world.socket.sent.length = 0;
  return all;
}

test('hello is the first message, and the welcome brings the shared values', () => {
  const { world, got } = open();

  assert.equal(world.socket.url, 'ws://host/link');
  world.socket.accept();
  assert.deepEqual(world.socket.sent, [
    { type: 'hello', rendererId: 'r', payload: { link: 1, layout: 'h1', boot: null, device: null } },
  ]);
  assert.deepEqual(got, []);
  world.socket.say({ ...welcome, set: { a: { x: 1 } } });
  assert.deepEqual(got, [
    { type: 'connected', rendererId: 'r' },
    { type: 'mods', set: { a: { x: 1 } }, notify: {}, patch: [] },
  ]);
});

test('a page with another layout is told to reload and may call nothing', () => {
  const { world, connection, types } = open();

  world.socket.accept();
  world.socket.say({ ...welcome, layout: 'h2', set: { a: { x: 1 } } });
  connection.receive(request(1));
  assert.deepEqual(types(), ['reload', 'callback_response']);
  assert.equal(world.socket.sent.length, 1);
});

test('a request without a connection is answered and forgotten', () => {
  const { world, got, connection } = online();

  world.socket.hangUp();
  connection.receive(request(7));
  assert.deepEqual(got.at(-1), {
    type: 'callback_response', rendererId: 'r', requestId: 'r-7', payload: { status: 'prevent_update' },
  });
  world.pass(1000);
  world.socket.accept();
  connection.receive(request(8));
  world.socket.say(welcome);
  connection.receive(request(9));
  assert.deepEqual(world.socket.sent.map((m) => m.requestId ?? m.type), ['hello', 'r-9']);
  assert.deepEqual(world.socket.sent[0].payload, { link: 1, layout: 'h1', boot: 'b1', device: null });
});

test('the device that the tab has chosen is told to the page, and to the daemon in each hello', () => {
  const { world, got } = online();

  world.socket.say({ type: 'device', device: 'camera 2' });
  assert.deepEqual(got, [{ type: 'device', device: 'camera 2' }]);
  world.socket.hangUp();
  world.pass(1000);
  world.socket.accept();
  assert.equal(world.socket.sent[0].payload.device, 'camera 2');
});

test('dials for ever: 0.3 s, growing by half to 3 s, and anew after a welcome', () => {
  const { world } = online();
  const waits = [];

  for (let i = 0; i < 110; i++) {
    const { now } = world;
    const n = world.sockets.length;

    world.socket.hangUp();
    while (world.sockets.length === n)
      world.pass(1);
    waits.push(world.now - now);
  }
  assert.deepEqual(waits.slice(0, 8), [300, 450, 675, 1013, 1519, 2279, 3000, 3000]);
  assert.equal(waits.at(-1), 3000);
  // Longer than the stock worker has patience.
  assert.ok(waits.reduce((sum, wait) => sum + wait) > 300000);
  world.socket.accept();
  world.socket.say(welcome);
  world.socket.hangUp();
  world.pass(300);
  assert.equal(world.socket.readyState, 0);
});

test('an address that cannot be dialled is tried again', () => {
  const { world } = online();
  const n = world.sockets.length;

  world.refuseSockets = true;
  world.socket.hangUp();
  world.pass(5000);
  assert.equal(world.sockets.length, n);
  world.refuseSockets = false;
  world.pass(3000);
  assert.equal(world.sockets.length, n + 1);
});

test('heartbeats every 5 s; a line that is silent for 12 s is given up', () => {
  const { world, types } = online();
  const { socket } = world;

  for (let i = 0; i < 6; i++) {
    world.pass(5000);
    socket.say({ type: 'heartbeat_ack' });
  }
  assert.deepEqual(socket.sent, Array(6).fill({ type: 'heartbeat' }));
  world.pass(20000);
  assert.deepEqual(socket.closed, { code: 4000, reason: 'silent' });
  assert.deepEqual(types(), ['disconnected']);
  assert.notEqual(world.socket, socket);
});

test('a dial or a hello that nobody answers is given up', () => {
  const { world } = open();
  const [first] = world.sockets;

  world.pass(6000);
  assert.equal(first.closed.code, 4000);
  const second = world.socket;
  second.accept();
  world.pass(6000);
  assert.equal(second.closed.code, 4000);
});

test('waking dials at once, and asks a line that has been silent', () => {
  const { world, connection, types } = online();

  for (let i = 0; i < 20; i++) {
    world.socket.hangUp();
    world.pass(3000);
  }
  world.socket.hangUp();
  const n = world.sockets.length;
  connection.receive({ type: 'wake' });
  assert.equal(world.sockets.length, n + 1);
  world.socket.accept();
  world.socket.say(welcome);
  connection.receive({ type: 'wake' });
  assert.deepEqual(world.socket.sent.map(({ type }) => type), ['hello']);

  // The device slept: the clock went on, no timer ran.
  world.now += 60000;
  const { socket } = world;
  connection.receive({ type: 'tab_visible' });
  assert.equal(socket.sent.at(-1).type, 'heartbeat');
  socket.say({ type: 'heartbeat_ack' });
  world.pass(5000);
  assert.equal(socket.closed, null);
  world.now += 60000;
  connection.receive({ type: 'wake' });
  world.pass(5000);
  assert.equal(socket.closed.code, 4000);
  assert.equal(types().at(-1), 'disconnected');
});

test('bye gives the place up; connect takes one again', () => {
  const { world, connection } = online();
  const { socket } = world;

  connection.receive({ type: 'bye' });
  assert.deepEqual(socket.sent, [{ type: 'bye', rendererId: 'r' }]);
  assert.equal(socket.closed.code, 1000);
  world.pass(60000);
  assert.equal(world.socket, socket);
  connection.receive({ type: 'connect', rendererId: 'r', layout: 'h1', payload: { serverUrl: 'ws://x' } });
  assert.notEqual(world.socket, socket);
});

test('mods merge while the page is busy, and never overtake an answer', () => {
  const { world, got, connection } = online();
  const value = (x) => ({ type: 'mods', set: { a: { x } } });

  for (let x = 0; x < 100; x++)
    world.socket.say(value(x));
  assert.deepEqual(got.map((m) => m.set.a.x), [0, 1]);
  connection.receive({ type: 'applied' });
  assert.deepEqual(got.map((m) => m.set.a.x), [0, 1, 99]);
  world.socket.say(value(100), { type: 'callback_response', requestId: 'r-1' });
  assert.deepEqual(got.slice(3).map((m) => m.set?.a.x ?? m.type), [100, 'callback_response']);
});

test('arrays, odd and malformed messages', () => {
  const { world, types } = online();

  world.socket.say('{', 'null', '3', '{}', '[]', [{ type: 'error' }, null, { type: 'set_props' }]);
  assert.deepEqual(types(), ['error', 'set_props']);
  assert.equal(world.socket.closed, null);
});
