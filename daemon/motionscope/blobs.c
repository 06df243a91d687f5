#include "motionscope/blobs.h"

#include <errno.h>

#include "motionscope/mask.h"

/* That of a pixel at the limit. */
#define FILLED_WEIGHT (VZ_MASK_LIMIT - VZ_MASK_SUPPORT + 1)

/* Sums over a component. 64 bits hold 2^28 pixels of strength 128 at x = 2^24. */
struct sums {
	uint64_t weight, weight_x, weight_y;
	uint32_t area, left, top, right, bottom;
	uint8_t peak;
};

void vz_blobs_deinit(struct vz_blobs *blobs)
{
	vz_runs_deinit(&blobs->runs);
	blobs->n = 0;
}

static void add_run(struct sums *sums, const struct vz_run *run, const uint8_t *strength)
{
	uint64_t weight = 0, weight_x = 0;

	for (uint32_t x = run->x; x < run->end; x++) {
		uint32_t w = strength[x];

		if (w > sums->peak)
			sums->peak = (uint8_t) w;
		/* Counted from where the mask begins, so that a pixel which enters it by noise
		 * enters with nothing. What the clean-up has filled is inside. */
		w = w < VZ_MASK_SUPPORT
			    ? FILLED_WEIGHT
			    : (w < VZ_MASK_FULL ? w : VZ_MASK_FULL) - VZ_MASK_SUPPORT + 1;
		weight += w;
		weight_x += (uint64_t) w * x;
	}
	if (!sums->area || run->x < sums->left)
		sums->left = run->x;
	if (!sums->area)
		sums->top = run->y;
	if (run->end - 1 > sums->right)
		sums->right = run->end - 1;
	sums->bottom = run->y;
	sums->area += run->end - run->x;
	sums->weight += weight;
	sums->weight_x += weight_x;
	sums->weight_y += weight * run->y;
}

/* Keeps the list sorted; the smallest falls off when it is full. */
static void add_blob(struct vz_blobs *blobs, const struct sums *sums, uint32_t left, uint32_t top)
{
	unsigned i = blobs->n;

	if (i == VZ_BLOBS_MAX_N) {
		blobs->n_left_out++;
		if (sums->area <= blobs->blobs[i - 1].area_px)
			return;
		i--;
	} else {
		blobs->n++;
	}
	for (; i > 0 && blobs->blobs[i - 1].area_px < sums->area; i--)
		blobs->blobs[i] = blobs->blobs[i - 1];
	blobs->blobs[i] = (struct vz_motion_blob){
		.x_px = left + (double) sums->weight_x / (double) sums->weight,
		.y_px = top + (double) sums->weight_y / (double) sums->weight,
		.area_px = sums->area,
		.left = left + sums->left,
		.top = top + sums->top,
		.right = left + sums->right,
		.bottom = top + sums->bottom,
		.peak = sums->peak,
	};
}

void vz_blobs_clear(struct vz_blobs *blobs)
{
	blobs->n = blobs->n_left_out = 0;
}

int vz_blobs_find(const struct vz_plane *mask, const struct vz_plane *strength,
		  uint32_t min_area_px, struct vz_blobs *blobs)
{
	vz_blobs_clear(blobs);
	return vz_blobs_add(mask, strength, 0, 0, min_area_px, blobs);
}

int vz_blobs_add(const struct vz_plane *mask, const struct vz_plane *strength, uint32_t left,
		 uint32_t top, uint32_t min_area_px, struct vz_blobs *blobs)
{
	VZ_CLEANUP(vz_freep) struct sums *sums = NULL;
	const struct vz_run *runs;
	int r;

	r = vz_runs_find(mask, true, &blobs->runs);
	if (r < 0)
		return r;
	runs = blobs->runs.runs;
	sums = calloc(blobs->runs.n + 1, sizeof(*sums));
	if (!sums)
		return -ENOMEM;
	for (size_t i = 0; i < blobs->runs.n; i++)
		add_run(&sums[runs[i].parent], &runs[i], vz_plane_get_row(strength, runs[i].y));
	for (size_t i = 0; i < blobs->runs.n; i++)
		if (runs[i].parent == i && sums[i].area >= min_area_px &&
		    sums[i].peak >= VZ_MASK_LIMIT)
			add_blob(blobs, &sums[i], left, top);
	return 0;
}

/* --- Colors ---------------------------------------------------------------------------------- */

/* The mean of @plane where @mask is set in the box; of a plane of half the size every other row and
 * column of @mask counts. */
static uint8_t find_mean(const struct vz_motion_blob *blob, const struct vz_plane *mask,
			 const struct vz_plane *plane, unsigned shift)
{
	uint64_t sum = 0, n = 0;

	for (uint32_t y = blob->top >> shift; y <= blob->bottom >> shift && y < plane->height_px;
	     y++) {
		const uint8_t *set = vz_plane_get_row(mask, y << shift);
		const uint8_t *row = vz_plane_get_row(plane, y);

		for (uint32_t x = blob->left >> shift;
		     x <= blob->right >> shift && x < plane->width_px; x++) {
			uint32_t is_set = set[x << shift] != 0;

			n += is_set;
			sum += is_set * row[x];
		}
	}
	return (uint8_t) (n ? (sum + n / 2) / n : 0);
}

void vz_blobs_find_colors(const struct vz_plane *mask, const struct vz_picture *picture,
			  struct vz_blobs *blobs)
{
	for (unsigned i = 0; i < blobs->n; i++)
		for (unsigned k = 0; k < VZ_PICTURE_N_PLANES; k++)
			blobs->blobs[i].color[k] =
				find_mean(&blobs->blobs[i], mask, &picture->planes[k], k ? 1 : 0);
}
