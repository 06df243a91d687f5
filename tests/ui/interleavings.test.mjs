// Several people move one slider at once: in whatever order things happen, all see the truth in the end.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { World } from './tabs.mjs';

const START = 70;

function choicesOf(world, left) {
  const first = ([tab], i) => left.findIndex(([other]) => other === tab) === i;

  return [
    ...world.choices(),
    ...left.filter(first).map((key) => [`page ${key[0]}`, `presses ${key[1]}`, () => {
      left.splice(left.indexOf(key), 1);
      world.tabs[key[0]].press(key[1]);
    }]),
  ];
}

// Lets it go on until nothing can happen any more, or @pick, which is given what may happen next and what
// has happened, names none of it. @keys: [[tab, value], …], pressed in this order in each tab.
function run(n, keys, pick) {
  const world = new World(n, START);
  const left = [...keys];
  const trail = [];

  for (let choices; (choices = choicesOf(world, left)).length;) {
    const chosen = choices[pick(choices, trail)];

    if (!chosen)
      return;
    trail.push(chosen);
    chosen[2]();
    assert.ok(trail.length < 1000, 'it goes on for ever');
  }
  for (const { name, shown, stored } of world.tabs)
    assert.ok(shown === world.truth && stored === world.truth,
      `${name} shows ${shown} and has ${stored}, the truth is ${world.truth}:\n${
        trail.map(([who, what]) => `${who} ${what}`).join('\n')}`);
  return world.truth;
}

// All orders there are. Who acts meets the others through queues alone, so what each of them has done so far,
// whatever the order between them, tells the state: none is left twice. Returns how many there are.
function everyOrder(n, keys) {
  const seen = new Set();
  const path = []; // of the run: which choice of how many

  do {
    run(n, keys, (choices, trail) => {
      const at = trail.length;

      if (at < path.length)
        return path[at].chosen;
      const done = {};

      for (const [who, what] of trail)
        done[who] = `${done[who] ?? ''},${what}`;
      const state = Object.keys(done).sort().map((who) => who + done[who]).join(';');

      if (seen.has(state))
        return -1;
      seen.add(state);
      path.push({ chosen: 0, size: choices.length });
      return 0;
    });
    while (path.length && path.at(-1).chosen === path.at(-1).size - 1)
      path.pop();
    if (path.length)
      path.at(-1).chosen++;
  } while (path.length);
  return seen.size;
}

// Draws lots, the same ones for the same seed.
function dice(seed) {
  let state = seed;

  return ({ length }) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * length);
  };
}

test('one key, in one tab and seen in another: every order there is', () => {
  assert.ok(everyOrder(1, [[0, 100]]) > 50);
  assert.ok(everyOrder(2, [[0, 100]]) > 300);
});

for (const [label, keys, seeds] of [
  ['three people press a key each', [[0, 0], [1, 100], [2, 71]], 1500],
  ['two of them, with two keys each and the same values', [[0, 0], [1, 100], [0, START], [1, 0]], 1500],
  ['three of them, with two keys each', [[0, 0], [1, 100], [2, 71], [0, START], [1, 99], [2, START]], 500],
])
  test(`${label}: ${seeds} orders by lot`, () => {
    const ends = new Set();

    for (let seed = 0; seed < seeds; seed++)
      ends.add(run(3, keys, dice(seed)));
    // Otherwise it was no contest.
    assert.ok(ends.size >= 3, `it always ended at ${[...ends]}`);
  });
