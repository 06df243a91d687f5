/*
 * The background model: what a picture looks like where nothing moves, and how much it varies there
 * by itself. Of a clip it is the median over time, which needs no empty start: anything that covers
 * a pixel for less than half of the samples leaves no trace in it (R. Cutler, L. Davis, View-based
 * detection and analysis of periodic motion, ICPR 1998). Of a live picture it is the median
 * followed step by step (N. McFarlane, C. Schofield, Segmentation and tracking of piglets in
 * images, Machine Vision and Applications 8, 1995).
 *
 * Thread: any; pure functions. All planes of a call have one size.
 */
#pragma once

#include "motionscope/plane.h"

/* Odd, so that the median is one of the samples. */
#define VZ_BACKGROUND_MAX_SAMPLES 63u

/* The middle value of each pixel over @n samples (1..63; of an even number the lower one). */
void vz_background_find_median(const struct vz_plane *samples, unsigned n, struct vz_plane *ret);

/*
 * The median of |sample - background| of each pixel: its noise, which is sigma / 1.4826 where that
 * is normal (P. Rousseeuw, C. Croux, Alternatives to the median absolute deviation, 1993).
 */
void vz_background_find_deviation(const struct vz_plane *samples, unsigned n,
				  const struct vz_plane *background, struct vz_plane *ret);

/*
 * The noise of the whole plane as a standard deviation, in levels: from the median of all
 * |sample - background|, with the part of a level that whole numbers hide. At least 0.
 */
double vz_background_find_noise(const struct vz_plane *samples, unsigned n,
				const struct vz_plane *background);

/* Moves each pixel of @background one level towards @frame: called every so many frames, which is
 * its speed. A thing that stays becomes background after as many calls as it differs in levels. */
void vz_background_follow(const struct vz_plane *frame, struct vz_plane *background);

/*
 * The same for the noise: moves each value of @deviation, which is in parts of
 * 1 / VZ_BACKGROUND_PARTS level, one part towards |frame - background|, so that it follows the
 * median of that (as sigma-delta estimation does: A. Manzanera, J. Richefeu, A new motion detection
 * algorithm based on sigma-delta background estimation, Pattern Recognition Letters 28, 2007).
 */
#define VZ_BACKGROUND_PARTS 8u
void vz_background_follow_deviation(const struct vz_plane *frame, const struct vz_plane *background,
				    struct vz_plane *deviation);
