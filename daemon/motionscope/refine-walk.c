#include "motionscope/refine-private.h"

#include <math.h>

/* Of the object where it is alone: else it has no looks of its own. */
#define MIN_TYPICAL_AGREEMENT 0.7
#define CLEAR_AGREEMENT	      0.7
#define REFIT_PX	      1.0
#define MIN_VISIBLE	      0.4
#define MAX_MISSED	      6u
#define SEARCH_PX	      3.0
#define SEARCH_STEPS	      0.5
#define MAX_SEARCH_PX	      48.0

/* --- Fitting where it is alone ------------------------------------------------------------------
 */

int vz_refine_fit(struct vz_refine_work *work, size_t i, const double from[4], double search_px,
		  struct vz_appearance_fit *ret)
{
	struct vz_appearance_sample start = { &work->reel->frames[i], from[0], from[1], from[2],
					      from[3] };

	return vz_appearance_find(&work->appearance, work->background, &start, search_px, ret);
}

static void take(struct vz_refine_state *state, const struct vz_appearance_fit *fit)
{
	state->is_found = fit->agreement >= VZ_REFINE_MIN_AGREEMENT;
	state->x = fit->x_px;
	state->y = fit->y_px;
	state->angle = fit->angle_rad;
	state->growth = fit->growth;
	state->agreement = fit->agreement;
	state->residual_levels = fit->residual_levels;
}

int vz_refine_fit_free(struct vz_refine_work *work, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++) {
		struct vz_refine_state *state = &work->states[i];
		struct vz_appearance_fit fit;
		int r;

		if (!state->is_free)
			continue;
		r = vz_refine_fit(work, i,
				  (const double[]){ state->blob->x_px, state->blob->y_px,
						    state->angle, state->growth },
				  0, &fit);
		if (r < 0)
			return r;
		values[n++] = fit.agreement;
		take(state, &fit);
	}
	return vz_refine_find_median(values, n) >= MIN_TYPICAL_AGREEMENT ? 1 : 0;
}

/* --- Looking for it elsewhere ------------------------------------------------------------------
 */

/* What has been gone of the way in one direction of time. */
struct way {
	struct vz_track track;
	double angle, rate; /* at its end, radians per second */
	double growth;
};

static int add_to_way(struct way *way, const struct vz_refine_state *state, double t_s)
{
	struct vz_track_point point = { 0, 1, t_s, state->x, state->y, VZ_TRACK_MEASURED };
	struct vz_track *track = &way->track;

	if (track->n)
		way->rate = (state->angle - way->angle) / (t_s - track->points[track->n - 1].t_s);
	way->angle = state->angle;
	way->growth = state->growth;
	return vz_track_add(track, &point);
}

static int look(struct vz_refine_work *work, const struct way *way, size_t i, double t_s)
{
	const struct vz_track *track = &way->track;
	double since_s = t_s - track->points[track->n - 1].t_s, x, y, speed;
	struct vz_refine_state *state = &work->states[i];
	struct vz_appearance_fit fit;
	int r;

	vz_track_predict(track, t_s, &x, &y, &speed);
	if (!isfinite(x) || !isfinite(y) || fabs(x) > 1e5 || fabs(y) > 1e5)
		return 0;
	r = vz_refine_fit(work, i,
			  (const double[]){ x, y, way->angle + way->rate * since_s, way->growth },
			  fmin(MAX_SEARCH_PX, SEARCH_PX + SEARCH_STEPS * speed * since_s), &fit);
	if (r < 0)
		return r;
	take(state, &fit);
	state->is_found = state->is_found && fit.visible >= MIN_VISIBLE;
	return 0;
}

/* Through the frames in one direction of time, from where it is first known on. */
static int walk(struct vz_refine_work *work, int direction)
{
	struct way way = { 0 };
	unsigned n_missed = 0;
	int r = 0;

	for (size_t k = 0; r == 0 && k < work->reel->n; k++) {
		size_t i = direction > 0 ? k : work->reel->n - 1 - k;
		struct vz_refine_state *state = &work->states[i];
		double t_s = direction * work->reel->frames[i].t_s;

		if (!state->is_found && way.track.n && n_missed < MAX_MISSED)
			r = look(work, &way, i, t_s);
		n_missed = state->is_found ? 0 : n_missed + 1;
		if (r == 0 && state->is_found)
			r = add_to_way(&way, state, t_s);
	}
	vz_track_deinit(&way.track);
	return r;
}

int vz_refine_walk(struct vz_refine_work *work)
{
	int r = walk(work, 1);

	return r < 0 ? r : walk(work, -1);
}

size_t vz_refine_count_found(const struct vz_refine_work *work, double agreement)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		n += work->states[i].is_found && work->states[i].agreement >= agreement;
	return n;
}

static bool is_clear(const struct vz_refine_state *state)
{
	return state->is_found && state->agreement >= CLEAR_AGREEMENT;
}

/* What was found elsewhere shows the object before other backgrounds. */
int vz_refine_learn_more(struct vz_refine_work *work, size_t min_n)
{
	int r;

	if (vz_refine_count_found(work, CLEAR_AGREEMENT) < min_n)
		return 0;
	r = vz_refine_learn(work, is_clear);
	for (size_t i = 0; r == 0 && i < work->reel->n; i++) {
		struct vz_refine_state *state = &work->states[i];
		struct vz_appearance_fit fit;

		if (!state->is_found)
			continue;
		r = vz_refine_fit(work, i,
				  (const double[]){ state->x, state->y, state->angle,
						    state->growth },
				  REFIT_PX, &fit);
		if (r == 0)
			take(state, &fit);
	}
	return r < 0 ? r : vz_refine_walk(work);
}
