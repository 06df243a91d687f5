#include "recorder/frame-ring.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Rows start on cache lines, which the encoder's and the detector's SIMD like. */
#define ALIGNMENT   64u
#define MAX_SIDE_PX 16384u

/* What the frames hold together: memory, and which places of it are free. */
struct arena {
	int refs; /* atomic: the ring and every frame that is out */
	uint8_t *memory;
	size_t size;
	struct vz_frame *frames;
	size_t n_frames;
	pthread_mutex_t lock;
	struct vz_frame **unused; /* guarded by lock */
	size_t n_unused;
};

struct place {
	struct vz_frame *frame;
	unsigned n_missed;
};

struct vz_frame_ring {
	struct arena *arena;
	uint32_t width_px, height_px;
	struct place *order; /* a circle, the oldest at `first` */
	size_t first, n;
};

/* --- The memory ----------------------------------------------------------------------------- */

static uint32_t align_up(uint32_t n)
{
	return (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

size_t vz_frame_ring_frame_bytes(uint32_t width_px, uint32_t height_px)
{
	return (size_t) height_px * (align_up(width_px) + align_up(width_px / 2));
}

static void arena_unref(struct arena *arena)
{
	if (__atomic_sub_fetch(&arena->refs, 1, __ATOMIC_ACQ_REL))
		return;
	if (arena->memory)
		(void) munmap(arena->memory, arena->size);
	(void) pthread_mutex_destroy(&arena->lock);
	free(arena->frames);
	free(arena->unused);
	free(arena);
}

static void on_release(struct vz_frame *frame, void *data)
{
	struct arena *arena = data;

	(void) pthread_mutex_lock(&arena->lock);
	arena->unused[arena->n_unused++] = frame;
	(void) pthread_mutex_unlock(&arena->lock);
	arena_unref(arena);
}

static struct vz_frame *take_unused(struct arena *arena)
{
	struct vz_frame *frame = NULL;

	(void) pthread_mutex_lock(&arena->lock);
	if (arena->n_unused)
		frame = arena->unused[--arena->n_unused];
	(void) pthread_mutex_unlock(&arena->lock);
	if (!frame)
		return NULL;
	__atomic_add_fetch(&arena->refs, 1, __ATOMIC_RELAXED);
	frame->refs = 1;
	frame->release = on_release;
	frame->release_data = arena;
	return frame;
}

static void lay_out(struct arena *arena, uint32_t width_px, uint32_t height_px)
{
	size_t luma_stride = align_up(width_px), chroma_stride = align_up(width_px / 2);
	size_t size = vz_frame_ring_frame_bytes(width_px, height_px);

	for (size_t i = 0; i < arena->n_frames; i++) {
		struct vz_frame *frame = &arena->frames[i];
		uint8_t *memory = arena->memory + i * size;

		frame->width_px = width_px;
		frame->height_px = height_px;
		frame->plane[0] = memory;
		frame->plane[1] = memory + luma_stride * height_px;
		frame->plane[2] = frame->plane[1] + chroma_stride * (height_px / 2);
		frame->stride_bytes[0] = (uint32_t) luma_stride;
		frame->stride_bytes[1] = frame->stride_bytes[2] = (uint32_t) chroma_stride;
		/* The first to be taken is the first in memory. */
		arena->unused[arena->n_frames - 1 - i] = frame;
	}
	arena->n_unused = arena->n_frames;
}

static int arena_new(uint32_t width_px, uint32_t height_px, size_t n_frames, struct arena **ret)
{
	struct arena *arena = calloc(1, sizeof(*arena));
	size_t size = vz_frame_ring_frame_bytes(width_px, height_px) * n_frames;
	void *memory;

	if (!arena)
		return -ENOMEM;
	arena->refs = 1;
	(void) pthread_mutex_init(&arena->lock, NULL);
	arena->n_frames = n_frames;
	arena->frames = calloc(n_frames, sizeof(*arena->frames));
	arena->unused = calloc(n_frames, sizeof(struct vz_frame *));
	/* All of it now: that there is too little shall show before the throw, not during it. */
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (memory != MAP_FAILED) {
		arena->memory = memory;
		arena->size = size;
	}
	if (!arena->memory || !arena->frames || !arena->unused) {
		arena_unref(arena);
		return -ENOMEM;
	}
	lay_out(arena, width_px, height_px);
	*ret = arena;
	return 0;
}

/* --- The ring ------------------------------------------------------------------------------- */

int vz_frame_ring_new(uint32_t width_px, uint32_t height_px, size_t budget_bytes,
		      struct vz_frame_ring **ret)
{
	VZ_CLEANUP(vz_frame_ring_freep) struct vz_frame_ring *ring = NULL;
	size_t n_frames;
	int r;

	if (!width_px || !height_px || width_px % 2 || height_px % 2 || width_px > MAX_SIDE_PX ||
	    height_px > MAX_SIDE_PX)
		return -EINVAL;
	n_frames = budget_bytes / vz_frame_ring_frame_bytes(width_px, height_px);
	if (n_frames < 2)
		return -ENOBUFS;
	ring = calloc(1, sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	ring->width_px = width_px;
	ring->height_px = height_px;
	ring->order = calloc(n_frames, sizeof(*ring->order));
	if (!ring->order)
		return -ENOMEM;
	r = arena_new(width_px, height_px, n_frames, &ring->arena);
	if (r < 0)
		return r;
	*ret = vz_steal(ring);
	return 0;
}

struct vz_frame_ring *vz_frame_ring_free(struct vz_frame_ring *ring)
{
	if (!ring)
		return NULL;
	vz_frame_ring_clear(ring);
	if (ring->arena)
		arena_unref(ring->arena);
	free(ring->order);
	free(ring);
	return NULL;
}

int vz_frame_ring_fits(const struct vz_frame_ring *ring, const struct vz_frame *frame)
{
	return frame->width_px == ring->width_px && frame->height_px == ring->height_px;
}

size_t vz_frame_ring_capacity(const struct vz_frame_ring *ring)
{
	return ring->arena->n_frames;
}

size_t vz_frame_ring_n_frames(const struct vz_frame_ring *ring)
{
	return ring->n;
}

static void drop_oldest(struct vz_frame_ring *ring)
{
	struct vz_frame *frame = ring->order[ring->first].frame;

	ring->first = (ring->first + 1) % ring->arena->n_frames;
	ring->n--;
	(void) vz_frame_unref(frame);
}

struct vz_frame *vz_frame_ring_reserve(struct vz_frame_ring *ring)
{
	struct vz_frame *frame;

	/* What others hold is in the way, and leaves the ring without making room. */
	while (!(frame = take_unused(ring->arena)) && ring->n)
		drop_oldest(ring);
	return frame;
}

static void copy_plane(struct vz_frame *to, const struct vz_frame *from, unsigned i)
{
	uint32_t width = i ? to->width_px / 2 : to->width_px;
	uint32_t height = i ? to->height_px / 2 : to->height_px;
	/* Its memory is the ring's own, and nobody else has the frame yet. */
	uint8_t *row = (uint8_t *) (uintptr_t) to->plane[i];

	if (to->stride_bytes[i] == from->stride_bytes[i]) {
		/* Of the last row no more than its pixels. */
		memcpy(row, from->plane[i], (size_t) to->stride_bytes[i] * (height - 1) + width);
		return;
	}
	for (uint32_t y = 0; y < height; y++, row += to->stride_bytes[i])
		memcpy(row, from->plane[i] + (size_t) y * from->stride_bytes[i], width);
}

void vz_frame_ring_fill(struct vz_frame *frame, const struct vz_frame *from)
{
	for (unsigned i = 0; i < VZ_FRAME_N_PLANES; i++)
		copy_plane(frame, from, i);
	frame->timestamp_ns = from->timestamp_ns;
	frame->source_timestamp_ns = from->source_timestamp_ns;
	frame->sequence = from->sequence;
	frame->generation = from->generation;
	frame->n_values = from->n_values;
	memcpy(frame->values, from->values, sizeof(frame->values));
}

void vz_frame_ring_add(struct vz_frame_ring *ring, struct vz_frame *frame, unsigned n_missed)
{
	assert(ring->n < ring->arena->n_frames);
	ring->order[(ring->first + ring->n++) % ring->arena->n_frames] =
		(struct place){ frame, n_missed };
}

static const struct place *place_of(const struct vz_frame_ring *ring, size_t index)
{
	assert(index < ring->n);
	return &ring->order[(ring->first + index) % ring->arena->n_frames];
}

struct vz_frame *vz_frame_ring_get(const struct vz_frame_ring *ring, size_t index)
{
	return place_of(ring, index)->frame;
}

unsigned vz_frame_ring_get_missed(const struct vz_frame_ring *ring, size_t index)
{
	return place_of(ring, index)->n_missed;
}

void vz_frame_ring_clear(struct vz_frame_ring *ring)
{
	while (ring->n)
		drop_oldest(ring);
}
