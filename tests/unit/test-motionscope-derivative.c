#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "motionscope/derivative.h"

#define N 40

static double t_s[N], x[N], v[N], a[N];

static void set_times(const char *label, double step_s, double jitter, double start_s)
{
	uint32_t state = 7;

	test_case(label);
	for (int i = 0; i < N; i++) {
		state = state * 1664525u + 1013904223u;
		t_s[i] = start_s + step_s * (i + jitter * (state >> 8) / 16777216.0);
	}
}

static void check_parabola(double c0, double c1, double c2)
{
	static const unsigned windows[] = { 3, 5, 7, 21, 101 };

	for (int i = 0; i < N; i++)
		x[i] = c0 + c1 * (t_s[i] - t_s[0]) + c2 * (t_s[i] - t_s[0]) * (t_s[i] - t_s[0]);
	for (size_t w = 0; w < sizeof(windows) / sizeof(windows[0]); w++) {
		vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, windows[w], t_s, x, N, v, a);
		for (int i = 0; i < N; i++) {
			CHECK_NEAR(v[i], c1 + 2 * c2 * (t_s[i] - t_s[0]), 1e-9 * fabs(c1) + 1e-9);
			CHECK_NEAR(a[i], 2 * c2, 1e-9 * fabs(2 * c2) + 1e-9);
		}
	}
}

TEST(derivative_is_exact_on_parabolas_up_to_the_ends)
{
	set_times("even steps of a second", 1, 0, 0);
	check_parabola(0, 0, 0);
	check_parabola(-3, 0.5, -0.25);
	set_times("uneven", 1, 0.7, 0);
	check_parabola(2, -1, 0.125);
	set_times("a camera's", 1 / 25.0, 0, 0);
	check_parabola(1, 2, -4.905);
	set_times("a camera's, uneven", 1 / 25.0, 0.5, 0);
	check_parabola(1, 2, -4.905);
}

/* The fit by Gauss and its normal equations, in long double. */
static void fit_slowly(const double *t, const double *y, int n, double at, double *ret_v,
		       double *ret_a)
{
	long double m[3][4] = { { 0 } };

	for (int i = 0; i < n; i++) {
		long double u[3] = { 1, t[i] - at, (t[i] - at) * (t[i] - at) };

		for (int r = 0; r < 3; r++) {
			for (int c = 0; c < 3; c++)
				m[r][c] += u[r] * u[c];
			m[r][3] += u[r] * y[i];
		}
	}
	for (int p = 0; p < 3; p++)
		for (int r = 0; r < 3; r++) {
			long double factor = m[r][p] / m[p][p];

			for (int c = p; c < 4 && r != p; c++)
				m[r][c] -= factor * m[p][c];
		}
	*ret_v = (double) (m[1][3] / m[1][1]);
	*ret_a = (double) (2 * m[2][3] / m[2][2]);
}

TEST(derivative_is_the_least_squares_fit_of_noisy_points)
{
	set_times("uneven", 0.1, 0.8, 3);
	for (int i = 0; i < N; i++)
		x[i] = sin(t_s[i]) * 50 + (i * 7919 % 13);
	vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, 7, t_s, x, N, v, a);
	for (int i = 0; i < N; i++) {
		int first = i < 3 ? 0 : i > N - 4 ? N - 7 : i - 3;
		double slow_v, slow_a;

		fit_slowly(t_s + first, x + first, 7, t_s[i], &slow_v, &slow_a);
		CHECK_NEAR(v[i], slow_v, 1e-8 * (1 + fabs(slow_v)));
		CHECK_NEAR(a[i], slow_a, 1e-8 * (1 + fabs(slow_a)));
	}
}

TEST(derivative_knows_the_two_rules)
{
	set_times("even", 0.5, 0, 0);
	for (int i = 0; i < N; i++)
		x[i] = 4 * t_s[i] * t_s[i];
	vz_derivative_find(VZ_DERIVATIVE_BACKWARD, 0, t_s, x, N, v, a);
	CHECK(isnan(v[0]) && isnan(a[0]) && isnan(a[1]));
	for (int i = 2; i < N; i++) {
		CHECK_NEAR(v[i], 8 * (t_s[i] - 0.25), 1e-9);
		CHECK_NEAR(a[i], 8, 1e-9);
	}
	vz_derivative_find(VZ_DERIVATIVE_FIVE_POINT, 0, t_s, x, N, v, a);
	CHECK(isnan(v[0]) && isnan(v[N - 1]) && isnan(a[1]) && isnan(a[N - 2]));
	for (int i = 2; i < N - 2; i++) {
		CHECK_NEAR(v[i], 8 * t_s[i], 1e-9);
		CHECK_NEAR(a[i], 8, 1e-9);
	}
}

TEST(derivative_of_too_few_points_is_not_a_number)
{
	double t[2] = { 0, 2 }, y[2] = { 1, 5 };

	vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, 5, t, y, 0, v, a);
	vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, 5, t, y, 1, v, a);
	CHECK(isnan(v[0]) && isnan(a[0]));
	vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, 5, t, y, 2, v, a);
	CHECK_NEAR(v[0], 2, 1e-12);
	CHECK_NEAR(v[1], 2, 1e-12);
	CHECK(isnan(a[0]));
}
