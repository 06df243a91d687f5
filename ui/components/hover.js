// The clientside callbacks between a graph and a picture of tracks. A graph has one curve for each
// quantity and track, those of a quantity side by side: which track one is follows from its number.

const space = window.dash_clientside ??= {};

const plotOf = (id) => document.getElementById(id)?.querySelector('.js-plotly-plot');

const number = (value) => (value === null || value === undefined ? '–' : Number(value.toPrecision(5)).toString());

function describe({ track, index }, nTracks, rows, { data, layout }) {
  const parts = Array.from({ length: rows }, (_, row) => {
    const [name, unit] = layout[row ? `yaxis${row + 1}` : 'yaxis'].title.text.split(' / ');

    return `${name} = ${number(data[row * nTracks + track]?.y[index])} ${unit}`;
  });

  return [`t = ${number(data[track]?.x[index])} s`, ...parts].join(' · ');
}

space.vizyd_tracks = {
  // Input: hoverData of the graph; State: tracks of the picture. Output: hover of the picture.
  fromGraph(data, tracks) {
    const point = data?.points?.[0];

    return point && tracks?.length
      ? { track: point.curveNumber % tracks.length, index: point.pointNumber }
      : null;
  },

  // Inputs: hovered of the picture, and what the graph made its hover; States: tracks of the picture, the
  // graph's id and figure. Output: a text. Marks in the graph what is pointed at in the picture.
  show(hovered, hover, tracks, graph, figure) {
    const plot = plotOf(graph);
    const rows = tracks?.length ? Math.floor((figure?.data?.length ?? 0) / tracks.length) : 0;
    const point = hovered ?? hover;
    const isOurs = window.dash_clientside.callback_context.triggered.some(({ prop_id: id }) => id.endsWith('.hovered'));

    if (plot && isOurs && window.Plotly) {
      if (hovered)
        window.Plotly.Fx.hover(plot, Array.from({ length: rows }, (_, row) => (
          { curveNumber: row * tracks.length + hovered.track, pointNumber: hovered.index })),
        Array.from({ length: rows }, (_, row) => (row ? `xy${row + 1}` : 'xy')));
      else
        window.Plotly.Fx.unhover(plot);
    }
    return point && rows ? describe(point, tracks.length, rows, figure) : '';
  },
};
