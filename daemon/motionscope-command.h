/*
 * The command vizyd-motionscope: what it was asked for (motionscope-options.c), the way of a clip
 * through detection and tracking (motionscope-clip.c), and what it prints (motionscope-print.c).
 *
 * Thread: one.
 */
#pragma once

#include "motionscope/detector.h"
#include "motionscope/track.h"
#include "motionscope/tracker.h"

#define MAX_POINTS 32u

struct point_option {
	double x_px, y_px;
	uint32_t frame;
};

struct options {
	const char *file;
	double threshold_percent; /* 1..100 */
	uint32_t first, last;	  /* frames; last is UINT32_MAX: to the end */
	struct point_option points[MAX_POINTS];
	unsigned n_points;
	double px_per_unit; /* 0: not given */
	unsigned window;
	const char *csv, *json; /* NULL: not asked for; "-": standard output */
};

struct clip {
	uint32_t width_px, height_px, n_frames; /* n_frames: of the whole file */
	double fps;				/* on average; 0: the file does not say */
	double noise_levels[VZ_DETECTOR_N_PLANES];
	struct vz_track *tracks; /* those by template first, in the order of the options */
	size_t n_tracks;
};

/* Prints "vizyd-motionscope: ..." to standard error; returns -EINVAL. */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Returns 0, 1 (nothing more to do) or -EINVAL, and has said why. */
int options_read(int argc, char **argv, struct options *ret);

/* Fills *@ret, which clip_deinit() empties. Returns 0 or a negative errno, and has said why. */
int clip_track(const struct options *options, struct clip *ret);
void clip_deinit(struct clip *clip);

/* Return 0 or a negative errno, and have said why. */
int print_csv(const struct options *options, const struct clip *clip);
int print_json(const struct options *options, const struct clip *clip);
