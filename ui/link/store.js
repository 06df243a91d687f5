// Sets properties in the running dash-renderer (3.4.1).
//
// The renderer offers page scripts one way to set properties, dash_clientside.set_props(), and that
// wakes every callback that listens to them: a slider that a colleague moves would call the daemon
// from every browser. So a quiet value goes where the renderer puts the outputs of a callback: its own
// action ON_PROP_CHANGE with the source "response". No callback runs, nothing is added to the undo
// history (which is never trimmed), and nothing is kept as this user's own choice.
//
// That action is not a public interface. Versions are pinned; and where the store is not as expected,
// or does not take the action, everything goes the public way.

import { holdsComponent } from './mods.js';

export class Store {
  #trusted = true;
  #fallback;

  // @fallback sets the properties of one component the renderer's public way: (id, properties).
  constructor(fallback) {
    this.#fallback = fallback;
  }

  // "waiting" until the layout is there, then "ready"; "failed" when it could not be loaded.
  get condition() {
    const state = this.#state();

    if (!state)
      return 'waiting';
    if (state.appLifecycle === 'HYDRATED')
      return 'ready';
    return hasFailed(state.layoutRequest) || hasFailed(state.dependenciesRequest)
      ? 'failed' : 'waiting';
  }

  // Calls @then once the layout is there.
  whenReady(then) {
    const store = this.#store();

    // Between the renderer's start and its first drawing there is no store to subscribe to.
    if (!store) {
      setTimeout(() => this.whenReady(then), 50);
      return;
    }
    if (this.condition === 'ready') {
      then();
      return;
    }
    const unsubscribe = store.subscribe(() => {
      if (this.condition !== 'ready')
        return;
      unsubscribe();
      // Not in the middle of somebody else's dispatch.
      setTimeout(then, 0);
    });
  }

  // Whether a component with the id @id is on the page.
  has(id) {
    const state = this.#state();
    return Boolean(state && pathOf(state, id));
  }

  // Applies one unit of mods, in one drawing.
  apply({ set = {}, notify = {}, patch = [] }) {
    const ids = new Set([...Object.keys(set), ...Object.keys(notify), ...patch.map((p) => p.id)]);
    const tasks = [...ids].map((id) => ({
      id, quiet: set[id] ?? {}, loud: notify[id] ?? {}, patches: patch.filter((p) => p.id === id),
    }));

    // Components that bring others come first: the others may be in the same unit.
    tasks.sort((a, b) => bringsComponents(b) - bringsComponents(a));
    // React draws when all of this is done.
    for (const task of tasks) {
      try {
        this.#applyToComponent(task);
      } catch (error) {
        console.error(`vizyd: ${task.id} did not take its new values`, error);
      }
    }
  }

  #applyToComponent({ id, quiet, loud, patches }) {
    const state = this.#state();
    const path = state && pathOf(state, id);

    // A page need not have every component.
    if (state && !path)
      return;
    if (!this.#trusted || !state) {
      this.#fallback(id, { ...quiet, ...loud, ...Object.fromEntries(patches.map((p) => [p.property, p.value])) });
      return;
    }

    const setProps = window.dash_clientside.set_props;
    // What a Patch changes has to be there before it.
    const comesFirst = (value, name) => holdsComponent(value) || patches.some((p) => p.property === name);
    const first = pick(quiet, comesFirst);
    const plain = pick(quiet, (value, name) => !comesFirst(value, name));
    const touched = [];
    const act = (target, properties) => {
      touched.push(...Object.keys(properties));
      setProps(target, properties);
    };

    // Given a path for an id, set_props() notes where new components are and works out patches, but
    // finds no callbacks to wake.
    if (Object.keys(first).length)
      act(path, first);
    if (Object.keys(loud).length)
      act(parseId(id), loud);
    for (const { property, value, notify } of patches)
      act(notify ? parseId(id) : path, { [property]: value });
    this.#setQuietly(path, plain, touched);
  }

  // The renderer draws from the last action on a component only. So what the actions before it have
  // @touched is said again, with the values that they led to.
  #setQuietly(path, plain, touched) {
    const before = at(this.#state().layout, path).props;
    const props = pick(plain, (value, name) => !Object.is(value, before[name]));

    if (touched.length && Object.keys(props).length || touched.length > 1)
      for (const name of touched)
        props[name] = before[name];
    else if (!Object.keys(props).length)
      return;

    this.#store().dispatch({
      type: 'ON_PROP_CHANGE',
      payload: { itempath: path, props, renderType: 'websocket', source: 'response' },
    });

    const after = at(this.#state().layout, path).props;
    const missing = pick(props, (value, name) => !Object.is(value, after[name]));
    if (Object.keys(missing).length) {
      console.warn('vizyd: this renderer does not take quiet values: callbacks will be woken');
      this.#trusted = false;
      window.dash_clientside.set_props(path, missing);
    }
  }

  #store() {
    return window.dash_stores?.[0];
  }

  #state() {
    const state = this.#store()?.getState?.();
    return state?.paths?.strs && state.layout ? state : null;
  }
}

function hasFailed(request) {
  return Boolean(request?.status) && request.status !== 200 && request.status !== 'loading';
}

function bringsComponents({ quiet, loud, patches }) {
  return Number(holdsComponent([quiet, loud, patches.map((p) => p.value)]));
}

function pick(object, wanted) {
  return Object.fromEntries(Object.entries(object).filter(([name, value]) => wanted(value, name)));
}

function at(tree, path) {
  return path.reduce((node, key) => node?.[key], tree);
}

// The id of a pattern-matching component is an object; on the wire it is that object as JSON.
export function parseId(id) {
  if (!id.startsWith('{'))
    return id;
  try {
    return JSON.parse(id);
  } catch {
    return id;
  }
}

// Where the component is in the layout. The renderer keeps plain ids in `strs`, and objects in `objs`
// by their sorted keys, with the values in that order.
export function pathOf({ paths }, id) {
  const parsed = parseId(id);

  if (typeof parsed === 'string')
    return Object.prototype.hasOwnProperty.call(paths.strs, parsed) ? paths.strs[parsed] : undefined;
  const keys = Object.keys(parsed).sort();
  const same = ({ values }) => keys.every((key, i) => values[i] === parsed[key]);
  return paths.objs?.[keys.join(',')]?.find(same)?.path;
}
