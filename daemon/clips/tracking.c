#include "clips/tracking.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camera/pool.h"
#include "clips/samples.h"
#include "motionscope/frame-picture.h"
#include "motionscope/refine.h"
#include "motionscope/template.h"
#include "motionscope/tracker.h"

#define N_POOL_FRAMES 4
/* A background from fewer frames may be of the object itself: those around the range help. */
#define TEMPLATE_PART	40u
#define MIN_TEMPLATE_PX 8u
#define MAX_TEMPLATE_PX 16u
#define MAX_REEL_BYTES	((size_t) 192 << 20)

/* Two passes: the first for the background, the second for what differs from it. */
struct work {
	const char *path;
	const struct vz_tracking_options *options;
	struct vz_tracks *clip;
	struct vz_tracking_error *error;
	struct vz_samples samples;
	struct vz_detector *detector;
	struct vz_tracker *tracker;
	struct vz_template *templates; /* one for each point */
	bool *is_followed;	       /* of each point */
	struct vz_reel reel;
};

typedef int (*frame_fn)(struct work *work, const struct vz_picture *picture, uint32_t frame,
			double t_s);

/* --- Reading --------------------------------------------------------------------------------- */

/* Returns @r. */
__attribute__((format(printf, 4, 5))) static int fail(struct work *work, int r, int where,
						      const char *format, ...)
{
	va_list args;

	work->error->where = where;
	va_start(args, format);
	(void) vsnprintf(work->error->text, sizeof(work->error->text), format, args);
	va_end(args);
	return r;
}

static const char *get_name(const struct work *work)
{
	const char *slash = strrchr(work->path, '/');

	return slash ? slash + 1 : work->path;
}

const char *vz_tracking_describe(int r)
{
	switch (r) {
	case -EBADMSG:
		return "not a video that can be read";
	case -ENODATA:
		return "there is no video in it";
	case -EOPNOTSUPP:
		return "there is no decoder for its video";
	case -EFBIG:
		return "its pictures are too large";
	case -EINVAL:
		return "not a regular file";
	default:
		return strerror(-r);
	}
}

static int tell_progress(const struct work *work, uint32_t frame)
{
	const struct vz_tracking_options *options = work->options;

	if (!options->progress)
		return 0;
	return options->progress(work->tracker ? 1 : 0, frame, work->clip->n_frames, options->data);
}

static int read_frames(struct work *work, struct vz_file_reader *reader, struct vz_pool *pool,
		       frame_fn fn, uint32_t *ret_n)
{
	struct vz_file_picture picture;
	int64_t start_ns = 0;
	uint32_t n = 0;
	int r;

	while ((r = vz_file_reader_next(reader, &picture)) > 0) {
		int64_t time_ns = picture.time_ns;
		struct vz_picture planes;
		struct vz_frame *frame;

		if (!n)
			start_ns = time_ns;
		r = vz_file_reader_make_frame(reader, pool, &picture, &frame);
		if (r < 0)
			return r;
		planes = vz_picture_of_frame(frame);
		r = tell_progress(work, n);
		if (r == 0)
			r = fn(work, &planes, n, (double) (time_ns - start_ns) * 1e-9);
		(void) vz_frame_unref(frame);
		if (r < 0)
			return r;
		n++;
	}
	*ret_n = n;
	return r;
}

static int read_clip(struct work *work, frame_fn fn, uint32_t *ret_n)
{
	VZ_CLEANUP(vz_file_reader_closep) struct vz_file_reader *reader = NULL;
	VZ_CLEANUP(vz_pool_freep) struct vz_pool *pool = NULL;
	const struct vz_file_info *info;
	int r;

	r = vz_file_reader_open(work->path, &reader);
	if (r < 0)
		return r;
	info = vz_file_reader_get_info(reader);
	if (work->clip->width_px &&
	    (work->clip->width_px != info->width_px || work->clip->height_px != info->height_px))
		return -ESTALE;
	work->clip->width_px = info->width_px;
	work->clip->height_px = info->height_px;
	work->clip->fps = info->fps;
	work->clip->rotation_deg = info->rotation_deg;
	work->clip->pixel_aspect = info->pixel_aspect;
	r = vz_pool_new(info->width_px, info->height_px, N_POOL_FRAMES, vz_file_picture_recycle,
			&pool);
	if (r == 0)
		r = read_frames(work, reader, pool, fn, ret_n);
	if (r == 0)
		work->clip->file = vz_file_reader_get_count(reader);
	return r;
}

/* --- The background -------------------------------------------------------------------------- */

static int add_sample(struct work *work, const struct vz_picture *picture, uint32_t frame,
		      double t_s)
{
	uint32_t first, last;

	vz_samples_find_range(work->options->first, work->options->last, &first, &last);
	if (frame < first || frame > last)
		return 0;
	return vz_samples_offer(&work->samples, picture, frame - first);
}

static int fail_frames(struct work *work, int where)
{
	return fail(work, -EINVAL, where, "%s has the frames 0 to %u%s", get_name(work),
		    work->clip->n_frames - 1,
		    work->clip->file.breaks_off ? ", where it breaks off" : "");
}

static int check_frames(struct work *work)
{
	const struct vz_tracking_options *options = work->options;
	uint32_t n = work->clip->n_frames;

	if (!n)
		return fail(work, -ENODATA, VZ_TRACKING_FILE,
			    "there is no picture in it that can be decoded");
	if (options->first >= n || (options->last != VZ_TRACKING_TO_THE_END && options->last >= n))
		return fail_frames(work, VZ_TRACKING_RANGE);
	for (unsigned i = 0; i < options->n_points; i++)
		if (options->points[i].frame >= n)
			return fail_frames(work, VZ_TRACKING_POINT);
	return 0;
}

static int find_background(struct work *work)
{
	int r;

	r = read_clip(work, add_sample, &work->clip->n_frames);
	if (r < 0)
		return fail(work, r, VZ_TRACKING_FILE, "%s", vz_tracking_describe(r));
	r = check_frames(work);
	if (r < 0)
		return r;
	r = vz_detector_new(work->clip->width_px, work->clip->height_px, &work->detector);
	if (r == 0)
		r = vz_detector_set_background(work->detector, work->samples.pictures,
					       work->samples.n, work->options->threshold_percent);
	for (unsigned i = 0; r == 0 && i < VZ_PICTURE_N_PLANES; i++)
		work->clip->noise_levels[i] = vz_detector_get_noise(work->detector, i);
	/* Its memory is wanted from here on by others. */
	vz_samples_deinit(&work->samples);
	return r < 0 ? fail(work, r, VZ_TRACKING_FILE, "%s", strerror(-r)) : 0;
}

/* --- Tracking -------------------------------------------------------------------------------- */

static unsigned find_radius(const struct vz_tracks *clip)
{
	unsigned radius = clip->height_px / TEMPLATE_PART;

	return radius < MIN_TEMPLATE_PX	  ? MIN_TEMPLATE_PX
	       : radius > MAX_TEMPLATE_PX ? MAX_TEMPLATE_PX
					  : radius;
}

static int start_template(struct work *work, unsigned i, const struct vz_plane *luma,
			  uint32_t frame, double t_s)
{
	const struct vz_tracking_point *point = &work->options->points[i];
	unsigned radius = find_radius(work->clip);
	int r;

	r = vz_template_init(&work->templates[i], luma, radius, frame, t_s, point->x_px,
			     point->y_px);
	if (r == -ERANGE)
		return fail(work, r, VZ_TRACKING_POINT,
			    "%g,%g is less than %u pixels from the edge of the %u x %u picture",
			    point->x_px, point->y_px, radius, work->clip->width_px,
			    work->clip->height_px);
	if (r == -ENODATA)
		return fail(work, r, VZ_TRACKING_POINT,
			    "around %g,%g in frame %u all is alike: nothing to follow", point->x_px,
			    point->y_px, frame);
	work->is_followed[i] = r == 0;
	return r;
}

static int step_templates(struct work *work, const struct vz_plane *luma, uint32_t frame,
			  double t_s)
{
	for (unsigned i = 0; i < work->options->n_points; i++) {
		int r = 0;

		if (work->options->points[i].frame == frame)
			r = start_template(work, i, luma, frame, t_s);
		else if (work->is_followed[i])
			r = vz_template_step(&work->templates[i], luma, frame, t_s);
		if (r == -ESRCH)
			work->is_followed[i] = false;
		else if (r < 0)
			return r;
	}
	return 0;
}

/* Leaves out what is too small to be meant. */
static int track_large(struct work *work, uint32_t frame, double t_s, const struct vz_blobs *blobs)
{
	struct vz_blobs large = *blobs; /* to look at: what it owns stays the detector's */

	/* The largest come first. */
	large.n = 0;
	while (large.n < blobs->n && blobs->blobs[large.n].area_px >= work->options->min_area_px)
		large.n++;
	return vz_tracker_step(work->tracker, frame, t_s, &large);
}

/* A reel that is full, and so one that memory does not suffice for, only keeps no more. */
static void keep(struct work *work, const struct vz_picture *picture, uint32_t frame, double t_s,
		 const struct vz_blobs *blobs)
{
	(void) vz_reel_add(&work->reel, frame, t_s, picture,
			   vz_detector_get_outline(work->detector), blobs);
}

static int step(struct work *work, const struct vz_picture *picture, uint32_t frame, double t_s)
{
	const struct vz_blobs *blobs;
	int r;

	if (frame < work->options->first || frame > work->options->last)
		return 0;
	r = step_templates(work, &picture->planes[0], frame, t_s);
	if (r == 0)
		r = vz_detector_step(work->detector, picture, &blobs);
	if (r == 0)
		keep(work, picture, frame, t_s, blobs);
	if (r == 0)
		r = work->options->min_area_px ? track_large(work, frame, t_s, blobs)
					       : vz_tracker_step(work->tracker, frame, t_s, blobs);
	return r;
}

static int copy_track(struct vz_tracks *clip, const struct vz_track *track)
{
	struct vz_track copy = { .id = (unsigned) clip->n_tracks + 1 };

	for (size_t i = 0; i < track->n; i++) {
		int r = vz_track_add(&copy, &track->points[i]);

		if (r < 0) {
			vz_track_deinit(&copy);
			return r;
		}
		/* As it was, not pulled once more. */
		copy.n_missed = 0;
	}
	clip->tracks[clip->n_tracks++] = copy;
	return 0;
}

static int collect(struct work *work)
{
	const struct vz_track *tracks;
	unsigned n_points = work->options->n_points;
	size_t n;
	int r;

	r = vz_tracker_finish(work->tracker);
	if (r < 0)
		return r;
	n = vz_tracker_get_tracks(work->tracker, &tracks);
	work->clip->tracks = calloc(n + n_points + 1, sizeof(*work->clip->tracks));
	if (!work->clip->tracks)
		return -ENOMEM;
	for (unsigned i = 0; r == 0 && i < n_points; i++) {
		vz_track_trim(&work->templates[i].track);
		r = copy_track(work->clip, &work->templates[i].track);
	}
	for (size_t i = 0; r == 0 && i < n; i++)
		r = copy_track(work->clip, &tracks[i]);
	return r;
}

static int refine(struct work *work)
{
	struct vz_tracks *clip = work->clip;
	size_t n = work->options->n_points;
	struct vz_stitch_times times;
	int r = 0;

	for (size_t i = n; r == 0 && i < clip->n_tracks; i++) {
		r = tell_progress(work, clip->n_frames);
		if (r == 0)
			r = vz_refine_track(&work->reel, vz_detector_get_background(work->detector),
					    &clip->tracks[i]);
	}
	if (r != 0)
		return r;
	vz_refine_drop_parts(clip->tracks + n, clip->n_tracks - n);
	times = vz_tracker_get_times(work->tracker);
	r = vz_stitch_tracks(clip->tracks + n, clip->n_tracks - n, &times);
	if (r < 0)
		return r;
	for (size_t i = n; i < clip->n_tracks; i++)
		if (clip->tracks[i].n) {
			clip->tracks[n] = clip->tracks[i];
			clip->tracks[n].id = (unsigned) n + 1;
			n++;
		}
	clip->n_tracks = n;
	return 0;
}

static int track(struct work *work)
{
	uint32_t n;
	int r;

	work->templates = calloc(work->options->n_points + 1, sizeof(*work->templates));
	work->is_followed = calloc(work->options->n_points + 1, sizeof(*work->is_followed));
	vz_reel_init(&work->reel, MAX_REEL_BYTES);
	r = vz_tracker_new(work->clip->width_px, work->clip->height_px, &work->tracker);
	if (!work->templates || !work->is_followed)
		r = -ENOMEM;
	if (r == 0)
		r = read_clip(work, step, &n);
	if (r == 0)
		r = collect(work);
	if (r == 0)
		r = refine(work);
	if (r == 0 || work->error->text[0])
		return r;
	return fail(work, r, VZ_TRACKING_FILE, "%s", vz_tracking_describe(r));
}

/* --- The whole ------------------------------------------------------------------------------- */

static void deinit(struct work *work)
{
	vz_samples_deinit(&work->samples);
	vz_reel_deinit(&work->reel);
	for (unsigned i = 0; work->templates && i < work->options->n_points; i++)
		vz_template_deinit(&work->templates[i]);
	free(work->templates);
	free(work->is_followed);
	(void) vz_tracker_free(work->tracker);
	(void) vz_detector_free(work->detector);
}

int vz_tracking_run(const char *path, const struct vz_tracking_options *options,
		    struct vz_tracks *ret, struct vz_tracking_error *ret_error)
{
	struct vz_tracks tracks = { 0 };
	struct work work = {
		.path = path,
		.options = options,
		.clip = &tracks,
		.error = ret_error,
	};
	int r;

	ret_error->text[0] = '\0';
	r = find_background(&work);
	if (r == 0)
		r = track(&work);
	deinit(&work);
	if (r == 0)
		*ret = tracks;
	else
		vz_tracks_deinit(&tracks);
	return r;
}

void vz_tracks_deinit(struct vz_tracks *tracks)
{
	for (size_t i = 0; i < tracks->n_tracks; i++)
		vz_track_deinit(&tracks->tracks[i]);
	free(tracks->tracks);
	*tracks = (struct vz_tracks){ 0 };
}
