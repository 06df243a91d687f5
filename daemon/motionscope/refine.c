#include "motionscope/refine.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "motionscope/appearance.h"

/* Alone an object has nearly always the same size. */
#define AREA_RANGE   1.25
#define EDGE_PX	     4u
#define MIN_FREE     5u
#define MAX_REACH_PX 256.0
#define REACH_PART   0.9
/* Of the object where it is alone: else it has no looks of its own. */
#define MIN_TYPICAL_AGREEMENT 0.7
#define MIN_AGREEMENT	      0.45
#define CLEAR_AGREEMENT	      0.7
#define REFIT_PX	      1.0
#define MIN_VISIBLE	      0.4
#define MAX_MISSED	      6u
#define SEARCH_PX	      3.0
#define SEARCH_STEPS	      0.5
#define MAX_SEARCH_PX	      48.0
/* So much larger or smaller it is something else. */
#define OTHER_AREA 1.6
/* A blob so much larger holds something else as well. */
#define MERGED_AREA 2.0
/* A fit is preferred to a centroid, which a pattern behind the object pulls, unless it trembles so
 * much more. */
#define MAX_ROUGHER 2.0
/* Two tracks that are in one place for so much of the shorter one are one. */
#define SAME_PART 0.7

/* What is known of the object in one frame of the reel. */
struct state {
	long point;			   /* of the track, or -1 */
	const struct vz_motion_blob *blob; /* its own; NULL: none is */
	bool is_free, is_found;
	double x, y, agreement; /* if is_found */
};

struct work {
	const struct vz_reel *reel;
	const struct vz_picture *background;
	struct vz_track *track;
	struct vz_appearance appearance;
	struct state *states; /* one for each frame of the reel */
	unsigned n_free;
	double reach_px[4], area_px;
	double offset_x, offset_y; /* from the centroid to what is fitted */
	bool is_smoother;	   /* the fit */
};

/* --- Where the object is alone -----------------------------------------------------------------
 */

static const struct vz_motion_blob *find_blob(const struct vz_reel_frame *frame,
					      const struct vz_track_point *p)
{
	for (unsigned i = 0; p->how == VZ_TRACK_MEASURED && i < frame->n; i++) {
		const struct vz_motion_blob *blob = &frame->pieces[i].blob;

		if (fabs(blob->x_px - p->x_px) < 1e-6 && fabs(blob->y_px - p->y_px) < 1e-6)
			return blob;
	}
	return NULL;
}

static bool is_whole(const struct work *work, const struct vz_motion_blob *blob)
{
	const struct vz_plane *luma = &work->background->planes[0];

	/* Many films have a black border. */
	return blob->left >= EDGE_PX && blob->top >= EDGE_PX &&
	       blob->right + EDGE_PX < luma->width_px && blob->bottom + EDGE_PX < luma->height_px;
}

static void find_blobs(struct work *work)
{
	for (size_t i = 0; i < work->reel->n; i++)
		work->states[i].point = -1;
	for (size_t k = 0; k < work->track->n; k++) {
		const struct vz_track_point *p = &work->track->points[k];
		long i = vz_reel_find(work->reel, p->frame);
		struct state *state;

		if (i < 0)
			continue;
		state = &work->states[i];
		state->point = (long) k;
		state->blob = find_blob(&work->reel->frames[i], p);
		state->is_free = state->blob && is_whole(work, state->blob);
	}
}

static int compare_doubles(const void *a, const void *b)
{
	double one = *(const double *) a, other = *(const double *) b;

	return (one > other) - (one < other);
}

/* The least area of that range which most of them are in. */
static double find_usual_area(double *areas, size_t n)
{
	size_t best = 0, best_n = 0;

	qsort(areas, n, sizeof(*areas), compare_doubles);
	for (size_t i = 0, k = 0; i < n; i++) {
		while (k < n && areas[k] <= AREA_RANGE * areas[i])
			k++;
		if (k - i > best_n) {
			best = i;
			best_n = k - i;
		}
	}
	return areas[best];
}

static int find_free(struct work *work)
{
	VZ_CLEANUP(vz_freep) double *areas = calloc(work->reel->n + 1, sizeof(*areas));
	double usual;
	size_t n = 0;

	if (!areas)
		return -ENOMEM;
	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free)
			areas[n++] = work->states[i].blob->area_px;
	if (!n)
		return 0;
	usual = find_usual_area(areas, n);
	for (size_t i = 0; i < work->reel->n; i++) {
		struct state *state = &work->states[i];

		state->is_free = state->is_free && state->blob->area_px >= usual &&
				 state->blob->area_px <= AREA_RANGE * usual;
		work->n_free += state->is_free;
	}
	return 0;
}

/* --- Learning ----------------------------------------------------------------------------------
 */

/* How far the object reaches from its centre, in most frames. */
static int find_reach(struct work *work)
{
	VZ_CLEANUP(vz_freep) double *values = calloc(4 * (size_t) work->n_free, sizeof(*values));
	unsigned n = 0;

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < work->reel->n; i++) {
		const struct vz_motion_blob *blob = work->states[i].blob;

		if (!work->states[i].is_free)
			continue;
		values[n] = blob->x_px - blob->left;
		values[work->n_free + n] = blob->right - blob->x_px;
		values[2 * work->n_free + n] = blob->y_px - blob->top;
		values[3 * work->n_free + n] = blob->bottom - blob->y_px;
		n++;
	}
	for (unsigned k = 0; k < 4; k++) {
		qsort(values + k * work->n_free, n, sizeof(*values), compare_doubles);
		work->reach_px[k] = fmin(values[k * work->n_free + (size_t) (REACH_PART * (n - 1))],
					 MAX_REACH_PX);
	}
	return 0;
}

/* @is_wanted may be called several times for a frame. */
static unsigned choose_samples(const struct work *work, bool (*is_wanted)(const struct state *),
			       struct vz_appearance_sample *ret)
{
	size_t n_wanted = 0, seen = 0;
	unsigned n = 0, n_chosen;

	for (size_t i = 0; i < work->reel->n; i++)
		n_wanted += is_wanted(&work->states[i]);
	n_chosen = n_wanted < VZ_APPEARANCE_MAX_SAMPLES ? (unsigned) n_wanted
							: VZ_APPEARANCE_MAX_SAMPLES;
	for (size_t i = 0; i < work->reel->n && n < n_chosen; i++) {
		const struct state *state = &work->states[i];

		if (!is_wanted(state))
			continue;
		if (seen++ >= n * (n_wanted - 1) / (n_chosen > 1 ? n_chosen - 1 : 1))
			ret[n++] = (struct vz_appearance_sample){
				&work->reel->frames[i],
				state->is_found ? state->x : state->blob->x_px,
				state->is_found ? state->y : state->blob->y_px,
			};
	}
	return n;
}

static bool is_free(const struct state *state)
{
	return state->is_free;
}

static bool is_clear(const struct state *state)
{
	return state->is_found && state->agreement >= CLEAR_AGREEMENT;
}

/* From some samples, then from the same with the places that fit best. */
static int learn(struct work *work, bool (*is_wanted)(const struct state *))
{
	struct vz_appearance_sample samples[VZ_APPEARANCE_MAX_SAMPLES];
	unsigned n = choose_samples(work, is_wanted, samples);
	int r;

	r = vz_appearance_learn(&work->appearance, work->background, samples, n, work->reach_px);
	for (unsigned i = 0; r == 0 && i < n; i++) {
		struct vz_appearance_fit fit;

		r = vz_appearance_find(&work->appearance, work->background, samples[i].frame,
				       samples[i].x_px, samples[i].y_px, 0, &fit);
		samples[i].x_px = fit.x_px;
		samples[i].y_px = fit.y_px;
	}
	if (r == 0)
		r = vz_appearance_learn(&work->appearance, work->background, samples, n,
					work->reach_px);
	return r;
}

/* --- Fitting where it is alone ------------------------------------------------------------------
 */

static double find_median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare_doubles);
	return n ? values[n / 2] : 0;
}

/* How much the way trembles: the median of its third differences, over @stride numbers a point. */
static double find_roughness(const struct work *work, bool of_fit, double *values)
{
	size_t n = 0;

	for (size_t i = 3; i < work->reel->n; i++) {
		const struct state *s = &work->states[i - 3];
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
	return find_median(values, n);
}

static int fit_free(struct work *work, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++) {
		struct state *state = &work->states[i];
		struct vz_appearance_fit fit;
		int r;

		if (!state->is_free)
			continue;
		r = vz_appearance_find(&work->appearance, work->background, &work->reel->frames[i],
				       state->blob->x_px, state->blob->y_px, 0, &fit);
		if (r < 0)
			return r;
		values[n++] = fit.agreement;

		state->is_found = fit.agreement >= MIN_AGREEMENT;
		state->x = fit.x_px;
		state->y = fit.y_px;
		state->agreement = fit.agreement;
	}
	return find_median(values, n) >= MIN_TYPICAL_AGREEMENT ? 1 : 0;
}

static void find_offset(struct work *work, double *values)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free && work->states[i].is_found)
			values[n++] = work->states[i].x - work->states[i].blob->x_px;
	work->offset_x = find_median(values, n);
	n = 0;
	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free && work->states[i].is_found)
			values[n++] = work->states[i].y - work->states[i].blob->y_px;
	work->offset_y = find_median(values, n);
}

/* --- Looking for it elsewhere ------------------------------------------------------------------
 */

static int add_to_way(struct vz_track *way, const struct state *state, double t_s)
{
	struct vz_track_point point = { 0, 1, t_s, state->x, state->y, VZ_TRACK_MEASURED };

	return vz_track_add(way, &point);
}

static int look(struct work *work, const struct vz_track *way, size_t i, double t_s)
{
	double since_s = t_s - way->points[way->n - 1].t_s, x, y, speed;
	struct state *state = &work->states[i];
	struct vz_appearance_fit fit;
	int r;

	vz_track_predict(way, t_s, &x, &y, &speed);
	if (!isfinite(x) || !isfinite(y) || fabs(x) > 1e5 || fabs(y) > 1e5)
		return 0;
	r = vz_appearance_find(&work->appearance, work->background, &work->reel->frames[i], x, y,
			       fmin(MAX_SEARCH_PX, SEARCH_PX + SEARCH_STEPS * speed * since_s),
			       &fit);
	if (r < 0)
		return r;
	state->is_found = fit.agreement >= MIN_AGREEMENT && fit.visible >= MIN_VISIBLE;
	state->x = fit.x_px;
	state->y = fit.y_px;
	state->agreement = fit.agreement;
	return 0;
}

/* Through the frames in one direction of time, from where it is first known on. */
static int walk(struct work *work, int direction)
{
	struct vz_track way = { 0 };
	unsigned n_missed = 0;
	int r = 0;

	for (size_t k = 0; r == 0 && k < work->reel->n; k++) {
		size_t i = direction > 0 ? k : work->reel->n - 1 - k;
		struct state *state = &work->states[i];
		double t_s = direction * work->reel->frames[i].t_s;

		if (!state->is_found && way.n && n_missed < MAX_MISSED)
			r = look(work, &way, i, t_s);
		n_missed = state->is_found ? 0 : n_missed + 1;
		if (r == 0 && state->is_found)
			r = add_to_way(&way, state, t_s);
	}
	vz_track_deinit(&way);
	return r;
}

static int walk_both(struct work *work)
{
	int r = walk(work, 1);

	return r < 0 ? r : walk(work, -1);
}

static size_t count_found(const struct work *work, double agreement)
{
	size_t n = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		n += work->states[i].is_found && work->states[i].agreement >= agreement;
	return n;
}

/* What was found elsewhere shows the object before other backgrounds. */
static int learn_more(struct work *work)
{
	int r;

	if (count_found(work, CLEAR_AGREEMENT) < MIN_FREE)
		return 0;
	r = learn(work, is_clear);
	for (size_t i = 0; r == 0 && i < work->reel->n; i++) {
		struct state *state = &work->states[i];
		struct vz_appearance_fit fit;

		if (!state->is_found)
			continue;
		r = vz_appearance_find(&work->appearance, work->background, &work->reel->frames[i],
				       state->x, state->y, REFIT_PX, &fit);
		state->is_found = fit.agreement >= MIN_AGREEMENT;
		state->x = fit.x_px;
		state->y = fit.y_px;
		state->agreement = fit.agreement;
	}
	return r < 0 ? r : walk_both(work);
}

/* --- The new track ------------------------------------------------------------------------------
 */

/* Before or after all that is known: of something else, or of a part of it. */
static bool is_other(const struct work *work, size_t i, double area)
{
	const struct state *state = &work->states[i];
	double ratio;

	if (state->blob && !is_whole(work, state->blob))
		return true;
	ratio = work->track->points[state->point].area_px / area;
	return ratio > OTHER_AREA || ratio < 1 / OTHER_AREA;
}

/* The blob is its own after all, if not of the usual size. */
static bool is_at_blob(const struct work *work, const struct state *state)
{
	const struct vz_motion_blob *blob = state->blob;
	double x = state->x - work->offset_x, y = state->y - work->offset_y;

	return blob && is_whole(work, blob) && blob->area_px < MERGED_AREA * work->area_px &&
	       x >= blob->left && x <= blob->right && y >= blob->top && y <= blob->bottom;
}

static int write_point(struct work *work, size_t i, struct vz_track *ret)
{
	const struct vz_reel_frame *frame = &work->reel->frames[i];
	const struct state *state = &work->states[i];
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

static double find_area(const struct work *work)
{
	double sum = 0;

	for (size_t i = 0; i < work->reel->n; i++)
		if (work->states[i].is_free)
			sum += work->states[i].blob->area_px;
	return sum / work->n_free;
}

static void find_span(const struct work *work, size_t *ret_first, size_t *ret_last,
		      size_t *ret_begin, size_t *ret_end)
{
	const struct state *states = work->states;
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

static int write_track(struct work *work)
{
	struct vz_track new = { .id = work->track->id };
	size_t first, last, begin, end;
	int r = 0;

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

/* --- The whole ----------------------------------------------------------------------------------
 */

static int refine(struct work *work, double *values)
{
	int r;

	find_blobs(work);
	r = find_free(work);
	if (r < 0 || work->n_free < MIN_FREE)
		return r;
	r = find_reach(work);
	if (r == 0)
		r = learn(work, is_free);
	if (r == 0)
		r = fit_free(work, values);
	if (r <= 0)
		return r;
	r = walk_both(work);
	if (r == 0)
		r = learn_more(work);
	if (r < 0 || count_found(work, MIN_AGREEMENT) < MIN_FREE)
		return r;
	work->area_px = find_area(work);
	find_offset(work, values);
	work->is_smoother = find_roughness(work, true, values) <=
			    MAX_ROUGHER * find_roughness(work, false, values);
	return write_track(work);
}

int vz_refine_track(const struct vz_reel *reel, const struct vz_picture *background,
		    struct vz_track *track)
{
	VZ_CLEANUP(vz_freep) struct state *states = calloc(reel->n + 1, sizeof(*states));
	VZ_CLEANUP(vz_freep) double *values = calloc(reel->n + 1, sizeof(*values));
	/* Too large for the stack of some threads. */
	VZ_CLEANUP(vz_freep) struct work *work = calloc(1, sizeof(*work));
	int r;

	if (!states || !values || !work)
		return -ENOMEM;
	work->reel = reel;
	work->background = background;
	work->track = track;
	work->states = states;
	r = refine(work, values);
	vz_appearance_deinit(&work->appearance);
	return r;
}

/* How many points of @a are where @b is. */
static size_t count_same(const struct vz_track *a, const struct vz_track *b)
{
	double reach = fmax(2, sqrt(b->area_px) / 2);
	size_t n = 0;

	for (size_t i = 0, k = 0; i < a->n; i++) {
		while (k < b->n && b->points[k].frame < a->points[i].frame)
			k++;
		if (k < b->n && b->points[k].frame == a->points[i].frame &&
		    hypot(a->points[i].x_px - b->points[k].x_px,
			  a->points[i].y_px - b->points[k].y_px) < reach)
			n++;
	}
	return n;
}

/* Both ways from one object, once each has been found where the other one was. */
void vz_refine_drop_parts(struct vz_track *tracks, size_t n_tracks)
{
	for (size_t i = 0; i < n_tracks; i++)
		for (size_t k = 0; k < n_tracks; k++) {
			struct vz_track *a = &tracks[i], *b = &tracks[k];
			bool is_shorter = a->n < b->n || (a->n == b->n && i > k);

			if (i != k && a->n && b->n && is_shorter &&
			    (double) count_same(a, b) >= SAME_PART * (double) a->n)
				vz_track_deinit(a);
		}
}

int vz_refine_tracks(const struct vz_reel *reel, const struct vz_picture *background,
		     struct vz_track *tracks, size_t n_tracks)
{
	for (size_t i = 0; i < n_tracks; i++) {
		int r = vz_refine_track(reel, background, &tracks[i]);

		if (r < 0)
			return r;
	}
	vz_refine_drop_parts(tracks, n_tracks);
	return 0;
}
