#include "camera/pool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Rows start on cache lines, which the encoder's and the detector's SIMD like. */
#define ALIGNMENT   64u
#define MAX_SIDE_PX 16384u

struct slot {
	struct vz_frame frame;
	uint8_t *memory;
	void *foreign;
};

struct vz_pool {
	int refs;	   /* atomic: the owner and every frame that is out */
	uint32_t free_set; /* atomic: bit i is set while slot i is at home */
	unsigned n_slots;
	uint32_t width_px, height_px;
	uint32_t luma_stride, chroma_stride;
	void (*recycle)(void *foreign);
	struct slot slots[VZ_POOL_MAX_FRAMES];
};

static uint32_t align_up(uint32_t n)
{
	return (n + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

int vz_pool_new(uint32_t width_px, uint32_t height_px, unsigned n_frames,
		void (*recycle)(void *foreign), struct vz_pool **ret)
{
	struct vz_pool *pool;

	if (!width_px || !height_px || width_px % 2 || height_px % 2 || width_px > MAX_SIDE_PX ||
	    height_px > MAX_SIDE_PX || !n_frames || n_frames > VZ_POOL_MAX_FRAMES)
		return -EINVAL;

	pool = calloc(1, sizeof(*pool));
	if (!pool)
		return -ENOMEM;
	pool->refs = 1;
	pool->n_slots = n_frames;
	pool->free_set = (uint32_t) ((UINT64_C(1) << n_frames) - 1);
	pool->width_px = width_px;
	pool->height_px = height_px;
	pool->luma_stride = align_up(width_px);
	pool->chroma_stride = align_up(width_px / 2);
	pool->recycle = recycle;
	*ret = pool;
	return 0;
}

static void unref(struct vz_pool *pool)
{
	if (__atomic_sub_fetch(&pool->refs, 1, __ATOMIC_ACQ_REL))
		return;
	for (unsigned i = 0; i < pool->n_slots; i++)
		free(pool->slots[i].memory);
	free(pool);
}

struct vz_pool *vz_pool_free(struct vz_pool *pool)
{
	if (pool)
		unref(pool);
	return NULL;
}

static void release(struct vz_frame *frame, void *data)
{
	struct slot *slot = vz_container_of(frame, struct slot, frame);
	struct vz_pool *pool = data;

	if (slot->foreign)
		pool->recycle(vz_steal(slot->foreign));
	__atomic_fetch_or(&pool->free_set, UINT32_C(1) << (slot - pool->slots), __ATOMIC_RELEASE);
	unref(pool);
}

/* Only the source's thread takes, so that what it has seen at home stays at home. */
static struct slot *take_slot(struct vz_pool *pool)
{
	uint32_t free_set = __atomic_load_n(&pool->free_set, __ATOMIC_ACQUIRE);
	struct slot *slot;

	if (!free_set)
		return NULL;
	slot = &pool->slots[__builtin_ctz(free_set)];
	__atomic_fetch_and(&pool->free_set, ~(free_set & -free_set), __ATOMIC_ACQUIRE);
	__atomic_add_fetch(&pool->refs, 1, __ATOMIC_RELAXED);
	slot->frame = (struct vz_frame){
		.width_px = pool->width_px,
		.height_px = pool->height_px,
		.refs = 1,
		.release = release,
		.release_data = pool,
	};
	return slot;
}

static int allocate(const struct vz_pool *pool, uint8_t **ret)
{
	size_t size = (size_t) pool->height_px * (pool->luma_stride + pool->chroma_stride);
	uint8_t *memory;

	memory = aligned_alloc(ALIGNMENT, size);
	if (!memory)
		return -ENOMEM;
	/* Stride padding is read by whole-register loops: defined bytes, whatever they are. */
	memset(memory, 0, size);
	*ret = memory;
	return 0;
}

int vz_pool_acquire(struct vz_pool *pool, uint8_t *ret_planes[VZ_FRAME_N_PLANES],
		    struct vz_frame **ret)
{
	size_t luma_size = (size_t) pool->luma_stride * pool->height_px;
	size_t chroma_size = (size_t) pool->chroma_stride * (pool->height_px / 2);
	struct slot *slot;

	slot = take_slot(pool);
	if (!slot)
		return -EBUSY;
	if (!slot->memory && allocate(pool, &slot->memory) < 0) {
		(void) vz_frame_unref(&slot->frame);
		return -ENOMEM;
	}
	ret_planes[0] = slot->memory;
	ret_planes[1] = slot->memory + luma_size;
	ret_planes[2] = slot->memory + luma_size + chroma_size;
	for (unsigned i = 0; i < VZ_FRAME_N_PLANES; i++) {
		slot->frame.plane[i] = ret_planes[i];
		slot->frame.stride_bytes[i] = i ? pool->chroma_stride : pool->luma_stride;
	}
	*ret = &slot->frame;
	return 0;
}

int vz_pool_acquire_foreign(struct vz_pool *pool, void *foreign, struct vz_frame **ret)
{
	struct slot *slot;

	slot = take_slot(pool);
	if (!slot)
		return -EBUSY;
	slot->foreign = foreign;
	*ret = &slot->frame;
	return 0;
}
