#include "test.h"

#include <errno.h>
#include <math.h>
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

/* --- What a camera shows --------------------------------------------------------------------- */

/* A textured room of 60 to 200 levels, with the noise of a sensor, a light that gives @gain and,
 * where it flickers, is that much stronger and weaker in bands; and a ball. */
struct room {
	struct vz_stir *stir;
	struct vz_frame_ring *ring;
	float *paint; /* its levels */
	uint32_t width, height, n, state;
	double noise, gain, flicker;
	double x, y, diameter, contrast; /* of the ball; 0: none */
};

/* Drawing them anew for each pixel takes a sanitizer minutes. */
#define N_NORMALS 65536u
static float normals[N_NORMALS];

static void make_normals(void)
{
	uint32_t state = 1;

	for (uint32_t i = 0; i < N_NORMALS; i++) {
		double sum = 0;

		for (int k = 0; k < 4; k++) {
			state = state * 1664525u + 1013904223u;
			sum += state / 4294967296.0;
		}
		/* Of variance 4 / 12. */
		normals[i] = (float) ((sum - 2) * 1.7320508);
	}
}

static void paint(struct room *room)
{
	for (uint32_t y = 0; y < room->height; y++)
		for (uint32_t x = 0; x < room->width; x++)
			room->paint[(size_t) y * room->width + x] =
				(float) (130 + 50 * sin(x / 23.0) * cos(y / 31.0) +
					 (x / 40 + y / 40) % 2 * 20);
}

static void develop_row(struct room *room, uint32_t y, uint8_t *row)
{
	const float *levels = room->paint + (size_t) y * room->width;
	float light =
		(float) (room->gain *
			 (1 + room->flicker * sin(y * 12.566 / room->height + room->n * 2.2)));

	for (uint32_t x = 0; x < room->width; x++) {
		float level;

		room->state = room->state * 1664525u + 1013904223u;
		level = levels[x] * light +
			(float) room->noise * normals[room->state >> 8 & (N_NORMALS - 1)];
		if (fabs(y - room->y) < room->diameter / 2 &&
		    hypot(x - room->x, y - room->y) < room->diameter / 2)
			level += (float) room->contrast;
		row[x] = (uint8_t) (level < 0 ? 0 : level > 255 ? 255 : level);
	}
}

static int show(struct room *room)
{
	struct vz_frame *frame = vz_frame_ring_reserve(room->ring);
	uint8_t *luma = (uint8_t *) (uintptr_t) frame->plane[0];

	for (uint32_t y = 0; y < room->height; y++)
		develop_row(room, y, luma + (size_t) y * frame->stride_bytes[0]);
	frame->timestamp_ns = (int64_t) room->n++ * STEP;
	vz_frame_ring_add(room->ring, frame, 0);
	return vz_stir_add(room->stir, frame);
}

static void room_init(struct room *room, uint32_t width, uint32_t height, double sensitivity,
		      double noise)
{
	*room = (struct room){
		.width = width, .height = height, .noise = noise, .gain = 1, .state = 1
	};
	make_normals();
	room->paint = malloc((size_t) width * height * sizeof(*room->paint));
	CHECK(room->paint);
	paint(room);
	CHECK_EQ(vz_stir_new(&room->stir), 0);
	vz_stir_set_sensitivity(room->stir, sensitivity);
	CHECK_EQ(vz_frame_ring_new(width, height, 12 << 20, &room->ring), 0);
}

static void room_deinit(struct room *room)
{
	room->stir = vz_stir_free(room->stir);
	room->ring = vz_frame_ring_free(room->ring);
	free(room->paint);
}

TEST(stir_sees_a_small_ball_in_a_large_picture)
{
	static const struct {
		const char *label;
		double sensitivity, noise, diameter, contrast;
		bool is_seen;
	} cases[] = {
		{ "9 px of 1080 lines", 75, 2, 9, 60, true },
		{ "9 px, dark, in much noise", 75, 5, 9, -90, true },
		{ "5 px, at the most sensitive", 100, 2, 5, 60, true },
		{ "9 px, for whom that is too little", 20, 2, 9, 60, false },
		{ "80 px, for the same", 20, 2, 80, 60, true },
		{ "a person, at the least sensitive", 1, 2, 400, 60, true },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct room room;
		unsigned n_seen = 0;

		test_case(cases[i].label);
		room_init(&room, 1920, 1080, cases[i].sensitivity, cases[i].noise);
		for (int k = 0; k < 20; k++)
			CHECK(show(&room) <= 0);
		room.diameter = cases[i].diameter;
		room.contrast = cases[i].contrast;
		for (int k = 0; k < 3; k++) {
			room.x = 500 + 47 * k;
			room.y = 300 + 11 * k;
			n_seen += show(&room) > 0;
		}
		CHECK_EQ(n_seen, cases[i].is_seen ? 3u : 0u);
		room_deinit(&room);
	}
}

TEST(stir_is_not_started_by_light)
{
	static const struct {
		const char *label;
		double sensitivity, noise, flicker;
		double step; /* the gain, from one picture to the next */
		int n_steps; /* pictures with such a step */
	} cases[] = {
		{ "noise of a dim room", 75, 8, 0, 1, 0 },
		{ "noise, at the most sensitive", 100, 3, 0, 1, 0 },
		{ "a lamp that flickers in bands", 75, 2, 0.04, 1, 0 },
		{ "much of that", 75, 2, 0.12, 1, 0 },
		{ "the exposure, slowly", 75, 2, 0, 1.004, 60 },
		{ "the exposure, fast", 75, 2, 0, 0.96, 12 },
		{ "the exposure, at once", 75, 2, 0, 0.6, 1 },
		{ "the light is put on", 75, 2, 0, 1.8, 1 },
		{ "the exposure, at the most sensitive", 100, 2, 0, 1.02, 20 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct room room;

		test_case(cases[i].label);
		room_init(&room, 640, 480, cases[i].sensitivity, cases[i].noise);
		room.flicker = cases[i].flicker;
		for (int k = 0; k < 25; k++)
			CHECK(show(&room) <= 0);
		for (int k = 0; k < cases[i].n_steps; k++) {
			room.gain *= cases[i].step;
			CHECK(show(&room) <= 0);
		}
		for (int k = 0; k < 40; k++)
			CHECK(show(&room) <= 0);
		/* And a ball is still seen. */
		room.diameter = 24;
		room.contrast = -50;
		room.x = room.y = 200;
		CHECK_EQ(show(&room), 1);
		room_deinit(&room);
	}
}
