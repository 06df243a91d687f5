/*
 * The detector: a background model with what it takes to find the blobs of a picture against it, of
 * luma and both chroma planes. It is the stages of this folder in their order, and their memory.
 *
 * Thread: any; one at a time.
 */
#pragma once

#include "motionscope/blobs.h"

#define VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT 25.0

struct vz_detector;

/* For pictures of @width_px x @height_px, 1..16384 each. Returns 0, -EINVAL or -ENOMEM. */
int vz_detector_new(uint32_t width_px, uint32_t height_px, struct vz_detector **ret);
/* Takes NULL; returns NULL. */
struct vz_detector *vz_detector_free(struct vz_detector *detector);
VZ_DEFINE_CLEANUP(vz_detector_free, struct vz_detector *, vz_detector_free)

/*
 * Makes the background model from @n samples (1..VZ_BACKGROUND_MAX_SAMPLES) spread over the clip;
 * @threshold_percent is 1..100. Returns 0 or -EINVAL.
 */
int vz_detector_set_background(struct vz_detector *detector, const struct vz_picture *samples,
			       unsigned n, double threshold_percent);
/* Another threshold, 1..100, for the background that is there. Returns 0 or -EINVAL. */
int vz_detector_set_threshold(struct vz_detector *detector, double threshold_percent);
/*
 * Live: the background, and how much it varies, go a small step towards @frame, as the functions of
 * background.h that follow. What a pixel is compared with changes at once, the limits with the next
 * vz_detector_set_threshold(). Returns 0 or -ENOMEM.
 */
int vz_detector_follow(struct vz_detector *detector, const struct vz_picture *frame);
/* The noise of the plane @i as a standard deviation in levels, from those samples. */
double vz_detector_get_noise(const struct vz_detector *detector, unsigned i);
/* Borrowed. */
const struct vz_picture *vz_detector_get_background(const struct vz_detector *detector);

/* What the blobs of the last step were measured in; borrowed. */
const struct vz_plane *vz_detector_get_outline(const struct vz_detector *detector);

/* *@ret is borrowed, until the next call. Returns 0, -E2BIG or -ENOMEM. */
int vz_detector_step(struct vz_detector *detector, const struct vz_picture *frame,
		     const struct vz_blobs **ret);
/* The mask of the last step, of the size of the luma plane: 255 where an object is. Borrowed, until
 * the next step. */
const struct vz_plane *vz_detector_get_mask(const struct vz_detector *detector);
