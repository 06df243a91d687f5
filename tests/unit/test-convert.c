#include <stdlib.h>

#include "camera/convert.h"
#include "test.h"
#include "util/cleanup.h"

#define W 8u
#define H 4u

static struct vz_planes make_planes(uint8_t **ret_memory)
{
	struct vz_planes planes;

	*ret_memory = malloc(vz_planes_size(W, H));
	memset(*ret_memory, 0xee, vz_planes_size(W, H));
	vz_planes_init(&planes, *ret_memory, W, H);
	return planes;
}

static uint8_t at(const struct vz_planes *planes, unsigned plane, unsigned x, unsigned y)
{
	return planes->plane[plane][y * planes->stride_bytes[plane] + x];
}

TEST(planes_do_not_overlap)
{
	static const struct {
		const char *label;
		uint32_t width, height;
	} cases[] = {
		{ "smallest", 2, 2 },
		{ "VGA", 640, 480 },
		{ "odd chroma", 322, 242 },
	};

	for (unsigned i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		uint32_t w = cases[i].width, h = cases[i].height;
		size_t size = vz_planes_size(w, h);
		VZ_CLEANUP(vz_freep) uint8_t *memory = malloc(size);
		struct vz_planes p;

		test_case(cases[i].label);
		vz_planes_init(&p, memory, w, h);
		CHECK(p.plane[0] == memory);
		CHECK(p.stride_bytes[0] >= w && p.stride_bytes[1] >= w / 2);
		CHECK(p.plane[1] >= p.plane[0] + (size_t) p.stride_bytes[0] * h);
		CHECK(p.plane[2] >= p.plane[1] + (size_t) p.stride_bytes[1] * (h / 2));
		CHECK(p.plane[2] + (size_t) p.stride_bytes[2] * (h / 2) <= memory + size);
	}
	test_case(NULL);
}

TEST(video_range_becomes_full_range)
{
	static const struct {
		const char *label;
		uint8_t from, luma, chroma;
	} cases[] = {
		{ "below black", 0, 0, 0 },	    { "black", 16, 0, 0 },
		{ "middle", 128, 130, 128 },	    { "white", 235, 255, 250 },
		{ "end of chroma", 240, 255, 255 }, { "above", 255, 255, 255 },
	};

	for (unsigned i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		uint8_t src[4], dst[4];

		test_case(cases[i].label);
		memset(src, cases[i].from, sizeof(src));
		vz_convert_stretch_luma(dst, 2, src, 2, 2, 2);
		CHECK_EQ(dst[0], cases[i].luma);
		CHECK_EQ(dst[3], cases[i].luma);
		vz_convert_stretch_chroma(dst, 2, src, 2, 2, 2);
		CHECK_EQ(dst[0], cases[i].chroma);
		CHECK_EQ(dst[3], cases[i].chroma);
	}
	test_case(NULL);
}

TEST(stretching_is_monotone)
{
	for (unsigned i = 1; i < 256; i++) {
		uint8_t src[2] = { (uint8_t) (i - 1), (uint8_t) i }, dst[2];

		vz_convert_stretch_luma(dst, 2, src, 2, 2, 1);
		CHECK(dst[0] <= dst[1]);
		vz_convert_stretch_chroma(dst, 2, src, 2, 2, 1);
		CHECK(dst[0] <= dst[1]);
	}
}

TEST(interleaved_chroma_is_taken_apart)
{
	uint8_t src[(H / 2) * 16];
	VZ_CLEANUP(vz_freep) uint8_t *memory = NULL;
	struct vz_planes p = make_planes(&memory);

	for (unsigned i = 0; i < sizeof(src); i++)
		src[i] = (uint8_t) (100 + i);
	vz_convert_interleaved_chroma(&p, src, 16, W, H, false, false);
	CHECK_EQ(at(&p, 1, 0, 0), 100);
	CHECK_EQ(at(&p, 2, 0, 0), 101);
	CHECK_EQ(at(&p, 1, 3, 1), 100 + 16 + 6);
	CHECK_EQ(at(&p, 2, 3, 1), 100 + 16 + 7);
	/* Luma, and what is behind the picture in a line, is left alone. */
	CHECK_EQ(at(&p, 0, 0, 0), 0xee);
	CHECK_EQ(at(&p, 1, 4, 0), 0xee);

	vz_convert_interleaved_chroma(&p, src, 16, W, H, true, false);
	CHECK_EQ(at(&p, 2, 0, 0), 100);
	CHECK_EQ(at(&p, 1, 0, 0), 101);

	memset(src, 16, sizeof(src));
	vz_convert_interleaved_chroma(&p, src, 16, W, H, false, true);
	CHECK_EQ(at(&p, 1, 0, 0), 0);
	CHECK_EQ(at(&p, 2, 3, 1), 0);
}

TEST(packed_pixels)
{
	static const struct {
		const char *label;
		bool swapped;
		unsigned y, cb, cr; /* places in a group of four bytes */
	} cases[] = { { "YUYV", false, 0, 1, 3 }, { "UYVY", true, 1, 0, 2 } };

	for (unsigned i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		uint8_t src[H * W * 2];
		VZ_CLEANUP(vz_freep) uint8_t *memory = NULL;
		struct vz_planes p = make_planes(&memory);

		test_case(cases[i].label);
		for (unsigned y = 0; y < H; y++)
			for (unsigned x = 0; x < W; x += 2) {
				uint8_t *four = src + y * W * 2 + x * 2;

				four[cases[i].y] = (uint8_t) (10 * y + x);
				four[cases[i].y + 2] = (uint8_t) (10 * y + x + 1);
				four[cases[i].cb] = (uint8_t) (100 + 2 * y);
				four[cases[i].cr] = (uint8_t) (200 + x);
			}
		vz_convert_packed_422(&p, src, W * 2, W, H, cases[i].swapped, false);
		for (unsigned y = 0; y < H; y++)
			for (unsigned x = 0; x < W; x++)
				CHECK_EQ(at(&p, 0, x, y), 10 * y + x);
		for (unsigned y = 0; y < H / 2; y++)
			for (unsigned x = 0; x < W / 2; x++) {
				/* The average of lines 2y and 2y + 1. */
				CHECK_EQ(at(&p, 1, x, y), 100 + 4 * y + 1);
				CHECK_EQ(at(&p, 2, x, y), 200 + 2 * x);
			}
		memset(src, 235, sizeof(src));
		vz_convert_packed_422(&p, src, W * 2, W, H, cases[i].swapped, true);
		CHECK_EQ(at(&p, 0, 7, 3), 255);
		CHECK_EQ(at(&p, 1, 3, 1), 250);
	}
	test_case(NULL);
}

/* Values of the JPEG file interchange format. */
TEST(colours)
{
	static const struct {
		const char *label;
		uint8_t r, g, b, y, cb, cr;
	} cases[] = {
		{ "black", 0, 0, 0, 0, 128, 128 },    { "white", 255, 255, 255, 255, 128, 128 },
		{ "grey", 77, 77, 77, 77, 128, 128 }, { "red", 255, 0, 0, 76, 85, 255 },
		{ "green", 0, 255, 0, 150, 44, 21 },  { "blue", 0, 0, 255, 29, 255, 107 },
	};

	for (unsigned i = 0; i < VZ_N_ELEMENTS(cases); i++)
		for (unsigned step = 3; step <= 4; step++)
			for (unsigned red = 0; red <= 2; red += 2) {
				uint8_t src[H * W * 4];
				VZ_CLEANUP(vz_freep) uint8_t *memory = NULL;
				struct vz_planes p = make_planes(&memory);

				test_case(cases[i].label);
				for (unsigned n = 0; n < H * W; n++) {
					src[n * step + red] = cases[i].r;
					src[n * step + 1] = cases[i].g;
					src[n * step + 2 - red] = cases[i].b;
				}
				vz_convert_rgb(&p, src, W * step, W, H, step, red);
				CHECK_NEAR(at(&p, 0, 7, 3), cases[i].y, 1);
				CHECK_NEAR(at(&p, 1, 3, 1), cases[i].cb, 1);
				CHECK_NEAR(at(&p, 2, 3, 1), cases[i].cr, 1);
			}
	test_case(NULL);
}

TEST(finer_chroma_is_averaged)
{
	static const uint8_t src[] = { 10, 20, 30, 40, 50, 60, 70, 80 }; /* two lines of four */
	uint8_t dst[4];

	vz_convert_shrink_chroma(dst, 2, src, 4, 2, 1, 2, 2);
	CHECK_EQ(dst[0], 35); /* (10 + 20 + 50 + 60) / 4 */
	CHECK_EQ(dst[1], 55);
	vz_convert_shrink_chroma(dst, 4, src, 4, 4, 1, 1, 2);
	CHECK_EQ(dst[0], 30); /* (10 + 50) / 2 */
	CHECK_EQ(dst[3], 60);
	vz_convert_shrink_chroma(dst, 4, src, 4, 4, 1, 1, 1);
	CHECK_EQ(dst[2], 30);
}
