/*
 * The ring of the frames of the last seconds, each copied once into memory that was set aside
 * before: so many as fit into a budget, and never one more. When there is no place for a new frame
 * the oldest goes. A frame of the ring is a frame like any other: whoever wants it for longer takes
 * a reference, and its place is free again with the last of them, on whatever thread.
 *
 * The frames hold the memory: it goes when the ring has been freed and the last frame is back.
 *
 * Thread: one at a time; references on any.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"
#include "vizyd/frame.h"

struct vz_frame_ring;

/* How much memory one frame of this size takes. */
size_t vz_frame_ring_frame_bytes(uint32_t width_px, uint32_t height_px);

/*
 * Sets aside the memory for frames of this size, both sides even, within @budget_bytes. Takes as
 * long as filling that memory. Returns 0, -EINVAL (no size), -ENOBUFS (not even two frames fit) or
 * -ENOMEM.
 */
int vz_frame_ring_new(uint32_t width_px, uint32_t height_px, size_t budget_bytes,
		      struct vz_frame_ring **ret);
struct vz_frame_ring *vz_frame_ring_free(struct vz_frame_ring *ring);
VZ_DEFINE_CLEANUP(vz_frame_ring_free, struct vz_frame_ring *, vz_frame_ring_free)

/* Whether frames of this size are what it is for. */
int vz_frame_ring_fits(const struct vz_frame_ring *ring, const struct vz_frame *frame);
/* How many frames there is memory for, and how many are in the ring now. */
size_t vz_frame_ring_capacity(const struct vz_frame_ring *ring);
size_t vz_frame_ring_n_frames(const struct vz_frame_ring *ring);

/*
 * A place for a new frame, with one reference, which must then be filled or given back; the oldest
 * frames leave the ring for it as need be. NULL: others hold all that there is, the ring is empty
 * now.
 */
struct vz_frame *vz_frame_ring_reserve(struct vz_frame_ring *ring);
/* Copies picture, stamps and values of @from into a reserved frame. Needs no lock of the ring's. */
void vz_frame_ring_fill(struct vz_frame *frame, const struct vz_frame *from);
/* Takes @frame, which was reserved and filled, as the newest. @n_missed: how many frames came since
 * the one before that had no place here. */
void vz_frame_ring_add(struct vz_frame_ring *ring, struct vz_frame *frame, unsigned n_missed);

/* The @index-th, the oldest being 0; borrowed. */
struct vz_frame *vz_frame_ring_get(const struct vz_frame_ring *ring, size_t index);
unsigned vz_frame_ring_get_missed(const struct vz_frame_ring *ring, size_t index);
/* Lets go of all frames. */
void vz_frame_ring_clear(struct vz_frame_ring *ring);
