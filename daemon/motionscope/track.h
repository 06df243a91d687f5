/*
 * A track: the way of one object, a point for each frame from its first to its last. Where the
 * object was not seen between two measured points, or was one blob with another, the points are
 * bridged: predicted, and pulled in proportion to where it was seen again.
 *
 * Thread: any; each track is its owner's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vz_track_how { VZ_TRACK_MEASURED, VZ_TRACK_BRIDGED, VZ_TRACK_TEMPLATE };

struct vz_track_point {
	uint32_t frame;
	uint32_t area_px; /* of the blob; of a template 0; of a bridged point the last one */
	double t_s, x_px, y_px;
	enum vz_track_how how;
};

struct vz_track {
	unsigned id; /* from 1, in the order in which they began */
	struct vz_track_point *points;
	size_t n, n_allocated;
	size_t n_measured;
	size_t n_missed; /* bridged points at the end: not seen since */
	double area_px;	 /* smoothed */
	double color[3]; /* of its blobs, smoothed; 0: not known */
	double worth;	 /* of one that has ended: the evidence that it is an object */
};

/* A bridged point before the first that was seen is left out. Returns 0 or -ENOMEM, and then the
 * track is as it was. */
int vz_track_add(struct vz_track *track, const struct vz_track_point *point);
/* Takes away the bridged points at the end: nobody knows that they were. */
void vz_track_trim(struct vz_track *track);
/* Takes away all but the last @n_kept points and those from the last measured one on, so that one
 * measured point stays. */
void vz_track_forget(struct vz_track *track, size_t n_kept);
void vz_track_deinit(struct vz_track *track);

/*
 * Where the object will be at @t_s: a parabola through its last measured points by least squares
 * (constant acceleration), from four on, if it describes them, else a line through the last two.
 * *@ret_speed, in pixels per second, is 0 of a track with one point. The track has at least one.
 */
void vz_track_predict(const struct vz_track *track, double t_s, double *ret_x_px, double *ret_y_px,
		      double *ret_speed);

/* The largest extent of its measured points in x or y. */
double vz_track_find_range(const struct vz_track *track);
