/*
 * Brightness as a person means it, 0 to 100 with 50 neutral, laid on the controls that a source
 * has. Pure arithmetic: it says what should be asked, the camera asks.
 *
 * With automatic exposure, the exposure value moves evenly over two and a half stops to either
 * side. Ten, which a percentage invites one to, would leave all beyond the middle third of the
 * slider black or white. In the outer quarters a digital gain of up to 1.6 joins in, because by
 * then the sensor may be at the end of its range. With exposure by hand only the digital gain
 * moves, up to 3. The gain is made of Contrast and Brightness together, since (v - 1/2) c + 1/2 +
 * (c - 1)/2 = c v: black stays black.
 *
 * A source with Brightness alone (webcams, mostly) has that moved over its range; one with
 * nothing gets a tone curve.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "camera/control.h"

#define VZ_BRIGHTNESS_NEUTRAL 50.0

#define VZ_BRIGHTNESS_MAX_STEPS 3

struct vz_brightness_plan {
	unsigned n_steps;
	struct {
		unsigned control; /* index into the table */
		double value;
	} steps[VZ_BRIGHTNESS_MAX_STEPS];
	bool needs_tone;
};

/* 0..100; NaN becomes neutral. */
double vz_brightness_clamp(double brightness);
/* The same controls for every brightness, as long as the table and AeEnable stay the same. */
void vz_brightness_make_plan(const struct vz_control_table *table, double brightness,
			     struct vz_brightness_plan *ret);
/* A rising curve through black and white. */
void vz_brightness_make_tone(double brightness, uint8_t ret_tone[256]);
