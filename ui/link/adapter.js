// Loaded before dash-renderer: puts one websocket per tab behind the renderer's own interface.
//
// The renderer looks for `SharedWorker` and talks to its port. What it finds here has the same shape
// and answers the same messages; behind it is our connection, which also brings values that wake no
// callbacks, tells the daemon when a tab comes and goes, and never gives up. See README.md.

import { Hands } from './hands.js';
import { reloadPage } from './reload.js';
import { Store } from './store.js';
import { openTransport } from './transport.js';

const root = document.documentElement;
const store = new Store(setThroughPort);
const hands = new Hands((id) => store.has(id), (set) => store.apply({ set }));

let rendererId = null;
let port = null;
let post = null;
let connection = null; // the renderer's connect message, for a page that comes back
let ready = false; // the layout is there
const waiting = []; // mods that came before it

class Port {
  onmessage = null;

  start() {}

  close() {}

  postMessage(message) {
    if (message.type === 'connect') {
      rendererId = message.rendererId;
      connection = { ...message, layout: root.getAttribute('data-layout') ?? '' };
      post(connection);
      return;
    }
    if (message.type === 'callback_request')
      hands.sent(message.payload?.changedPropIds ?? []);
    post(message);
  }
}

window.SharedWorker = class {
  constructor(url) {
    root.setAttribute('data-vizyd-offline', '');
    this.port = port = new Port();
    post = openTransport(url, deliver);
    store.whenReady(() => {
      ready = true;
      waiting.splice(0).forEach(applyMods);
    });
  }
};

// Takes a message of the connection.
function deliver(message) {
  switch (message.type) {
    case 'mods':
      if (ready)
        applyMods(message);
      else
        waiting.push(message);
      return;
    case 'reload':
      reloadPage();
      return;
    case 'connected':
      root.removeAttribute('data-vizyd-offline');
      // The daemon was away when the page asked for its layout; now it is there.
      if (store.condition === 'failed') {
        reloadPage();
        return;
      }
      break;
    case 'disconnected':
      root.setAttribute('data-vizyd-offline', '');
      break;
  }
  port.onmessage?.({ data: message });
}

// Until this is acknowledged, newer mods merge in the connection instead of queueing up here.
function applyMods(mods) {
  store.apply({ ...mods, set: hands.pass(mods.set ?? {}) });
  post({ type: 'applied' });
}

function setThroughPort(componentId, props) {
  port.onmessage?.({ data: { type: 'set_props', rendererId, payload: { componentId, props } } });
}

// HTTP callbacks tell which tab they come from.
const fetch = window.fetch;
window.fetch = function (resource, init) {
  if (rendererId && typeof resource === 'string' && resource.includes('_dash-update-component')) {
    const headers = new Headers(init?.headers);

    headers.set('X-Vizyd-Client', rendererId);
    init = { ...init, headers };
    if (hands.holding)
      noteRequest(init.body);
  }
  return fetch.call(this, resource, init);
};

function noteRequest(body) {
  try {
    hands.sent(JSON.parse(body).changedPropIds);
  } catch {
    // Not the renderer's request: nothing is to be learned from it.
  }
}

hands.listen(window);
const wake = () => post?.({ type: 'wake' });

window.addEventListener('pagehide', () => post?.({ type: 'bye' }));
window.addEventListener('pageshow', (event) => event.persisted && connection && post(connection));
window.addEventListener('online', wake);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible')
    wake();
});
