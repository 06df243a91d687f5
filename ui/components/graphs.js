// The callbacks of the tab Analyze that run in the browser are in a script of their own, ../graphs: most
// who look at the camera never see a graph. Those that draw have the tab of the page as their first Input.

const TAB = 'analyze-0';

const { requests_pathname_prefix: prefix } = JSON.parse(document.getElementById('_dash-config').textContent);
const space = (window.dash_clientside ??= {}).vizyd_tracks = {};
let graphs;
let loading;

// GRAPHS is its address, which build.mjs puts here.
const load = () => loading ??= import(prefix + GRAPHS).then((module) => graphs = module);

function add(name, isWanted, rest) {
  space[name] = (...values) => {
    const { triggered } = window.dash_clientside.callback_context;
    const use = () => graphs[name](triggered, ...rest(values));

    if (!isWanted(values))
      return window.dash_clientside.no_update;
    return graphs ? use() : load().then(use);
  };
}

for (const name of ['drawGraphs', 'drawTracks'])
  add(name, ([tab]) => tab === TAB, ([, ...others]) => others);
for (const name of ['fromGraph', 'show'])
  add(name, () => graphs, (values) => values);
