// Makes the folder that the daemon serves: node build.mjs FOLDER [STAMP DEPFILE].
// The build system gives the two last: a file to touch, and one to name what was read.
//
// Collects the bundles of node_modules, builds our own scripts, puts a fingerprint of the content
// into each name that the page asks for by way of the manifest, and compresses once what would
// otherwise be compressed for every visitor. The same input gives the same bytes.
//
//   FOLDER/manifest.json   which scripts and styles the page loads, in order, and for every
//                          address the file, its type, its ETag and whether it may be cached for ever
//   FOLDER/<address>[.gz]  the files

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const suites = '_dash-component-suites';
const own = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

// Phones of the last five years and more; the style of Dash's own components asks for newer ones.
const target = ['chrome84', 'firefox90', 'safari15'];
// Chrome up to 90 fails at `a?.b(...list, last)` alone, which esbuild takes for not having it at all.
const supported = { 'optional-chain': true };

const types = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
};

// What comes from npm: package, file in it, folder below the suites, name there.
// The chunks (async-…) are asked for by dash-core-components itself, under their plain names and in
// the folder of its main script; they and the worker keep these names.
const bundles = {
  regenerator: ['regenerator-runtime', 'runtime.js', 'dash/deps', 'regenerator-runtime.js'],
  react: ['react', 'umd/react.production.min.js', 'dash/deps', 'react.min.js'],
  reactDom: ['react-dom', 'umd/react-dom.production.min.js', 'dash/deps', 'react-dom.min.js'],
  propTypes: ['prop-types', 'prop-types.min.js', 'dash/deps', 'prop-types.min.js'],
  renderer: ['dash-renderer', 'build/dash_renderer.min.js', 'dash/dash-renderer/build'],
  stockWorker: ['dash-renderer', 'build/dash-ws-worker.js', 'dash/dash-renderer/build'],
  dcc: ['dash-core-components', 'dash_core_components/dash_core_components.js', 'dash/dcc'],
  dccShared: [
    'dash-core-components', 'dash_core_components/dash_core_components-shared.js', 'dash/dcc',
  ],
  html: ['dash-html-components', 'dash_html_components/dash_html_components.min.js', 'dash/html'],
};
const chunks = ['slider', 'dropdown', 'datepicker', 'upload', 'markdown', 'highlight', 'graph'];

// What a Graph draws with. The renderer knows it under this one address and loads it when the first
// Graph comes up; a page without one never asks. This edition of Plotly has all that is drawn on two
// axes, a third of the whole, and never makes code of text, which the page's policy forbids.
const plotly = ['plotly.js-cartesian-dist-min', 'plotly-cartesian.min.js', 'plotly/package_data/plotly.min.js'];

// What is ours: the entry point, the name below vizyd/. The page loads them all but the first, which
// components load when it is wanted.
const lazy = ['graphs/index.js', 'graphs.js'];
const scripts = {
  link: ['link/index.js', 'link.js'],
  components: ['components/index.js', 'components.js'],
  start: ['link/start.js', 'start.js'],
};

// dash-table and mathjax are not here: no page needs them yet.

class Folder {
  constructor(path) {
    this.path = path;
    this.files = {};
    this.inputs = new Set([fileURLToPath(import.meta.url), join(here, 'package.json')]);
  }

  read(path) {
    this.inputs.add(path);
    return readFileSync(path);
  }

  // Adds @content at @address; with a @version, under a name that changes with the content.
  async add(address, content, version) {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
    const file = version ? fingerprint(address, version, hash) : address;
    const extension = file.slice(file.lastIndexOf('.') + 1);
    const packed = await compress(content);
    const entry = { file, type: types[extension], etag: hash, immutable: Boolean(version) };

    this.write(file, content);
    if (packed.length < content.length * 0.9) {
      entry.gzip = `${file}.gz`;
      this.write(entry.gzip, packed);
    }
    this.files[file] = entry;
    return `/${file}`;
  }

  write(file, content) {
    const path = join(this.path, file);

    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

// Zopfli's gzip is 3 % smaller than the usual one, for everybody on the radio link, and slow; so what it
// made is kept beside the packages.
async function compress(content) {
  const { gzipAsync } = (await import('@gfx/zopfli')).default;
  const key = createHash('sha256').update(content).digest('hex');
  const kept = join(here, 'node_modules/.cache/vizyd', `${key}.gz`);

  if (existsSync(kept))
    return readFileSync(kept);

  const packed = Buffer.from(await gzipAsync(content, { numiterations: 5 }));
  try {
    mkdirSync(dirname(kept), { recursive: true });
    // In one step: two builds may run at the same time.
    writeFileSync(`${kept}.${process.pid}`, packed);
    renameSync(`${kept}.${process.pid}`, kept);
  } catch {
    // Nowhere to keep it: the next build takes as long.
  }
  return packed;
}

// `dir/name.min.js` -> `dir/name.v1_2_3m<hash>.min.js`, the form that Dash's own names have.
function fingerprint(address, version, hash) {
  const start = address.lastIndexOf('/') + 1;
  const dot = address.indexOf('.', start);

  return `${address.slice(0, dot)}.v${version.replace(/\W/g, '_')}m${hash}${address.slice(dot)}`;
}

async function addBundle(folder, [name, file, place, as]) {
  const root = join(here, 'node_modules', name);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  let content = withoutMaps(folder.read(join(root, file)));

  // The one bundle that is published at its full length.
  if (name === 'regenerator-runtime')
    content = Buffer.from((await esbuild.transform(content.toString(), { minify: true, target })).code);
  return folder.add(`${suites}/${place}/${as ?? file.split('/').pop()}`, content, version);
}

async function addChunk(folder, name) {
  const path = join(here, 'node_modules/dash-core-components/dash_core_components', `async-${name}.js`);

  await folder.add(`${suites}/dash/dcc/async-${name}.js`, withoutMaps(folder.read(path)));
}

async function addPlotly(folder, [name, file, place]) {
  await folder.add(`${suites}/${place}`, folder.read(join(here, 'node_modules', name, file)));
}

// The source maps stay behind, and so must the line that makes developer tools ask for them, and those of
// styles, which stand in the script itself and cost the camera page 4 kB. What takes them knows none, too.
const text = String.raw`"(?:[^"\\]|\\.)*"`;
const texts = String.raw`\[(?:${text},?)*\]`;
const styleMap = new RegExp(String.raw`\{version:3,sources:${texts},names:${texts},mappings:${text},`
  + String.raw`sourcesContent:${texts},sourceRoot:""\}`, 'g');

function withoutMaps(content) {
  return Buffer.from(content.toString('utf8')
    .replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n')
    .replace(styleMap, 'null'));
}

async function addScript(folder, [entry, as], options) {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    legalComments: 'none',
    target,
    supported,
    ...options,
  });

  for (const input of Object.keys(result.metafile.inputs))
    folder.inputs.add(join(here, input));
  return folder.add(`${suites}/vizyd/${as}`, Buffer.from(result.outputFiles[0].contents), own.version);
}

// Who has not logged in gets it too: the pages that ask for that look like the page.
async function addStyle(folder, from, address) {
  const source = folder.read(join(here, from));
  const { code } = await esbuild.transform(source.toString(), { loader: 'css', minify: true });
  const url = await folder.add(address, Buffer.from(code), own.version);

  folder.files[url.slice(1)].open = true;
  return url;
}

const pages = { login: 'Log in', logout: 'Log out', setup: 'Set up', closed: 'Closed' };

// Templates of the daemon (daemon/server/template.h), which has them from the manifest: each what is
// in one frame, under its heading.
function readPages(folder) {
  const read = (name) => folder.read(join(here, 'pages', `${name}.html`)).toString();
  const frame = read('frame');
  const fill = (name, heading) =>
    frame.replace('{{heading}}', () => heading).replace('{{page}}', () => read(name));

  return Object.fromEntries(Object.entries(pages).map(([name, heading]) => [name, fill(name, heading)]));
}

// Loaded late: without packages there is a better message than a failed import.
let esbuild;

async function build(path) {
  esbuild = await import('esbuild');

  const folder = new Folder(path);
  const url = {};

  rmSync(path, { recursive: true, force: true });
  for (const [key, bundle] of Object.entries(bundles))
    url[key] = await addBundle(folder, bundle);
  for (const name of chunks)
    await addChunk(folder, name);
  await addPlotly(folder, plotly);
  const graphs = await addScript(folder, lazy, { format: 'esm' });
  for (const [key, script] of Object.entries(scripts))
    url[key] = await addScript(folder, script, { define: { GRAPHS: JSON.stringify(graphs.slice(1)) } });
  const style = await addStyle(folder, 'assets/vizyd.css', 'assets/vizyd.css');
  const pageStyle = await addStyle(folder, 'pages/pages.css', 'assets/pages.css');
  await folder.add('assets/favicon.svg', folder.read(join(here, 'assets/favicon.svg')));
  await folder.add('_favicon.ico', folder.read(join(here, 'assets/favicon.ico')));

  // React first, then whatever builds on it; whoever starts the page comes last.
  const base = [url.regenerator, url.react, url.reactDom, url.propTypes];
  const dash = [url.renderer, url.dcc, url.dccShared, url.html, url.components, url.start];
  const files = Object.fromEntries(Object.entries(folder.files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const manifest = {
    layout_scripts: [...base, url.link, ...dash],
    stock_scripts: [...base, ...dash],
    styles: [style],
    worker: url.link, // one script, in the page and in the worker
    stock_worker: url.stockWorker,
    pages: readPages(folder),
    page_style: pageStyle,
    files,
  };

  folder.write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}

async function main([path, stamp, depfile]) {
  if (!path) {
    console.error('usage: node build.mjs FOLDER [STAMP DEPFILE]');
    process.exit(2);
  }
  const missing = Object.keys(own.dependencies).filter((name) => !existsSync(join(here, 'node_modules', name)));
  if (missing.length) {
    console.error(`ui: no ${missing.join(', ')} in ${here}/node_modules: run "npm ci --ignore-scripts" there`);
    process.exit(1);
  }

  const folder = await build(resolve(path));
  if (depfile) {
    const inputs = [...folder.inputs].sort().map((input) => input.replace(/ /g, '\\ '));
    writeFileSync(depfile, `${stamp}: ${inputs.join(' ')}\n`);
    writeFileSync(stamp, '');
  }
}

await main(process.argv.slice(2));
