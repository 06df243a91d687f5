// The whole chain over real films, against points and figures that were found without it. The
// table in README.md is made of what it prints.

import assert from 'node:assert/strict';
import test from 'node:test';

import { footage } from '../lib/footage.mjs';
import { acceleration, between, during, findTrack, fit, motionscope, parse, tracksOf, truth } from './lib.mjs';

async function follow(t, film, name) {
	const films = await footage(t);

	if (!films) {
		return null;
	}
	const { status, stdout, stderr } = await motionscope(films.find(film));

	assert.equal(status, 0, stderr);
	const known = truth(name), best = findTrack(tracksOf(parse(stdout)), known);

	return { ...best, known };
}

function check(t, what, measured, expected, percent) {
	const off = 100 * (measured / expected - 1);

	t.diagnostic(`${what}: ${measured.toFixed(4)}, expected ${expected}, ${off.toFixed(2)} %`);
	assert.ok(Math.abs(off) <= percent, `${what} is ${measured}, expected ${expected}`);
}

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

	t.diagnostic(`rms ${ball.rms.toFixed(2)} px, ${ball.n} of ${ball.known.size} points in one track`);
	assert.equal(ball.n, ball.known.size);
	assert.ok(ball.rms < 1.5, `rms is ${ball.rms} px`);
	check(t, 'a before the bounce', acceleration(first).ay, 2152, 2);
	check(t, 'a after the bounce', acceleration(second).ay, 2296, 2);
	check(t, 'vx before the bounce', fit(first, 'x_px', 1, 0)[1], 184, 2);
	check(t, 'vx after the bounce', fit(second, 'x_px', 1, 0)[1], 75, 2);
});

test('a ball that bounces on a slope', async t => {
	const ball = await follow(t, 'balle-jbart.mp4', 'ramp_bounce');

	if (!ball) {
		return;
	}
	const flights = [[0.6, 2.0], [2.2, 5.2], [5.4, 7.7], [7.9, 9.6]]
		.map(([from, to]) => during(ball.points, from, to));

	t.diagnostic(`rms ${ball.rms.toFixed(2)} px, ${ball.n} of ${ball.known.size} points in one track`);
	assert.ok(ball.n >= ball.known.size - 4);
	assert.ok(ball.rms < 1.5, `rms is ${ball.rms} px`);
	[197, 190, 182].forEach((a, i) =>
		check(t, `a of flight ${i + 1}`, acceleration(flights[i + 1]).a, a, 2));
	[[5.287, 0.755], [7.778, 0.758]].forEach(([at, e], i) =>
		check(t, `restitution ${i + 2}`, restitution(flights[i + 1], flights[i + 2], at), e, 2));
});

// A hand pushes the puck and is one blob with it at first: where it is let go is not yet told apart.
test('a puck on air, after the hand has gone', async t => {
	const puck = await follow(t, 'Principe_inertie.avi', 'puck_inertia');

	if (!puck) {
		return;
	}
	const free = between(puck.points, 17, 27);

	t.diagnostic(`rms ${puck.rms.toFixed(2)} px, ${puck.n} of ${puck.known.size} points in one track`);
	assert.equal(puck.n, puck.known.size);
	check(t, 'v', Math.hypot(fit(free, 'x_px', 1, 0)[1], fit(free, 'y_px', 1, 0)[1]), 392.9, 2);
});
