/* What learning and fitting an appearance share. */
#pragma once

#include "motionscope/appearance.h"

/* A fit moves by no more than this from the best of the lattice. */
#define VZ_APPEARANCE_MAX_SHIFT_PX 2.5

/* The picture around the object and the background, both in places of the picture. */
struct vz_appearance_view {
	const struct vz_picture *background, *window;
	long left, top; /* of the window */
};

/* What the object may cover if it is within @search_px of the place. Returns 0 or -ENOMEM. */
int vz_appearance_open(struct vz_appearance *appearance, const struct vz_picture *background,
		       const struct vz_reel_frame *frame, double x_px, double y_px,
		       double search_px, struct vz_appearance_view *ret);

/* Looks up the grid with the object at (@x_px, @y_px), every @stride-th place of it, and @margin
 * more all around. */
void vz_appearance_look_up(struct vz_appearance *appearance, const struct vz_appearance_view *view,
			   double x_px, double y_px, unsigned stride, unsigned margin,
			   struct vz_lattice *ret);
