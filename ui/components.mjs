// Writes the headers with a word for each component (daemon/include/vizyd/html.h, dcc.h, own.h) from the
// propTypes that the components themselves carry: node components.mjs [--check].
//
// The headers are in the repository, since a build without node needs them too; with --check they are
// compared with what would be written. What a header is made of is in daemon/include/vizyd/component.h.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';

const here = dirname(fileURLToPath(import.meta.url));
const include = join(here, '../daemon/include/vizyd');

// Properties that are between a component and the renderer, and those that every word has.
const skipped = ['id', 'setProps', 'componentPath', 'loading_state', 'data-*', 'aria-*'];
const keywords = ['auto', 'bool', 'break', 'case', 'catch', 'char', 'class', 'const', 'continue', 'default',
  'delete', 'do', 'double', 'else', 'enum', 'export', 'extern', 'float', 'for', 'friend', 'goto', 'if',
  'inline', 'int', 'long', 'new', 'operator', 'private', 'protected', 'public', 'register', 'return',
  'short', 'signed', 'sizeof', 'static', 'struct', 'switch', 'template', 'this', 'throw', 'try',
  'typedef', 'union', 'unsigned', 'using', 'virtual', 'void', 'volatile', 'while'];

const packages = {
  html: {
    space: 'dash_html_components',
    macro: 'VZ_HTML',
    title: 'The Dash HTML Components',
    where: 'https://dash.plotly.com/dash-html-components',
    files: ['node_modules/dash-html-components/dash_html_components/dash_html_components.min.js'],
  },
  dcc: {
    space: 'dash_core_components',
    macro: 'VZ_DCC',
    title: 'The Dash Core Components',
    where: 'https://dash.plotly.com/dash-core-components',
    // The last has the types of the components that are written in TypeScript.
    files: ['dash_core_components-shared.js', 'dash_core_components.js', 'proptypes.js']
      .map((file) => `node_modules/dash-core-components/dash_core_components/${file}`),
  },
  own: {
    space: 'vizyd',
    macro: 'VZ_OWN',
    title: 'Our own components',
    where: 'ui/components',
    entry: 'components/types.js',
  },
};

// --- What the components say of themselves ---------------------------------------------------------

// PropTypes that remember what they were made of: { kind, of }.
function recorder() {
  const type = (kind, of) => Object.assign(() => null, { kind, of, isRequired: { kind, of } });
  const plain = ['any', 'array', 'bool', 'element', 'elementType', 'func', 'node', 'number', 'object',
    'string', 'symbol'];
  const made = ['arrayOf', 'exact', 'instanceOf', 'objectOf', 'oneOf', 'oneOfType', 'shape'];

  return Object.fromEntries([
    ...plain.map((kind) => [kind, type(kind)]),
    ...made.map((kind) => [kind, (of) => type(kind, of)]),
  ]);
}

// Enough of a browser for a bundle to define its components in, and to do nothing else.
function browser() {
  const anything = new Proxy(function () {}, {
    get: (target, key) => (key === Symbol.toPrimitive ? () => 'http://nowhere/' : anything),
    apply: () => anything,
    construct: () => ({}),
    set: () => true,
  });
  const Class = class {};
  const script = { src: 'http://nowhere/bundle.js', tagName: 'SCRIPT' };
  const window = {
    React: {
      Component: Class, PureComponent: Class, createContext: () => ({}), createElement: () => ({}),
      forwardRef: (component) => component, lazy: () => ({}), memo: (component) => component,
    },
    PropTypes: recorder(),
    ReactDOM: {},
    dash_component_api: {},
    dash_clientside: {},
    document: new Proxy({ currentScript: script }, {
      get: (target, key) => target[key] ?? anything,
      set: () => true,
    }),
    navigator: { userAgent: '' },
    location: { href: 'http://nowhere/' },
    addEventListener: () => {},
    setTimeout: () => 0,
    URL,
    Element: Class, HTMLElement: Class, HTMLAnchorElement: Class, Node: Class,
  };

  return createContext(Object.assign(window, { window, self: window }));
}

async function sources({ files, entry }) {
  if (files)
    return files.map((file) => readFileSync(join(here, file), 'utf8'));

  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: here, entryPoints: [entry], bundle: true, write: false, format: 'iife',
    globalName: 'types',
  });

  return [result.outputFiles[0].text];
}

/** {component: {property: type}} of a package. */
export async function propTypes(name) {
  const window = browser();

  for (const source of await sources(packages[name]))
    runInContext(source, window, { timeout: 10000 });
  if (window.types)
    return { ...window.types };
  return Object.fromEntries(Object.entries(window[packages[name].space])
    .map(([component, { propTypes: types }]) => [component, types]));
}

// --- Into the four kinds of C ----------------------------------------------------------------------

/** TEXT, NUMBER or TRUTH where the type allows nothing else, otherwise VALUE. */
export function kindOf(property, { kind, of }) {
  if (kind === 'oneOfType') {
    const kinds = new Set([...of].map((one) => (isSpelling(property, one) ? 'TRUTH' : kindOf(property, one))));

    return kinds.size === 1 ? [...kinds][0] : 'VALUE';
  }
  if (kind === 'oneOf')
    return [...of].every((value) => typeof value === 'string') ? 'TEXT' : 'VALUE';
  return { string: 'TEXT', number: 'NUMBER', bool: 'TRUTH' }[kind] ?? 'VALUE';
}

// HTML's other ways to say true or false: disabled="disabled", spellCheck="false".
function isSpelling(property, { kind, of }) {
  const words = [property.toLowerCase(), 'true', 'false'];

  return kind === 'oneOf' && [...of].every((value) => words.includes(String(value).toLowerCase()));
}

/** [[property, kind]] of a component, without what no program sets; children last. */
export function properties(types) {
  const names = Object.keys(types).filter((name) => !skipped.includes(name) && !name.startsWith('_'));

  return [...names.filter((name) => name !== 'children'), ...names.filter((name) => name === 'children')]
    .map((name) => [name, kindOf(name, types[name])]);
}

// DatePickerRange -> date_picker_range
function snake(type) {
  return type.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
}

// --- The headers -----------------------------------------------------------------------------------

function item([name, kind]) {
  if (keywords.includes(name))
    return `${kind}(${name}_, "${name}")`;
  return `${kind}(${name})`;
}

// `#define HEAD` and what follows, in lines of at most 100 columns.
function define(head, items) {
  const lines = [];
  let line = '\t';

  for (const one of items) {
    if (line.length > 1 && line.length + one.length > 89) {
      lines.push(line.trimEnd());
      line = '\t';
    }
    line += `${one} `;
  }
  return [`#define ${head}`, ...lines, line.trimEnd()].join(' \\\n');
}

const kinds = '(TEXT, NUMBER, TRUTH, VALUE)';

function word(prefix, space, type, tag, list) {
  return `#define ${prefix}${snake(type)}(...) \\\n`
    + `\t${tag}_new(${space}, "${type}", VZ_GIVEN_(${tag}, ${list}, __VA_ARGS__))`;
}

function header(name, components) {
  const { macro, title, where } = packages[name];
  const prefix = `vz_${name}_`;
  const all = Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, types]) => ({ type, own: properties(types) }));
  const common = all.length > 1 && name === 'html' ? shared(all) : [];
  const any = { tag: `${prefix}any`, list: `${macro}_ANY` };
  const parts = [
    `/*\n * ${title}, as component.h says; what they do: ${where}.\n`
      + ' * Written by ui/components.mjs: do not edit.\n */\n'
      + '#pragma once\n\n#include <vizyd/component.h>\n\n/* clang-format off */',
  ];
  const table = [];

  if (common.length)
    parts.push(`/* What every element has. */\n${define(any.list + kinds, common.map(item))}\n`
      + `VZ_DEFINE_COMPONENT_(${any.tag}, ${any.list});`);
  for (const { type, own } of all) {
    const rest = own.filter(([property]) => !common.some(([other]) => other === property)).map(item);
    const tag = rest.length || !common.length ? prefix + snake(type) : any.tag;
    const list = tag === any.tag ? any.list : `${macro}_${snake(type).toUpperCase()}`;

    if (tag !== any.tag)
      parts.push(`${define(list + kinds, [...rest, ...(common.length ? [any.list + kinds] : [])])}\n`
        + `VZ_DEFINE_COMPONENT_(${tag}, ${list});\n${word(prefix, macro, type, tag, list)}`);
    else
      parts.push(word(prefix, macro, type, tag, list));
    table.push(`X(${type}, ${tag}, ${list})`);
  }
  parts.push(`/* All of them: X(type, struct, list of properties). */\n${define(`${macro}_COMPONENTS(X)`, table)}`);
  return `${parts.join('\n\n')}\n`;
}

function shared(all) {
  return all[0].own.filter(([name, kind]) =>
    all.every(({ own }) => own.some(([other, otherKind]) => other === name && otherKind === kind)));
}

/** {file: text} of all headers. */
export async function headers() {
  const entries = await Promise.all(Object.keys(packages).map(async (name) =>
    [join(include, `${name}.h`), header(name, await propTypes(name))]));

  return Object.fromEntries(entries);
}

async function main([option]) {
  const stale = Object.entries(await headers()).filter(([file, text]) => read(file) !== text);

  if (option === '--check') {
    for (const [file] of stale)
      console.error(`${file}: not what ui/components.mjs would write`);
    process.exitCode = stale.length ? 1 : 0;
    return;
  }
  for (const [file, text] of stale)
    writeFileSync(file, text);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(process.argv.slice(2));
