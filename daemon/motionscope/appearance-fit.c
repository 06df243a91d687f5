#include "motionscope/appearance-private.h"

#include <math.h>

#define N_ROUNDS      8u
#define ENOUGH_PX     0.004
#define MIN_VISIBLE   0.3
#define N_COARSE_SIDE 16u /* so many places of the grid are enough to look around */
/* What differs by much more is something else. */
#define LIMIT_SIGMAS 6.0f
#define MIN_COVER    0.5f

/* --- Comparing ------------------------------------------------------------------------------- */

struct score {
	double error;	     /* mean square, none beyond the limit */
	double seen, wanted; /* sums over the object: what disagrees, and what would without it */
	unsigned n_inside, n_object, n_object_inside;
};

/* In standard deviations of what it usually is: the place @at of the lattice, @place of the grid.
 */
static float find_residual(const struct vz_appearance *a, unsigned i, unsigned at, unsigned place)
{
	const struct vz_appearance_paint *paint = &a->paint[place];

	return (a->values.seen[i][at] - (1 - a->cover[place]) * a->values.behind[i][at] -
		paint->value[i]) /
	       paint->sigma[i];
}

/* What it would be if the object were not there. */
static float find_without(const struct vz_appearance *a, unsigned i, unsigned at, unsigned place)
{
	const struct vz_appearance_paint *paint = &a->paint[place];

	return (a->cover[place] * a->values.behind[i][at] - paint->value[i]) / paint->sigma[i];
}

static float limit(float residual)
{
	float square = residual * residual;

	return square < LIMIT_SIGMAS * LIMIT_SIGMAS ? square : LIMIT_SIGMAS * LIMIT_SIGMAS;
}

static void add_place(const struct vz_appearance *a, unsigned at, unsigned place,
		      struct score *score)
{
	float residual = 0, without = 0;
	bool is_object = a->cover[place] > MIN_COVER;

	score->n_object += is_object;
	if (!a->values.is_inside[at])
		return;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		residual += limit(find_residual(a, i, at, place));
	score->n_inside++;
	score->error += (double) residual;
	if (!is_object)
		return;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		without += limit(find_without(a, i, at, place));
	score->n_object_inside++;
	score->seen += (double) residual;
	score->wanted += (double) without;
}

static struct score compare(struct vz_appearance *a, const struct vz_appearance_view *view,
			    double x, double y, unsigned stride)
{
	struct score score = { 0 };
	struct vz_lattice lattice;
	unsigned at = 0;

	vz_appearance_look_up(a, view, x, y, stride, 0, &lattice);
	for (unsigned row = 0; row < a->n_rows; row += stride)
		for (unsigned column = 0; column < a->n_columns; column += stride)
			add_place(a, at++, row * a->n_columns + column, &score);
	score.error /= fmax(score.n_inside, 1);
	if (score.n_object_inside < MIN_VISIBLE * score.n_object)
		score.error = INFINITY;
	return score;
}

/* --- Fitting --------------------------------------------------------------------------------- */

/* The best of a lattice, then of finer ones around it. */
static void look_around(struct vz_appearance *a, const struct vz_appearance_view *view,
			double search_px, double *x, double *y)
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

static float find_weight(float residual)
{
	float weight = 1 / (1 + residual * residual / (LIMIT_SIGMAS * LIMIT_SIGMAS));

	return weight * weight;
}

/* How a channel changes with the object's place, by its neighbours in the lattice. */
static float find_slope(const struct vz_appearance *a, unsigned i, unsigned at, unsigned reach,
			unsigned place)
{
	float seen = a->values.seen[i][at + reach] - a->values.seen[i][at - reach];
	float behind = a->values.behind[i][at + reach] - a->values.behind[i][at - reach];

	return (seen - (1 - a->cover[place]) * behind) / (2 * (float) a->step_px) /
	       a->paint[place].sigma[i];
}

static void add_equations(const struct vz_appearance *a, unsigned at, unsigned n_columns,
			  unsigned place, struct normal *sums)
{
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		float r = find_residual(a, i, at, place), weight = find_weight(r);
		float dx = find_slope(a, i, at, 1, place);
		float dy = find_slope(a, i, at, n_columns, place);

		sums->xx += (double) (weight * dx * dx);
		sums->xy += (double) (weight * dx * dy);
		sums->yy += (double) (weight * dy * dy);
		sums->x += (double) (weight * dx * r);
		sums->y += (double) (weight * dy * r);
	}
}

static bool is_inside(const struct vz_appearance *a, unsigned at, unsigned n_columns)
{
	const bool *inside = a->values.is_inside;

	return inside[at - 1] && inside[at + 1] && inside[at - n_columns] && inside[at + n_columns];
}

/* One step of Gauss and Newton. Returns how far it went. */
static double improve(struct vz_appearance *a, const struct vz_appearance_view *view, double *x,
		      double *y)
{
	struct vz_lattice lattice;
	struct normal s = { 0 };
	double det, dx, dy, length;

	vz_appearance_look_up(a, view, *x, *y, 1, 1, &lattice);
	for (unsigned row = 0; row < a->n_rows; row++)
		for (unsigned column = 0; column < a->n_columns; column++) {
			unsigned at = (row + 1) * lattice.n_columns + column + 1;

			if (is_inside(a, at, lattice.n_columns))
				add_equations(a, at, lattice.n_columns, row * a->n_columns + column,
					      &s);
		}
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
	struct vz_appearance_view view;
	int r;

	r = vz_appearance_open(appearance, background, frame, x_px, y_px, search_px, &view);
	if (r < 0)
		return r;
	if (search_px >= 1)
		look_around(appearance, &view, search_px, &x, &y);
	start_x = x;
	start_y = y;
	for (unsigned i = 0; i < N_ROUNDS; i++) {
		double x0 = x, y0 = y;
		double length = improve(appearance, &view, &x, &y);

		if (hypot(x - start_x, y - start_y) > VZ_APPEARANCE_MAX_SHIFT_PX) {
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
