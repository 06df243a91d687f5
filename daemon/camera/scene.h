/*
 * The scene that the simulated camera looks at: what moves in it and where it is at a given time.
 * Everything is a closed function of time, so that any frame can be drawn, and checked, without
 * the ones before it. Units are metres and seconds, x to the right, y up from the floor; the
 * picture shows 2.4 m of height.
 *
 *  - A ball is thrown from the left, flies in parabolas, bounces on the floor losing speed,
 *    and leaves on the right; then the next.
 *  - A pendulum swings 50 degrees to each side without loss, by the exact solution and not
 *    the harmonic one.
 *  - Two carts come from both sides on a track, collide elastically, and leave. Masses and
 *    speeds differ from one run to the next.
 *
 * Pure arithmetic, any thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VZ_SCENE_HEIGHT_M      2.4
#define VZ_SCENE_FLOOR_M       0.4 /* where the ball bounces, above the picture's lower edge */
#define VZ_SCENE_G	       9.81
#define VZ_SCENE_RESTITUTION   0.78
#define VZ_SCENE_BALL_RADIUS_M 0.07
#define VZ_SCENE_BOB_RADIUS_M  0.08
#define VZ_SCENE_PENDULUM_M    0.9 /* pivot to the bob's centre */
#define VZ_SCENE_PIVOT_Y_M     2.1 /* above the lower edge */
#define VZ_SCENE_CART_HEIGHT_M 0.11
#define VZ_SCENE_TRACK_M       0.14 /* the carts' lower side, above the lower edge */

enum vz_scene_body {
	VZ_SCENE_BALL,
	VZ_SCENE_BOB,
	VZ_SCENE_CART_LEFT, /* the one that comes from the left */
	VZ_SCENE_CART_RIGHT,
	VZ_SCENE_N_BODIES
};

struct vz_scene_state {
	struct {
		double x, y; /* centre; y above the picture's lower edge */
		double vx, vy;
		double mass; /* kg */
		double half_width, half_height;
	} bodies[VZ_SCENE_N_BODIES];
	double pivot_x, pivot_y;
	double angle, angular_velocity; /* of the pendulum, from the vertical, counter-clockwise */
};

/* The state at @time, which may be negative, for a picture that shows @width_m. */
void vz_scene_get_state(double time, double width_m, struct vz_scene_state *ret);
/* sn, cn and dn, Jacobi's elliptic functions of modulus @k, 0 <= k < 1. */
void vz_scene_jacobi(double u, double k, double *ret_sn, double *ret_cn, double *ret_dn);
/* The complete elliptic integral of the first kind. */
double vz_scene_elliptic_k(double k);
/* A well mixed 32-bit number of @n: the same on every machine. */
uint32_t vz_scene_hash(uint32_t n);
