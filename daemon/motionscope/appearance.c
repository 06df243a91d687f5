#include "motionscope/appearance-private.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "motionscope/mask.h"

#define MARGIN_PX 3.0
/* The background must vary by more than this to tell how much of it is covered. */
#define PRIOR_LEVELS		6.0
#define MIN_CHROMA_SIGMA_LEVELS 2.0f
#define MIN_SIGMA_LEVELS	4.0f

void vz_appearance_deinit(struct vz_appearance *appearance)
{
	/* The other planes have their places behind the luma. */
	free(appearance->window.planes[0].data);
	*appearance = (struct vz_appearance){ 0 };
}

/* --- The picture ---------------------------------------------------------------------------- */

/* @width and @height are even. */
static int make_window(struct vz_appearance *a, uint32_t width, uint32_t height)
{
	size_t size = (size_t) width * height;
	uint8_t *data = realloc(a->window.planes[0].data, size + size / 2);

	if (!data)
		return -ENOMEM;
	memset(data, 0, size + size / 2);
	a->window.planes[0] = (struct vz_plane){ data, width, height, width };
	for (unsigned i = 1; i < VZ_PICTURE_N_PLANES; i++)
		a->window.planes[i] = (struct vz_plane){
			data + size + (i - 1) * (size / 4),
			width / 2,
			height / 2,
			width / 2,
		};
	return 0;
}

/* How far the grid reaches from the centre: to the left, right, top and bottom, at any angle if it
 * turns. */
static void find_extent(const struct vz_appearance *a, bool is_turned, double scale, double ret[4])
{
	double right = a->left_px + a->n_columns * a->step_px;
	double bottom = a->top_px + a->n_rows * a->step_px;
	double radius = hypot(fmax(-a->left_px, right), fmax(-a->top_px, bottom));

	ret[0] = scale * (is_turned ? radius : -a->left_px);
	ret[1] = scale * (is_turned ? radius : right);
	ret[2] = scale * (is_turned ? radius : -a->top_px);
	ret[3] = scale * (is_turned ? radius : bottom);
}

int vz_appearance_open(struct vz_appearance *a, const struct vz_picture *background,
		       const struct vz_appearance_sample *place, double search_px,
		       struct vz_appearance_view *ret)
{
	double margin = search_px + MARGIN_PX + VZ_APPEARANCE_MAX_SHIFT_PX + a->step_px, extent[4];
	bool is_turned = a->is_turning || place->angle_rad < 0 || place->angle_rad > 0;
	int r;

	find_extent(a, is_turned,
		    1 + place->growth + (a->is_growing ? VZ_APPEARANCE_MAX_GROWTH : 0), extent);
	ret->left = (long) floor(place->x_px - extent[0] - margin) & ~1L;
	ret->top = (long) floor(place->y_px - extent[2] - margin) & ~1L;
	ret->background = background;
	ret->window = &a->window;
	r = make_window(a, (uint32_t) ceil(extent[0] + extent[1] + 2 * margin + 4) & ~1u,
			(uint32_t) ceil(extent[2] + extent[3] + 2 * margin + 4) & ~1u);
	if (r == 0)
		vz_reel_show(place->frame, background, ret->left, ret->top, &a->window);
	return r;
}

void vz_appearance_look_up(struct vz_appearance *a, const struct vz_appearance_view *view,
			   const struct vz_appearance_pose *pose, unsigned stride, unsigned margin,
			   struct vz_lattice *ret)
{
	double left = a->left_px - margin * a->step_px, top = a->top_px - margin * a->step_px;
	double scale = 1 + pose->growth;
	double along = scale * cos(pose->angle), across = scale * sin(pose->angle);

	*ret = (struct vz_lattice){
		.step_px = stride * a->step_px * scale,
		.n_columns = (a->n_columns + stride - 1) / stride + 2 * margin,
		.n_rows = (a->n_rows + stride - 1) / stride + 2 * margin,
		.left_px = pose->x + along * left - across * top,
		.top_px = pose->y + across * left + along * top,
		.angle_rad = pose->angle,
	};
	vz_lattice_look_up(ret, view->background, view->window, view->left, view->top, &a->values);
}

static void look_up_sample(struct vz_appearance *a, const struct vz_appearance_view *view,
			   const struct vz_appearance_sample *sample)
{
	struct vz_appearance_pose pose = {
		sample->x_px, sample->y_px, sample->angle_rad, sample->growth, 1, 0
	};
	struct vz_lattice lattice;

	vz_appearance_look_up(a, view, &pose, 1, 0, &lattice);
}

/* --- Learning -------------------------------------------------------------------------------- */

/* What one picture has at one place of the grid; NaN: it lies beyond it. */
struct value {
	float seen[VZ_PICTURE_N_PLANES], behind[VZ_PICTURE_N_PLANES];
};

static void set_grid(struct vz_appearance *a, const double reach_px[4])
{
	double width = reach_px[0] + reach_px[1] + 2 * MARGIN_PX;
	double height = reach_px[2] + reach_px[3] + 2 * MARGIN_PX;

	a->step_px = fmax(1, fmax(width, height) / (VZ_APPEARANCE_MAX_SIDE - 1));
	a->n_columns = (unsigned) (width / a->step_px) + 1;
	a->n_rows = (unsigned) (height / a->step_px) + 1;
	a->left_px = -reach_px[0] - MARGIN_PX;
	a->top_px = -reach_px[2] - MARGIN_PX;
}

/* Outlines begin where the object covers a pixel by half. */
static float get_cover(float outline)
{
	float part = (outline - VZ_MASK_SUPPORT) / (VZ_MASK_FULL - VZ_MASK_SUPPORT);

	return outline < VZ_MASK_SUPPORT / 2.0f ? 0 : fminf(fmaxf(0.5f + 0.5f * part, 0), 1);
}

/* The mean over the samples that have it in the picture. */
static int learn_cover(struct vz_appearance *a, const struct vz_picture *background,
		       const struct vz_appearance_sample *samples, unsigned n, float *counts)
{
	unsigned n_places = a->n_columns * a->n_rows;

	memset(a->cover, 0, sizeof(a->cover));
	memset(counts, 0, n_places * sizeof(*counts));
	for (unsigned i = 0; i < n; i++) {
		struct vz_appearance_view view;
		int r = vz_appearance_open(a, background, &samples[i], 0, &view);

		if (r < 0)
			return r;
		vz_reel_show_outline(samples[i].frame, view.left, view.top, &a->window.planes[0]);
		look_up_sample(a, &view, &samples[i]);
		for (unsigned k = 0; k < n_places; k++)
			if (a->values.is_inside[k]) {
				a->cover[k] += get_cover(a->values.seen[0][k]);
				counts[k]++;
			}
	}
	for (unsigned k = 0; k < n_places; k++)
		a->cover[k] = counts[k] > 0 ? a->cover[k] / counts[k] : 0;
	return 0;
}

static int take_sample(struct vz_appearance *a, const struct vz_picture *background,
		       const struct vz_appearance_sample *sample, struct value *ret)
{
	struct vz_appearance_view view;
	int r;

	r = vz_appearance_open(a, background, sample, 0, &view);
	if (r < 0)
		return r;
	look_up_sample(a, &view, sample);
	for (unsigned k = 0; k < a->n_columns * a->n_rows; k++)
		for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
			bool is_inside = a->values.is_inside[k];

			ret[k].seen[i] = is_inside ? a->values.seen[i][k] : NAN;
			ret[k].behind[i] = is_inside ? a->values.behind[i][k] : NAN;
		}
	return 0;
}

static int compare_floats(const void *a, const void *b)
{
	float one = *(const float *) a, other = *(const float *) b;

	return (one > other) - (one < other);
}

/* The median of what is a number; NaN of nothing. */
static float find_median(float *values, unsigned n)
{
	unsigned n_known = 0;

	for (unsigned i = 0; i < n; i++)
		if (!isnan(values[i]))
			values[n_known++] = values[i];
	if (!n_known)
		return NAN;
	qsort(values, n_known, sizeof(*values), compare_floats);
	return values[n_known / 2];
}

/*
 * How what is seen follows what is behind, over all samples and channels: the regression of one on
 * the other about their means. Where the background is the same everywhere it tells nothing, and
 * the outlines have the say.
 */
static void improve_cover(struct vz_appearance *a, const struct value *values, unsigned n,
			  size_t stride, unsigned place)
{
	double usual = 1 - (double) a->cover[place], weight = n * PRIOR_LEVELS * PRIOR_LEVELS;
	double product = weight * usual, square = weight;

	values += place;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		double seen = 0, behind = 0;
		unsigned n_known = 0;

		for (unsigned k = 0; k < n; k++)
			if (!isnan(values[k * stride].seen[i])) {
				seen += (double) values[k * stride].seen[i];
				behind += (double) values[k * stride].behind[i];
				n_known++;
			}
		for (unsigned k = 0; k < n; k++)
			if (!isnan(values[k * stride].seen[i])) {
				double b = (double) values[k * stride].behind[i] - behind / n_known;

				square += b * b;
				product +=
					b * ((double) values[k * stride].seen[i] - seen / n_known);
			}
	}
	a->cover[place] = (float) fmin(fmax(1 - product / square, 0), 1);
}

/* The median over the samples, and how far from it they are: a rim that glitters or a shadow that
 * changes says less than what always looks the same. */
static void learn_paint(struct vz_appearance *a, const struct value *values, unsigned n,
			size_t stride, unsigned place, unsigned i)
{
	struct vz_appearance_paint *paint = &a->paint[place];
	float paints[VZ_APPEARANCE_MAX_SAMPLES], deviations[VZ_APPEARANCE_MAX_SAMPLES];

	values += place;
	for (unsigned k = 0; k < n; k++) {
		const struct value *value = &values[k * stride];

		paints[k] = value->seen[i] - (1 - a->cover[place]) * value->behind[i];
		deviations[k] = paints[k];
	}
	paint->value[i] = find_median(paints, n);
	for (unsigned k = 0; k < n; k++)
		deviations[k] = fabsf(deviations[k] - paint->value[i]);
	paint->sigma[i] = fmaxf(i ? MIN_CHROMA_SIGMA_LEVELS : MIN_SIGMA_LEVELS,
				1.4826f * find_median(deviations, n));
	/* Never in the picture: as if nothing were there. */
	if (isnan(paint->value[i]) || isnan(paint->sigma[i])) {
		a->cover[place] = 0;
		paint->value[i] = 0;
		paint->sigma[i] = MIN_SIGMA_LEVELS;
	}
}

int vz_appearance_learn(struct vz_appearance *appearance, const struct vz_picture *background,
			const struct vz_appearance_sample *samples, unsigned n,
			const double reach_px[4])
{
	VZ_CLEANUP(vz_freep) struct value *values = NULL;
	size_t n_places;
	int r;

	set_grid(appearance, reach_px);
	n_places = (size_t) appearance->n_columns * appearance->n_rows;
	values = malloc(n * n_places * sizeof(*values));
	if (!values)
		return -ENOMEM;
	r = learn_cover(appearance, background, samples, n, (float *) values);
	for (unsigned i = 0; r == 0 && i < n; i++)
		r = take_sample(appearance, background, &samples[i], values + i * n_places);
	for (unsigned k = 0; r == 0 && k < n_places; k++) {
		improve_cover(appearance, values, n, n_places, k);
		for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
			learn_paint(appearance, values, n, n_places, k, i);
	}
	return r;
}
