/*
 * The tracks of a clip as text: CSV, one row for each point, and JSON, with derivatives and all
 * that they were made with. Numbers are the shortest that read back the same.
 *
 * Thread: any. A failed allocation shows at vz_buf_finish().
 */
#pragma once

#include "clips/motion.h"
#include "clips/tracking.h"
#include "util/buf.h"

struct vz_print_options {
	const char *program; /* "vizyd-motionscope 1.2.3" */
	const char *file;
	const struct vz_tracking_options *tracking; /* what the tracks were found with */
	struct vz_motion_options motion;
	/* Which tracks, a bit for each from the first on, and of them the points from first_s to
	 * last_s: what a graph shows. */
	uint64_t shown;
	double first_s, last_s;
};

#define VZ_PRINT_ALL .shown = UINT64_MAX, .first_s = -INFINITY, .last_s = INFINITY

bool vz_print_shows(const struct vz_print_options *options, size_t track);
/* The name of how a point came about: "measured", "bridged", "template". */
const char *vz_print_how(enum vz_track_how how);
/* Writes t_s, x_px, … of which the header is "track,frame,t_s,x_px,y_px,area_px,how". */
void vz_print_csv(struct vz_buf *buf, const struct vz_print_options *options,
		  const struct vz_tracks *tracks);
void vz_print_json(struct vz_buf *buf, const struct vz_print_options *options,
		   const struct vz_tracks *tracks);
