/*
 * Samples for a background model: copies of pictures spread over a clip of which nobody knows
 * beforehand how long it is. Thread: any; one at a time.
 */
#pragma once

#include "motionscope/detector.h"

#define VZ_SAMPLES_MAX 41u

struct vz_samples {
	struct vz_picture pictures[VZ_SAMPLES_MAX];
	unsigned n;
	unsigned max; /* so many of this size fit into the memory that is for them; 0: not known */
	unsigned step;
};

/*
 * The frames, from @ret_first to @ret_last, whose pictures make the background when those of
 * @first..@last are tracked: a short range alone would show things where they are for long.
 */
void vz_samples_find_range(uint32_t first, uint32_t last, uint32_t *ret_first, uint32_t *ret_last);
/* Of @n pictures of this size, each so manyth is among the samples in the end. */
uint32_t vz_samples_find_step(uint32_t width_px, uint32_t height_px, uint32_t n);
/* Offers the @index-th picture, from 0 on; all have one size. Returns 0 or -ENOMEM. */
int vz_samples_offer(struct vz_samples *samples, const struct vz_picture *picture, uint32_t index);
void vz_samples_deinit(struct vz_samples *samples);
