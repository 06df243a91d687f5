#include "motionscope/refine.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "motionscope/refine-private.h"

#define MIN_FREE 5u
/* Two tracks that are in one place for so much of the shorter one are one. */
#define SAME_PART 0.7

static int refine(struct vz_refine_work *work, double *values)
{
	int r;

	r = vz_refine_find_alone(work);
	if (r < 0 || work->n_free < MIN_FREE)
		return r;
	r = vz_refine_learn_alone(work);
	if (r == 0)
		r = vz_refine_fit_free(work, values);
	if (r <= 0)
		return r;
	r = vz_refine_find_turning(work, values);
	if (r == 0)
		r = vz_refine_find_growing(work, values);
	if (r == 0)
		r = vz_refine_walk(work);
	if (r == 0)
		r = vz_refine_learn_more(work, MIN_FREE);
	if (r < 0 || vz_refine_count_found(work, VZ_REFINE_MIN_AGREEMENT) < MIN_FREE)
		return r;
	return vz_refine_write(work, values);
}

int vz_refine_track(const struct vz_reel *reel, const struct vz_picture *background,
		    struct vz_track *track)
{
	VZ_CLEANUP(vz_freep) struct vz_refine_state *states = calloc(reel->n + 1, sizeof(*states));
	VZ_CLEANUP(vz_freep) double *values = calloc(reel->n + 1, sizeof(*values));
	/* Too large for the stack of some threads. */
	VZ_CLEANUP(vz_freep) struct vz_refine_work *work = calloc(1, sizeof(*work));
	int r;

	if (!states || !values || !work)
		return -ENOMEM;
	work->reel = reel;
	work->background = background;
	work->track = track;
	work->states = states;
	r = refine(work, values);
	vz_appearance_deinit(&work->appearance);
	return r;
}

/* How many points of @a are where @b is. */
static size_t count_same(const struct vz_track *a, const struct vz_track *b)
{
	double reach = fmax(2, sqrt(b->area_px) / 2);
	size_t n = 0;

	for (size_t i = 0, k = 0; i < a->n; i++) {
		while (k < b->n && b->points[k].frame < a->points[i].frame)
			k++;
		if (k < b->n && b->points[k].frame == a->points[i].frame &&
		    hypot(a->points[i].x_px - b->points[k].x_px,
			  a->points[i].y_px - b->points[k].y_px) < reach)
			n++;
	}
	return n;
}

/* Both ways from one object, once each has been found where the other one was. */
void vz_refine_drop_parts(struct vz_track *tracks, size_t n_tracks)
{
	for (size_t i = 0; i < n_tracks; i++)
		for (size_t k = 0; k < n_tracks; k++) {
			struct vz_track *a = &tracks[i], *b = &tracks[k];
			bool is_shorter = a->n < b->n || (a->n == b->n && i > k);

			if (i != k && a->n && b->n && is_shorter &&
			    (double) count_same(a, b) >= SAME_PART * (double) a->n)
				vz_track_deinit(a);
		}
}

int vz_refine_tracks(const struct vz_reel *reel, const struct vz_picture *background,
		     struct vz_track *tracks, size_t n_tracks)
{
	for (size_t i = 0; i < n_tracks; i++) {
		int r = vz_refine_track(reel, background, &tracks[i]);

		if (r < 0)
			return r;
	}
	vz_refine_drop_parts(tracks, n_tracks);
	return 0;
}
