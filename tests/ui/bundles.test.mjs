// The folder that the daemon serves, built as the build does it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const ui = fileURLToPath(new URL('../../ui', import.meta.url));
const skip = !existsSync(join(ui, 'node_modules/esbuild')) && 'no packages in ui/node_modules';
const folder = mkdtempSync(join(tmpdir(), 'vizyd-ui-'));
const manifest = skip ? null : build(folder);

after(() => rmSync(folder, { recursive: true, force: true }));

function build(path) {
  execFileSync(process.execPath, [join(ui, 'build.mjs'), path]);
  return JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'));
}

test('every address of the page has its file', { skip }, () => {
  const page = [...manifest.layout_scripts, ...manifest.stock_scripts, ...manifest.styles,
    manifest.worker, manifest.stock_worker];

  for (const url of page) {
    const entry = manifest.files[url.slice(1)];

    assert.ok(entry, url);
    assert.equal(entry.immutable, true, url);
    assert.match(url, /\/[\w-]+\.v[\w-]+m[0-9a-f]+\.[\w.]+$/);
  }
  assert.deepEqual(manifest.layout_scripts.filter((url) => !manifest.stock_scripts.includes(url)),
    [manifest.worker]);
});

test('files are what the manifest says, packed ones too', { skip }, () => {
  for (const [address, { file, type, etag, gzip }] of Object.entries(manifest.files)) {
    const content = readFileSync(join(folder, file));

    assert.match(type, /^(text|image)\//, address);
    assert.match(etag, /^[0-9a-f]{16}$/);
    if (gzip)
      assert.ok(gunzipSync(readFileSync(join(folder, gzip))).equals(content), address);
    assert.doesNotMatch(content.toString('latin1'), /sourceMappingURL=\S+\.map|\{version:3,sources:/, address);
  }
});

test('chunks keep the names that dash-core-components asks for', { skip }, () => {
  for (const name of ['slider', 'datepicker', 'dropdown', 'upload', 'markdown', 'highlight', 'graph'])
    assert.equal(manifest.files[`_dash-component-suites/dash/dcc/async-${name}.js`]?.immutable, false);
  assert.match(manifest.layout_scripts.find((url) => url.includes('dash_core_components.v')),
    /^\/_dash-component-suites\/dash\/dcc\//);
});

test('the camera page is at most 270 kB', { skip }, () => {
  const chunks = ['slider', 'datepicker'].map((n) => `/_dash-component-suites/dash/dcc/async-${n}.js`);
  const page = [...manifest.layout_scripts, ...manifest.styles, ...chunks];
  const size = page.map((url) => manifest.files[url.slice(1)])
    .reduce((sum, { gzip, file }) => sum + readFileSync(join(folder, gzip ?? file)).length, 0);

  assert.ok(size <= 270000, `${size} bytes`);
});

test('Plotly is where the renderer looks for it, and no page loads it by itself', { skip }, () => {
  const address = '_dash-component-suites/plotly/package_data/plotly.min.js';
  const { file, gzip } = manifest.files[address];

  assert.match(readFileSync(join(folder, file), 'utf8'), /^\/\*\*\n\* plotly\.js /);
  assert.ok(readFileSync(join(folder, gzip)).length < 480000);
  assert.ok([...manifest.layout_scripts, ...manifest.stock_scripts].every((url) => !url.includes('plotly')));
});

test('the same input gives the same bytes', { skip }, () => {
  const other = mkdtempSync(join(tmpdir(), 'vizyd-ui-'));

  try {
    assert.deepEqual(build(other), manifest);
    for (const { gzip } of Object.values(manifest.files))
      if (gzip)
        assert.ok(readFileSync(join(other, gzip)).equals(readFileSync(join(folder, gzip))), gzip);
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});
