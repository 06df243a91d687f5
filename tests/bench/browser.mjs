// From a click to what the person sees of it, in the real browser with the real renderer. The floor is
// a server that answers the callback and does nothing else; what remains is the browser's.

import net from 'node:net';

import { line, median, withServers } from './lib.mjs';
import { app, floor } from './link.mjs';

const link = 'GET /_dash-ws-callback ';

/**
 * A port that serves the page of `page` and the websocket of the link of `socket`. Both ways of the
 * comparison go through one, so that it weighs on both.
 */
function mixedServer(page, socket) {
	const server = net.createServer(inside => {
		inside.once('data', first => {
			const outside = net.connect(first.toString('latin1', 0, link.length) === link ? socket.port : page.port, '127.0.0.1');

			inside.setNoDelay(true);
			outside.setNoDelay(true);
			outside.write(first);
			inside.pipe(outside).pipe(inside);
			inside.on('error', () => outside.destroy());
			outside.on('error', () => inside.destroy());
		});
	});

	return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** In the page: sets the button's clicks, and waits until the Output's text is another. */
async function clickTimes(n) {
	const output = document.getElementById('link-out');
	const times = [];

	for (let i = 1; i <= n; i++) {
		const start = performance.now();

		await new Promise(done => {
			const observer = new MutationObserver(() => {
				observer.disconnect();
				done();
			});

			observer.observe(output, { childList: true, characterData: true, subtree: true });
			window.dash_clientside.set_props('link', { n_clicks: i + window.clicksSoFar });
		});
		times.push(performance.now() - start);
		// As a person, who is slower than the browser's rest.
		await new Promise(done => setTimeout(done, 5));
	}
	window.clicksSoFar += n;
	return times;
}

async function openPage(browser, server) {
	const page = await (await browser.newContext()).newPage();

	await page.goto(`http://127.0.0.1:${server.address().port}/`);
	await page.waitForSelector('#link-out');
	await page.waitForSelector('html:not([data-vizyd-offline])');
	await page.evaluate(() => { window.clicksSoFar = 1000; });
	return page;
}

const clickToDom = bench => withServers(app(), floor(), async (ours, base) => {
	const { launch } = await import('../lib/browser.mjs');
	const ends = [];
	const results = { ours: [], floor: [] };

	try {
		const browser = await launch({ after: end => ends.push(end) });
		const servers = { ours: await mixedServer(ours, ours), floor: await mixedServer(ours, base) };

		ends.push(...Object.values(servers).map(server => () => server.close()));
		const pages = { ours: await openPage(browser, servers.ours), floor: await openPage(browser, servers.floor) };
		const n = bench.quick ? 3 : 40;

		for (let i = 0; i < (bench.quick ? 1 : 12); i++) {
			for (const which of i % 2 ? ['floor', 'ours'] : ['ours', 'floor']) {
				await pages[which].bringToFront();
				const times = await pages[which].evaluate(clickTimes, n);

				// The first ones warm up what the others need.
				if (i > 0 || bench.quick) {
					results[which].push({ p50_ms: median(times) });
				}
			}
		}
	} finally {
		for (const end of ends.reverse()) {
			await end();
		}
	}

	return [line('click to DOM in the browser, p50', 'ms', results, 'p50_ms', { ratioAtMost: 1.1 })];
});

export const rows = { browser: clickToDom };
