#include "camera/scene.h"

#include <math.h>

#define PENDULUM_AMPLITUDE (50 * M_PI / 180)
#define PENDULUM_PLACE	   0.74 /* of the width, from the left */

#define THROW_HEIGHT_M 0.9 /* above the floor */
#define THROW_MIN_VX   1.2
#define THROW_MAX_VX   1.6
#define THROW_MIN_VY   2.4
#define THROW_MAX_VY   3.2
#define PAUSE_S	       0.4
#define MAX_N_BOUNCES  64

#define CART_HALF_WIDTH_M 0.11 /* of 1 kg; the height is the same for all */

uint32_t vz_scene_hash(uint32_t n)
{
	n ^= n >> 16;
	n *= UINT32_C(0x7feb352d);
	n ^= n >> 15;
	n *= UINT32_C(0x846ca68b);
	return n ^ n >> 16;
}

static double hash_between(uint32_t n, double min, double max)
{
	return min + (max - min) * (vz_scene_hash(n) / 4294967296.0);
}

/* --- Ball --------------------------------------------------------------------------------- */

static void place_ball(double time, double width_m, struct vz_scene_state *state)
{
	const double r = VZ_SCENE_BALL_RADIUS_M, g = VZ_SCENE_G;
	double cycle_s = (width_m + 2 * r) / THROW_MIN_VX + PAUSE_S;
	double n = floor(time / cycle_s), t = time - n * cycle_s;
	uint32_t seed = 2 * (uint32_t) (int64_t) n;
	double vx = hash_between(seed, THROW_MIN_VX, THROW_MAX_VX);
	double vy = hash_between(seed + 1, THROW_MIN_VY, THROW_MAX_VY);
	/* Height above the floor of the ball's lowest point. */
	double y = THROW_HEIGHT_M;

	state->bodies[VZ_SCENE_BALL].x = -r + vx * t;
	state->bodies[VZ_SCENE_BALL].vx = vx;
	for (int i = 0;; i++) {
		double fall_s = (vy + sqrt(vy * vy + 2 * g * y)) / g;

		if (t < fall_s)
			break;
		t -= fall_s;
		y = 0;
		vy = VZ_SCENE_RESTITUTION * (g * fall_s - vy);
		/* The bounces get shorter without end, in a finite time: then it rolls. */
		if (i == MAX_N_BOUNCES) {
			vy = t = 0;
			break;
		}
	}
	state->bodies[VZ_SCENE_BALL].y = VZ_SCENE_FLOOR_M + r + y + vy * t - g * t * t / 2;
	state->bodies[VZ_SCENE_BALL].vy = vy - g * t;
	state->bodies[VZ_SCENE_BALL].mass = 0.1;
	state->bodies[VZ_SCENE_BALL].half_width = r;
	state->bodies[VZ_SCENE_BALL].half_height = r;
}

/* --- Pendulum ----------------------------------------------------------------------------- */

double vz_scene_elliptic_k(double k)
{
	double a = 1, b = sqrt(1 - k * k);

	while (a - b > 1e-15) {
		double mean = (a + b) / 2;

		b = sqrt(a * b);
		a = mean;
	}
	return M_PI / (a + b);
}

/* By the descending chain of arithmetic-geometric means: a handful of steps to the last bit. */
void vz_scene_jacobi(double u, double k, double *ret_sn, double *ret_cn, double *ret_dn)
{
	double a[16] = { 1 }, c[16] = { k };
	double b = sqrt(1 - k * k), phi;
	int n = 0;

	while (n < 15 && fabs(c[n]) > 1e-15) {
		a[n + 1] = (a[n] + b) / 2;
		c[n + 1] = (a[n] - b) / 2;
		b = sqrt(a[n] * b);
		n++;
	}
	phi = ldexp(a[n] * u, n);
	for (; n > 0; n--)
		phi = (phi + asin(c[n] / a[n] * sin(phi))) / 2;
	*ret_sn = sin(phi);
	*ret_cn = cos(phi);
	*ret_dn = sqrt(1 - k * k * *ret_sn * *ret_sn);
}

static void place_pendulum(double time, double width_m, struct vz_scene_state *state)
{
	const double length = VZ_SCENE_PENDULUM_M, k = sin(PENDULUM_AMPLITUDE / 2);
	double omega = sqrt(VZ_SCENE_G / length), quarter = vz_scene_elliptic_k(k);
	/* Whole periods away, so that the phase stays exact after days. */
	double u = fmod(omega * time, 4 * quarter), sn, cn, dn, speed;

	/* Released at its amplitude at time 0. */
	vz_scene_jacobi(u + quarter, k, &sn, &cn, &dn);
	state->pivot_x = PENDULUM_PLACE * width_m;
	state->pivot_y = VZ_SCENE_PIVOT_Y_M;
	state->angle = 2 * asin(k * sn);
	state->angular_velocity = 2 * k * omega * cn;
	speed = length * state->angular_velocity;
	state->bodies[VZ_SCENE_BOB].x = state->pivot_x + length * sin(state->angle);
	state->bodies[VZ_SCENE_BOB].y = state->pivot_y - length * cos(state->angle);
	state->bodies[VZ_SCENE_BOB].vx = speed * cos(state->angle);
	state->bodies[VZ_SCENE_BOB].vy = speed * sin(state->angle);
	state->bodies[VZ_SCENE_BOB].mass = 0.5;
	state->bodies[VZ_SCENE_BOB].half_width = VZ_SCENE_BOB_RADIUS_M;
	state->bodies[VZ_SCENE_BOB].half_height = VZ_SCENE_BOB_RADIUS_M;
}

/* --- Carts -------------------------------------------------------------------------------- */

/* After the collision all leave the picture within a few seconds: none is slow. */
static const struct cart_run {
	double mass[2], v[2];
} cart_runs[] = {
	{ { 1, 1 }, { 0.9, -0.7 } },
	{ { 2, 1 }, { 0.7, -1.1 } },
	{ { 1, 3 }, { 1.2, -0.5 } },
	{ { 3, 1 }, { 1.0, -0.4 } },
};
#define N_CART_RUNS 4

struct collision {
	double half_width[2];
	double start[2]; /* just outside the picture */
	double meet_s;	 /* when the edges touch */
	double meet[2];
	double after[2];   /* velocities */
	double duration_s; /* until both have left, and a pause */
};

static void collide(const struct cart_run *run, double width_m, struct collision *ret)
{
	const double *m = run->mass, *v = run->v;
	double last_s = 0;

	for (int i = 0; i < 2; i++)
		ret->half_width[i] = CART_HALF_WIDTH_M * sqrt(m[i]);
	ret->start[0] = -ret->half_width[0];
	ret->start[1] = width_m + ret->half_width[1];
	ret->meet_s = width_m / (v[0] - v[1]);
	for (int i = 0; i < 2; i++) {
		int other = 1 - i;
		double w = ret->half_width[i];
		double u = ((m[i] - m[other]) * v[i] + 2 * m[other] * v[other]) / (m[0] + m[1]);

		ret->meet[i] = ret->start[i] + v[i] * ret->meet_s;
		ret->after[i] = u;
		last_s = fmax(last_s, ((u > 0 ? width_m + w : -w) - ret->meet[i]) / u);
	}
	ret->duration_s = ret->meet_s + last_s + PAUSE_S;
}

static void place_carts(double time, double width_m, struct vz_scene_state *state)
{
	struct collision runs[N_CART_RUNS], *c;
	double total_s = 0, t;
	int run = 0;

	for (int i = 0; i < N_CART_RUNS; i++) {
		collide(&cart_runs[i], width_m, &runs[i]);
		total_s += runs[i].duration_s;
	}
	t = time - floor(time / total_s) * total_s;
	while (run < N_CART_RUNS - 1 && t >= runs[run].duration_s)
		t -= runs[run++].duration_s;

	c = &runs[run];
	for (int i = 0; i < 2; i++) {
		bool before = t < c->meet_s;
		double v = before ? cart_runs[run].v[i] : c->after[i];
		int body = VZ_SCENE_CART_LEFT + i;

		state->bodies[body].x =
			before ? c->start[i] + v * t : c->meet[i] + v * (t - c->meet_s);
		state->bodies[body].y = VZ_SCENE_TRACK_M + VZ_SCENE_CART_HEIGHT_M / 2;
		state->bodies[body].vx = v;
		state->bodies[body].vy = 0;
		state->bodies[body].mass = cart_runs[run].mass[i];
		state->bodies[body].half_width = c->half_width[i];
		state->bodies[body].half_height = VZ_SCENE_CART_HEIGHT_M / 2;
	}
}

void vz_scene_get_state(double time, double width_m, struct vz_scene_state *ret)
{
	place_ball(time, width_m, ret);
	place_pendulum(time, width_m, ret);
	place_carts(time, width_m, ret);
}
