// Mods: new values for properties, as the daemon sends them:
//
//   set     {id: {property: value}}   applied without waking callbacks
//   notify  {id: {property: value}}   applied, wakes the browser's callbacks
//   patch   [{id, property, value, notify}]   Dash Patches, in order, after the other two

const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

// Collects mods that cannot be applied yet, so that the newest value of each property remains.
export class PendingMods {
  #set = {};
  #notify = {};
  #patch = [];

  get empty() {
    return !this.#patch.length && !Object.keys(this.#set).length && !Object.keys(this.#notify).length;
  }

  merge({ set = {}, notify = {}, patch = [] }) {
    for (const [id, property, value] of entries(set))
      this.#put(id, property, value, false);
    for (const [id, property, value] of entries(notify))
      this.#put(id, property, value, true);
    this.#patch.push(...patch);
  }

  // Hands out what has been collected, as one unit.
  take() {
    const mods = { set: this.#set, notify: this.#notify, patch: this.#patch };

    this.#set = {};
    this.#notify = {};
    this.#patch = [];
    return mods;
  }

  // A new value ends what older patches of the property did, but not the callbacks that an older
  // value was to wake: they run with the new one.
  #put(id, property, value, loud) {
    const old = this.#patch.filter((p) => p.id === id && p.property === property);
    const wakes = loud || own(this.#notify, id) && own(this.#notify[id], property)
      || old.some((p) => p.notify);

    if (old.length)
      this.#patch = this.#patch.filter((p) => !old.includes(p));
    remove(wakes ? this.#set : this.#notify, id, property);
    put(wakes ? this.#notify : this.#set, id, property, value);
  }
}

export function* entries(set) {
  for (const id of Object.keys(set))
    for (const property of Object.keys(set[id]))
      yield [id, property, set[id][property]];
}

export function put(set, id, property, value) {
  if (!own(set, id))
    set[id] = {};
  set[id][property] = value;
}

export function remove(set, id, property) {
  if (!own(set, id))
    return;
  delete set[id][property];
  if (!Object.keys(set[id]).length)
    delete set[id];
}

// Whether @value is a component or holds one somewhere.
export function holdsComponent(value) {
  if (value === null || typeof value !== 'object')
    return false;
  if (Array.isArray(value))
    return value.some(holdsComponent);
  if ('namespace' in value && 'type' in value && 'props' in value)
    return true;
  return Object.values(value).some(holdsComponent);
}
