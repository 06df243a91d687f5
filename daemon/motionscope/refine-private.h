/*
 * The inside of refining: refine-learn.c finds where the object is alone and learns its looks
 * there, refine-turn.c tells whether it turns, refine-walk.c looks for it everywhere else, and
 * refine-write.c makes the new track of what is known of each frame.
 *
 * Thread: any; one at a time for each piece of work.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "motionscope/appearance.h"
#include "motionscope/reel.h"
#include "motionscope/track.h"
#include "util/cleanup.h"

/* So little of it is left when it is not the object that was fitted. */
#define VZ_REFINE_MIN_AGREEMENT 0.45

/* What is known of the object in one frame of the reel. */
struct vz_refine_state {
	long point;			   /* of the track, or -1 */
	const struct vz_motion_blob *blob; /* its own; NULL: none is */
	bool is_free, is_found;
	double x, y, angle, growth, agreement, residual_levels; /* if is_found */
};

struct vz_refine_work {
	const struct vz_reel *reel;
	const struct vz_picture *background;
	struct vz_track *track;
	struct vz_appearance appearance;
	struct vz_refine_state *states; /* one for each frame of the reel */
	unsigned n_free;
	double reach_px[4], area_px;
	double offset_x, offset_y; /* from the centroid to what is fitted, in the object's axes */
	bool is_smoother;	   /* the fit */
};

/* The whole blob is in the picture, away from its border. */
bool vz_refine_is_whole(const struct vz_refine_work *work, const struct vz_motion_blob *blob);
/* Sorts @values; 0 of none. */
double vz_refine_find_median(double *values, size_t n);

/* Fills the states and n_free. All of these return 0 or -ENOMEM where nothing else is said. */
int vz_refine_find_alone(struct vz_refine_work *work);
/* From where it is alone; there must be such frames. */
int vz_refine_learn_alone(struct vz_refine_work *work);
/* @is_wanted says of which frames, and may be called several times for each. */
int vz_refine_learn(struct vz_refine_work *work, bool (*is_wanted)(const struct vz_refine_state *));

/* Returns 1, or 0: it has no looks that stay. @values: memory for one number for each frame. */
int vz_refine_fit_free(struct vz_refine_work *work, double *values);
/* Gives each frame its angle or its growth, and learns anew, if there is one to be seen. */
int vz_refine_find_turning(struct vz_refine_work *work, double *values);
int vz_refine_find_growing(struct vz_refine_work *work, double *values);
/* The appearance in that frame of the reel, from a place, an angle and a growth. */
int vz_refine_fit(struct vz_refine_work *work, size_t i, const double from[4], double search_px,
		  struct vz_appearance_fit *ret);
/* In both directions of time. */
int vz_refine_walk(struct vz_refine_work *work);
/* Before other backgrounds, if @min_n frames show it clearly, and walks again. */
int vz_refine_learn_more(struct vz_refine_work *work, size_t min_n);
/* In how many frames it was found with that agreement. */
size_t vz_refine_count_found(const struct vz_refine_work *work, double agreement);

/* The track anew; it must have been found in some frame. */
int vz_refine_write(struct vz_refine_work *work, double *values);
