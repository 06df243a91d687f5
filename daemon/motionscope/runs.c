#include "motionscope/runs.h"

#include <errno.h>
#include <string.h>

#define FIRST_ALLOCATION 256u
#define MAX_N_RUNS	 (UINT32_C(1) << 31)

void vz_runs_deinit(struct vz_runs *runs)
{
	free(runs->runs);
	*runs = (struct vz_runs){ 0 };
}

/* --- Union-find ---------------------------------------------------------------------------- */

static uint32_t find_root(struct vz_run *runs, uint32_t i)
{
	while (runs[i].parent != i) {
		runs[i].parent = runs[runs[i].parent].parent;
		i = runs[i].parent;
	}
	return i;
}

/* The smaller index is the root: parents come before their children. */
static void join(struct vz_run *runs, uint32_t a, uint32_t b)
{
	a = find_root(runs, a);
	b = find_root(runs, b);
	if (a < b)
		runs[b].parent = a;
	else
		runs[a].parent = b;
}

/* --- Runs ---------------------------------------------------------------------------------- */

static int add_run(struct vz_runs *list, uint32_t x, uint32_t end, uint32_t y)
{
	if (list->n == list->n_allocated) {
		size_t n = list->n_allocated ? 2 * list->n_allocated : FIRST_ALLOCATION;
		struct vz_run *runs;

		if (n > MAX_N_RUNS)
			return -E2BIG;
		runs = realloc(list->runs, n * sizeof(*runs));
		if (!runs)
			return -ENOMEM;
		list->runs = runs;
		list->n_allocated = n;
	}
	list->runs[list->n] =
		(struct vz_run){ .x = x, .end = end, .y = y, .parent = (uint32_t) list->n };
	list->n++;
	return 0;
}

/* Most of a mask is empty: eight pixels at a time that are alike are passed over. */
static uint32_t skip(const uint8_t *row, uint32_t x, uint32_t width, bool is_set)
{
	uint64_t eight;

	while (x + 8 <= width) {
		memcpy(&eight, row + x, 8);
		if (is_set ? eight != UINT64_MAX : eight != 0)
			break;
		x += 8;
	}
	while (x < width && (row[x] != 0) == is_set)
		x++;
	return x;
}

static int add_row(struct vz_runs *list, const uint8_t *row, uint32_t width, uint32_t y,
		   bool is_set)
{
	for (uint32_t x = 0; x < width;) {
		uint32_t begin = skip(row, x, width, !is_set), end;
		int r;

		if (begin == width)
			break;
		end = skip(row, begin, width, is_set);
		r = add_run(list, begin, end, y);
		if (r < 0)
			return r;
		x = end;
	}
	return 0;
}

/* Joins the runs of one row, from @row on, with those of the row above, from @above on. */
static void join_rows(struct vz_runs *list, size_t above, size_t row, uint32_t reach)
{
	size_t i = above, j = row;

	while (i < row && j < list->n) {
		struct vz_run *a = &list->runs[i], *b = &list->runs[j];

		if (a->x < b->end + reach && b->x < a->end + reach)
			join(list->runs, (uint32_t) i, (uint32_t) j);
		if (a->end < b->end)
			i++;
		else
			j++;
	}
}

int vz_runs_find(const struct vz_plane *mask, bool is_set, struct vz_runs *runs)
{
	size_t above = 0, row = 0;

	runs->n = 0;
	for (uint32_t y = 0; y < mask->height_px; y++) {
		int r = add_row(runs, vz_plane_get_row(mask, y), mask->width_px, y, is_set);

		if (r < 0)
			return r;
		join_rows(runs, above, row, is_set ? 1 : 0);
		above = row;
		row = runs->n;
	}
	for (size_t i = 0; i < runs->n; i++)
		runs->runs[i].parent = find_root(runs->runs, (uint32_t) i);
	return 0;
}

/* --- Holes --------------------------------------------------------------------------------- */

int vz_runs_fill_holes(struct vz_plane *mask, uint64_t max_area_px, struct vz_runs *runs)
{
	VZ_CLEANUP(vz_freep) uint64_t *areas = NULL;
	int r;

	r = vz_runs_find(mask, false, runs);
	if (r < 0)
		return r;
	areas = calloc(runs->n + 1, sizeof(*areas));
	if (!areas)
		return -ENOMEM;
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];
		bool is_outside = run->x == 0 || run->end == mask->width_px || run->y == 0 ||
				  run->y == mask->height_px - 1;

		areas[run->parent] += is_outside ? max_area_px + 1 : run->end - run->x;
	}
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];

		if (areas[run->parent] <= max_area_px)
			memset(vz_plane_get_row(mask, run->y) + run->x, 255, run->end - run->x);
	}
	return 0;
}
