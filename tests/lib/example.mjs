// The examples of plugins/, as a person has them: one daemon, two browsers.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';

import { launch, openTab } from './browser.mjs';
import { build, outDir, startVizyd, temporaryFolder } from './daemon.mjs';

let browsers = [];
let atEnd = [];

/** Two browsers for all tests of a file: each test has fresh profiles in them. */
export function useTwoBrowsers() {
	before(async () => {
		const t = { after: end => atEnd.push(end) };

		browsers = [await launch(t), await launch(t)];
	});
	after(async () => {
		await Promise.all(atEnd.map(end => end()));
	});
}

/** The daemon with these plugins; `config` is text for the configuration file. */
export function startExamples(t, names, config = '') {
	const file = join(temporaryFolder(t), 'vizyd.conf');

	writeFileSync(file, config);
	return startVizyd(t, {
		env: { VIZYD_PLUGIN_DIR: join(build, 'plugins') },
		args: ['--config', file, ...names.flatMap(name => ['--load', name])],
	});
}

/** A visitor of the `n`-th browser who goes to the tab with this label. */
export async function visit(t, daemon, n, label, { options = {} } = {}) {
	const context = await browsers[n].newContext(options);

	t.after(() => context.close());
	const page = await openTab(context, daemon.url, { ready: '.vz-tabs' });

	await page.locator('.vz-tab', { hasText: new RegExp(`^${escape(label)}$`) }).click();
	await page.waitForSelector('.vz-columns, .vz-group');
	return page;
}

const escape = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Pictures for a person to see: the page as it is, on a phone and on a laptop, light and dark. */
export async function shoot(page, name) {
	const shots = join(outDir, 'shots');

	mkdirSync(shots, { recursive: true });
	for (const [width, height, colorScheme, where] of [[390, 844, 'light', 'phone'], [1280, 800, 'dark', 'laptop']]) {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme });
		await page.waitForTimeout(300);
		await page.screenshot({ path: join(shots, `example-${name}-${where}.png`) });
		const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

		if (wide) {
			throw new Error(`${name} scrolls sideways on a ${where}`);
		}
	}
}

/** A property of a component in the server's layout, which is what the next visitor gets. */
export async function served(daemon, id, property) {
	let value;

	JSON.parse(await (await fetch(`${daemon.url}/_dash-layout`)).text(), (key, v) => {
		if (v?.props?.id === id) {
			value = v.props[property];
		}
		return v;
	});
	return value;
}
