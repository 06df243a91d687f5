/*
 * Velocity and acceleration from positions over true time stamps, which need not be even.
 *
 * VZ_DERIVATIVE_POLYNOMIAL: a polynomial of degree 2 is fitted by least squares to the window of
 * points around each, and differentiated at its time (A. Savitzky, M. Golay, Smoothing and
 * differentiation of data by simplified least squares procedures, 1964; for uneven steps by
 * orthogonal polynomials, G. Forsythe, 1957). At the ends the window stands still and the
 * derivative is one-sided. Exact for polynomials up to degree 2.
 * VZ_DERIVATIVE_BACKWARD: v = (x[i] - x[i-1]) / dt, a = (v[i] - v[i-1]) / dt. First points: NaN.
 * VZ_DERIVATIVE_FIVE_POINT: the rule of the program Tracker, with h the mean step of the points
 * that it uses: v = (x[i+1] - x[i-1]) / 2h, a = (2 x[i+2] - x[i+1] - 2 x[i] - x[i-1] + 2 x[i-2]) /
 * 7h^2. Ends: NaN.
 *
 * Thread: any; pure function.
 */
#pragma once

#include <stddef.h>

#define VZ_DERIVATIVE_MIN_WINDOW     3u
#define VZ_DERIVATIVE_MAX_WINDOW     101u
#define VZ_DERIVATIVE_DEFAULT_WINDOW 5u

enum vz_derivative_rule {
	VZ_DERIVATIVE_POLYNOMIAL,
	VZ_DERIVATIVE_BACKWARD,
	VZ_DERIVATIVE_FIVE_POINT,
};

/*
 * @t_s rises strictly. @window, odd and 3..101, is for the polynomial; with fewer points all are
 * used, and a derivative that the points do not determine (one point, or two for the acceleration)
 * is NaN.
 * @ret_v is in units of x per second, @ret_a per second squared; both have @n values.
 */
void vz_derivative_find(enum vz_derivative_rule rule, unsigned window, const double *t_s,
			const double *x, size_t n, double *ret_v, double *ret_a);
