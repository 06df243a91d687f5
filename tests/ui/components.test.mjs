// The headers with a word for each component, against the bundles that the page loads.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { headers, kindOf, properties, propTypes } from '../../ui/components.mjs';

const ui = fileURLToPath(new URL('../../ui', import.meta.url));
const skip = !existsSync(join(ui, 'node_modules/esbuild')) && 'no packages in ui/node_modules';

test('the headers are what the bundles say', { skip }, async () => {
  for (const [file, text] of Object.entries(await headers()))
    assert.equal(readFileSync(file, 'utf8'), text, `${basename(file)}: run node ui/components.mjs`);
});

test('every component that the page can show has its types', { skip }, async () => {
  const types = { html: await propTypes('html'), dcc: await propTypes('dcc'), own: await propTypes('own') };

  for (const [name, components] of Object.entries(types))
    for (const [type, of] of Object.entries(components))
      assert.ok(of?.id && properties(of).length > 2, `${name}.${type}`);
  assert.ok(Object.keys(types.html).length > 100);
  for (const type of ['Slider', 'Input', 'Graph', 'Store', 'Interval', 'Tabs'])
    assert.ok(types.dcc[type], type);
  assert.ok(types.own.LiveView);
});

test('our own components name all that they read', { skip }, async () => {
  const index = readFileSync(join(ui, 'components/index.js'), 'utf8');
  const [, shown] = index.match(/window\.vizyd = \{ (.*) \}/);

  assert.deepEqual(Object.keys(await propTypes('own')).sort(), shown.split(', ').sort());
  for (const [type, types] of Object.entries(await propTypes('own'))) {
    const source = readFileSync(join(ui, `components/${type}.js`), 'utf8');
    const read = [...source.matchAll(/\bprops\.(\w+)/g)].map(([, name]) => name);
    // What the comment on top lists, one or more a line.
    const told = [...source.matchAll(/^\/\/ {3}([a-zA-Z_]\w*(?:, [a-zA-Z_]\w*)*)(?: {2,}| \(|$)/gm)]
      .flatMap(([, names]) => names.split(', '));

    assert.ok(told.length > 2, type);
    // class_name is another spelling of className, for those who come from Python.
    for (const name of [...read, ...told].filter((one) => !['setProps', 'class_name'].includes(one)))
      assert.ok(types[name], `${type}.${name} is not in types.js`);
  }
});

test('types become the kinds of C', { skip }, async () => {
  const { Slider, Input, Interval, Graph, Dropdown } = await propTypes('dcc');
  const { Div, Option, Track } = await propTypes('html');
  const cases = [
    ['Slider', Slider, { min: 'NUMBER', value: 'NUMBER', marks: 'VALUE', disabled: 'TRUTH', updatemode: 'TEXT' }],
    ['Input', Input, { value: 'VALUE', step: 'VALUE', readOnly: 'TRUTH', spellCheck: 'TRUTH', type: 'TEXT' }],
    ['Interval', Interval, { interval: 'NUMBER', disabled: 'TRUTH' }],
    ['Graph', Graph, { figure: 'VALUE', animate: 'TRUTH', responsive: 'VALUE' }],
    ['Dropdown', Dropdown, { options: 'VALUE', multi: 'TRUTH', debounce: 'TRUTH' }],
    ['Div', Div, { children: 'VALUE', style: 'VALUE', hidden: 'TRUTH', n_clicks: 'NUMBER', title: 'TEXT' }],
    ['Option', Option, { selected: 'TRUTH', value: 'TEXT' }],
    ['Track', Track, { default: 'TRUTH' }],
  ];

  for (const [label, types, expected] of cases)
    for (const [property, kind] of Object.entries(expected))
      assert.equal(kindOf(property, types[property]), kind, `${label}.${property}`);
});

test('what is between component and renderer has no field', { skip }, async () => {
  const all = { ...await propTypes('html'), ...await propTypes('dcc') };

  for (const types of Object.values(all))
    for (const [name] of properties(types))
      assert.match(name, /^(?!setProps$|componentPath$|loading_state$|id$)[A-Za-z]\w*$/);
});
