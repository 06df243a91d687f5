#include "test.h"

#include <errno.h>
#include <pthread.h>

#include "vizyd/frame.h"

static void on_release(struct vz_frame *frame, void *data)
{
	(*(int *) data)++;
}

TEST(frame_is_released_once_by_the_last_reference)
{
	int n_released = 0;
	struct vz_frame frame = { .refs = 1, .release = on_release, .release_data = &n_released };

	CHECK(vz_frame_ref(&frame) == &frame);
	CHECK(!vz_frame_unref(&frame));
	CHECK_EQ(n_released, 0);
	CHECK(!vz_frame_unref(&frame));
	CHECK_EQ(n_released, 1);
	CHECK(!vz_frame_unref(NULL));
}

static void *ref_and_unref(void *data)
{
	for (int i = 0; i < 10000; i++) {
		(void) vz_frame_ref(data);
		(void) vz_frame_unref(data);
	}
	(void) vz_frame_unref(data);
	return NULL;
}

TEST(frame_references_are_counted_across_threads)
{
	int n_released = 0;
	struct vz_frame frame = { .refs = 4, .release = on_release, .release_data = &n_released };
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, ref_and_unref, &frame), 0);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(pthread_join(threads[i], NULL), 0);
	CHECK_EQ(n_released, 1);
}
