// Loaded before dash-renderer: puts one websocket per tab behind the renderer's own interface.
//
// The renderer looks for `SharedWorker` and talks to its port. What it finds here has the same shape
// and answers the same messages; behind it is our connection, which also brings values that wake no
// callbacks, tells the daemon when a tab comes and goes, and never gives up. See README.md.

import { recallDevice, rememberDevice } from './device.js';
import { whenDrawn } from './drawn.js';
import { Hands } from './hands.js';
import { keepNumbersValid } from './number-box.js';
import { reloadPage } from './reload.js';
import { Store } from './store.js';
import { openTransport } from './transport.js';

export function installAdapter() {
  const adapter = new Adapter();

  window.SharedWorker = class {
    constructor(url) {
      this.port = adapter.open(url);
    }
  };
  adapter.listen();
}

class Adapter {
  #root = document.documentElement;
  #store = new Store((id, props) => this.#setThroughPort(id, props));
  #hands = new Hands((id) => this.#store.has(id), () => this.#deliver({ type: 'mods' }), window);
  #rendererId = null;
  #connect = null; // the renderer's connect message, for a page that comes back
  #ready = false; // the layout is there
  #waiting = []; // mods that came before it
  #drawing = false; // the last mods are not drawn yet
  #queue = []; // messages that wait for that
  #port = null;
  #post = () => {};

  // Returns what the renderer takes for the port of a shared worker.
  open(workerUrl) {
    this.#root.setAttribute('data-vizyd-offline', '');
    this.#post = openTransport(workerUrl, (message) => this.#deliver(message));
    this.#store.whenReady(() => {
      this.#ready = true;
      this.#queue.unshift(...this.#waiting);
      this.#proceed();
    });
    this.#port = {
      onmessage: null,
      start() {},
      close() {},
      postMessage: (message) => this.#send(message),
    };
    return this.#port;
  }

  listen() {
    const wake = () => this.#post({ type: 'wake' });

    this.#hands.listen();
    keepNumbersValid(window);
    this.#markRequests();
    window.addEventListener('online', wake);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible')
        wake();
    });
    window.addEventListener('pagehide', () => this.#post({ type: 'bye' }));
    window.addEventListener('pageshow', (event) => {
      // Out of the browser's cache of pages, alive but disconnected.
      if (event.persisted && this.#connect)
        this.#post({ ...this.#connect, device: recallDevice() });
    });
  }

  // Takes a message of the renderer.
  #send(message) {
    if (message.type === 'connect') {
      const layout = this.#root.getAttribute('data-layout') ?? '';

      this.#rendererId = message.rendererId;
      message = this.#connect = { ...message, layout, device: recallDevice() };
    }
    if (message.type === 'callback_request')
      this.#hands.sent(message.payload?.changedPropIds ?? []);
    this.#post(message);
  }

  // Takes a message of the connection. They all keep their order.
  #deliver(message) {
    this.#queue.push(message);
    this.#proceed();
  }

  #proceed() {
    while (!this.#drawing && this.#queue.length)
      this.#take(this.#queue.shift());
  }

  #take(message) {
    switch (message.type) {
      case 'mods':
        if (this.#ready)
          this.#apply(message);
        else
          this.#waiting.push(message);
        return;
      case 'reload':
        reloadPage();
        return;
      case 'device':
        rememberDevice(message.device);
        return;
      case 'connected':
        this.#root.removeAttribute('data-vizyd-offline');
        // The daemon was away when the page asked for its layout; now it is there.
        if (this.#store.condition === 'failed') {
          reloadPage();
          return;
        }
        break;
      case 'disconnected':
        this.#root.setAttribute('data-vizyd-offline', '');
        break;
    }
    this.#port.onmessage?.({ data: message });
  }

  // Until this is acknowledged, newer mods merge in the connection instead of queueing up here.
  #apply(mods) {
    this.#drawing = true;
    whenDrawn(() => {
      this.#drawing = false;
      this.#post({ type: 'applied' });
      this.#proceed();
    });
    this.#store.apply({ ...mods, set: this.#hands.pass(mods) });
  }

  #setThroughPort(componentId, props) {
    this.#port.onmessage?.({
      data: { type: 'set_props', rendererId: this.#rendererId, payload: { componentId, props } },
    });
  }

  // HTTP callbacks tell which tab they come from.
  #markRequests() {
    const { fetch } = window;

    window.fetch = (resource, init) => {
      if (!this.#rendererId || typeof resource !== 'string'
          || !resource.includes('_dash-update-component'))
        return fetch.call(window, resource, init);

      const headers = new Headers(init?.headers);
      headers.set('X-Vizyd-Client', this.#rendererId);
      if (this.#hands.holding)
        this.#hands.sent(changedProperties(init?.body));
      return fetch.call(window, resource, { ...init, headers });
    };
  }
}

function changedProperties(body) {
  try {
    return JSON.parse(body).changedPropIds ?? [];
  } catch {
    return [];
  }
}
