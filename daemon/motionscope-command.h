/*
 * The command vizyd-motionscope: what it was asked for (motionscope-options.c), and what it does
 * with it (motionscope-main.c). The way of a clip is in clips/.
 *
 * Thread: one.
 */
#pragma once

#include "clips/tracking.h"

struct options {
	const char *file;
	struct vz_tracking_options tracking;
	double px_per_unit; /* 0: not given */
	unsigned window;
	const char *csv, *json; /* NULL: not asked for; "-": standard output */
};

/* Returns 0, 1 (nothing more to do) or -EINVAL, and has said why. */
int options_read(int argc, char **argv, struct options *ret);
