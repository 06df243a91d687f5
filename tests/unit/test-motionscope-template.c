#include "motionscope-planes.h"

#include <errno.h>
#include <math.h>

#include "motionscope/template.h"

#define WIDTH  160
#define HEIGHT 120

/* A sticker of two halves on a slanted ground that stays. */
static void draw(struct vz_plane *plane, double cx, double cy, double gain)
{
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			double d = hypot(x - cx, y - cy), ground = 60 + 0.3 * x + 0.2 * y;
			double edge = fmin(fmax(7 - d, 0), 1); /* how much of the pixel it covers */
			double side = fmin(fmax(0.5 + (x - cx) * 0.8 + (y - cy) * 0.6, 0), 1);
			double v = ground + edge * (30 + 180 * side - ground);

			vz_plane_get_row(plane, (uint32_t) y)[x] =
				(uint8_t) lrint(fmin(gain * v, 255));
		}
}

TEST(template_follows_a_sticker_through_changing_light)
{
	struct vz_plane plane = make_plane(WIDTH, HEIGHT, 5);
	struct vz_template t;

	draw(&plane, 60, 60, 1);
	CHECK_EQ(vz_template_init(&t, &plane, 9, 3, 0.1, 60, 60), 0);
	for (uint32_t i = 1; i < 120; i++) {
		double angle = 0.11 * i, x = 60 + 31 * sin(angle), y = 60 + 20 - 20 * cos(angle);

		/* It gets darker meanwhile. */
		draw(&plane, x, y, 1 - 0.003 * i);
		CHECK_EQ(vz_template_step(&t, &plane, 3 + i, 0.1 + i / 30.0), 0);
		CHECK_EQ(t.track.points[i].how, VZ_TRACK_TEMPLATE);
		CHECK_EQ(t.track.points[i].frame, 3 + i);
		CHECK_NEAR(t.track.points[i].x_px, x, 0.3);
		CHECK_NEAR(t.track.points[i].y_px, y, 0.3);
	}
	vz_template_deinit(&t);
	free_plane(&plane);
}

TEST(template_bridges_and_then_gives_up)
{
	struct vz_plane plane = make_plane(WIDTH, HEIGHT, 0);
	struct vz_template t;
	uint32_t i = 0;
	int r = 0;

	draw(&plane, 80, 60, 1);
	CHECK_EQ(vz_template_init(&t, &plane, 9, 0, 0, 80, 60), 0);
	memset(plane.data, 90, WIDTH * HEIGHT);
	for (i = 1; i < 100 && r == 0; i++)
		r = vz_template_step(&t, &plane, i, i / 25.0);
	CHECK_EQ(r, -ESRCH);
	CHECK_EQ(i, 17);
	CHECK_EQ(t.track.n, 1);
	vz_template_deinit(&t);
	free_plane(&plane);
}

TEST(template_refuses_the_edge_and_what_is_all_alike)
{
	struct vz_plane plane = make_plane(WIDTH, HEIGHT, 0), tiny = make_plane(1, 1, 0);
	struct vz_template t;

	memset(plane.data, 90, WIDTH * HEIGHT);
	CHECK_EQ(vz_template_init(&t, &plane, 9, 0, 0, 80, 60), -ENODATA);
	CHECK_EQ(vz_template_init(&t, &plane, 9, 0, 0, 8.5, 60), -ERANGE);
	CHECK_EQ(vz_template_init(&t, &plane, 9, 0, 0, 80, HEIGHT - 9.5), -ERANGE);
	CHECK_EQ(vz_template_init(&t, &plane, 9, 0, 0, NAN, 60), -ERANGE);
	CHECK_EQ(vz_template_init(&t, &tiny, 4, 0, 0, 0, 0), -ERANGE);
	free_plane(&plane);
	free_plane(&tiny);
}

/* By the definition, in two passes. */
static double correlate_slowly(const struct vz_template *t, const struct vz_plane *plane, int x,
			       int y)
{
	int radius = (int) t->radius_px, side = 2 * radius + 1;
	double mean_t = 0, mean_f = 0, tt = 0, ff = 0, ft = 0;

	for (int i = 0; i < side * side; i++) {
		mean_t += (double) t->pixels[i] / (side * side);
		mean_f += (double) vz_plane_get_row(plane,
						    (uint32_t) (y - radius +
								i / side))[x - radius + i % side] /
			  (side * side);
	}
	for (int i = 0; i < side * side; i++) {
		double a = (double) t->pixels[i] - mean_t;
		double b = vz_plane_get_row(plane, (uint32_t) (y - radius +
							       i / side))[x - radius + i % side] -
			   mean_f;

		tt += a * a;
		ff += b * b;
		ft += a * b;
	}
	return ft / sqrt(tt * ff);
}

TEST(template_correlates_as_the_definition)
{
	struct vz_plane plane = make_plane(40, 30, 3);
	struct vz_template t;

	fill_random(&plane, 256);
	CHECK_EQ(vz_template_init(&t, &plane, 4, 0, 0, 20.4, 14.7), 0);
	for (int y = 4; y < 26; y++)
		for (int x = 4; x < 36; x++)
			CHECK_NEAR(vz_template_correlate(&t, &plane, x, y),
				   correlate_slowly(&t, &plane, x, y), 1e-9);
	vz_template_deinit(&t);
	free_plane(&plane);
}
