// What the simulated camera shows, as curves in pixels of a picture: where each thing can be at all. The
// scene itself, in metres, is `daemon/camera/scene.c`.

const sceneHeight = 2.4;
const g = 9.81;
const radius = 0.07;
const floor = 0.4;

function hash(n) {
	n ^= n >>> 16;
	n = Math.imul(n, 0x7feb352d);
	n ^= n >>> 15;
	n = Math.imul(n, 0x846ca68b);
	return (n ^ n >>> 16) >>> 0;
}

const between = (n, min, max) => min + (max - min) * hash(n) / 2 ** 32;

/** Height of the ball of throw `n` above the lower edge, `t` seconds after it began. */
function heightOf(n, t) {
	let vy = between(2 * n + 1, 2.4, 3.2);
	let y = 0.9;

	for (;;) {
		const fall = (vy + Math.sqrt(vy * vy + 2 * g * y)) / g;

		if (t < fall) {
			return floor + radius + y + vy * t - g * t * t / 2;
		}
		t -= fall;
		y = 0;
		vy = 0.78 * (g * fall - vy);
	}
}

export function scene(width, height) {
	const scale = height / sceneHeight;
	const pivot = { x: 0.74 * width - 0.5, y: (sceneHeight - 2.1) * scale - 0.5 };

	return {
		scale,
		bobRadius: 0.08 * scale,
		ballRadius: radius * scale,
		/** How far from the bob's circle a point is, in pixels. */
		fromSwing: ({ x, y }) => Math.abs(Math.hypot(x - pivot.x, y - pivot.y) - 0.9 * scale),
		/**
		 * The throw, one of the first `n`, whose path fits the points best: how far each is from it, and at
		 * which second of the throw the ball was there.
		 */
		throwOf(points, n = 60) {
			let best = null;

			for (let i = 0; i < n; i++) {
				const vx = between(2 * i, 1.2, 1.6);
				const times = points.map(({ x }) => ((x + 0.5) / scale + radius) / vx);

				if (times.some(t => t < 0)) {
					continue;
				}
				// Beside the path, not below it: where it is steep, time counts more than place.
				const off = points.map(({ x, y }, k) => {
					let least = Infinity;

					for (let dt = -0.02; dt <= 0.02; dt += 0.0005) {
						const t = Math.max(times[k] + dt, 0);
						const at = { x: (vx * t - radius) * scale - 0.5, y: height - heightOf(i, t) * scale - 0.5 };

						least = Math.min(least, Math.hypot(at.x - x, at.y - y));
					}
					return least;
				});
				const worst = [...off].sort((a, b) => a - b)[Math.floor(0.9 * (off.length - 1))];

				if (!best || worst < best.worst) {
					best = { n: i, off, times, worst };
				}
			}
			return best;
		},
	};
}
