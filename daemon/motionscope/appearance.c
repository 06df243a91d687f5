#include "motionscope/appearance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "motionscope/mask.h"

#define N_ROUNDS      8u
#define ENOUGH_PX     0.004
#define MAX_SHIFT_PX  2.5
#define MARGIN_PX     3.0
#define MIN_VISIBLE   0.3
#define N_COARSE_SIDE 16u /* so many places of the grid are enough to look around */
/* The background must vary by more than this to tell how much of it is covered. */
#define PRIOR_LEVELS		6.0
#define MIN_CHROMA_SIGMA_LEVELS 2.0f
#define MIN_SIGMA_LEVELS	3.0f
/* What differs by much more is something else. */
#define LIMIT_SIGMAS 4.0
#define MIN_COVER    0.5f

/* The picture around the object and the background, both in places of the picture. */
struct view {
	const struct vz_picture *background, *window;
	long left, top; /* of the window */
};

void vz_appearance_deinit(struct vz_appearance *appearance)
{
	/* The other planes have their places behind the luma. */
	free(appearance->window.planes[0].data);
	*appearance = (struct vz_appearance){ 0 };
}

/* --- Pixels ---------------------------------------------------------------------------------- */

static bool is_inside(const struct vz_picture *picture, double x, double y)
{
	return x >= 0 && y >= 0 && x <= picture->planes[0].width_px - 1.0 &&
	       y <= picture->planes[0].height_px - 1.0;
}

/* Between pixels; beyond the plane as at its edge. */
static double get(const struct vz_plane *plane, double x, double y)
{
	double px = fmin(fmax(x, 0), plane->width_px - 1.0);
	double py = fmin(fmax(y, 0), plane->height_px - 1.0);
	uint32_t left = (uint32_t) px, top = (uint32_t) py;
	uint32_t right = left + 1 < plane->width_px ? left + 1 : left;
	const uint8_t *a = vz_plane_get_row(plane, top);
	const uint8_t *b = vz_plane_get_row(plane, top + 1 < plane->height_px ? top + 1 : top);
	double u = px - left, v = py - top;

	return (1 - v) * ((1 - u) * a[left] + u * a[right]) +
	       v * ((1 - u) * b[left] + u * b[right]);
}

/* A pixel of chroma lies in the middle of four of luma. */
static double get_channel(const struct vz_picture *picture, unsigned i, double x, double y)
{
	return i ? get(&picture->planes[i], x / 2 - 0.25, y / 2 - 0.25)
		 : get(&picture->planes[0], x, y);
}

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

/* What the object may cover if it is within @search_px of the place. */
static int open_view(struct vz_appearance *a, const struct vz_picture *background,
		     const struct vz_reel_frame *frame, double x, double y, double search_px,
		     struct view *ret)
{
	double margin = search_px + MARGIN_PX + MAX_SHIFT_PX;
	int r;

	ret->left = (long) floor(x + a->left_px - margin) & ~1L;
	ret->top = (long) floor(y + a->top_px - margin) & ~1L;
	ret->background = background;
	ret->window = &a->window;
	r = make_window(a, (uint32_t) ceil(a->n_columns * a->step_px + 2 * margin + 4) & ~1u,
			(uint32_t) ceil(a->n_rows * a->step_px + 2 * margin + 4) & ~1u);
	if (r == 0)
		vz_reel_show(frame, background, ret->left, ret->top, &a->window);
	return r;
}

/* --- Learning -------------------------------------------------------------------------------- */

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
static float get_cover(double outline)
{
	double part = (outline - VZ_MASK_SUPPORT) / (VZ_MASK_FULL - VZ_MASK_SUPPORT);

	return outline < VZ_MASK_SUPPORT / 2.0 ? 0 : (float) fmin(fmax(0.5 + 0.5 * part, 0), 1);
}

/* What one picture has at one place of the grid; NaN: it lies beyond it. */
struct value {
	float seen[VZ_PICTURE_N_PLANES], behind[VZ_PICTURE_N_PLANES];
};

typedef void (*place_fn)(struct vz_appearance *a, const struct view *view, unsigned place, double x,
			 double y, struct value *value);

static void add_cover(struct vz_appearance *a, const struct view *view, unsigned place, double x,
		      double y, struct value *value)
{
	a->cover[place] += get_cover(get_channel(view->window, 0, x - view->left, y - view->top));
	value->seen[0] += 1;
}

static void take_value(struct vz_appearance *a, const struct view *view, unsigned place, double x,
		       double y, struct value *value)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		value->seen[i] =
			(float) get_channel(view->window, i, x - view->left, y - view->top);
		value->behind[i] = (float) get_channel(view->background, i, x, y);
	}
}

/* Calls @fn for each place of the grid that lies in the picture. */
static void visit(struct vz_appearance *a, const struct view *view, double x, double y, place_fn fn,
		  struct value *values)
{
	for (unsigned row = 0; row < a->n_rows; row++)
		for (unsigned column = 0; column < a->n_columns; column++) {
			unsigned place = row * a->n_columns + column;
			double px = x + a->left_px + column * a->step_px;
			double py = y + a->top_px + row * a->step_px;

			if (is_inside(view->background, px, py))
				fn(a, view, place, px, py, &values[place]);
		}
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

static int learn_cover(struct vz_appearance *a, const struct vz_picture *background,
		       const struct vz_appearance_sample *samples, unsigned n, struct value *counts)
{
	unsigned n_places = a->n_columns * a->n_rows;

	memset(a->cover, 0, sizeof(a->cover));
	memset(counts, 0, n_places * sizeof(*counts));
	for (unsigned i = 0; i < n; i++) {
		struct view view;
		int r = open_view(a, background, samples[i].frame, samples[i].x_px, samples[i].y_px,
				  0, &view);

		if (r < 0)
			return r;
		vz_reel_show_outline(samples[i].frame, view.left, view.top, &a->window.planes[0]);
		visit(a, &view, samples[i].x_px, samples[i].y_px, add_cover, counts);
	}
	for (unsigned k = 0; k < n_places; k++) {
		float count = counts[k].seen[0];

		a->cover[k] = count > 0 ? a->cover[k] / count : 0;
	}
	return 0;
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
	r = learn_cover(appearance, background, samples, n, values);
	for (size_t k = 0; k < n * n_places; k++)
		for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
			values[k].seen[i] = values[k].behind[i] = NAN;
	for (unsigned i = 0; r == 0 && i < n; i++) {
		struct view view;

		r = open_view(appearance, background, samples[i].frame, samples[i].x_px,
			      samples[i].y_px, 0, &view);
		if (r == 0)
			visit(appearance, &view, samples[i].x_px, samples[i].y_px, take_value,
			      values + i * n_places);
	}
	for (unsigned k = 0; r == 0 && k < n_places; k++) {
		improve_cover(appearance, values, n, n_places, k);
		for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
			learn_paint(appearance, values, n, n_places, k, i);
	}
	return r;
}

/* --- Comparing ------------------------------------------------------------------------------- */

/* What is there beyond what shines through. */
static double find_paint(const struct vz_appearance *a, const struct view *view, unsigned place,
			 unsigned i, double x, double y)
{
	return get_channel(view->window, i, x - view->left, y - view->top) -
	       (1 - (double) a->cover[place]) * get_channel(view->background, i, x, y);
}

/* In standard deviations of what it usually is. */
static double find_residual(const struct vz_appearance *a, const struct view *view, unsigned place,
			    unsigned i, double x, double y)
{
	const struct vz_appearance_paint *paint = &a->paint[place];

	return (find_paint(a, view, place, i, x, y) - (double) paint->value[i]) /
	       (double) paint->sigma[i];
}

/* What it would be if the object were not there. */
static double find_without(const struct vz_appearance *a, const struct view *view, unsigned place,
			   unsigned i, double x, double y)
{
	const struct vz_appearance_paint *paint = &a->paint[place];

	return ((double) a->cover[place] * get_channel(view->background, i, x, y) -
		(double) paint->value[i]) /
	       (double) paint->sigma[i];
}

struct score {
	double error;	     /* mean square, none beyond the limit */
	double seen, wanted; /* sums over the object: what disagrees, and what would without it */
	unsigned n_inside, n_object, n_object_inside;
};

static void add_place(const struct vz_appearance *a, const struct view *view, unsigned place,
		      double x, double y, struct score *score)
{
	double residual = 0, without = 0;
	bool is_object = a->cover[place] > MIN_COVER;

	score->n_object += is_object;
	if (!is_inside(view->background, x, y))
		return;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		double one = find_residual(a, view, place, i, x, y);

		residual += fmin(one * one, LIMIT_SIGMAS * LIMIT_SIGMAS);
	}
	score->n_inside++;
	score->error += residual;
	if (!is_object)
		return;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		double one = find_without(a, view, place, i, x, y);

		without += fmin(one * one, LIMIT_SIGMAS * LIMIT_SIGMAS);
	}
	score->n_object_inside++;
	score->seen += residual;
	score->wanted += without;
}

static struct score compare(const struct vz_appearance *a, const struct view *view, double x,
			    double y, unsigned stride)
{
	struct score score = { 0 };

	for (unsigned row = 0; row < a->n_rows; row += stride)
		for (unsigned column = 0; column < a->n_columns; column += stride)
			add_place(a, view, row * a->n_columns + column,
				  x + a->left_px + column * a->step_px,
				  y + a->top_px + row * a->step_px, &score);
	score.error /= fmax(score.n_inside, 1);
	if (score.n_object_inside < MIN_VISIBLE * score.n_object)
		score.error = INFINITY;
	return score;
}

/* --- Fitting --------------------------------------------------------------------------------- */

/* The best of a lattice, then of finer ones around it. */
static void look_around(const struct vz_appearance *a, const struct view *view, double search_px,
			double *x, double *y)
{
	unsigned side = a->n_columns > a->n_rows ? a->n_columns : a->n_rows;
	unsigned stride = (side + N_COARSE_SIDE - 1) / N_COARSE_SIDE;
	double spacing = fmax(1, fmin(search_px, stride * a->step_px));
	double middle_x = *x, middle_y = *y;

	for (double reach = search_px; spacing >= 0.5; reach = spacing, spacing /= 2) {
		double best = INFINITY, cx = *x, cy = *y;
		int n = (int) (reach / spacing);

		for (int j = -n; j <= n; j++)
			for (int i = -n; i <= n; i++) {
				double px = cx + i * spacing, py = cy + j * spacing;
				double error;

				if (fabs(px - middle_x) > search_px ||
				    fabs(py - middle_y) > search_px)
					continue;
				error = compare(a, view, px, py, stride).error;
				if (error < best) {
					best = error;
					*x = px;
					*y = py;
				}
			}
	}
}

struct normal {
	double xx, xy, yy, x, y;
};

static void add_equation(const struct vz_appearance *a, const struct view *view, unsigned place,
			 unsigned i, double x, double y, struct normal *sums)
{
	double r = find_residual(a, view, place, i, x, y);
	double dx = find_residual(a, view, place, i, x + 0.5, y) -
		    find_residual(a, view, place, i, x - 0.5, y);
	double dy = find_residual(a, view, place, i, x, y + 0.5) -
		    find_residual(a, view, place, i, x, y - 0.5);
	double weight = 1 / (1 + r * r / (LIMIT_SIGMAS * LIMIT_SIGMAS));

	weight *= weight;
	sums->xx += weight * dx * dx;
	sums->xy += weight * dx * dy;
	sums->yy += weight * dy * dy;
	sums->x += weight * dx * r;
	sums->y += weight * dy * r;
}

static void add_equations(const struct vz_appearance *a, const struct view *view, unsigned place,
			  double x, double y, struct normal *sums)
{
	if (!is_inside(view->background, x - 0.5, y - 0.5) ||
	    !is_inside(view->background, x + 0.5, y + 0.5))
		return;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		add_equation(a, view, place, i, x, y, sums);
}

/* One step of Gauss and Newton. Returns how far it went. */
static double improve(const struct vz_appearance *a, const struct view *view, double *x, double *y)
{
	struct normal s = { 0 };
	double det, dx, dy, length;

	for (unsigned row = 0; row < a->n_rows; row++)
		for (unsigned column = 0; column < a->n_columns; column++)
			add_equations(a, view, row * a->n_columns + column,
				      *x + a->left_px + column * a->step_px,
				      *y + a->top_px + row * a->step_px, &s);
	det = s.xx * s.yy - s.xy * s.xy;
	if (!(det > 1e-9 * s.xx * s.yy))
		return 0;
	dx = -(s.yy * s.x - s.xy * s.y) / det;
	dy = -(s.xx * s.y - s.xy * s.x) / det;
	length = hypot(dx, dy);
	if (length > 1) {
		dx /= length;
		dy /= length;
	}
	*x += dx;
	*y += dy;
	return length;
}

int vz_appearance_find(struct vz_appearance *appearance, const struct vz_picture *background,
		       const struct vz_reel_frame *frame, double x_px, double y_px,
		       double search_px, struct vz_appearance_fit *ret)
{
	double x = x_px, y = y_px, start_x, start_y;
	struct score score;
	struct view view;
	int r;

	r = open_view(appearance, background, frame, x_px, y_px, search_px, &view);
	if (r < 0)
		return r;
	if (search_px >= 1)
		look_around(appearance, &view, search_px, &x, &y);
	start_x = x;
	start_y = y;
	for (unsigned i = 0; i < N_ROUNDS; i++) {
		double x0 = x, y0 = y;
		double length = improve(appearance, &view, &x, &y);

		if (hypot(x - start_x, y - start_y) > MAX_SHIFT_PX) {
			x = x0;
			y = y0;
			break;
		}
		if (length < ENOUGH_PX)
			break;
	}
	score = compare(appearance, &view, x, y, 1);
	ret->x_px = x;
	ret->y_px = y;
	ret->agreement = score.wanted > 0 ? 1 - score.seen / score.wanted : 0;
	ret->visible = score.n_object ? (double) score.n_object_inside / score.n_object : 0;
	return 0;
}
