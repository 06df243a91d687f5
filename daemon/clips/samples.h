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

/* Offers the @index-th picture, from 0 on; all have one size. Returns 0 or -ENOMEM. */
int vz_samples_offer(struct vz_samples *samples, const struct vz_picture *picture, uint32_t index);
void vz_samples_deinit(struct vz_samples *samples);
