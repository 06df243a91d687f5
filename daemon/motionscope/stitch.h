/*
 * Stitching: the way of one object that was lost for longer than a prediction holds is more than
 * one track. Pieces that belong together are found over the whole clip, when all are there, and
 * paired for the least total cost (C. Huang, B. Wu, R. Nevatia, Robust object tracking by
 * hierarchical association of detection responses, ECCV 2008): one begins soon after another one
 * has ended, is as large, and one parabola in time (constant acceleration) goes through the end of
 * the one and the beginning of the other, or both are in the same places while both are there.
 *
 * Thread: any; pure function.
 */
#pragma once

#include "motionscope/track.h"

/* When the frames were: @n of them in a row, from the number @first on. */
struct vz_stitch_times {
	uint32_t first;
	size_t n;
	const double *t_s;
};

/*
 * Joins what belongs together: the earlier one gets all points, bridged ones where there were none,
 * and the later one is left without any. Their points are of frames of @times and rise. Returns 0
 * or -ENOMEM, and then the tracks are as they were, or some are joined.
 */
int vz_stitch_tracks(struct vz_track *tracks, size_t n_tracks, const struct vz_stitch_times *times);
