// The page and its files: CONFORMANCE 15 and 20, and what a browser relies on to load at all.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'node:test';

import { startTestapp, startUnder, startVizyd, uiDir } from '../lib/daemon.mjs';
import { get, upgrade } from '../lib/http.mjs';

const scripts = html => [...html.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/g)]
	.map(([, attributes, text]) => ({ attributes, text, src: /src="([^"]*)"/.exec(attributes)?.[1] }));

function config(html) {
	const script = scripts(html).find(({ attributes }) => attributes.includes('id="_dash-config"'));

	return JSON.parse(script.text);
}

test('#15 the index page holds what the renderer needs, in its order', async t => {
	const daemon = await startVizyd(t);
	const { status, headers, body } = await get(daemon, '/');
	const html = body.toString();

	assert.equal(status, 200);
	assert.match(headers['content-type'], /^text\/html; ?charset=utf-8$/i);
	assert.match(html, /<div[^>]*id="react-entry-point"/);
	assert.match(html, /<meta[^>]*name="viewport"/);
	assert.match(html, /<html[^>]*\blang="/);
	assert.match(html, /<html[^>]*\bdata-layout="[0-9a-f]+"/);
	const names = scripts(html).map(({ src }) => src).filter(Boolean);
	const place = name => {
		const index = names.findIndex(src => src.includes(name));

		assert.ok(index >= 0, `${name} is not among ${names.join(' ')}`);
		return index;
	};

	assert.ok(place('react') < place('react-dom'));
	assert.ok(place('react-dom') < place('prop-types'));
	assert.ok(place('prop-types') < place('dash_renderer'));
	assert.ok(place('vizyd/link') < place('dash_renderer'), 'the link replaces SharedWorker before the renderer looks');
	assert.ok(place('dash_core_components') < names.length - 1);
	assert.ok(place('start') === names.length - 1, 'new DashRenderer() comes last');

	const c = config(html);

	assert.equal(c.requests_pathname_prefix, '/');
	assert.equal(c.serve_locally, true);
	assert.deepEqual(c.children_props.dash_core_components, { Clipboard: ['copied_children'], Loading: ['custom_spinner'] });
	assert.equal(c.websocket.url, '/_dash-ws-callback');
	assert.equal(c.websocket.inactivity_timeout, 0);
});

test('#15 /?link=stock is the same page with the worker of dash-renderer and without our link', async t => {
	const daemon = await startVizyd(t);
	const html = (await get(daemon, '/?link=stock')).body.toString();

	assert.ok(!scripts(html).some(({ src }) => src?.includes('vizyd/link')));
	assert.match(config(html).websocket.worker_url, /dash-ws-worker/);
	assert.doesNotMatch(config((await get(daemon, '/')).body.toString()).websocket.worker_url, /dash-ws-worker/);
});

test('#15 layout and dependencies are JSON that nobody may keep', async t => {
	const daemon = await startTestapp(t);

	for (const path of ['/_dash-layout', '/_dash-dependencies']) {
		const { status, headers, body } = await get(daemon, path);

		assert.equal(status, 200, path);
		assert.match(headers['content-type'], /^application\/json/, path);
		assert.match(headers['cache-control'], /no-store/, path);
		assert.ok(JSON.parse(body.toString()), path);
	}
	const layout = JSON.parse((await get(daemon, '/_dash-layout')).body.toString());

	assert.equal(layout.namespace, 'dash_html_components');
	assert.equal(layout.type, 'Div');
	const shared = layout.props.children.find(({ props }) => props.id === 'shared');

	assert.equal(shared.props.value, 20);
	// The outputs of shared callbacks hold the values of the call at the start, also down the chain.
	const children = id => layout.props.children.find(({ props }) => props.id === id).props.children;

	assert.equal(children('shared-out'), 'value=20');
	assert.equal(children('chain-out'), 'chain(value=20)');
});

test('#34 a layout may be a list of components, without one around them', async t => {
	const daemon = await startTestapp(t, { args: ['--list'] });
	const layout = JSON.parse((await get(daemon, '/_dash-layout')).body.toString());

	assert.ok(Array.isArray(layout));
	assert.equal(layout.find(({ props }) => props.id === 'shared-out').props.children, 'value=20');
});

test('#19 dependencies: identities, flags, distinct names for callbacks without outputs', async t => {
	const daemon = await startTestapp(t);
	const list = JSON.parse((await get(daemon, '/_dash-dependencies')).body.toString());
	const byOutput = name => list.find(({ output }) => output === name);

	for (const spec of list) {
		for (const key of ['output', 'inputs', 'state', 'prevent_initial_call', 'clientside_function', 'no_output', 'websocket']) {
			assert.ok(key in spec, `${key} in ${spec.output}`);
		}
		assert.equal(spec.clientside_function, null);
	}
	const plain = byOutput('click-out.children');

	assert.deepEqual(plain.inputs.map(({ id, property }) => `${id}.${property}`), ['click.n_clicks']);
	assert.equal(plain.websocket, false, 'S0 is plain HTTP');
	assert.equal(plain.prevent_initial_call, false);
	assert.equal(byOutput('link-out.children').websocket, true);
	assert.deepEqual(byOutput('state-out.children').state.map(({ id, property }) => `${id}.${property}`), ['state.value']);
	assert.ok(byOutput('..three-a.children...three-b.children...three-c.children..'));
	const shared = byOutput('shared-out.children');

	assert.equal(shared.websocket, true);
	assert.equal(shared.prevent_initial_call, true, 'shared values are in the layout');
	const quiet = list.filter(({ no_output }) => no_output);

	assert.ok(quiet.length >= 5);
	assert.equal(new Set(list.map(({ output }) => output)).size, list.length, 'identities are unique');
	// Two runs of one program call them alike, so that a tab that stayed open finds its callbacks again.
	const again = await startTestapp(t);
	const other = JSON.parse((await get(again, '/_dash-dependencies')).body.toString());

	assert.deepEqual(other.map(({ output }) => output), list.map(({ output }) => output));
});

test('#20 every script, style and worker of the page is there, typed and packed', async t => {
	const daemon = await startVizyd(t);
	const html = (await get(daemon, '/')).body.toString();
	const stock = (await get(daemon, '/?link=stock')).body.toString();
	const paths = new Set([
		...scripts(html).map(({ src }) => src), ...scripts(stock).map(({ src }) => src),
		config(html).websocket.worker_url, config(stock).websocket.worker_url,
		...[...html.matchAll(/<link[^>]*href="([^"]*)"/g)].map(([, href]) => href),
	].filter(Boolean));
	let total = 0;

	for (const path of paths) {
		const plain = await get(daemon, path);
		const packed = await get(daemon, path, { headers: { 'Accept-Encoding': 'gzip, deflate' } });

		assert.equal(plain.status, 200, path);
		assert.equal(plain.headers['x-content-type-options'], 'nosniff', path);
		if (/\.js\b/.test(path)) {
			assert.match(plain.headers['content-type'], /^(text|application)\/javascript/, path);
		} else if (/\.css\b/.test(path)) {
			assert.match(plain.headers['content-type'], /^text\/css/, path);
		}
		if (packed.headers['content-encoding'] === 'gzip') {
			assert.deepEqual(gunzipSync(packed.body), plain.body, path);
			assert.match(packed.headers.vary ?? '', /accept-encoding/i, path);
			assert.notEqual(packed.headers.etag, plain.headers.etag, `${path}: two forms, two tags`);
		} else {
			assert.ok(plain.body.length < 2000 || !/\.(js|css)/.test(path), `${path} (${plain.body.length} bytes) is not packed`);
		}
		if (scripts(html).some(({ src }) => src === path)) {
			total += packed.body.length;
		}
	}
	assert.ok(total < 270 * 1024, `the page's scripts are ${total} bytes`);
});

test('#20 fingerprints: immutable with the right one, served but not kept with another', async t => {
	const daemon = await startVizyd(t);
	const html = (await get(daemon, '/')).body.toString();
	const path = scripts(html).map(({ src }) => src).find(src => /dash_renderer.*\.v[\w-]+m[0-9a-f]+\./.test(src));

	assert.ok(path, 'the renderer has a fingerprint');
	const right = await get(daemon, path);

	assert.match(right.headers['cache-control'], /max-age=31536000/);
	assert.match(right.headers['cache-control'], /immutable/);
	const wrong = await get(daemon, path.replace(/m[0-9a-f]+\./, 'm0123abcd.'));

	assert.equal(wrong.status, 200);
	assert.doesNotMatch(wrong.headers['cache-control'] ?? '', /immutable/);
	const bare = await get(daemon, path.replace(/\.v[\w-]+m[0-9a-f]+/, ''));

	assert.equal(bare.status, 200);
	assert.doesNotMatch(bare.headers['cache-control'] ?? '', /immutable/);
	assert.ok(bare.headers.etag);
	assert.deepEqual(bare.body, right.body);
});

test('#20 an unchanged file is 304', async t => {
	const daemon = await startVizyd(t);
	const path = '/_dash-component-suites/dash/dcc/async-slider.js';
	const first = await get(daemon, path);

	assert.equal(first.status, 200, 'async chunks have plain names beside the main bundle');
	const tag = first.headers.etag;

	assert.match(tag, /^(W\/)?"[^"]+"$/);
	for (const [value, status] of [[tag, 304], [`"other", ${tag}`, 304], ['*', 304], ['"other"', 200]]) {
		const answer = await get(daemon, path, { headers: { 'If-None-Match': value }, head: status === 304 });

		assert.equal(answer.status, status, value);
		if (status === 304) {
			assert.equal(answer.body.length, 0);
			assert.equal(answer.headers.etag, tag);
		}
	}
});

test('security headers: no script of strangers, no inline script, no frame', async t => {
	const daemon = await startVizyd(t);
	const { headers, body } = await get(daemon, '/');
	const policy = Object.fromEntries(headers['content-security-policy'].split(';').map(part => {
		const [name, ...values] = part.trim().split(/\s+/);

		return [name, values];
	}));
	const script = policy['script-src'] ?? policy['default-src'];

	assert.deepEqual(script, ["'self'"]);
	assert.deepEqual(policy['object-src'] ?? policy['default-src'], ["'none'"]);
	assert.deepEqual(policy['base-uri'], ["'none'"]);
	assert.ok(policy['frame-ancestors']);
	assert.equal(headers['x-content-type-options'], 'nosniff');
	assert.ok(headers['referrer-policy']);
	for (const { attributes, text } of scripts(body.toString())) {
		if (!/src=/.test(attributes)) {
			assert.match(attributes, /type="application\/json"/, `inline script: ${text.slice(0, 80)}`);
		}
	}
	assert.doesNotMatch(body.toString(), /\son\w+="/, 'inline handlers');
});

test('text of the program cannot break out of the page', async t => {
	const daemon = await startTestapp(t); // its title is "Test <app>"
	const html = (await get(daemon, '/')).body.toString();

	assert.match(html, /<title>Test &lt;app(&gt;|>)<\/title>/);
	for (const path of ['/?a=<script>alert(1)</script>', '/%3Cscript%3Ealert(1)%3C/script%3E', '/"><script>x</script>']) {
		assert.doesNotMatch((await get(daemon, path)).body.toString(), /<script>(alert|x)/, path);
	}
});

test('paths: the page for places of the page, 404 for files and services that are not there', async t => {
	const daemon = await startVizyd(t);

	for (const path of ['/', '/camera', '/a/b/c', '/?x=1']) {
		const answer = await get(daemon, path);

		assert.equal(answer.status, 200, path);
		assert.match(answer.body.toString(), /react-entry-point/, path);
	}
	for (const path of ['/_nothing', '/_dash-component-suites/', '/_dash-component-suites/dash/none.js', '/assets/none.css', '/a.php', '/assets/']) {
		assert.equal((await get(daemon, path)).status, 404, path);
	}
	for (const path of ['/_favicon.ico', '/favicon.ico']) {
		assert.ok([200, 204].includes((await get(daemon, path)).status), path);
	}
	const hash = JSON.parse((await get(daemon, '/_reload-hash')).body.toString());

	assert.equal(typeof hash.reloadHash, 'string');
	assert.deepEqual(Object.keys(hash).sort(), ['files', 'hard', 'packages', 'reloadHash']);
});

test('the layout hash stays while values change, and changes with the layout', async t => {
	const hash = async daemon => /data-layout="([^"]*)"/.exec((await get(daemon, '/')).body.toString())[1];
	const one = await startTestapp(t);
	const two = await startTestapp(t);
	const three = await startTestapp(t, { args: ['--layout', '1'] });

	assert.equal(await hash(one), await hash(two));
	assert.notEqual(await hash(one), await hash(three));
});

const services = ['_dash-layout', '_dash-dependencies', '_reload-hash', '_favicon.ico', 'favicon.ico', 'status', 'snapshot.jpg'];
const sockets = ['_dash-ws-callback', '_vizyd/video'];

for (const prefix of ['/cam/', '/lab/bench-2/']) {
	test(`#34 with prefix = ${prefix} everything is under it and nothing outside`, async t => {
		const daemon = await startUnder(t, prefix);
		const { origin } = daemon;
		const files = Object.keys(JSON.parse(readFileSync(join(uiDir, 'manifest.json'), 'utf8')).files);

		for (const link of ['', '?link=stock']) {
			const html = (await get(daemon, `${prefix}${link}`)).body.toString();
			const c = config(html);
			const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);

			assert.equal(c.requests_pathname_prefix, prefix);
			assert.equal(c.url_base_pathname, prefix);
			assert.equal(c.websocket.url, `${prefix}_dash-ws-callback`);
			assert.ok(addresses.length > 10);
			for (const address of [...addresses, c.websocket.worker_url]) {
				assert.ok(address.startsWith(prefix), address);
				assert.equal((await get(daemon, address, { method: 'HEAD' })).status, 200, address);
			}
		}
		// The chunks of the components too, which stand beside the script that asks for them.
		assert.ok(files.some(file => file.includes('async-slider')));
		for (const path of [...files, ...services]) {
			assert.equal((await get(daemon, `${prefix}${path}`)).status, 200, path);
			assert.equal((await get(daemon, `/${path}`)).status, 404, path);
		}
		for (const path of sockets) {
			assert.equal((await upgrade(daemon, `${prefix}${path}`, { Origin: origin })).status, 101, path);
			assert.equal((await upgrade(daemon, `/${path}`, { Origin: origin })).status, 404, path);
		}
		assert.equal((await get(daemon, `${prefix}stream.mjpg`, { head: true })).status, 200); // never ends
		assert.equal((await get(daemon, '/stream.mjpg')).status, 404);
		const body = { method: 'POST', body: '{}' };

		assert.equal((await get(daemon, `${prefix}_dash-update-component`, body)).status, 400);
		assert.equal((await get(daemon, '/_dash-update-component', body)).status, 404);
		assert.equal((await get(daemon, `${prefix}a/place`)).status, 200);
		for (const path of ['/a/place', '/came/', '/ca', '/CAM/', `${prefix}../status`, `/x${prefix}`]) {
			assert.equal((await get(daemon, path)).status, 404, path);
		}
		for (const path of ['/', prefix.slice(0, -1)]) {
			const { status, headers } = await get(daemon, path);

			assert.equal(status, 302, path);
			assert.equal(headers.location, prefix);
		}
	});
}
