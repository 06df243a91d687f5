#include "motionscope/refine-private.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Alone an object has nearly always the same size. */
#define AREA_RANGE   1.25
#define EDGE_PX	     4u
#define MAX_REACH_PX 256.0
#define REACH_PART   0.9

/* --- Where the object is alone -----------------------------------------------------------------
 */

static const struct vz_motion_blob *find_blob(const struct vz_reel_frame *frame,
					      const struct vz_track_point *p)
{
	for (unsigned i = 0; p->how == VZ_TRACK_MEASURED && i < frame->n; i++) {
		const struct vz_motion_blob *blob = &frame->pieces[i].blob;

		if (fabs(blob->x_px - p->x_px) < 1e-6 && fabs(blob->y_px - p->y_px) < 1e-6)
			return blob;
	}
	return NULL;
}

bool vz_refine_is_whole(const struct vz_refine_work *work, const struct vz_motion_blob *blob)
{
	const struct vz_plane *luma = &work->background->planes[0];

	/* Many films have a black border. */
	return blob->left >= EDGE_PX && blob->top >= EDGE_PX &&
	       blob->right + EDGE_PX < luma->width_px && blob->bottom + EDGE_PX < luma->height_px;
}

static void find_blobs(struct vz_refine_work *work)
{
	for (size_t i = 0; i < work->reel->n; i++)
		work->states[i].point = -1;
	for (size_t k = 0; k < work->track->n; k++) {
		const struct vz_track_point *p = &work->track->points[k];
		long i = vz_reel_find(work->reel, p->frame);
		struct vz_refine_state *state;

		if (i < 0)
			continue;
		state = &work->states[i];
		state->point = (long) k;
		state->blob = find_blob(&work->reel->frames[i], p);
		state->is_free = state->blob && vz_refine_is_whole(work, state->blob);
	}
}

static int compare_doubles(const void *a, const void *b)
{
	double one = *(const double *) a, other = *(const double *) b;

	return (one > other) - (one < other);
}

double vz_refine_find_median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare_doubles);
	return n ? values[n / 2] : 0;
}

/* The least area of that range which most of them are in. */
static double find_usual_area(double *areas, size_t n)
{
	size_t best = 0, best_n = 0;

	qsort(areas, n, sizeof(*areas), compare_doubles);
	for (size_t i = 0, k = 0; i < n; i++) {
		while (k < n && areas[k] <= AREA_RANGE * areas[i])
			k++;
		if (k - i > best_n) {
			best = i;
			best_n = k - i;
		}
	}
	return areas[best];
}

int vz_refine_find_alone(struct vz_refine_work *work)
{
	VZ_CLEANUP(vz_freep) double *areas = calloc(work->reel->n + 1, sizeof(*areas));
	double usual;
	size_t n = 0;

	if (!areas)
		return -ENOMEM;
	find_blobs(work);
	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free)
			areas[n++] = work->states[i].blob->area_px;
	if (!n)
		return 0;
	usual = find_usual_area(areas, n);
	for (size_t i = 0; i < work->reel->n; i++) {
		struct vz_refine_state *state = &work->states[i];

		state->is_free = state->is_free && state->blob->area_px >= usual &&
				 state->blob->area_px <= AREA_RANGE * usual;
		work->n_free += state->is_free;
	}
	return 0;
}

/* --- Learning ----------------------------------------------------------------------------------
 */

/* How far the object reaches from its centre, in most frames. */
static int find_reach(struct vz_refine_work *work)
{
	VZ_CLEANUP(vz_freep) double *values = calloc(4 * (size_t) work->n_free, sizeof(*values));
	unsigned n = 0;

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < work->reel->n; i++) {
		const struct vz_motion_blob *blob = work->states[i].blob;

		if (!work->states[i].is_free)
			continue;
		values[n] = blob->x_px - blob->left;
		values[work->n_free + n] = blob->right - blob->x_px;
		values[2 * work->n_free + n] = blob->y_px - blob->top;
		values[3 * work->n_free + n] = blob->bottom - blob->y_px;
		n++;
	}
	for (unsigned k = 0; k < 4; k++) {
		qsort(values + k * work->n_free, n, sizeof(*values), compare_doubles);
		work->reach_px[k] = fmin(values[k * work->n_free + (size_t) (REACH_PART * (n - 1))],
					 MAX_REACH_PX);
	}
	return 0;
}

/* @is_wanted may be called several times for a frame. */
static unsigned choose_samples(const struct vz_refine_work *work,
			       bool (*is_wanted)(const struct vz_refine_state *),
			       struct vz_appearance_sample *ret)
{
	size_t n_wanted = 0, seen = 0;
	unsigned n = 0, n_chosen;

	for (size_t i = 0; i < work->reel->n; i++)
		n_wanted += is_wanted(&work->states[i]);
	n_chosen = n_wanted < VZ_APPEARANCE_MAX_SAMPLES ? (unsigned) n_wanted
							: VZ_APPEARANCE_MAX_SAMPLES;
	for (size_t i = 0; i < work->reel->n && n < n_chosen; i++) {
		const struct vz_refine_state *state = &work->states[i];

		if (!is_wanted(state))
			continue;
		if (seen++ >= n * (n_wanted - 1) / (n_chosen > 1 ? n_chosen - 1 : 1))
			ret[n++] = (struct vz_appearance_sample){
				&work->reel->frames[i],
				state->is_found ? state->x : state->blob->x_px,
				state->is_found ? state->y : state->blob->y_px,
				state->angle,
				state->growth,
			};
	}
	return n;
}

/* From some samples, then from the same with the places that fit best. */
int vz_refine_learn(struct vz_refine_work *work, bool (*is_wanted)(const struct vz_refine_state *))
{
	struct vz_appearance_sample samples[VZ_APPEARANCE_MAX_SAMPLES];
	unsigned n = choose_samples(work, is_wanted, samples);
	int r;

	r = vz_appearance_learn(&work->appearance, work->background, samples, n, work->reach_px);
	for (unsigned i = 0; r == 0 && i < n; i++) {
		struct vz_appearance_fit fit;

		r = vz_appearance_find(&work->appearance, work->background, &samples[i], 0, &fit);
		samples[i].x_px = fit.x_px;
		samples[i].y_px = fit.y_px;
		samples[i].angle_rad = fit.angle_rad;
		samples[i].growth = fit.growth;
	}
	if (r == 0)
		r = vz_appearance_learn(&work->appearance, work->background, samples, n,
					work->reach_px);
	return r;
}

static bool is_free(const struct vz_refine_state *state)
{
	return state->is_free;
}

int vz_refine_learn_alone(struct vz_refine_work *work)
{
	int r = find_reach(work);

	return r < 0 ? r : vz_refine_learn(work, is_free);
}
