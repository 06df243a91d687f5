// Tabs without a browser: the link's own code, a page that draws as React does, one slider, and a daemon
// that shares its value. Nothing happens by itself: whoever drives it picks the next of what may happen,
// in any order that timers, networks and a busy machine allow.

import { installAdapter } from '../../ui/link/adapter.js';
import { Connection } from '../../ui/link/connection.js';

const ID = 'slider';
const NORMAL = 3; // React's own tasks in its scheduler

// A page's time stands still; its code finds the page that it belongs to in these.
function within(tab, run) {
  const { window, document, Worker, queueMicrotask } = globalThis;
  const later = [];

  Object.assign(globalThis, {
    window: tab.window, document: tab.document, Worker: tab.Worker, queueMicrotask: (task) => later.push(task),
  });
  try {
    run();
    while (later.length || tab.isTold) {
      if (later.length)
        later.shift()();
      else
        tab.draw();
    }
  } finally {
    Object.assign(globalThis, { window, document, Worker, queueMicrotask });
  }
}

class Tab {
  down = []; // what the daemon has sent, as text
  up = [];
  toPage = []; // between the page and its worker
  toWorker = [];
  tasks = []; // of React's scheduler
  timers = [];
  isTold = false; // the store has changed since the last drawing
  toAsk = 0; // edits that the renderer has not asked for yet
  #listeners = {};
  #value;
  #drawn; // the value of the store that was drawn last
  #updates = []; // of the slider's own copy: {value, isSync}
  #socket = null;
  #worker = null;
  #connection;
  #serial = 0;

  constructor(name, value) {
    const tab = this;

    this.name = name;
    this.shown = this.#value = this.#drawn = value;
    this.document = {
      documentElement: { setAttribute() {}, removeAttribute() {}, getAttribute: () => 'h' }, addEventListener() {},
    };
    this.window = {
      React: { internals: { Scheduler: { unstable_scheduleCallback: (priority, run) => this.#schedule(priority, run) } } },
      addEventListener: (type, listener) => (this.#listeners[type] ??= []).push(listener),
      setTimeout: (run) => this.timers.push({ id: ++this.#serial, run }) && this.#serial,
      clearTimeout: (id) => { this.timers = this.timers.filter((timer) => timer.id !== id); },
      dash_clientside: {},
      dash_stores: [{ getState: () => this.#state(), dispatch: ({ payload }) => this.#store(payload.props.value) }],
      sessionStorage: { getItem: () => null },
    };
    this.Worker = class {
      constructor() {
        tab.#worker = this;
      }

      postMessage(message) {
        tab.toWorker.push(message);
      }
    };
    this.#connection = new Connection((message) => this.toPage.push(message), {
      WebSocket: class {
        constructor() {
          tab.#socket = this;
        }

        send(text) {
          tab.up.push(JSON.parse(text));
        }
      },
      // It never waits so long that a heartbeat is due.
      setTimeout() {},
      clearTimeout() {},
      Date,
    });
    this.#open();
  }

  #open() {
    const { setTimeout, clearTimeout } = globalThis;

    // That the worker is there is waited for with the page's own timer.
    Object.assign(globalThis, { setTimeout() {}, clearTimeout() {} });
    within(this, () => {
      installAdapter();
      this.port = new this.window.SharedWorker('worker.js').port;
      this.port.postMessage({ type: 'connect', rendererId: this.name, payload: { serverUrl: 'ws://daemon/' } });
      this.#worker.onmessage({ data: { type: 'ready' } });
    });
    Object.assign(globalThis, { setTimeout, clearTimeout });
    this.give();
    this.#socket.onopen();
    this.up = [];
  }

  get stored() {
    return this.#value;
  }

  // A person presses a key.
  press(value) {
    within(this, () => {
      const target = { getAttribute: (name) => (name === 'id' ? ID : null), hasAttribute: () => false };

      for (const listener of this.#listeners.keydown)
        listener({ target });
      this.#updates.push({ value, isSync: true });
      this.isTold = true;
      if (value !== this.#value) {
        this.#store(value);
        this.toAsk++;
      }
    });
  }

  // The renderer asks with what is in the store by now.
  ask() {
    this.toAsk--;
    within(this, () => this.port.postMessage({
      type: 'callback_request', rendererId: this.name, requestId: `${this.name}-${++this.#serial}`,
      payload: { inputs: [{ id: ID, property: 'value', value: this.#value }], changedPropIds: [`${ID}.value`] },
    }));
  }

  hear() {
    this.#socket.onmessage({ data: this.down.shift() });
  }

  take() {
    const data = this.toPage.shift();
    within(this, () => this.#worker.onmessage({ data }));
  }

  give() {
    this.#connection.receive(this.toWorker.shift());
  }

  letGo() {
    within(this, this.timers.shift().run);
  }

  work() {
    const next = Math.min(...this.tasks.map(({ priority }) => priority));
    const [task] = this.tasks.splice(this.tasks.findIndex(({ priority }) => priority === next), 1);

    within(this, task.run);
  }

  // What the store was told, and what people did, is drawn at once. The slider's effect follows: it
  // compares with the copy as it is drawn, and what it sets is drawn in a task of its own.
  draw() {
    this.isTold = false;
    this.shown = this.#updates.findLast(({ isSync }) => isSync)?.value ?? this.shown;
    if (this.#updates.every(({ isSync }) => isSync))
      this.#updates = [];
    if (this.#value === this.#drawn)
      return;
    this.#drawn = this.#value;
    if (this.#drawn === this.shown)
      return;
    this.#updates.push({ value: this.#drawn, isSync: false });
    this.#schedule(NORMAL, () => {
      this.shown = this.#updates.at(-1)?.value ?? this.shown;
      this.#updates = [];
    });
  }

  #schedule(priority, run) {
    this.tasks.push({ priority, run });
  }

  #store(value) {
    this.#value = value;
    this.isTold = true;
  }

  #state() {
    return {
      appLifecycle: 'HYDRATED', layout: { props: { value: this.#value } }, paths: { strs: { [ID]: [] } },
    };
  }
}

// The last to arrive wins; the others are told, and so is the sender when he has come to rest.
export class World {
  #promises = new Set();

  constructor(n, value) {
    this.truth = value;
    this.tabs = Array.from({ length: n }, (_, i) => new Tab(`tab ${i}`, value));
    for (const tab of this.tabs) {
      this.#send(tab, { type: 'welcome', client: 1, boot: 'b', layout: 'h', set: { [ID]: { value } } });
    }
    // Everybody is there, and has what there is.
    for (let choices; (choices = this.choices()).length;)
      choices[0][2]();
  }

  // What may happen next: [who, what, a function], …
  choices() {
    const found = [];

    this.tabs.forEach((tab, i) => {
      const may = (condition, who, what, happen) => condition && found.push([who, what, happen]);

      may(tab.toAsk, `page ${i}`, 'asks', () => tab.ask());
      may(tab.toPage.length, `page ${i}`, 'takes', () => tab.take());
      may(tab.timers.length, `page ${i}`, 'lets go', () => tab.letGo());
      may(tab.tasks.length, `page ${i}`, 'works', () => tab.work());
      may(tab.toWorker.length, `worker ${i}`, 'takes', () => tab.give());
      may(tab.down.length, `worker ${i}`, 'hears', () => tab.hear());
      may(tab.up.length, 'daemon', `hears ${i}`, () => this.#receive(tab));
      may(this.#promises.has(tab), 'daemon', `puts ${i} right`, () => this.#push(tab));
    });
    return found;
  }

  #receive(tab) {
    const { requestId, payload } = tab.up.shift();
    const [{ value }] = payload.inputs;

    this.#promises.add(tab);
    if (value !== this.truth) {
      this.truth = value;
      for (const other of this.tabs)
        if (other !== tab)
          this.#push(other);
    }
    this.#send(tab, {
      type: 'callback_response', rendererId: tab.name, requestId, payload: { status: 'prevent_update' },
    });
  }

  #push(tab) {
    this.#promises.delete(tab);
    this.#send(tab, { type: 'mods', set: { [ID]: { value: this.truth } } });
  }

  #send(tab, message) {
    tab.down.push(JSON.stringify(message));
  }
}
