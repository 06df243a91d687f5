#include "motionscope/tracker.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "motionscope/assign.h"

/* Tracks in the making need room beside the real ones: most come to nothing. */
#define FIRST_ALLOCATION 256u
#define MAX_LIVE	 64u
#define MAX_ENDED	 256u
#define MIN_MEASURED	 4u
#define MIN_RANGE_PX	 4.0
/* What only trembles, as an edge in a film that breathes, gets no further than this from place to
 * place, in its usual second differences. */
#define MIN_RANGE_TREMBLES 3.0
/* Where more of the picture differs, it is the light or the scene that has changed. */
#define MAX_PICTURE_PART 0.4
#define MAX_TREMBLES	 64u
#define MIN_TREMBLES	 3u
/* No place is known any better. */
#define MIN_TREMBLING_PX 0.25

/* A pair at the gate's edge costs 1; a change of size by e as much as half a gate. */
#define COST_OF_NONE 1.6
#define COST_OF_AREA 0.25
/* A color that is so many levels off, in chroma half as many, costs that much, and no color more
 * than the second: light and shade change. */
#define COLOR_LEVELS	  40.0
#define COST_OF_COLOR	  0.5
#define MAX_COST_OF_COLOR 1.0
#define COST_OF_NO_COLOR  0.5
/* What is so small is all edge, which has the color of the background, too; from so much more on
 * all of it counts. */
#define EDGE_AREA_PX  30.0
#define COLOR_AREA_PX 100.0
/* Weight of the newest color. */
#define COLOR_WEIGHT	0.25
#define COST_OF_NEWBORN 0.3

/* A jump that a ball makes which bounces: it comes back as fast as it came. */
#define GATE_STEPS	   2.0
#define GATE_PX		   4.0
#define GATE_SIZES	   0.75
#define NEWBORN_GATE_PART  0.08 /* of the diagonal */
#define NEWBORN_GATE_SIZES 2.0
#define MAX_GATE_PART	   0.35

#define MAX_GAP_S	0.4
#define MAX_GAP_FRAMES	5u
#define MAX_OUTSIDE_GAP 2u
/* A blob that is so much larger than the track in it holds another one too. */
#define MERGED_AREA 1.3
/* A blob so much smaller than its track is a piece. */
#define PIECE_AREA 0.75

struct prediction {
	double x, y, gate;
	int blob; /* -1: none */
	bool is_merged;
};

struct vz_tracker {
	double width, height, diagonal;
	size_t memory; /* points of each track; 0: all, and of those that ended */
	struct vz_track live[MAX_LIVE];
	unsigned n_live;
	struct vz_track ended[MAX_ENDED];
	unsigned n_ended;
	unsigned n_begun;
	/* Of all frames, whose numbers rise by 1 from the first on; of a clip alone. */
	double *times_s;
	size_t n_times, n_times_allocated;
	uint32_t first_frame;

	/* Of the step in hand. */
	struct prediction predictions[MAX_LIVE];
	double costs[MAX_LIVE * VZ_BLOBS_MAX_N];
	bool is_used[VZ_BLOBS_MAX_N];
};

int vz_tracker_new(uint32_t width_px, uint32_t height_px, struct vz_tracker **ret)
{
	struct vz_tracker *tracker = calloc(1, sizeof(*tracker));

	if (!tracker)
		return -ENOMEM;
	tracker->width = width_px;
	tracker->height = height_px;
	tracker->diagonal = hypot(width_px, height_px);
	*ret = tracker;
	return 0;
}

struct vz_tracker *vz_tracker_free(struct vz_tracker *tracker)
{
	if (!tracker)
		return NULL;
	for (unsigned i = 0; i < tracker->n_live; i++)
		vz_track_deinit(&tracker->live[i]);
	for (unsigned i = 0; i < tracker->n_ended; i++)
		vz_track_deinit(&tracker->ended[i]);
	free(tracker->times_s);
	free(tracker);
	return NULL;
}

void vz_tracker_set_memory(struct vz_tracker *tracker, size_t n_points)
{
	tracker->memory = n_points;
}

size_t vz_tracker_get_live(const struct vz_tracker *tracker, const struct vz_track **ret)
{
	*ret = tracker->live;
	return tracker->n_live;
}

/* --- Ending ---------------------------------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
	double one = *(const double *) a, other = *(const double *) b;

	return (one > other) - (one < other);
}

static bool is_row_measured(const struct vz_track_point *p)
{
	return p[-1].how == VZ_TRACK_MEASURED && p->how == VZ_TRACK_MEASURED &&
	       p[1].how == VZ_TRACK_MEASURED;
}

/* Over three measured points in a row: the medians of the steps and of the second differences; 0 of
 * few. */
static void find_steadiness(const struct vz_track *track, double *ret_step, double *ret_trembling)
{
	double steps[MAX_TREMBLES], values[MAX_TREMBLES];
	size_t n = 0, every = track->n / MAX_TREMBLES + 1;

	for (size_t i = 1; i + 1 < track->n && n < MAX_TREMBLES; i += every) {
		const struct vz_track_point *p = &track->points[i];

		if (!is_row_measured(p))
			continue;
		steps[n] = hypot(p[1].x_px - p->x_px, p[1].y_px - p->y_px);
		values[n++] = hypot(p[1].x_px - 2 * p->x_px + p[-1].x_px,
				    p[1].y_px - 2 * p->y_px + p[-1].y_px);
	}
	*ret_step = *ret_trembling = 0;
	if (n < MIN_TREMBLES)
		return;
	qsort(steps, n, sizeof(*steps), compare_doubles);
	qsort(values, n, sizeof(*values), compare_doubles);
	*ret_step = steps[n / 2];
	*ret_trembling = values[n / 2];
}

bool vz_tracker_is_object(const struct vz_track *track)
{
	double range = vz_track_find_range(track), step, trembling;

	find_steadiness(track, &step, &trembling);
	return track->n_measured >= MIN_MEASURED && 2 * track->n_measured >= track->n &&
	       range >= fmax(MIN_RANGE_PX, sqrt(track->area_px) / 3) &&
	       range >= MIN_RANGE_TREMBLES * trembling;
}

/*
 * The evidence that it is an object that goes its way, as the score of a track is (S. Blackman, R.
 * Popoli, see tracker.h): for each place that was measured, how much likelier it is where the way
 * goes on than a step away from there. What jumps to and fro has none, however far it got, and a
 * slow one that goes smoothly has much.
 */
static double find_worth(const struct vz_track *track)
{
	double step, trembling;

	find_steadiness(track, &step, &trembling);
	return (double) track->n_measured * log1p(pow(step / fmax(trembling, MIN_TREMBLING_PX), 2));
}

/* The one that is worth least makes room. */
static void make_room(struct vz_tracker *tracker)
{
	unsigned least = 0;

	for (unsigned i = 1; i < tracker->n_ended; i++)
		if (tracker->ended[i].worth < tracker->ended[least].worth)
			least = i;
	vz_track_deinit(&tracker->ended[least]);
	tracker->ended[least] = tracker->ended[--tracker->n_ended];
}

static void end_track(struct vz_tracker *tracker, unsigned i)
{
	struct vz_track track = tracker->live[i];

	tracker->live[i] = tracker->live[--tracker->n_live];
	vz_track_trim(&track);
	if (tracker->memory || !vz_tracker_is_object(&track)) {
		vz_track_deinit(&track);
		return;
	}
	if (tracker->n_ended == MAX_ENDED)
		make_room(tracker);
	track.worth = find_worth(&track);
	tracker->ended[tracker->n_ended++] = track;
}

static bool is_outside(const struct vz_tracker *tracker, const struct vz_track_point *p)
{
	return p->x_px < 0 || p->y_px < 0 || p->x_px > tracker->width - 1 ||
	       p->y_px > tracker->height - 1;
}

static bool is_lost(const struct vz_tracker *tracker, const struct vz_track *track)
{
	const struct vz_track_point *last = &track->points[track->n - 1];
	const struct vz_track_point *seen = &track->points[track->n - 1 - track->n_missed];

	if (!track->n_missed)
		return false;
	if (track->n_measured < MIN_MEASURED)
		return track->n_missed >= track->n_measured;
	if (is_outside(tracker, last))
		return track->n_missed > MAX_OUTSIDE_GAP;
	return track->n_missed > MAX_GAP_FRAMES && last->t_s - seen->t_s > MAX_GAP_S;
}

/* --- Pairing --------------------------------------------------------------------------------- */

static void predict(struct vz_tracker *tracker, const struct vz_track *track, double t_s,
		    struct prediction *ret)
{
	double speed, size = sqrt(track->area_px);
	double since_s = t_s - track->points[track->n - 1 - track->n_missed].t_s;

	vz_track_predict(track, t_s, &ret->x, &ret->y, &speed);
	ret->gate = GATE_PX + GATE_SIZES * size + GATE_STEPS * speed * since_s;
	if (track->n_measured < 2)
		ret->gate = fmax(ret->gate,
				 NEWBORN_GATE_SIZES * size + NEWBORN_GATE_PART * tracker->diagonal);
	ret->gate = fmin(ret->gate, MAX_GATE_PART * tracker->diagonal + size);
	ret->blob = -1;
	ret->is_merged = false;
}

/* How well a color is known that is the mean of so many pixels. */
static double find_color_weight(double area_px)
{
	return fmin(fmax((area_px - EDGE_AREA_PX) / COLOR_AREA_PX, 0), 1);
}

/* A blob that is too small to show its color is not the likelier for that to be what has one: it
 * costs as much as a doubtful color. A track without a color has no preference. */
static double find_cost_of_color(const struct vz_track *track, const struct vz_motion_blob *blob)
{
	double sum = 0, weight = find_color_weight(blob->area_px);

	for (unsigned k = 0; k < VZ_PICTURE_N_PLANES; k++) {
		double off = (blob->color[k] - track->color[k]) * (k ? 2 : 1) / COLOR_LEVELS;

		sum += off * off;
	}
	return find_color_weight(track->area_px) *
	       (weight * fmin(COST_OF_COLOR * sum, MAX_COST_OF_COLOR) +
		(1 - weight) * COST_OF_NO_COLOR);
}

static double find_cost(const struct vz_track *track, const struct prediction *p,
			const struct vz_motion_blob *blob)
{
	double distance = hypot(blob->x_px - p->x, blob->y_px - p->y) / p->gate;
	double area = log(blob->area_px / fmax(track->area_px, 1));

	if (distance > 1)
		return VZ_ASSIGN_NEVER;
	return distance * distance + COST_OF_AREA * area * area + find_cost_of_color(track, blob) +
	       (track->n_measured < MIN_MEASURED ? COST_OF_NEWBORN : 0);
}

static int pair(struct vz_tracker *tracker, double t_s, const struct vz_blobs *blobs)
{
	int columns[MAX_LIVE], r;

	for (unsigned i = 0; i < tracker->n_live; i++) {
		predict(tracker, &tracker->live[i], t_s, &tracker->predictions[i]);
		for (unsigned j = 0; j < blobs->n; j++)
			tracker->costs[i * blobs->n + j] =
				find_cost(&tracker->live[i], &tracker->predictions[i],
					  &blobs->blobs[j]);
	}
	r = vz_assign(tracker->costs, tracker->n_live, blobs->n, COST_OF_NONE, columns);
	if (r < 0)
		return r;
	for (unsigned j = 0; j < blobs->n; j++)
		tracker->is_used[j] = false;
	for (unsigned i = 0; i < tracker->n_live; i++) {
		tracker->predictions[i].blob = columns[i];
		if (columns[i] >= 0)
			tracker->is_used[columns[i]] = true;
	}
	return 0;
}

/* --- Merges and splits ------------------------------------------------------------------------ */

static bool is_within(const struct prediction *p, const struct vz_motion_blob *blob)
{
	return p->x >= blob->left - 2.0 && p->x <= blob->right + 2.0 && p->y >= blob->top - 2.0 &&
	       p->y <= blob->bottom + 2.0;
}

/* A track without a blob lies within that of another, which has grown: neither is where it is. */
static void find_merges(struct vz_tracker *tracker, const struct vz_blobs *blobs)
{
	for (unsigned i = 0; i < tracker->n_live; i++) {
		struct prediction *missing = &tracker->predictions[i];

		if (missing->blob >= 0 || tracker->live[i].n_measured < MIN_MEASURED)
			continue;
		for (unsigned k = 0; k < tracker->n_live; k++) {
			struct prediction *other = &tracker->predictions[k];
			const struct vz_motion_blob *blob;

			if (k == i || other->blob < 0 || tracker->live[k].n_measured < MIN_MEASURED)
				continue;
			blob = &blobs->blobs[other->blob];
			if (is_within(missing, blob) && is_within(other, blob) &&
			    blob->area_px > MERGED_AREA * tracker->live[k].area_px)
				other->is_merged = true;
		}
	}
}

static bool is_near(const struct vz_motion_blob *a, const struct vz_motion_blob *b, double reach)
{
	return a->left <= b->right + reach && b->left <= a->right + reach &&
	       a->top <= b->bottom + reach && b->top <= a->bottom + reach;
}

/* Pieces beside it that make the object as large as it was. */
static struct vz_motion_blob join_pieces(struct vz_tracker *tracker, const struct vz_track *track,
					 const struct vz_blobs *blobs, unsigned first)
{
	struct vz_motion_blob whole = blobs->blobs[first];
	double reach = 2 + 0.25 * sqrt(track->area_px);

	if (track->n_measured < MIN_MEASURED)
		return whole;
	for (unsigned j = 0; j < blobs->n && whole.area_px < PIECE_AREA * track->area_px; j++) {
		const struct vz_motion_blob *piece = &blobs->blobs[j];
		double sum = (double) whole.area_px + piece->area_px;

		if (tracker->is_used[j] || !is_near(&whole, piece, reach) ||
		    sum > track->area_px / PIECE_AREA)
			continue;
		whole.x_px += (piece->x_px - whole.x_px) * piece->area_px / sum;
		whole.y_px += (piece->y_px - whole.y_px) * piece->area_px / sum;
		whole.area_px += piece->area_px;
		tracker->is_used[j] = true;
	}
	return whole;
}

/* --- A step ----------------------------------------------------------------------------------- */

static void mix_color(struct vz_track *track, const struct vz_motion_blob *blob)
{
	double weight = track->n_measured ? COLOR_WEIGHT : 1;

	for (unsigned k = 0; k < VZ_PICTURE_N_PLANES; k++)
		track->color[k] += weight * (blob->color[k] - track->color[k]);
}

static int add_point(struct vz_tracker *tracker, unsigned i, uint32_t frame, double t_s,
		     const struct vz_blobs *blobs)
{
	struct vz_track *track = &tracker->live[i];
	const struct prediction *p = &tracker->predictions[i];
	struct vz_track_point point = {
		.frame = frame,
		.t_s = t_s,
		.x_px = p->x,
		.y_px = p->y,
		.area_px = track->points[track->n - 1].area_px,
		.how = VZ_TRACK_BRIDGED,
	};

	if (p->blob >= 0 && !p->is_merged) {
		struct vz_motion_blob blob = join_pieces(tracker, track, blobs, (unsigned) p->blob);

		mix_color(track, &blob);
		point.x_px = blob.x_px;
		point.y_px = blob.y_px;
		point.area_px = blob.area_px;
		point.how = VZ_TRACK_MEASURED;
	}
	return vz_track_add(track, &point);
}

static int begin_track(struct vz_tracker *tracker, uint32_t frame, double t_s,
		       const struct vz_motion_blob *blob)
{
	struct vz_track track = { .id = tracker->n_begun + 1 };
	struct vz_track_point point = { frame,	    blob->area_px, t_s,
					blob->x_px, blob->y_px,	   VZ_TRACK_MEASURED };
	int r;

	mix_color(&track, blob);
	r = vz_track_add(&track, &point);
	if (r < 0)
		return r;
	tracker->n_begun++;
	tracker->live[tracker->n_live++] = track;
	return 0;
}

static bool is_another_scene(const struct vz_tracker *tracker, const struct vz_blobs *blobs)
{
	double area = 0;

	for (unsigned j = 0; j < blobs->n; j++)
		area += blobs->blobs[j].area_px;
	return area > MAX_PICTURE_PART * tracker->width * tracker->height;
}

static int note_time(struct vz_tracker *tracker, uint32_t frame, double t_s)
{
	if (tracker->n_times == tracker->n_times_allocated) {
		size_t n = tracker->n_times_allocated ? 2 * tracker->n_times_allocated
						      : FIRST_ALLOCATION;
		double *times_s = realloc(tracker->times_s, n * sizeof(*times_s));

		if (!times_s)
			return -ENOMEM;
		tracker->times_s = times_s;
		tracker->n_times_allocated = n;
	}
	if (!tracker->n_times)
		tracker->first_frame = frame;
	/* Of one that was left out there is nothing to be told. */
	if (frame == tracker->first_frame + tracker->n_times)
		tracker->times_s[tracker->n_times++] = t_s;
	return 0;
}

int vz_tracker_step(struct vz_tracker *tracker, uint32_t frame, double t_s,
		    const struct vz_blobs *blobs)
{
	static const struct vz_blobs none;
	int r;

	r = tracker->memory ? 0 : note_time(tracker, frame, t_s);
	if (r < 0)
		return r;
	if (is_another_scene(tracker, blobs))
		blobs = &none;
	r = pair(tracker, t_s, blobs);
	if (r < 0)
		return r;
	find_merges(tracker, blobs);
	for (unsigned i = 0; i < tracker->n_live; i++) {
		r = add_point(tracker, i, frame, t_s, blobs);
		if (r < 0)
			return r;
	}
	for (unsigned i = 0; tracker->memory && i < tracker->n_live; i++)
		if (tracker->live[i].n >= 2 * tracker->memory)
			vz_track_forget(&tracker->live[i], tracker->memory);
	for (unsigned i = tracker->n_live; i-- > 0;)
		if (is_lost(tracker, &tracker->live[i]))
			end_track(tracker, i);
	for (unsigned j = 0; j < blobs->n && tracker->n_live < MAX_LIVE; j++) {
		if (tracker->is_used[j])
			continue;
		r = begin_track(tracker, frame, t_s, &blobs->blobs[j]);
		if (r < 0)
			return r;
	}
	return 0;
}

/* --- The result ------------------------------------------------------------------------------- */

struct vz_stitch_times vz_tracker_get_times(const struct vz_tracker *tracker)
{
	return (struct vz_stitch_times){ tracker->first_frame, tracker->n_times, tracker->times_s };
}

int vz_tracker_finish(struct vz_tracker *tracker)
{
	struct vz_stitch_times times = vz_tracker_get_times(tracker);
	unsigned n = 0;
	int r;

	while (tracker->n_live)
		end_track(tracker, tracker->n_live - 1);
	r = vz_stitch_tracks(tracker->ended, tracker->n_ended, &times);
	for (unsigned i = 0; i < tracker->n_ended; i++)
		if (tracker->ended[i].n)
			tracker->ended[n++] = tracker->ended[i];
	tracker->n_ended = n;
	/* Some are joined now. */
	for (unsigned i = 0; i < n; i++)
		tracker->ended[i].worth = find_worth(&tracker->ended[i]);
	return r;
}

static int compare_ids(const void *a, const void *b)
{
	const struct vz_track *one = a, *other = b;

	return (one->id > other->id) - (one->id < other->id);
}

size_t vz_tracker_get_tracks(struct vz_tracker *tracker, const struct vz_track **ret)
{
	while (tracker->n_ended > VZ_TRACKER_MAX_TRACKS)
		make_room(tracker);
	if (tracker->n_ended)
		qsort(tracker->ended, tracker->n_ended, sizeof(*tracker->ended), compare_ids);
	*ret = tracker->ended;
	return tracker->n_ended;
}
