// Scenes as people film them, for make-scene: what moves and how is known here, the rest is real footage
// and what a camera and an encoder do to it. Lengths in pixels, y down; times in seconds.

import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(new URL('..', new URL('.', import.meta.url)).pathname, '..');
const maker = join(resolve(root, process.env.VIZYD_BUILD ?? 'build'), 'tests/motionscope/make-scene');

/* --- Motions -------------------------------------------------------------------------------------- */

/** A throw that comes back from floor and walls, from `t0` on; before it rests at its start. */
export function thrown({ at, v, g, t0 = 0, floor = Infinity, left = -Infinity, right = Infinity, e = 0.75, until = 60 }) {
	const pieces = [{ t: t0, x: at[0], y: at[1], vx: v[0], vy: v[1] }];

	for (let p = pieces[0]; p.t < until && pieces.length < 40;) {
		const fall = (floor - p.y) / 1, disc = p.vy ** 2 + 2 * g * fall;
		const down = Number.isFinite(fall) && g > 0 ? (-p.vy + Math.sqrt(disc)) / g : Infinity;
		const side = p.vx > 0 ? (right - p.x) / p.vx : p.vx < 0 ? (left - p.x) / p.vx : Infinity;
		const dt = Math.min(down, side);

		if (!Number.isFinite(dt) || dt < 1e-4) {
			break;
		}
		p = { t: p.t + dt, x: p.x + p.vx * dt, y: p.y + p.vy * dt + g * dt * dt / 2, vx: p.vx, vy: p.vy + g * dt };
		if (down <= side) {
			[p.y, p.vy] = [floor, -e * p.vy];
		} else {
			p.vx = -e * p.vx;
		}
		pieces.push(p);
	}
	const path = t => {
		const p = pieces.findLast(piece => piece.t <= t);

		if (!p) {
			return at;
		}
		const dt = t - p.t;

		return [p.x + p.vx * dt, Math.min(p.y + p.vy * dt + g * dt * dt / 2, floor)];
	};

	path.impacts = pieces.slice(1).map(p => p.t);
	return path;
}

export const linear = (at, v, t0 = 0) => t => [at[0] + v[0] * Math.max(0, t - t0), at[1] + v[1] * Math.max(0, t - t0)];
export const swing = ({ pivot, length, amplitude, period, phase = 0 }) => t => {
	const angle = amplitude * Math.cos(2 * Math.PI * t / period + phase);

	return [pivot[0] + length * Math.sin(angle), pivot[1] + length * Math.cos(angle)];
};
export const steady = (n, fps) => Array.from({ length: n }, (_, i) => i / fps);

/** Numbers from 0 to 1 that are the same each time. */
export function randomly(seed) {
	let state = seed;

	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

/* --- Films ---------------------------------------------------------------------------------------- */

const plus = (point, other) => [point[0] + other[0], point[1] + other[1]];

/** How far it comes while the shutter is open, and no further than from one frame to the next. */
function blur(path, t, exposure) {
	const before = path(t - exposure / 2), after = path(t + exposure / 2);

	return before && after ? [after[0] - before[0], after[1] - before[1]] : [0, 0];
}

function* describe(scene, films) {
	const { size: [width, height], encode = {}, footage, objects } = scene;
	const codec = { name: 'libx264', quality: 25, bFrames: 3, format: 'yuv420p', full: 0, rotation: 0, ticks: 90000, ...encode };

	yield `size ${width} ${height}`;
	yield `encode ${codec.name} ${codec.quality} ${codec.bFrames} ${codec.format} ${codec.full} ${codec.rotation} ${codec.ticks}`;
	if (footage) {
		yield `footage ${films.find(footage.film)} ${footage.first ?? 0} ${footage.rate ?? 1} ` +
			`${footage.left ?? 0} ${footage.top ?? 0} ${footage.width}`;
	} else {
		yield `wall ${scene.wall ?? 100}`;
	}
	yield `noise ${scene.noise ?? 2}`;
	for (const { kind = 'disc', radius, color = [0, 128, 128], texture = 0.06, opacity = 1 } of objects) {
		yield kind === 'shade' ? `shade ${radius} ${opacity}` :
			`${kind} ${radius} ${color.join(' ')} ${texture} ${opacity}`;
	}
	for (const [k, t] of scene.times.entries()) {
		const [sx, sy] = scene.shake?.(t, k) ?? [0, 0];
		const light = { gain: 1, flicker: 0, phase: 0, cb: 0, cr: 0, ...scene.light?.(t, k) };

		yield `frame ${Math.round(t * 1e6)} ${sx} ${sy} ${light.gain} ${light.flicker} ${light.phase} ${light.cb} ${light.cr}`;
		for (const [i, object] of objects.entries()) {
			const place = object.path(t), end = object.to?.(t) ?? place;

			if (!place) {
				continue;
			}
			// The camera sees the objects shake with everything else.
			yield ['at', i, ...plus(place, [-sx, -sy]), ...plus(end, [-sx, -sy]),
				...blur(object.path, t, scene.exposure ?? 0.25 / 30), (object.spin ?? 2) * t].join(' ');
		}
	}
}

/** The same scene in a film that is smaller by `factor`, with the footage as large as it was. */
export function shrink(scene, factor) {
	const scaled = path => path && (t => path(t)?.map(v => v / factor) ?? null);

	return { ...scene, size: scene.size.map(v => v / factor),
		shake: scene.shake && ((t, k) => scene.shake(t, k).map(v => v / factor)),
		objects: scene.objects.map(object => ({ ...object, radius: object.radius / factor,
			path: scaled(object.path), to: scaled(object.to) })) };
}

/** Makes the film of a scene at `path`; `films` finds the footage. */
export function shoot(scene, films, path) {
	return new Promise((done, failed) => {
		const child = execFile(maker, [path], error => error ? failed(error) : done(path));

		child.stdin.end(`${[...describe(scene, films)].join('\n')}\n`);
	});
}

/** Where an object is in each frame in which it is to be found, with the time of the frame. */
export function truthOf(scene, object) {
	const [width, height] = scene.size, turned = scene.encode?.rotation === 90, { radius, during = [0, Infinity] } = object;
	const isInside = ([x, y]) => x >= radius && y >= radius && x < width - radius && y < height - radius;

	return new Map(scene.times.flatMap((t, frame) => {
		const [dx, dy] = scene.shake?.(t, frame) ?? [0, 0], t_s = t - scene.times[0];
		const place = object.path(t) && plus(object.path(t), [-dx, -dy]);

		if (!place || !isInside(place) || t_s < during[0] || t_s > during[1]) {
			return [];
		}
		const [x_px, y_px] = turned ? [height - 1 - place[1], place[0]] : place;

		return [[frame, { frame, t_s, x_px, y_px }]];
	}));
}
