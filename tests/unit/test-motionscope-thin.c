#include "motionscope-planes.h"

#include <math.h>

#include "motionscope/thin.h"

static void run(struct vz_plane *mask, struct vz_plane *outline, uint32_t thin)
{
	struct vz_plane scratch = make_plane(mask->width_px, mask->height_px, 2);
	struct vz_runs runs = { 0 };

	CHECK_EQ(vz_runs_find(mask, true, &runs), 0);
	CHECK_EQ(vz_thin_remove(&runs, thin, &scratch, mask, outline), 0);
	vz_runs_deinit(&runs);
	free_plane(&scratch);
}

static void draw_disc(struct vz_plane *plane, double cx, double cy, double radius)
{
	for (uint32_t y = 0; y < plane->height_px; y++)
		for (uint32_t x = 0; x < plane->width_px; x++)
			if (hypot(x - cx, y - cy) <= radius)
				vz_plane_get_row(plane, y)[x] = 255;
}

static unsigned count(const struct vz_plane *plane, uint32_t top, uint32_t bottom)
{
	unsigned n = 0;

	for (uint32_t y = top; y < bottom; y++)
		for (uint32_t x = 0; x < plane->width_px; x++)
			n += vz_plane_get_row(plane, y)[x] != 0;
	return n;
}

TEST(thin_parts_go_and_the_rest_stays_as_it_is)
{
	static const double radii[] = { 9.5, 11, 12.2, 16 };

	for (size_t i = 0; i < 4; i++) {
		struct vz_plane mask = make_plane(64, 80, 3), outline = make_plane(64, 80, 0);
		unsigned n;

		draw_disc(&mask, 31.4, 55.2, radii[i]);
		n = count(&mask, 0, 80);
		draw_disc(&outline, 31.4, 55.2, radii[i]);
		/* The string of a pendulum, 3 px wide. */
		for (uint32_t y = 2; y < 55; y++)
			for (uint32_t x = 30; x < 33; x++)
				vz_plane_get_row(&mask, y)[x] = vz_plane_get_row(&outline, y)[x] =
					255;
		run(&mask, &outline, 2);
		CHECK(count(&mask, 0, 80) <= n + 3 * 4);
		CHECK(count(&mask, 0, 80) >= n);
		CHECK_EQ(count(&mask, 0, 55 - (uint32_t) radii[i] - 6), 0);
		CHECK_EQ(count(&outline, 0, 80), count(&mask, 0, 80));
		free_plane(&mask);
		free_plane(&outline);
	}
}

TEST(thin_objects_and_small_ones_stay)
{
	struct vz_plane mask = make_plane(64, 48, 1), outline = make_plane(64, 48, 1);
	unsigned n;

	draw_disc(&mask, 10, 10, 3.2);
	for (uint32_t x = 2; x < 60; x++)
		memset(vz_plane_get_row(&mask, 30 + x % 3), 255, x);
	n = count(&mask, 0, 48);
	run(&mask, &outline, 2);
	CHECK_EQ(count(&mask, 0, 48), n);
	free_plane(&mask);
	free_plane(&outline);
}

/* An opening by squares, pixel by pixel. */
static bool stays(const struct vz_plane *mask, uint32_t x, uint32_t y, int thin)
{
	int reach = thin + 2;

	for (int cy = (int) y - reach; cy <= (int) y + reach; cy++)
		for (int cx = (int) x - reach; cx <= (int) x + reach; cx++) {
			bool all = true;

			for (int dy = -thin; all && dy <= thin; dy++)
				for (int dx = -thin; all && dx <= thin; dx++)
					all = cx + dx >= 0 && cy + dy >= 0 &&
					      cx + dx < (int) mask->width_px &&
					      cy + dy < (int) mask->height_px &&
					      vz_plane_get_row(mask, (uint32_t) (cy + dy))[cx + dx];
			if (all)
				return true;
		}
	return false;
}

TEST(thin_parts_are_what_brute_force_finds_on_every_size)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++) {
		uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
		struct vz_plane mask = make_plane(w, h, plane_sizes[i].padding);
		struct vz_plane before = make_plane(w, h, 0), outline = make_plane(w, h, 4);

		test_case(plane_sizes[i].label);
		/* One component that is wide somewhere, if there is room. */
		draw_disc(&mask, w / 2.0, h / 2.0, 9);
		for (uint32_t y = 0; y < h; y++)
			for (uint32_t x = 0; x < w; x++)
				if (random_number() % 8 < 5 || y == h / 2)
					vz_plane_get_row(&mask, y)[x] |= (uint8_t) (y == h / 2);
		for (uint32_t y = 0; y < h; y++)
			memcpy(vz_plane_get_row(&before, y), vz_plane_get_row(&mask, y), w);
		run(&mask, &outline, 2);
		for (uint32_t y = 0; h > 20 && y < h; y++)
			for (uint32_t x = 0; x < w; x++)
				CHECK_EQ(vz_plane_get_row(&mask, y)[x] != 0,
					 vz_plane_get_row(&before, y)[x] &&
						 stays(&before, x, y, 2));
		free_plane(&mask);
		free_plane(&before);
		free_plane(&outline);
	}
}
