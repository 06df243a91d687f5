#include "motionscope/appearance-private.h"

#include <math.h>

#define N_ROUNDS      8u
#define N_MORE_ROUNDS 16u /* of what turns or grows */
#define ENOUGH_PX     0.004
#define MIN_VISIBLE   0.3
#define MAX_GROWTH    0.5
#define N_COARSE_SIDE 16u /* so many places of the grid are enough to look around */
/* What differs by much more is something else. */
#define LIMIT_SIGMAS 6.0f
#define MIN_COVER    0.5f
#define MAX_LEVELS   20.0
/* Beyond that it is not another light. */
#define MAX_GAIN_CHANGE 0.25
#define MAX_OFFSET	20.0

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

/* The same of luma, in the light of @pose. */
static float find_lit_residual(const struct vz_appearance *a, unsigned at, unsigned place,
			       const struct vz_appearance_pose *pose)
{
	const struct vz_appearance_paint *paint = &a->paint[place];
	double more = (pose->gain - 1) * (double) paint->value[0] +
		      pose->offset * (double) a->cover[place];

	return find_residual(a, 0, at, place) - (float) more / paint->sigma[0];
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
			    const struct vz_appearance_pose *pose, unsigned stride)
{
	struct score score = { 0 };
	struct vz_lattice lattice;
	unsigned at = 0;

	vz_appearance_look_up(a, view, pose, stride, 0, &lattice);
	for (unsigned row = 0; row < a->n_rows; row += stride)
		for (unsigned column = 0; column < a->n_columns; column += stride)
			add_place(a, at++, row * a->n_columns + column, &score);
	score.error /= fmax(score.n_inside, 1);
	if (score.n_object_inside < MIN_VISIBLE * score.n_object)
		score.error = INFINITY;
	return score;
}

/* At the places of the last comparison. */
static double find_luma_residual(const struct vz_appearance *a,
				 const struct vz_appearance_pose *pose)
{
	unsigned n_places = a->n_columns * a->n_rows, n = 0;
	double sum = 0;

	for (unsigned k = 0; k < n_places; k++)
		if (a->values.is_inside[k]) {
			double levels =
				(double) (find_lit_residual(a, k, k, pose) * a->paint[k].sigma[0]);

			sum += fmin(levels * levels, MAX_LEVELS * MAX_LEVELS);
			n++;
		}
	return n ? sqrt(sum / n) : INFINITY;
}

/* --- Fitting --------------------------------------------------------------------------------- */

/* The best of a lattice, then of finer ones around it. */
static void look_around(struct vz_appearance *a, const struct vz_appearance_view *view,
			double search_px, struct vz_appearance_pose *pose)
{
	unsigned side = a->n_columns > a->n_rows ? a->n_columns : a->n_rows;
	unsigned stride = (side + N_COARSE_SIDE - 1) / N_COARSE_SIDE;
	double spacing = fmax(1, fmin(search_px, stride * a->step_px));
	double middle_x = pose->x, middle_y = pose->y;

	for (double reach = search_px; spacing >= 0.5; reach = spacing, spacing /= 2) {
		struct vz_appearance_pose centre = *pose, at = *pose;
		double best = INFINITY;
		int n = (int) (reach / spacing);

		for (int j = -n; j <= n; j++)
			for (int i = -n; i <= n; i++) {
				double error;

				at.x = centre.x + i * spacing;
				at.y = centre.y + j * spacing;
				if (fabs(at.x - middle_x) > search_px ||
				    fabs(at.y - middle_y) > search_px)
					continue;
				error = compare(a, view, &at, stride).error;
				if (error < best) {
					best = error;
					*pose = at;
				}
			}
	}
}

/* Of a step: the shift along the grid's axes, the angle, the growth, and the light. */
enum { SHIFT_U, SHIFT_V, ANGLE, GROWTH, GAIN, OFFSET, N_UNKNOWNS };

struct normal {
	double m[N_UNKNOWNS][N_UNKNOWNS], v[N_UNKNOWNS];
};

static float find_weight(float residual)
{
	float weight = 1 / (1 + residual * residual / (LIMIT_SIGMAS * LIMIT_SIGMAS));

	return weight * weight;
}

/* How a channel changes with the object's place, by its neighbours in the lattice. */
static float find_slope(const struct vz_appearance *a, const struct vz_lattice *lattice, unsigned i,
			unsigned at, unsigned reach, unsigned place)
{
	float seen = a->values.seen[i][at + reach] - a->values.seen[i][at - reach];
	float behind = a->values.behind[i][at + reach] - a->values.behind[i][at - reach];

	return (seen - (1 - a->cover[place]) * behind) / (2 * (float) lattice->step_px) /
	       a->paint[place].sigma[i];
}

static void add_equation(const double d[N_UNKNOWNS], double residual, struct normal *sums)
{
	double weight = (double) find_weight((float) residual);

	for (unsigned j = 0; j < N_UNKNOWNS; j++) {
		for (unsigned k = j; k < N_UNKNOWNS; k++)
			sums->m[j][k] += weight * d[j] * d[k];
		sums->v[j] += weight * d[j] * residual;
	}
}

/* @u, @v: of the place, from the centre. */
static void add_equations(const struct vz_appearance *a, const struct vz_lattice *lattice,
			  unsigned at, unsigned place, double u, double v,
			  const struct vz_appearance_pose *pose, struct normal *sums)
{
	const struct vz_appearance_paint *paint = &a->paint[place];

	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		double d[N_UNKNOWNS] = { 0 };
		float residual =
			i ? find_residual(a, i, at, place) : find_lit_residual(a, at, place, pose);

		d[SHIFT_U] = (double) find_slope(a, lattice, i, at, 1, place);
		d[SHIFT_V] = (double) find_slope(a, lattice, i, at, lattice->n_columns, place);
		d[ANGLE] = a->is_turning ? u * d[SHIFT_V] - v * d[SHIFT_U] : 0;
		if (a->is_growing)
			d[GROWTH] = (u * d[SHIFT_U] + v * d[SHIFT_V]) / (1 + pose->growth);
		if (i == 0) {
			d[GAIN] = (double) (-paint->value[0] / paint->sigma[0]);
			d[OFFSET] = (double) (-a->cover[place] / paint->sigma[0]);
		}
		add_equation(d, (double) residual, sums);
	}
}

static bool is_inside(const struct vz_appearance *a, unsigned at, unsigned n_columns)
{
	const bool *inside = a->values.is_inside;

	return inside[at - 1] && inside[at + 1] && inside[at - n_columns] && inside[at + n_columns];
}

/* What hardly shows stays as it is: as if it had been seen unchanged, with little weight. */
static void damp(const struct vz_appearance *a, struct normal *s)
{
	double n = (double) a->n_columns * a->n_rows;

	s->m[GAIN][GAIN] += 0.01 * n;
	s->m[OFFSET][OFFSET] += 0.001 * n;
	s->m[ANGLE][ANGLE] += a->is_turning ? 0 : 1;
	s->m[GROWTH][GROWTH] += a->is_growing ? 0 : 1;
}

/* Factors the matrix in place into L D L' (G. Golub, C. Van Loan, Matrix computations, 1983) and
 * solves for the step. Returns false: it cannot be told. */
static bool solve(struct normal *s, double ret[N_UNKNOWNS])
{
	double d[N_UNKNOWNS], l[N_UNKNOWNS][N_UNKNOWNS];

	for (unsigned j = 0; j < N_UNKNOWNS; j++) {
		d[j] = s->m[j][j];
		for (unsigned k = 0; k < j; k++)
			d[j] -= l[j][k] * l[j][k] * d[k];
		if (!(d[j] > 1e-9 * s->m[j][j]))
			return false;
		for (unsigned i = j + 1; i < N_UNKNOWNS; i++) {
			l[i][j] = s->m[j][i];
			for (unsigned k = 0; k < j; k++)
				l[i][j] -= l[i][k] * l[j][k] * d[k];
			l[i][j] /= d[j];
		}
		ret[j] = -s->v[j];
		for (unsigned k = 0; k < j; k++)
			ret[j] -= l[j][k] * ret[k];
	}
	for (unsigned j = N_UNKNOWNS; j-- > 0;) {
		ret[j] /= d[j];
		for (unsigned k = j + 1; k < N_UNKNOWNS; k++)
			ret[j] -= l[k][j] * ret[k];
	}
	return true;
}

static void add_all_equations(struct vz_appearance *a, const struct vz_lattice *lattice,
			      const struct vz_appearance_pose *pose, struct normal *sums)
{
	double scale = 1 + pose->growth;

	for (unsigned row = 0; row < a->n_rows; row++)
		for (unsigned column = 0; column < a->n_columns; column++) {
			unsigned at = (row + 1) * lattice->n_columns + column + 1;

			if (is_inside(a, at, lattice->n_columns))
				add_equations(a, lattice, at, row * a->n_columns + column,
					      scale * (a->left_px + column * a->step_px),
					      scale * (a->top_px + row * a->step_px), pose, sums);
		}
}

static double limit_to(double value, double middle, double reach)
{
	return fmin(fmax(value, middle - reach), middle + reach);
}

/* One step of Gauss and Newton. Returns how far it went, at most 1 px, and how far what is farthest
 * from the centre went in turning and growing. */
static double improve(struct vz_appearance *a, const struct vz_appearance_view *view,
		      struct vz_appearance_pose *pose)
{
	double step[N_UNKNOWNS], length, radius = hypot(a->left_px, a->top_px);
	double c = cos(pose->angle), s = sin(pose->angle);
	struct vz_lattice lattice;
	struct normal sums = { 0 };

	vz_appearance_look_up(a, view, pose, 1, 1, &lattice);
	add_all_equations(a, &lattice, pose, &sums);
	damp(a, &sums);
	if (!solve(&sums, step))
		return 0;
	length = hypot(hypot(step[SHIFT_U], step[SHIFT_V]),
		       radius * hypot(step[ANGLE], step[GROWTH]));
	for (unsigned i = 0; length > 1 && i < N_UNKNOWNS; i++)
		step[i] /= length;
	pose->x += c * step[SHIFT_U] - s * step[SHIFT_V];
	pose->y += s * step[SHIFT_U] + c * step[SHIFT_V];
	pose->angle += step[ANGLE];
	pose->growth += step[GROWTH];
	pose->gain = limit_to(pose->gain + step[GAIN], 1, MAX_GAIN_CHANGE);
	pose->offset = limit_to(pose->offset + step[OFFSET], 0, MAX_OFFSET);
	return length;
}

static void improve_all(struct vz_appearance *a, const struct vz_appearance_view *view,
			struct vz_appearance_pose *pose)
{
	unsigned n_rounds = a->is_turning || a->is_growing ? N_MORE_ROUNDS : N_ROUNDS;
	struct vz_appearance_pose start = *pose;

	for (unsigned i = 0; i < n_rounds; i++) {
		struct vz_appearance_pose before = *pose;
		double length = improve(a, view, pose);

		if (hypot(pose->x - start.x, pose->y - start.y) > VZ_APPEARANCE_MAX_SHIFT_PX ||
		    fabs(pose->growth - start.growth) > VZ_APPEARANCE_MAX_GROWTH ||
		    fabs(pose->growth) > MAX_GROWTH) {
			*pose = before;
			return;
		}
		if (length < ENOUGH_PX)
			return;
	}
}

int vz_appearance_find(struct vz_appearance *appearance, const struct vz_picture *background,
		       const struct vz_appearance_sample *start, double search_px,
		       struct vz_appearance_fit *ret)
{
	struct vz_appearance_pose pose = { start->x_px,	  start->y_px, start->angle_rad,
					   start->growth, 1,	       0 };
	struct vz_appearance_view view;
	struct score score;
	int r;

	r = vz_appearance_open(appearance, background, start, search_px, &view);
	if (r < 0)
		return r;
	if (search_px >= 1)
		look_around(appearance, &view, search_px, &pose);
	improve_all(appearance, &view, &pose);
	score = compare(appearance, &view, &pose, 1);
	ret->residual_levels = find_luma_residual(appearance, &pose);
	ret->x_px = pose.x;
	ret->y_px = pose.y;
	ret->angle_rad = pose.angle;
	ret->growth = pose.growth;
	ret->agreement = score.wanted > 0 ? 1 - score.seen / score.wanted : 0;
	ret->visible = score.n_object ? (double) score.n_object_inside / score.n_object : 0;
	return 0;
}
