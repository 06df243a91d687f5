// The motion of all tracks, as the daemon has it: daemon/clips/columns.h says how it comes.

const MAGIC = 0x3143_5a56; // "VZC1"
const PLACE = ['frame', 't', 'xPx', 'yPx'];

export const QUANTITIES = ['x', 'y', 'vx', 'vy', 'ax', 'ay', 'speed'];

const columns = [...PLACE, ...QUANTITIES];

// Returns [{id, n, frame, t, xPx, yPx, x, y, …}] with a Float64Array each that looks into @buffer, or
// null if that is none of ours.
export function parseColumns(buffer) {
  const view = new DataView(buffer);
  const head = buffer.byteLength >= 8 && view.getUint32(0, true) === MAGIC ? view.getUint32(4, true) : -1;

  if (head < 0 || 8 + 8 * head > buffer.byteLength)
    return null;

  const tracks = Array.from({ length: head }, (_, i) => (
    { id: view.getUint32(8 + 8 * i, true), n: view.getUint32(12 + 8 * i, true) }));
  let at = 8 + 8 * head;
  const size = tracks.reduce((sum, { n }) => sum + n * 8 * columns.length, at);

  if (size !== buffer.byteLength)
    return null;
  for (const track of tracks)
    for (const column of columns) {
      track[column] = new Float64Array(buffer, at, track.n);
      at += track.n * 8;
    }
  return tracks;
}

// The indexes [from, to) of the times from @first to @last, which rise.
export function slice(t, first, last) {
  const search = (isBefore) => {
    let low = 0;
    let high = t.length;

    while (low < high) {
      const middle = (low + high) >> 1;

      if (isBefore(t[middle]))
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  };
  const from = search((time) => time < first);

  return [from, Math.max(from, search((time) => time <= last))];
}
