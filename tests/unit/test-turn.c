#include "test.h"

#include "util/cleanup.h"

#include "camera/turn.h"

#define ONE 65536

static const struct {
	const char *label;
	int32_t a, b, c, d;
	struct vz_turn turn;
	unsigned rotation_deg;
} cases[] = {
	{ "as it is", ONE, 0, 0, ONE, { false, false, false }, 0 },
	{ "a quarter clockwise", 0, ONE, -ONE, 0, { true, true, false }, 90 },
	{ "upside down", -ONE, 0, 0, -ONE, { false, true, true }, 180 },
	{ "a quarter against the clock", 0, -ONE, ONE, 0, { true, false, true }, 270 },
	{ "mirrored", -ONE, 0, 0, ONE, { false, true, false }, 0 },
	{ "about the other axis", ONE, 0, 0, -ONE, { false, false, true }, 180 },
	{ "transposed", 0, ONE, ONE, 0, { true, false, false }, 270 },
	{ "transposed and upside down", 0, -ONE, -ONE, 0, { true, true, true }, 90 },
	{ "not quite a quarter", 100, ONE, -ONE, 100, { true, true, false }, 90 },
	{ "askew", ONE / 2, ONE / 2, -ONE / 2, ONE / 2, { false, false, false }, 0 },
	{ "nothing", 0, 0, 0, 0, { false, false, false }, 0 },
	{ "one axis alone", ONE, 0, 0, 0, { false, false, false }, 0 },
	{ "the largest", INT32_MIN, 0, 0, INT32_MIN, { false, true, true }, 180 },
};

TEST(turn_is_found_in_the_matrix)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		const int32_t matrix[9] = { cases[i].a, cases[i].b, 0,	    cases[i].c, cases[i].d,
					    0,		7,	    -70000, 1 << 30 };
		struct vz_turn turn = vz_turn_find(matrix);

		test_case(cases[i].label);
		CHECK_EQ(turn.is_transposed, cases[i].turn.is_transposed);
		CHECK_EQ(turn.flips_x, cases[i].turn.flips_x);
		CHECK_EQ(turn.flips_y, cases[i].turn.flips_y);
		CHECK_EQ(vz_turn_get_rotation_deg(&turn), cases[i].rotation_deg);
		CHECK_EQ(vz_turn_is_any(&turn), cases[i].turn.is_transposed ||
							cases[i].turn.flips_x ||
							cases[i].turn.flips_y);
	}
}

/* Each pixel goes where the matrix says, the corner of the picture being back at 0, 0. */
static void check_plane(size_t i, uint32_t width, uint32_t height)
{
	static uint8_t from[70 * 80], to[70 * 80];
	const struct vz_turn *turn = &cases[i].turn;
	uint32_t to_width = turn->is_transposed ? height : width;
	uint32_t to_height = turn->is_transposed ? width : height;
	uint32_t from_stride = width + 3, to_stride = to_width + 5;
	int a = cases[i].a / ONE, b = cases[i].b / ONE, c = cases[i].c / ONE, d = cases[i].d / ONE;

	for (size_t k = 0; k < sizeof(from); k++) {
		from[k] = (uint8_t) (k * 7 + k / 251);
		to[k] = 0xee;
	}
	vz_turn_plane(turn, from, from_stride, to, to_stride, to_width, to_height);
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++) {
			int to_x = a * (int) x + c * (int) y, to_y = b * (int) x + d * (int) y;

			to_x += a + c < 0 ? (int) to_width - 1 : 0;
			to_y += b + d < 0 ? (int) to_height - 1 : 0;
			CHECK_EQ(to[(size_t) to_y * to_stride + (size_t) to_x],
				 from[y * from_stride + x]);
		}
	/* Nothing beyond its rows. */
	for (uint32_t y = 0; y < to_height; y++)
		for (uint32_t x = to_width; x < to_stride; x++)
			CHECK_EQ(to[y * to_stride + x], 0xee);
}

TEST(turn_moves_every_pixel_to_its_place)
{
	static const uint32_t sizes[][2] = { { 1, 1 },	 { 1, 9 },   { 9, 1 },	{ 31, 33 },
					     { 32, 32 }, { 64, 48 }, { 65, 50 } };

	for (size_t i = 0; i < 8; i++)
		for (size_t k = 0; k < VZ_N_ELEMENTS(sizes); k++) {
			test_case(cases[i].label);
			check_plane(i, sizes[k][0], sizes[k][1]);
		}
}
