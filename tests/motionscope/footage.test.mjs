// The whole chain over real films, against points and figures that were found without it. The
// table in README.md is made of what it measures.

import assert from 'node:assert/strict';
import test from 'node:test';

import { footage } from '../lib/footage.mjs';
import { between, during, findTrack, fit, meet, motionscope, parabola, parse, tracksOf, truth } from './lib.mjs';
import { checkTable } from './table.mjs';

const rows = [];

async function follow(t, film, name) {
	const films = await footage(t);

	if (!films) {
		return null;
	}
	const { status, stdout, stderr } = await motionscope(films.find(film));

	assert.equal(status, 0, stderr);
	const known = truth(name), best = findTrack(tracksOf(parse(stdout)), known);
	const check = (what, measured, expected, percent, unit = '', ofTruth = null) => {
		rows.push({ film, what, measured, expected, unit, percent, ofTruth });
		t.diagnostic(`${what}: ${measured.toFixed(4)}, expected ${expected}`);
		if (expected === null) {
			assert.ok(measured < percent, `${what} is ${measured}, expected less than ${percent}`);
		} else {
			assert.ok(Math.abs(measured / expected - 1) <= percent / 100, `${what} is ${measured}, expected ${expected}`);
		}
	};

	check('rms to the truth', best.rms, null, 1, 'px');
	check('points of the flight in one track', best.n, known.size, 2);
	// A figure is found from the frames which the truth has, and in the way that gives it from the truth.
	const points = best.points.filter(p => known.has(p.frame));

	return (what, find, expected, unit = '') => {
		const ofTruth = find([...known.values()]);

		assert.ok(Math.abs(ofTruth / expected - 1) < 0.013, `${what} of the truth is ${ofTruth}, expected ${expected}`);
		check(what, find(points), expected, 2, unit, ofTruth);
	};
}

/** Of the velocities where the parabolas before and after an impact meet. */
function restitution(before, after) {
	const at = meet(before, after);

	return -after.velocity(at) / before.velocity(at);
}

test('a thrown ball with uneven time stamps', async t => {
	const check = await follow(t, 'balle1-vp9.avi', 'fall_bounce_187fps');

	if (!check) {
		return;
	}
	// The first flight without its beginning, the second one whole.
	const first = points => during(points, 0.25, 0.735), second = points => during(points, 0.78, 1.24);

	check('a before the bounce', points => parabola(first(points), 'y_px').a, 2152, 'px/s²');
	check('a after the bounce', points => parabola(second(points), 'y_px').a, 2296, 'px/s²');
	check('vx before the bounce', points => fit(first(points), 'x_px', 1, 0)[1], 184, 'px/s');
	check('vx after the bounce', points => fit(second(points), 'x_px', 1, 0)[1], 75, 'px/s');
});

test('a ball that bounces on a slope', async t => {
	const check = await follow(t, 'balle-jbart.mp4', 'ramp_bounce');

	if (!check) {
		return;
	}
	// Without what is nearest to the impacts, and the first one from where the hand is gone.
	const flight = (points, i) =>
		parabola(during(points, ...[[0.36, 2.0], [2.16, 5.24], [5.4, 7.72], [7.88, 9.64]][i]), 'x_px');

	[197, 190, 182].forEach((a, i) =>
		check(`a of flight ${i + 1}`, points => flight(points, i + 1).a, a, 'px/s²'));
	[0.757, 0.755, 0.758].forEach((e, i) =>
		check(`restitution ${i + 1}`, points => restitution(flight(points, i), flight(points, i + 1)), e));
});

test('a puck on air that a hand has pushed', async t => {
	const check = await follow(t, 'Principe_inertie.avi', 'puck_inertia');

	if (!check) {
		return;
	}
	check('v', points => fit(between(points, 17, 27), 'x_px', 1, 0)[1], 392.9, 'px/s');
	check('a while it is pushed', points => parabola(between(points, 3, 15), 'x_px').a, 515, 'px/s²');
});

test('a puck on air that a weight draws', async t => {
	const check = await follow(t, 'Force_constante.avi', 'puck_force');

	if (check) {
		check('a', points => parabola(between(points, 8, 25), 'x_px').a, 536, 'px/s²');
	}
});

test('the table in README.md says what is measured', t => {
	if (!rows.length) {
		t.skip('no films');
		return;
	}
	checkTable(rows);
});
