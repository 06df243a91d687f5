/*
 * A bounded queue of pointers between one writing and one reading thread, without a lock: what
 * libcamera's completion handler may use. Thread: push on one, pop on one other.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VZ_RING_SIZE 64u /* a power of two, above any number of buffers that a camera has */

struct vz_ring {
	unsigned head, tail; /* atomic; the writer owns head, the reader tail */
	void *slots[VZ_RING_SIZE];
};

/* Returns false, and stores nothing, when the ring is full. */
bool vz_ring_push(struct vz_ring *ring, void *item);
/* Returns NULL when the ring is empty. */
void *vz_ring_pop(struct vz_ring *ring);
