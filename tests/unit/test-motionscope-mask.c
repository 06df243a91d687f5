#include "motionscope-planes.h"

#include "motionscope/mask.h"

static uint8_t get(const struct vz_plane *plane, int x, int y, uint8_t outside)
{
	if (x < 0 || y < 0 || x >= (int) plane->width_px || y >= (int) plane->height_px)
		return outside;
	return vz_plane_get_row(plane, (uint32_t) y)[x];
}

static uint8_t extreme(const struct vz_plane *plane, int x, int y, bool is_max)
{
	uint8_t best = is_max ? 0 : 255;

	for (int dy = -1; dy <= 1; dy++)
		for (int dx = -1; dx <= 1; dx++) {
			uint8_t v = get(plane, x + dx, y + dy, best);

			best = is_max == (v > best) ? v : best;
		}
	return best;
}

TEST(mask_dilates_and_erodes_as_the_definition)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++) {
		uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
		struct vz_plane from = make_plane(w, h, 2);
		struct vz_plane larger = make_plane(w, h, plane_sizes[i].padding);
		struct vz_plane smaller = make_plane(w, h, 0);

		test_case(plane_sizes[i].label);
		fill_random(&from, 256);
		vz_mask_dilate(&from, &larger);
		vz_mask_erode(&from, &smaller);
		for (int y = 0; y < (int) h; y++)
			for (int x = 0; x < (int) w; x++) {
				CHECK_EQ(get(&larger, x, y, 0), extreme(&from, x, y, true));
				CHECK_EQ(get(&smaller, x, y, 0), extreme(&from, x, y, false));
			}
		free_plane(&from);
		free_plane(&larger);
		free_plane(&smaller);
	}
}

static int strength_of(int a, int b, int factor)
{
	int s = abs(a - b) * factor / 256;

	return s > 255 ? 255 : s;
}

TEST(mask_finds_strength_in_luma_and_chroma_without_wrapping)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++) {
		uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
		uint32_t cw = (w + 1) / 2, ch = (h + 1) / 2;
		struct vz_plane frame = make_plane(w, h, 1), background = make_plane(w, h, 0);
		struct vz_plane chroma = make_plane(cw, ch, 3), grey = make_plane(cw, ch, 0);
		struct vz_plane strength = make_plane(w, h, plane_sizes[i].padding);
		uint16_t *factors = calloc((size_t) w * h, sizeof(*factors));

		test_case(plane_sizes[i].label);
		for (uint32_t k = 0; k < w * h; k++)
			factors[k] = (uint16_t) (64 + random_number() % 8128);
		fill_random(&frame, 256);
		fill_random(&background, 256);
		fill_random(&chroma, 256);
		fill_random(&grey, 256);
		vz_mask_find_strength(&frame, &background, factors, frame.width_px, &strength);
		vz_mask_add_chroma(&chroma, &grey, factors, chroma.width_px, &strength);
		for (int y = 0; y < (int) h; y++)
			for (int x = 0; x < (int) w; x++) {
				int a = strength_of(get(&frame, x, y, 0), get(&background, x, y, 0),
						    factors[y * (int) w + x]);
				int b = strength_of(get(&chroma, x / 2, y / 2, 0),
						    get(&grey, x / 2, y / 2, 0),
						    factors[y / 2 * (int) cw + x / 2]);

				CHECK_EQ(get(&strength, x, y, 0), a > b ? a : b);
			}
		free(factors);
		free_plane(&frame);
		free_plane(&background);
		free_plane(&chroma);
		free_plane(&grey);
		free_plane(&strength);
	}
}

TEST(mask_limit_follows_noise_and_percent)
{
	static const struct {
		const char *label;
		double noise, percent;
		uint8_t deviation;
		double limit;
	} cases[] = {
		{ "clean: levels per percent", 0, 25, 0, 10 },
		{ "noisy picture: six sigma", 4, 25, 0, 24 },
		{ "noisy pixel", 1, 25, 3, 6 * 3 * 1.4826 },
		{ "often covered pixel", 1, 25, 60, 3 * 10 },
		{ "most", 1, 100, 0, 40 },
		{ "least", 0, 1, 0, 2 },
		{ "never more than a byte can differ", 60, 100, 0, 255 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vz_plane deviation = { (uint8_t[1]){ cases[i].deviation }, 1, 1, 1 };
		uint16_t factor;

		test_case(cases[i].label);
		vz_mask_find_factors(&deviation, cases[i].noise, cases[i].percent, &factor);
		CHECK_NEAR(VZ_MASK_LIMIT * 256.0 / factor, cases[i].limit, 0.02 * cases[i].limit);
	}
}

TEST(mask_closes_gaps_and_keeps_single_pixels)
{
	struct vz_plane strength = make_plane(16, 8, 3), scratch = make_plane(16, 8, 0);
	struct vz_plane mask = make_plane(16, 8, 1);

	vz_plane_get_row(&strength, 1)[14] = VZ_MASK_SUPPORT;
	vz_plane_get_row(&strength, 7)[15] = VZ_MASK_SUPPORT;
	vz_plane_get_row(&strength, 2)[1] = VZ_MASK_SUPPORT - 1;
	vz_plane_get_row(&strength, 5)[3] = 255;
	vz_plane_get_row(&strength, 5)[5] = 255;
	vz_mask_find(&strength, &scratch, &mask);
	for (int y = 0; y < 8; y++)
		for (int x = 0; x < 16; x++) {
			bool is_set = (y == 1 && x == 14) || (y == 7 && x == 15) ||
				      (y == 5 && x >= 3 && x <= 5);

			CHECK_EQ(get(&mask, x, y, 0), is_set ? 255 : 0);
		}
	free_plane(&strength);
	free_plane(&scratch);
	free_plane(&mask);
}
