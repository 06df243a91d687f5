// The scenes: see scenes.mjs. An object with `during` is one that must come out right, in that time;
// its `flights` are times in which its acceleration and velocity are compared.

import { linear, randomly, steady, swing, thrown } from './scenes.mjs';

const street = (width, first = 0, rate = 1) => ({ film: 'vtest.avi', first, rate, left: 0, top: 90, width });
const orange = [150, 80, 190], white = [225, 128, 128], skin = [150, 110, 155], red = [90, 105, 200], blue = [60, 165, 110];

/** A hand that holds what is thrown until `t0`, follows it a little and goes away. */
function hand(ball, t0, radius, from) {
	const stop = t0 + 0.12, at = ball(stop);
	const path = t => {
		const p = t < t0 ? ball(t) : t < stop ? ball(t0 + (t - t0) * 0.45) : ball(t0 + (stop - t0) * 0.45);
		const away = Math.max(0, t - stop) * 500;

		return at && [p[0] - radius * 1.3 - away * 0.5, p[1] + radius * 0.8 + away];
	};

	return { kind: 'limb', radius: radius * 0.75, color: skin, texture: 0.12, path, to: t => {
		const p = path(t);

		return [p[0] + from[0], p[1] + from[1]];
	} };
}

/** Somebody who walks: legs, body and head. */
function person(path, height, color = [70, 122, 134]) {
	const part = (dx, dy, ex, ey, radius, tone) => ({ kind: 'limb', radius, color: tone ?? color, texture: 0.15,
		path: t => path(t) && [path(t)[0] + dx(t), path(t)[1] + dy], to: t => [path(t)[0] + ex(t), path(t)[1] + ey] });
	const step = t => Math.sin(t * 9) * height * 0.12, none = () => 0;

	return [
		part(none, -height * 0.5, step, 0, height * 0.05),
		part(none, -height * 0.5, t => -step(t), 0, height * 0.05),
		part(none, -height * 0.78, none, -height * 0.5, height * 0.1),
		part(none, -height * 0.92, none, -height * 0.9, height * 0.07, skin),
	];
}

function trembling(seed, px) {
	const random = randomly(seed), way = Array.from({ length: 4000 }, () => [random() - 0.5, random() - 0.5]);

	return (t, k) => way[k].map(v => 2 * px * v);
}

function uneven(n, fps, seed) {
	const random = randomly(seed), times = [0];

	for (let i = 1; i < n; i++) {
		times.push(times[i - 1] + (random() < 0.12 ? 2 : 0.7 + 0.6 * random()) / fps);
	}
	return times;
}

export const scenes = {
	'street 720p30': () => {
		const ball = thrown({ at: [60, 500], v: [620, -950], g: 1300, t0: 0.2 });

		return { file: 'a.mp4', size: [1280, 720], times: steady(60, 30), footage: street(768, 100), objects: [
			{ radius: 12, color: orange, path: t => t < 0.2 ? null : ball(t), during: [0.2, 1.75], flights: [[0.25, 1.7]] }] };
	},
	'hand 1080p30': () => {
		const ball = thrown({ at: [420, 700], v: [700, -1100], g: 1500, t0: 0.8 });

		return { file: 'a.mp4', size: [1920, 1080], times: steady(75, 30), footage: street(768, 300, 1 / 3), objects: [
			{ radius: 20, color: orange, path: ball, during: [0.95, 2.4], flights: [[1.0, 2.3]] },
			hand(ball, 0.8, 40, [-380, 360])] };
	},
	'hand moves 720p30': () => {
		const throwing = thrown({ at: [330, 420], v: [520, -760], g: 1100, t0: 0.9 });
		const ball = t => t >= 0.9 ? throwing(t) : [330 - 130 * (0.5 + 0.5 * Math.cos(Math.PI * Math.max(0, (t - 0.5) / 0.4))),
			420 + 90 * (0.5 + 0.5 * Math.cos(Math.PI * Math.max(0, (t - 0.5) / 0.4)))];

		return { file: 'a.mp4', size: [1280, 720], times: steady(75, 30), footage: street(768, 400), objects: [
			{ radius: 14, color: white, path: ball, during: [1.05, 2.3], flights: [[1.1, 2.2]] },
			hand(ball, 0.9, 26, [-260, 300])] };
	},
	'9 px in a street': () => {
		const ball = thrown({ at: [40, 520], v: [560, -900], g: 1200 });

		return { file: 'a.mp4', size: [1280, 720], times: steady(60, 30), footage: street(768, 200), objects: [
			{ radius: 4.5, color: white, path: ball, during: [0.05, 1.9], flights: [[0.1, 1.8]] }] };
	},
	'9 px dark 1080p30': () => {
		const ball = thrown({ at: [80, 600], v: [800, -900], g: 1400, floor: 1000 });

		return { file: 'a.mp4', size: [1920, 1080], times: steady(60, 30), footage: street(768, 500, 0.5), objects: [
			{ radius: 4.5, color: [40, 128, 128], path: ball, during: [0.05, 1.9], flights: [[0.1, ball.impacts[0] - 0.05]] }] };
	},
	'4 px at 60 fps': () => {
		const ball = thrown({ at: [30, 330], v: [330, -480], g: 620 });

		return { file: 'a.mp4', size: [640, 360], times: steady(100, 60), footage: street(768, 250, 0.5), exposure: 1 / 500,
			objects: [{ radius: 2, color: white, path: ball, during: [0.05, 1.5], flights: [[0.1, 1.4]] }] };
	},
	'120 px 1080p30': () => {
		const ball = thrown({ at: [120, 700], v: [850, -900], g: 1300, floor: 950 });

		return { file: 'a.mp4', size: [1920, 1080], times: steady(60, 30), footage: street(768, 600, 1 / 3), objects: [
			{ kind: 'shade', radius: 60, opacity: 0.4, path: t => [ball(t)[0] + 30, 1010] },
			{ radius: 60, color: [120, 100, 170], texture: 0.2, path: ball, during: [0, 1.9], flights: [[0.1, ball.impacts[0] - 0.05]] }] };
	},
	'colour alone': () => {
		const ball = thrown({ at: [40, 300], v: [300, -420], g: 620, floor: 440 });

		return { file: 'a.mp4', size: [640, 480], times: steady(60, 30), wall: 100, objects: [
			{ radius: 9, color: [100, 100, 175], path: ball, during: [0.05, 1.9], flights: [[0.1, ball.impacts[0] - 0.05]] }] };
	},
	'behind a person': () => {
		const ball = linear([60, 330], [420, 0]), walk = linear([820, 660], [-110, 0]);

		return { file: 'a.mp4', size: [1280, 720], times: steady(80, 30), footage: street(768, 650, 1 / 3), objects: [
			{ radius: 11, color: orange, path: ball, during: [0.1, 2.5], flights: [[0.1, 1.0], [1.9, 2.5]] },
			...person(walk, 420)] };
	},
	'before a person': () => {
		const ball = thrown({ at: [60, 500], v: [520, -800], g: 1000 }), walk = linear([900, 660], [-120, 0]);

		return { file: 'a.mp4', size: [1280, 720], times: steady(66, 30), footage: street(768, 650, 1 / 3), objects: [
			...person(walk, 420), { radius: 13, color: orange, path: ball, during: [0.1, 2.0], flights: [[0.1, 1.9]] }] };
	},
	'floor and wall': () => {
		const ball = thrown({ at: [80, 150], v: [640, 0], g: 1600, floor: 620, right: 1100, e: 0.8 });
		const [first, second, third] = ball.impacts;

		return { file: 'a.mp4', size: [1280, 720], times: steady(120, 60), footage: street(768, 60, 0.5), exposure: 1 / 240, objects: [
			{ radius: 14, color: orange, path: ball, during: [0.02, 1.9],
				flights: [[0.05, first - 0.03], [first + 0.03, second - 0.03], [second + 0.03, third - 0.03]] }] };
	},
	'two that cross': () => ({ file: 'a.mp4', size: [1280, 720], times: steady(66, 30), footage: street(768, 60, 0.5), objects: [
		{ radius: 14, color: orange, path: thrown({ at: [100, 550], v: [520, -800], g: 900 }), during: [0.05, 2.0], flights: [[0.1, 1.9]] },
		{ radius: 14, color: [60, 140, 110], path: thrown({ at: [1180, 550], v: [-520, -800], g: 900 }), during: [0.05, 2.0], flights: [[0.1, 1.9]] }] }),
	'two that collide': () => {
		const at = 1.0, one = t => t < at ? [200 + 360 * t, 380] : [560 - 100 * (t - at), 380 + 60 * (t - at)];
		const other = t => t < at ? [590, 380] : [590 + 330 * (t - at), 380 - 60 * (t - at)];

		return { file: 'a.mp4', size: [1280, 720], times: steady(66, 30), wall: 130, objects: [
			{ radius: 15, color: red, path: one, during: [0.05, 2.1], flights: [[0.05, 0.95], [1.1, 2.1]] },
			{ radius: 15, color: [60, 140, 110], path: other, during: [1.1, 2.1], flights: [[1.1, 2.0]] }] };
	},
	'pendulum': () => {
		const bob = swing({ pivot: [640, 60], length: 420, amplitude: 0.28, period: 1.9 });

		return { file: 'a.mp4', size: [1280, 720], times: steady(150, 30), footage: street(768, 500, 1 / 3), objects: [
			{ kind: 'limb', radius: 1.2, color: [50, 128, 128], path: () => [640, 60], to: bob },
			{ radius: 18, color: [80, 150, 110], path: bob, during: [0, 4.9], flights: [] }] };
	},
	'pendulum that dies down': () => {
		const bob = t => swing({ pivot: [320, 20], length: 300, amplitude: 0.12 * Math.exp(-t / 4), period: 1.6 })(t);

		return { file: 'a.mp4', size: [640, 480], times: steady(150, 30), footage: { ...street(640, 500, 1 / 3), left: 60 }, objects: [
			{ radius: 16, color: [90, 150, 110], path: bob, during: [0, 4.9], flights: [] }] };
	},
	'rolls to rest': () => {
		const ball = t => [100 + (t < 2 ? 400 * t - 100 * t * t : 400), 520];

		return { file: 'a.mp4', size: [1280, 720], times: steady(150, 30), footage: street(768, 20, 1 / 3), objects: [
			{ radius: 15, color: orange, path: ball, during: [0, 1.9], flights: [[0.05, 1.7]] }] };
	},
	'rests, then is pushed': () => {
		const ball = t => [260 + Math.max(0, t - 2.5) * 420, 520];

		return { file: 'a.mp4', size: [1280, 720], times: steady(135, 30), footage: street(768, 120, 1 / 3), objects: [
			{ radius: 15, color: orange, path: ball, during: [2.55, 4.4], flights: [[2.6, 4.4]] }] };
	},
	'low contrast': () => {
		const ball = thrown({ at: [40, 360], v: [330, -520], g: 700, floor: 440 });

		return { file: 'a.mp4', size: [640, 480], times: steady(60, 30), wall: 120, noise: 1.5, objects: [
			{ radius: 10, color: [158, 128, 128], path: ball, during: [0.05, 1.8], flights: [[0.1, ball.impacts[0] - 0.05]] }] };
	},
	'exposure begins dark': () => {
		const ball = thrown({ at: [60, 500], v: [620, -950], g: 1300, t0: 0.6 });

		return { file: 'a.mp4', size: [1280, 720], times: steady(75, 30), footage: street(768, 150, 0.5),
			light: t => ({ gain: Math.min(1, Math.max(0.02, t / 0.5)) * (1 + 0.04 * Math.sin(t)) }), objects: [
				{ radius: 13, color: orange, path: t => t < 0.6 ? null : ball(t), during: [0.65, 2.1], flights: [[0.7, 2.0]] }] };
	},
	'exposure drifts': () => {
		const ball = thrown({ at: [60, 500], v: [620, -950], g: 1300, t0: 0.3 });

		return { file: 'a.mp4', size: [1280, 720], times: steady(75, 30), footage: street(768, 150, 0.5),
			light: t => ({ gain: 1 + 0.15 * Math.sin(2.2 * t), cb: 3 * Math.sin(3 * t), cr: -3 * Math.cos(2 * t) }), objects: [
				{ radius: 13, color: blue, path: t => t < 0.3 ? null : ball(t), during: [0.35, 1.8], flights: [[0.4, 1.7]] }] };
	},
	'lamps at 240 fps': () => {
		const ball = thrown({ at: [80, 200], v: [800, 0], g: 2400, floor: 760, e: 0.8 });

		return { file: 'a.mp4', size: [1536, 848], times: steady(200, 240), footage: street(768, 150, 0.1), exposure: 1 / 1000, noise: 3,
			light: t => ({ gain: 1 + 0.07 * Math.sin(2 * Math.PI * 100 * t), flicker: 0.03, phase: 2 * Math.PI * 100 * t }), objects: [
				{ radius: 14, color: white, path: ball, during: [0.02, 0.82], flights: [[0.05, ball.impacts[0] - 0.02]] }] };
	},
	'240 fps': () => {
		const ball = thrown({ at: [80, 200], v: [800, 0], g: 2400, floor: 760, e: 0.8 });

		return { file: 'a.mp4', size: [1536, 848], times: steady(200, 240), footage: street(768, 150, 0.1), exposure: 1 / 1000, noise: 3,
			objects: [{ radius: 14, color: orange, path: ball, during: [0.02, 0.82], flights: [[0.05, ball.impacts[0] - 0.02], [ball.impacts[0] + 0.02, 0.82]] }] };
	},
	'knocked and shaken': () => {
		const ball = thrown({ at: [60, 500], v: [620, -950], g: 1300, t0: 0.3 }), shake = trembling(7, 0.4);

		return { file: 'a.mp4', size: [1280, 720], times: steady(60, 30), footage: street(768, 150, 0.5),
			shake: (t, k) => shake(t, k).map(v => v + 6 * Math.exp(-t * 8) * Math.cos(40 * t)), objects: [
				{ radius: 13, color: orange, path: t => t < 0.3 ? null : ball(t), during: [0.35, 1.7], flights: [[0.4, 1.7]] }] };
	},
	'short': () => {
		const ball = linear([60, 200], [900, 260]);

		return { file: 'a.mp4', size: [640, 360], times: steady(14, 30), wall: 110, objects: [
			{ radius: 11, color: white, path: ball, during: [0, 0.5], flights: [[0, 0.45]] }] };
	},
	'short street': () => {
		const ball = thrown({ at: [90, 300], v: [700, -500], g: 1000 });

		return { file: 'a.mp4', size: [640, 360], times: steady(20, 30), footage: street(768, 700), objects: [
			{ radius: 9, color: orange, path: ball, during: [0, 0.66], flights: [[0, 0.6]] }] };
	},
	'portrait': () => {
		// As it is stored: to be turned by 90 degrees.
		const ball = thrown({ at: [60, 500], v: [620, -900], g: 1300 });

		return { file: 'a.mov', size: [1280, 720], times: steady(50, 30), footage: street(768, 700, 0.5), encode: { rotation: 90 },
			objects: [{ radius: 13, color: orange, path: ball, during: [0.05, 1.5], flights: [[0.1, 1.5]] }] };
	},
	'uneven times': () => {
		const ball = thrown({ at: [60, 500], v: [560, -950], g: 1300 });

		return { file: 'a.mp4', size: [1280, 720], times: uneven(55, 30, 5), footage: street(768, 700, 0.5), objects: [
			{ radius: 13, color: orange, path: ball, during: [0.05, 1.7], flights: [[0.1, 1.6]] }] };
	},
	'VP9 uneven': () => {
		const ball = thrown({ at: [40, 300], v: [330, -520], g: 700, floor: 330 });

		return { file: 'a.webm', size: [640, 360], times: uneven(70, 30, 9), footage: street(768, 700, 0.5),
			encode: { name: 'libvpx-vp9', quality: 34, bFrames: 0 }, objects: [
				{ radius: 9, color: orange, path: ball, during: [0.05, 1.9], flights: [[0.1, ball.impacts[0] - 0.05]] }] };
	},
	'MJPEG full range': () => {
		const ball = thrown({ at: [40, 300], v: [330, -520], g: 700, floor: 330 });

		return { file: 'a.avi', size: [642, 362], times: steady(60, 30), footage: street(768, 700, 0.5),
			encode: { name: 'mjpeg', quality: 5, bFrames: 0, format: 'yuvj420p', full: 1, ticks: 30 }, objects: [
				{ radius: 9, color: orange, path: ball, during: [0.05, 1.9], flights: [[0.1, ball.impacts[0] - 0.05]] }] };
	},
	'HEVC 10 bit': () => {
		const ball = thrown({ at: [40, 300], v: [330, -520], g: 700, floor: 330 });

		return { file: 'a.mp4', size: [640, 360], times: steady(60, 30), footage: street(768, 700, 0.5),
			encode: { name: 'libx265', quality: 28, bFrames: 3, format: 'yuv420p10le' }, objects: [
				{ radius: 9, color: orange, path: ball, during: [0.05, 1.9], flights: [[0.1, ball.impacts[0] - 0.05]] }] };
	},
	'mirrored': () => {
		const ball = thrown({ at: [60, 200], v: [420, 0], g: 900, floor: 560, e: 0.8 });

		return { file: 'a.mp4', size: [1280, 720], times: steady(80, 30), footage: street(768, 350, 1 / 3), objects: [
			{ radius: 16, color: orange, opacity: 0.3, path: t => [ball(t)[0], 1152 - ball(t)[1]] },
			{ kind: 'shade', radius: 20, opacity: 0.4, path: t => [ball(t)[0] + 14, 578] },
			{ radius: 16, color: orange, path: ball, during: [0, 2.6], flights: [[0.05, ball.impacts[0] - 0.05], [ball.impacts[0] + 0.05, ball.impacts[1] - 0.05]] }] };
	},
	'caught': () => {
		const ball = t => t < 1.5 ? thrown({ at: [100, 480], v: [620, -700], g: 1000, t0: 0.2 })(t) : thrown({ at: [100, 480], v: [620, -700], g: 1000, t0: 0.2 })(1.5);
		const end = ball(1.5), catcher = t => [end[0] + 30 + 260 * Math.max(0, 1.35 - t), end[1] + 20 + 120 * Math.max(0, 1.35 - t)];

		return { file: 'a.mp4', size: [1280, 720], times: steady(75, 30), footage: street(768, 10, 1 / 3), objects: [
			{ radius: 13, color: orange, path: ball, during: [0.3, 1.4], flights: [[0.35, 1.35]] },
			hand(ball, 0.2, 26, [-260, 300]),
			{ kind: 'limb', radius: 18, color: skin, texture: 0.12, path: catcher, to: t => [catcher(t)[0] + 300, catcher(t)[1] + 260] }] };
	},
	'people wave': () => {
		const ball = thrown({ at: [640, 640], v: [40, -1100], g: 1200, t0: 0.3 });
		const arm = (x, seed) => ({ kind: 'limb', radius: 22, color: skin, texture: 0.12, path: t => [x, 620],
			to: t => [x + 170 * Math.cos(4 * t + seed), 500 - 150 * Math.abs(Math.sin(4 * t + seed))] });

		return { file: 'a.mp4', size: [1280, 720], times: steady(80, 30), footage: street(768, 10, 1 / 3), objects: [
			arm(420, 0), arm(900, 1.4), { radius: 13, color: blue, path: ball, during: [0.4, 1.9], flights: [[0.4, 1.9]] }] };
	},
};
