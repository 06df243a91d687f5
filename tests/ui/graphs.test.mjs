// What is drawn of the motion: the columns as they come, the points that a screen can show, the figure.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseColumns, slice } from '../../ui/graphs/columns.js';
import { decimate } from '../../ui/graphs/decimate.js';
import { figureOf, heightOf, shownOf } from '../../ui/graphs/figure.js';

const N_COLUMNS = 11;

/** As the daemon makes it: @values(column, i) of each of the tracks, which have @lengths points. */
function columns(lengths, values) {
  const size = 8 + 8 * lengths.length + lengths.reduce((sum, n) => sum + n * 8 * N_COLUMNS, 0);
  const view = new DataView(new ArrayBuffer(size));
  let at = 8 + 8 * lengths.length;

  view.setUint32(0, 0x3143_5a56, true);
  view.setUint32(4, lengths.length, true);
  lengths.forEach((n, track) => {
    view.setUint32(8 + 8 * track, track + 1, true);
    view.setUint32(12 + 8 * track, n, true);
    for (let column = 0; column < N_COLUMNS; column++)
      for (let i = 0; i < n; i++, at += 8)
        view.setFloat64(at, values(column, i, track), true);
  });
  return view.buffer;
}

const wave = (n) => parseColumns(columns([n], (column, i) => (
  column === 0 ? i : column === 1 ? i / 250 : Math.sin(i * column / 50) + Math.cos(i * 7.3) / 9)));

test('columns are read where they lie; what is no columns is none', () => {
  const buffer = columns([3, 0, 2], (column, i, track) => 100 * track + 10 * column + i);
  const tracks = parseColumns(buffer);

  assert.deepEqual(tracks.map(({ id, n }) => [id, n]), [[1, 3], [2, 0], [3, 2]]);
  assert.deepEqual([...tracks[0].frame], [0, 1, 2]);
  assert.deepEqual([...tracks[0].t], [10, 11, 12]);
  assert.deepEqual([...tracks[2].speed], [300, 301]);
  assert.equal(tracks[2].x.buffer, buffer);
  for (const wrong of [new ArrayBuffer(0), new ArrayBuffer(64), buffer.slice(0, -8), buffer.slice(0, 20)])
    assert.equal(parseColumns(wrong), null);
});

test('a time has the points from its beginning to its end, both with it', () => {
  const t = [0, 0.1, 0.2, 0.3];

  for (const [first, last, range] of [[-Infinity, Infinity, [0, 4]], [0.1, 0.2, [1, 3]], [0.11, 0.19, [2, 2]],
    [5, 6, [4, 4]], [-2, -1, [0, 0]], [0.3, 0.3, [3, 4]]])
    assert.deepEqual(slice(t, first, last), range, `${first} to ${last}`);
});

// What one sees of a line: of each column of pixels the span that it covers there.
function spans(t, y, indexes, [start, end], width) {
  const columnsOf = Array.from({ length: width + 1 }, () => [Infinity, -Infinity]);

  for (const i of indexes) {
    const span = columnsOf[Math.floor((t[i] - start) * width / (end - start))];

    span[0] = Math.min(span[0], y[i]);
    span[1] = Math.max(span[1], y[i]);
  }
  return columnsOf;
}

test('of many points those stay that make the same line on the screen', () => {
  const [{ t, ay, n }] = wave(10000);
  const view = [t[0], t[n - 1]];
  const all = Array.from({ length: n }, (_, i) => i);

  for (const width of [1, 7, 400, 701]) {
    const indexes = decimate(t, ay, [0, n], view, width);

    assert.ok(indexes.length <= 4 * (width + 1), `${indexes.length} of ${width}`);
    assert.ok(indexes.every((i, k) => !k || i > indexes[k - 1]), 'in their order, each once');
    assert.deepEqual(spans(t, ay, indexes, view, width), spans(t, ay, all, view, width));
    assert.deepEqual([indexes[0], indexes.at(-1)], [0, n - 1]);
  }
  // Few are all shown, and so is a time that does not go on.
  assert.deepEqual(decimate(t, ay, [10, 60], view, 400), all.slice(10, 60));
  assert.deepEqual(decimate(t, ay, [5, 6], [1, 1], 400), [5]);
});

test('a gap stays a gap', () => {
  const n = 4000;
  const t = Float64Array.from({ length: n }, (_, i) => i);
  const y = Float64Array.from(t, (i) => (i < 2 || (i >= 1000 && i < 1100) ? NaN : i % 17));
  const gaps = decimate(t, y, [0, n], [0, n - 1], 100).filter((i) => Number.isNaN(y[i]));

  assert.ok(gaps[0] < 2);
  assert.ok(gaps.some((i) => i >= 1000 && i < 1100));
  assert.ok(gaps.length < 10);
});

test('a figure has a curve for each quantity and track, and says which points are in it', () => {
  const tracks = parseColumns(columns([40, 20, 30], (column, i) => (column < 2 ? i * (column ? 0.01 : 1) : 10 * column + i)));

  tracks[2].ax[0] = NaN;
  const shown = shownOf(tracks, [3, 1], 0.1, Infinity);
  const { figure, curves, quantities } = figureOf(shown, ['ax', 'y'], { unit: 'm', revision: 3 }, null, 700);

  assert.deepEqual(quantities, ['y', 'ax']);
  assert.deepEqual(figure.data.map(({ name, yaxis, mode }) => [name, yaxis, mode]),
    [['1', 'y', 'lines+markers'], ['3', 'y', 'lines+markers'], ['1', 'y2', 'lines+markers'], ['3', 'y2', 'lines+markers']]);
  assert.deepEqual(curves.map((indexes) => [indexes[0], indexes.length]), [[10, 30], [10, 20], [10, 30], [10, 20]]);
  assert.deepEqual(figure.data[1].y, curves[1].map((i) => tracks[2].y[i]));
  assert.deepEqual([figure.layout.yaxis.title.text, figure.layout.yaxis2.title.text, figure.layout.xaxis.anchor], ['y / m', 'ax / m/s²', 'y2']);
  assert.deepEqual(figureOf(shownOf(tracks, [3], -Infinity, Infinity), ['ax'], { unit: 'm' }, null, 700).figure.data[0].y[0], null);
  // Nothing at all is a figure, too.
  assert.deepEqual(figureOf([], ['x'], { unit: 'px' }, null, 700).figure.data, []);
  assert.deepEqual(figureOf(shown, [], { unit: 'px' }, null, 700).figure.data, []);
  assert.ok(heightOf(0) > 0 && heightOf(3) > heightOf(2));
});

test('who zooms in gets every point of what he looks at', () => {
  const [track] = wave(10000);
  const shown = shownOf([track], [1], -Infinity, Infinity);
  const far = figureOf(shown, ['y'], { unit: 'px' }, null, 700).curves[0];
  const near = figureOf(shown, ['y'], { unit: 'px' }, [4, 5], 700).curves[0];
  const inside = near.filter((i) => track.t[i] >= 4 && track.t[i] <= 5);

  assert.ok(far.length <= 2810 && near.length <= 5000);
  assert.deepEqual(inside, Array.from({ length: 251 }, (_, i) => 1000 + i));
  assert.deepEqual([near[0], near.at(-1)], [0, 9999]);
  assert.ok(near.every((i, k) => !k || i > near[k - 1]));
});
