/*
 * Planes for the tests of the arithmetic: each size that has an edge of its own, in rows with
 * padding whose bytes must stay as they are, and numbers from a generator that is the same
 * everywhere.
 */
#pragma once

#include <stdlib.h>

#include "motionscope/plane.h"
#include "test.h"

#define PAD_BYTE 0xa5

static const struct {
	const char *label;
	uint32_t width, height, padding;
} plane_sizes[] = {
	{ "1x1", 1, 1, 0 },    { "1x1 padded", 1, 1, 7 }, { "2x1", 2, 1, 3 },
	{ "1x5", 1, 5, 1 },    { "3x3", 3, 3, 0 },	  { "odd", 17, 9, 5 },
	{ "even", 64, 48, 0 }, { "wide", 1031, 3, 13 },
};
#define N_PLANE_SIZES (sizeof(plane_sizes) / sizeof(plane_sizes[0]))

static uint32_t random_state = 1;

static inline uint32_t random_number(void)
{
	random_state = random_state * 1664525u + 1013904223u;
	return random_state >> 8;
}

static inline struct vz_plane make_plane(uint32_t width, uint32_t height, uint32_t padding)
{
	struct vz_plane plane = { NULL, width, height, width + padding };

	plane.data = malloc((size_t) plane.stride_bytes * height);
	if (!plane.data)
		test_fail(__FILE__, __LINE__, "out of memory");
	memset(plane.data, PAD_BYTE, (size_t) plane.stride_bytes * height);
	for (uint32_t y = 0; y < height; y++)
		memset(vz_plane_get_row(&plane, y), 0, width);
	return plane;
}

static inline void fill_random(struct vz_plane *plane, uint32_t modulus)
{
	for (uint32_t y = 0; y < plane->height_px; y++)
		for (uint32_t x = 0; x < plane->width_px; x++)
			vz_plane_get_row(plane, y)[x] = (uint8_t) (random_number() % modulus);
}

static inline void check_padding(const struct vz_plane *plane)
{
	for (uint32_t y = 0; y < plane->height_px; y++)
		for (uint32_t x = plane->width_px; x < plane->stride_bytes; x++)
			CHECK_EQ(vz_plane_get_row(plane, y)[x], PAD_BYTE);
}

static inline void free_plane(struct vz_plane *plane)
{
	check_padding(plane);
	free(plane->data);
}
