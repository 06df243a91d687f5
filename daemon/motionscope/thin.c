#include "motionscope/thin.h"

#include <errno.h>
#include <string.h>

/* So much wider must the object be somewhere: 2.5 times. */
#define WIDER_NUMERATOR	  5u
#define WIDER_DENOMINATOR 2u
/* What is left of the thin part, so that no round edge loses pixels. */
#define REST_PX 2u

/* A mask with room for half a square around it, of pixels that are not set; that at the right of a
 * row is that at the left of the next one. */
struct field {
	uint8_t *data;
	size_t size, stride;
	uint32_t margin_px;
};

/* --- Squares ------------------------------------------------------------------------------ */

static uint8_t min_of(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

static uint8_t max_of(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

static void join(struct field *field, size_t step, bool is_max)
{
	uint8_t *a = field->data;
	size_t n = field->size - step;

	if (is_max)
		for (size_t i = 0; i < n; i++)
			a[i] = max_of(a[i], a[i + step]);
	else
		for (size_t i = 0; i < n; i++)
			a[i] = min_of(a[i], a[i + step]);
	if (!is_max)
		memset(a + n, 0, step);
}

/* Each pixel becomes the extreme of @length ones that begin with it, @step apart: of two, of four,
 * and so on. */
static void join_line(struct field *field, size_t step, uint32_t length, bool is_max)
{
	uint32_t n = 1;

	for (; 2 * n <= length; n *= 2)
		join(field, n * step, is_max);
	if (n < length)
		join(field, (length - n) * step, is_max);
}

/* The extreme of the square that reaches so far to all sides. Where it begins the result stands, so
 * that of the pixel (0, 0) is the first one of the field. */
static void join_squares(struct field *field, uint32_t reach_px, bool is_max)
{
	join_line(field, 1, 2 * reach_px + 1, is_max);
	join_line(field, field->stride, 2 * reach_px + 1, is_max);
}

static const uint8_t *get_result(const struct field *field, uint32_t y, uint32_t reach_px)
{
	uint32_t margin = field->margin_px - reach_px;

	return field->data + (y + margin) * field->stride + margin;
}

static int make_field(const struct vz_plane *mask, uint32_t margin_px, struct field *ret)
{
	ret->margin_px = margin_px;
	ret->stride = (size_t) mask->width_px + margin_px;
	ret->size = ret->stride * (mask->height_px + 2 * (size_t) margin_px) + margin_px;
	ret->data = malloc(ret->size);
	return ret->data ? 0 : -ENOMEM;
}

static void fill(const struct vz_plane *mask, struct field *ret)
{
	memset(ret->data, 0, ret->size);
	for (uint32_t y = 0; y < mask->height_px; y++)
		memcpy(ret->data + (y + ret->margin_px) * ret->stride + ret->margin_px,
		       vz_plane_get_row(mask, y), mask->width_px);
}

/* --- Components --------------------------------------------------------------------------- */

static bool is_any(const uint8_t *bytes, size_t n)
{
	uint8_t any = 0;

	for (size_t i = 0; i < n; i++)
		any |= bytes[i];
	return any;
}

/* Marks at the index of its first run each component that holds a square which reaches so far. */
static bool find_wide(const struct vz_runs *runs, const struct field *squares, uint32_t reach_px,
		      bool *ret)
{
	bool any = false;

	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];
		const uint8_t *row = get_result(squares, run->y, reach_px);

		if (!ret[run->parent] && is_any(row + run->x, run->end - run->x))
			any = ret[run->parent] = true;
	}
	return any;
}

/* What is around each pixel of @squares that is set, and all of what is not wide. */
static void draw_core(const struct vz_runs *runs, const struct field *squares, uint32_t reach_px,
		      const bool *is_wide, struct vz_plane *ret)
{
	for (uint32_t y = 0; y < ret->height_px; y++)
		memset(vz_plane_get_row(ret, y), 0, ret->width_px);
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];
		uint8_t *row = vz_plane_get_row(ret, run->y) + run->x;

		if (is_wide[run->parent])
			memcpy(row, get_result(squares, run->y, reach_px) + run->x,
			       run->end - run->x);
		else
			memset(row, 1, run->end - run->x);
	}
}

static void clear_far(const struct vz_runs *runs, const struct field *near, uint32_t reach_px,
		      struct vz_plane *mask, struct vz_plane *outline)
{
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];
		const uint8_t *row = get_result(near, run->y, reach_px);
		uint8_t *set = vz_plane_get_row(mask, run->y);
		uint8_t *strength = vz_plane_get_row(outline, run->y);

		for (uint32_t x = run->x; x < run->end; x++) {
			set[x] = row[x] ? set[x] : 0;
			strength[x] = row[x] ? strength[x] : 0;
		}
	}
}

int vz_thin_remove(const struct vz_runs *runs, uint32_t max_thin_px, struct vz_plane *scratch,
		   struct vz_plane *mask, struct vz_plane *outline)
{
	VZ_CLEANUP(vz_freep) bool *is_wide = calloc(runs->n + 1, sizeof(*is_wide));
	VZ_CLEANUP(vz_freep) uint8_t *memory = NULL;
	uint32_t wide = max_thin_px * WIDER_NUMERATOR / WIDER_DENOMINATOR;
	uint32_t rest = max_thin_px + REST_PX;
	struct field field;

	if (!is_wide || make_field(mask, wide > rest ? wide : rest, &field) < 0)
		return -ENOMEM;
	memory = field.data;
	fill(mask, &field);
	join_squares(&field, wide, false);
	if (!find_wide(runs, &field, wide, is_wide))
		return 0;
	fill(mask, &field);
	join_squares(&field, max_thin_px, false);
	draw_core(runs, &field, max_thin_px, is_wide, scratch);
	fill(scratch, &field);
	join_squares(&field, rest, true);
	clear_far(runs, &field, rest, mask, outline);
	return 0;
}
