#include "motionscope/detector.h"

#include <errno.h>
#include <string.h>

#include "motionscope/background.h"
#include "motionscope/mask.h"
#include "motionscope/outline.h"
#include "motionscope/thin.h"
#include "motionscope/tiles.h"
#include "util/cleanup.h"

#define MAX_SIDE_PX 16384u
/* A larger hole is a ring, or what people stand around. */
#define MAX_HOLE_PART 0.02
/* Half of what a string or a rod is wide, at most: of the height, and this. */
#define THIN_PART   400u
#define MIN_THIN_PX 1u

struct vz_detector {
	struct vz_picture background;
	struct vz_plane deviation[VZ_PICTURE_N_PLANES];
	/* The same in parts of a level, while it follows; without memory before. */
	struct vz_plane trend[VZ_PICTURE_N_PLANES];
	uint16_t *factors[VZ_PICTURE_N_PLANES];
	double noise_levels[VZ_PICTURE_N_PLANES];
	uint16_t *ones; /* a row of factors for differences in levels */
	struct vz_tiles *tiles;
	/* Of the last step; beyond them the outline and the mask are 0. */
	struct vz_tile_box boxes[VZ_TILES_MAX_N_BOXES];
	unsigned n_boxes;
	struct vz_plane strength, difference, outline, mask, scratch;
	struct vz_blobs blobs;
	struct vz_runs runs;
};

static int make_plane(uint32_t width, uint32_t height, struct vz_plane *ret)
{
	ret->data = calloc(height, width);
	if (!ret->data)
		return -ENOMEM;
	ret->width_px = ret->stride_bytes = width;
	ret->height_px = height;
	return 0;
}

static int make_channel(struct vz_detector *detector, unsigned i, uint32_t width, uint32_t height)
{
	if (i > 0) {
		width = (width + 1) / 2;
		height = (height + 1) / 2;
	}
	detector->factors[i] = calloc((size_t) width * height, sizeof(uint16_t));
	if (!detector->factors[i])
		return -ENOMEM;
	if (make_plane(width, height, &detector->deviation[i]) < 0)
		return -ENOMEM;
	return make_plane(width, height, &detector->background.planes[i]);
}

static int make_ones(struct vz_detector *detector, size_t n)
{
	detector->ones = malloc(n * sizeof(uint16_t));
	for (size_t i = 0; detector->ones && i < n; i++)
		detector->ones[i] = 256;
	return detector->ones ? 0 : -ENOMEM;
}

int vz_detector_new(uint32_t width_px, uint32_t height_px, struct vz_detector **ret)
{
	VZ_CLEANUP(vz_detector_freep) struct vz_detector *detector = NULL;

	if (!width_px || !height_px || width_px > MAX_SIDE_PX || height_px > MAX_SIDE_PX)
		return -EINVAL;
	detector = calloc(1, sizeof(*detector));
	if (!detector || make_plane(width_px, height_px, &detector->strength) < 0 ||
	    make_plane(width_px, height_px, &detector->difference) < 0 ||
	    make_plane(width_px, height_px, &detector->outline) < 0 ||
	    make_plane(width_px, height_px, &detector->mask) < 0 ||
	    make_plane(width_px, height_px, &detector->scratch) < 0)
		return -ENOMEM;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		if (make_channel(detector, i, width_px, height_px) < 0)
			return -ENOMEM;
	if (make_ones(detector, width_px) < 0 ||
	    vz_tiles_new(width_px, height_px, &detector->tiles) < 0)
		return -ENOMEM;
	*ret = vz_steal(detector);
	return 0;
}

struct vz_detector *vz_detector_free(struct vz_detector *detector)
{
	if (!detector)
		return NULL;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		free(detector->background.planes[i].data);
		free(detector->deviation[i].data);
		free(detector->trend[i].data);
		free(detector->factors[i]);
	}
	free(detector->ones);
	(void) vz_tiles_free(detector->tiles);
	free(detector->strength.data);
	free(detector->difference.data);
	free(detector->outline.data);
	free(detector->mask.data);
	free(detector->scratch.data);
	vz_blobs_deinit(&detector->blobs);
	vz_runs_deinit(&detector->runs);
	free(detector);
	return NULL;
}

int vz_detector_set_background(struct vz_detector *detector, const struct vz_picture *samples,
			       unsigned n, double threshold_percent)
{
	if (!n || n > VZ_BACKGROUND_MAX_SAMPLES || !(threshold_percent >= 1) ||
	    threshold_percent > 100)
		return -EINVAL;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		struct vz_plane planes[VZ_BACKGROUND_MAX_SAMPLES];
		struct vz_plane *background = &detector->background.planes[i];

		for (unsigned s = 0; s < n; s++)
			planes[s] = samples[s].planes[i];
		vz_background_find_median(planes, n, background);
		vz_background_find_deviation(planes, n, background, &detector->deviation[i]);
		detector->noise_levels[i] = vz_background_find_noise(planes, n, background);
		free(vz_steal(detector->trend[i].data));
	}
	return vz_detector_set_threshold(detector, threshold_percent);
}

/* To whole levels; both have no padding. */
static void round_trend(const struct vz_plane *trend, struct vz_plane *deviation)
{
	size_t n = (size_t) trend->width_px * trend->height_px;

	for (size_t i = 0; i < n; i++)
		deviation->data[i] = (uint8_t) ((trend->data[i] + VZ_BACKGROUND_PARTS / 2) /
						VZ_BACKGROUND_PARTS);
}

int vz_detector_set_threshold(struct vz_detector *detector, double threshold_percent)
{
	if (!(threshold_percent >= 1) || threshold_percent > 100)
		return -EINVAL;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		/* One that is free now and large enough. */
		struct vz_plane largest = detector->deviation[i];

		largest.data = detector->scratch.data;
		if (detector->trend[i].data)
			round_trend(&detector->trend[i], &detector->deviation[i]);
		/* An edge that trembles does so to both sides. */
		vz_mask_dilate(&detector->deviation[i], &largest);
		vz_mask_find_factors(&largest, detector->noise_levels[i], threshold_percent,
				     detector->factors[i]);
		vz_tiles_set_factors(detector->tiles, i, detector->factors[i], largest.width_px,
				     largest.height_px);
	}
	return 0;
}

static int begin_trend(const struct vz_plane *deviation, struct vz_plane *ret)
{
	size_t n = (size_t) deviation->width_px * deviation->height_px;
	unsigned most = 255 / VZ_BACKGROUND_PARTS;
	int r;

	r = make_plane(deviation->width_px, deviation->height_px, ret);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		unsigned levels = deviation->data[i] < most ? deviation->data[i] : most;

		ret->data[i] = (uint8_t) (levels * VZ_BACKGROUND_PARTS);
	}
	return 0;
}

int vz_detector_follow(struct vz_detector *detector, const struct vz_picture *frame)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		const struct vz_plane *now = &frame->planes[i];
		struct vz_plane background = detector->background.planes[i], trend;

		if (!detector->trend[i].data &&
		    begin_trend(&detector->deviation[i], &detector->trend[i]) < 0)
			return -ENOMEM;
		trend = detector->trend[i];
		/* The chroma of an odd size may lack the last column and row. */
		if (now->width_px < background.width_px)
			background.width_px = trend.width_px = now->width_px;
		if (now->height_px < background.height_px)
			background.height_px = trend.height_px = now->height_px;
		vz_background_follow_deviation(now, &background, &trend);
		vz_background_follow(now, &background);
	}
	return 0;
}

double vz_detector_get_noise(const struct vz_detector *detector, unsigned i)
{
	return detector->noise_levels[i];
}

const struct vz_picture *vz_detector_get_background(const struct vz_detector *detector)
{
	return &detector->background;
}

const struct vz_plane *vz_detector_get_outline(const struct vz_detector *detector)
{
	return &detector->outline;
}

const struct vz_plane *vz_detector_get_mask(const struct vz_detector *detector)
{
	return &detector->mask;
}

/* --- A step ----------------------------------------------------------------------------------- */

/* The part of @plane, which has the size of luma or half of it, that lies in the box. */
static struct vz_plane get_part(const struct vz_plane *plane, const struct vz_tile_box *box,
				bool is_half)
{
	struct vz_plane part = *plane;
	uint32_t left = is_half ? box->left / 2 : box->left;
	uint32_t top = is_half ? box->top / 2 : box->top;
	uint32_t right = is_half ? (box->right + 1) / 2 : box->right;
	uint32_t bottom = is_half ? (box->bottom + 1) / 2 : box->bottom;

	/* The chroma of an odd size may lack the last column and row. */
	right = right < plane->width_px ? right : plane->width_px;
	bottom = bottom < plane->height_px ? bottom : plane->height_px;
	part.data = vz_plane_get_row(plane, top) + left;
	part.width_px = right - left;
	part.height_px = bottom - top;
	return part;
}

/* Compares the frame with the background in the box, by the factors, or in levels if @is_in_levels.
 */
static void compare(struct vz_detector *detector, const struct vz_picture *frame,
		    const struct vz_tile_box *box, bool is_in_levels, struct vz_plane *ret)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		const struct vz_plane *whole = &detector->background.planes[i];
		struct vz_plane now = get_part(&frame->planes[i], box, i > 0);
		struct vz_plane usual = get_part(whole, box, i > 0);
		uint32_t stride = is_in_levels ? 0 : whole->width_px;
		const uint16_t *factors =
			is_in_levels ? detector->ones
				     : detector->factors[i] + (usual.data - whole->data);

		struct vz_plane strength = *ret;

		if (i == 0) {
			vz_mask_find_strength(&now, &usual, factors, stride, ret);
			continue;
		}
		if (strength.width_px > 2 * now.width_px)
			strength.width_px = 2 * now.width_px;
		if (strength.height_px > 2 * now.height_px)
			strength.height_px = 2 * now.height_px;
		vz_mask_add_chroma(&now, &usual, factors, stride, &strength);
	}
}

/* The mask of @strength with its holes filled. */
static int find_mask(struct vz_detector *detector, const struct vz_plane *strength,
		     struct vz_plane *scratch, struct vz_plane *ret)
{
	double area = (double) detector->mask.width_px * detector->mask.height_px;

	vz_mask_find(strength, scratch, ret);
	return vz_runs_fill_holes(ret, (uint64_t) (MAX_HOLE_PART * area), &detector->runs);
}

static int step_box(struct vz_detector *detector, const struct vz_picture *frame,
		    const struct vz_tile_box *box)
{
	struct vz_plane strength = get_part(&detector->strength, box, false);
	struct vz_plane difference = get_part(&detector->difference, box, false);
	struct vz_plane outline = get_part(&detector->outline, box, false);
	struct vz_plane mask = get_part(&detector->mask, box, false);
	struct vz_plane scratch = get_part(&detector->scratch, box, false);
	int r;

	compare(detector, frame, box, false, &strength);
	r = find_mask(detector, &strength, &scratch, &mask);
	if (r == 0)
		r = vz_runs_find(&mask, true, &detector->runs);
	if (r < 0)
		return r;
	compare(detector, frame, box, true, &difference);
	r = vz_outline_find(&detector->runs, &strength, &difference, VZ_BLOBS_MIN_AREA_PX,
			    &outline);
	if (r == 0)
		r = find_mask(detector, &outline, &scratch, &mask);
	if (r == 0)
		r = vz_runs_find(&mask, true, &detector->runs);
	if (r == 0)
		r = vz_thin_remove(&detector->runs,
				   MIN_THIN_PX + detector->mask.height_px / THIN_PART, &scratch,
				   &mask, &outline);
	if (r == 0)
		r = vz_blobs_add(&mask, &outline, box->left, box->top, VZ_BLOBS_MIN_AREA_PX,
				 &detector->blobs);
	return r;
}

static void clear(struct vz_detector *detector, const struct vz_tile_box *box)
{
	struct vz_plane outline = get_part(&detector->outline, box, false);
	struct vz_plane mask = get_part(&detector->mask, box, false);

	for (uint32_t y = 0; y < mask.height_px; y++) {
		memset(vz_plane_get_row(&outline, y), 0, outline.width_px);
		memset(vz_plane_get_row(&mask, y), 0, mask.width_px);
	}
}

int vz_detector_step(struct vz_detector *detector, const struct vz_picture *frame,
		     const struct vz_blobs **ret)
{
	int r = 0;

	for (unsigned i = 0; i < detector->n_boxes; i++)
		clear(detector, &detector->boxes[i]);
	vz_blobs_clear(&detector->blobs);
	detector->n_boxes =
		vz_tiles_find(detector->tiles, frame, &detector->background, detector->boxes);
	for (unsigned i = 0; r == 0 && i < detector->n_boxes; i++)
		r = step_box(detector, frame, &detector->boxes[i]);
	if (r < 0)
		return r;
	vz_blobs_find_colors(&detector->mask, frame, &detector->blobs);
	*ret = &detector->blobs;
	return 0;
}
