#include "motionscope/mask.h"

#include <math.h>
#include <string.h>

#define MIN_LIMIT_LEVELS 2.0
/* A pixel that varies even more is one that the object has covered for nearly half of the time. */
#define MAX_NOISE 3.0

static uint8_t max_of(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

static uint8_t min_of(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

/* --- Strength ----------------------------------------------------------------------------- */

void vz_mask_find_factors(const struct vz_plane *deviation, double noise_levels,
			  double threshold_percent, uint16_t *ret)
{
	double multiple = 3 + 0.12 * threshold_percent;
	double least = fmax(MIN_LIMIT_LEVELS, 0.4 * threshold_percent);
	uint16_t of_deviation[256];

	for (unsigned i = 0; i < 256; i++) {
		double usual = fmax(least, multiple * noise_levels);
		double limit = fmin(fmax(usual, multiple * 1.4826 * i), MAX_NOISE * usual);

		of_deviation[i] = (uint16_t) lrint(VZ_MASK_LIMIT * 256 / fmin(limit, 255));
	}
	for (uint32_t y = 0; y < deviation->height_px; y++) {
		const uint8_t *row = vz_plane_get_row(deviation, y);

		for (uint32_t x = 0; x < deviation->width_px; x++)
			*ret++ = of_deviation[row[x]];
	}
}

/* (difference << 8) * factor >> 16: one multiplication of 16 bits each, of which the upper half
 * stays.
 */
static uint8_t find_one(uint8_t frame, uint8_t background, uint16_t factor)
{
	uint16_t difference = (uint16_t) (max_of(frame, background) - min_of(frame, background));
	uint16_t strength = (uint16_t) (((uint32_t) (uint16_t) (difference << 8) * factor) >> 16);

	return (uint8_t) (strength < 255 ? strength : 255);
}

static void find_row(const uint8_t *restrict frame, const uint8_t *restrict background,
		     const uint16_t *restrict factors, uint8_t *restrict ret, uint32_t n_px)
{
	for (uint32_t i = 0; i < n_px; i++)
		ret[i] = find_one(frame[i], background[i], factors[i]);
}

void vz_mask_find_strength(const struct vz_plane *frame, const struct vz_plane *background,
			   const uint16_t *factors, uint32_t stride, struct vz_plane *ret)
{
	for (uint32_t y = 0; y < ret->height_px; y++)
		find_row(vz_plane_get_row(frame, y), vz_plane_get_row(background, y),
			 factors + (size_t) y * stride, vz_plane_get_row(ret, y), ret->width_px);
}

static void raise_row(const uint8_t *restrict frame, const uint8_t *restrict background,
		      const uint16_t *restrict factors, uint8_t *restrict strength, uint32_t n_px)
{
	for (uint32_t i = 0; i < n_px / 2; i++) {
		uint8_t s = find_one(frame[i], background[i], factors[i]);

		strength[2 * i] = max_of(strength[2 * i], s);
		strength[2 * i + 1] = max_of(strength[2 * i + 1], s);
	}
	if (n_px % 2) {
		uint32_t i = n_px / 2;

		strength[2 * i] =
			max_of(strength[2 * i], find_one(frame[i], background[i], factors[i]));
	}
}

void vz_mask_add_chroma(const struct vz_plane *frame, const struct vz_plane *background,
			const uint16_t *factors, uint32_t stride, struct vz_plane *strength)
{
	for (uint32_t y = 0; y < strength->height_px; y++)
		raise_row(vz_plane_get_row(frame, y / 2), vz_plane_get_row(background, y / 2),
			  factors + (size_t) (y / 2) * stride, vz_plane_get_row(strength, y),
			  strength->width_px);
}

/* --- Clean-up ----------------------------------------------------------------------------- */

static void dilate_row(const uint8_t *restrict above, const uint8_t *restrict row,
		       const uint8_t *restrict below, uint8_t *restrict ret, uint32_t n_px)
{
	uint32_t last = n_px - 1;

	for (uint32_t i = 1; i < last; i++) {
		uint8_t left = max_of(max_of(above[i - 1], row[i - 1]), below[i - 1]);
		uint8_t right = max_of(max_of(above[i + 1], row[i + 1]), below[i + 1]);
		uint8_t middle = max_of(max_of(above[i], row[i]), below[i]);

		ret[i] = max_of(max_of(left, right), middle);
	}
	for (uint32_t i = 0; i < n_px; i += last ? last : 1) {
		ret[i] = max_of(max_of(above[i], row[i]), below[i]);
		if (i > 0)
			ret[i] = max_of(ret[i],
					max_of(max_of(above[i - 1], row[i - 1]), below[i - 1]));
		if (i < last)
			ret[i] = max_of(ret[i],
					max_of(max_of(above[i + 1], row[i + 1]), below[i + 1]));
	}
}

static void erode_row(const uint8_t *restrict above, const uint8_t *restrict row,
		      const uint8_t *restrict below, uint8_t *restrict ret, uint32_t n_px)
{
	uint32_t last = n_px - 1;

	for (uint32_t i = 1; i < last; i++) {
		uint8_t left = min_of(min_of(above[i - 1], row[i - 1]), below[i - 1]);
		uint8_t right = min_of(min_of(above[i + 1], row[i + 1]), below[i + 1]);
		uint8_t middle = min_of(min_of(above[i], row[i]), below[i]);

		ret[i] = min_of(min_of(left, right), middle);
	}
	for (uint32_t i = 0; i < n_px; i += last ? last : 1) {
		ret[i] = min_of(min_of(above[i], row[i]), below[i]);
		if (i > 0)
			ret[i] = min_of(ret[i],
					min_of(min_of(above[i - 1], row[i - 1]), below[i - 1]));
		if (i < last)
			ret[i] = min_of(ret[i],
					min_of(min_of(above[i + 1], row[i + 1]), below[i + 1]));
	}
}

/* Beyond an edge its own row counts once more, which changes neither the largest nor the smallest.
 */
static void work_rows(const struct vz_plane *from, struct vz_plane *ret,
		      void (*work)(const uint8_t *, const uint8_t *, const uint8_t *, uint8_t *,
				   uint32_t))
{
	uint32_t last = ret->height_px - 1;

	if (!ret->width_px || !ret->height_px)
		return;
	for (uint32_t y = 0; y <= last; y++)
		work(vz_plane_get_row(from, y ? y - 1 : 0), vz_plane_get_row(from, y),
		     vz_plane_get_row(from, y < last ? y + 1 : last), vz_plane_get_row(ret, y),
		     ret->width_px);
}

void vz_mask_dilate(const struct vz_plane *from, struct vz_plane *ret)
{
	work_rows(from, ret, dilate_row);
}

void vz_mask_erode(const struct vz_plane *from, struct vz_plane *ret)
{
	work_rows(from, ret, erode_row);
}

static void compare_row(const uint8_t *restrict strength, uint8_t *restrict ret, uint32_t n_px)
{
	for (uint32_t i = 0; i < n_px; i++)
		ret[i] = strength[i] >= VZ_MASK_SUPPORT ? 255 : 0;
}

/* There the erosion has not all that it needs. */
static void restore_border(const struct vz_plane *strength, struct vz_plane *ret)
{
	uint32_t right = ret->width_px - 1, bottom = ret->height_px - 1;

	compare_row(vz_plane_get_row(strength, 0), vz_plane_get_row(ret, 0), ret->width_px);
	compare_row(vz_plane_get_row(strength, bottom), vz_plane_get_row(ret, bottom),
		    ret->width_px);
	for (uint32_t y = 1; y < bottom; y++) {
		const uint8_t *from = vz_plane_get_row(strength, y);
		uint8_t *to = vz_plane_get_row(ret, y);

		compare_row(from, to, 1);
		compare_row(from + right, to + right, 1);
	}
}

void vz_mask_find(const struct vz_plane *strength, struct vz_plane *scratch, struct vz_plane *ret)
{
	for (uint32_t y = 0; y < ret->height_px; y++)
		compare_row(vz_plane_get_row(strength, y), vz_plane_get_row(ret, y), ret->width_px);
	vz_mask_dilate(ret, scratch);
	vz_mask_erode(scratch, ret);
	if (ret->width_px && ret->height_px)
		restore_border(strength, ret);
}
