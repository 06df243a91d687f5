import assert from 'node:assert/strict';
import { test } from 'node:test';

import { holdsComponent, PendingMods } from '../../ui/link/mods.js';

const patch = (id, property, value, notify = false) => ({ id, property, value, notify });

const cases = [
  ['nothing', [], { set: {}, notify: {}, patch: [] }],
  ['newest value wins',
    [{ set: { a: { x: 1, y: 2 } } }, { set: { a: { x: 3 } } }],
    { set: { a: { x: 3, y: 2 } }, notify: {}, patch: [] }],
  ['a loud value takes a quiet one\'s place',
    [{ set: { a: { x: 1 } } }, { notify: { a: { x: 2 } } }],
    { set: {}, notify: { a: { x: 2 } }, patch: [] }],
  ['callbacks that an older value was to wake run with the newer one',
    [{ notify: { a: { x: 1 } } }, { set: { a: { x: 2 } } }],
    { set: {}, notify: { a: { x: 2 } }, patch: [] }],
  ['patches keep their order',
    [{ patch: [patch('a', 'x', 1)] }, { patch: [patch('a', 'x', 2), patch('b', 'x', 3)] }],
    { set: {}, notify: {}, patch: [patch('a', 'x', 1), patch('a', 'x', 2), patch('b', 'x', 3)] }],
  ['a new value ends older patches of that property alone',
    [{ patch: [patch('a', 'x', 1), patch('a', 'y', 2)] }, { set: { a: { x: 5 } } }],
    { set: { a: { x: 5 } }, notify: {}, patch: [patch('a', 'y', 2)] }],
  ['a loud patch that was overtaken still wakes',
    [{ patch: [patch('a', 'x', 1, true)] }, { set: { a: { x: 5 } } }],
    { set: {}, notify: { a: { x: 5 } }, patch: [] }],
  ['names of the language are only names',
    [{ set: { constructor: { toString: 1 } } }, { set: { constructor: { toString: 2 } } }],
    { set: { constructor: { toString: 2 } }, notify: {}, patch: [] }],
];

for (const [label, messages, expected] of cases) {
  test(`pending mods: ${label}`, () => {
    const pending = new PendingMods();

    messages.forEach((message) => pending.merge(message));
    assert.equal(pending.empty, messages.length === 0);
    assert.deepEqual(pending.take(), expected);
    assert.equal(pending.empty, true);
  });
}

test('a component is found wherever it is', () => {
  const div = { namespace: 'dash_html_components', type: 'Div', props: {} };

  for (const value of [div, [1, div], [[{ label: div }]], { a: { b: div } }])
    assert.equal(holdsComponent(value), true);
  for (const value of [null, 'Div', 3, [], {}, { type: 'Div' }, [{ namespace: 'x', type: 'y' }]])
    assert.equal(holdsComponent(value), false);
});
