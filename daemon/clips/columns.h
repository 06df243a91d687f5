/*
 * The motion of all tracks as the page draws it: columns of doubles, little endian, which a browser
 * looks at where they lie.
 *
 *	"VZC1", u32 number of tracks
 *	for each track u32 id, u32 number of points
 *	for each track its columns, one behind the other: frame, t_s, x_px, y_px, and the
 *	quantities of clips/motion.h in their order; what a rule does not determine is NaN
 *
 * Thread: any; pure.
 */
#pragma once

#include "clips/motion.h"
#include "clips/tracking.h"
#include "util/buf.h"

/* A failed allocation shows at vz_buf_finish(). */
void vz_columns_print(struct vz_buf *buf, const struct vz_motion_options *options,
		      const struct vz_tracks *tracks);
