/*
 * A pool is the fixed set of frames that a source without buffers of its own hands out. It bounds
 * what a slow consumer can hold: with all frames out the source finds none and drops, which shows
 * as a gap in the sequence numbers. A frame carries either planes of the pool's own memory,
 * allocated at its first use, or planes of somebody else's buffer (the decoder's), given back by
 * `recycle`.
 *
 * The frames hold the pool: it goes when its owner has let go and the last frame is back.
 *
 * Thread: acquire on the source's thread; frames come back on any.
 */
#pragma once

#include <stdint.h>

#include "util/cleanup.h"
#include "vizyd/frame.h"

struct vz_pool;

#define VZ_POOL_MAX_FRAMES 32u

/*
 * Makes a pool of @n_frames of @width_px x @height_px, both even and at most 16384. @recycle (may
 * be NULL) gets each foreign buffer back. Returns 0, -EINVAL or -ENOMEM.
 */
int vz_pool_new(uint32_t width_px, uint32_t height_px, unsigned n_frames,
		void (*recycle)(void *foreign), struct vz_pool **ret);
/* Lets go; takes NULL. Frames that are out stay valid. */
struct vz_pool *vz_pool_free(struct vz_pool *pool);
VZ_DEFINE_CLEANUP(vz_pool_free, struct vz_pool *, vz_pool_free)

/*
 * A frame with one reference, its size, planes and strides set and all else zero; *@ret_planes
 * are its planes, to write. Returns 0, -EBUSY (all are out) or -ENOMEM.
 */
int vz_pool_acquire(struct vz_pool *pool, uint8_t *ret_planes[VZ_FRAME_N_PLANES],
		    struct vz_frame **ret);
/*
 * The same without memory: the caller sets planes and strides, which point into @foreign. Takes
 * @foreign on success. Returns 0 or -EBUSY.
 */
int vz_pool_acquire_foreign(struct vz_pool *pool, void *foreign, struct vz_frame **ret);
