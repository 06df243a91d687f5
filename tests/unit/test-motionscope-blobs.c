#include "motionscope-planes.h"

#include <math.h>

#include "motionscope/blobs.h"
#include "motionscope/mask.h"

/* --- Against a flood fill ------------------------------------------------------------------ */

struct flood {
	const struct vz_plane *mask;
	int *label;
	bool is_set;
	double weight, x, y;
	uint32_t area;
	bool touches_border;
};

static void flood(struct flood *f, const struct vz_plane *strength, int x, int y, int label)
{
	int w = (int) f->mask->width_px, h = (int) f->mask->height_px;
	double weight;

	if (x < 0 || y < 0 || x >= w || y >= h) {
		f->touches_border = true;
		return;
	}
	if (f->label[y * w + x] || (vz_plane_get_row(f->mask, (uint32_t) y)[x] != 0) != f->is_set)
		return;
	f->label[y * w + x] = label;
	weight = vz_plane_get_row(strength, (uint32_t) y)[x];
	weight = weight < VZ_MASK_SUPPORT ? 33 : fmin(weight, VZ_MASK_FULL) - 31;
	f->weight += weight;
	f->x += weight * x;
	f->y += weight * y;
	f->area++;
	for (int dy = -1; dy <= 1; dy++)
		for (int dx = -1; dx <= 1; dx++)
			if (f->is_set || !dx || !dy)
				flood(f, strength, x + dx, y + dy, label);
}

static bool has_blob(const struct vz_blobs *blobs, const struct flood *f)
{
	for (unsigned i = 0; i < blobs->n; i++)
		if (blobs->blobs[i].area_px == f->area &&
		    fabs(blobs->blobs[i].x_px - f->x / f->weight) < 1e-9 &&
		    fabs(blobs->blobs[i].y_px - f->y / f->weight) < 1e-9)
			return true;
	return false;
}

static void check_blobs(const struct vz_plane *mask, const struct vz_plane *strength)
{
	VZ_CLEANUP(vz_freep)
	int *label = calloc((size_t) mask->width_px * mask->height_px, sizeof(int));
	struct vz_blobs *blobs = calloc(1, sizeof(*blobs));
	unsigned n = 0;

	CHECK_EQ(vz_blobs_find(mask, strength, 3, blobs), 0);
	for (uint32_t y = 0; y < mask->height_px; y++)
		for (uint32_t x = 0; x < mask->width_px; x++) {
			struct flood f = { mask, label, true };

			flood(&f, strength, (int) x, (int) y, 1);
			if (f.area < 3)
				continue;
			n++;
			CHECK(blobs->n_left_out || has_blob(blobs, &f));
		}
	CHECK_EQ(blobs->n + blobs->n_left_out, n);
	for (unsigned i = 1; i < blobs->n; i++)
		CHECK(blobs->blobs[i - 1].area_px >= blobs->blobs[i].area_px);
	vz_blobs_deinit(blobs);
	free(blobs);
}

TEST(blobs_are_what_a_flood_fill_finds)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++)
		for (uint32_t modulus = 2; modulus <= 4; modulus++) {
			uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
			struct vz_plane mask = make_plane(w, h, plane_sizes[i].padding);
			struct vz_plane strength = make_plane(w, h, 1);

			test_case(plane_sizes[i].label);
			fill_random(&mask, modulus);
			fill_random(&strength, 190);
			for (uint32_t y = 0; y < h; y++)
				for (uint32_t x = 0; x < w; x++) {
					uint8_t *p = &vz_plane_get_row(&mask, y)[x];

					*p = *p == 1 ? 255 : 0;
					/* Every one reaches the limit. */
					vz_plane_get_row(&strength, y)[x] |= VZ_MASK_LIMIT;
				}
			check_blobs(&mask, &strength);
			free_plane(&mask);
			free_plane(&strength);
		}
}

TEST(blobs_fill_the_holes_that_a_flood_fill_finds)
{
	for (size_t i = 0; i < N_PLANE_SIZES; i++) {
		uint32_t w = plane_sizes[i].width, h = plane_sizes[i].height;
		struct vz_plane mask = make_plane(w, h, 2), filled = make_plane(w, h, 2);
		VZ_CLEANUP(vz_freep) int *label = calloc((size_t) w * h, sizeof(int));
		struct vz_runs runs = { 0 };

		test_case(plane_sizes[i].label);
		fill_random(&mask, 5);
		memcpy(filled.data, mask.data, (size_t) mask.stride_bytes * h);
		CHECK_EQ(vz_runs_fill_holes(&filled, 2, &runs), 0);
		for (uint32_t y = 0; y < h; y++)
			for (uint32_t x = 0; x < w; x++) {
				uint8_t was = vz_plane_get_row(&mask, y)[x];
				uint8_t is = vz_plane_get_row(&filled, y)[x];
				struct flood f = { mask.data ? &mask : NULL, label, false };

				memset(label, 0, (size_t) w * h * sizeof(int));
				flood(&f, &mask, (int) x, (int) y, 1);
				CHECK_EQ(is, !was && !f.touches_border && f.area <= 2 ? 255 : was);
			}
		vz_runs_deinit(&runs);
		free_plane(&mask);
		free_plane(&filled);
	}
}

/* --- Sub-pixel ----------------------------------------------------------------------------- */

/* How much of the pixel the disk covers, from 16 x 16 points in it. */
static double cover(double dx, double dy, double radius)
{
	unsigned n = 0;

	for (int i = 0; i < 16; i++)
		for (int j = 0; j < 16; j++) {
			double x = dx + (i - 7.5) / 16, y = dy + (j - 7.5) / 16;

			n += x * x + y * y < radius * radius;
		}
	return n / 256.0;
}

TEST(blobs_find_a_disk_to_a_tenth_of_a_pixel)
{
	static const double radii[] = { 1.5, 4.5, 12.25 };
	struct vz_plane mask = make_plane(64, 48, 0), strength = make_plane(64, 48, 0);
	struct vz_plane scratch = make_plane(64, 48, 0);
	struct vz_blobs *blobs = calloc(1, sizeof(*blobs));

	for (unsigned i = 0; i < 60; i++) {
		double radius = radii[i % 3], cx = 30 + i * 0.137, cy = 22 + i * 0.071;

		for (int y = 0; y < 48; y++)
			for (int x = 0; x < 64; x++)
				strength.data[y * 64 + x] =
					(uint8_t) (120 * cover(x - cx, y - cy, radius));
		vz_mask_find(&strength, &scratch, &mask);
		CHECK_EQ(vz_blobs_find(&mask, &strength, 3, blobs), 0);
		CHECK_EQ(blobs->n, 1);
		CHECK_NEAR(blobs->blobs[0].x_px, cx, 0.1);
		CHECK_NEAR(blobs->blobs[0].y_px, cy, 0.1);
		CHECK_NEAR(blobs->blobs[0].right - blobs->blobs[0].left + 1, 2 * radius, 1.6);
	}
	vz_blobs_deinit(blobs);
	free(blobs);
	free_plane(&mask);
	free_plane(&strength);
	free_plane(&scratch);
}

TEST(blobs_need_size_and_a_pixel_beyond_the_limit)
{
	struct vz_plane mask = make_plane(8, 4, 0), strength = make_plane(8, 4, 0);
	struct vz_blobs *blobs = calloc(1, sizeof(*blobs));

	memset(mask.data, 255, 3);
	memset(strength.data, VZ_MASK_LIMIT - 1, 3);
	CHECK_EQ(vz_blobs_find(&mask, &strength, 3, blobs), 0);
	CHECK_EQ(blobs->n, 0);
	strength.data[1] = VZ_MASK_LIMIT;
	CHECK_EQ(vz_blobs_find(&mask, &strength, 3, blobs), 0);
	CHECK_EQ(blobs->n, 1);
	CHECK_EQ(vz_blobs_find(&mask, &strength, 4, blobs), 0);
	CHECK_EQ(blobs->n, 0);
	vz_blobs_deinit(blobs);
	free(blobs);
	free_plane(&mask);
	free_plane(&strength);
}
