#include "motionscope/tiles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "motionscope/mask.h"

/* What joins an object reaches further than a tile only in its glow and its shadow, and noise would
 * join nearly all tiles: so they hang together by what is between that and what makes one. */
#define JOIN_STRENGTH ((VZ_MASK_SUPPORT + VZ_MASK_LIMIT) / 2)

/* Tiles beside each other that are looked at as one at first: so many that there is one comparison
 * for hundreds of pixels, so few that nearly all blocks of a picture are quiet. */
#define BLOCK_TILES 8u

enum { UNKNOWN = 0, STRONG = 1, TAKEN = 2, QUIET = 4 };

/* So many differences are one instruction's work; each has a maximum of its own to the end. */
#define N_LANES 16u

struct lanes {
	uint8_t largest[N_LANES];
};

struct vz_tiles {
	uint32_t width_px, height_px, n_columns, n_rows, n_blocks; /* of a row */
	/* Differences of a channel from which on a pixel of the tile may belong to an object, or
	 * make one; one after the other in one allocation. */
	uint8_t *weak[VZ_PICTURE_N_PLANES], *strong[VZ_PICTURE_N_PLANES];
	/* The least strong one of each block. */
	uint8_t *least[VZ_PICTURE_N_PLANES];
	struct lanes *blocks; /* the largest differences in those of a row */
	uint8_t *states;
	uint32_t *stack;
};

int vz_tiles_new(uint32_t width_px, uint32_t height_px, struct vz_tiles **ret)
{
	VZ_CLEANUP(vz_tiles_freep) struct vz_tiles *tiles = calloc(1, sizeof(*tiles));
	size_t n, n_blocks;

	if (!tiles)
		return -ENOMEM;
	tiles->width_px = width_px;
	tiles->height_px = height_px;
	tiles->n_columns = (width_px + VZ_TILE_WIDTH_PX - 1) / VZ_TILE_WIDTH_PX;
	tiles->n_rows = (height_px + VZ_TILE_HEIGHT_PX - 1) / VZ_TILE_HEIGHT_PX;
	n = (size_t) tiles->n_columns * tiles->n_rows;
	tiles->n_blocks = (tiles->n_columns + BLOCK_TILES - 1) / BLOCK_TILES;
	n_blocks = (size_t) tiles->n_blocks * tiles->n_rows;
	tiles->weak[0] = calloc(2 * VZ_PICTURE_N_PLANES, n);
	tiles->least[0] = calloc(VZ_PICTURE_N_PLANES, n_blocks);
	tiles->blocks = calloc(tiles->n_blocks, sizeof(*tiles->blocks));
	tiles->states = calloc(n, 1);
	tiles->stack = malloc(n * sizeof(*tiles->stack));
	if (!tiles->weak[0] || !tiles->least[0] || !tiles->blocks || !tiles->states ||
	    !tiles->stack)
		return -ENOMEM;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		tiles->weak[i] = tiles->weak[0] + i * n;
		tiles->strong[i] = tiles->weak[i] + VZ_PICTURE_N_PLANES * n;
		tiles->least[i] = tiles->least[0] + i * n_blocks;
	}
	*ret = vz_steal(tiles);
	return 0;
}

struct vz_tiles *vz_tiles_free(struct vz_tiles *tiles)
{
	if (!tiles)
		return NULL;
	free(tiles->weak[0]);
	free(tiles->least[0]);
	free(tiles->blocks);
	free(tiles->states);
	free(tiles->stack);
	free(tiles);
	return NULL;
}

static uint32_t min_of(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* --- Limits ---------------------------------------------------------------------------------- */

/* The least difference of which a factor makes @strength: see vz_mask_find_factors(). */
static uint8_t find_limit(uint16_t factor, unsigned strength)
{
	uint32_t limit = factor ? (strength * 256 + factor - 1) / factor : 255;

	return (uint8_t) min_of(limit, 255);
}

static void find_least(struct vz_tiles *tiles, unsigned i)
{
	for (uint32_t row = 0; row < tiles->n_rows; row++) {
		const uint8_t *strong = tiles->strong[i] + (size_t) row * tiles->n_columns;
		uint8_t *least = tiles->least[i] + (size_t) row * tiles->n_blocks;

		memset(least, 255, tiles->n_blocks);
		for (uint32_t x = 0; x < tiles->n_columns; x++)
			if (strong[x] < least[x / BLOCK_TILES])
				least[x / BLOCK_TILES] = strong[x];
	}
}

static uint16_t find_largest_factor(const uint16_t *row, uint32_t n_px, uint16_t largest)
{
	for (uint32_t x = 0; x < n_px; x++)
		largest = row[x] > largest ? row[x] : largest;
	return largest;
}

void vz_tiles_set_factors(struct vz_tiles *tiles, unsigned i, const uint16_t *factors,
			  uint32_t width_px, uint32_t height_px)
{
	uint32_t tile_width = i ? VZ_TILE_WIDTH_PX / 2 : VZ_TILE_WIDTH_PX;
	uint32_t tile_height = i ? VZ_TILE_HEIGHT_PX / 2 : VZ_TILE_HEIGHT_PX;
	size_t tile = 0;

	for (uint32_t row = 0; row < tiles->n_rows; row++)
		for (uint32_t column = 0; column < tiles->n_columns; column++, tile++) {
			uint32_t x = column * tile_width, top = row * tile_height;
			uint32_t n_px = x < width_px ? min_of(tile_width, width_px - x) : 0;
			uint16_t factor = 0;

			for (uint32_t y = top; y < min_of(top + tile_height, height_px); y++)
				factor = find_largest_factor(factors + (size_t) y * width_px + x,
							     n_px, factor);
			tiles->weak[i][tile] = find_limit(factor, JOIN_STRENGTH);
			tiles->strong[i][tile] = find_limit(factor, VZ_MASK_LIMIT);
		}
	find_least(tiles, i);
}

/* --- Differences ----------------------------------------------------------------------------- */

static uint8_t max_of(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

static uint8_t find_difference(uint8_t a, uint8_t b)
{
	return (uint8_t) (max_of(a, b) - (a < b ? a : b));
}

/* Over a piece of a row. The copy on the stack is what the compiler keeps in a register. */
static void raise(struct lanes *lanes, const uint8_t *restrict frame,
		  const uint8_t *restrict background, uint32_t n_px)
{
	struct lanes now = *lanes;
	uint32_t n = n_px / N_LANES, n_rest = n_px % N_LANES;

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < N_LANES; k++)
			now.largest[k] =
				max_of(now.largest[k], find_difference(frame[k], background[k]));
		frame += N_LANES;
		background += N_LANES;
	}
	*lanes = now;
	for (uint32_t k = 0; k < n_rest; k++)
		lanes->largest[k] =
			max_of(lanes->largest[k], find_difference(frame[k], background[k]));
}

static uint8_t find_largest_of(const struct lanes *lanes)
{
	uint8_t largest = 0;

	for (uint32_t k = 0; k < N_LANES; k++)
		largest = max_of(largest, lanes->largest[k]);
	return largest;
}

/* Two pictures in one plane, cut to what both have: the chroma of an odd size may lack the last
 * column and row. */
struct pair {
	struct vz_plane frame, background;
	uint32_t width_px, height_px, tile_width_px, tile_height_px;
};

static struct pair make_pair(const struct vz_picture *frame, const struct vz_picture *background,
			     unsigned i)
{
	const struct vz_plane *a = &frame->planes[i], *b = &background->planes[i];

	return (struct pair){
		.frame = *a,
		.background = *b,
		.width_px = min_of(a->width_px, b->width_px),
		.height_px = min_of(a->height_px, b->height_px),
		.tile_width_px = i ? VZ_TILE_WIDTH_PX / 2 : VZ_TILE_WIDTH_PX,
		.tile_height_px = i ? VZ_TILE_HEIGHT_PX / 2 : VZ_TILE_HEIGHT_PX,
	};
}

static uint8_t find_largest(const struct pair *pair, uint32_t row, uint32_t column)
{
	uint32_t left = column * pair->tile_width_px, top = row * pair->tile_height_px;
	uint32_t bottom = min_of(top + pair->tile_height_px, pair->height_px);
	struct lanes lanes = { { 0 } };

	for (uint32_t y = top; left < pair->width_px && y < bottom; y++)
		raise(&lanes, vz_plane_get_row(&pair->frame, y) + left,
		      vz_plane_get_row(&pair->background, y) + left,
		      min_of(pair->width_px - left, pair->tile_width_px));
	return find_largest_of(&lanes);
}

/* Goes row by row, as the pictures lie in memory: then the bytes are there when they are needed. */
static void compare_blocks(struct vz_tiles *tiles, const struct pair *pair, uint32_t row)
{
	uint32_t top = row * pair->tile_height_px, step = BLOCK_TILES * pair->tile_width_px;
	uint32_t bottom = min_of(top + pair->tile_height_px, pair->height_px);
	uint32_t rest = pair->width_px % step;

	memset(tiles->blocks, 0, tiles->n_blocks * sizeof(*tiles->blocks));
	for (uint32_t y = top; y < bottom; y++) {
		const uint8_t *frame = vz_plane_get_row(&pair->frame, y);
		const uint8_t *background = vz_plane_get_row(&pair->background, y);
		struct lanes *block = tiles->blocks;

		for (uint32_t n = pair->width_px / step; n > 0; n--) {
			raise(block++, frame, background, step);
			frame += step;
			background += step;
		}
		if (rest)
			raise(block, frame, background, rest);
	}
}

/* Marks the strong tiles of a row in the plane @i. */
static void find_strong(struct vz_tiles *tiles, const struct pair *pair, unsigned i, uint32_t row)
{
	const uint8_t *least = tiles->least[i] + (size_t) row * tiles->n_blocks;
	size_t first = (size_t) row * tiles->n_columns;

	compare_blocks(tiles, pair, row);
	for (uint32_t block = 0; block < tiles->n_blocks; block++) {
		uint32_t x = block * BLOCK_TILES, end = min_of(x + BLOCK_TILES, tiles->n_columns);

		if (find_largest_of(&tiles->blocks[block]) < least[block])
			continue;
		for (; x < end; x++)
			if (find_largest(pair, row, x) >= tiles->strong[i][first + x])
				tiles->states[first + x] = STRONG;
	}
}

/* --- Boxes ----------------------------------------------------------------------------------- */

/* Of those beside a strong one alone: of noise there is much. */
static bool is_weak(struct vz_tiles *tiles, const struct pair pairs[VZ_PICTURE_N_PLANES],
		    uint32_t row, uint32_t column)
{
	uint32_t tile = row * tiles->n_columns + column;

	if (tiles->states[tile] != UNKNOWN)
		return tiles->states[tile] & STRONG;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		if (find_largest(&pairs[i], row, column) >= tiles->weak[i][tile])
			return true;
	tiles->states[tile] = QUIET;
	return false;
}

/* In tiles, all within it. */
struct area {
	uint32_t left, top, right, bottom;
};

static void take(struct vz_tiles *tiles, uint32_t tile, uint32_t *n)
{
	tiles->states[tile] |= TAKEN;
	tiles->stack[(*n)++] = tile;
}

/* All weak tiles that hang together with a strong one; a gap that the clean-up closes is less than
 * a tile. */
static struct area grow(struct vz_tiles *tiles, const struct pair pairs[VZ_PICTURE_N_PLANES],
			uint32_t tile)
{
	struct area area = { UINT32_MAX, UINT32_MAX, 0, 0 };
	uint32_t n = 0;

	take(tiles, tile, &n);
	while (n) {
		uint32_t at = tiles->stack[--n];
		uint32_t column = at % tiles->n_columns, row = at / tiles->n_columns;
		uint32_t right = min_of(column + 1, tiles->n_columns - 1);
		uint32_t bottom = min_of(row + 1, tiles->n_rows - 1);

		area.left = min_of(area.left, column);
		area.top = min_of(area.top, row);
		area.right = column > area.right ? column : area.right;
		area.bottom = row > area.bottom ? row : area.bottom;
		for (uint32_t y = row ? row - 1 : 0; y <= bottom; y++)
			for (uint32_t x = column ? column - 1 : 0; x <= right; x++) {
				uint32_t next = y * tiles->n_columns + x;

				if (!(tiles->states[next] & TAKEN) && is_weak(tiles, pairs, y, x))
					take(tiles, next, &n);
			}
	}
	return area;
}

/* With a tile around it. */
static struct vz_tile_box make_box(const struct vz_tiles *tiles, const struct area *area)
{
	return (struct vz_tile_box){
		.left = (area->left ? area->left - 1 : 0) * VZ_TILE_WIDTH_PX,
		.top = (area->top ? area->top - 1 : 0) * VZ_TILE_HEIGHT_PX,
		.right = min_of((area->right + 2) * VZ_TILE_WIDTH_PX, tiles->width_px),
		.bottom = min_of((area->bottom + 2) * VZ_TILE_HEIGHT_PX, tiles->height_px),
	};
}

static bool overlap(const struct vz_tile_box *a, const struct vz_tile_box *b)
{
	return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

static void unite(struct vz_tile_box *a, const struct vz_tile_box *b)
{
	a->left = min_of(a->left, b->left);
	a->top = min_of(a->top, b->top);
	a->right = b->right > a->right ? b->right : a->right;
	a->bottom = b->bottom > a->bottom ? b->bottom : a->bottom;
}

/* Adds @box, united with all that it meets; with all places taken it goes to the last. */
static void add_box(struct vz_tile_box *boxes, unsigned *n, struct vz_tile_box box)
{
	unsigned i = 0;

	while (i < *n) {
		if (!overlap(&boxes[i], &box) && *n < VZ_TILES_MAX_N_BOXES) {
			i++;
			continue;
		}
		unite(&box, &boxes[i]);
		boxes[i] = boxes[--*n];
		i = 0;
	}
	boxes[(*n)++] = box;
}

unsigned vz_tiles_find(struct vz_tiles *tiles, const struct vz_picture *frame,
		       const struct vz_picture *background,
		       struct vz_tile_box ret[VZ_TILES_MAX_N_BOXES])
{
	uint32_t n_tiles = tiles->n_columns * tiles->n_rows;
	const uint8_t *next = tiles->states, *end = next + n_tiles;
	struct pair pairs[VZ_PICTURE_N_PLANES];
	unsigned n = 0;

	memset(tiles->states, UNKNOWN, n_tiles);
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		pairs[i] = make_pair(frame, background, i);
		for (uint32_t row = 0; row < tiles->n_rows; row++)
			find_strong(tiles, &pairs[i], i, row);
	}
	while ((next = memchr(next, STRONG, (size_t) (end - next)))) {
		struct area area = grow(tiles, pairs, (uint32_t) (next - tiles->states));

		add_box(ret, &n, make_box(tiles, &area));
	}
	return n;
}
