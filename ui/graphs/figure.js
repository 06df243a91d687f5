// The graphs of tracks as a figure of Plotly: one below the other over a common time, a curve for each
// quantity and track, those of a quantity side by side. Points that one could not tell apart on the
// screen are left out; who zooms in gets them.

import { decimate } from './decimate.js';
import { QUANTITIES, slice } from './columns.js';

const ROW_PX = 170;
const MARGIN_PX = 56;
const GAP = 0.05; // between two graphs, as a part of the height
const MAX_MARKERS = 600; // on the whole page: each is an element of its own
const WEAK = '#808b9a';
const GRID = 'rgba(128,139,154,0.22)';
const NO_COLOUR = 'rgba(0,0,0,0)';
const COLOURS = ['#3b82f6', '#f97316', '#22a06b', '#e0475b', '#9b6ef3',
  '#a87050', '#e377c2', '#7f8c8d', '#b5a91f', '#17a2b8'];
const PER = { vx: '/s', vy: '/s', ax: '/s²', ay: '/s²', speed: '/s' };

export const colourOf = (id) => COLOURS[(id - 1) % COLOURS.length];

export const unitOf = (quantity, unit) => unit + (PER[quantity] ?? '');

export const heightOf = (n) => Math.max(n, 1) * ROW_PX + MARGIN_PX;

// What is shown of the tracks: [{track, from, to}], in their order.
export function shownOf(tracks, ids, first, last) {
  return tracks.filter(({ id }) => ids.includes(id)).map((track) => {
    const [from, to] = slice(track.t, first, last);

    return { track, from, to };
  });
}

// Which points are drawn: finely in the time that one looks at, coarsely on both sides of it.
function pointsOf({ track, from, to }, quantity, whole, view, width) {
  const y = track[quantity];
  const [a, b] = slice(track.t, view[0], view[1]);
  const inside = [Math.min(Math.max(a - 1, from), to), Math.max(Math.min(b + 1, to), from)];
  const indexes = decimate(track.t, y, [from, inside[0]], whole, width);

  decimate(track.t, y, inside, view, width, indexes);
  return decimate(track.t, y, [Math.max(inside[1], inside[0]), to], whole, width, indexes);
}

const title = (name, unit) => ({ text: `${name} / ${unit}`, standoff: 8 });

function layoutOf(quantities, unit, revision) {
  const n = quantities.length;
  const height = n ? (1 - GAP * (n - 1)) / n : 1;
  const layout = {
    margin: { l: 68, r: 12, t: 12, b: 44 },
    paper_bgcolor: NO_COLOUR,
    plot_bgcolor: NO_COLOUR,
    font: { color: WEAK, size: 12 },
    hovermode: 'closest',
    dragmode: 'zoom',
    uirevision: revision,
    xaxis: { title: title('t', 's'), anchor: n > 1 ? `y${n}` : 'y', gridcolor: GRID, zeroline: false },
  };

  quantities.forEach((quantity, row) => {
    const top = 1 - row * (height + GAP);

    layout[row ? `yaxis${row + 1}` : 'yaxis'] = {
      domain: [Math.max(0, top - height), top],
      title: title(quantity, unitOf(quantity, unit)),
      gridcolor: GRID,
      zerolinecolor: WEAK,
    };
  });
  return layout;
}

// @view: the part of the time that one has zoomed to, or null. Returns the figure and, of each of its
// curves, the indexes of the points in it.
export function figureOf(shown, names, { unit, revision }, view, width) {
  const quantities = QUANTITIES.filter((name) => names.includes(name));
  const ends = shown.filter(({ from, to }) => to > from)
    .map(({ track, from, to }) => [track.t[from], track.t[to - 1]]);
  const whole = [Math.min(...ends.map(([start]) => start)), Math.max(...ends.map(([, end]) => end))];
  const curves = quantities.flatMap((quantity) => shown.map((one) => pointsOf(one, quantity, whole, view ?? whole, width)));
  const mode = curves.reduce((sum, { length }) => sum + length, 0) > MAX_MARKERS ? 'lines' : 'lines+markers';
  const data = curves.map((indexes, i) => {
    const row = Math.floor(i / shown.length);
    const { track } = shown[i % shown.length];
    const y = track[quantities[row]];
    const color = colourOf(track.id);

    return {
      type: 'scatter',
      mode,
      name: String(track.id),
      showlegend: false,
      xaxis: 'x',
      yaxis: row ? `y${row + 1}` : 'y',
      x: indexes.map((k) => track.t[k]),
      y: indexes.map((k) => (Number.isNaN(y[k]) ? null : y[k])),
      line: { color, width: 1.5 },
      marker: { color, size: 5 },
      hovertemplate: `%{x:.3f} s, %{y:.5~g} ${unitOf(quantities[row], unit)}<extra></extra>`,
    };
  });

  return { figure: { data, layout: layoutOf(quantities, unit, revision) }, curves, quantities };
}

export function emptyFigure(text) {
  const axis = { visible: false };

  return {
    data: [],
    layout: {
      paper_bgcolor: NO_COLOUR,
      plot_bgcolor: NO_COLOUR,
      xaxis: axis,
      yaxis: axis,
      annotations: text ? [{ text, showarrow: false, font: { color: WEAK, size: 14 } }] : [],
    },
  };
}
