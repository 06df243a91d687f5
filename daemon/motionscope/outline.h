/*
 * The outline of an object: a component of the mask also holds its shadow, the glow around it and
 * what touches it but differs less. Its edge lies where the difference is half of what it is
 * inside, which is where the pixel is covered by half, whatever the contrast.
 *
 * Thread: any; pure function.
 */
#pragma once

#include "motionscope/runs.h"

/*
 * @runs are the components of the mask (vz_runs_find()), @strength is vz_mask_find_strength(), and
 * @difference the same with factors of 256: levels. All planes have one size. Of each component
 * that has
 * @min_area_px pixels and reaches VZ_MASK_LIMIT, *@ret gets those pixels that are beyond half of
 * its inside, as strengths from VZ_MASK_SUPPORT (half) to VZ_MASK_FULL (all); of one that is too
 * small to have an inside, its strengths. The rest is 0. Returns 0 or -ENOMEM.
 */
int vz_outline_find(const struct vz_runs *runs, const struct vz_plane *strength,
		    const struct vz_plane *difference, uint32_t min_area_px, struct vz_plane *ret);
