// Who may do what: every address and every callback, with each role and with none, against the table
// in ../data/access.json. Addresses are those of the server's own table of routes, callbacks those
// that the daemon offers: one that has no row fails here, and so does a row without one.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { build, startVizyd, temporaryFolder } from '../lib/daemon.mjs';
import { get, upgrade } from '../lib/http.mjs';
import { payload, post, Tab } from '../lib/tab.mjs';
import { addUser, allowGuests, logIn } from '../lib/users.mjs';
import { until } from '../lib/wait.mjs';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const table = JSON.parse(readFileSync(join(here, '../data/access.json'), 'utf8'));
const sources = join(here, '../../daemon');
const routes = readFileSync(join(sources, 'server/routes.c'), 'utf8');
const order = ['viewer', 'user', 'admin'];
const config = [
	'[server]', 'login = required',
	'[plugins]', 'load = cameras thermostat-clientside',
	'[plugin cameras]', 'camera1 = simulated:1',
	'[gpio button]', 'chip = simulated',
	'[gpio lamp]', 'chip = simulated', 'direction = output', 'follows = brightness.value',
	'',
].join('\n');

/** The daemon with one of everything, where one has to log in; `state` is its folder. */
async function start(t) {
	const folder = temporaryFolder(t);
	const stateDir = temporaryFolder(t);

	writeFileSync(join(folder, 'vizyd.conf'), config);
	const daemon = await startVizyd(t, {
		stateDir, env: { VIZYD_PLUGIN_DIR: join(build, 'plugins') }, args: ['--config', join(folder, 'vizyd.conf')],
	});

	daemon.stateDir = stateDir;
	return daemon;
}

/** The same with a user of each role, who are called as their roles; gives their cookies. */
async function startWithUsers(t) {
	const daemon = await start(t);
	const cookies = { nobody: undefined, guest: undefined };

	for (const role of ['admin', 'user', 'viewer']) {
		await addUser(daemon, role, role);
		cookies[role] = await logIn(daemon, role);
	}
	return { daemon, cookies };
}

/** Every path of the server's table, with the methods that its row has functions for. */
function routesOfTheServer() {
	const text = /struct route routes\[\] = \{\n(.*?)\n\};/s.exec(routes)?.[1];

	assert.ok(text, 'the table of routes');
	const rows = text.split(/\n(?=\t\{ "\/)/).map(row => row.replace(/\/\*.*?\*\//gs, ''));

	return rows.flatMap(row => {
		const path = /"(\/[^"]*)"/.exec(row)?.[1];

		assert.ok(path, `a path in: ${row}`);
		return [`GET ${path}`, ...(/\w_post\b|post_\w/.test(row) ? [`POST ${path}`] : []), ...(/upgrade/.test(row) ? [`WS ${path}`] : [])];
	});
}

/** The paths that others answer for the server, and whether by POST too. */
function mountsOfTheServer() {
	const texts = readdirSync(sources, { recursive: true }).filter(name => /\.[ch]$/.test(name))
		.map(name => readFileSync(join(sources, name), 'utf8'));
	const all = texts.join('\n');

	return texts.flatMap(text => [...text.matchAll(/vz_server_mount\(\w+, &\(struct vz_mount\)\{(.*?)\}\)/gs)]).map(([, fields]) => {
		const name = /\.path = (\w+|"[^"]*")/.exec(fields)[1];

		return {
			path: name.startsWith('"') ? name.slice(1, -1) : new RegExp(`#define ${name}\\s+"([^"]*)"`).exec(all)[1],
			takesPost: /\.post = /.test(fields),
		};
	});
}

/** A script, a style and a plugin's asset of the page, which have names with fingerprints. */
async function filesOfThePage(daemon, cookie) {
	const page = (await get(daemon, '/', { headers: { Cookie: cookie } })).body.toString();
	const [script] = /\/_dash-component-suites[^"]*renderer[^"]*\.js/.exec(page) ?? [];
	const [style] = /\/[^"]*\.css/.exec(page) ?? [];
	const [asset] = /\/assets\/[^"]*\.js/.exec(page) ?? [];

	assert.ok(script && style && asset, `a script, a style and a plugin's script in ${page}`);
	return { '<script>': script, '<style>': style, '<asset>': asset };
}

async function ask(daemon, what, files, cookie) {
	const [method, name] = what.split(' ');
	const path = files[name] ?? name;
	const headers = cookie ? { Cookie: cookie } : {};

	if (method === 'WS') {
		return (await upgrade(daemon, path, headers)).status;
	}
	return (await get(daemon, path, {
		method, headers: { ...headers, ...(method === 'POST' ? { Origin: daemon.url, 'Content-Type': 'application/x-www-form-urlencoded' } : {}) },
		body: method === 'POST' ? '' : undefined, head: path === '/stream.mjpg',
	})).status;
}

async function walk(daemon, role, files, cookie) {
	const column = table.roles.indexOf(role);
	const expected = {};
	const found = {};

	for (const [what, statuses] of Object.entries(table.urls)) {
		expected[what] = statuses[column];
		// A session that is logged out is another walk.
		found[what] = await ask(daemon, what, files, what === 'POST /logout' ? undefined : cookie);
	}
	assert.deepEqual(found, expected, `as ${role}`);
}

test('every address of the server has a row', () => {
	const rows = Object.keys(table.urls);
	const missing = routesOfTheServer().filter(what => !rows.includes(what));

	assert.deepEqual(missing, [], 'addresses of daemon/server/routes.c without a row in tests/data/access.json');
	for (const { path, takesPost } of mountsOfTheServer()) {
		assert.ok(rows.some(row => row.startsWith(`GET ${path}`)), `GET ${path}`);
		assert.ok(!takesPost || rows.some(row => row.startsWith(`POST ${path}`)), `POST ${path}`);
	}
	assert.ok(mountsOfTheServer().length, 'mounts');
});

test('every address answers each role as the table says', async t => {
	// Each has a daemon that nobody has moved before: who may record leaves a recording behind.
	for (const role of ['nobody', 'viewer', 'user', 'admin']) {
		const { daemon, cookies } = await startWithUsers(t);

		await walk(daemon, role, await filesOfThePage(daemon, cookies.admin), cookies[role]);
		await daemon.stop();
	}
	const { daemon, cookies } = await startWithUsers(t);
	const files = await filesOfThePage(daemon, cookies.admin);

	await allowGuests(daemon, true);
	await walk(daemon, 'guest', files);
	await allowGuests(daemon, false);
	// A cookie that nobody has given out is no cookie.
	assert.equal(await ask(daemon, 'GET /_dash-layout', files, cookies.admin.replace(/=../, '=zz')), 401);
	assert.equal(await ask(daemon, 'GET /snapshot.jpg', files, cookies.admin.slice(0, -1)), 401);
});

test('while there is no user nothing is served but the first page', async t => {
	const { daemon, cookies } = await startWithUsers(t);
	const files = await filesOfThePage(daemon, cookies.admin);
	const fresh = await start(t);

	await walk(fresh, 'setup', files);
});

test('who is nobody learns nothing of the device', async t => {
	const { daemon } = await startWithUsers(t);
	const status = JSON.parse((await get(daemon, '/status')).body.toString());

	assert.deepEqual(Object.keys(status).sort(), ['login', 'state']);
	const socket = await Tab.open(daemon, { layout: '' }).catch(error => error);

	assert.ok(socket instanceof Error, 'no welcome');
});

/* --- Callbacks -------------------------------------------------------------------------------- */

const nameOf = spec => spec.inputs.map(({ id, property }) => `${id}.${property}`).join(' ');

async function callbacks(daemon, cookie) {
	const list = JSON.parse((await get(daemon, '/_dash-dependencies', { headers: cookie ? { Cookie: cookie } : {} })).body.toString());

	return list.filter(spec => spec.inputs.length && !spec.clientside_function);
}

/** A call in which all Inputs have changed to something that means nothing. */
function request(spec) {
	const names = list => Object.fromEntries(list.map(({ id, property }) => [`${id}.${property}`, null]));

	return { inputs: names(spec.inputs), state: names(spec.state ?? []) };
}

/** "allowed", or "refused": 403 with a sentence. */
async function call(daemon, spec, cookie) {
	const { inputs, state } = request(spec);
	const { status, text } = await post(daemon, spec.output, inputs, { state, cookie });

	if (status !== 403) {
		assert.notEqual(status, 401, `${nameOf(spec)}: ${text}`);
		return 'allowed';
	}
	assert.match(text, /needs the role '(viewer|user|admin)', and this is |^log in first$/, nameOf(spec));
	return 'refused';
}

test('every callback has a row, and every row a callback', async t => {
	const { daemon, cookies } = await startWithUsers(t);
	const found = (await callbacks(daemon, cookies.admin)).map(nameOf);

	assert.deepEqual(found.filter(name => !(name in table.callbacks)), [],
		'callbacks without a row in tests/data/access.json');
	assert.deepEqual(Object.keys(table.callbacks).filter(name => !found.includes(name)), [], 'rows without a callback');
	assert.ok(Object.values(table.callbacks).every(role => order.includes(role)));
});

test('every callback lets in whom the table says, over HTTP, and who may not has changed nothing', async t => {
	const { daemon, cookies } = await startWithUsers(t);
	const observer = await Tab.open(daemon, { cookie: cookies.admin });

	await allowGuests(daemon, true);
	for (const role of ['guest', 'viewer', 'user', 'admin']) {
		const refused = [];

		for (const spec of await callbacks(daemon, cookies.admin)) {
			const rank = order.indexOf(role === 'guest' ? 'viewer' : role);
			const expected = order.indexOf(table.callbacks[nameOf(spec)]) <= rank ? 'allowed' : 'refused';
			const before = observer.history.length;

			// Plugins that are loaded anew, and with them the page, are another test.
			if (expected === 'allowed' && nameOf(spec).startsWith('system-')) {
				continue;
			}
			assert.equal(await call(daemon, spec, cookies[role]), expected, `${nameOf(spec)} as ${role}`);
			if (expected === 'refused') {
				// Much goes on by itself meanwhile; what the call names does not.
				refused.push(...observer.history.slice(before).filter(([id]) => spec.inputs.some(input => input.id === id)));
			}
		}
		assert.deepEqual(refused, [], `what ${role} changed`);
	}
	await observer.bye();
});

test('every callback lets in whom the table says, over the link, without an error for who looks', async t => {
	const { daemon, cookies } = await startWithUsers(t);

	for (const role of ['viewer', 'user']) {
		const tab = await Tab.open(daemon, { cookie: cookies[role] });
		const count = async () => JSON.parse((await get(daemon, '/status', { headers: { Cookie: cookies.admin } })).body.toString()).callbacks.refused;

		for (const spec of (await callbacks(daemon, cookies.admin)).filter(spec => spec.websocket !== false)) {
			const allowed = order.indexOf(table.callbacks[nameOf(spec)]) <= order.indexOf(role);
			const { inputs, state } = request(spec);
			const before = await count();
			const answer = await tab.call(spec.output, inputs, { state });

			assert.equal(await count() - before, allowed ? 0 : 1, `${nameOf(spec)} as ${role}`);
			if (!allowed) {
				assert.deepEqual(answer, { status: 'prevent_update' }, `${nameOf(spec)} as ${role}`);
			}
			// What a page asks for when it loads is no fault of it.
			assert.deepEqual((await tab.call(spec.output, inputs, { state, changed: [] })).status === 'error' && !allowed, false);
		}
		await until(() => tab.props.refused?.children, { what: 'a word about what was refused' });
		await tab.bye();
	}
});

test('a viewer sees what a user does, and has it back when he tries', async t => {
	const { daemon, cookies } = await startWithUsers(t);
	const [user, viewer] = [await Tab.open(daemon, { cookie: cookies.user }), await Tab.open(daemon, { cookie: cookies.viewer })];
	const brightness = (await callbacks(daemon, cookies.admin)).find(spec => nameOf(spec) === 'brightness.value');

	await user.call(brightness.output, { 'brightness.value': 71 });
	await viewer.has('brightness', 'value', 71);
	await viewer.call(brightness.output, { 'brightness.value': 5 });
	await until(() => viewer.values('brightness', 'value').at(-1) === 71 && viewer.values('brightness', 'value').length >= 2,
		{ what: 'the shared value again' });
	assert.notEqual(user.values('brightness', 'value').at(-1), 5);
	assert.match(JSON.stringify(viewer.props.account.children), /viewer · viewer/);
	assert.match(viewer.props['vz-page'].className, /vz-viewer/);
	assert.doesNotMatch(JSON.stringify(viewer.messages), /admin/, 'no name of another');
	await user.bye();
	await viewer.bye();
});

test('the tab of another, named in a header, gives none of his rights', async t => {
	const { daemon, cookies } = await startWithUsers(t);
	const admin = await Tab.open(daemon, { cookie: cookies.admin });
	const add = (await callbacks(daemon, cookies.admin)).find(spec => nameOf(spec) === 'users-add.n_clicks');
	const body = JSON.stringify(payload(add.output, request(add).inputs, { state: request(add).state }));
	const { status } = await get(daemon, '/_dash-update-component', {
		method: 'POST', body,
		headers: { Cookie: cookies.viewer, Origin: daemon.url, 'Content-Type': 'application/json', 'X-Vizyd-Client': admin.id },
	});

	assert.equal(status, 403);
	// Nor does a hello in his name.
	const thief = await Tab.open(daemon, { cookie: cookies.viewer, id: admin.id });

	assert.deepEqual(await thief.call(add.output, request(add).inputs, { state: request(add).state }), { status: 'prevent_update' });
	await until(() => thief.props.refused?.children, { what: 'the refusal' });
	await thief.bye();
});

test('where nobody has to log in everybody is a user, and an admin is whom the configuration says', async t => {
	for (const [admin, rank] of [['nobody', 'user'], ['local', 'admin']]) {
		const file = join(temporaryFolder(t), 'vizyd.conf');

		writeFileSync(file, config.replace('login = required', `admin = ${admin}`));
		const daemon = await startVizyd(t, { env: { VIZYD_PLUGIN_DIR: join(build, 'plugins') }, args: ['--config', file] });
		const names = [];

		for (const spec of await callbacks(daemon)) {
			const expected = order.indexOf(table.callbacks[nameOf(spec)]) <= order.indexOf(rank) ? 'allowed' : 'refused';

			names.push(nameOf(spec));
			if (expected === 'refused' || !nameOf(spec).startsWith('system-')) {
				assert.equal(await call(daemon, spec), expected, `${nameOf(spec)} with admin = ${admin}`);
			}
		}
		// Users are of no use where nobody logs in: there is no form for them, nor for a password.
		assert.deepEqual(names.filter(name => /^(users|account)-/.test(name)), []);
		assert.equal((await daemon.status_page()).login, 'open');
	}
});

/* --- The panel -------------------------------------------------------------------------------- */

test('an admin adds and removes users, and neither name nor password is told to others', async t => {
	const { daemon, cookies } = await startWithUsers(t);
	const [admin, other, viewer] = await Promise.all(['admin', 'admin', 'viewer'].map(role => Tab.open(daemon, { cookie: cookies[role] })));
	const press = async (button, name, role, password) => {
		const spec = (await callbacks(daemon, cookies.admin)).find(one => nameOf(one) === `${button}.n_clicks`);

		await admin.call(spec.output, { [`${button}.n_clicks`]: 1 },
			{ state: { 'users-name.value': name, 'users-role.value': role, 'users-password.value': password } });
	};

	await press('users-add', 'Zoe', 'viewer', 'correct horse battery');
	await admin.has('users-note', 'children', 'zoe has been added.');
	await until(() => JSON.stringify(other.props['users-list']?.children).includes('"zoe"'), { what: 'zoe in the list of the other admin' });
	const zoe = await logIn(daemon, 'zoe', 'correct horse battery');
	const tab = await Tab.open(daemon, { cookie: zoe });

	await press('users-remove', 'zoe', 'user', '');
	await admin.has('users-note', 'children', 'zoe has been removed.');
	await tab.socket.closed;
	assert.equal((await get(daemon, '/_dash-layout', { headers: { Cookie: zoe } })).status, 401);

	const layout = (await get(daemon, '/_dash-layout', { headers: { Cookie: cookies.viewer } })).body.toString();

	assert.doesNotMatch(layout, /zoe|correct horse/);
	assert.doesNotMatch(JSON.stringify(viewer.messages), /zoe|correct horse/);
	assert.doesNotMatch(JSON.stringify([admin.messages, other.messages]), /correct horse/);
	assert.doesNotMatch(daemon.stderr, /correct horse/);
	assert.match(daemon.stderr, /admin: Add the user zoe/);
	await Promise.all([admin, other, viewer].map(one => one.bye()));
});
