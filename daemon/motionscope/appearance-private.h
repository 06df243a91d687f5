/* What learning and fitting an appearance share. */
#pragma once

#include "motionscope/appearance.h"

/* A fit moves by no more than this from the best of the lattice. */
#define VZ_APPEARANCE_MAX_SHIFT_PX 2.5
#define VZ_APPEARANCE_MAX_GROWTH   0.1 /* in one fit */

/* The picture around the object and the background, both in places of the picture. */
struct vz_appearance_view {
	const struct vz_picture *background, *window;
	long left, top; /* of the window */
};

/* What a fit changes: where it is, and how it is lit (its paint times gain, and offset in levels
 * where it covers). */
struct vz_appearance_pose {
	double x, y, angle, growth, gain, offset;
};

/* What the object may cover if it is within @search_px of the place. Returns 0 or -ENOMEM. */
int vz_appearance_open(struct vz_appearance *appearance, const struct vz_picture *background,
		       const struct vz_appearance_sample *place, double search_px,
		       struct vz_appearance_view *ret);

/* Looks up the grid with the object at @pose, every @stride-th place of it, and @margin more all
 * around. */
void vz_appearance_look_up(struct vz_appearance *appearance, const struct vz_appearance_view *view,
			   const struct vz_appearance_pose *pose, unsigned stride, unsigned margin,
			   struct vz_lattice *ret);
