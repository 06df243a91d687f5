/*
 * Blobs: the connected components of the mask, measured. The centroid is weighted by the strength
 * of the difference, so that a pixel that an edge covers by half counts half and the place is found
 * to a fraction of a pixel (as grey-value moments: J. Trinder, Precision of digital target
 * location, 1989); beyond full cover the strength says more about the background than about the
 * object and counts no more.
 *
 * Thread: any; each list is its caller's.
 */
#pragma once

#include "motionscope/runs.h"

#define VZ_BLOBS_MIN_AREA_PX 3u
#define VZ_BLOBS_MAX_N	     256u

struct vz_motion_blob {
	double x_px, y_px;
	uint32_t area_px;
	uint32_t left, top, right, bottom;  /* of the box, all within it */
	uint8_t peak;			    /* the greatest strength */
	uint8_t color[VZ_PICTURE_N_PLANES]; /* on average; 0 as long as nobody has looked */
};

struct vz_blobs {
	struct vz_motion_blob blobs[VZ_BLOBS_MAX_N];
	unsigned n;
	unsigned n_left_out; /* were too many: the smallest */
	struct vz_runs runs; /* working memory */
};

void vz_blobs_deinit(struct vz_blobs *blobs);

/*
 * Finds the blobs of @mask that have at least @min_area_px pixels and reach VZ_MASK_LIMIT in
 * @strength, the largest first. Returns 0, -E2BIG or -ENOMEM.
 */
int vz_blobs_find(const struct vz_plane *mask, const struct vz_plane *strength,
		  uint32_t min_area_px, struct vz_blobs *blobs);

/* The same for a picture of which @mask is the part that begins at (@left, @top): what @blobs has
 * stays in it. */
int vz_blobs_add(const struct vz_plane *mask, const struct vz_plane *strength, uint32_t left,
		 uint32_t top, uint32_t min_area_px, struct vz_blobs *blobs);
void vz_blobs_clear(struct vz_blobs *blobs);

/*
 * Looks in @picture for the color of each blob: where @mask, of its size, is set within the box.
 * Two whose boxes overlap may color each other.
 */
void vz_blobs_find_colors(const struct vz_plane *mask, const struct vz_picture *picture,
			  struct vz_blobs *blobs);
