// The websocket of one tab: dials, greets, keeps the line alive, dials again for ever.
//
// Runs in a worker, or in the page itself where workers are not to be had; therefore it knows
// neither `self` nor `window`, and what it needs of the world is handed to it. To the page it speaks
// the messages of the renderer's own worker (connected, disconnected, callback_response, set_props,
// …) and ours: mods, reload.

import { PendingMods } from './mods.js';

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 3000;
const HEARTBEAT_MS = 5000;
const SILENCE_MS = 12000;
// An answer to dialling, to hello, or to the question after a sleep takes no longer than this.
const ANSWER_MS = 5000;
// So many mods may be on their way to the page; what comes while it is busy merges.
const MODS_IN_FLIGHT = 2;

export class Connection {
  #deliver;
  #world;

  #url = null;
  #rendererId = null;
  #layout = '';
  #boot = null;
  #device = null; // the name of the device that the tab has chosen

  #socket = null;
  #online = false; // the daemon has bidden us welcome
  #heardAt = 0;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer = null;
  #answerTimer = null;
  #heartbeatTimer = null;

  #pending = new PendingMods();
  #inFlight = 0;

  // @deliver takes a message for the page; @world has WebSocket, setTimeout, …: self or window.
  constructor(deliver, world) {
    this.#deliver = deliver;
    this.#world = world;
  }

  // Takes a message from the page.
  receive(message) {
    switch (message.type) {
      case 'connect':
        this.#url = message.payload.serverUrl;
        this.#rendererId = message.rendererId;
        this.#layout = message.layout ?? '';
        this.#device = message.device ?? null;
        this.#dial();
        break;
      case 'wake':
      case 'tab_visible':
        this.#wake();
        break;
      case 'bye':
      case 'disconnect':
        this.#leave();
        break;
      case 'applied':
        this.#inFlight = Math.max(0, this.#inFlight - 1);
        if (!this.#pending.empty && this.#inFlight < MODS_IN_FLIGHT)
          this.#flushMods();
        break;
      case 'callback_request':
        if (this.#online)
          this.#send(message);
        else
          this.#decline(message);
        break;
      default:
        if (this.#online)
          this.#send(message);
    }
  }

  #dial() {
    const { WebSocket, clearTimeout } = this.#world;

    clearTimeout(this.#retryTimer);
    if (this.#socket || !this.#url)
      return;

    let socket;
    try {
      socket = new WebSocket(this.#url);
    } catch (error) {
      this.#lost(String(error));
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#greet();
    socket.onmessage = (event) => this.#hear(event.data);
    socket.onclose = (event) => this.#lost(event.reason || `closed (${event.code})`);
    this.#expectAnswer();
  }

  #greet() {
    this.#send({
      type: 'hello',
      rendererId: this.#rendererId,
      payload: { link: 1, layout: this.#layout, boot: this.#boot, device: this.#device },
    });
    this.#heardAt = this.#now();
    this.#beat();
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  // A click made while there is nobody to hear it is answered at once and then forgotten: it must
  // not reach the daemon a minute later.
  #decline({ rendererId, requestId }) {
    this.#deliver({
      type: 'callback_response', rendererId, requestId, payload: { status: 'prevent_update' },
    });
  }

  #hear(data) {
    let messages;

    this.#heardAt = this.#now();
    try {
      messages = JSON.parse(data);
    } catch (error) {
      this.#world.console.warn('vizyd: a message that is not JSON was dropped', error);
      return;
    }
    for (const message of Array.isArray(messages) ? messages : [messages])
      this.#handle(message);
  }

  #handle(message) {
    switch (message?.type) {
      case undefined:
        break;
      case 'heartbeat_ack':
        this.#world.clearTimeout(this.#answerTimer);
        break;
      case 'welcome':
        this.#enter(message);
        break;
      case 'mods':
        this.#passMods(message);
        break;
      case 'device':
        this.#device = message.device;
        this.#deliver(message);
        break;
      default:
        // What was sent before must not be applied after: an answer would be overwritten.
        this.#flushMods();
        this.#deliver(message);
    }
  }

  #enter({ boot, layout, set }) {
    this.#world.clearTimeout(this.#answerTimer);
    this.#boot = boot;
    this.#retryMs = FIRST_RETRY_MS;
    if (layout && this.#layout && layout !== this.#layout) {
      // The page shows what no longer exists: it may not call anything before it is loaded anew.
      this.#deliver({ type: 'reload' });
      return;
    }
    this.#online = true;
    this.#deliver({ type: 'connected', rendererId: this.#rendererId });
    if (set)
      this.#passMods({ set });
  }

  #passMods(mods) {
    this.#pending.merge(mods);
    if (this.#inFlight < MODS_IN_FLIGHT)
      this.#flushMods();
  }

  #flushMods() {
    if (this.#pending.empty)
      return;
    this.#inFlight++;
    this.#deliver({ type: 'mods', ...this.#pending.take() });
  }

  #beat() {
    const { setTimeout, clearTimeout } = this.#world;

    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatTimer = setTimeout(() => {
      if (this.#now() - this.#heardAt > SILENCE_MS) {
        this.#abandon('silent');
        return;
      }
      this.#send({ type: 'heartbeat' });
      this.#beat();
    }, HEARTBEAT_MS);
  }

  #expectAnswer() {
    const { setTimeout, clearTimeout } = this.#world;

    clearTimeout(this.#answerTimer);
    this.#answerTimer = setTimeout(() => this.#abandon('no answer'), ANSWER_MS);
  }

  // The tab is looked at again, or the network is back: waste no time on a timer or on a line that
  // died while the device slept.
  #wake() {
    if (!this.#socket) {
      this.#retryMs = FIRST_RETRY_MS;
      this.#dial();
    } else if (this.#online && this.#now() - this.#heardAt > HEARTBEAT_MS) {
      this.#send({ type: 'heartbeat' });
      this.#expectAnswer();
    }
  }

  // The tab goes away, or into the browser's cache; wake() or connect brings it back.
  #leave() {
    if (this.#socket?.readyState === 1)
      this.#send({ type: 'bye', rendererId: this.#rendererId });
    this.#drop(1000, 'bye');
    this.#world.clearTimeout(this.#retryTimer);
  }

  // close() waits for the other side's word, for up to minutes when the line is dead. We do not.
  #abandon(reason) {
    this.#drop(4000, reason);
    this.#lost(reason);
  }

  #drop(code, reason) {
    const socket = this.#socket;

    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code, reason);
    }
    this.#gone(reason);
  }

  #lost(reason) {
    const { setTimeout, clearTimeout, Math: { random } = Math } = this.#world;

    this.#gone(reason);
    clearTimeout(this.#retryTimer);
    // A little chance keeps a class full of tabs from dialling in the same instant.
    this.#retryTimer = setTimeout(() => this.#dial(), this.#retryMs * (0.8 + 0.4 * random()));
    this.#retryMs = Math.min(this.#retryMs * 1.5, LAST_RETRY_MS);
  }

  #gone(reason) {
    const wasOnline = this.#online;

    this.#socket = null;
    this.#online = false;
    this.#world.clearTimeout(this.#heartbeatTimer);
    this.#world.clearTimeout(this.#answerTimer);
    if (wasOnline)
      this.#deliver({ type: 'disconnected', payload: { reason } });
  }

  #now() {
    return this.#world.Date.now();
  }
}
