// Whoever has a control in hand keeps it.
//
// While a person presses or drags a control, or types into it, values that others set for it wait.
// When the hand is taken off, a value that still waits is applied, unless the person's own newer
// value went to the daemon meanwhile: the daemon then has that one as the last, and so has everybody.

import { entries, put, remove } from './mods.js';

// The last value of a drag is sent a moment after the finger is lifted.
const AFTER_RELEASE_MS = 120;
const AFTER_KEY_MS = 400;

export class Hands {
  #isComponent;
  #apply;
  #held = {};
  #pointers = new Map(); // pointer id -> component id
  #keys = new Map(); // component id -> timer

  // @isComponent tells whether an id of the document is a component's; @apply takes a `set`.
  constructor(isComponent, apply) {
    this.#isComponent = isComponent;
    this.#apply = apply;
  }

  // Whether any value waits.
  get holding() {
    return Object.keys(this.#held).length > 0;
  }

  listen(window) {
    const options = { capture: true, passive: true };
    const release = (event) => this.#release(event.pointerId);
    const key = (event) => this.#press(event.target);

    window.addEventListener('pointerdown', (event) => {
      const id = this.#componentOf(event.target);
      if (id)
        this.#pointers.set(event.pointerId, id);
    }, options);
    window.addEventListener('pointerup', release, options);
    window.addEventListener('pointercancel', release, options);
    window.addEventListener('keydown', key, options);
    window.addEventListener('input', key, options);
    // The button may come up over another window.
    window.addEventListener('blur', () => {
      for (const pointer of [...this.#pointers.keys()])
        this.#release(pointer);
    });
  }

  // Returns the part of @set that may be applied now and keeps the rest.
  pass(set) {
    const busy = new Set([...this.#pointers.values(), ...this.#keys.keys()]);

    if (!busy.size)
      return set;
    const now = { ...set };
    for (const id of busy) {
      if (!(id in now))
        continue;
      for (const [, property, value] of entries({ [id]: now[id] }))
        put(this.#held, id, property, value);
      delete now[id];
    }
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
    clearTimeout(this.#keys.get(id));
    this.#keys.set(id, setTimeout(() => {
      this.#keys.delete(id);
      this.#settle(id);
    }, AFTER_KEY_MS));
  }

  #release(pointer) {
    const id = this.#pointers.get(pointer);

    if (!id)
      return;
    setTimeout(() => {
      if (this.#pointers.get(pointer) === id)
        this.#pointers.delete(pointer);
      this.#settle(id);
    }, AFTER_RELEASE_MS);
  }

  #settle(id) {
    if (!this.#held[id] || this.#keys.has(id) || [...this.#pointers.values()].includes(id))
      return;
    const set = { [id]: this.#held[id] };
    delete this.#held[id];
    this.#apply(set);
  }
}
