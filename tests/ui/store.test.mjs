import assert from 'node:assert/strict';
import { test } from 'node:test';

import { waitBeforeReload } from '../../ui/link/reload.js';
import { parseId, pathOf } from '../../ui/link/store.js';

test('a page reloads at most once in ten seconds', () => {
  assert.equal(waitBeforeReload(null, 5000), 0);
  assert.equal(waitBeforeReload(1000, 5000), 6000);
  assert.equal(waitBeforeReload(1000, 60000), 0);
  assert.equal(waitBeforeReload(70000, 60000), 0);
});

test('where a component is in the layout', () => {
  const state = {
    paths: {
      strs: { out: ['components', 'props', 'children', 1] },
      objs: { 'index,type': [{ values: [1, 'a'], path: ['p1'] }, { values: [2, 'a'], path: ['p2'] }] },
    },
  };

  assert.deepEqual(pathOf(state, 'out'), ['components', 'props', 'children', 1]);
  assert.deepEqual(pathOf(state, '{"index":2,"type":"a"}'), ['p2']);
  for (const id of ['nobody', 'toString', '{"index":3,"type":"a"}', '{"index":2}', '{broken'])
    assert.equal(pathOf(state, id), undefined);
  assert.deepEqual(parseId('{"b":1}'), { b: 1 });
});
