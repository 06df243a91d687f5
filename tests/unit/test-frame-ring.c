#include "test.h"

#include <errno.h>
#include <pthread.h>

#include "recorder/frame-ring.h"

#define WIDTH  34u
#define HEIGHT 18u

/* A source's frame with strides of its own, of which each byte tells the number. */
struct source {
	uint8_t memory[3][64 * HEIGHT];
	struct vz_frame frame;
};

static void make(struct source *source, uint64_t number)
{
	static const uint32_t strides[] = { 40, 64, 17 };

	source->frame = (struct vz_frame){
		.width_px = WIDTH,
		.height_px = HEIGHT,
		.timestamp_ns = (int64_t) number * 1000 + 7,
		.source_timestamp_ns = (int64_t) number,
		.sequence = number,
		.generation = 3,
		.n_values = 1,
		.values = { { 5, 0.25 } },
	};
	for (unsigned i = 0; i < 3; i++) {
		memset(source->memory[i], (int) (number + i), sizeof(source->memory[i]));
		source->frame.plane[i] = source->memory[i];
		source->frame.stride_bytes[i] = strides[i];
	}
}

static bool push(struct vz_frame_ring *ring, uint64_t number)
{
	struct vz_frame *frame = vz_frame_ring_reserve(ring);
	struct source source;

	if (!frame)
		return false;
	make(&source, number);
	vz_frame_ring_fill(frame, &source.frame);
	vz_frame_ring_add(ring, frame, (unsigned) number % 7);
	return true;
}

static void check_frame(const struct vz_frame *frame, uint64_t number)
{
	CHECK_EQ(frame->sequence, number);
	CHECK_EQ(frame->timestamp_ns, number * 1000 + 7);
	CHECK_EQ(frame->generation, 3);
	CHECK_EQ(frame->values[0].control, 5);
	for (unsigned i = 0; i < 3; i++)
		for (uint32_t y = 0; y < (i ? HEIGHT / 2 : HEIGHT); y++)
			for (uint32_t x = 0; x < (i ? WIDTH / 2 : WIDTH); x++)
				CHECK_EQ(frame->plane[i][y * frame->stride_bytes[i] + x],
					 (uint8_t) (number + i));
}

static struct vz_frame_ring *make_ring(size_t n_frames)
{
	struct vz_frame_ring *ring;

	CHECK_EQ(vz_frame_ring_new(WIDTH, HEIGHT,
				   vz_frame_ring_frame_bytes(WIDTH, HEIGHT) * n_frames + 5, &ring),
		 0);
	CHECK_EQ(vz_frame_ring_capacity(ring), n_frames);
	return ring;
}

TEST(frame_ring_keeps_the_newest)
{
	struct vz_frame_ring *ring = make_ring(5);

	for (uint64_t i = 0; i < 23; i++) {
		CHECK(push(ring, i));
		CHECK_EQ(vz_frame_ring_n_frames(ring), i < 4 ? i + 1 : 5);
		for (size_t k = 0; k < vz_frame_ring_n_frames(ring); k++) {
			uint64_t number = (i < 4 ? 0 : i - 4) + k;

			check_frame(vz_frame_ring_get(ring, k), number);
			CHECK_EQ(vz_frame_ring_get_missed(ring, k), number % 7);
		}
	}
	vz_frame_ring_clear(ring);
	CHECK_EQ(vz_frame_ring_n_frames(ring), 0);
	CHECK(push(ring, 99));
	CHECK_EQ(vz_frame_ring_get(ring, 0)->sequence, 99);
	ring = vz_frame_ring_free(ring);
}

TEST(frame_ring_never_writes_over_what_others_hold)
{
	struct vz_frame_ring *ring = make_ring(4);
	struct vz_frame *held[4];

	for (uint64_t i = 0; i < 4; i++)
		CHECK(push(ring, i));
	for (size_t i = 0; i < 3; i++)
		held[i] = vz_frame_ref(vz_frame_ring_get(ring, i));
	/* One place is left for all that is new. */
	for (uint64_t i = 4; i < 10; i++)
		CHECK(push(ring, i));
	CHECK_EQ(vz_frame_ring_n_frames(ring), 1);
	held[3] = vz_frame_ref(vz_frame_ring_get(ring, 0));
	CHECK(!push(ring, 10));
	CHECK_EQ(vz_frame_ring_n_frames(ring), 0);
	for (size_t i = 0; i < 3; i++)
		check_frame(held[i], i);
	check_frame(held[3], 9);
	(void) vz_frame_unref(held[1]);
	CHECK(push(ring, 11));
	/* The memory goes with the last frame, not with the ring. */
	ring = vz_frame_ring_free(ring);
	check_frame(held[0], 0);
	(void) vz_frame_unref(held[0]);
	(void) vz_frame_unref(held[2]);
	(void) vz_frame_unref(held[3]);
}

TEST(frame_ring_refuses_what_makes_no_sense)
{
	struct vz_frame_ring *ring = NULL;
	size_t bytes = vz_frame_ring_frame_bytes(WIDTH, HEIGHT);
	struct source source;

	CHECK_EQ(vz_frame_ring_new(0, HEIGHT, 1 << 20, &ring), -EINVAL);
	CHECK_EQ(vz_frame_ring_new(WIDTH, 17, 1 << 20, &ring), -EINVAL);
	CHECK_EQ(vz_frame_ring_new(20000, HEIGHT, 1 << 20, &ring), -EINVAL);
	CHECK_EQ(vz_frame_ring_new(WIDTH, HEIGHT, 2 * bytes - 1, &ring), -ENOBUFS);
	CHECK(!ring);
	ring = make_ring(2);
	make(&source, 1);
	CHECK(vz_frame_ring_fits(ring, &source.frame));
	source.frame.width_px = 32;
	CHECK(!vz_frame_ring_fits(ring, &source.frame));
	ring = vz_frame_ring_free(ring);
	CHECK(!vz_frame_ring_free(NULL));
}

#define N_ROUNDS 3000

struct exchange {
	pthread_mutex_t lock;
	struct vz_frame *given;
	bool is_over; /* guarded by lock */
};

/* Holds each frame for a moment, as who saves it does. */
static void *hold(void *data)
{
	struct exchange *exchange = data;
	bool is_over = false;

	while (!is_over) {
		struct vz_frame *frame;

		(void) pthread_mutex_lock(&exchange->lock);
		frame = exchange->given;
		exchange->given = NULL;
		is_over = exchange->is_over;
		(void) pthread_mutex_unlock(&exchange->lock);
		if (frame && frame->plane[0][0] != (uint8_t) frame->sequence)
			test_fail(__FILE__, __LINE__, "a frame was written over");
		(void) vz_frame_unref(frame);
	}
	return NULL;
}

TEST(frame_ring_lends_to_another_thread)
{
	struct vz_frame_ring *ring = make_ring(6);
	struct exchange exchange = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct vz_frame *old;
	pthread_t thread;

	CHECK_EQ(pthread_create(&thread, NULL, hold, &exchange), 0);
	for (uint64_t i = 0; i < N_ROUNDS; i++) {
		CHECK(push(ring, i));
		(void) pthread_mutex_lock(&exchange.lock);
		old = exchange.given;
		exchange.given =
			vz_frame_ref(vz_frame_ring_get(ring, vz_frame_ring_n_frames(ring) / 2));
		exchange.is_over = i == N_ROUNDS - 1;
		(void) pthread_mutex_unlock(&exchange.lock);
		(void) vz_frame_unref(old);
	}
	CHECK_EQ(pthread_join(thread, NULL), 0);
	(void) vz_frame_unref(exchange.given);
	ring = vz_frame_ring_free(ring);
}
