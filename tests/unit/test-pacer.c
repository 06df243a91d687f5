#include "test.h"

#include <pthread.h>

#include "camera/pacer.h"

TEST(pacer_waits_until_the_moment)
{
	struct vz_pacer pacer;
	int64_t at_ns = vz_pacer_now_ns() + 3000000;

	CHECK_EQ(vz_pacer_init(&pacer), 0);
	CHECK(vz_pacer_wait(&pacer, at_ns));
	CHECK(vz_pacer_now_ns() >= at_ns);
	CHECK(vz_pacer_wait(&pacer, at_ns));
	CHECK(vz_pacer_wait(&pacer, -1));
	vz_pacer_deinit(&pacer);
}

static void *wait_for_ever(void *data)
{
	return vz_pacer_wait(data, INT64_MAX) ? data : NULL;
}

TEST(pacer_is_stopped_at_once)
{
	struct vz_pacer pacer;
	pthread_t thread;
	void *ended_by_time;

	CHECK_EQ(vz_pacer_init(&pacer), 0);
	CHECK_EQ(pthread_create(&thread, NULL, wait_for_ever, &pacer), 0);
	vz_pacer_stop(&pacer);
	CHECK_EQ(pthread_join(thread, &ended_by_time), 0);
	CHECK(!ended_by_time);
	CHECK(!vz_pacer_wait(&pacer, 0));
	vz_pacer_deinit(&pacer);
}
