// The whole chain over real films, against points and figures that were found without it. The
// table in README.md is made of what it measures.

import assert from 'node:assert/strict';
import test from 'node:test';

import { footage } from '../lib/footage.mjs';
import { acceleration, between, during, findTrack, fit, motionscope, parse, tracksOf, truth } from './lib.mjs';
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
	const check = (what, measured, expected, percent, unit = '') => {
		rows.push({ film, what, measured, expected, unit, percent });
		t.diagnostic(`${what}: ${measured.toFixed(4)}, expected ${expected}`);
		if (expected === null) {
			assert.ok(measured < percent, `${what} is ${measured}, expected less than ${percent}`);
		} else {
			assert.ok(Math.abs(measured / expected - 1) <= percent / 100, `${what} is ${measured}, expected ${expected}`);
		}
	};

	check('rms to the truth', best.rms, null, 1, 'px');
	check('points of the flight in one track', best.n, known.size, 2);
	return { points: best.points, known: [...known.values()], check };
}

const speed = points => Math.hypot(fit(points, 'x_px', 1, 0)[1], fit(points, 'y_px', 1, 0)[1]);

/** Before an impact to after it, across the line of the flight: |v| normal to the ground there. */
function restitution(before, after, at_s) {
	const a = acceleration(before), b = acceleration(after);
	const velocity = m => [m.x, m.y].map(c => c[1] + 2 * c[2] * (at_s - m.at));
	const [one, other] = [velocity(a), velocity(b)];
	const down = [a.ax, a.ay].map(c => c / a.a);

	return -(other[0] * down[0] + other[1] * down[1]) / (one[0] * down[0] + one[1] * down[1]);
}

test('a thrown ball with uneven time stamps', async t => {
	const ball = await follow(t, 'balle1-vp9.avi', 'fall_bounce_187fps');

	if (!ball) {
		return;
	}
	const first = during(ball.points, 0.2, 0.74), second = during(ball.points, 0.78, 1.19);

	ball.check('a before the bounce', acceleration(first).ay, 2152, 2, 'px/s²');
	ball.check('a after the bounce', acceleration(second).ay, 2296, 2.5, 'px/s²');
	// The figure was found from other frames than those that are sure to be flight; these are the truth's own.
	ball.check('the same, to that of the truth', acceleration(second).ay,
		Math.round(acceleration(during(ball.known, 0.78, 1.19)).ay), 1, 'px/s²');
	ball.check('vx before the bounce', fit(first, 'x_px', 1, 0)[1], 184, 2, 'px/s');
	ball.check('vx after the bounce', fit(second, 'x_px', 1, 0)[1], 75, 3, 'px/s');
});

test('a ball that bounces on a slope', async t => {
	const ball = await follow(t, 'balle-jbart.mp4', 'ramp_bounce');

	if (!ball) {
		return;
	}
	const cut = points => [[0.6, 2.0], [2.2, 5.2], [5.4, 7.7], [7.9, 9.6]].map(([from, to]) => during(points, from, to));
	const flights = cut(ball.points), known = cut(ball.known);

	[197, 190, 182].forEach((a, i) =>
		ball.check(`a of flight ${i + 1}`, acceleration(flights[i + 1]).a, a, 2, 'px/s²'));
	[[5.287, 0.755], [7.778, 0.758]].forEach(([at, e], i) =>
		ball.check(`restitution ${i + 2}`, restitution(flights[i + 1], flights[i + 2], at), e, 2));
	// Before the first impact the ball is let go slowly, and the figure depends on how much of that is taken.
	ball.check('restitution 1, to that of the truth', restitution(flights[0], flights[1], 2.078),
		Number(restitution(known[0], known[1], 2.078).toFixed(3)), 2);
});

test('a puck on air that a hand has pushed', async t => {
	const puck = await follow(t, 'Principe_inertie.avi', 'puck_inertia');

	if (!puck) {
		return;
	}
	puck.check('v', speed(between(puck.points, 17, 27)), 392.9, 2, 'px/s');
	puck.check('a while it is pushed', acceleration(between(puck.points, 3, 15)).a, 515, 7, 'px/s²');
});

test('a puck on air that a weight draws', async t => {
	const puck = await follow(t, 'Force_constante.avi', 'puck_force');

	if (!puck) {
		return;
	}
	puck.check('a', acceleration(between(puck.points, 8, 25)).a, 536, 2, 'px/s²');
});

test('the table in README.md says what is measured', t => {
	if (!rows.length) {
		t.skip('no films');
		return;
	}
	checkTable(rows);
});
