#include "motionscope/background.h"

#include <assert.h>
#include <string.h>

/* A piece of a row whose counts stay in the first cache. */
#define CHUNK_PX 512u

/* --- The median --------------------------------------------------------------------------- */

/*
 * Bit by bit from the top: a bit is set where more than half of the samples are at least as large
 * as the value with it. Eight passes of compares and adds over bytes, which become SIMD, instead of
 * a sort of each pixel.
 */
static void add_counts(const uint8_t *restrict sample, const uint8_t *restrict candidate,
		       uint8_t *restrict counts, unsigned n_px)
{
	for (unsigned i = 0; i < n_px; i++)
		counts[i] = (uint8_t) (counts[i] + (sample[i] >= candidate[i]));
}

static void add_deviation_counts(const uint8_t *restrict sample, const uint8_t *restrict background,
				 const uint8_t *restrict candidate, uint8_t *restrict counts,
				 unsigned n_px)
{
	for (unsigned i = 0; i < n_px; i++) {
		uint8_t a = sample[i], b = background[i];
		uint8_t deviation = (uint8_t) (a > b ? a - b : b - a);

		counts[i] = (uint8_t) (counts[i] + (deviation >= candidate[i]));
	}
}

/* The lower median of n values is the largest v that at least n - (n - 1) / 2 of them reach. */
static void find_chunk(const struct vz_plane *samples, unsigned n,
		       const struct vz_plane *background, uint32_t x, uint32_t y, unsigned n_px,
		       uint8_t *restrict value)
{
	uint8_t candidate[CHUNK_PX], counts[CHUNK_PX];
	uint8_t enough = (uint8_t) (n - (n - 1) / 2);

	memset(value, 0, n_px);
	for (unsigned bit = 128; bit; bit >>= 1) {
		memset(counts, 0, n_px);
		for (unsigned i = 0; i < n_px; i++)
			candidate[i] = (uint8_t) (value[i] | bit);
		for (unsigned s = 0; s < n; s++) {
			const uint8_t *row = vz_plane_get_row(&samples[s], y) + x;

			if (background)
				add_deviation_counts(row, vz_plane_get_row(background, y) + x,
						     candidate, counts, n_px);
			else
				add_counts(row, candidate, counts, n_px);
		}
		for (unsigned i = 0; i < n_px; i++)
			value[i] = counts[i] >= enough ? candidate[i] : value[i];
	}
}

static void find_plane(const struct vz_plane *samples, unsigned n,
		       const struct vz_plane *background, struct vz_plane *ret)
{
	assert(n > 0 && n <= VZ_BACKGROUND_MAX_SAMPLES);
	for (uint32_t y = 0; y < ret->height_px; y++)
		for (uint32_t x = 0; x < ret->width_px; x += CHUNK_PX) {
			uint32_t left = ret->width_px - x;

			find_chunk(samples, n, background, x, y, left < CHUNK_PX ? left : CHUNK_PX,
				   vz_plane_get_row(ret, y) + x);
		}
}

void vz_background_find_median(const struct vz_plane *samples, unsigned n, struct vz_plane *ret)
{
	find_plane(samples, n, NULL, ret);
}

/* --- Noise -------------------------------------------------------------------------------- */

void vz_background_find_deviation(const struct vz_plane *samples, unsigned n,
				  const struct vz_plane *background, struct vz_plane *ret)
{
	find_plane(samples, n, background, ret);
}

double vz_background_find_noise(const struct vz_plane *samples, unsigned n,
				const struct vz_plane *background)
{
	uint64_t histogram[256] = { 0 }, total = 0, below = 0;
	unsigned level = 0;

	for (unsigned s = 0; s < n; s++)
		for (uint32_t y = 0; y < background->height_px; y++) {
			const uint8_t *a = vz_plane_get_row(&samples[s], y);
			const uint8_t *b = vz_plane_get_row(background, y);

			for (uint32_t x = 0; x < background->width_px; x++)
				histogram[a[x] > b[x] ? a[x] - b[x] : b[x] - a[x]]++;
			total += background->width_px;
		}
	if (!total)
		return 0;
	while (below + histogram[level] < (total + 1) / 2)
		below += histogram[level++];
	/* A deviation of k stands for k - 0.5 .. k + 0.5, that of 0 for 0 .. 0.5. */
	{
		double part = ((double) total / 2 - (double) below) / (double) histogram[level];
		double median = level ? level - 0.5 + part : part * 0.5;

		return 1.4826 * median;
	}
}

/* --- Live --------------------------------------------------------------------------------- */

static void follow_row(const uint8_t *restrict frame, uint8_t *restrict background, uint32_t n_px)
{
	for (uint32_t i = 0; i < n_px; i++)
		background[i] = (uint8_t) (background[i] + (frame[i] > background[i]) -
					   (frame[i] < background[i]));
}

void vz_background_follow(const struct vz_plane *frame, struct vz_plane *background)
{
	for (uint32_t y = 0; y < background->height_px; y++)
		follow_row(vz_plane_get_row(frame, y), vz_plane_get_row(background, y),
			   background->width_px);
}

static void follow_deviation_row(const uint8_t *restrict frame, const uint8_t *restrict background,
				 uint8_t *restrict deviation, uint32_t n_px)
{
	for (uint32_t i = 0; i < n_px; i++) {
		uint8_t a = frame[i], b = background[i];
		uint8_t difference = (uint8_t) (a > b ? a - b : b - a);
		uint8_t levels = difference < 255 / VZ_BACKGROUND_PARTS
					 ? difference
					 : (uint8_t) (255 / VZ_BACKGROUND_PARTS);
		uint8_t now = (uint8_t) (levels * VZ_BACKGROUND_PARTS);

		deviation[i] =
			(uint8_t) (deviation[i] + (now > deviation[i]) - (now < deviation[i]));
	}
}

void vz_background_follow_deviation(const struct vz_plane *frame, const struct vz_plane *background,
				    struct vz_plane *deviation)
{
	for (uint32_t y = 0; y < deviation->height_px; y++)
		follow_deviation_row(vz_plane_get_row(frame, y), vz_plane_get_row(background, y),
				     vz_plane_get_row(deviation, y), deviation->width_px);
}
