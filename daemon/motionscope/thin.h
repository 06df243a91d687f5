/*
 * What is thin: the string of a pendulum, a rod, a line of shadow hang on an object without being
 * it, and draw its centroid. They are taken away by a morphological opening (J. Serra, Image
 * analysis and mathematical morphology, 1982), whose size is bounded by that of the object, so that
 * nothing goes that is thin all over.
 *
 * Thread: any; pure function.
 */
#pragma once

#include "motionscope/runs.h"

/*
 * Clears in @mask, and in @outline, which has its size, the parts of each component that are no
 * wider than about 2 * @max_thin_px (1..100), if the component is more than twice as wide
 * elsewhere. @runs are the components of @mask (vz_runs_find()); @scratch has its size. Returns 0
 * or -ENOMEM.
 */
int vz_thin_remove(const struct vz_runs *runs, uint32_t max_thin_px, struct vz_plane *scratch,
		   struct vz_plane *mask, struct vz_plane *outline);
