/*
 * The appearance of an object: how much it covers of what is behind it, and what it adds, at each
 * place around its centre. A picture with the object at c is
 *
 *	F(c + S o) = (1 - cover(o)) B(c + S o) + gain paint(o) + offset cover(o)
 *
 * over the background B, with S for its angle and its size (the compositing equation: T. Porter, T.
 * Duff, Compositing digital images, 1984). It is learnt from pictures in which the object is alone,
 * and then fitted to others by iterated least squares in which what does not agree counts little
 * (M. Black, A. Jepson, EigenTracking, 1998; weights of S. Geman, D. McClure, 1987; geometry and
 * light together: G. Hager, P. Belhumeur, Efficient region tracking with parametric models of
 * geometry and illumination, PAMI 20, 1998): a hand that touches the object, a shadow on it, an
 * edge of the picture that cuts it off, or a pattern behind it move a centroid but not this.
 *
 * Thread: any; one at a time.
 */
#pragma once

#include <stdbool.h>

#include "motionscope/lattice.h"
#include "motionscope/reel.h"

#define VZ_APPEARANCE_MAX_SAMPLES 31u
/* The grid on which it is known; that of a larger object is wider than pixels. */
#define VZ_APPEARANCE_MAX_SIDE 48u

/* A picture in which the object is alone, and where it is. */
struct vz_appearance_sample {
	const struct vz_reel_frame *frame;
	double x_px, y_px, angle_rad;
	double growth; /* 0: as large as it was learnt */
};

struct vz_appearance {
	bool is_turning, is_growing; /* fits look for its angle, its size as well */
	unsigned n_columns, n_rows;
	double step_px;
	double left_px, top_px; /* of the first place, from the centre */
	float cover[VZ_APPEARANCE_MAX_SIDE * VZ_APPEARANCE_MAX_SIDE];
	struct vz_appearance_paint {
		float value[VZ_PICTURE_N_PLANES];
		float sigma[VZ_PICTURE_N_PLANES]; /* in levels */
	} paint[VZ_APPEARANCE_MAX_SIDE * VZ_APPEARANCE_MAX_SIDE];
	struct vz_picture window; /* working memory, as well as this */
	struct vz_lattice_values values;
};

struct vz_appearance_fit {
	double x_px, y_px, angle_rad, growth;
	/* The part of the object that is seen as it should be: 1 is all, 0 or less nothing. */
	double agreement;
	/* The part of it that lies in the picture: 0..1. */
	double visible;
	double residual_levels; /* rms of what luma is else, none beyond 20 */
};

/*
 * Learns from @n samples, 1..VZ_APPEARANCE_MAX_SAMPLES, an object that reaches @left_px, @right_px,
 * @top_px, @bottom_px from its centre, each up to 512. Returns 0 or -ENOMEM. Call it once more with
 * the fitted places and it becomes sharper.
 */
int vz_appearance_learn(struct vz_appearance *appearance, const struct vz_picture *background,
			const struct vz_appearance_sample *samples, unsigned n,
			const double reach_px[4]);
void vz_appearance_deinit(struct vz_appearance *appearance);

/*
 * Looks for it within @search_px (up to 128) around @start, which gives its place and angle in a
 * frame, to a fraction of a pixel. An angle is found that is nearer than some 20 degrees. Returns 0
 * or -ENOMEM.
 */
int vz_appearance_find(struct vz_appearance *appearance, const struct vz_picture *background,
		       const struct vz_appearance_sample *start, double search_px,
		       struct vz_appearance_fit *ret);
