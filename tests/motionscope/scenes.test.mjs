// The whole chain over scenes as people film them (scene-list.mjs), of which is known what is where: one
// track over the whole flight, less than a pixel off, and figures within 2 %.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { footage } from '../lib/footage.mjs';
import { during, findTrack, fit, motionscope, parse, tracksOf } from './lib.mjs';
import { scenes } from './scene-list.mjs';
import { shoot, shrink, truthOf } from './scenes.mjs';

// A frame or two behind somebody need not be known.
const MIN_PART = 0.93, MIN_ACCELERATION = 50;

const speed = points => Math.hypot(fit(points, 'x_px', 1, 0)[1], fit(points, 'y_px', 1, 0)[1]);
const acceleration = points => Math.hypot(2 * fit(points, 'x_px', 2, points[0].t_s)[2], 2 * fit(points, 'y_px', 2, points[0].t_s)[2]);

function checkFlight(points, known, label) {
	assert.ok(points.length > 4, `${label}: ${points.length} points`);
	const should = acceleration(known);

	for (const [what, is, expected] of [['v', speed(points), speed(known)],
		...should > MIN_ACCELERATION ? [['a', acceleration(points), should]] : []]) {
		assert.ok(Math.abs(is / expected - 1) < 0.02, `${label}: ${what} is ${is}, not ${expected}`);
	}
}

function check(t, scene, tracks) {
	scene.objects.filter(object => object.during).forEach((object, i) => {
		const known = truthOf(scene, object), best = findTrack(tracks, known), label = `object ${i}`;

		t.diagnostic(`${best.n} of ${known.size} in one track of ${tracks.size}, rms ${best.rms.toFixed(3)} px`);
		assert.ok(best.n >= MIN_PART * known.size, `${label}: ${best.n} of ${known.size} in one track`);
		assert.ok(best.rms < 1, `${label}: rms ${best.rms} px`);
		for (const p of best.points.filter(q => known.has(q.frame))) {
			assert.ok(Math.abs(p.t_s - known.get(p.frame).t_s) < 0.00051, `${label}: time of frame ${p.frame}`);
		}
		for (const [from, to] of object.flights) {
			const flight = during(best.points, from, to).filter(p => known.has(p.frame));

			checkFlight(flight, flight.map(p => known.get(p.frame)),
				`${label}, ${from.toFixed(2)} to ${to.toFixed(2)} s`);
		}
	});
}

// Those that have shown most, at a size at which each takes a few seconds; what scene-list.mjs has beside
// them is for whoever changes the chain.
for (const [name, factor] of [['street 720p30', 2], ['colour alone', 1], ['two that collide', 2],
	['low contrast', 1], ['knocked and shaken', 2], ['short street', 1], ['portrait', 2],
	['VP9 uneven', 1], ['people wave', 2]]) {
	test(name, async t => {
		const films = await footage(t);

		if (!films) {
			return;
		}
		const scene = shrink(scenes[name](), factor), folder = mkdtempSync(join(tmpdir(), 'motionscope-'));

		t.after(() => rmSync(folder, { recursive: true }));
		const { status, stdout, stderr } = await motionscope(await shoot(scene, films, join(folder, scene.file)));

		assert.equal(status, 0, stderr);
		assert.equal(stderr, '');
		check(t, scene, tracksOf(parse(stdout)));
	});
}
