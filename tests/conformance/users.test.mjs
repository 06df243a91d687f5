// Logging in: the first page, cookies, wrong passwords, the end of sessions, and `vizyd user`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';

import { Daemon, startVizyd, temporaryFolder, uiDir, vizyd } from '../lib/daemon.mjs';
import { connect, get } from '../lib/http.mjs';
import { openSocket } from '../lib/tab.mjs';
import { sleep, until } from '../lib/wait.mjs';

const password = 'correct horse';

/** `vizyd user …` with one line on standard input. */
function user(stateDir, args, input = '') {
	return spawnSync(vizyd, ['user', '--state-dir', stateDir, ...args], { input, encoding: 'utf8' });
}

function add(stateDir, name, role = 'user') {
	const { status, stderr } = user(stateDir, ['add', name, '--role', role], `${password}\n`);

	assert.equal(status, 0, stderr);
}

/** The daemon where others can reach it, with lines of configuration. */
async function start(t, { lines = '', stateDir = temporaryFolder(t), listen = '0.0.0.0:0', ...options } = {}) {
	const config = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(config, `[server]\n${lines}\n`);
	const daemon = await startVizyd(t, { listen, stateDir, args: ['--config', config], ...options });

	daemon.host = `127.0.0.1:${daemon.port}`;
	daemon.url = `http://${daemon.host}`;
	return Object.assign(daemon, { stateDir, config });
}

function post(daemon, path, fields, { headers = {}, ...options } = {}) {
	return get(daemon, path, {
		method: 'POST', body: new URLSearchParams(fields).toString(), timeout: 20000, ...options,
		headers: { Origin: daemon.url, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
	});
}

const cookieOf = answer => answer.headers['set-cookie']?.split(';')[0];

async function logIn(daemon, name, options) {
	const answer = await post(daemon, '/login', { name, password }, options);

	assert.equal(answer.status, 303, `${answer.status} ${answer.body}`);
	return cookieOf(answer);
}

const status = async (daemon, path, Cookie) => (await get(daemon, path, { headers: { Cookie } })).status;
const errorOf = answer => /role="alert">([^<]*)</.exec(answer.body.toString())?.[1];

/* --- The first page ------------------------------------------------------------------------- */

test('while there is no user the first page is all there is, and it makes an administrator', async t => {
	const daemon = await start(t);

	for (const path of ['/_dash-layout', '/_dash-dependencies', '/snapshot.jpg', '/stream.mjpg', '/_reload-hash', '/assets/x.js']) {
		const answer = await get(daemon, path);

		assert.equal(answer.status, 403, path);
		assert.match(answer.body.toString(), /Nobody has set this device up yet/);
	}
	for (const path of ['/', '/anywhere', '/login', '/logout']) {
		const answer = await get(daemon, path);

		assert.deepEqual([answer.status, answer.headers.location], [303, '/setup'], path);
	}
	assert.deepEqual(JSON.parse((await get(daemon, '/status')).body), { state: 'running', login: 'setup' });
	await assert.rejects(openSocket(daemon, { path: '/_vizyd/video' }), { status: 403 });

	const page = await get(daemon, '/setup');

	assert.equal(page.status, 200);
	assert.match(page.headers['content-security-policy'], /default-src 'none'.*form-action 'self'/);
	assert.doesNotMatch(page.body.toString(), /<script|{{/);
	for (const [, style] of page.body.toString().matchAll(/href="([^"]+)"/g)) {
		assert.equal((await get(daemon, style)).status, 200, style);
	}
	const refused = [
		[{ name: 'a b', password, again: password }, /A name has/],
		[{ name: 'anna', password: 'short', again: 'short' }, /at least 8/],
		[{ name: 'anna', password, again: `${password}!` }, /not the same/],
		[{ name: 'anna', password: 'x'.repeat(600), again: 'x'.repeat(600) }, /at least 8|at most/],
		[{}, /at least 8/],
	];

	for (const [fields, what] of refused) {
		const answer = await post(daemon, '/setup', fields);

		assert.equal(answer.status, 422, JSON.stringify(fields));
		assert.match(errorOf(answer), what);
		assert.doesNotMatch(answer.body.toString(), new RegExp(password));
	}
	assert.equal((await post(daemon, '/login', { name: 'anna', password })).headers.location, '/setup');

	const made = await post(daemon, '/setup', { name: 'Anna', password, again: password });

	assert.deepEqual([made.status, made.headers.location], [303, '/']);
	assert.equal(await status(daemon, '/', cookieOf(made)), 200);
	assert.deepEqual(user(daemon.stateDir, ['list']).stdout, 'anna\tadmin\n');
	// Only once.
	const late = await post(daemon, '/setup', { name: 'eve', password, again: password });

	assert.deepEqual([late.status, late.headers.location], [303, '/login']);
	assert.deepEqual(user(daemon.stateDir, ['list']).stdout, 'anna\tadmin\n');
});

test('of two who set it up at the same time one is the first', async t => {
	const daemon = await start(t);
	const answers = await Promise.all(['anna', 'eve'].map(name => post(daemon, '/setup', { name, password, again: password })));
	const winners = answers.filter(answer => cookieOf(answer));

	assert.equal(winners.length, 1, answers.map(a => a.head).join('\n'));
	assert.equal(answers.find(answer => !cookieOf(answer)).headers.location, '/login');
	assert.match(user(daemon.stateDir, ['list']).stdout, /^(anna|eve)\tadmin\n$/);
});

test('a machine that serves itself alone asks for no login, and says so', async t => {
	const daemon = await start(t, { listen: '127.0.0.1:0' });

	assert.equal(await status(daemon, '/'), 200);
	assert.equal((await daemon.status_page()).login, 'open');
	for (const path of ['/login', '/logout', '/setup']) {
		assert.equal((await get(daemon, path)).headers.location, '/', path);
	}
	assert.equal((await post(daemon, '/setup', { name: 'eve', password, again: password })).headers.location, '/');
	assert.equal(existsSync(join(daemon.stateDir, 'users.json')), false);
	assert.equal((await post(daemon, '/login', { name: 'anna', password })).headers['set-cookie'], undefined);
});

test('a socket of the service manager counts by its address', async t => {
	for (const [host, login] of [['0.0.0.0', 'setup'], ['127.0.0.1', 'open']]) {
		const socket = createServer().listen(0, host);

		await once(socket, 'listening');
		const { port } = socket.address();
		const daemon = new Daemon('sh', ['-c', 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', 'sh', vizyd, '--config', '/dev/null',
			'--camera', 'simulated', '--ui-dir', uiDir, '--state-dir', temporaryFolder(t)], { sockets: [socket._handle.fd] });

		t.after(() => daemon.stop());
		await daemon.listening();
		socket._handle.close();
		assert.equal((await (await fetch(`http://127.0.0.1:${port}/status`)).json()).login, login, host);
		await daemon.stop();
	}
});

test('behind a proxy on this machine a login can be required, also at a reload', async t => {
	const daemon = await start(t, { listen: '127.0.0.1:0' });
	const socket = await openSocket(daemon);
	const video = await openSocket(daemon, { path: '/_vizyd/video' });

	add(daemon.stateDir, 'anna', 'admin');
	writeFileSync(daemon.config, '[server]\nlogin = required\n');
	daemon.child.kill('SIGHUP');
	await until(async () => await status(daemon, '/snapshot.jpg') === 401, { what: 'the gate to close' });
	assert.equal((await socket.closed).code, 4001);
	assert.deepEqual(socket.received.map(text => JSON.parse(text)), [{ type: 'reload' }]);
	await video.closed;
	assert.equal(await status(daemon, '/snapshot.jpg', await logIn(daemon, 'anna')), 200);
});

/* --- Logging in ----------------------------------------------------------------------------- */

test('the cookie is out of reach of scripts and other sites, and stays on its path', async t => {
	const daemon = await start(t, { lines: 'prefix = /cam/\nallowed_origin = https://cam.school.example' });

	add(daemon.stateDir, 'anna');
	const answer = await until(async () => {
		const got = await post(daemon, '/cam/login', { name: ' ANNA ', password, next: '/a/b' });

		return got.headers['set-cookie'] && got;
	}, { what: 'the login' });
	const [value, ...attributes] = answer.headers['set-cookie'].split('; ');

	assert.match(value, /^vizyd=[0-9a-f]{64}$/);
	assert.deepEqual(attributes.sort(), ['HttpOnly', 'Max-Age=34560000', 'Path=/cam/', 'SameSite=Strict']);
	assert.equal(answer.headers.location, '/cam/a/b');
	assert.equal(answer.headers['cache-control'], 'no-store');
	assert.equal(readFileSync(join(daemon.stateDir, 'users.json'), 'utf8').includes(password), false);

	// The page says by its Origin that it came by TLS.
	const secure = await post(daemon, '/cam/login', { name: 'anna', password }, {
		headers: { Origin: 'https://cam.school.example', Host: 'cam.school.example' },
	});

	assert.match(secure.headers['set-cookie'], /; Secure$/);
	// A session is one of its cookie's text, whatever else is sent along.
	for (const cookie of [`a=1; ${value}; b="2"`, `vizyd=x; ${value}`]) {
		assert.equal(await status(daemon, '/cam/snapshot.jpg', cookie), cookie.startsWith('vizyd') ? 401 : 200, cookie);
	}
});

test('what leads elsewhere is not followed, and what is no form is refused', async t => {
	const daemon = await start(t);

	add(daemon.stateDir, 'anna');
	await until(async () => (await get(daemon, '/')).headers.location === '/login', { what: 'the user to be known' });
	assert.equal((await get(daemon, '/x/y')).headers.location, '/login?next=/x/y');
	for (const next of ['//evil.example/', '/\\evil.example', 'https://evil.example/', '/a b', '/a\r\nX: y', '']) {
		assert.equal((await post(daemon, '/login', { name: 'anna', password, next })).headers.location, '/', next);
	}
	const foreign = await post(daemon, '/login', { name: 'anna', password }, { headers: { Origin: 'http://evil.example' } });

	assert.deepEqual([foreign.status, cookieOf(foreign)], [403, undefined]);
	assert.equal((await post(daemon, '/login', { name: 'anna', password: 'x'.repeat(5000) })).status, 413);
	assert.equal((await get(daemon, '/login', { method: 'POST', body: '{"name":"anna"}', timeout: 20000 })).status, 403);
	const page = (await get(daemon, '/login?next=%22%3E%3Cscript%3E')).body.toString();

	assert.doesNotMatch(page, /<script/);
	assert.match(page, /value="&quot;&gt;&lt;script&gt;"/);
});

test('a wrong password and a name that is not there look the same', async t => {
	const daemon = await start(t);

	add(daemon.stateDir, 'anna');
	await until(async () => (await get(daemon, '/')).headers.location === '/login', { what: 'the user to be known' });
	const one = await post(daemon, '/login', { name: 'anna', password: 'wrong wrong' }, { from: '127.0.0.2' });
	const other = await post(daemon, '/login', { name: 'bert', password: 'wrong wrong' }, { from: '127.0.0.3' });

	assert.deepEqual([one.status, other.status], [403, 403]);
	assert.equal(one.body.toString().replaceAll('anna', '…'), other.body.toString().replaceAll('bert', '…'));
	assert.doesNotMatch(one.body.toString(), /wrong wrong/);
});

test('five wrong passwords slow that address and that name, and nobody else', async t => {
	const daemon = await start(t);

	add(daemon.stateDir, 'anna');
	add(daemon.stateDir, 'bert');
	await until(async () => (await get(daemon, '/')).headers.location === '/login', { what: 'the users to be known' });
	for (let i = 0; i < 5; i++) {
		assert.equal((await post(daemon, '/login', { name: 'anna', password: 'wrong wrong' }, { from: '127.0.0.2' })).status, 403);
	}
	const tries = await Promise.all([['anna', '127.0.0.2'], ['bert', '127.0.0.2'], ['anna', '127.0.0.3'], ['bert', '127.0.0.4']]
		.map(([name, from]) => post(daemon, '/login', { name, password }, { from })));

	assert.deepEqual(tries.map(answer => answer.status), [429, 429, 429, 303]);
	assert.equal(tries[0].headers['retry-after'], '1');
	assert.match(errorOf(tries[0]), /Too many wrong passwords/);
	// Who waits gets in with the right one.
	await sleep(1000);
	assert.equal((await post(daemon, '/login', { name: 'anna', password }, { from: '127.0.0.2' })).status, 303);
});

test('while passwords are judged the daemon answers others', async t => {
	const daemon = await start(t);

	add(daemon.stateDir, 'anna');
	const cookie = await until(() => logIn(daemon, 'anna').catch(() => null), { what: 'the login' });
	let judged = 0;
	const logins = Array.from({ length: 16 }, () => logIn(daemon, 'anna').then(() => judged++));
	let answered = 0;

	while (judged < 16) {
		assert.equal(await status(daemon, '/_reload-hash', cookie), 200);
		answered++;
	}
	await Promise.all(logins);
	assert.ok(answered >= 16, `${answered} answers while 16 passwords were judged`);
});

/* --- The end of a session ------------------------------------------------------------------- */

/** Everything that a page keeps open. */
async function openAll(daemon, Cookie) {
	const headers = { Cookie };
	const link = await openSocket(daemon, { headers });
	const video = await openSocket(daemon, { path: '/_vizyd/video', headers });
	const stream = await connect(daemon.port);

	stream.write(`GET /stream.mjpg HTTP/1.1\r\nHost: ${daemon.host}\r\nCookie: ${Cookie}\r\n\r\n`);
	await until(() => stream.text.includes('image/jpeg'), { what: 'the stream' });
	return { link, video, stream };
}

async function assertEnded({ link, video, stream }) {
	assert.equal((await link.closed).code, 4001);
	assert.ok(link.received.some(text => JSON.parse(text).type === 'reload'), 'the page is told to load anew');
	await video.closed;
	await stream.ended;
}

function assertOpen({ link, video, stream }) {
	assert.deepEqual([link.readyState, video.readyState, stream.closed], [1, 1, false]);
	link.close();
	video.close();
	stream.destroy();
}

test('logging out ends the session of that browser, and all that it has open', async t => {
	const daemon = await start(t);

	add(daemon.stateDir, 'anna');
	const one = await until(() => logIn(daemon, 'anna').catch(() => null), { what: 'the login' });
	const other = await logIn(daemon, 'anna');
	const ofOne = await openAll(daemon, one);
	const ofOther = await openAll(daemon, other);

	assert.match((await get(daemon, '/logout', { headers: { Cookie: one } })).body.toString(), /logged in as <b>anna<\/b>/);
	// Looking at the page is not logging out; nor is a request of another site.
	assert.equal((await post(daemon, '/logout', {}, { headers: { Cookie: one, Origin: 'http://evil.example' } })).status, 403);
	assert.equal(await status(daemon, '/', one), 200);
	const answer = await post(daemon, '/logout', {}, { headers: { Cookie: one } });

	assert.deepEqual([answer.status, answer.headers.location], [303, '/login']);
	assert.match(answer.headers['set-cookie'], /^vizyd=; Path=\/; Max-Age=0;/);
	await assertEnded(ofOne);
	assert.equal(await status(daemon, '/snapshot.jpg', one), 401);
	assert.equal(await status(daemon, '/snapshot.jpg', other), 200);
	assertOpen(ofOther);
});

for (const [what, args, input] of [
	['another password', ['passwd', 'anna'], 'another horse\n'],
	['the removal of the user', ['del', 'anna'], ''],
]) {
	test(`${what} from a shell ends that user's sessions, and no others`, async t => {
		const daemon = await start(t);

		add(daemon.stateDir, 'anna');
		add(daemon.stateDir, 'bert');
		const anna = await until(() => logIn(daemon, 'anna').catch(() => null), { what: 'the login' });
		const bert = await logIn(daemon, 'bert');
		const ofAnna = await openAll(daemon, anna);
		const ofBert = await openAll(daemon, bert);

		assert.equal(user(daemon.stateDir, args, input).status, 0);
		await assertEnded(ofAnna);
		assert.equal(await status(daemon, '/snapshot.jpg', anna), 401);
		assert.equal((await post(daemon, '/login', { name: 'anna', password })).status, 403);
		assertOpen(ofBert);
		assert.equal(await status(daemon, '/snapshot.jpg', bert), 200);
	});
}

test('a session that is not used expires, one that a page uses does not', async t => {
	const daemon = await start(t, { lines: 'session_days = 0.00004' }); // 3 s

	add(daemon.stateDir, 'anna');
	const idle = await until(() => logIn(daemon, 'anna').catch(() => null), { what: 'the login' });
	const used = await logIn(daemon, 'anna');
	const link = await openSocket(daemon, { headers: { Cookie: used } });

	await sleep(6500);
	assert.equal(await status(daemon, '/snapshot.jpg', idle), 401);
	assert.equal(link.readyState, 1);
	assert.equal(await status(daemon, '/snapshot.jpg', used), 200);
	link.close();
	await sleep(5500);
	assert.equal(await status(daemon, '/snapshot.jpg', used), 401);
});

test('a restart logs nobody out, and what is kept is of no use to who reads it', async t => {
	const stateDir = temporaryFolder(t);
	const first = await start(t, { stateDir });

	add(stateDir, 'anna');
	const cookie = await until(() => logIn(first, 'anna').catch(() => null), { what: 'the login' });

	await first.stop();
	const kept = readFileSync(join(stateDir, 'sessions.json'), 'utf8');

	assert.equal(kept.includes(cookie.split('=')[1]), false);
	for (const name of ['users.json', 'sessions.json']) {
		assert.equal(statSync(join(stateDir, name)).mode & 0o777, 0o600, name);
	}
	const second = await start(t, { stateDir });

	assert.equal(await status(second, '/snapshot.jpg', cookie), 200);
	const [, hash] = /"hash":"([0-9a-f]+)"/.exec(kept);

	assert.equal(await status(second, '/snapshot.jpg', `vizyd=${hash}`), 401);
	// A password that was changed meanwhile ends it all the same.
	await second.stop();
	assert.equal(user(stateDir, ['passwd', 'anna'], 'another horse\n').status, 0);
	const third = await start(t, { stateDir });

	assert.equal(await status(third, '/snapshot.jpg', cookie), 401);
});

/* --- When things are broken ----------------------------------------------------------------- */

test('a damaged file lets nobody in, says what to do, and a shell puts it right', async t => {
	const stateDir = temporaryFolder(t);

	writeFileSync(join(stateDir, 'users.json'), '{"version":1,"guests":true,"users":[{"name"');
	const daemon = await start(t, { stateDir });

	assert.match(daemon.stderr, /users\.json|file of the users is damaged/);
	assert.match(daemon.stderr, /vizyd user add NAME --role admin/);
	const page = await get(daemon, '/');

	assert.equal(page.status, 503);
	assert.match(errorOf(page), /damaged/);
	assert.match(page.body.toString(), /vizyd user add NAME --role admin/);
	for (const path of ['/setup', '/login', '/snapshot.jpg', '/_dash-layout']) {
		assert.equal(await status(daemon, path), 503, path);
	}
	assert.equal((await post(daemon, '/setup', { name: 'eve', password, again: password })).status, 503);
	assert.deepEqual(JSON.parse((await get(daemon, '/status')).body), { state: 'running', login: 'unusable' });

	const list = user(stateDir, ['list']);

	assert.equal(list.status, 1);
	assert.match(list.stderr, /damaged.*vizyd user add/);
	assert.equal(user(stateDir, ['add', 'bert'], `${password}\n`).status, 1, 'a user who is no admin begins nothing');
	add(stateDir, 'anna', 'admin');
	assert.match(readFileSync(join(stateDir, 'users.json.bad'), 'utf8'), /"name"$/);
	await until(async () => (await get(daemon, '/')).headers.location === '/login', { what: 'the users to be read anew' });
	assert.equal(await status(daemon, '/snapshot.jpg', await logIn(daemon, 'anna')), 200);
});

test('the shell says what is wrong, and keeps the last admin', async t => {
	const dir = temporaryFolder(t);
	const say = (args, input) => {
		const { status: code, stderr, stdout } = user(dir, args, input);

		return [code, stderr.trim() || stdout.trim()];
	};

	add(dir, 'anna', 'admin');
	for (const [args, input, code, text] of [
		[[], '', 2, /expected a command/],
		[['dance'], '', 2, /no such command: 'dance'/],
		[['add'], '', 2, /an argument is missing after 'add'/],
		[['list', 'anna'], '', 2, /unexpected argument 'anna'/],
		[['del', 'anna', '--role', 'admin'], '', 2, /--role belongs to 'add'/],
		[['guests', 'maybe'], '', 2, /expected on or off/],
		[['--wrong'], '', 2, /unrecognized option/],
		[['--help'], '', 0, /Usage: vizyd user/],
		[['add', 'a b'], `${password}\n`, 1, /'a b': A name has/],
		[['add', 'guest'], `${password}\n`, 1, /“guest”/],
		[['add', 'bert', '--role', 'boss'], `${password}\n`, 1, /expected viewer, user or admin/],
		[['add', 'anna'], `${password}\n`, 1, /'anna': There is a user of that name/],
		[['add', 'bert'], '', 1, /no password was given/],
		[['add', 'bert'], 'short\n', 1, /at least 8/],
		[['add', 'bert'], `${'x'.repeat(600)}\n`, 1, /at most 511/],
		[['passwd', 'bert'], `${password}\n`, 1, /'bert': There is no user/],
		[['del', 'bert'], '', 1, /There is no user/],
		[['del', 'anna'], '', 1, /last user with the role admin.*--force/],
		[['role', 'anna', 'viewer'], '', 1, /last user with the role admin/],
		[['guests'], '', 0, /^off$/],
		[['guests', 'on'], '', 0, /^$/],
		[['guests'], '', 0, /^on$/],
		[['list'], '', 0, /^anna\tadmin$/],
	]) {
		const [got, said] = say(args, input);

		assert.equal(got, code, `${args.join(' ')}: ${said}`);
		assert.match(said, text, args.join(' '));
	}
	assert.equal(say(['add', 'bert'], `${password}\r\n`)[0], 0);
	assert.equal(say(['role', 'bert', 'admin'])[0], 0);
	assert.equal(say(['del', 'anna'])[0], 0);
	assert.equal(say(['del', 'bert', '--force'])[0], 0);
	assert.deepEqual(say(['list']), [0, '']);

	const elsewhere = user(join(dir, 'nowhere'), ['list']);

	assert.equal(elsewhere.status, 1);
	assert.match(elsewhere.stderr, /nowhere: No such file or directory/);
});

test('on a terminal a password is asked for twice, and not shown', t => {
	const dir = temporaryFolder(t);
	const script = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../lib/terminal.py');
	const onTerminal = (answers, ...args) => {
		const { stdout, stderr } = spawnSync('python3', [script, JSON.stringify(answers), vizyd, 'user', '--state-dir', dir, ...args],
			{ encoding: 'utf8' });

		assert.equal(stderr, '');
		return JSON.parse(stdout);
	};
	const ask = /Password for anna: $/.source;
	const again = /The same again for anna: $/.source;

	const made = onTerminal([[ask, `${password}\n`], [again, `${password}\n`]], 'add', 'anna', '--role', 'admin');

	assert.equal(made.status, 0, made.seen);
	assert.equal(made.seen.includes('horse'), false, made.seen);
	assert.equal(user(dir, ['list']).stdout, 'anna\tadmin\n');

	const differ = onTerminal([[ask, `${password}\n`], [again, 'another horse\n']], 'passwd', 'anna');

	assert.equal(differ.status, 1);
	assert.match(differ.seen, /the two passwords are not the same/);
	// Ctrl-C.
	const before = readFileSync(join(dir, 'users.json'), 'utf8');

	assert.equal(onTerminal([[ask, '\x03']], 'passwd', 'anna').status, 1);
	assert.equal(readFileSync(join(dir, 'users.json'), 'utf8'), before);
	// Who is not there is not asked for.
	assert.doesNotMatch(onTerminal([], 'passwd', 'bert').seen, /Password/);
});

test('what root writes is the service\'s', { skip: process.getuid() !== 0 && 'not root' }, t => {
	const dir = join(temporaryFolder(t), 'state');

	mkdirSync(dir);
	chmodSync(dir, 0o750);
	chownSync(dir, 65534, 65533);
	add(dir, 'anna', 'admin');
	for (const name of ['users.json', 'users.lock']) {
		const { uid, gid, mode } = statSync(join(dir, name));

		assert.deepEqual([uid, gid, mode & 0o777], [65534, 65533, 0o600], name);
	}
});
