#include "test.h"

#include <errno.h>
#include <stdlib.h>

#include "recorder/frame-ring.h"
#include "recorder/stir.h"

#define WIDTH  320u
#define HEIGHT 240u
#define STEP   INT64_C(33000000)

struct rig {
	struct vz_stir *stir;
	struct vz_frame_ring *ring;
	uint64_t n;
	int noise; /* levels to either side */
	uint32_t state;
};

static int next_random(struct rig *rig)
{
	rig->state = rig->state * 1664525 + 1013904223;
	return (int) (rig->state >> 16);
}

/* A grey wall with noise and, at @x_px, a square of @side_px that is @level brighter. */
static int add(struct rig *rig, uint32_t x_px, uint32_t side_px, int level, int light)
{
	struct vz_frame *frame = vz_frame_ring_reserve(rig->ring);
	uint8_t *luma = (uint8_t *) (uintptr_t) frame->plane[0];

	for (uint32_t y = 0; y < HEIGHT; y++)
		for (uint32_t x = 0; x < WIDTH; x++) {
			int value =
				100 + light + next_random(rig) % (2 * rig->noise + 1) - rig->noise;

			if (x - x_px < side_px && y - 100 < side_px)
				value += level;
			luma[y * frame->stride_bytes[0] + x] = (uint8_t) value;
		}
	frame->timestamp_ns = (int64_t) rig->n++ * STEP;
	vz_frame_ring_add(rig->ring, frame, 0);
	return vz_stir_add(rig->stir, frame);
}

static void rig_init(struct rig *rig, double sensitivity, int noise)
{
	*rig = (struct rig){ .noise = noise, .state = 1 };
	CHECK_EQ(vz_stir_new(&rig->stir), 0);
	vz_stir_set_sensitivity(rig->stir, sensitivity);
	CHECK_EQ(vz_frame_ring_new(WIDTH, HEIGHT, 1 << 20, &rig->ring), 0);
}

static void rig_deinit(struct rig *rig)
{
	rig->stir = vz_stir_free(rig->stir);
	rig->ring = vz_frame_ring_free(rig->ring);
}

TEST(stir_sees_what_moves_and_not_the_noise)
{
	static const struct {
		const char *label;
		double sensitivity;
		int noise;
		uint32_t side_px;
		int level;
		bool is_seen;
	} cases[] = {
		{ "a ball", 75, 3, 20, 80, true },
		{ "a ball in much noise", 75, 12, 20, 100, true },
		{ "a small ball", 100, 3, 5, 100, true },
		{ "a small ball, for whom that is too little", 1, 8, 3, 40, false },
		{ "nothing", 100, 3, 0, 0, false },
		{ "nothing in much noise", 100, 20, 0, 0, false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct rig rig;
		bool is_seen = false;

		test_case(cases[i].label);
		rig_init(&rig, cases[i].sensitivity, cases[i].noise);
		for (int k = 0; k < 60; k++)
			CHECK(add(&rig, 0, 0, 0, 0) <= 0);
		for (uint32_t k = 0; k < 8; k++)
			is_seen |= add(&rig, 60 + 10 * k, cases[i].side_px, cases[i].level, 0) > 0;
		CHECK_EQ(is_seen, cases[i].is_seen);
		rig_deinit(&rig);
	}
}

TEST(stir_takes_a_change_of_light_for_what_it_is)
{
	struct rig rig;

	rig_init(&rig, 75, 3);
	for (int k = 0; k < 40; k++)
		CHECK(add(&rig, 0, 0, 0, 0) <= 0);
	for (int k = 0; k < 20; k++)
		CHECK(add(&rig, 0, 0, 0, 2 * k) <= 0);
	rig_deinit(&rig);
}

TEST(stir_gets_used_to_what_always_moves)
{
	struct rig rig;
	int n_last = 0;

	rig_init(&rig, 75, 3);
	for (uint32_t k = 0; k < 300; k++) {
		int r = add(&rig, 100 + k % 2 * 4, 30, 60, 0);

		n_last += k >= 200 && r > 0;
	}
	CHECK_EQ(n_last, 0);
	CHECK_EQ(add(&rig, 100, 30, 60, 0) > 0 || add(&rig, 250, 20, 90, 0) > 0, 1);
	rig_deinit(&rig);
}

TEST(stir_compares_frames_that_are_apart)
{
	struct rig rig;
	struct vz_frame *frame;

	rig_init(&rig, 75, 3);
	CHECK_EQ(add(&rig, 0, 0, 0, 0), -EAGAIN);
	CHECK_EQ(add(&rig, 0, 0, 0, 0), 0);
	frame = vz_frame_ring_get(rig.ring, 1);
	frame->timestamp_ns += VZ_STIR_STEP_NS - 1;
	CHECK_EQ(vz_stir_add(rig.stir, vz_frame_ring_get(rig.ring, 1)), -EAGAIN);
	/* Of another size, or before what has been: it begins anew. */
	vz_stir_reset(rig.stir);
	CHECK_EQ(vz_stir_add(rig.stir, vz_frame_ring_get(rig.ring, 1)), -EAGAIN);
	CHECK_EQ(vz_stir_add(rig.stir, vz_frame_ring_get(rig.ring, 0)), -EAGAIN);
	rig_deinit(&rig);
}
