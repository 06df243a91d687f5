// Runs vizyd-motionscope over a film and measures its points: fits, impacts, and how far they are from
// points that somebody else has found.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(new URL('..', new URL('.', import.meta.url)).pathname, '..');
const run = promisify(execFile);

const build = resolve(root, process.env.VIZYD_BUILD ?? 'build');

export const program = join(build, 'daemon/vizyd-motionscope');
export const filmMaker = join(build, 'tests/motionscope/make-film');

/** Its exit status and what it printed. */
export async function motionscope(...args) {
	try {
		return { status: 0, ...await run(program, args, { maxBuffer: 1 << 28 }) };
	} catch (error) {
		if (typeof error.code !== 'number') {
			throw error;
		}
		return { status: error.code, stdout: error.stdout, stderr: error.stderr };
	}
}

/** The rows of a CSV, as objects; what is a number is one. */
export function parse(csv) {
	const [head, ...rows] = csv.trimEnd().split('\n').map(line => line.split(','));

	return rows.map(row => Object.fromEntries(head.map((name, i) =>
		[name, Number.isNaN(Number(row[i])) ? row[i] : Number(row[i])])));
}

/** Points by frame. */
export function truth(name) {
	const rows = parse(readFileSync(join(root, `tests/data/truth/${name}.truth.csv`), 'utf8'));

	return new Map(rows.map(row => [row.frame, row]));
}

/** The points of each track, in a map by its number. */
export function tracksOf(rows) {
	const tracks = new Map();

	for (const row of rows) {
		tracks.set(row.track, [...tracks.get(row.track) ?? [], row]);
	}
	return tracks;
}

const mean = values => values.reduce((a, b) => a + b, 0) / values.length;

/** How a track lies to the truth: in how many of its frames it is within `reach`, and the rms without the
 * constant offset (the truth may mean another point of the object). */
export function compare(points, known, reach = 25) {
	const pairs = points.filter(p => known.has(p.frame) &&
		Math.hypot(p.x_px - known.get(p.frame).x_px, p.y_px - known.get(p.frame).y_px) < reach);
	const dx = pairs.map(p => p.x_px - known.get(p.frame).x_px);
	const dy = pairs.map(p => p.y_px - known.get(p.frame).y_px);
	const [mx, my] = [mean(dx), mean(dy)];

	return {
		n: pairs.length,
		offset: Math.hypot(mx, my),
		rms: Math.sqrt(mean(dx.map((x, i) => (x - mx) ** 2 + (dy[i] - my) ** 2))),
	};
}

/** The track that is nearest to the truth for longest. */
export function findTrack(tracks, known) {
	let best = null;

	for (const [id, points] of tracks) {
		const found = { id, points, ...compare(points, known) };

		if (!best || found.n > best.n) {
			best = found;
		}
	}
	return best;
}

/** Coefficients of a polynomial by least squares, lowest first, about t = `at`. */
export function fit(points, key, degree, at) {
	const n = degree + 1, m = Array.from({ length: n }, () => Array(n + 1).fill(0));

	for (const p of points) {
		const powers = Array.from({ length: n }, (_, i) => (p.t_s - at) ** i);

		for (let r = 0; r < n; r++) {
			powers.forEach((power, c) => { m[r][c] += powers[r] * power; });
			m[r][n] += powers[r] * p[key];
		}
	}
	for (let c = 0; c < n; c++) {
		const pivot = m.slice(c).reduce((best, row, i) =>
			Math.abs(row[c]) > Math.abs(m[best][c]) ? c + i : best, c);

		[m[c], m[pivot]] = [m[pivot], m[c]];
		for (let r = 0; r < n; r++) {
			const factor = r === c ? 0 : m[r][c] / m[c][c];

			for (let k = c; k <= n && r !== c; k++) {
				m[r][k] -= factor * m[c][k];
			}
		}
	}
	return m.map((row, i) => row[n] / row[i]);
}

/** A parabola through one coordinate: its acceleration, and what it is and how fast at a time. */
export function parabola(points, key) {
	const middle = mean(points.map(p => p.t_s)), c = fit(points, key, 2, middle);

	return {
		a: 2 * c[2],
		middle,
		place: t => c[0] + (t - middle) * (c[1] + (t - middle) * c[2]),
		velocity: t => c[1] + 2 * c[2] * (t - middle),
	};
}

/** When two parabolas meet between their middles, by bisection. */
export function meet(one, other) {
	let [low, high] = [one.middle, other.middle];
	const difference = t => one.place(t) - other.place(t);

	for (let i = 0; i < 60; i++) {
		const middle = (low + high) / 2;

		if (difference(middle) * difference(low) > 0) {
			low = middle;
		} else {
			high = middle;
		}
	}
	return low;
}

export const between = (points, first, last) => points.filter(p => p.frame >= first && p.frame <= last);
export const during = (points, from, to) => points.filter(p => p.t_s >= from && p.t_s <= to);
