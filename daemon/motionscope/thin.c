#include "motionscope/thin.h"

#include <errno.h>
#include <string.h>

/* So much wider must the object be somewhere. */
#define WIDER 2.5
/* What is left of the thin part, so that no round edge loses pixels. */
#define REST_PX 2u

static uint8_t min_of(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

/* The depth at @x of @row by the neighbours that a pass has seen already: those in @before, the row
 * next to it or NULL, and the one at @x - @step. */
static uint8_t find_depth(const uint8_t *before, const uint8_t *row, uint32_t x, uint32_t width,
			  int step)
{
	uint32_t last = width - 1;
	uint8_t least;

	if (!before || x == 0 || x == last)
		return 1;
	least = min_of(min_of(before[x - 1], before[x + 1]),
		       min_of(before[x], step > 0 ? row[x - 1] : row[x + 1]));
	return (uint8_t) (min_of(least, 254) + 1);
}

/* How far each set pixel is from one that is not, or from the edge: 1 beside it, steps in eight
 * directions, at most 255 (A. Rosenfeld, J. Pfaltz, Distance functions on digital pictures, 1968).
 */
static void find_depths(const struct vz_plane *mask, struct vz_plane *ret)
{
	uint32_t width = ret->width_px, height = ret->height_px;

	for (uint32_t y = 0; y < height; y++) {
		const uint8_t *set = vz_plane_get_row(mask, y);
		const uint8_t *before = y ? vz_plane_get_row(ret, y - 1) : NULL;
		uint8_t *row = vz_plane_get_row(ret, y);

		for (uint32_t x = 0; x < width; x++)
			row[x] = set[x] ? find_depth(before, row, x, width, 1) : 0;
	}
	for (uint32_t y = height; y-- > 0;) {
		const uint8_t *before = y + 1 < height ? vz_plane_get_row(ret, y + 1) : NULL;
		uint8_t *row = vz_plane_get_row(ret, y);

		for (uint32_t x = width; x-- > 0;)
			if (row[x])
				row[x] = min_of(row[x], find_depth(before, row, x, width, -1));
	}
}

/* Of each component, at the index of its first run. */
static void find_deepest(const struct vz_runs *runs, const struct vz_plane *depths, uint8_t *ret)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];
		const uint8_t *row = vz_plane_get_row(depths, run->y);

		for (uint32_t x = run->x; x < run->end; x++)
			if (row[x] > ret[run->parent])
				ret[run->parent] = row[x];
	}
}

/* Writes 1 where the depth is more than @thin, 0 elsewhere in the component; what is not wide
 * enough is all kept. */
static void mark_core(const struct vz_runs *runs, const uint8_t *deepest, uint32_t thin,
		      struct vz_plane *depths)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];
		uint8_t *row = vz_plane_get_row(depths, run->y);
		bool is_wide = deepest[run->parent] > WIDER * thin;

		for (uint32_t x = run->x; x < run->end; x++)
			row[x] = !is_wide || row[x] > thin;
	}
}

static bool has_core(const struct vz_plane *core, int64_t y, uint32_t left, uint32_t right)
{
	return y >= 0 && y < core->height_px &&
	       memchr(vz_plane_get_row(core, (uint32_t) y) + left, 1, right - left + 1);
}

/* Is there a pixel of the core within @reach? Most have one beside them. */
static bool is_near(const struct vz_plane *core, uint32_t x, uint32_t y, uint32_t reach)
{
	uint32_t left = x > reach ? x - reach : 0;
	uint32_t right = x + reach < core->width_px ? x + reach : core->width_px - 1;

	for (uint32_t d = 0; d <= reach; d++)
		if (has_core(core, (int64_t) y - d, left, right) ||
		    has_core(core, (int64_t) y + d, left, right))
			return true;
	return false;
}

static void clear_far(const struct vz_runs *runs, const struct vz_plane *core, uint32_t reach,
		      struct vz_plane *mask, struct vz_plane *outline)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];

		for (uint32_t x = run->x; x < run->end; x++)
			if (!vz_plane_get_row(core, run->y)[x] &&
			    !is_near(core, x, run->y, reach)) {
				vz_plane_get_row(mask, run->y)[x] = 0;
				vz_plane_get_row(outline, run->y)[x] = 0;
			}
	}
}

int vz_thin_remove(const struct vz_runs *runs, uint32_t max_thin_px, struct vz_plane *scratch,
		   struct vz_plane *mask, struct vz_plane *outline)
{
	VZ_CLEANUP(vz_freep) uint8_t *deepest = calloc(runs->n + 1, 1);
	bool any = false;

	if (!deepest)
		return -ENOMEM;
	find_depths(mask, scratch);
	find_deepest(runs, scratch, deepest);
	for (size_t i = 0; i < runs->n; i++)
		any = any || deepest[i] > WIDER * max_thin_px;
	if (!any)
		return 0;
	mark_core(runs, deepest, max_thin_px, scratch);
	clear_far(runs, scratch, max_thin_px + REST_PX, mask, outline);
	return 0;
}
