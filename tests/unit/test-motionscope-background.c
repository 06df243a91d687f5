#include "motionscope-planes.h"

#include <math.h>

#include "motionscope/background.h"

#define MAX_N 13

static int compare(const void *a, const void *b)
{
	return *(const uint8_t *) a - *(const uint8_t *) b;
}

static uint8_t median_of(uint8_t *values, unsigned n)
{
	qsort(values, n, 1, compare);
	return values[(n - 1) / 2];
}

static void check_size(uint32_t width, uint32_t height, uint32_t padding, unsigned n)
{
	struct vz_plane samples[MAX_N], median = make_plane(width, height, padding);
	struct vz_plane deviation = make_plane(width, height, padding + 1);

	for (unsigned i = 0; i < n; i++) {
		samples[i] = make_plane(width, height, i);
		fill_random(&samples[i], 256);
	}
	vz_background_find_median(samples, n, &median);
	vz_background_find_deviation(samples, n, &median, &deviation);
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++) {
			uint8_t values[MAX_N], middle = vz_plane_get_row(&median, y)[x];

			for (unsigned i = 0; i < n; i++)
				values[i] = vz_plane_get_row(&samples[i], y)[x];
			CHECK_EQ(middle, median_of(values, n));
			for (unsigned i = 0; i < n; i++)
				values[i] =
					(uint8_t) abs(vz_plane_get_row(&samples[i], y)[x] - middle);
			CHECK_EQ(vz_plane_get_row(&deviation, y)[x], median_of(values, n));
		}
	for (unsigned i = 0; i < n; i++)
		free_plane(&samples[i]);
	free_plane(&median);
	free_plane(&deviation);
}

TEST(background_is_the_median_that_sorting_gives)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++)
		for (unsigned n = 1; n <= MAX_N; n += 3) {
			test_case(plane_sizes[i].label);
			check_size(plane_sizes[i].width, plane_sizes[i].height,
				   plane_sizes[i].padding, n);
		}
}

/* The sum of twelve even ones is nearly normal, with a variance of 1. */
static double random_normal(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += random_number() % 10000 / 10000.0;
	return sum;
}

TEST(background_finds_noise_of_less_than_a_level_and_of_many)
{
	static const double sigmas[] = { 0.4, 1, 2.5, 8 };
	struct vz_plane samples[9], median = make_plane(64, 48, 0);

	for (size_t s = 0; s < sizeof(sigmas) / sizeof(sigmas[0]); s++) {
		memset(median.data, 100, 64 * 48);
		for (unsigned i = 0; i < 9; i++) {
			samples[i] = make_plane(64, 48, 0);
			for (unsigned p = 0; p < 64 * 48; p++)
				samples[i].data[p] =
					(uint8_t) lrint(100 + sigmas[s] * random_normal());
		}
		CHECK_NEAR(vz_background_find_noise(samples, 9, &median), sigmas[s],
			   0.1 * sigmas[s] + 0.1);
		for (unsigned i = 0; i < 9; i++)
			free_plane(&samples[i]);
	}
	free_plane(&median);
}

TEST(background_follows_by_a_level_and_stays)
{
	struct vz_plane frame = make_plane(17, 3, 2), background = make_plane(17, 3, 5);

	fill_random(&frame, 256);
	fill_random(&background, 256);
	for (int i = 0; i < 255; i++) {
		uint8_t before = background.data[4], goal = frame.data[4];

		vz_background_follow(&frame, &background);
		CHECK_EQ(background.data[4], before + (goal > before) - (goal < before));
	}
	for (uint32_t y = 0; y < 3; y++)
		CHECK(!memcmp(vz_plane_get_row(&frame, y), vz_plane_get_row(&background, y), 17));
	free_plane(&frame);
	free_plane(&background);
}
