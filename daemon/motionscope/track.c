#include "motionscope/track.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "motionscope/derivative.h"

#define FIRST_ALLOCATION 64u
#define N_FIT		 5u
#define MIN_FIT		 4u
/* Weight of the newest area. */
#define AREA_WEIGHT 0.25

/* --- Points --------------------------------------------------------------------------------- */

/* What was predicted has turned out to be wrong by so much: the gap shares it in proportion. */
static void pull_bridge(struct vz_track *track, const struct vz_track_point *end)
{
	const struct vz_track_point *begin = &track->points[track->n - track->n_missed - 1];
	double x, y, speed;

	vz_track_predict(track, end->t_s, &x, &y, &speed);
	for (size_t i = track->n - track->n_missed; i < track->n; i++) {
		struct vz_track_point *p = &track->points[i];
		double part = (p->t_s - begin->t_s) / (end->t_s - begin->t_s);

		p->x_px += part * (end->x_px - x);
		p->y_px += part * (end->y_px - y);
	}
}

int vz_track_add(struct vz_track *track, const struct vz_track_point *point)
{
	/* A bridge needs a bank to begin at. */
	if (point->how == VZ_TRACK_BRIDGED && !track->n_measured)
		return 0;
	if (track->n == track->n_allocated) {
		size_t n = track->n_allocated ? 2 * track->n_allocated : FIRST_ALLOCATION;
		struct vz_track_point *points = realloc(track->points, n * sizeof(*points));

		if (!points)
			return -ENOMEM;
		track->points = points;
		track->n_allocated = n;
	}
	if (point->how == VZ_TRACK_BRIDGED) {
		track->n_missed++;
	} else {
		if (track->n_missed)
			pull_bridge(track, point);
		track->n_missed = 0;
		track->n_measured++;
		track->area_px += (track->n_measured == 1 ? 1 : AREA_WEIGHT) *
				  (point->area_px - track->area_px);
	}
	track->points[track->n++] = *point;
	return 0;
}

void vz_track_trim(struct vz_track *track)
{
	track->n -= track->n_missed;
	track->n_missed = 0;
}

void vz_track_forget(struct vz_track *track, size_t n_kept)
{
	size_t n_gone;

	if (n_kept < track->n_missed + 1)
		n_kept = track->n_missed + 1;
	if (n_kept >= track->n)
		return;
	n_gone = track->n - n_kept;
	for (size_t i = 0; i < n_gone; i++)
		track->n_measured -= track->points[i].how == VZ_TRACK_MEASURED;
	memmove(track->points, track->points + n_gone, n_kept * sizeof(*track->points));
	track->n = n_kept;
}

void vz_track_deinit(struct vz_track *track)
{
	free(track->points);
	*track = (struct vz_track){ 0 };
}

/* --- Prediction ----------------------------------------------------------------------------- */

struct recent {
	double t_s[N_FIT], x[N_FIT], y[N_FIT];
	size_t n;
};

/* The last measured points, oldest first. Bridged ones would only confirm themselves. */
static void find_recent(const struct vz_track *track, struct recent *ret)
{
	size_t i = track->n, n = 0;

	while (i > 0 && n < N_FIT) {
		const struct vz_track_point *p = &track->points[--i];

		if (p->how == VZ_TRACK_BRIDGED)
			continue;
		n++;
		ret->t_s[N_FIT - n] = p->t_s;
		ret->x[N_FIT - n] = p->x_px;
		ret->y[N_FIT - n] = p->y_px;
	}
	ret->n = n;
}

/*
 * Along one axis, from the last point: by its derivatives there, if a parabola fits (a bounce lies
 * not within), else by the last step.
 */
static double extrapolate(const double *t_s, const double *x, size_t n, double to_s,
			  double *ret_speed)
{
	double v[N_FIT], a[N_FIT], step_s = to_s - t_s[n - 1];
	double last = (x[n - 1] - x[n - 2]) / (t_s[n - 1] - t_s[n - 2]);
	double worst = 0;

	*ret_speed = last;
	if (n < MIN_FIT)
		return x[n - 1] + last * step_s;
	vz_derivative_find(VZ_DERIVATIVE_POLYNOMIAL, (unsigned) n | 1, t_s, x, n, v, a);
	for (size_t i = 0; i < n; i++) {
		double dt = t_s[i] - t_s[n - 1];

		worst = fmax(worst,
			     fabs(x[n - 1] + v[n - 1] * dt + 0.5 * a[n - 1] * dt * dt - x[i]));
	}
	if (worst > 1 + 0.1 * fabs(x[n - 1] - x[0]))
		return x[n - 1] + last * step_s;
	*ret_speed = v[n - 1];
	return x[n - 1] + v[n - 1] * step_s + 0.5 * a[n - 1] * step_s * step_s;
}

void vz_track_predict(const struct vz_track *track, double t_s, double *ret_x_px, double *ret_y_px,
		      double *ret_speed)
{
	struct recent recent;
	double vx = 0, vy = 0;
	size_t first;

	find_recent(track, &recent);
	first = N_FIT - recent.n;
	if (recent.n < 2) {
		*ret_x_px = recent.x[N_FIT - 1];
		*ret_y_px = recent.y[N_FIT - 1];
	} else {
		*ret_x_px = extrapolate(recent.t_s + first, recent.x + first, recent.n, t_s, &vx);
		*ret_y_px = extrapolate(recent.t_s + first, recent.y + first, recent.n, t_s, &vy);
	}
	*ret_speed = hypot(vx, vy);
}

double vz_track_find_range(const struct vz_track *track)
{
	double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;

	for (size_t i = 0; i < track->n; i++) {
		const struct vz_track_point *p = &track->points[i];

		if (p->how == VZ_TRACK_BRIDGED)
			continue;
		left = fmin(left, p->x_px);
		right = fmax(right, p->x_px);
		top = fmin(top, p->y_px);
		bottom = fmax(bottom, p->y_px);
	}
	return fmax(0, fmax(right - left, bottom - top));
}
