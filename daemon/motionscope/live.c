#include "motionscope/live.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "motionscope/tracker.h"

/* Over two seconds: what swings or stops for a moment is elsewhere for most of that. */
#define N_SAMPLES     15u
#define SAMPLE_STEP_S 0.14
/* A level in this time: a ball that flies by leaves no trace, what is put down is gone in some
 * seconds. */
#define FOLLOW_STEP_S 0.1
/* The limits cost as much as a picture. */
#define LIMITS_STEP_S 2.0
/* Where more of the picture than this differs for so long, it is the light. */
#define MAX_PICTURE_PART 0.4
#define MAX_CHANGED_S	 0.25
#define MAX_STEP_S	 2.0

/* Which of the tracker's tracks are shown, and as which number. */
struct shown {
	unsigned track_id, id;
};

struct vz_live {
	uint32_t width_px, height_px;
	struct vz_detector *detector;
	struct vz_tracker *tracker; /* NULL while learning */
	struct vz_picture samples[N_SAMPLES];
	unsigned n_samples;
	double last_s, sampled_s, followed_s, limits_s;
	double changed_s; /* since when; NaN: it does not */
	uint32_t n_frames;

	struct shown shown[VZ_LIVE_MAX_N_OBJECTS];
	unsigned n_shown, n_found;
};

int vz_live_new(uint32_t width_px, uint32_t height_px, struct vz_live **ret)
{
	VZ_CLEANUP(vz_live_freep) struct vz_live *live = calloc(1, sizeof(*live));
	int r;

	if (!live)
		return -ENOMEM;
	live->width_px = width_px;
	live->height_px = height_px;
	vz_live_retake(live);
	r = vz_detector_new(width_px, height_px, &live->detector);
	if (r < 0)
		return r;
	*ret = vz_steal(live);
	return 0;
}

static void drop_samples(struct vz_live *live)
{
	for (unsigned s = 0; s < N_SAMPLES; s++)
		for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
			free(vz_steal(live->samples[s].planes[i].data));
	live->n_samples = 0;
}

void vz_live_retake(struct vz_live *live)
{
	live->tracker = vz_tracker_free(live->tracker);
	drop_samples(live);
	live->n_shown = 0;
	live->changed_s = NAN;
}

struct vz_live *vz_live_free(struct vz_live *live)
{
	if (!live)
		return NULL;
	vz_live_retake(live);
	(void) vz_detector_free(live->detector);
	free(live);
	return NULL;
}

/* --- Learning -------------------------------------------------------------------------------- */

/* A plane of half the size that has been rounded down gets its last column and row once more. */
static int copy_plane(const struct vz_plane *from, uint32_t width_px, uint32_t height_px,
		      struct vz_plane *ret)
{
	uint8_t *data = malloc((size_t) width_px * height_px);

	if (!data)
		return -ENOMEM;
	for (uint32_t y = 0; y < height_px; y++) {
		const uint8_t *row =
			vz_plane_get_row(from, y < from->height_px ? y : from->height_px - 1);
		uint8_t *to = data + (size_t) y * width_px;
		uint32_t n = width_px < from->width_px ? width_px : from->width_px;

		memcpy(to, row, n);
		memset(to + n, row[n - 1], width_px - n);
	}
	*ret = (struct vz_plane){ data, width_px, height_px, width_px };
	return 0;
}

static int add_sample(struct vz_live *live, const struct vz_picture *picture)
{
	struct vz_picture *sample = &live->samples[live->n_samples];

	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		uint32_t width = i ? (live->width_px + 1) / 2 : live->width_px;
		uint32_t height = i ? (live->height_px + 1) / 2 : live->height_px;

		free(vz_steal(sample->planes[i].data));
		if (copy_plane(&picture->planes[i], width, height, &sample->planes[i]) < 0)
			return -ENOMEM;
	}
	live->n_samples++;
	return 0;
}

static int learn(struct vz_live *live, const struct vz_picture *picture, double t_s)
{
	int r;

	if (live->n_samples && t_s - live->sampled_s < SAMPLE_STEP_S)
		return 0;
	r = add_sample(live, picture);
	if (r < 0)
		return r;
	live->sampled_s = t_s;
	if (live->n_samples < N_SAMPLES)
		return 0;
	r = vz_tracker_new(live->width_px, live->height_px, &live->tracker);
	if (r == 0) {
		vz_tracker_set_memory(live->tracker, VZ_LIVE_TRAIL);
		r = vz_detector_set_background(live->detector, live->samples, N_SAMPLES,
					       VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT);
	}
	drop_samples(live);
	/* Without a background it goes on learning. */
	if (r < 0)
		live->tracker = vz_tracker_free(live->tracker);
	live->followed_s = live->limits_s = t_s;
	/* The time that this took a slow machine is no gap in what is seen: it would begin again
	 * for ever. */
	live->last_s = NAN;
	return r;
}

/* --- Following ------------------------------------------------------------------------------- */

static bool is_changed(struct vz_live *live, const struct vz_blobs *blobs, double t_s)
{
	double area = 0;

	for (unsigned i = 0; i < blobs->n; i++)
		area += blobs->blobs[i].area_px;
	if (area <= MAX_PICTURE_PART * live->width_px * live->height_px)
		live->changed_s = NAN;
	else if (isnan(live->changed_s))
		live->changed_s = t_s;
	return t_s - live->changed_s >= MAX_CHANGED_S;
}

static int follow(struct vz_live *live, const struct vz_picture *picture, double t_s)
{
	int r;

	if (t_s - live->followed_s < FOLLOW_STEP_S)
		return 0;
	live->followed_s = t_s;
	r = vz_detector_follow(live->detector, picture);
	if (r < 0 || t_s - live->limits_s < LIMITS_STEP_S)
		return r;
	live->limits_s = t_s;
	return vz_detector_set_threshold(live->detector, VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT);
}

/* --- The result ------------------------------------------------------------------------------ */

static const struct vz_track *find_track(const struct vz_track *tracks, size_t n, unsigned id)
{
	for (size_t i = 0; i < n; i++)
		if (tracks[i].id == id)
			return &tracks[i];
	return NULL;
}

static bool is_shown(const struct vz_live *live, unsigned track_id)
{
	for (unsigned i = 0; i < live->n_shown; i++)
		if (live->shown[i].track_id == track_id)
			return true;
	return false;
}

/* Those that have ended go, those that have turned out to be objects come: they stay such, even at
 * rest. */
static void choose(struct vz_live *live, const struct vz_track *tracks, size_t n)
{
	unsigned n_kept = 0;

	for (unsigned i = 0; i < live->n_shown; i++)
		if (find_track(tracks, n, live->shown[i].track_id))
			live->shown[n_kept++] = live->shown[i];
	live->n_shown = n_kept;
	for (size_t i = 0; i < n && live->n_shown < VZ_LIVE_MAX_N_OBJECTS; i++)
		if (!is_shown(live, tracks[i].id) && vz_tracker_is_object(&tracks[i]))
			live->shown[live->n_shown++] =
				(struct shown){ tracks[i].id, ++live->n_found };
}

/* The blob that the point was measured in, or its largest piece. */
static const struct vz_motion_blob *find_blob(const struct vz_blobs *blobs,
					      const struct vz_track_point *p)
{
	const struct vz_motion_blob *nearest = NULL;
	double least = INFINITY;

	for (unsigned i = 0; i < blobs->n; i++) {
		const struct vz_motion_blob *blob = &blobs->blobs[i];
		double distance = hypot(blob->x_px - p->x_px, blob->y_px - p->y_px);

		if (distance < least) {
			least = distance;
			nearest = blob;
		}
	}
	return nearest;
}

static uint32_t clamp(double at, uint32_t size)
{
	return (uint32_t) lrint(fmin(fmax(at, 0), size - 1.0));
}

/* Around a disk of the same area where there is no blob. */
static void find_box(const struct vz_live *live, const struct vz_track_point *p,
		     const struct vz_blobs *blobs, struct vz_live_object *ret)
{
	const struct vz_motion_blob *blob = ret->is_bridged ? NULL : find_blob(blobs, p);
	double radius = sqrt(p->area_px / M_PI);

	ret->left = blob ? blob->left : clamp(p->x_px - radius, live->width_px);
	ret->top = blob ? blob->top : clamp(p->y_px - radius, live->height_px);
	ret->right = blob ? blob->right : clamp(p->x_px + radius, live->width_px);
	ret->bottom = blob ? blob->bottom : clamp(p->y_px + radius, live->height_px);
}

static void fill_object(const struct vz_live *live, const struct vz_track *track,
			const struct vz_blobs *blobs, struct vz_live_object *ret)
{
	const struct vz_track_point *last = &track->points[track->n - 1];
	size_t n = track->n < VZ_LIVE_TRAIL ? track->n : VZ_LIVE_TRAIL;

	ret->x_px = last->x_px;
	ret->y_px = last->y_px;
	ret->is_bridged = last->how != VZ_TRACK_MEASURED;
	find_box(live, last, blobs, ret);
	ret->n_trail = (unsigned) n;
	for (size_t i = 0; i < n; i++) {
		const struct vz_track_point *p = &track->points[track->n - n + i];

		ret->trail[i] = (struct vz_live_place){ p->x_px, p->y_px };
	}
}

static void fill(struct vz_live *live, const struct vz_blobs *blobs, struct vz_live_result *ret)
{
	const struct vz_track *tracks;
	size_t n = vz_tracker_get_live(live->tracker, &tracks);

	choose(live, tracks, n);
	for (unsigned i = 0; i < live->n_shown; i++) {
		struct vz_live_object *object = &ret->objects[ret->n++];

		object->id = live->shown[i].id;
		fill_object(live, find_track(tracks, n, live->shown[i].track_id), blobs, object);
	}
}

/* --- A step ---------------------------------------------------------------------------------- */

static int track(struct vz_live *live, const struct vz_picture *picture, double t_s,
		 struct vz_live_result *ret)
{
	const struct vz_blobs *blobs;
	int r;

	r = vz_detector_step(live->detector, picture, &blobs);
	if (r < 0)
		return r;
	if (is_changed(live, blobs, t_s)) {
		vz_live_retake(live);
		ret->is_learning = true;
		return learn(live, picture, t_s);
	}
	r = vz_tracker_step(live->tracker, live->n_frames++, t_s, blobs);
	if (r < 0)
		return r;
	fill(live, blobs, ret);
	return follow(live, picture, t_s);
}

int vz_live_step(struct vz_live *live, const struct vz_picture *picture, double t_s,
		 struct vz_live_result *ret)
{
	int r;

	ret->n = 0;
	if (t_s <= live->last_s || t_s - live->last_s > MAX_STEP_S)
		vz_live_retake(live);
	live->last_s = t_s;
	ret->is_learning = !live->tracker;
	r = live->tracker ? track(live, picture, t_s, ret) : learn(live, picture, t_s);
	if (r < 0)
		ret->n = 0;
	return r;
}
