/*
 * The template: follows a point that somebody has shown, where nothing else tells it from what is
 * around (a sticker on a wheel). A square of the luma plane around the point is looked for near
 * where the point is to be expected, by normalized cross-correlation, which takes no notice of
 * brightness and contrast (J. Lewis, Fast normalized cross-correlation, Vision Interface 1995); a
 * parabola through the best value and its neighbours gives the fraction of a pixel. The square
 * follows slowly what it finds (I. Matthews, T. Ishikawa, S. Baker, The template update problem,
 * PAMI 26, 2004).
 *
 * Thread: any; one at a time.
 */
#pragma once

#include "motionscope/plane.h"
#include "motionscope/track.h"

#define VZ_TEMPLATE_MAX_RADIUS_PX 24u
#define VZ_TEMPLATE_MAX_SIDE	  (2 * VZ_TEMPLATE_MAX_RADIUS_PX + 1)

struct vz_template {
	unsigned radius_px;
	float pixels[VZ_TEMPLATE_MAX_SIDE * VZ_TEMPLATE_MAX_SIDE];
	float first[VZ_TEMPLATE_MAX_SIDE * VZ_TEMPLATE_MAX_SIDE];
	struct vz_track track;
	double score; /* of the last step: -1..1 */
};

/*
 * Takes the square of 2 @radius_px + 1 pixels (4..24) around (@x_px, @y_px) of @frame. Returns 0,
 * -ERANGE (it is not wholly in the picture), -ENODATA (all of it is alike: there is nothing to
 * follow) or -ENOMEM.
 */
int vz_template_init(struct vz_template *template, const struct vz_plane *frame, unsigned radius_px,
		     uint32_t frame_number, double t_s, double x_px, double y_px);
void vz_template_deinit(struct vz_template *template);

/*
 * The next frame. Adds a point, bridged where nothing alike is found. Returns 0, -ESRCH (not found
 * for so long that it is given up) or -ENOMEM.
 */
int vz_template_step(struct vz_template *template, const struct vz_plane *frame,
		     uint32_t frame_number, double t_s);

/* The correlation of the template with the square around (@x, @y), which is in the picture: -1..1;
 * 0 where the square is all alike. */
double vz_template_correlate(const struct vz_template *template, const struct vz_plane *frame,
			     int x, int y);
