#include "motionscope/refine-private.h"

#include <math.h>

/* So much larger or smaller it is something else. */
#define OTHER_AREA 1.6
/* A blob so much larger holds something else as well. */
#define MERGED_AREA 2.0
/* A fit is preferred to a centroid, which a pattern behind the object pulls, unless it trembles so
 * much more. */
#define MAX_ROUGHER 2.0
/* How far the middle of its shape may be from the middle, how far what turns should between two
 * places, and how well a swing can be known. */
#define OFFSET_PX    0.5
#define SWING_RAD    1.2
#define MIN_SWING_PX 0.3
/* What goes on so far turns by itself: what hangs on a string swings by half a turn at most. */
#define MIN_TURN_RAD M_PI
#define MIN_COVER    0.5f
/* Across an impact nothing goes smoothly: what differs by so many times the usual counts little. */
#define FAR_SWINGS   3.0
#define SWING_ROUNDS 4u

/* --- Centroid or fit ---------------------------------------------------------------------------
 */

/* Where the centroid would be. */
static void get_place(const struct vz_refine_work *work, const struct vz_refine_state *state,
		      double *ret_x, double *ret_y)
{
	double c = cos(state->angle), s = sin(state->angle);

	*ret_x = state->x - (c * work->offset_x - s * work->offset_y);
	*ret_y = state->y - (s * work->offset_x + c * work->offset_y);
}

/* How much the way trembles: the median of its third differences. */
static double find_roughness(const struct vz_refine_work *work, bool of_fit, double *values)
{
	size_t n = 0;

	for (size_t i = 3; i < work->reel->n; i++) {
		const struct vz_refine_state *s = &work->states[i - 3];
		double x[4], y[4];
		bool all = true;

		for (unsigned k = 0; k < 4; k++) {
			all = all && s[k].is_free && s[k].is_found;
			if (!all)
				break;
			x[k] = s[k].blob->x_px;
			y[k] = s[k].blob->y_px;
			if (of_fit)
				get_place(work, &s[k], &x[k], &y[k]);
		}
		if (all)
			values[n++] = hypot(x[3] - 3 * x[2] + 3 * x[1] - x[0],
					    y[3] - 3 * y[2] + 3 * y[1] - y[0]);
	}
	return vz_refine_find_median(values, n);
}

static double find_axis_offset(const struct vz_refine_work *work, bool of_x, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++) {
		const struct vz_refine_state *state = &work->states[i];
		double c = cos(state->angle), s = sin(state->angle), x, y;

		if (!state->is_free || !state->is_found)
			continue;
		x = state->x - state->blob->x_px;
		y = state->y - state->blob->y_px;
		values[n++] = of_x ? c * x + s * y : c * y - s * x;
	}
	return vz_refine_find_median(values, n);
}

/* --- The middle of what turns ------------------------------------------------------------------
 */

/* Third differences, @stride frames apart, of the fits and of a point that turns with them: the
 * fits less the turned offset are to be smooth. */
struct swing {
	double x, y, along, across;
};

static bool find_swing(const struct vz_refine_work *work, size_t i, size_t stride,
		       struct swing *ret)
{
	static const double factors[] = { -1, 3, -3, 1 };

	*ret = (struct swing){ 0 };
	for (unsigned k = 0; k < 4; k++) {
		const struct vz_refine_state *state = &work->states[i + k * stride];

		if (!state->is_free || !state->is_found)
			return false;
		ret->x += factors[k] * state->x;
		ret->y += factors[k] * state->y;
		ret->along += factors[k] * cos(state->angle);
		ret->across += factors[k] * sin(state->angle);
	}
	return true;
}

/* So that it turns far from one to the next. */
static size_t find_stride(const struct vz_refine_work *work, double *values)
{
	const struct vz_refine_state *s = work->states;
	size_t n = 0, most = work->n_free / (2 * 3) + 1;
	double turn;

	for (size_t i = 1; i < work->reel->n; i++)
		if (s[i].is_free && s[i - 1].is_free && s[i].is_found && s[i - 1].is_found)
			values[n++] = fabs(s[i].angle - s[i - 1].angle);
	turn = vz_refine_find_median(values, n);
	return turn * (double) most < SWING_RAD ? most : (size_t) ceil(SWING_RAD / turn);
}

static bool is_turning_on(const struct vz_refine_work *work)
{
	double least = INFINITY, most = -INFINITY;

	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free && work->states[i].is_found) {
			least = fmin(least, work->states[i].angle);
			most = fmax(most, work->states[i].angle);
		}
	return most - least > MIN_TURN_RAD;
}

/* How far from smooth the way of the middle is there. */
static double find_rest(const struct vz_refine_work *work, const struct swing *s)
{
	return hypot(s->x - s->along * work->offset_x + s->across * work->offset_y,
		     s->y - s->across * work->offset_x - s->along * work->offset_y);
}

/* One round of weighted least squares, from @before. Returns false: nothing tells. */
static bool improve_offset(struct vz_refine_work *work, const double before[2], size_t stride,
			   double *values)
{
	double scale, x, y, square = 1 / (OFFSET_PX * OFFSET_PX);
	struct swing s;
	size_t n = 0;

	for (size_t i = 0; i + 3 * stride < work->reel->n; i++)
		if (find_swing(work, i, stride, &s))
			values[n++] = find_rest(work, &s);
	if (!n)
		return false;
	scale = fmax(vz_refine_find_median(values, n), MIN_SWING_PX);
	x = square * before[0];
	y = square * before[1];
	for (size_t i = 0; i + 3 * stride < work->reel->n; i++)
		if (find_swing(work, i, stride, &s)) {
			double far = find_rest(work, &s) / (FAR_SWINGS * scale);
			double weight = 1 / pow(scale * (1 + far * far), 2);

			square += weight * (s.along * s.along + s.across * s.across);
			x += weight * (s.along * s.x + s.across * s.y);
			y += weight * (s.along * s.y - s.across * s.x);
		}
	work->offset_x = x / square;
	work->offset_y = y / square;
	return true;
}

/* In the object's axes, of all that it covers by half: what a background like it hides of single
 * blobs has been seen before others. */
static void find_shape_middle(const struct vz_appearance *a, double *ret_x, double *ret_y)
{
	double x = 0, y = 0;
	unsigned n = 0;

	for (unsigned row = 0; row < a->n_rows; row++)
		for (unsigned column = 0; column < a->n_columns; column++)
			if (a->cover[row * a->n_columns + column] > MIN_COVER) {
				x += column;
				y += row;
				n++;
			}
	*ret_x = n ? a->left_px + a->step_px * x / n : 0;
	*ret_y = n ? a->top_px + a->step_px * y / n : 0;
}

/*
 * The centroid of what is not the same all over wanders around the middle as it turns; what it
 * turns around goes smoothly. Least squares over the third differences, with the middle of its
 * shape as what is expected before. Only of what turns on: what swings to and fro, as a pendulum
 * does, turns with its way, and what goes smoothest then is where it hangs.
 */
static void find_middle(struct vz_refine_work *work, double *values)
{
	size_t stride = find_stride(work, values);
	double before[2];

	find_shape_middle(&work->appearance, &before[0], &before[1]);
	before[0] = work->offset_x = -before[0];
	before[1] = work->offset_y = -before[1];
	for (unsigned i = 0; i < SWING_ROUNDS; i++)
		if (!improve_offset(work, before, stride, values))
			return;
}

/* --- The new track ------------------------------------------------------------------------------
 */

/* Before or after all that is known: of something else, or of a part of it. */
static bool is_other(const struct vz_refine_work *work, size_t i, double area)
{
	const struct vz_refine_state *state = &work->states[i];
	double ratio;

	if (state->blob && !vz_refine_is_whole(work, state->blob))
		return true;
	ratio = work->track->points[state->point].area_px / area;
	return ratio > OTHER_AREA || ratio < 1 / OTHER_AREA;
}

/* The blob is its own after all, if not of the usual size. */
static bool is_at_blob(const struct vz_refine_work *work, const struct vz_refine_state *state)
{
	const struct vz_motion_blob *blob = state->blob;
	double x, y;

	get_place(work, state, &x, &y);
	return blob && vz_refine_is_whole(work, blob) &&
	       blob->area_px < MERGED_AREA * work->area_px && x >= blob->left && x <= blob->right &&
	       y >= blob->top && y <= blob->bottom;
}

static int write_point(struct vz_refine_work *work, size_t i, struct vz_track *ret)
{
	const struct vz_reel_frame *frame = &work->reel->frames[i];
	const struct vz_refine_state *state = &work->states[i];
	struct vz_track_point point = { .frame = frame->frame, .t_s = frame->t_s };

	point.area_px = (uint32_t) (ret->n ? ret->points[ret->n - 1].area_px : ret->area_px);
	point.how = VZ_TRACK_BRIDGED;
	if (state->point >= 0)
		point = work->track->points[state->point];
	if (state->is_found && (!state->is_free || work->is_smoother)) {
		get_place(work, state, &point.x_px, &point.y_px);
		point.how = is_at_blob(work, state) ? VZ_TRACK_MEASURED : VZ_TRACK_TEMPLATE;
	} else if (state->point < 0) {
		double speed;

		vz_track_predict(ret, frame->t_s, &point.x_px, &point.y_px, &speed);
	}
	return vz_track_add(ret, &point);
}

static double find_area(const struct vz_refine_work *work)
{
	double sum = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free)
			sum += work->states[i].blob->area_px;
	return sum / work->n_free;
}

static void find_span(const struct vz_refine_work *work, size_t *ret_first, size_t *ret_last,
		      size_t *ret_begin, size_t *ret_end)
{
	const struct vz_refine_state *states = work->states;
	size_t first = 0, last = work->reel->n - 1;
	double area = work->area_px;

	while (!states[first].is_found)
		first++;
	while (!states[last].is_found)
		last--;
	*ret_first = *ret_begin = first;
	*ret_last = *ret_end = last;
	while (*ret_begin > 0 && states[*ret_begin - 1].point >= 0 &&
	       !is_other(work, *ret_begin - 1, area))
		--*ret_begin;
	while (*ret_end + 1 < work->reel->n && states[*ret_end + 1].point >= 0 &&
	       !is_other(work, *ret_end + 1, area))
		++*ret_end;
}

int vz_refine_write(struct vz_refine_work *work, double *values)
{
	struct vz_track new = { .id = work->track->id };
	size_t first, last, begin, end;
	int r = 0;

	work->area_px = find_area(work);
	work->offset_x = find_axis_offset(work, true, values);
	work->offset_y = find_axis_offset(work, false, values);
	if (work->appearance.is_turning && is_turning_on(work))
		find_middle(work, values);
	work->is_smoother = find_roughness(work, true, values) <=
			    MAX_ROUGHER * find_roughness(work, false, values);
	find_span(work, &first, &last, &begin, &end);
	for (size_t i = begin; r == 0 && i <= end; i++)
		r = write_point(work, i, &new);
	if (r < 0) {
		vz_track_deinit(&new);
		return r;
	}
	vz_track_trim(&new);
	vz_track_deinit(work->track);
	*work->track = new;
	return 0;
}
