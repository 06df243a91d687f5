#include "test.h"

#include <errno.h>
#include <pthread.h>

#include "camera/pool.h"

TEST(pool_hands_out_planes_and_takes_them_back)
{
	uint8_t *planes[3], *again[3];
	struct vz_frame *frame;
	struct vz_pool *pool;

	CHECK_EQ(vz_pool_new(130, 98, 2, NULL, &pool), 0);
	CHECK_EQ(vz_pool_acquire(pool, planes, &frame), 0);
	CHECK_EQ(frame->width_px, 130);
	CHECK_EQ(frame->height_px, 98);
	CHECK(frame->stride_bytes[0] >= 130);
	CHECK(frame->stride_bytes[1] >= 65);
	for (int i = 0; i < 3; i++) {
		CHECK(frame->plane[i] == planes[i]);
		memset(planes[i], 1, (size_t) frame->stride_bytes[i] * (i ? 49 : 98));
	}
	frame->sequence = 7;
	(void) vz_frame_unref(frame);

	CHECK_EQ(vz_pool_acquire(pool, again, &frame), 0);
	CHECK(again[0] == planes[0]);
	CHECK_EQ(frame->sequence, 0);
	(void) vz_frame_unref(frame);
	(void) vz_pool_free(pool);
}

TEST(pool_is_empty_when_all_are_out)
{
	struct vz_frame *frames[4], *frame;
	struct vz_pool *pool;
	uint8_t *planes[3];

	CHECK_EQ(vz_pool_new(64, 64, 4, NULL, &pool), 0);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(vz_pool_acquire(pool, planes, &frames[i]), 0);
	CHECK_EQ(vz_pool_acquire(pool, planes, &frame), -EBUSY);
	(void) vz_frame_unref(frames[2]);
	CHECK_EQ(vz_pool_acquire(pool, planes, &frame), 0);
	CHECK(frame == frames[2]);
	for (int i = 0; i < 4; i++)
		(void) vz_frame_unref(frames[i]);
	(void) vz_pool_free(pool);
}

TEST(pool_lives_as_long_as_its_frames)
{
	struct vz_frame *frame;
	struct vz_pool *pool;
	uint8_t *planes[3];

	CHECK_EQ(vz_pool_new(64, 64, 32, NULL, &pool), 0);
	CHECK_EQ(vz_pool_acquire(pool, planes, &frame), 0);
	(void) vz_pool_free(pool);
	memset(planes[0], 5, 64);
	CHECK_EQ(frame->plane[0][63], 5);
	(void) vz_frame_unref(frame);
}

static int n_recycled;

static void recycle(void *foreign)
{
	n_recycled += *(int *) foreign;
}

TEST(pool_gives_foreign_buffers_back)
{
	struct vz_frame *frame;
	struct vz_pool *pool;
	int buffer = 3;

	CHECK_EQ(vz_pool_new(64, 64, 1, recycle, &pool), 0);
	CHECK_EQ(vz_pool_acquire_foreign(pool, &buffer, &frame), 0);
	CHECK_EQ(vz_pool_acquire_foreign(pool, &buffer, &frame), -EBUSY);
	CHECK_EQ(n_recycled, 0);
	(void) vz_frame_unref(frame);
	CHECK_EQ(n_recycled, 3);
	(void) vz_pool_free(pool);
}

TEST(pool_refuses_absurd_sizes)
{
	static const struct {
		const char *label;
		uint32_t width, height;
		unsigned n;
	} cases[] = {
		{ "nothing", 0, 0, 1 },	    { "odd", 63, 64, 1 },
		{ "large", 16386, 64, 1 },  { "huge", UINT32_MAX - 1, UINT32_MAX - 1, 1 },
		{ "no frames", 64, 64, 0 }, { "many frames", 64, 64, 33 },
	};
	struct vz_pool *pool = NULL;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].label);
		CHECK_EQ(vz_pool_new(cases[i].width, cases[i].height, cases[i].n, NULL, &pool),
			 -EINVAL);
		CHECK(!pool);
	}
}

static void *unref_all(void *data)
{
	struct vz_frame **frames = data;

	for (int i = 0; i < 1000; i++) {
		struct vz_frame *frame;

		do
			frame = __atomic_exchange_n(&frames[i % 8], NULL, __ATOMIC_ACQ_REL);
		while (!frame);
		(void) vz_frame_unref(frame);
	}
	return NULL;
}

TEST(pool_frames_come_back_on_another_thread)
{
	struct vz_frame *frames[8] = { NULL };
	struct vz_pool *pool;
	uint8_t *planes[3];
	pthread_t thread;

	CHECK_EQ(vz_pool_new(64, 64, 8, NULL, &pool), 0);
	CHECK_EQ(pthread_create(&thread, NULL, unref_all, frames), 0);
	for (int i = 0; i < 1000; i++) {
		struct vz_frame *frame;

		while (vz_pool_acquire(pool, planes, &frame) < 0)
			;
		planes[0][0] = (uint8_t) i;
		while (__atomic_load_n(&frames[i % 8], __ATOMIC_ACQUIRE))
			;
		__atomic_store_n(&frames[i % 8], frame, __ATOMIC_RELEASE);
	}
	CHECK_EQ(pthread_join(thread, NULL), 0);
	(void) vz_pool_free(pool);
}
