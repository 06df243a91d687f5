import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Hands } from '../../ui/link/hands.js';
import { World } from './world.mjs';

// A document in miniature: panel > (slider > thumb, live > canvas).
function node(parent, attributes = {}) {
  return {
    parentNode: parent,
    getAttribute: (name) => attributes[name] ?? null,
    hasAttribute: (name) => name in attributes,
  };
}

function setUp(onFree) {
  const panel = node(null, { id: 'panel' });
  const slider = node(panel, { id: 'slider' });
  const live = node(panel, { 'id': 'live', 'data-vizyd-live': '' });
  const nodes = { thumb: node(node(slider, { id: 'radix-1' })), canvas: node(live), panel };
  const applied = [];
  const world = new World();
  const window = new EventTarget();
  const hands = new Hands((id) => ['panel', 'slider', 'live'].includes(id), 
    onFree ?? (() => applied.push(hands.pass({}))), {
    addEventListener: window.addEventListener.bind(window), ...world,
  });

  hands.listen();
  return {
    hands,
    world,
    applied,
    fire(type, target, pointerId = 1) {
      const event = Object.assign(new Event(type), { pointerId });

      // An EventTarget names itself as the target; the document would name the node.
      Object.defineProperty(event, 'target', { value: nodes[target] });
      window.dispatchEvent(event);
    },
  };
}

const set = (value) => ({ slider: { value }, other: { value } });
const mods = (value) => ({ set: set(value) });

test('nobody presses anything: values pass', () => {
  const { hands } = setUp();

  assert.deepEqual(hands.pass(mods(1)), set(1));
  assert.equal(hands.holding, false);
});

test('a pressed control keeps its values until it is let go', () => {
  const { hands, applied, fire, world } = setUp();

  fire('pointerdown', 'thumb');
  assert.deepEqual(hands.pass(mods(1)), { other: { value: 1 } });
  assert.deepEqual(hands.pass({ set: { slider: { max: 9 } } }), {});
  assert.deepEqual(hands.pass(mods(2)), { other: { value: 2 } });
  fire('pointerup', 'thumb');
  assert.deepEqual(applied, []);
  world.pass(120);
  assert.deepEqual(applied, [{ slider: { value: 2, max: 9 } }]);
  assert.deepEqual(hands.pass(mods(3)), set(3));
});

test('the person\'s own newer value makes the older ones void', () => {
  const { hands, applied, fire, world } = setUp();

  fire('pointerdown', 'thumb');
  hands.pass({ set: { slider: { value: 1, max: 9 } } });
  hands.sent(['slider.value']);
  fire('pointerup', 'thumb');
  world.pass(120);
  assert.deepEqual(applied, [{ slider: { max: 9 } }]);
});

test('a value that comes after the person\'s own is the newer one', () => {
  const { hands, applied, fire, world } = setUp();

  fire('pointerdown', 'thumb');
  hands.sent(['slider.value']);
  hands.pass({ set: { slider: { value: 5 } } });
  fire('pointercancel', 'thumb');
  world.pass(120);
  assert.deepEqual(applied, [{ slider: { value: 5 } }]);
});

test('what is due goes along with what comes next, and is the older', () => {
  const { hands, fire, world } = setUp(() => {});

  fire('pointerdown', 'thumb');
  hands.pass({ set: { slider: { value: 1, max: 9 } } });
  fire('pointerup', 'thumb');
  world.pass(120);
  assert.deepEqual(hands.pass(mods(2)), { slider: { value: 2, max: 9 }, other: { value: 2 } });
  assert.equal(hands.holding, false);
});

test('nothing older is left to come after a loud value or a Patch', () => {
  const { hands, applied, fire, world } = setUp();
  const patch = [{ id: 'slider', property: 'marks', value: {} }];

  fire('pointerdown', 'thumb');
  hands.pass({ set: { slider: { value: 1, max: 9, marks: {} } } });
  assert.deepEqual(hands.pass({ notify: { slider: { value: 2 } } }), { slider: { value: 1 } });
  assert.deepEqual(hands.pass({ patch }), { slider: { marks: {} } });
  fire('pointerup', 'thumb');
  world.pass(120);
  assert.deepEqual(applied, [{ slider: { max: 9 } }]);
});

test('the same finger, down again at once', () => {
  const { hands, applied, fire, world } = setUp();

  fire('pointerdown', 'thumb');
  fire('pointerup', 'thumb');
  fire('pointerdown', 'thumb');
  world.pass(200);
  hands.pass({ set: { slider: { value: 1 } } });
  world.pass(200);
  assert.deepEqual(applied, []);
});

test('two fingers, a lost window, keys', () => {
  const { hands, applied, fire, world } = setUp();

  fire('pointerdown', 'thumb', 1);
  fire('pointerdown', 'thumb', 2);
  hands.pass({ set: { slider: { value: 1 } } });
  fire('pointerup', 'thumb', 1);
  world.pass(200);
  assert.deepEqual(applied, []);
  fire('blur', 'panel');
  world.pass(200);
  assert.deepEqual(applied, [{ slider: { value: 1 } }]);

  fire('keydown', 'thumb');
  hands.pass({ set: { slider: { value: 2 } } });
  world.pass(300);
  fire('keydown', 'thumb');
  world.pass(300);
  assert.equal(applied.length, 1);
  world.pass(100);
  assert.deepEqual(applied[1], { slider: { value: 2 } });
});

test('pointing into a live picture holds nothing back', () => {
  const { hands, fire } = setUp();

  fire('pointerdown', 'canvas');
  assert.deepEqual(hands.pass({ set: { live: { overlay: [] }, panel: { title: 'x' } } }),
    { live: { overlay: [] }, panel: { title: 'x' } });
});
