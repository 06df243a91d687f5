/*
 * The motion of a track in units of length, which are the same along x and y, or in pixels: place,
 * velocity, acceleration, speed. The axes are those of the picture, x to the right and y down from
 * the middle of its upper left pixel, or with y up from the middle of its lower left pixel.
 *
 * Thread: any; pure functions.
 */
#pragma once

#include <stdbool.h>

#include "motionscope/derivative.h"
#include "motionscope/track.h"
#include "util/cleanup.h"

struct vz_calibration {
	const char *unit;   /* "px", "m", …; borrowed */
	double px_per_unit; /* along y; more than 0 */
	bool is_y_up;
	uint32_t height_px; /* of the picture; for y up */
	/* The width of a pixel by its height, by which lengths along x are longer than they have
	 * pixels; 0: square, or they are to stay in pixels. */
	double pixel_aspect;
};

struct vz_motion_options {
	enum vz_derivative_rule rule;
	unsigned window; /* of the polynomial */
	struct vz_calibration calibration;
};

/* What there is of each point, in the order of the graphs. */
enum vz_quantity { VZ_X, VZ_Y, VZ_VX, VZ_VY, VZ_AX, VZ_AY, VZ_SPEED, VZ_N_QUANTITIES };

struct vz_motion {
	size_t n;
	double *t_s;
	double *values[VZ_N_QUANTITIES]; /* what a rule does not determine is NaN */
};

/* "x", "vx", … */
const char *vz_quantity_name(enum vz_quantity quantity);
/* Of "x" and its kin; returns VZ_N_QUANTITIES for anything else. */
enum vz_quantity vz_quantity_find(const char *name);

/* "polynomial", …, of enum vz_derivative_rule; NULL past the last. */
const char *vz_motion_rule_name(unsigned rule);

/* Returns 0 or -ENOMEM. */
int vz_motion_find(const struct vz_track *track, const struct vz_motion_options *options,
		   struct vz_motion *ret);
void vz_motion_deinit(struct vz_motion *motion);
