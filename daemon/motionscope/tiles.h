/*
 * Tiles: where in a picture it is worth to look closely. Most of a picture is background, and to
 * see that of a tile of 16 x 4 pixels one needs its largest difference alone, compared with the
 * least of its pixels' limits: one pass over the picture with a few instructions for 16 bytes at
 * once. What no object can come of is never looked at again.
 *
 * Thread: any; one at a time.
 */
#pragma once

#include <stdbool.h>

#include "motionscope/plane.h"
#include "util/cleanup.h"

#define VZ_TILE_WIDTH_PX     16u
#define VZ_TILE_HEIGHT_PX    4u
#define VZ_TILES_MAX_N_BOXES 64u

/* Of pixels of luma: left, top <= its pixels < right, bottom; left and top are even. */
struct vz_tile_box {
	uint32_t left, top, right, bottom;
};

struct vz_tiles;

/* For pictures of @width_px x @height_px, 1 or more each. Returns 0 or -ENOMEM. */
int vz_tiles_new(uint32_t width_px, uint32_t height_px, struct vz_tiles **ret);
/* Takes NULL; returns NULL. */
struct vz_tiles *vz_tiles_free(struct vz_tiles *tiles);
VZ_DEFINE_CLEANUP(vz_tiles_free, struct vz_tiles *, vz_tiles_free)

/* The limits of the channel @i: the factors of vz_mask_find_factors(), of @width_px x @height_px.
 */
void vz_tiles_set_factors(struct vz_tiles *tiles, unsigned i, const uint16_t *factors,
			  uint32_t width_px, uint32_t height_px);

/*
 * Finds boxes that do not overlap and hold all pixels of each component of the mask that reaches
 * VZ_MASK_LIMIT in some pixel, and the background around it as far as the clean-up looks. Returns
 * how many.
 */
unsigned vz_tiles_find(struct vz_tiles *tiles, const struct vz_picture *frame,
		       const struct vz_picture *background,
		       struct vz_tile_box ret[VZ_TILES_MAX_N_BOXES]);
