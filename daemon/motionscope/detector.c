#include "motionscope/detector.h"

#include <errno.h>

#include "motionscope/background.h"
#include "motionscope/mask.h"
#include "motionscope/outline.h"

#define MAX_SIDE_PX 16384u
/* A larger hole is a ring, or what people stand around. */
#define MAX_HOLE_PART 0.02

struct vz_detector {
	struct vz_picture background;
	struct vz_plane deviation[VZ_DETECTOR_N_PLANES]; /* the largest nearby */
	uint16_t *factors[VZ_DETECTOR_N_PLANES];
	double noise_levels[VZ_DETECTOR_N_PLANES];
	uint16_t *ones; /* factors for differences in levels */
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
	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++)
		if (make_channel(detector, i, width_px, height_px) < 0)
			return -ENOMEM;
	if (make_ones(detector, (size_t) width_px * height_px) < 0)
		return -ENOMEM;
	*ret = vz_steal(detector);
	return 0;
}

struct vz_detector *vz_detector_free(struct vz_detector *detector)
{
	if (!detector)
		return NULL;
	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++) {
		free(detector->background.planes[i].data);
		free(detector->deviation[i].data);
		free(detector->factors[i]);
	}
	free(detector->ones);
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
	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++) {
		struct vz_plane planes[VZ_BACKGROUND_MAX_SAMPLES];
		struct vz_plane *background = &detector->background.planes[i];
		/* One that is free now and large enough. */
		struct vz_plane deviation = *background;

		for (unsigned s = 0; s < n; s++)
			planes[s] = samples[s].planes[i];
		deviation.data = detector->scratch.data;
		vz_background_find_median(planes, n, background);
		vz_background_find_deviation(planes, n, background, &deviation);
		detector->noise_levels[i] = vz_background_find_noise(planes, n, background);
		/* An edge that trembles does so to both sides. */
		vz_mask_dilate(&deviation, &detector->deviation[i]);
	}
	return vz_detector_set_threshold(detector, threshold_percent);
}

int vz_detector_set_threshold(struct vz_detector *detector, double threshold_percent)
{
	if (!(threshold_percent >= 1) || threshold_percent > 100)
		return -EINVAL;
	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++)
		vz_mask_find_factors(&detector->deviation[i], detector->noise_levels[i],
				     threshold_percent, detector->factors[i]);
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

static void compare(struct vz_detector *detector, const struct vz_picture *frame,
		    uint16_t *const factors[VZ_DETECTOR_N_PLANES], struct vz_plane *ret)
{
	const struct vz_picture *background = &detector->background;

	vz_mask_find_strength(&frame->planes[0], &background->planes[0], factors[0], ret);
	for (unsigned i = 1; i < VZ_DETECTOR_N_PLANES; i++)
		vz_mask_add_chroma(&frame->planes[i], &background->planes[i], factors[i], ret);
}

/* The rows from @first, which is even, to before @end of a plane of the size of luma, or half of
 * it. */
static struct vz_plane get_band(const struct vz_plane *plane, uint32_t first, uint32_t end,
				bool is_half)
{
	struct vz_plane band = *plane;

	first = is_half ? first / 2 : first;
	end = is_half ? (end + 1) / 2 : end;
	band.data = vz_plane_get_row(plane, first);
	band.height_px = end - first;
	return band;
}

/* Differences in levels, in the rows of the runs alone: most of a picture has none. */
static void find_difference(struct vz_detector *detector, const struct vz_picture *frame)
{
	const struct vz_runs *runs = &detector->runs;
	uint32_t first = runs->n ? runs->runs[0].y & ~1u : 0;
	uint32_t end = runs->n ? runs->runs[runs->n - 1].y + 1 : 0;
	struct vz_plane difference = get_band(&detector->difference, first, end, false);

	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++) {
		struct vz_plane now = get_band(&frame->planes[i], first, end, i > 0);
		struct vz_plane usual =
			get_band(&detector->background.planes[i], first, end, i > 0);

		if (i == 0)
			vz_mask_find_strength(&now, &usual, detector->ones, &difference);
		else
			vz_mask_add_chroma(&now, &usual, detector->ones, &difference);
	}
}

/* The mask of @strength with its holes filled. */
static int find_mask(struct vz_detector *detector, const struct vz_plane *strength)
{
	double area = (double) strength->width_px * strength->height_px;

	vz_mask_find(strength, &detector->scratch, &detector->mask);
	return vz_runs_fill_holes(&detector->mask, (uint64_t) (MAX_HOLE_PART * area),
				  &detector->runs);
}

int vz_detector_step(struct vz_detector *detector, const struct vz_picture *frame,
		     const struct vz_blobs **ret)
{
	int r;

	compare(detector, frame, detector->factors, &detector->strength);
	r = find_mask(detector, &detector->strength);
	if (r == 0)
		r = vz_runs_find(&detector->mask, true, &detector->runs);
	if (r == 0)
		find_difference(detector, frame);
	if (r == 0)
		r = vz_outline_find(&detector->runs, &detector->strength, &detector->difference,
				    VZ_BLOBS_MIN_AREA_PX, &detector->outline);
	if (r == 0)
		r = find_mask(detector, &detector->outline);
	if (r == 0)
		r = vz_blobs_find(&detector->mask, &detector->outline, VZ_BLOBS_MIN_AREA_PX,
				  &detector->blobs);
	if (r < 0)
		return r;
	*ret = &detector->blobs;
	return 0;
}

const struct vz_plane *vz_detector_get_mask(const struct vz_detector *detector)
{
	return &detector->mask;
}
