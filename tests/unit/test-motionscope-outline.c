#include "motionscope-planes.h"

#include <math.h>

#include "motionscope/mask.h"
#include "motionscope/outline.h"

/* A disk of a contrast with a weaker shadow on one side of it: the outline is the disk. */
TEST(outline_leaves_out_the_shadow)
{
	struct vz_plane mask = make_plane(60, 40, 3), strength = make_plane(60, 40, 0);
	struct vz_plane difference = make_plane(60, 40, 1), outline = make_plane(60, 40, 2);
	struct vz_runs runs = { 0 };

	for (int y = 0; y < 40; y++)
		for (int x = 0; x < 60; x++) {
			bool is_disk = hypot(x - 20, y - 20) <= 9;
			bool is_shadow = !is_disk && hypot(x - 30, y - 22) <= 9;
			int d = is_disk ? 100 : is_shadow ? 25 : 0;

			vz_plane_get_row(&difference, (uint32_t) y)[x] = (uint8_t) d;
			vz_plane_get_row(&strength, (uint32_t) y)[x] = (uint8_t) (2 * d);
			vz_plane_get_row(&mask, (uint32_t) y)[x] = d ? 255 : 0;
		}
	CHECK_EQ(vz_runs_find(&mask, true, &runs), 0);
	CHECK_EQ(vz_outline_find(&runs, &strength, &difference, 3, &outline), 0);
	for (int y = 0; y < 40; y++)
		for (int x = 0; x < 60; x++) {
			uint8_t s = vz_plane_get_row(&outline, (uint32_t) y)[x];

			CHECK_EQ(s, hypot(x - 20, y - 20) <= 9 ? VZ_MASK_FULL : 0);
		}
	vz_runs_deinit(&runs);
	free_plane(&mask);
	free_plane(&strength);
	free_plane(&difference);
	free_plane(&outline);
}

TEST(outline_keeps_small_ones_whole_and_drops_weak_ones)
{
	struct vz_plane mask = make_plane(16, 4, 1), strength = make_plane(16, 4, 0);
	struct vz_plane difference = make_plane(16, 4, 0), outline = make_plane(16, 4, 0);
	struct vz_runs runs = { 0 };

	memset(mask.data, 255, 4);
	memcpy(strength.data, (uint8_t[]){ 40, 90, 200, 35 }, 4);
	memcpy(difference.data, (uint8_t[]){ 6, 14, 31, 5 }, 4);
	memset(vz_plane_get_row(&mask, 3), 255, 16); /* never reaches the limit */
	memset(vz_plane_get_row(&strength, 3), VZ_MASK_LIMIT - 1, 16);
	CHECK_EQ(vz_runs_find(&mask, true, &runs), 0);
	CHECK_EQ(vz_outline_find(&runs, &strength, &difference, 3, &outline), 0);
	for (unsigned x = 0; x < 4; x++)
		CHECK_EQ(outline.data[x], strength.data[x]);
	for (unsigned i = 4; i < 64; i++)
		CHECK_EQ(outline.data[i], 0);
	vz_runs_deinit(&runs);
	free_plane(&mask);
	free_plane(&strength);
	free_plane(&difference);
	free_plane(&outline);
}

TEST(outline_works_on_every_size)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++) {
		uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
		struct vz_plane mask = make_plane(w, h, 1), strength = make_plane(w, h, 2);
		struct vz_plane difference = make_plane(w, h, 0);
		struct vz_plane outline = make_plane(w, h, plane_sizes[i].padding);
		struct vz_runs runs = { 0 };

		test_case(plane_sizes[i].label);
		fill_random(&mask, 2);
		fill_random(&strength, 256);
		fill_random(&difference, 256);
		CHECK_EQ(vz_runs_find(&mask, true, &runs), 0);
		CHECK_EQ(vz_outline_find(&runs, &strength, &difference, 3, &outline), 0);
		for (uint32_t y = 0; y < h; y++)
			for (uint32_t x = 0; x < w; x++)
				CHECK(vz_plane_get_row(&mask, y)[x] ||
				      !vz_plane_get_row(&outline, y)[x]);
		vz_runs_deinit(&runs);
		free_plane(&mask);
		free_plane(&strength);
		free_plane(&difference);
		free_plane(&outline);
	}
}
