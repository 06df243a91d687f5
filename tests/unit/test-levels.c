#include "test.h"

#include <math.h>

#include "camera/levels.h"

struct pixel {
	double r, g, b;
};

/* RGB, 0..1, to bytes by the textbook. */
static void encode(struct pixel p, double kr, double kb, bool is_full_range, uint8_t ret[3])
{
	double y = kr * p.r + (1 - kr - kb) * p.g + kb * p.b;
	double cb = (p.b - y) / (2 * (1 - kb)), cr = (p.r - y) / (2 * (1 - kr));

	ret[0] = (uint8_t) lrint(is_full_range ? y * 255 : 16 + y * 219);
	ret[1] = (uint8_t) lrint(fmin(128 + cb * (is_full_range ? 255 : 224), 255));
	ret[2] = (uint8_t) lrint(fmin(128 + cr * (is_full_range ? 255 : 224), 255));
}

TEST(levels_become_full_range_601)
{
	static const struct {
		const char *label;
		double kr, kb;
		bool is_full_range;
	} matrices[] = {
		{ "601 limited", 0.299, 0.114, false },	   { "601 full", 0.299, 0.114, true },
		{ "709 limited", 0.2126, 0.0722, false },  { "709 full", 0.2126, 0.0722, true },
		{ "2020 limited", 0.2627, 0.0593, false },
	};
	static const struct pixel pixels[] = {
		{ 0, 0, 0 }, { 1, 1, 1 }, { 0.5, 0.5, 0.5 }, { 1, 0, 0 },	{ 0, 1, 0 },
		{ 0, 0, 1 }, { 1, 1, 0 }, { 0.2, 0.4, 0.9 }, { 0.9, 0.5, 0.1 },
	};

	for (size_t i = 0; i < sizeof(matrices) / sizeof(matrices[0]); i++) {
		struct vz_levels levels;

		test_case(matrices[i].label);
		vz_levels_init(&levels, matrices[i].kr, matrices[i].kb, matrices[i].is_full_range);
		for (size_t j = 0; j < sizeof(pixels) / sizeof(pixels[0]); j++) {
			uint8_t in[3], expected[3], y[4], cb, cr;
			const uint8_t *from[3] = { y, &cb, &cr };
			uint8_t *to[3] = { y, &cb, &cr };
			uint32_t strides[3] = { 2, 1, 1 };

			encode(pixels[j], matrices[i].kr, matrices[i].kb, matrices[i].is_full_range,
			       in);
			encode(pixels[j], 0.299, 0.114, true, expected);
			memset(y, in[0], sizeof(y));
			cb = in[1];
			cr = in[2];
			/* In place. */
			vz_levels_apply(&levels, 2, 2, from, strides, to, strides);
			for (int k = 0; k < 4; k++)
				CHECK_NEAR(y[k], expected[0], 1.5);
			CHECK_NEAR(cb, expected[1], 1.5);
			CHECK_NEAR(cr, expected[2], 1.5);
		}
	}
}

TEST(levels_clip_what_lies_outside)
{
	uint8_t y[8] = { 0, 255, 16, 235, 1, 254, 15, 236 }, cb[2] = { 128, 128 },
		cr[2] = { 128, 128 };
	const uint8_t *from[3] = { y, cb, cr };
	uint8_t out_y[16], out_cb[2], out_cr[2], *to[3] = { out_y, out_cb, out_cr };
	uint32_t strides[3] = { 4, 2, 2 }, to_strides[3] = { 8, 2, 2 };
	struct vz_levels levels;

	vz_levels_init(&levels, 0.299, 0.114, false);
	memset(out_y, 77, sizeof(out_y));
	vz_levels_apply(&levels, 4, 2, from, strides, to, to_strides);
	CHECK_EQ(out_y[0], 0);
	CHECK_EQ(out_y[1], 255);
	CHECK_EQ(out_y[2], 0);
	CHECK_EQ(out_y[3], 255);
	CHECK_EQ(out_y[8], 0);
	CHECK_EQ(out_y[9], 255);
	CHECK_EQ(out_cb[0], 128);
	CHECK_EQ(out_cr[1], 128);
	/* What lies between the rows is not touched. */
	CHECK_EQ(out_y[4], 77);
	CHECK_EQ(out_y[15], 77);
}
