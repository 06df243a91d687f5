/*
 * The appearance of an object: how much it covers of what is behind it, and what it adds, at each
 * place around its centre. A picture with the object at c is
 *
 *	F(c + o) = (1 - cover(o)) B(c + o) + paint(o)
 *
 * over the background B (the compositing equation: T. Porter, T. Duff, Compositing digital images,
 * 1984). It is learnt from pictures in which the object is alone, and then fitted to others by
 * iterated least squares in which what does not agree counts little (M. Black, A. Jepson,
 * EigenTracking, 1998; weights of S. Geman, D. McClure, 1987): a hand that touches the object, an
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
	double x_px, y_px;
};

struct vz_appearance {
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
	double x_px, y_px;
	/* The part of the object that is seen as it should be: 1 is all, 0 or less nothing. */
	double agreement;
	/* The part of it that lies in the picture: 0..1. */
	double visible;
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
 * Looks for it within @search_px (up to 128) around (@x_px, @y_px) of @frame, to a fraction of a
 * pixel. Returns 0 or -ENOMEM.
 */
int vz_appearance_find(struct vz_appearance *appearance, const struct vz_picture *background,
		       const struct vz_reel_frame *frame, double x_px, double y_px,
		       double search_px, struct vz_appearance_fit *ret);
