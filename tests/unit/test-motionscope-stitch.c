#include "motionscope-planes.h"

#include <math.h>

#include "motionscope/stitch.h"

#define N_FRAMES 100u

static double times_s[N_FRAMES];
static struct vz_stitch_times times = { 0, N_FRAMES, times_s };
static struct vz_track tracks[4];

/* Uneven times, and no tracks. */
static void set_up(void)
{
	for (unsigned i = 0; i < 4; i++)
		vz_track_deinit(&tracks[i]);
	for (uint32_t i = 0; i < N_FRAMES; i++)
		times_s[i] = (i + 0.3 * (i % 3)) / 30;
}

__attribute__((destructor)) static void clean_up(void)
{
	for (unsigned i = 0; i < 4; i++)
		vz_track_deinit(&tracks[i]);
}

static double get_x(double t_s)
{
	return 20 + 300 * t_s;
}

static double get_y(double t_s)
{
	return 400 - 700 * t_s + 450 * t_s * t_s;
}

/* The frames @first..@last of a throw, @dx beside it. */
static void throw(unsigned i, uint32_t first, uint32_t last, double dx, enum vz_track_how how)
{
	for (uint32_t frame = first; frame <= last; frame++) {
		double t_s = times_s[frame];
		struct vz_track_point point = {
			frame,
			80,
			t_s,
			get_x(t_s) + dx + 0.2 * (random_number() % 200 / 100.0 - 1),
			get_y(t_s) + 0.2 * (random_number() % 200 / 100.0 - 1),
			how
		};

		CHECK_EQ(vz_track_add(&tracks[i], &point), 0);
	}
	tracks[i].id = i + 1;
}

static void stitch(void)
{
	CHECK_EQ(vz_stitch_tracks(tracks, 4, &times), 0);
}

/* That it is one point for each frame, where the throw was. */
static void check_throw(const struct vz_track *track, uint32_t first, uint32_t last)
{
	CHECK_EQ(track->n, last - first + 1);
	for (size_t i = 0; i < track->n; i++) {
		const struct vz_track_point *p = &track->points[i];

		CHECK_EQ(p->frame, first + i);
		CHECK_EQ(p->t_s, times_s[first + i]);
		CHECK_NEAR(p->x_px, get_x(p->t_s), 1);
		CHECK_NEAR(p->y_px, get_y(p->t_s), 1);
	}
}

TEST(stitch_joins_the_pieces_of_a_throw_over_gaps)
{
	set_up();
	/* In another order than that of time. */
	throw(2, 3, 15, 0, VZ_TRACK_MEASURED);
	throw(0, 24, 33, 0, VZ_TRACK_MEASURED);
	throw(3, 36, 60, 0, VZ_TRACK_MEASURED);
	stitch();
	check_throw(&tracks[2], 3, 60);
	CHECK_EQ(tracks[2].id, 3);
	CHECK_EQ(tracks[2].n_measured, 13 + 10 + 25);
	CHECK_EQ(tracks[2].n_missed, 0);
	CHECK_EQ(tracks[2].points[13].how, VZ_TRACK_BRIDGED);
	CHECK_EQ(tracks[2].points[21].how, VZ_TRACK_MEASURED);
	CHECK_EQ(tracks[0].n, 0);
	CHECK_EQ(tracks[3].n, 0);
}

TEST(stitch_leaves_alone_what_is_another_object)
{
	static const struct {
		const char *label;
		uint32_t first;
		double dx, part;
	} cases[] = {
		{ "beside it", 24, 25, 1 },
		{ "much later", 60, 0, 1 },
		{ "much larger", 24, 0, 8 },
		{ "at the same time, elsewhere", 10, 40, 1 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		set_up();
		throw(0, 3, 15, 0, VZ_TRACK_MEASURED);
		throw(1, cases[i].first, cases[i].first + 20, cases[i].dx, VZ_TRACK_MEASURED);
		tracks[1].area_px *= cases[i].part;
		stitch();
		if (tracks[0].n != 13 || tracks[1].n != 21)
			printf("%s\n", cases[i].label);
		CHECK_EQ(tracks[0].n, 13);
		CHECK_EQ(tracks[1].n, 21);
	}
}

/* Of two that both could go on, the one that fits. */
TEST(stitch_pairs_two_for_the_least_cost)
{
	set_up();
	throw(0, 3, 15, 0, VZ_TRACK_MEASURED);
	throw(1, 3, 15, 4, VZ_TRACK_MEASURED);
	throw(2, 20, 32, 4, VZ_TRACK_MEASURED);
	throw(3, 20, 32, 0, VZ_TRACK_MEASURED);
	stitch();
	check_throw(&tracks[0], 3, 32);
	CHECK_EQ(tracks[1].n, 30);
	CHECK_NEAR(tracks[1].points[29].x_px, get_x(times_s[32]) + 4, 1);
}

/* Both have been found by their looks where the other one is. */
TEST(stitch_joins_what_overlaps_and_keeps_what_was_measured)
{
	set_up();
	throw(0, 3, 20, 0, VZ_TRACK_MEASURED);
	throw(0, 21, 24, 0, VZ_TRACK_TEMPLATE);
	throw(1, 18, 20, 0, VZ_TRACK_TEMPLATE);
	throw(1, 21, 40, 0, VZ_TRACK_MEASURED);
	stitch();
	check_throw(&tracks[0], 3, 40);
	CHECK_EQ(tracks[1].n, 0);
	for (size_t i = 0; i < tracks[0].n; i++)
		CHECK_EQ(tracks[0].points[i].how, VZ_TRACK_MEASURED);
}

/* What was taken for it before and after, by its looks, is left out. */
TEST(stitch_takes_no_guess_for_the_end_of_a_track)
{
	set_up();
	throw(0, 3, 20, 0, VZ_TRACK_MEASURED);
	throw(0, 21, 24, 30, VZ_TRACK_TEMPLATE);
	throw(1, 22, 24, -30, VZ_TRACK_TEMPLATE);
	throw(1, 25, 40, 0, VZ_TRACK_MEASURED);
	stitch();
	check_throw(&tracks[0], 3, 40);
	CHECK_EQ(tracks[0].points[19].how, VZ_TRACK_BRIDGED);
}

TEST(stitch_does_without_tracks_and_with_empty_ones)
{
	set_up();
	CHECK_EQ(vz_stitch_tracks(tracks, 0, &times), 0);
	stitch();
	throw(1, 3, 5, 0, VZ_TRACK_MEASURED);
	stitch();
	CHECK_EQ(tracks[1].n, 3);
}
