#include "motionscope/outline.h"

#include <errno.h>
#include <string.h>

#include "motionscope/mask.h"

/* With fewer pixels most of them are edge. */
#define MIN_INSIDE_PX 32u

/* Of a component; the inside is the mean of its differences, each weighted by itself. */
struct inside {
	uint64_t sum, squares;
	uint32_t area;
	uint8_t peak;
};

static void add_run(struct inside *inside, const struct vz_run *run, const uint8_t *strength,
		    const uint8_t *difference)
{
	for (uint32_t x = run->x; x < run->end; x++) {
		inside->sum += difference[x];
		inside->squares += (uint32_t) difference[x] * difference[x];
		if (strength[x] > inside->peak)
			inside->peak = strength[x];
	}
	inside->area += run->end - run->x;
}

static void draw_run(const struct inside *inside, const struct vz_run *run, const uint8_t *strength,
		     const uint8_t *difference, uint8_t *ret)
{
	uint32_t half;

	if (inside->area < MIN_INSIDE_PX || !inside->sum) {
		memcpy(ret + run->x, strength + run->x, run->end - run->x);
		return;
	}
	half = (uint32_t) (inside->squares / inside->sum / 2);
	half = half ? half : 1;
	for (uint32_t x = run->x; x < run->end; x++) {
		uint32_t d = difference[x], s;

		if (d < half)
			continue;
		s = VZ_MASK_SUPPORT + (d - half) * (VZ_MASK_FULL - VZ_MASK_SUPPORT) / half;
		ret[x] = (uint8_t) (s < VZ_MASK_FULL ? s : VZ_MASK_FULL);
	}
}

int vz_outline_find(const struct vz_runs *runs, const struct vz_plane *strength,
		    const struct vz_plane *difference, uint32_t min_area_px, struct vz_plane *ret)
{
	VZ_CLEANUP(vz_freep) struct inside *insides = calloc(runs->n + 1, sizeof(*insides));

	if (!insides)
		return -ENOMEM;
	for (uint32_t y = 0; y < ret->height_px; y++)
		memset(vz_plane_get_row(ret, y), 0, ret->width_px);
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];

		add_run(&insides[run->parent], run, vz_plane_get_row(strength, run->y),
			vz_plane_get_row(difference, run->y));
	}
	for (size_t i = 0; i < runs->n; i++) {
		const struct vz_run *run = &runs->runs[i];
		const struct inside *inside = &insides[run->parent];

		if (inside->area >= min_area_px && inside->peak >= VZ_MASK_LIMIT)
			draw_run(inside, run, vz_plane_get_row(strength, run->y),
				 vz_plane_get_row(difference, run->y),
				 vz_plane_get_row(ret, run->y));
	}
	return 0;
}
