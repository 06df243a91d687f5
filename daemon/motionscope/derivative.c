#include "motionscope/derivative.h"

#include <math.h>

/* --- The polynomial ------------------------------------------------------------------------ */

/* Over n points at u (times from the middle one): p0 = 1, p1 = u - b, p2 = u^2 - c u - d. */
static void fit(const double *t_s, const double *x, size_t n, double at_s, double *ret_v,
		double *ret_a)
{
	double scale = fmax(t_s[n - 1] - at_s, at_s - t_s[0]);
	double mean = 0, s111 = 0, s11 = 0, c, d, p1x = 0, p2x = 0, p22 = 0;

	*ret_v = *ret_a = NAN;
	if (n < 2 || !(scale > 0))
		return;
	for (size_t i = 0; i < n; i++)
		mean += (t_s[i] - at_s) / scale / (double) n;
	for (size_t i = 0; i < n; i++) {
		double p1 = (t_s[i] - at_s) / scale - mean;

		s11 += p1 * p1;
		s111 += p1 * p1 * p1;
		p1x += p1 * (x[i] - x[0]);
	}
	*ret_v = p1x / s11 / scale;
	if (n < 3)
		return;
	/* p2 = p1^2 - c p1 - d, orthogonal to p1 and to 1. */
	c = s111 / s11;
	d = s11 / (double) n;
	for (size_t i = 0; i < n; i++) {
		double p1 = (t_s[i] - at_s) / scale - mean;
		double p2 = p1 * p1 - c * p1 - d;

		p22 += p2 * p2;
		p2x += p2 * (x[i] - x[0]);
	}
	/* At u = 0, where p1 is -mean: p2' = 2 p1 - c, p2'' = 2. */
	*ret_v += p2x / p22 * (-2 * mean - c) / scale;
	*ret_a = 2 * p2x / p22 / (scale * scale);
}

static void find_polynomial(unsigned window, const double *t_s, const double *x, size_t n,
			    double *ret_v, double *ret_a)
{
	size_t width = window < n ? window : n;

	for (size_t i = 0; i < n; i++) {
		size_t first = i > width / 2 ? i - width / 2 : 0;

		if (first + width > n)
			first = n - width;
		fit(t_s + first, x + first, width, t_s[i], &ret_v[i], &ret_a[i]);
	}
}

/* --- The known rules ----------------------------------------------------------------------- */

static void find_backward(const double *t_s, const double *x, size_t n, double *ret_v,
			  double *ret_a)
{
	for (size_t i = 0; i < n; i++) {
		double step_s = i > 0 ? t_s[i] - t_s[i - 1] : NAN;

		ret_v[i] = i > 0 ? (x[i] - x[i - 1]) / step_s : NAN;
		ret_a[i] = i > 1 ? (ret_v[i] - ret_v[i - 1]) / step_s : NAN;
	}
}

static void find_five_point(const double *t_s, const double *x, size_t n, double *ret_v,
			    double *ret_a)
{
	for (size_t i = 0; i < n; i++) {
		ret_v[i] = ret_a[i] = NAN;
		if (i >= 1 && i + 1 < n)
			ret_v[i] = (x[i + 1] - x[i - 1]) / (t_s[i + 1] - t_s[i - 1]);
		if (i >= 2 && i + 2 < n) {
			double h = (t_s[i + 2] - t_s[i - 2]) / 4;

			ret_a[i] = (2 * x[i + 2] - x[i + 1] - 2 * x[i] - x[i - 1] + 2 * x[i - 2]) /
				   (7 * h * h);
		}
	}
}

void vz_derivative_find(enum vz_derivative_rule rule, unsigned window, const double *t_s,
			const double *x, size_t n, double *ret_v, double *ret_a)
{
	switch (rule) {
	case VZ_DERIVATIVE_POLYNOMIAL:
		find_polynomial(window, t_s, x, n, ret_v, ret_a);
		break;
	case VZ_DERIVATIVE_BACKWARD:
		find_backward(t_s, x, n, ret_v, ret_a);
		break;
	case VZ_DERIVATIVE_FIVE_POINT:
		find_five_point(t_s, x, n, ret_v, ret_a);
		break;
	}
}
