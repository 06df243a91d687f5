// Which points of a curve a screen can show. Of all that fall into one column of its pixels the first,
// the last, the least and the largest make the same line as all of them: U. Jugel, Z. Jerzak,
// G. Hackenbroich, V. Markl, M4: A visualization-oriented time series data aggregation, VLDB 2014.

// A run of points in one column: up to four of them, in their order; a gap stays one.
function addColumn(y, from, to, indexes) {
  let least = -1;
  let largest = -1;
  let first = -1;
  let last = -1;
  let gap = -1;

  for (let i = from; i < to; i++) {
    if (Number.isNaN(y[i])) {
      gap = i;
      continue;
    }
    if (first < 0)
      first = least = largest = i;
    last = i;
    if (y[i] < y[least])
      least = i;
    if (y[i] > y[largest])
      largest = i;
  }
  const all = [first, Math.min(least, largest), Math.max(least, largest), last, gap].filter((i) => i >= 0);

  for (const i of [...new Set(all)].sort((a, b) => a - b))
    indexes.push(i);
}

// Appends to @indexes those of the points from @from to @to that @width columns over the time from
// @start to @end show. Few points are all shown.
export function decimate(t, y, [from, to], [start, end], width, indexes = []) {
  if (to - from <= 2 * width || !(end > start)) {
    for (let i = from; i < to; i++)
      indexes.push(i);
    return indexes;
  }
  const scale = width / (end - start);
  const columnOf = (i) => Math.floor((t[i] - start) * scale);

  for (let i = from; i < to;) {
    const column = columnOf(i);
    let next = i + 1;

    while (next < to && columnOf(next) === column)
      next++;
    addColumn(y, i, next, indexes);
    i = next;
  }
  return indexes;
}
