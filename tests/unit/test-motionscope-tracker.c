#include "motionscope-planes.h"

#include <math.h>

#include "motionscope/tracker.h"

#define WIDTH  640
#define HEIGHT 480

static struct vz_blobs *blobs;
static struct vz_tracker *tracker;

static void set_up(void)
{
	(void) vz_tracker_free(tracker);
	free(blobs);
	blobs = calloc(1, sizeof(*blobs));
	CHECK(blobs);
	CHECK_EQ(vz_tracker_new(WIDTH, HEIGHT, &tracker), 0);
}

__attribute__((destructor)) static void clean_up(void)
{
	(void) vz_tracker_free(tracker);
	free(blobs);
}

static void show(double x, double y, double radius)
{
	blobs->blobs[blobs->n++] = (struct vz_motion_blob){
		.x_px = x,
		.y_px = y,
		.area_px = (uint32_t) (3.1416 * radius * radius),
		.left = (uint32_t) (x - radius),
		.right = (uint32_t) (x + radius),
		.top = (uint32_t) (y - radius),
		.bottom = (uint32_t) (y + radius),
		.peak = 255,
	};
}

static void step(uint32_t frame, double t_s)
{
	CHECK_EQ(vz_tracker_step(tracker, frame, t_s, blobs), 0);
	blobs->n = 0;
}

static size_t finish(const struct vz_track **ret)
{
	CHECK_EQ(vz_tracker_finish(tracker), 0);
	return vz_tracker_get_tracks(tracker, ret);
}

static double noise(void)
{
	return 0.2 * (random_number() % 2000 / 1000.0 - 1);
}

TEST(tracker_keeps_one_identity_over_bounces_and_uneven_times)
{
	const struct vz_track *tracks;
	double x = 40, y = 60, vy = 0, t_s = 0;

	set_up();
	for (uint32_t i = 0; i < 90; i++) {
		double dt = i % 3 ? 0.033 : 0.05;

		show(x + noise(), y + noise(), 6);
		step(i, t_s);
		t_s += dt;
		x += 150 * dt;
		vy += 1500 * dt;
		y += vy * dt;
		if (y > 440) {
			y = 440 - (y - 440);
			vy *= -0.8;
		}
	}
	CHECK_EQ(finish(&tracks), 1);
	CHECK_EQ(tracks[0].n, 90);
	CHECK_EQ(tracks[0].n_measured, 90);
	CHECK_EQ(tracks[0].points[89].frame, 89);
}

TEST(tracker_bridges_an_occlusion_near_the_truth)
{
	const struct vz_track *tracks;

	set_up();
	for (uint32_t i = 0; i < 60; i++) {
		double t_s = i / 50.0;

		if (i < 25 || i >= 35)
			show(50 + 400 * t_s + noise(), 400 - 500 * t_s + 400 * t_s * t_s + noise(),
			     5);
		step(i, t_s);
	}
	CHECK_EQ(finish(&tracks), 1);
	CHECK_EQ(tracks[0].n, 60);
	for (uint32_t i = 0; i < 60; i++) {
		const struct vz_track_point *p = &tracks[0].points[i];
		double t_s = i / 50.0;
		bool is_hidden = i >= 25 && i < 35;

		CHECK_EQ(p->how, is_hidden ? VZ_TRACK_BRIDGED : VZ_TRACK_MEASURED);
		CHECK_NEAR(p->x_px, 50 + 400 * t_s, is_hidden ? 8 : 0.3);
		CHECK_NEAR(p->y_px, 400 - 500 * t_s + 400 * t_s * t_s, is_hidden ? 8 : 0.3);
	}
}

/* Two that cross: for some frames they are one blob, between both and as large as both. */
TEST(tracker_does_not_swap_two_that_cross)
{
	const struct vz_track *tracks;

	for (int round = 0; round < 20; round++) {
		double y0 = 200 + random_number() % 5, slope = 20 + random_number() % 20;

		set_up();
		for (uint32_t i = 0; i < 50; i++) {
			double xa = 50 + 10 * i, xb = 560 - 10 * i, t_s = i / 30.0;
			double ya = y0 + slope * t_s, yb = y0 + 2 * slope - slope * t_s;

			if (hypot(xa - xb, ya - yb) < 20) {
				show((xa + xb) / 2, (ya + yb) / 2, 14);
			} else if (i % 2) {
				show(xa + noise(), ya + noise(), 10);
				show(xb + noise(), yb + noise(), 10);
			} else {
				show(xb + noise(), yb + noise(), 10);
				show(xa + noise(), ya + noise(), 10);
			}
			step(i, t_s);
		}
		CHECK_EQ(finish(&tracks), 2);
		for (int k = 0; k < 2; k++) {
			const struct vz_track *t = &tracks[k];
			bool is_a = t->points[0].x_px < 300;

			CHECK_EQ(t->n, 50);
			CHECK_NEAR(t->points[49].x_px, is_a ? 540 : 70, 1);
		}
	}
}

TEST(tracker_puts_pieces_together)
{
	const struct vz_track *tracks;

	set_up();
	for (uint32_t i = 0; i < 30; i++) {
		double x = 100 + 8 * i;

		if (i == 15) {
			show(x - 7, 200, 7);
			show(x + 7, 200, 7);
		} else {
			show(x, 200, 10);
		}
		step(i, i / 30.0);
	}
	CHECK_EQ(finish(&tracks), 1);
	CHECK_EQ(tracks[0].n, 30);
	CHECK_NEAR(tracks[0].points[15].x_px, 100 + 8 * 15, 0.5);
}

TEST(tracker_tells_of_things_that_moved_and_of_no_more_than_32)
{
	const struct vz_track *tracks;

	set_up();
	for (uint32_t i = 0; i < 20; i++) {
		for (uint32_t k = 0; k < 40; k++) /* each row a little faster than the one above */
			show(40 + i * (2.0 + 0.1 * k), 6 + 11.5 * k, 3);
		for (uint32_t k = 0; k < 10; k++) /* those that stay */
			show(500 + noise(), 20 + 40 * k + noise(), 4);
		step(i, i / 30.0);
	}
	CHECK_EQ(finish(&tracks), VZ_TRACKER_MAX_TRACKS);
	for (unsigned k = 0; k < VZ_TRACKER_MAX_TRACKS; k++) {
		CHECK(tracks[k].points[0].x_px < 50);
		CHECK(tracks[k].points[0].y_px > 6 + 11.5 * 7.5);
		CHECK(!k || tracks[k].id > tracks[k - 1].id);
	}
}

TEST(tracker_survives_any_blobs)
{
	const struct vz_track *tracks;

	set_up();
	for (uint32_t i = 0; i < 60; i++) {
		uint32_t n = random_number() % (VZ_BLOBS_MAX_N + 1);

		for (uint32_t k = 0; k < n; k++)
			show(30 + random_number() % 580, 30 + random_number() % 420,
			     1 + random_number() % 25);
		step(i, i * 0.01 + 1e-9 * i);
	}
	CHECK(finish(&tracks) <= VZ_TRACKER_MAX_TRACKS);
}

TEST(a_track_begins_where_it_was_seen)
{
	struct vz_track track = { 0 };

	for (unsigned i = 0; i < 4; i++) {
		const struct vz_track_point point = {
			.frame = i,
			.t_s = i,
			.x_px = i,
			.how = i < 2 ? VZ_TRACK_BRIDGED : VZ_TRACK_MEASURED,
		};

		CHECK_EQ(vz_track_add(&track, &point), 0);
	}
	CHECK_EQ(track.n, 2);
	CHECK_EQ(track.points[0].frame, 2);
	vz_track_deinit(&track);
}
