/*
 * A lattice of places in a picture, between pixels, where the picture and its background are looked
 * up by bilinear interpolation. If it is upright, all places of a row share their rows of pixels,
 * and all of a column their columns, so that little is left to do for each.
 *
 * Thread: any; pure functions.
 */
#pragma once

#include <stdbool.h>

#include "motionscope/plane.h"

#define VZ_LATTICE_MAX_SIDE   50u
#define VZ_LATTICE_MAX_PLACES (VZ_LATTICE_MAX_SIDE * VZ_LATTICE_MAX_SIDE)

struct vz_lattice {
	double left_px, top_px, step_px; /* the first place, in the picture */
	unsigned n_columns, n_rows;	 /* 1..VZ_LATTICE_MAX_SIDE */
	double angle_rad;		 /* about the first place, from x to y */
};

/* Row by row. Places that lie beyond the picture have some value. */
struct vz_lattice_values {
	float seen[VZ_PICTURE_N_PLANES][VZ_LATTICE_MAX_PLACES];
	float behind[VZ_PICTURE_N_PLANES][VZ_LATTICE_MAX_PLACES];
	bool is_inside[VZ_LATTICE_MAX_PLACES];
};

/*
 * Looks up @background, which is a whole picture, and @window, which is the part of another one
 * that begins at (@left, @top), both even, and should have all that the lattice has of the picture.
 */
void vz_lattice_look_up(const struct vz_lattice *lattice, const struct vz_picture *background,
			const struct vz_picture *window, long left, long top,
			struct vz_lattice_values *ret);
