#include "motionscope/stitch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "motionscope/assign.h"
#include "util/cleanup.h"

#define MAX_GAP_S      0.7
#define MAX_GAP_FRAMES 6u
#define MIN_POINTS     4u
#define USUAL_POINTS   8u
#define MAX_POINTS     32u
/* What is left of the points beside the parabola, at most. */
#define MAX_RESIDUAL_PX	   1.5
#define MAX_RESIDUAL_SIZES 0.04
#define COST_OF_AREA	   0.5
#define COST_OF_NONE	   1.0
/* Of two that are there at once. */
#define MIN_SAME     1u
#define SAME_PART    0.7
#define COST_OF_SAME 0.1
/* Of a point beside the parabola. */
#define MAX_OFF_PX 3.0

/* c[0] + c[1] t + c[2] t^2 of each axis, from @t0_s on in units of @unit_s, so that the numbers
 * stay near 1. */
struct parabola {
	double t0_s, unit_s, x[3], y[3];
};

struct ends {
	const struct vz_track_point *points[2 * MAX_POINTS];
	unsigned n;
};

/* --- The parabola ---------------------------------------------------------------------------- */

/* The symmetric 3 x 3 system @m c = @b by elimination; false: it has no one solution. */
static bool solve(double m[3][4], double *ret)
{
	for (unsigned c = 0; c < 3; c++) {
		if (fabs(m[c][c]) < 1e-12)
			return false;
		for (unsigned r = 0; r < 3; r++) {
			double factor = m[r][c] / m[c][c];

			for (unsigned k = c; k < 4 && r != c; k++)
				m[r][k] -= factor * m[c][k];
		}
	}
	for (unsigned c = 0; c < 3; c++)
		ret[c] = m[c][3] / m[c][c];
	return true;
}

static bool fit_axis(const struct ends *ends, const struct parabola *p, bool is_y, double *ret)
{
	double m[3][4] = { { 0 } };

	for (unsigned i = 0; i < ends->n; i++) {
		double t = (ends->points[i]->t_s - p->t0_s) / p->unit_s;
		double powers[3] = { 1, t, t * t };

		for (unsigned r = 0; r < 3; r++) {
			for (unsigned c = 0; c < 3; c++)
				m[r][c] += powers[r] * powers[c];
			m[r][3] +=
				powers[r] * (is_y ? ends->points[i]->y_px : ends->points[i]->x_px);
		}
	}
	return solve(m, ret);
}

static bool fit(const struct ends *ends, struct parabola *ret)
{
	ret->t0_s = ends->points[0]->t_s;
	ret->unit_s = ends->points[ends->n - 1]->t_s - ret->t0_s;
	return ret->unit_s > 0 && fit_axis(ends, ret, false, ret->x) &&
	       fit_axis(ends, ret, true, ret->y);
}

static void evaluate(const struct parabola *p, double t_s, double *ret_x, double *ret_y)
{
	double t = (t_s - p->t0_s) / p->unit_s;

	*ret_x = p->x[0] + t * (p->x[1] + t * p->x[2]);
	*ret_y = p->y[0] + t * (p->y[1] + t * p->y[2]);
}

static double find_residual(const struct ends *ends, const struct parabola *p)
{
	double sum = 0, x, y;

	for (unsigned i = 0; i < ends->n; i++) {
		evaluate(p, ends->points[i]->t_s, &x, &y);
		x -= ends->points[i]->x_px;
		y -= ends->points[i]->y_px;
		sum += x * x + y * y;
	}
	/* Each axis has three coefficients of its own. */
	return sqrt(sum / (ends->n - 3));
}

/* --- Pairs ----------------------------------------------------------------------------------- */

/* Where the one ends and the other begins, as far as both were seen to: what was found by its looks
 * alone there, before and after, may have been something else. */
struct seam {
	size_t end, begin; /* indices */
};

static struct seam find_seam(const struct vz_track *a, const struct vz_track *b)
{
	struct seam seam = { a->n - 1, 0 };

	while (seam.end > 0 && a->points[seam.end].how != VZ_TRACK_MEASURED)
		seam.end--;
	while (seam.begin + 1 < b->n && b->points[seam.begin].how != VZ_TRACK_MEASURED)
		seam.begin++;
	return seam;
}

/* The last @n points of @a up to the seam that were seen, and the first of @b, in the order of
 * time. */
static void find_ends(const struct vz_track *a, const struct vz_track *b, const struct seam *seam,
		      unsigned n, struct ends *ret)
{
	unsigned n_seen = 0;
	size_t first = seam->end + 1;

	ret->n = 0;
	while (first > 0 && n_seen < n)
		n_seen += a->points[--first].how != VZ_TRACK_BRIDGED;
	for (size_t i = first; i <= seam->end; i++)
		if (a->points[i].how != VZ_TRACK_BRIDGED)
			ret->points[ret->n++] = &a->points[i];
	n_seen = 0;
	for (size_t i = seam->begin; i < b->n && n_seen < n; i++)
		if (b->points[i].how != VZ_TRACK_BRIDGED) {
			ret->points[ret->n++] = &b->points[i];
			n_seen++;
		}
}

/* The residual by what it may be, and the parabola: through as many points as there are frames
 * between both, or through fewer, since an impact may not be far. More than 1: none fits. */
static double find_parabola(const struct vz_track *a, const struct vz_track *b,
			    const struct seam *seam, struct parabola *ret)
{
	double limit = MAX_RESIDUAL_PX + MAX_RESIDUAL_SIZES * sqrt(a->area_px), best = INFINITY;
	uint32_t gap = b->points[seam->begin].frame - a->points[seam->end].frame;
	unsigned n = gap < USUAL_POINTS ? USUAL_POINTS : gap < MAX_POINTS ? gap : MAX_POINTS;

	for (; n >= MIN_POINTS; n /= 2) {
		struct parabola parabola;
		struct ends ends;

		find_ends(a, b, seam, n, &ends);
		if (ends.n < 2 * MIN_POINTS || !fit(&ends, &parabola))
			break;
		best = find_residual(&ends, &parabola) / limit;
		*ret = parabola;
		if (best <= 1)
			break;
	}
	return best;
}

static double find_cost_of_gap(const struct vz_track *a, const struct vz_track *b)
{
	struct seam seam = find_seam(a, b);
	const struct vz_track_point *end = &a->points[seam.end], *begin = &b->points[seam.begin];
	double area = log(fmax(b->area_px, 1) / fmax(a->area_px, 1));
	struct parabola parabola;

	if (end->frame >= begin->frame ||
	    (begin->t_s - end->t_s > MAX_GAP_S && begin->frame - end->frame > MAX_GAP_FRAMES))
		return VZ_ASSIGN_NEVER;
	return fmin(find_parabola(a, b, &seam, &parabola) + COST_OF_AREA * area * area,
		    VZ_ASSIGN_NEVER);
}

static bool are_near(const struct vz_track *a, const struct vz_track_point *p,
		     const struct vz_track_point *q)
{
	return hypot(p->x_px - q->x_px, p->y_px - q->y_px) < fmax(2, sqrt(a->area_px) / 2);
}

/* They end and begin with the frames that they have in common. */
static double find_cost_of_overlap(const struct vz_track *a, const struct vz_track *b)
{
	size_t n = 0, n_same = 0, i = a->n;

	if (a->points[a->n - 1].frame < b->points[0].frame)
		return VZ_ASSIGN_NEVER;
	while (i > 0 && a->points[i - 1].frame > b->points[0].frame)
		i--;
	for (size_t k = 0; i > 0 && i - 1 + k < a->n && k < b->n; k++, n++)
		n_same += are_near(a, &a->points[i - 1 + k], &b->points[k]);
	return n_same >= MIN_SAME && (double) n_same >= SAME_PART * (double) n ? COST_OF_SAME
									       : VZ_ASSIGN_NEVER;
}

static double find_cost(const struct vz_track *a, const struct vz_track *b)
{
	if (a == b || !a->n || !b->n || a->points[0].frame >= b->points[0].frame ||
	    a->points[a->n - 1].frame >= b->points[b->n - 1].frame)
		return VZ_ASSIGN_NEVER;
	return fmin(find_cost_of_overlap(a, b), find_cost_of_gap(a, b));
}

/* --- Joining --------------------------------------------------------------------------------- */

/* What was found by its looks and lies on the parabola; else a point of it. */
static struct vz_track_point find_point(const struct vz_track *a, size_t n_a,
					const struct vz_track *b, const struct parabola *parabola,
					uint32_t frame, double t_s)
{
	struct vz_track_point ret = a->points[n_a - 1];

	ret.frame = frame;
	ret.t_s = t_s;
	ret.how = VZ_TRACK_BRIDGED;
	evaluate(parabola, t_s, &ret.x_px, &ret.y_px);
	for (unsigned k = 0; k < 2; k++) {
		const struct vz_track *track = k ? b : a;

		for (size_t i = 0; i < track->n; i++)
			if (track->points[i].frame == frame &&
			    track->points[i].how != VZ_TRACK_BRIDGED &&
			    hypot(track->points[i].x_px - ret.x_px,
				  track->points[i].y_px - ret.y_px) < MAX_OFF_PX)
				return track->points[i];
	}
	return ret;
}

/* @a up to the seam, what is between, and @b from there on. */
static int join_over_gap(const struct vz_track *a, const struct vz_track *b,
			 const struct vz_stitch_times *times, struct vz_track *ret)
{
	struct seam seam = find_seam(a, b);
	struct parabola parabola = { .unit_s = 1 };
	int r = 0;

	(void) find_parabola(a, b, &seam, &parabola);
	for (size_t i = 0; r == 0 && i <= seam.end; i++, ret->n_missed = 0)
		r = vz_track_add(ret, &a->points[i]);
	for (uint32_t frame = a->points[seam.end].frame + 1;
	     r == 0 && frame < b->points[seam.begin].frame; frame++, ret->n_missed = 0) {
		size_t i = frame - times->first;
		struct vz_track_point point;

		if (frame < times->first || i >= times->n)
			continue;
		point = find_point(a, seam.end + 1, b, &parabola, frame, times->t_s[i]);
		r = vz_track_add(ret, &point);
	}
	for (size_t i = seam.begin; r == 0 && i < b->n; i++, ret->n_missed = 0)
		r = vz_track_add(ret, &b->points[i]);
	return r;
}

/* In the frames of both what was measured counts more. */
static int join_overlapping(const struct vz_track *a, const struct vz_track *b,
			    struct vz_track *ret)
{
	int r = 0;

	for (size_t i = 0, k = 0; r == 0 && (i < a->n || k < b->n); ret->n_missed = 0) {
		const struct vz_track_point *p = i < a->n ? &a->points[i] : NULL;
		const struct vz_track_point *q = k < b->n ? &b->points[k] : NULL;
		bool is_both = p && q && p->frame == q->frame;

		if (is_both && p->how != VZ_TRACK_MEASURED)
			p = q;
		else if (!p || (q && q->frame < p->frame))
			p = q;
		i += is_both || p != q;
		k += is_both || p == q;
		r = vz_track_add(ret, p);
	}
	return r;
}

static int join(struct vz_track *a, const struct vz_track *b, const struct vz_stitch_times *times)
{
	struct vz_track whole = { .id = a->id };
	int r;

	r = find_cost_of_overlap(a, b) < VZ_ASSIGN_NEVER ? join_overlapping(a, b, &whole)
							 : join_over_gap(a, b, times, &whole);
	if (r < 0) {
		vz_track_deinit(&whole);
		return r;
	}
	whole.area_px = b->area_px;
	memcpy(whole.color, b->color, sizeof(whole.color));
	vz_track_deinit(a);
	*a = whole;
	return 0;
}

/* From the last one on, so that what is joined is whole. */
static int join_all(struct vz_track *tracks, size_t n_tracks, const int *next,
		    const struct vz_stitch_times *times)
{
	for (;;) {
		size_t last = n_tracks;
		int r;

		for (size_t i = 0; i < n_tracks; i++)
			if (next[i] >= 0 && tracks[next[i]].n &&
			    (last == n_tracks ||
			     tracks[i].points[0].frame > tracks[last].points[0].frame))
				last = i;
		if (last == n_tracks)
			return 0;
		r = join(&tracks[last], &tracks[next[last]], times);
		if (r < 0)
			return r;
		vz_track_deinit(&tracks[next[last]]);
	}
}

int vz_stitch_tracks(struct vz_track *tracks, size_t n_tracks, const struct vz_stitch_times *times)
{
	VZ_CLEANUP(vz_freep)
	double *costs = malloc((n_tracks * n_tracks + 1) * sizeof(*costs));
	VZ_CLEANUP(vz_freep) int *next = calloc(n_tracks + 1, sizeof(*next));
	int r;

	if (!costs || !next)
		return -ENOMEM;
	for (size_t i = 0; i < n_tracks; i++)
		for (size_t k = 0; k < n_tracks; k++)
			costs[i * n_tracks + k] = find_cost(&tracks[i], &tracks[k]);
	r = vz_assign(costs, (unsigned) n_tracks, (unsigned) n_tracks, COST_OF_NONE, next);
	return r < 0 ? r : join_all(tracks, n_tracks, next, times);
}
