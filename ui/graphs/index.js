// The callbacks of the tab Analyze that run in the browser; ../components/graphs.js loads them when
// they are wanted. The daemon says where the motion is to be had and what of it everybody sees; what
// of that this browser can show, and what is under its pointer, is found here.

import { parseColumns } from './columns.js';
import { colourOf, emptyFigure, figureOf, heightOf, shownOf, unitOf } from './figure.js';

const { requests_pathname_prefix: prefix } = JSON.parse(document.getElementById('_dash-config').textContent);

const MAX_KEPT = 4;
const USUAL_WIDTH_PX = 700;
// Of the slider of the time: nearer to the clip's end than a step is at it. As in analyze-values.c.
const NEAR_S = 0.0011;

const noUpdate = () => window.dash_clientside.no_update;
const plotOf = (id) => document.getElementById(id)?.querySelector('.js-plotly-plot');

/* What was loaded */

const kept = new Map(); // address -> promise, or what it came to

async function load(src) {
  const answer = await fetch(prefix + src);

  // Of another result by now: its address is on the way.
  if (answer.status === 404)
    return [];
  if (!answer.ok)
    throw new Error(`the camera answered ${answer.status}`);

  const tracks = parseColumns(await answer.arrayBuffer());

  if (!tracks)
    throw new Error('the camera sent something else');
  return tracks;
}

// The tracks, or a promise of them.
function tracksOf(src) {
  if (!kept.has(src)) {
    kept.set(src, load(src).then((tracks) => {
      kept.set(src, tracks);
      return tracks;
    }, (error) => {
      kept.delete(src);
      throw error;
    }));
    if (kept.size > MAX_KEPT)
      kept.delete(kept.keys().next().value);
  }
  return kept.get(src);
}

// At once where that can be, as a promise costs the browser a picture.
function withTracks(src, use, fail) {
  const tracks = tracksOf(src);

  return tracks instanceof Promise ? tracks.then(use).catch(fail) : use(tracks);
}

/* What is drawn */

// The curves on the screen, and what they are of.
let drawn = { shown: [], curves: [], quantities: [], unit: '' };
// The same of the picture.
let pictured = [];

function bounds([first, last], max) {
  return [first > 0 ? first : -Infinity, last < max - NEAR_S ? last : Infinity];
}

const zoomed = (triggered) => triggered.length > 0
  && triggered.every(({ prop_id: id }) => id.endsWith('.relayoutData'));

// What one has zoomed to, as Plotly has it.
function viewOf(plot) {
  const { range, autorange } = plot?.layout?.xaxis ?? {};

  return range && !autorange ? range.map(Number) : null;
}

function widthOf(plot) {
  const { l = 0, r = 0 } = plot?.layout?.margin ?? {};

  return plot?.clientWidth ? Math.max(100, plot.clientWidth - l - r) : USUAL_WIDTH_PX;
}

function draw(tracks, data, ids, range, names, max, graph) {
  const plot = plotOf(graph);
  const shown = shownOf(tracks, ids, ...bounds(range, max));
  const { figure, ...rest } = figureOf(shown, names, data, viewOf(plot), widthOf(plot));

  drawn = { ...rest, shown, unit: data.unit };
  return figure;
}

/* Callbacks */

// The graphs. A zoom changes nothing where all points were drawn before.
export function drawGraphs(triggered, data, ids, range, names, relayout, max, graph, style) {
  const no = noUpdate();
  const height = heightOf(names?.length ?? 0);
  const size = style?.height === height ? no : { height };
  const all = drawn.shown.reduce((sum, { from, to }) => sum + to - from, 0) * drawn.quantities.length;

  if (!data)
    return [emptyFigure(), size];
  if (zoomed(triggered) && (!Object.keys(relayout ?? {}).some((key) => key.startsWith('xaxis'))
    || all === drawn.curves.reduce((sum, { length }) => sum + length, 0)))
    return [no, no];
  return withTracks(data.src, (tracks) => [draw(tracks, data, ids ?? [], range, names ?? [], max, graph), size],
    (error) => [emptyFigure(`The graphs cannot be loaded: ${error.message}`), size]);
}

// What is drawn over the picture: the ways, and the points of which there is a picture of the object.
export function drawTracks(triggered, data, ids, range, spacing, max) {
  if (!data)
    return [];
  return withTracks(data.src, (tracks) => {
    pictured = shownOf(tracks, ids ?? [], ...bounds(range, max));
    const first = Math.min(...pictured.filter(({ from, to }) => to > from).map(({ track, from }) => track.frame[from]));

    return pictured.map(({ track, from, to }) => {
      const points = [];
      const marks = [];

      for (let i = from; i < to; i++) {
        if ((track.frame[i] - first) % spacing === 0)
          marks.push(points.length);
        points.push([track.xPx[i], track.yPx[i]]);
      }
      return { color: colourOf(track.id), points, marks };
    });
  }, () => []);
}

// What the pointer is at in the graph is marked in the picture.
export function fromGraph(triggered, data) {
  const point = data?.points?.[0];
  const index = drawn.curves[point?.curveNumber]?.[point?.pointNumber];

  if (index === undefined)
    return null;

  const track = point.curveNumber % drawn.shown.length;

  return { track, index: index - drawn.shown[track].from };
}

const number = (value) => (value === undefined || Number.isNaN(value) ? '–' : Number(value.toPrecision(5)).toString());

function describe({ track, index }) {
  const { shown, quantities, unit } = drawn;
  const one = shown[track];
  const at = one.from + index;

  if (at >= one.to)
    return '';
  return [`t = ${number(one.track.t[at])} s`, ...quantities.map((quantity) => (
    `${quantity} = ${number(one.track[quantity][at])} ${unitOf(quantity, unit)}`))].join(' · ');
}

// The point of a curve that is drawn and nearest to one that may not be: in the same column of pixels.
function nearestDrawn(indexes, at) {
  let low = 0;
  let high = indexes.length - 1;

  while (low < high) {
    const middle = (low + high) >> 1;

    if (indexes[middle] < at)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 && at - indexes[low - 1] < indexes[low] - at ? low - 1 : low;
}

function markInGraph(plot, hovered) {
  const { shown, curves, quantities } = drawn;
  const at = shown[hovered.track].from + hovered.index;
  const rows = quantities.map((_, row) => row).filter((row) => curves[row * shown.length + hovered.track].length);

  window.Plotly.Fx.hover(plot, rows.map((row) => {
    const curveNumber = row * shown.length + hovered.track;

    return { curveNumber, pointNumber: nearestDrawn(curves[curveNumber], at) };
  }), rows.map((row) => (row ? `xy${row + 1}` : 'xy')));
}

// The numbers of what is pointed at, in the picture or in the graph; the former is marked in the latter.
export function show(triggered, hovered, hover, graph) {
  const plot = plotOf(graph);
  const point = hovered ?? hover;
  const isOurs = triggered.some(({ prop_id: id }) => id.endsWith('.hovered'));

  if (plot && isOurs && window.Plotly) {
    if (hovered && drawn.shown[hovered.track])
      markInGraph(plot, hovered);
    else
      window.Plotly.Fx.unhover(plot);
  }
  return point && drawn.shown[point.track] ? describe(point) : '';
}
