#include "motionscope/tiles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "motionscope/mask.h"

/* What joins an object reaches further than a tile only in its glow and its shadow, and noise would
 * join nearly all tiles: so they hang together by what is between that and what makes one. */
#define JOIN_STRENGTH ((VZ_MASK_SUPPORT + VZ_MASK_LIMIT) / 2)

enum { QUIET = 0, WEAK = 1, STRONG = 2, TAKEN = 4 };

struct vz_tiles {
	uint32_t width_px, height_px, n_columns, n_rows;
	/* Differences of a channel from which on a pixel of the tile may belong to an object, or
	 * make one; one after the other in one allocation. */
	uint8_t *weak[VZ_PICTURE_N_PLANES], *strong[VZ_PICTURE_N_PLANES];
	uint8_t *states;
	uint32_t *stack;
};

int vz_tiles_new(uint32_t width_px, uint32_t height_px, struct vz_tiles **ret)
{
	VZ_CLEANUP(vz_tiles_freep) struct vz_tiles *tiles = calloc(1, sizeof(*tiles));
	size_t n;

	if (!tiles)
		return -ENOMEM;
	tiles->width_px = width_px;
	tiles->height_px = height_px;
	tiles->n_columns = (width_px + VZ_TILE_WIDTH_PX - 1) / VZ_TILE_WIDTH_PX;
	tiles->n_rows = (height_px + VZ_TILE_HEIGHT_PX - 1) / VZ_TILE_HEIGHT_PX;
	n = (size_t) tiles->n_columns * tiles->n_rows;
	tiles->weak[0] = calloc(2 * VZ_PICTURE_N_PLANES, n);
	tiles->states = calloc(n, 1);
	tiles->stack = malloc(n * sizeof(*tiles->stack));
	if (!tiles->weak[0] || !tiles->states || !tiles->stack)
		return -ENOMEM;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		tiles->weak[i] = tiles->weak[0] + i * n;
		tiles->strong[i] = tiles->weak[i] + VZ_PICTURE_N_PLANES * n;
	}
	*ret = vz_steal(tiles);
	return 0;
}

struct vz_tiles *vz_tiles_free(struct vz_tiles *tiles)
{
	if (!tiles)
		return NULL;
	free(tiles->weak[0]);
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

void vz_tiles_set_factors(struct vz_tiles *tiles, unsigned i, const uint16_t *factors,
			  uint32_t width_px, uint32_t height_px)
{
	uint32_t tile_width = i ? VZ_TILE_WIDTH_PX / 2 : VZ_TILE_WIDTH_PX;
	uint32_t tile_height = i ? VZ_TILE_HEIGHT_PX / 2 : VZ_TILE_HEIGHT_PX;

	size_t n = (size_t) tiles->n_columns * tiles->n_rows;

	memset(tiles->weak[i], 255, n);
	memset(tiles->strong[i], 255, n);
	for (uint32_t y = 0; y < height_px; y++)
		for (uint32_t x = 0; x < width_px; x++) {
			size_t tile =
				(size_t) (y / tile_height) * tiles->n_columns + x / tile_width;
			uint16_t factor = factors[(size_t) y * width_px + x];
			uint8_t weak = find_limit(factor, JOIN_STRENGTH);
			uint8_t strong = find_limit(factor, VZ_MASK_LIMIT);

			if (weak < tiles->weak[i][tile])
				tiles->weak[i][tile] = weak;
			if (strong < tiles->strong[i][tile])
				tiles->strong[i][tile] = strong;
		}
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

/* Raises each of @largest to the difference there, over rows. */
static void raise_row(const uint8_t *restrict frame, const uint8_t *restrict background,
		      uint8_t *restrict largest, uint32_t n_px)
{
	for (uint32_t x = 0; x < n_px; x++)
		largest[x] = max_of(largest[x], find_difference(frame[x], background[x]));
}

/* The larger one of each pair. */
static void halve(const uint8_t *restrict bytes, uint8_t *restrict ret, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		ret[i] = max_of(bytes[2 * i], bytes[2 * i + 1]);
}

static void set_states(const uint8_t *restrict largest, const uint8_t *restrict weak,
		       const uint8_t *restrict strong, uint8_t *restrict states, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		states[i] = (uint8_t) (states[i] | (largest[i] >= weak[i] ? WEAK : QUIET) |
				       (largest[i] >= strong[i] ? STRONG : QUIET));
}

/* As many pixels as stay in the first cache, a whole number of tiles. */
#define CHUNK_PX 1024u

/* The tiles of one row in the plane @i, from @x on. */
static void compare_chunk(struct vz_tiles *tiles, const struct vz_plane *frame,
			  const struct vz_plane *background, unsigned i, uint32_t row, uint32_t x)
{
	uint32_t tile_width = i ? VZ_TILE_WIDTH_PX / 2 : VZ_TILE_WIDTH_PX;
	uint32_t tile_height = i ? VZ_TILE_HEIGHT_PX / 2 : VZ_TILE_HEIGHT_PX;
	uint32_t height = min_of(frame->height_px, background->height_px);
	uint32_t n = min_of(min_of(frame->width_px, background->width_px) - x, CHUNK_PX);
	uint32_t n_tiles = (n + tile_width - 1) / tile_width;
	size_t first = (size_t) row * tiles->n_columns + x / tile_width;
	uint8_t largest[CHUNK_PX], halves[CHUNK_PX / 2];

	memset(largest, 0, n_tiles * tile_width);
	for (uint32_t y = row * tile_height; y < (row + 1) * tile_height && y < height; y++)
		raise_row(vz_plane_get_row(frame, y) + x, vz_plane_get_row(background, y) + x,
			  largest, n);
	for (uint32_t width = tile_width; width > 1; width /= 2) {
		halve(largest, halves, n_tiles * width / 2);
		memcpy(largest, halves, n_tiles * width / 2);
	}
	set_states(largest, tiles->weak[i] + first, tiles->strong[i] + first, tiles->states + first,
		   n_tiles);
}

static void compare(struct vz_tiles *tiles, const struct vz_picture *frame,
		    const struct vz_picture *background)
{
	memset(tiles->states, QUIET, (size_t) tiles->n_columns * tiles->n_rows);
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		const struct vz_plane *a = &frame->planes[i], *b = &background->planes[i];

		for (uint32_t row = 0; row < tiles->n_rows; row++)
			for (uint32_t x = 0; x < min_of(a->width_px, b->width_px); x += CHUNK_PX)
				compare_chunk(tiles, a, b, i, row, x);
	}
}

/* --- Boxes ----------------------------------------------------------------------------------- */

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
static struct area grow(struct vz_tiles *tiles, uint32_t tile)
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

				if ((tiles->states[next] & (WEAK | TAKEN)) == WEAK)
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
	unsigned n = 0;

	compare(tiles, frame, background);
	for (uint32_t i = 0; i < n_tiles; i++)
		if ((tiles->states[i] & (STRONG | TAKEN)) == STRONG) {
			struct area area = grow(tiles, i);

			add_box(ret, &n, make_box(tiles, &area));
		}
	return n;
}
