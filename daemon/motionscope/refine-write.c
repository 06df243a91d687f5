#include "motionscope/refine-private.h"

#include <math.h>

/* So much larger or smaller it is something else. */
#define OTHER_AREA 1.6
/* A blob so much larger holds something else as well. */
#define MERGED_AREA 2.0
/* A fit is preferred to a centroid, which a pattern behind the object pulls, unless it trembles so
 * much more. */
#define MAX_ROUGHER 2.0

/* --- Centroid or fit ---------------------------------------------------------------------------
 */

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
			x[k] = of_fit ? s[k].x : s[k].blob->x_px;
			y[k] = of_fit ? s[k].y : s[k].blob->y_px;
		}
		if (all)
			values[n++] = hypot(x[3] - 3 * x[2] + 3 * x[1] - x[0],
					    y[3] - 3 * y[2] + 3 * y[1] - y[0]);
	}
	return vz_refine_find_median(values, n);
}

static void find_offset(struct vz_refine_work *work, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free && work->states[i].is_found)
			values[n++] = work->states[i].x - work->states[i].blob->x_px;
	work->offset_x = vz_refine_find_median(values, n);
	n = 0;
	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free && work->states[i].is_found)
			values[n++] = work->states[i].y - work->states[i].blob->y_px;
	work->offset_y = vz_refine_find_median(values, n);
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
	double x = state->x - work->offset_x, y = state->y - work->offset_y;

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
		point.x_px = state->x - work->offset_x;
		point.y_px = state->y - work->offset_y;
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
	find_offset(work, values);
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
