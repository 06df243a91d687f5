// The clientside callbacks between a graph and a picture of tracks. A graph has one curve for each
// quantity and track, those of a quantity side by side: which track one is follows from its number.

const space = window.dash_clientside ??= {};

const plotOf = (id) => document.getElementById(id)?.querySelector('.js-plotly-plot');

space.vizyd_tracks = {
  // Input: hoverData of the graph; State: tracks of the picture. Output: hover of the picture.
  fromGraph(data, tracks) {
    const point = data?.points?.[0];

    return point && tracks?.length
      ? { track: point.curveNumber % tracks.length, index: point.pointNumber }
      : null;
  },

  // Input: hovered of the picture; States: its tracks, the graph's id, its figure. Output: any.
  toGraph(hovered, tracks, graph, figure) {
    const { no_update: none } = window.dash_clientside;
    const plot = plotOf(graph);

    if (!plot || !window.Plotly || !tracks?.length)
      return none;
    if (!hovered) {
      window.Plotly.Fx.unhover(plot);
      return none;
    }
    const rows = Math.floor((figure?.data?.length ?? 0) / tracks.length);
    const curves = Array.from({ length: rows }, (_, row) => row * tracks.length + hovered.track);

    window.Plotly.Fx.hover(plot, curves.map((curveNumber) => ({ curveNumber, pointNumber: hovered.index })),
      Array.from({ length: rows }, (_, row) => (row ? `xy${row + 1}` : 'xy')));
    return none;
  },
};
