/*
 * Connected components of a mask: rows become runs of set pixels, runs that touch become one set
 * (run-based two-pass labelling: L. He, Y. Chao, K. Suzuki, A run-based two-scan labeling
 * algorithm, IEEE Trans. Image Processing 17, 2008; union-find with path halving: R. Tarjan, 1975).
 *
 * Thread: any; each list is its caller's.
 */
#pragma once

#include <stdbool.h>

#include "motionscope/plane.h"
#include "util/cleanup.h"

struct vz_run {
	uint32_t x, end, y; /* x <= its pixels < end */
	uint32_t parent;    /* another run of its component; after vz_runs_find() the first one */
};

struct vz_runs {
	struct vz_run *runs;
	size_t n, n_allocated;
};

void vz_runs_deinit(struct vz_runs *runs);

/*
 * Replaces @runs by those of the pixels of @mask that are set (not 0) or, if @is_set is false, that
 * are 0. Set ones join also over corners, the others along edges alone, so that a closed outline
 * has an inside. Returns 0, -E2BIG (more than 2^31 runs) or -ENOMEM.
 */
int vz_runs_find(const struct vz_plane *mask, bool is_set, struct vz_runs *runs);

/*
 * Sets the pixels of those components of 0 that do not touch the border of the picture and have at
 * most @max_area_px pixels. @runs is working memory. Returns as vz_runs_find().
 */
int vz_runs_fill_holes(struct vz_plane *mask, uint64_t max_area_px, struct vz_runs *runs);
