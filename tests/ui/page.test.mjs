// The link against the real, pinned dash-renderer in headless Chromium. What the adapter relies on
// without being promised it (the store's shape, one action, set_props by path) is tried here: after a
// change of version this file tells whether it still holds.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { sleep, until } from '../lib/wait.mjs';

const build = fileURLToPath(new URL('../../ui/build.mjs', import.meta.url));
const missing = [
  [new URL('../../ui/node_modules/esbuild', import.meta.url), 'no packages in ui/node_modules'],
  [new URL('../node_modules/ws', import.meta.url), 'no packages in tests/node_modules'],
  [process.env.CHROMIUM ?? '/usr/bin/chromium', 'no chromium'],
].find(([path]) => !existsSync(path));
const skip = missing?.[1] ?? false;
const { callback, dcc, Host, html } = skip ? {} : await import('./host.mjs');
const { launch, openTab, sliderValue, text } = skip ? {} : await import('../lib/browser.mjs');

const ui = mkdtempSync(join(tmpdir(), 'vizyd-page-'));
let browser = null; // one for all: each test has a profile of its own in it
let atEnd = () => {};

before(async () => {
  if (skip)
    return;
  execFileSync(process.execPath, [build, ui]);
  browser = await launch({ after: (end) => { atEnd = end; } });
});
after(async () => {
  await atEnd();
  rmSync(ui, { recursive: true, force: true });
});

const layout = () => html('Div', {
  id: 'root',
  className: 'vz-page',
  children: [
    dcc('Slider', { id: 'slider', min: 0, max: 100, step: 1, value: 30, updatemode: 'drag', marks: null }),
    html('Div', { id: 'out', children: 'start' }),
    html('Div', { id: 'box', children: 'empty' }),
    html('Ul', { id: 'list', children: [html('Li', { children: 'one' })] }),
    html('Div', { id: { index: 1, type: 'p' }, children: 'pattern' }),
    html('Button', { id: 'button', n_clicks: 0, children: 'go' }),
    dcc('Input', { id: 'input', value: 'a' }),
  ],
});
const dependencies = () => [
  callback('out.children', 'slider.value'),
  callback('out.title', 'button.n_clicks'),
  callback('out.lang', 'input.value'),
  callback('box.title', 'inner.n_clicks'),
  callback('box.lang', 'list.children'),
];

const append = (value) => ({
  __dash_patch_update: '__dash_patch_update',
  operations: [{ operation: 'Append', location: [], params: { value } }],
});

async function open(t, prepare = () => {}, address = '') {
  const host = await Host.start(t, ui, layout(), dependencies());
  const context = await browser.newContext();

  t.after(() => context.close());
  await prepare(host, context);
  const page = await openTab(context, host.url + address);
  return { host, page };
}

const shows = (page, id, wanted) =>
  until(async () => await text(page, id) === wanted, { what: `#${id} to show "${wanted}"` });
const slides = (page, wanted, timeout) =>
  until(async () => await sliderValue(page, 'slider') === wanted, { timeout, what: `the slider at ${wanted}` });
const history = (page) =>
  page.evaluate(() => window.dash_stores[0].getState().history.past.length);

async function placeOfHandle(page) {
  return page.evaluate(() => {
    const track = document.querySelector('.dash-slider-root').getBoundingClientRect();
    const handle = document.querySelector('[role=slider]').getBoundingClientRect();

    return (handle.left + handle.width / 2 - track.left) / track.width;
  });
}

// A finger on the slider: to(value) moves it there.
async function grasp(page, value) {
  const box = await page.locator('.dash-slider-root').boundingBox();
  const to = (v) => page.mouse.move(box.x + 12 + (box.width - 24) * v / 100, box.y + box.height / 2);

  await to(value);
  await page.mouse.down();
  return to;
}

test('quiet values are seen and wake nobody', { skip }, async (t) => {
  const { host, page } = await open(t, (h) => { h.welcome = { slider: { value: 42 } }; });

  await slides(page, 42);
  host.send({
    type: 'mods',
    set: {
      slider: { value: 77 }, out: { children: 'quiet' }, input: { value: 'typed elsewhere' },
      '{"index":1,"type":"p"}': { children: 'found' }, nobody: { children: 'not on this page' },
    },
  });
  await slides(page, 77);
  assert.ok(Math.abs(await placeOfHandle(page) - 0.77) < 0.03);
  await shows(page, 'out', 'quiet');
  assert.equal(await page.locator('text=found').count(), 1);
  assert.equal(await page.inputValue('#input'), 'typed elsewhere');
  await sleep(300);
  assert.deepEqual(host.requests, []);
  assert.equal(await history(page), 0);
  assert.deepEqual(page.complaints, []);
});

test('loud values wake callbacks, also beside quiet ones', { skip }, async (t) => {
  const { host, page } = await open(t);

  host.send({ type: 'mods', notify: { slider: { value: 12 } }, set: { slider: { marks: { 0: 'low' } } } });
  await shows(page, 'out', 'ran with 12');
  await slides(page, 12);
  assert.equal(await page.locator('.dash-slider-mark').innerText(), 'low');
  assert.equal(host.requests.length, 1);
});

test('components as values: they are drawn, found and listened to', { skip }, async (t) => {
  const { host, page } = await open(t);
  const tree = (label) => [
    html('Button', { id: 'inner', n_clicks: 0, children: label }), html('Span', { id: 'span', children: 's' }),
  ];

  host.send({ type: 'mods', set: { box: { children: tree('first'), className: 'b' }, span: { children: '!' } } });
  await until(async () => (await text(page, 'box')).replace(/\s/g, '') === 'first!');
  assert.equal(await page.locator('#box.b').count(), 1);
  await page.click('#inner');
  await until(() => host.requests.length === 1);
  // The same shape again: the renderer must not show the old children.
  host.send({ type: 'mods', set: { box: { children: tree('second') } } });
  await until(async () => (await text(page, 'box')).replace(/\s/g, '') === 'seconds');
  host.send({ type: 'mods', set: { span: { children: '?' } } });
  await until(async () => (await text(page, 'box')).replace(/\s/g, '') === 'second?');
  await sleep(200);
  assert.equal(host.requests.length, 1);
});

test('patches, quiet and loud, in order', { skip }, async (t) => {
  const { host, page } = await open(t);
  const patch = (value, notify) => ({ id: 'list', property: 'children', value, notify });
  const item = (id) => html('Li', { id, children: id });

  host.send({ type: 'mods', patch: [patch(append(item('two'))), patch(append(item('three')))] });
  await until(async () => (await text(page, 'list')).replace(/\s/g, '') === 'onetwothree');
  host.send({ type: 'mods', set: { two: { children: 'TWO' } } });
  await until(async () => (await text(page, 'list')).replace(/\s/g, '') === 'oneTWOthree');
  await sleep(200);
  assert.deepEqual(host.requests, []);
  // One that cannot be done must not take the others of its unit with it.
  host.send({
    type: 'mods',
    set: { out: { children: 'still here' } },
    patch: [{ id: 'box', property: 'nothing', value: append(1) }, patch(append(item('four')), true)],
  });
  await until(async () => (await text(page, 'list')).includes('four'));
  await shows(page, 'out', 'still here');
  await until(() => host.requests.length === 1);
});

test('a Graph brings Plotly, within the policy, and grows by Patches', { skip }, async (t) => {
  const grow = (value) => ({
    __dash_patch_update: '__dash_patch_update',
    operations: [['x', value], ['y', 2 * value]].map(([axis, number]) => (
      { operation: 'Append', location: ['data', 0, axis], params: { value: number } })),
  });
  const { host, page } = await open(t, (h) => {
    h.layout.props.children.push(dcc('Graph', {
      id: 'graph', figure: { data: [{ x: [0, 1], y: [0, 2], mode: 'lines' }], layout: { uirevision: 'kept' } },
    }));
  });
  const drawn = () => page.evaluate(() => document.querySelector('#graph .js-plotly-plot')?.calcdata?.[0]?.length);

  await until(async () => await drawn() === 2, { timeout: 20000, what: 'two points' });
  for (const value of [2, 3, 4])
    host.send({ type: 'mods', patch: [{ id: 'graph', property: 'figure', value: grow(value) }] });
  await until(async () => await drawn() === 5, { what: async () => `five points, it draws ${await drawn()}` });
  assert.equal(await page.locator('#graph .scatterlayer path.js-line').count(), 1);
  assert.deepEqual(host.requests, []);
  assert.deepEqual(page.complaints, []);
});

test('a value and a Patch of it in one unit: the value first', { skip }, async (t) => {
  const patch = (value) => [{ id: 'list', property: 'title', value: {
    __dash_patch_update: '__dash_patch_update', operations: [{ operation: 'Assign', location: ['a'], params: { value } }],
  } }];
  const { host, page } = await open(t);
  const title = () => page.evaluate(() => window.dash_component_api.getLayout('list').props.title);

  host.send({ type: 'mods', set: { list: { title: { b: 1 } } }, patch: patch(2) });
  await until(async () => (await title())?.a === 2);
  assert.deepEqual(await title(), { a: 2, b: 1 });
});

// A slider draws what it is told in two steps, and here the second value comes between them, each time.
test('a value and back, before the first is drawn: it is the second that is seen', { skip }, async (t) => {
  const { page } = await open(t, (h, context) => context.addInitScript(() => {
    window.Worker = class extends window.Worker {
      constructor(url) {
        super(url);
        window.ourWorker = this;
      }
    };
  }));

  await page.evaluate(() => {
    const say = (value) => window.ourWorker.dispatchEvent(
      new MessageEvent('message', { data: { type: 'mods', set: { slider: { value } } } }));
    const grip = document.querySelector('[role=slider]');

    window.seen = [];
    new MutationObserver(() => window.seen.push(Number(grip.getAttribute('aria-valuenow'))))
      .observe(grip, { attributes: true, attributeFilter: ['aria-valuenow'] });
    const stop = window.dash_stores[0].subscribe(() => {
      // What the effect of the slider says.
      if (window.dash_component_api.getLayout('slider').props.drag_value !== 0)
        return;
      stop();
      queueMicrotask(() => say(30));
    });
    say(0);
  });
  await until(() => page.evaluate(() => window.seen.length === 2), { what: 'the second value' });
  assert.deepEqual(await page.evaluate(() => window.seen), [0, 30]);
  assert.equal(await page.evaluate(() => window.dash_component_api.getLayout('slider').props.value), 30);
});

test('values to and fro, as fast as they come, end where the last is', { skip }, async (t) => {
  const { host, page } = await open(t);

  for (let n = 0; n < 300; n++) {
    host.send({ type: 'mods', set: { slider: { value: 100 } } });
    host.send({ type: 'mods', set: { slider: { value: 30 } } });
    if (n % 3)
      await sleep(n % 7);
  }
  host.send({ type: 'mods', set: { out: { children: 'the last' } } });
  await shows(page, 'out', 'the last');
  await slides(page, 30);
  assert.deepEqual(host.requests, []);
});

test('a page without a Graph does not ask for Plotly', { skip }, async (t) => {
  const { host, page } = await open(t);

  await sleep(500);
  assert.ok(host.gets.some((path) => path.includes('async-slider')));
  assert.deepEqual(host.gets.filter((path) => /plotly|async-graph/.test(path)), []);
  assert.deepEqual(page.complaints, []);
});

test('a number beyond the slider\'s range or between its steps: what is shown is what is sent', { skip }, async (t) => {
  const { host, page } = await open(t);
  const box = page.locator('#slider input');
  const leave = { Enter: () => page.keyboard.press('Enter'), Tab: () => page.keyboard.press('Tab') };

  for (const [typed, shown, how] of [['150', 100, 'Tab'], ['-5', 0, 'Tab'], ['33.4', 33, 'Tab'], ['150', 100, 'Enter'],
    ['20', 20, 'Tab'], ['1e9', 100, 'Tab'], ['-1', 0, 'Enter']]) {
    await box.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(typed);
    await leave[how]();
    await until(() => host.requests.at(-1)?.inputs[0].value === shown,
      { what: () => `${typed} to be sent as ${shown}; sent was ${host.requests.at(-1)?.inputs[0].value}` });
    await slides(page, shown);
    await box.blur();
    await slides(page, shown);
    assert.equal(await box.inputValue(), String(shown));
  }
  // An empty box is no value.
  const { length } = host.requests;

  for (const typed of ['Delete', '-']) {
    await box.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.press(typed);
    await box.blur();
    await until(async () => await box.inputValue() === '0', { what: 'the number from before' });
    assert.equal(await sliderValue(page, 'slider'), 0);
  }
  assert.equal(await page.evaluate(() => window.dash_component_api.getLayout('slider').props.value), 0);
  assert.equal(host.requests.length, length);
  assert.deepEqual(page.complaints, []);
});

test('whoever drags is not jerked', { skip }, async (t) => {
  const { host, page } = await open(t);
  const seen = [];
  const to = await grasp(page, 20);

  for (let value = 20; value <= 60; value += 4) {
    host.send({ type: 'mods', set: { slider: { value: 3 } } });
    await to(value);
    seen.push(await sliderValue(page, 'slider'));
  }
  await page.mouse.up();
  assert.deepEqual([...seen].sort((a, b) => a - b), seen);
  assert.ok(!seen.includes(3));
  await slides(page, host.requests.at(-1).inputs[0].value);

  // What comes after the person's last own value is the newest: it is shown once the hand is off.
  await grasp(page, 50);
  await sleep(100);
  host.send({ type: 'mods', set: { slider: { value: 88 } } });
  await sleep(100);
  assert.notEqual(await sliderValue(page, 'slider'), 88);
  await page.mouse.up();
  await slides(page, 88, 1000);
});

test('one key press, one call; and on from a value that was pushed', { skip }, async (t) => {
  const { host, page } = await open(t);

  await page.focus('[role=slider]');
  await page.keyboard.press('ArrowRight');
  await shows(page, 'out', 'ran with 31');
  host.send({ type: 'mods', set: { slider: { value: 70 } } });
  await slides(page, 70, 1000);
  await page.keyboard.press('ArrowRight');
  await shows(page, 'out', 'ran with 71');
  assert.equal(host.requests.length, 2);
});

test('values that come before the layout wait for it; a flood ends with the last', { skip }, async (t) => {
  const { host, page } = await open(t, (h) => {
    h.layoutDelayMs = 1000;
    h.welcome = { slider: { value: 50 }, out: { children: 'welcome' } };
  });

  await slides(page, 50);
  await shows(page, 'out', 'welcome');
  for (let n = 0; n < 1000; n++)
    host.send({ type: 'mods', set: { slider: { value: n % 90 }, out: { children: `${n}` } } });
  host.send({ type: 'mods', set: { slider: { value: 91 } } });
  await slides(page, 91);
  await shows(page, 'out', '999');
  assert.deepEqual(host.requests, []);
  // Page and worker share one script, and the browser asks for it once.
  assert.equal(host.gets.filter((path) => path.includes('/link.')).length, 1);
});

test('offline: a flag, no stale click, live values afterwards', { skip }, async (t) => {
  const { host, page } = await open(t);

  host.refuse = true;
  host.drop();
  await page.waitForSelector('html[data-vizyd-offline]');
  await page.click('#button');
  host.welcome = { slider: { value: 5 } };
  host.refuse = false;
  await page.waitForSelector('html:not([data-vizyd-offline])');
  await slides(page, 5);
  await sleep(300);
  assert.deepEqual(host.requests, []);
  assert.equal(host.hellos[1].payload.boot, 'b');
  await page.click('#button');
  await until(() => host.requests.length === 1);
});

test('bye on closing, leaving and reloading; hello on coming back', { skip }, async (t) => {
  const { host, page } = await open(t);

  await page.goto('about:blank');
  await until(() => host.byes.length === 1);
  await page.goBack();
  await until(() => host.hellos.length === 2);
  await page.reload();
  await until(() => host.byes.length === 2 && host.hellos.length === 3);
  await page.close();
  await until(() => host.byes.length === 3);
});

test('the choice of a device survives a reload, and no other tab has it', { skip }, async (t) => {
  const { host, page } = await open(t);

  assert.equal(host.hellos[0].payload.device, null);
  host.send({ type: 'device', device: 'camera 2' });
  await page.waitForFunction(() => sessionStorage.getItem('vizyd-device') === 'camera 2');
  await page.reload();
  await until(() => host.hellos.length === 2);
  assert.equal(host.hellos[1].payload.device, 'camera 2');
  const other = await page.context().newPage();
  await other.goto(page.url());
  await until(() => host.hellos.length === 3);
  assert.equal(host.hellos[2].payload.device, null);
  host.send({ type: 'device', device: null });
  await page.waitForFunction(() => sessionStorage.getItem('vizyd-device') === null);
  await page.reload();
  await until(() => host.hellos.length === 4);
  assert.equal(host.hellos[3].payload.device, null);
});

test('what a page shows is told to who asks for it', { skip }, async (t) => {
  const { host, page } = await open(t);
  const ask = (requestId, componentId, properties) => host.send({
    type: 'get_props_request', rendererId: host.hellos[0].rendererId, requestId,
    payload: { componentId, properties },
  });

  host.send({ type: 'mods', set: { slider: { value: 42 } } });
  await slides(page, 42);
  ask('props-1-0', 'slider', ['value', 'never']);
  ask('props-1-1', 'absent', ['value']);
  await until(() => host.answers.length === 2);
  assert.deepEqual(host.answers.map(({ requestId, payload }) => [requestId, payload]),
    [['props-1-0', { value: 42 }], ['props-1-1', {}]]);
});

test('another layout: the page is loaded anew, and not over and over', { skip }, async (t) => {
  const { host, page } = await open(t);
  let loads = 0;

  page.on('load', () => loads++);
  host.layoutHash = 'h2';
  host.drop();
  await until(() => loads === 1);
  await until(() => host.hellos.at(-1).payload.layout === 'h2');
  host.layoutHash = 'h3';
  host.drop();
  await until(() => host.hellos.length === 3);
  await sleep(1000);
  assert.equal(loads, 1);
});

test('a page whose layout failed is loaded anew when the daemon is back', { skip }, async (t) => {
  await open(t, (h) => {
    h.layoutFails = true;
    setTimeout(() => { h.layoutFails = false; }, 300);
  });
});

test('without a worker the page itself holds the connection', { skip }, async (t) => {
  for (const prepare of [
    (h) => { h.workerUrl = '/nowhere.js'; },
    (h, context) => context.addInitScript(() => {
      delete window.Worker;
      delete window.SharedWorker;
      delete window.Crypto.prototype.randomUUID;
    }),
  ]) {
    const { host, page } = await open(t, prepare);

    await page.click('#button');
    await until(() => host.requests.length === 1);
    host.send({ type: 'mods', set: { slider: { value: 9 } } });
    await slides(page, 9);
    host.drop();
    await until(() => host.hellos.length === 2);
  }
});

test('the stock worker, and callbacks over HTTP', { skip }, async (t) => {
  const stock = await open(t, () => {}, '?stock');

  await stock.page.click('#button');
  await until(() => stock.host.requests.length === 1);
  assert.equal(stock.host.hellos.length, 0);

  const { host, page } = await open(t, () => {}, '?http');
  await page.click('#button');
  await until(() => host.posts.length === 1);
  assert.equal(host.posts[0].headers['x-vizyd-client'], host.hellos[0].rendererId);
});
