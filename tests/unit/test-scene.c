#include "test.h"

#include <math.h>

#include "camera/scene.h"

#define WIDTH_M 3.2

static struct vz_scene_state at(double time)
{
	struct vz_scene_state state;

	vz_scene_get_state(time, WIDTH_M, &state);
	return state;
}

TEST(scene_velocity_is_the_derivative_of_position)
{
	const double h = 1e-6;

	for (double t = 0.0137; t < 40; t += 0.171) {
		struct vz_scene_state before = at(t - h), now = at(t), after = at(t + h);

		for (int i = 0; i < VZ_SCENE_N_BODIES; i++) {
			/* Where the velocity jumps there is no derivative. */
			if (fabs(before.bodies[i].vx - after.bodies[i].vx) > 1e-3 ||
			    fabs(before.bodies[i].vy - after.bodies[i].vy) > 1e-3)
				continue;
			CHECK_NEAR((after.bodies[i].x - before.bodies[i].x) / (2 * h),
				   now.bodies[i].vx, 1e-5);
			CHECK_NEAR((after.bodies[i].y - before.bodies[i].y) / (2 * h),
				   now.bodies[i].vy, 1e-5);
		}
	}
}

TEST(scene_ball_falls_with_g_and_bounces_with_its_restitution)
{
	const double h = 1e-3;
	int n_flights = 0, n_bounces = 0;

	for (double t = 0; t < 20; t += h) {
		struct vz_scene_state a = at(t), b = at(t + h);
		double dv = b.bodies[VZ_SCENE_BALL].vy - a.bodies[VZ_SCENE_BALL].vy;
		double vx = a.bodies[VZ_SCENE_BALL].vx;

		CHECK(a.bodies[VZ_SCENE_BALL].y >=
		      VZ_SCENE_FLOOR_M + VZ_SCENE_BALL_RADIUS_M - 1e-9);
		/* The next ball. */
		if (b.bodies[VZ_SCENE_BALL].x < a.bodies[VZ_SCENE_BALL].x)
			continue;
		CHECK_NEAR(b.bodies[VZ_SCENE_BALL].vx, vx, 0);
		if (dv < 0) {
			CHECK_NEAR(dv / h, -VZ_SCENE_G, 1e-6);
			n_flights++;
		} else if (a.bodies[VZ_SCENE_BALL].vy < -1) {
			CHECK_NEAR(-b.bodies[VZ_SCENE_BALL].vy / a.bodies[VZ_SCENE_BALL].vy,
				   VZ_SCENE_RESTITUTION, 0.02);
			n_bounces++;
		}
	}
	CHECK(n_flights > 10000);
	CHECK(n_bounces > 8);
}

TEST(scene_pendulum_keeps_its_energy_and_obeys_its_equation)
{
	const double h = 1e-4, l = VZ_SCENE_PENDULUM_M;
	double energy = -VZ_SCENE_G * l * cos(at(0).angle);

	CHECK_NEAR(at(0).angle, 50 * M_PI / 180, 1e-12);
	for (double t = -5; t < 5; t += 0.0137) {
		struct vz_scene_state a = at(t - h), b = at(t), c = at(t + h);
		double v = l * b.angular_velocity;

		CHECK_NEAR(v * v / 2 - VZ_SCENE_G * l * cos(b.angle), energy, 1e-9);
		CHECK_NEAR((c.angular_velocity - a.angular_velocity) / (2 * h),
			   -VZ_SCENE_G / l * sin(b.angle), 1e-5);
		CHECK_NEAR(hypot(b.bodies[VZ_SCENE_BOB].x - b.pivot_x,
				 b.bodies[VZ_SCENE_BOB].y - b.pivot_y),
			   l, 1e-12);
	}
	/* Slower than the harmonic one, by the known series: 1 + a^2/16 + 11 a^4/3072. */
	CHECK_NEAR(4 * vz_scene_elliptic_k(sin(25 * M_PI / 180)) / (2 * M_PI), 1.04978, 1e-4);
}

TEST(scene_jacobi_functions_have_their_known_values)
{
	double sn, cn, dn;

	vz_scene_jacobi(0.5, 0, &sn, &cn, &dn);
	CHECK_NEAR(sn, sin(0.5), 1e-14);
	CHECK_NEAR(cn, cos(0.5), 1e-14);
	CHECK_NEAR(dn, 1, 0);
	/* Abramowitz and Stegun, chapter 16: sn(K/2) = 1 / sqrt(1 + k'). */
	for (double k = 0.1; k < 0.95; k += 0.1) {
		vz_scene_jacobi(vz_scene_elliptic_k(k) / 2, k, &sn, &cn, &dn);
		CHECK_NEAR(sn, 1 / sqrt(1 + sqrt(1 - k * k)), 1e-12);
	}
	CHECK_NEAR(vz_scene_elliptic_k(sqrt(0.5)), 1.8540746773013719, 1e-12);
}

TEST(scene_carts_collide_elastically_and_touch)
{
	double h = 1e-3;
	int n_collisions = 0;

	for (double t = 0; t < 60; t += h) {
		struct vz_scene_state a = at(t), b = at(t + h);
		double m1 = a.bodies[VZ_SCENE_CART_LEFT].mass;
		double m2 = a.bodies[VZ_SCENE_CART_RIGHT].mass;
		double v1 = a.bodies[VZ_SCENE_CART_LEFT].vx, w1 = b.bodies[VZ_SCENE_CART_LEFT].vx;
		double v2 = a.bodies[VZ_SCENE_CART_RIGHT].vx, w2 = b.bodies[VZ_SCENE_CART_RIGHT].vx;
		double gap = a.bodies[VZ_SCENE_CART_RIGHT].x - a.bodies[VZ_SCENE_CART_LEFT].x -
			     a.bodies[VZ_SCENE_CART_RIGHT].half_width -
			     a.bodies[VZ_SCENE_CART_LEFT].half_width;

		CHECK(gap > -1e-9);
		if (b.bodies[VZ_SCENE_CART_LEFT].mass != m1 ||
		    b.bodies[VZ_SCENE_CART_RIGHT].mass != m2 || (v1 == w1 && v2 == w2) || v1 < 0)
			continue;
		CHECK(gap < 3 * h);
		CHECK_NEAR(m1 * v1 + m2 * v2, m1 * w1 + m2 * w2, 1e-12);
		CHECK_NEAR(m1 * v1 * v1 + m2 * v2 * v2, m1 * w1 * w1 + m2 * w2 * w2, 1e-12);
		n_collisions++;
	}
	CHECK(n_collisions >= 4);
}

TEST(scene_is_never_empty_for_long_and_nothing_appears_in_the_middle)
{
	static const double widths[] = { 2.4, 3.2, 4.27, 19 };

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct vz_scene_state before, now;

		vz_scene_get_state(0, widths[i], &before);
		for (double t = 0; t < 120; t += 0.01) {
			vz_scene_get_state(t, widths[i], &now);
			for (int j = 0; j < VZ_SCENE_N_BODIES; j++) {
				double step = hypot(now.bodies[j].x - before.bodies[j].x,
						    now.bodies[j].y - before.bodies[j].y);
				bool was_out = before.bodies[j].x < -before.bodies[j].half_width ||
					       before.bodies[j].x >
						       widths[i] + before.bodies[j].half_width;

				CHECK(isfinite(now.bodies[j].x) && isfinite(now.bodies[j].y));
				CHECK(step < 0.12 || was_out);
			}
			before = now;
		}
	}
}
