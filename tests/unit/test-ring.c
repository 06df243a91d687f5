#include "util/ring.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>

#include "test.h"

static int items[VZ_RING_SIZE + 1];

TEST(ring_keeps_the_order)
{
	struct vz_ring ring = { 0 };

	CHECK(!vz_ring_pop(&ring));
	/* Around the end of the slots several times. */
	for (unsigned i = 0; i < 5 * VZ_RING_SIZE; i += 3) {
		for (unsigned j = 0; j < 3; j++)
			CHECK(vz_ring_push(&ring, &items[(i + j) % VZ_RING_SIZE]));
		for (unsigned j = 0; j < 3; j++)
			CHECK(vz_ring_pop(&ring) == &items[(i + j) % VZ_RING_SIZE]);
	}
	CHECK(!vz_ring_pop(&ring));
}

TEST(ring_full_takes_no_more)
{
	struct vz_ring ring = { 0 };

	for (unsigned i = 0; i < VZ_RING_SIZE; i++)
		CHECK(vz_ring_push(&ring, &items[i]));
	CHECK(!vz_ring_push(&ring, &items[VZ_RING_SIZE]));
	CHECK(vz_ring_pop(&ring) == &items[0]);
	CHECK(vz_ring_push(&ring, &items[VZ_RING_SIZE]));
	for (unsigned i = 1; i <= VZ_RING_SIZE; i++)
		CHECK(vz_ring_pop(&ring) == &items[i]);
	CHECK(!vz_ring_pop(&ring));
}

TEST(ring_counters_wrap_around)
{
	struct vz_ring ring = { .head = UINT32_MAX - 5, .tail = UINT32_MAX - 5 };

	for (unsigned i = 0; i < 20; i++)
		CHECK(vz_ring_push(&ring, &items[i]));
	for (unsigned i = 0; i < 20; i++)
		CHECK(vz_ring_pop(&ring) == &items[i]);
	CHECK(!vz_ring_pop(&ring));
}

#define N_SENT 100000

static int payload[N_SENT];

static void *push_all(void *data)
{
	for (int i = 0; i < N_SENT; i++) {
		payload[i] = i;
		while (!vz_ring_push(data, &payload[i]))
			sched_yield();
	}
	return NULL;
}

TEST(ring_between_two_threads)
{
	struct vz_ring ring = { 0 };
	pthread_t thread;
	int wrong = 0;

	CHECK_EQ(pthread_create(&thread, NULL, push_all, &ring), 0);
	for (int i = 0; i < N_SENT; i++) {
		int *item;

		while (!(item = vz_ring_pop(&ring)))
			sched_yield();
		/* Also what was written before the push is seen. */
		wrong += item != &payload[i] || *item != i;
	}
	CHECK_EQ(pthread_join(thread, NULL), 0);
	CHECK_EQ(wrong, 0);
}
