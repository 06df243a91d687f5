#include "camera/turn.h"

#include <stdlib.h>
#include <string.h>

/* Of the larger entries: what is skewed by less is straight. */
#define STRAIGHT_PART 64
/* A column of the source is a row of the picture: so many of them stay in the cache. */
#define BLOCK_PX 32u

static int64_t get_size(int32_t entry)
{
	return llabs((long long) entry);
}

struct vz_turn vz_turn_find(const int32_t matrix[9])
{
	int64_t a = get_size(matrix[0]), b = get_size(matrix[1]);
	int64_t c = get_size(matrix[3]), d = get_size(matrix[4]);

	if (a && d && STRAIGHT_PART * b < a && STRAIGHT_PART * c < d)
		return (struct vz_turn){ false, matrix[0] < 0, matrix[4] < 0 };
	if (b && c && STRAIGHT_PART * a < b && STRAIGHT_PART * d < c)
		return (struct vz_turn){ true, matrix[3] < 0, matrix[1] < 0 };
	return (struct vz_turn){ 0 };
}

bool vz_turn_is_any(const struct vz_turn *turn)
{
	return turn->is_transposed || turn->flips_x || turn->flips_y;
}

unsigned vz_turn_get_rotation_deg(const struct vz_turn *turn)
{
	if (turn->is_transposed)
		return turn->flips_x ? 90 : 270;
	return turn->flips_y ? 180 : 0;
}

static void copy_straight(const struct vz_turn *turn, const uint8_t *from, uint8_t *to,
			  uint32_t width)
{
	if (!turn->flips_x) {
		memcpy(to, from, width);
		return;
	}
	for (uint32_t x = 0; x < width; x++)
		to[x] = from[width - 1 - x];
}

/* @top and @left: of the block in @to. */
static void copy_block(const struct vz_turn *turn, const uint8_t *from, uint32_t from_stride,
		       uint8_t *to, uint32_t to_stride, uint32_t width, uint32_t height,
		       uint32_t left, uint32_t top)
{
	uint32_t right = width - left > BLOCK_PX ? left + BLOCK_PX : width;
	uint32_t bottom = height - top > BLOCK_PX ? top + BLOCK_PX : height;

	for (uint32_t y = top; y < bottom; y++) {
		const uint8_t *column = from + (turn->flips_y ? height - 1 - y : y);

		for (uint32_t x = left; x < right; x++) {
			uint32_t row = turn->flips_x ? width - 1 - x : x;

			to[(size_t) y * to_stride + x] = column[(size_t) row * from_stride];
		}
	}
}

void vz_turn_plane(const struct vz_turn *turn, const uint8_t *from, uint32_t from_stride,
		   uint8_t *to, uint32_t to_stride, uint32_t width, uint32_t height)
{
	for (uint32_t y = 0; !turn->is_transposed && y < height; y++)
		copy_straight(turn,
			      from + (size_t) (turn->flips_y ? height - 1 - y : y) * from_stride,
			      to + (size_t) y * to_stride, width);
	for (uint32_t y = 0; turn->is_transposed && y < height; y += BLOCK_PX)
		for (uint32_t x = 0; x < width; x += BLOCK_PX)
			copy_block(turn, from, from_stride, to, to_stride, width, height, x, y);
}
