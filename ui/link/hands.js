// Whoever has a control in hand keeps it.
//
// While a person presses or drags a control, or types into it, values that others set for it wait.
// When the hand is taken off, a value that still waits is due, unless the person's own newer
// value went to the daemon meanwhile: the daemon then has that one as the last, and so has everybody.

import { entries, put, remove } from './mods.js';

// The last value of a drag is sent a moment after the finger is lifted.
const AFTER_RELEASE_MS = 120;
const AFTER_KEY_MS = 400;

export class Hands {
  #isComponent;
  #onFree;
  #world;
  #held = {};
  #presses = new Map(); // pointer id -> {id}, the component under it
  #keys = new Map(); // component id -> timer

  // @isComponent tells whether an id of the document is a component's; @onFree is called when values
  // that have waited are due, and pass() hands them out; @world has setTimeout and so on: window.
  constructor(isComponent, onFree, world) {
    this.#isComponent = isComponent;
    this.#onFree = onFree;
    this.#world = world;
  }

  // Whether any value waits.
  get holding() {
    return Object.keys(this.#held).length > 0;
  }

  listen() {
    const window = this.#world;
    const options = { capture: true, passive: true };
    const release = (event) => this.#release(event.pointerId);
    const key = (event) => this.#press(event.target);

    window.addEventListener('pointerdown', (event) => {
      const id = this.#componentOf(event.target);
      if (id)
        this.#presses.set(event.pointerId, { id });
    }, options);
    window.addEventListener('pointerup', release, options);
    window.addEventListener('pointercancel', release, options);
    window.addEventListener('keydown', key, options);
    window.addEventListener('input', key, options);
    // The button may come up over another window.
    window.addEventListener('blur', () => {
      for (const pointer of [...this.#presses.keys()])
        this.#release(pointer);
    });
  }

  // Takes what the daemon sends next, and returns what of its `set` may be applied now; the rest waits.
  // What has waited is older: it goes along where nobody has the control in hand any more, or where the
  // same property comes in a way that nobody can make wait.
  pass({ set = {}, notify = {}, patch = [] }) {
    const held = this.#held;
    const now = {};
    const isFree = (id, property) => !this.#isBusy(id) || property in (notify[id] ?? {})
      || patch.some((p) => p.id === id && p.property === property);

    this.#held = {};
    for (const values of [held, set])
      for (const [id, property, value] of entries(values))
        put(isFree(id, property) ? now : this.#held, id, property, value);
    return now;
  }

  // The page has sent these properties, ["id.property", …], to the daemon.
  sent(properties) {
    for (const [id, property] of [...entries(this.#held)])
      if (properties.includes(`${id}.${property}`))
        remove(this.#held, id, property);
  }

  #componentOf(target) {
    for (let node = target; node?.getAttribute; node = node.parentNode) {
      // A live picture is pointed at all the time, and what is drawn over it must not wait.
      if (node.hasAttribute('data-vizyd-live'))
        return null;
      const id = node.getAttribute('id');
      if (id && this.#isComponent(id))
        return id;
    }
    return null;
  }

  #press(target) {
    const id = this.#componentOf(target);

    if (!id)
      return;
    this.#world.clearTimeout(this.#keys.get(id));
    this.#keys.set(id, this.#world.setTimeout(() => {
      this.#keys.delete(id);
      this.#settle(id);
    }, AFTER_KEY_MS));
  }

  #release(pointer) {
    const press = this.#presses.get(pointer);

    if (!press)
      return;
    this.#world.setTimeout(() => {
      // The same pointer may be down again by now: that is another press.
      if (this.#presses.get(pointer) === press)
        this.#presses.delete(pointer);
      this.#settle(press.id);
    }, AFTER_RELEASE_MS);
  }

  #isBusy(id) {
    return this.#keys.has(id) || [...this.#presses.values()].some((press) => press.id === id);
  }

  #settle(id) {
    if (this.#held[id] && !this.#isBusy(id))
      this.#onFree();
  }
}
