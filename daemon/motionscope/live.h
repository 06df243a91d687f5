/*
 * Live tracking: the stages of a clip (tiles, mask, blobs, tracker), picture by picture while they
 * come, without what needs the whole clip. Its background is first the median of some seconds, as
 * that of a clip, which needs no empty start; then it follows, so that what stays becomes
 * background by and by. When the light or the scene changes it is taken anew.
 *
 * No thread, no clock: the same pictures at the same times give the same objects. Thread: any; one
 * at a time.
 */
#pragma once

#include <stdbool.h>

#include "motionscope/detector.h"

#define VZ_LIVE_MAX_N_OBJECTS 32u
#define VZ_LIVE_TRAIL	      48u

struct vz_live;

struct vz_live_place {
	double x_px, y_px;
};

struct vz_live_object {
	unsigned id; /* from 1, in the order in which they were found */
	double x_px, y_px;
	bool is_bridged; /* predicted: it was not seen in this picture */
	/* The box around it, all within it and within the picture. */
	uint32_t left, top, right, bottom;
	struct vz_live_place trail[VZ_LIVE_TRAIL]; /* the last places, this one last */
	unsigned n_trail;
};

struct vz_live_result {
	bool is_learning; /* there is no background yet, and no object */
	struct vz_live_object objects[VZ_LIVE_MAX_N_OBJECTS]; /* those of the smallest ids */
	unsigned n;
};

/* For pictures of @width_px x @height_px, 1..16384 each. Returns 0, -EINVAL or -ENOMEM. */
int vz_live_new(uint32_t width_px, uint32_t height_px, struct vz_live **ret);
/* Takes NULL; returns NULL. */
struct vz_live *vz_live_free(struct vz_live *live);
VZ_DEFINE_CLEANUP(vz_live_free, struct vz_live *, vz_live_free)

/* Takes the background anew: two seconds without objects follow. */
void vz_live_retake(struct vz_live *live);

/*
 * The next picture, taken at @t_s (any zero; a step back or of more than two seconds is another
 * scene). Returns 0, or -ENOMEM or -E2BIG with *@ret empty; the next picture may do better.
 */
int vz_live_step(struct vz_live *live, const struct vz_picture *picture, double t_s,
		 struct vz_live_result *ret);
