/*
 * The way of a clip through detection and tracking: its file is read twice, for the background and
 * for what differs from it. The command vizyd-motionscope and the page both go this way.
 *
 * Thread: any; it takes as long as the clip is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "camera/file-reader.h"
#include "motionscope/detector.h"
#include "motionscope/track.h"
#include "util/cleanup.h"

#define VZ_TRACKING_MAX_POINTS 32u
#define VZ_TRACKING_TO_THE_END UINT32_MAX

/* What the template tracker shall follow. */
struct vz_tracking_point {
	double x_px, y_px;
	uint32_t frame;
};

struct vz_tracking_options {
	double threshold_percent; /* 1..100 */
	uint32_t first, last;	  /* frames; last may be VZ_TRACKING_TO_THE_END */
	uint32_t min_area_px;	  /* smaller objects are left out; 0: none */
	struct vz_tracking_point points[VZ_TRACKING_MAX_POINTS];
	unsigned n_points;
	/*
	 * Called before each frame of each of the two passes; @n_frames is 0 as long as nobody
	 * knows how many there are, and once for each track with @frame = @n_frames. Anything but 0
	 * ends it, and is returned. May be NULL.
	 */
	int (*progress)(unsigned pass, uint32_t frame, uint32_t n_frames, void *data);
	void *data;
};

/* What is wrong with what: for a person. */
struct vz_tracking_error {
	enum { VZ_TRACKING_FILE, VZ_TRACKING_RANGE, VZ_TRACKING_POINT } where;
	char text[200];
};

struct vz_tracks {
	uint32_t width_px, height_px, n_frames; /* n_frames: of the whole file */
	double fps;				/* on average; 0: the file does not say */
	unsigned rotation_deg;			/* as in struct vz_file_info */
	double pixel_aspect;
	struct vz_file_count file; /* how far it could be read; all 0: not known */
	double noise_levels[VZ_PICTURE_N_PLANES];
	struct vz_track *tracks; /* those by template first, in the order of the options */
	size_t n_tracks;
};

/*
 * Fills *@ret, which vz_tracks_deinit() empties. Returns 0, what progress() returned, or a negative
 * errno with *@ret_error filled: of the file those of vz_file_reader_open(), else -EINVAL, -ERANGE
 * (a point too near to the edge), -ENODATA (nothing to follow at a point) or -ENOMEM.
 */
int vz_tracking_run(const char *path, const struct vz_tracking_options *options,
		    struct vz_tracks *ret, struct vz_tracking_error *ret_error);
void vz_tracks_deinit(struct vz_tracks *tracks);

/* What an errno of the file reader means for a person. */
const char *vz_tracking_describe(int r);
