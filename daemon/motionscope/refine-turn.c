#include "motionscope/refine-private.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Less does not matter. */
#define MIN_RANGE_RAD 0.04
/* Of the range, what lies far out on both sides may be wrong. */
#define RANGE_PART 0.1
/* Fits from so far to both sides must meet again, so much nearer to each other. */
#define TEST_RAD  0.1
#define MET_RAD	  0.02
#define MIN_RATIO 5.0
/* So much nearer to what is seen it must be than without an angle, and so much farther from it it
 * may be, by chance, with a size. */
#define MAX_TURNING_RESIDUAL 0.95
#define MAX_GROWING_RESIDUAL 1.05
#define MIN_GROWING_PX	     64.0
#define N_TESTS		     31u
#define RATE_WEIGHT	     0.5
#define MAX_RATE_RAD	     1.0 /* from one frame to the next that is known */

/* --- Following the angle ------------------------------------------------------------------------
 */

static bool is_usable(const struct vz_refine_state *state)
{
	return state->is_free && state->is_found;
}

/* From frame @from outwards, each from where the angle seems to be going. */
static int follow(struct vz_refine_work *work, size_t from, int direction)
{
	const struct vz_reel_frame *frames = work->reel->frames;
	double angle = 0, rate = 0, at_s = frames[from].t_s;

	for (size_t i = from + (size_t) direction; i < work->reel->n; i += (size_t) direction) {
		struct vz_refine_state *state = &work->states[i];
		double step_s = frames[i].t_s - at_s;
		struct vz_appearance_fit fit;
		int r;

		if (!is_usable(state))
			continue;
		r = vz_refine_fit(work, i,
				  (const double[]){ state->x, state->y, angle + rate * step_s, 0 },
				  0, &fit);
		if (r < 0)
			return r;
		state->angle = fit.angle_rad;
		if (fabs(fit.angle_rad - angle) < MAX_RATE_RAD)
			rate += RATE_WEIGHT * ((fit.angle_rad - angle) / step_s - rate);
		angle = fit.angle_rad;
		at_s = frames[i].t_s;
	}
	return 0;
}

/* All angles, from the one in the middle. */
static int follow_all(struct vz_refine_work *work)
{
	size_t n = 0, middle = 0, seen = 0;
	struct vz_appearance_sample sample;
	int r;

	for (size_t i = 0; i < work->reel->n; i++)
		n += is_usable(&work->states[i]);
	for (size_t i = 0; i < work->reel->n; i++)
		if (is_usable(&work->states[i]) && seen++ == n / 2)
			middle = i;
	sample = (struct vz_appearance_sample){ &work->reel->frames[middle], work->states[middle].x,
						work->states[middle].y, 0 };
	r = vz_appearance_learn(&work->appearance, work->background, &sample, 1, work->reach_px);
	if (r == 0)
		r = follow(work, middle, 1);
	return r < 0 ? r : follow(work, middle, -1);
}

/* --- Whether it is one --------------------------------------------------------------------------
 */

static double find_range(const struct vz_refine_work *work, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		if (is_usable(&work->states[i]))
			values[n++] = work->states[i].angle;
	(void) vz_refine_find_median(values, n);
	return n ? values[n - 1 - (size_t) (RANGE_PART * n)] - values[(size_t) (RANGE_PART * n)]
		 : 0;
}

static int fit_turned(struct vz_refine_work *work, size_t i, double by_rad, double *ret)
{
	const struct vz_refine_state *state = &work->states[i];
	struct vz_appearance_fit fit;
	int r = vz_refine_fit(work, i,
			      (const double[]){ state->x, state->y, state->angle + by_rad, 0 }, 0,
			      &fit);

	*ret = fit.angle_rad;
	return r;
}

/* How far fits that begin on both sides of the angle end from each other, in most frames. */
static int find_spread(struct vz_refine_work *work, double *values, double *ret)
{
	size_t stride = work->n_free / N_TESTS + 1, seen = 0, n = 0;

	for (size_t i = 0; i < work->reel->n; i++) {
		double one = 0, other = 0;
		int r;

		if (!is_usable(&work->states[i]) || seen++ % stride)
			continue;
		r = fit_turned(work, i, -TEST_RAD, &one);
		if (r == 0)
			r = fit_turned(work, i, TEST_RAD, &other);
		if (r < 0)
			return r;
		values[n++] = fabs(other - one);
	}
	*ret = vz_refine_find_median(values, n);
	return 0;
}

/* How far it is from what is seen, in most frames. */
static double find_residual(const struct vz_refine_work *work, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		if (is_usable(&work->states[i]))
			values[n++] = work->states[i].residual_levels;
	return vz_refine_find_median(values, n);
}

static double find_usual_area(const struct vz_refine_work *work, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free)
			values[n++] = work->states[i].blob->area_px;
	return vz_refine_find_median(values, n);
}

/* Returns 1: yes, 0 or -ENOMEM. */
static int try_turning(struct vz_refine_work *work, double *values)
{
	double range, spread = 0, upright = find_residual(work, values);
	int r;

	work->appearance.is_turning = true;
	r = follow_all(work);
	if (r < 0)
		return r;
	range = find_range(work, values);
	if (range < MIN_RANGE_RAD)
		return 0;
	r = vz_refine_learn(work, is_usable);
	if (r == 0)
		r = find_spread(work, values, &spread);
	if (r < 0 || spread > MET_RAD || range < MIN_RATIO * spread)
		return r;
	r = vz_refine_fit_free(work, values);
	if (r <= 0)
		return r;
	return find_residual(work, values) < MAX_TURNING_RESIDUAL * upright ? 1 : 0;
}

/* The same. It does no harm to what keeps its size, if there is enough of it to tell. */
static int try_growing(struct vz_refine_work *work, double *values)
{
	double before = find_residual(work, values);
	int r;

	if (find_usual_area(work, values) < MIN_GROWING_PX)
		return 0;
	work->appearance.is_growing = true;
	r = vz_refine_fit_free(work, values);
	if (r <= 0)
		return r;
	r = vz_refine_learn(work, is_usable);
	if (r < 0)
		return r;
	r = vz_refine_fit_free(work, values);
	if (r <= 0)
		return r;
	return find_residual(work, values) < MAX_GROWING_RESIDUAL * before ? 1 : 0;
}

/* Leaves all as it was where it is not so. */
static int try_to(struct vz_refine_work *work, double *values,
		  int (*attempt)(struct vz_refine_work *, double *))
{
	VZ_CLEANUP(vz_freep) struct vz_appearance *before = malloc(sizeof(*before));
	VZ_CLEANUP(vz_freep)
	struct vz_refine_state *states = calloc(work->reel->n + 1, sizeof(*states));
	int r;

	if (!before || !states)
		return -ENOMEM;
	for (size_t i = 0; i < work->reel->n; i++)
		states[i] = work->states[i];
	*before = work->appearance;
	r = attempt(work, values);
	if (r > 0)
		return 0;
	before->window = work->appearance.window; /* the memory is the same */
	work->appearance = *before;
	for (size_t i = 0; i < work->reel->n; i++)
		work->states[i] = states[i];
	return r;
}

int vz_refine_find_turning(struct vz_refine_work *work, double *values)
{
	return try_to(work, values, try_turning);
}

int vz_refine_find_growing(struct vz_refine_work *work, double *values)
{
	return try_to(work, values, try_growing);
}
