#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "camera/file-reader.h"
#include "camera/pool.h"
#include "motionscope-command.h"
#include "motionscope/background.h"
#include "motionscope/template.h"

#define N_POOL_FRAMES	 4
#define MAX_SAMPLES	 41u
#define MIN_SAMPLES	 9u
#define MAX_SAMPLE_BYTES (UINT64_C(128) << 20)
/* A background from fewer frames may be of the object itself: those around the range help. */
#define MIN_BACKGROUND_FRAMES 60u
#define TEMPLATE_PART	      40u
#define MIN_TEMPLATE_PX	      8u
#define MAX_TEMPLATE_PX	      16u

/* Two passes: the first for the background, the second for what differs from it. */
struct work {
	const struct options *options;
	struct clip *clip;
	struct vz_picture samples[MAX_SAMPLES];
	unsigned n_samples, max_samples, step;
	struct vz_detector *detector;
	struct vz_tracker *tracker;
	struct vz_template *templates; /* one for each point */
	char *is_followed;	       /* of each point */
	bool shows_progress;
};

typedef int (*frame_fn)(struct work *work, const struct vz_picture *picture, uint32_t frame,
			double t_s);

/* --- Reading --------------------------------------------------------------------------------- */

static const char *describe(int r)
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

static struct vz_picture to_picture(const struct vz_frame *frame)
{
	struct vz_picture picture;

	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++)
		picture.planes[i] = (struct vz_plane){
			/* Only read. */
			.data = (uint8_t *) (uintptr_t) frame->plane[i],
			.width_px = i ? frame->width_px / 2 : frame->width_px,
			.height_px = i ? frame->height_px / 2 : frame->height_px,
			.stride_bytes = frame->stride_bytes[i],
		};
	return picture;
}

static void show_progress(const struct work *work, uint32_t frame)
{
	if (!work->shows_progress || frame % 8)
		return;
	if (work->tracker)
		fprintf(stderr, "\rtracking %3u %% ", 100 * frame / work->clip->n_frames);
	else
		fprintf(stderr, "\rbackground: frame %u ", frame);
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
		show_progress(work, n);
		planes = to_picture(frame);
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

	r = vz_file_reader_open(work->options->file, &reader);
	if (r < 0)
		return r;
	info = vz_file_reader_get_info(reader);
	if (work->clip->width_px &&
	    (work->clip->width_px != info->width_px || work->clip->height_px != info->height_px))
		return -ESTALE;
	work->clip->width_px = info->width_px;
	work->clip->height_px = info->height_px;
	work->clip->fps = info->fps;
	r = vz_pool_new(info->width_px, info->height_px, N_POOL_FRAMES, vz_file_picture_recycle,
			&pool);
	if (r == 0)
		r = read_frames(work, reader, pool, fn, ret_n);
	if (work->shows_progress)
		fputs("\r\033[K", stderr);
	return r;
}

/* --- The background -------------------------------------------------------------------------- */

static void free_sample(struct vz_picture *sample)
{
	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++) {
		free(sample->planes[i].data);
		sample->planes[i].data = NULL;
	}
}

static int copy_sample(const struct vz_picture *picture, struct vz_picture *ret)
{
	struct vz_picture copy = *picture;

	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++) {
		struct vz_plane *to = &copy.planes[i];

		to->stride_bytes = to->width_px;
		to->data = malloc((size_t) to->width_px * to->height_px);
		for (uint32_t y = 0; to->data && y < to->height_px; y++)
			memcpy(vz_plane_get_row(to, y), vz_plane_get_row(&picture->planes[i], y),
			       to->width_px);
	}
	for (unsigned i = 0; i < VZ_DETECTOR_N_PLANES; i++)
		if (!copy.planes[i].data) {
			free_sample(&copy);
			return -ENOMEM;
		}
	*ret = copy;
	return 0;
}

/* Nobody knows how many frames will come: with all places full every other sample goes, and from
 * there on half as many are taken. */
static void thin_out(struct work *work)
{
	unsigned n = 0;

	for (unsigned i = 0; i < work->n_samples; i++)
		if (i % 2 == 0)
			work->samples[n++] = work->samples[i];
		else
			free_sample(&work->samples[i]);
	work->n_samples = n;
	work->step *= 2;
}

static int add_sample(struct work *work, const struct vz_picture *picture, uint32_t frame,
		      double t_s)
{
	uint32_t first = work->options->first, last = work->options->last;
	uint32_t wider = last - first < MIN_BACKGROUND_FRAMES
				 ? (MIN_BACKGROUND_FRAMES - (last - first)) / 2
				 : 0;
	int r;

	first = first > wider ? first - wider : 0;
	if (!work->max_samples) {
		uint64_t n = MAX_SAMPLE_BYTES /
			     ((uint64_t) work->clip->width_px * work->clip->height_px * 3 / 2);

		work->max_samples = n > MAX_SAMPLES   ? MAX_SAMPLES
				    : n < MIN_SAMPLES ? MIN_SAMPLES
						      : (unsigned) n;
	}
	if (frame < first || (uint64_t) frame > (uint64_t) last + wider)
		return 0;
	if ((frame - first) % work->step)
		return 0;
	if (work->n_samples == work->max_samples) {
		thin_out(work);
		if ((frame - first) % work->step)
			return 0;
	}
	r = copy_sample(picture, &work->samples[work->n_samples]);
	if (r == 0)
		work->n_samples++;
	return r;
}

static int find_background(struct work *work)
{
	const struct options *options = work->options;
	int r;

	r = read_clip(work, add_sample, &work->clip->n_frames);
	if (r < 0)
		return fail("%s: %s", options->file, describe(r));
	if (!work->clip->n_frames)
		return fail("%s: there is no picture in it that can be decoded", options->file);
	if (options->first >= work->clip->n_frames ||
	    (options->last != UINT32_MAX && options->last >= work->clip->n_frames))
		return fail("--range: %s has the frames 0 to %u", options->file,
			    work->clip->n_frames - 1);
	for (unsigned i = 0; i < options->n_points; i++)
		if (options->points[i].frame >= work->clip->n_frames)
			return fail("--point: %s has the frames 0 to %u", options->file,
				    work->clip->n_frames - 1);
	r = vz_detector_new(work->clip->width_px, work->clip->height_px, &work->detector);
	if (r == 0)
		r = vz_detector_set_background(work->detector, work->samples, work->n_samples,
					       options->threshold_percent);
	for (unsigned i = 0; r == 0 && i < VZ_DETECTOR_N_PLANES; i++)
		work->clip->noise_levels[i] = vz_detector_get_noise(work->detector, i);
	return r < 0 ? fail("%s", strerror(-r)) : 0;
}

/* --- Tracking -------------------------------------------------------------------------------- */

static unsigned find_radius(const struct clip *clip)
{
	unsigned radius = clip->height_px / TEMPLATE_PART;

	return radius < MIN_TEMPLATE_PX	  ? MIN_TEMPLATE_PX
	       : radius > MAX_TEMPLATE_PX ? MAX_TEMPLATE_PX
					  : radius;
}

static int start_template(struct work *work, unsigned i, const struct vz_plane *luma,
			  uint32_t frame, double t_s)
{
	const struct point_option *point = &work->options->points[i];
	unsigned radius = find_radius(work->clip);
	int r;

	r = vz_template_init(&work->templates[i], luma, radius, frame, t_s, point->x_px,
			     point->y_px);
	if (r == -ERANGE)
		(void) fail("--point: %g,%g is less than %u pixels from the edge of the %u x %u "
			    "picture",
			    point->x_px, point->y_px, radius, work->clip->width_px,
			    work->clip->height_px);
	else if (r == -ENODATA)
		(void) fail("--point: around %g,%g in frame %u all is alike: nothing to follow",
			    point->x_px, point->y_px, frame);
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
			work->is_followed[i] = 0;
		else if (r < 0)
			return r;
	}
	return 0;
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
		r = vz_tracker_step(work->tracker, frame, t_s, blobs);
	return r;
}

static int copy_track(struct clip *clip, const struct vz_track *track)
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
	int r = 0;

	vz_tracker_finish(work->tracker);
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

static int track(struct work *work)
{
	uint32_t n;
	int r;

	work->templates = calloc(work->options->n_points + 1, sizeof(*work->templates));
	work->is_followed = calloc(work->options->n_points + 1, 1);
	r = vz_tracker_new(work->clip->width_px, work->clip->height_px, &work->tracker);
	if (!work->templates || !work->is_followed)
		r = -ENOMEM;
	if (r == 0)
		r = read_clip(work, step, &n);
	if (r == -ERANGE || r == -ENODATA)
		return r;
	if (r == 0)
		r = collect(work);
	return r < 0 ? fail("%s: %s", work->options->file, describe(r)) : 0;
}

/* --- The whole ------------------------------------------------------------------------------- */

static void deinit(struct work *work)
{
	for (unsigned i = 0; i < work->n_samples; i++)
		free_sample(&work->samples[i]);
	for (unsigned i = 0; work->templates && i < work->options->n_points; i++)
		vz_template_deinit(&work->templates[i]);
	free(work->templates);
	free(work->is_followed);
	(void) vz_tracker_free(work->tracker);
	(void) vz_detector_free(work->detector);
}

int clip_track(const struct options *options, struct clip *ret)
{
	struct work work = {
		.options = options,
		.clip = ret,
		.step = 1,
		.shows_progress = isatty(STDERR_FILENO),
	};
	int r;

	*ret = (struct clip){ 0 };
	r = find_background(&work);
	if (r == 0)
		r = track(&work);
	deinit(&work);
	if (r < 0)
		clip_deinit(ret);
	return r;
}

void clip_deinit(struct clip *clip)
{
	for (size_t i = 0; i < clip->n_tracks; i++)
		vz_track_deinit(&clip->tracks[i]);
	free(clip->tracks);
	*clip = (struct clip){ 0 };
}
