// A browser tab without a browser: the websocket, and what the renderer would keep of the messages.

import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';

import { get } from './http.mjs';
import { until } from './wait.mjs';

export const patchKey = '__dash_patch_update';

/** Opens the socket alone, with what `daemon.headers` has for who is logged in. `headers` may override the Origin, which is the page's. */
export function openSocket(daemon, { path = '/_dash-ws-callback', headers = {}, url = daemon.url, perMessageDeflate = false } = {}) {
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(url.replace('http', 'ws') + path, {
			headers: { Origin: url, ...daemon.headers, ...headers }, perMessageDeflate,
		});

		socket.received = [];
		socket.on('message', (data, binary) => socket.received.push(binary ? data : data.toString()));
		socket.closed = new Promise(done => socket.on('close', (code, reason) => done({ code, reason: reason.toString() })));
		socket.on('open', () => resolve(socket));
		socket.on('unexpected-response', (request, response) => {
			const error = new Error(`refused with ${response.statusCode}`);

			error.status = response.statusCode;
			response.destroy();
			reject(error);
		});
		socket.on('error', reject);
	});
}

/** The hash of the layout that the page carries, for hello. */
export async function layoutHash(daemon, cookie) {
	return /data-layout="([^"]*)"/.exec(await (await fetch(`${daemon.url}/`, { headers: cookie ? { Cookie: cookie } : {} })).text())?.[1];
}

export class Tab {
	constructor(daemon, { id = randomUUID() } = {}) {
		this.daemon = daemon;
		this.id = id;
		this.messages = []; // every one, in order
		this.props = {}; // id -> property -> value, as the messages left them
		this.history = []; // [id, property, value] of each value that arrived
		this.n = 0;
		this.answers = new Map();
		this.sentAt = this.arrivedAt = 0; // the last message, on the clock of performance.now()
	}

	/** A tab over our own link: open, hello, welcome. `device` is what it chose before it was loaded anew, `cookie` its session. */
	static async open(daemon, { url, layout, boot = null, device = null, cookie, ...options } = {}) {
		const tab = new Tab(daemon, options);

		tab.layout = layout ?? await layoutHash(daemon, cookie);
		await tab.connect(url, cookie);
		tab.send({ type: 'hello', rendererId: tab.id, payload: { link: 1, layout: tab.layout, boot, device } });
		await until(() => tab.welcome, { what: () => `welcome; got ${JSON.stringify(tab.messages).slice(0, 500)}` });
		return tab;
	}

	/** A tab over the stock worker: it says nothing before its first callback. */
	static async openStock(daemon, { url, ...options } = {}) {
		const tab = new Tab(daemon, options);

		tab.stock = true;
		await tab.connect(url);
		return tab;
	}

	async connect(url, cookie) {
		this.socket = await openSocket(this.daemon, { url, headers: cookie ? { Cookie: cookie } : {} });
		this.socket.on('message', data => {
			const message = JSON.parse(data.toString());

			for (const one of Array.isArray(message) ? message : [message]) {
				this.receive(one);
			}
		});
		// What came together with the upgrade.
		for (const data of this.socket.received.splice(0)) {
			for (const one of [JSON.parse(data)].flat()) {
				this.receive(one);
			}
		}
	}

	receive(message) {
		this.arrivedAt = performance.now();
		this.messages.push(message);
		if (message.type === 'welcome') {
			this.welcome = message;
			this.setAll(message.set ?? {});
		} else if (message.type === 'mods') {
			this.setAll(message.set ?? {});
			this.setAll(message.notify ?? {});
			for (const { id, property, value } of message.patch ?? []) {
				this.history.push([id, property, value]);
			}
		} else if (message.type === 'set_props') {
			this.setAll({ [message.payload.componentId]: message.payload.props });
			this.onSetProps?.(message.payload);
		} else if (message.type === 'get_props_request' && message.payload.componentId === '_vizyd-roll-call') {
			this.send({ ...message, type: 'get_props_response', payload: {} });
		} else if (message.type === 'callback_response') {
			const list = this.answers.get(message.requestId) ?? [];

			list.push(message.payload);
			this.answers.set(message.requestId, list);
			if (message.payload.status === 'ok') {
				this.setAll(message.payload.data.response);
			}
		}
	}

	setAll(mods) {
		for (const [id, properties] of Object.entries(mods)) {
			for (const [property, value] of Object.entries(properties)) {
				(this.props[id] ??= {})[property] = value;
				this.history.push([id, property, value]);
			}
		}
	}

	/** Every value of one property that arrived, in order. */
	values(id, property) {
		return this.history.filter(([i, p]) => i === id && p === property).map(([, , value]) => value);
	}

	send(message) {
		this.sentAt = performance.now();
		this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
	}

	/** Sends a callback_request and returns its id. `changed` defaults to all Inputs. */
	post(output, inputs, { outputs, state, changed } = {}) {
		const requestId = `${this.id}-${++this.n}`;

		this.send({
			type: 'callback_request', rendererId: this.id, requestId,
			payload: payload(output, inputs, { outputs, state, changed }),
		});
		return requestId;
	}

	/** The answer to a request, `{status, …}`. */
	async answer(requestId, options) {
		return (await until(() => this.answers.get(requestId),
			{ what: () => `the answer to ${requestId}; last: ${JSON.stringify(this.messages.slice(-3))}`, ...options }))[0];
	}

	call(output, inputs, options) {
		return this.answer(this.post(output, inputs, options));
	}

	/** Waits until a property has a value. */
	async has(id, property, value, options) {
		const wanted = JSON.stringify(value);

		await until(() => JSON.stringify(this.props[id]?.[property]) === wanted, {
			what: () => `${id}.${property} = ${wanted}; it is ${JSON.stringify(this.props[id]?.[property])}`, ...options,
		});
	}

	/** Leaves as a closed tab does. */
	async bye() {
		this.send({ type: 'bye', rendererId: this.id });
		this.socket.close();
		await this.socket.closed;
	}

	/** Leaves as a lost network does. */
	async drop() {
		this.socket.terminate();
		await this.socket.closed;
	}
}

function items(values) {
	return Object.entries(values).map(([name, value]) => {
		const dot = name.lastIndexOf('.');

		return { id: name.slice(0, dot), property: name.slice(dot + 1), value };
	});
}

/** The body of a request as the renderer builds it: names are "id.property". */
export function payload(output, inputs, { outputs, state, changed } = {}) {
	const names = output.startsWith('..') ? output.slice(2, -2).split('...') : output.includes('.') ? [output] : [];
	const list = names.map(name => items({ [name]: 0 })[0]).map(({ id, property }) => ({ id, property }));
	const body = { output };

	if (outputs !== undefined) {
		body.outputs = outputs;
	} else if (list.length) {
		body.outputs = output.startsWith('..') ? list : list[0];
	}
	body.inputs = items(inputs);
	body.changedPropIds = changed ?? Object.keys(inputs);
	body.parsedChangedPropsIds = body.changedPropIds;
	if (state) {
		body.state = items(state);
	}
	return body;
}

/** A callback over HTTP POST, as one of S0 is called; `id` is the tab as our link names it, `cookie` its session. */
export async function post(daemon, output, inputs, { id, cookie, ...options } = {}) {
	const { status, headers, head, body } = await get(daemon, '/_dash-update-component', {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', ...(id ? { 'X-Vizyd-Client': id } : {}), ...(cookie ? { Cookie: cookie } : {}) },
		body: JSON.stringify(payload(output, inputs, options)),
	});
	const text = body.toString();

	return { status, text, headers, head, data: status === 200 ? JSON.parse(text) : null };
}

/** The callbacks of the page, found by what they listen to: outputs of no-output ones are opaque. */
export async function dependencies(daemon) {
	const list = await (await fetch(`${daemon.url}/_dash-dependencies`)).json();

	return {
		list,
		byInput: name => list.find(spec => spec.inputs.some(({ id, property }) => `${id}.${property}` === name)),
	};
}
