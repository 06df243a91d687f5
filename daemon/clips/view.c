#include "clips/view-private.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "camera/file-reader.h"
#include "camera/pool.h"
#include "clips/samples.h"
#include "motionscope/frame-picture.h"

#define N_POOL_FRAMES 4
#define SAME_TIME_S   1e-7

/* --- Reading --------------------------------------------------------------------------------- */

static int rewind_reader(struct vz_view *view)
{
	const struct vz_file_info *info;
	int r;

	view->frame = vz_frame_unref(view->frame);
	view->reader = vz_file_reader_close(view->reader);
	view->next = 0;
	r = vz_file_reader_open(view->path, &view->reader);
	if (r < 0)
		return r;
	info = vz_file_reader_get_info(view->reader);
	if (view->pool)
		return info->width_px == view->info.width_px &&
				       info->height_px == view->info.height_px
			       ? 0
			       : -ESTALE;
	view->info.width_px = info->width_px;
	view->info.height_px = info->height_px;
	view->info.fps = info->fps;
	view->info.pixel_aspect = info->pixel_aspect;
	return vz_pool_new(info->width_px, info->height_px, N_POOL_FRAMES, vz_file_picture_recycle,
			   &view->pool);
}

/* Returns 1, 0 at the end, or a negative errno. With @ret_time_ns NULL the picture is skipped. */
static int read_next(struct vz_view *view, int64_t *ret_time_ns)
{
	struct vz_file_picture picture;
	int r;

	r = vz_file_reader_next(view->reader, &picture);
	if (r <= 0)
		return r;
	view->next++;
	view->frame = vz_frame_unref(view->frame);
	if (!ret_time_ns) {
		vz_file_picture_deinit(&picture);
		return 1;
	}
	*ret_time_ns = picture.time_ns;
	r = vz_file_reader_make_frame(view->reader, view->pool, &picture, &view->frame);
	return r < 0 ? r : 1;
}

int vz_view_go_to(struct vz_view *view, uint32_t number)
{
	int64_t time_ns;
	int r = 0;

	if (number >= view->info.n_frames)
		return -ERANGE;
	if (view->frame && view->next == number + 1)
		return 0;
	if (view->clip) {
		view->frame = vz_frame_unref(view->frame);
		r = vz_clip_ops.read(view->clip, number, &view->frame);
		view->next = number + 1;
		return r;
	}
	if (!view->reader || view->next > number)
		r = rewind_reader(view);
	while (r >= 0 && view->next < number) {
		r = read_next(view, NULL);
		if (r == 0)
			return -EBADMSG;
	}
	if (r >= 0)
		r = read_next(view, &time_ns);
	return r < 0 ? r : r == 0 ? -EBADMSG : 0;
}

/* --- Opening --------------------------------------------------------------------------------- */

static int add_time(struct vz_view *view, double t_s)
{
	size_t n = view->info.n_frames;

	if (n == UINT32_MAX - 1)
		return -EFBIG;
	if (n == view->n_allocated) {
		size_t larger = n ? n * 2 : 256;
		double *times = realloc(view->times_s, larger * sizeof(*times));

		if (!times)
			return -ENOMEM;
		view->times_s = times;
		view->n_allocated = larger;
	}
	view->times_s[n] = t_s;
	view->info.n_frames++;
	return 0;
}

static int scan(struct vz_view *view, struct vz_samples *samples,
		int (*progress)(unsigned pass, uint32_t frame, uint32_t n_frames, void *data),
		void *data)
{
	int64_t time_ns, start_ns = 0;
	int r;

	while ((r = read_next(view, &time_ns)) > 0) {
		struct vz_picture picture = vz_picture_of_frame(view->frame);
		uint32_t n = view->info.n_frames;

		if (n == 0)
			start_ns = time_ns;
		r = progress ? progress(0, n, 0, data) : 0;
		if (r == 0)
			r = vz_samples_offer(samples, &picture, n);
		if (r == 0)
			r = add_time(view, (double) (time_ns - start_ns) * 1e-9);
		if (r)
			return r;
	}
	return r < 0 ? r : view->info.n_frames ? 0 : -ENODATA;
}

/*
 * Frames are numbered as they are decoded. An index of the file, which counts them without that, is
 * of use only where it counts the same ones.
 */
static int open_clip(struct vz_view *view)
{
	const struct vz_clip_info *info;
	bool is_same;
	int r;

	r = vz_clip_ops.open(view->path, NULL, &view->clip);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return 0;
	info = vz_clip_ops.get_info(view->clip);
	is_same = info->n_frames == view->info.n_frames && info->width_px == view->info.width_px &&
		  info->height_px == view->info.height_px;
	for (size_t i = 0; is_same && i < info->n_frames; i++)
		is_same = fabs((double) (info->times_ns[i] - info->times_ns[0]) * 1e-9 -
			       view->times_s[i]) < SAME_TIME_S;
	if (!is_same) {
		view->clip = vz_clip_ops.close(view->clip);
		return 0;
	}
	/* Once is enough. */
	view->frame = vz_frame_unref(view->frame);
	view->reader = vz_file_reader_close(view->reader);
	return 0;
}

static int make_background(struct vz_view *view, const struct vz_samples *samples)
{
	int r;

	r = vz_detector_new(view->info.width_px, view->info.height_px, &view->detector);
	if (r < 0)
		return r;
	view->background_last = view->info.n_frames - 1;
	view->threshold_percent = VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT;
	return vz_detector_set_background(view->detector, samples->pictures, samples->n,
					  view->threshold_percent);
}

int vz_view_open(const char *path,
		 int (*progress)(unsigned pass, uint32_t frame, uint32_t n_frames, void *data),
		 void *data, struct vz_view **ret)
{
	VZ_CLEANUP(vz_view_closep) struct vz_view *view = calloc(1, sizeof(*view));
	struct vz_samples samples = { 0 };
	int r;

	if (!view)
		return -ENOMEM;
	view->path = strdup(path);
	if (!view->path)
		return -ENOMEM;
	r = rewind_reader(view);
	if (r == 0)
		r = scan(view, &samples, progress, data);
	if (r == 0)
		r = make_background(view, &samples);
	vz_samples_deinit(&samples);
	if (r == 0)
		r = open_clip(view);
	if (r == 0)
		r = vz_canvas_init(&view->canvas, view->info.width_px, view->info.height_px);
	if (r)
		return r;
	view->info.t_s = view->times_s;
	*ret = vz_steal(view);
	return 0;
}

struct vz_view *vz_view_close(struct vz_view *view)
{
	if (!view)
		return NULL;
	(void) vz_frame_unref(view->frame);
	(void) vz_clip_ops.close(view->clip);
	(void) vz_file_reader_close(view->reader);
	(void) vz_pool_free(view->pool);
	(void) vz_detector_free(view->detector);
	vz_canvas_deinit(&view->canvas);
	free(view->times_s);
	free(view->path);
	free(view);
	return NULL;
}

const struct vz_view_info *vz_view_get_info(const struct vz_view *view)
{
	return &view->info;
}

/* --- Pictures -------------------------------------------------------------------------------- */

static int take_samples(struct vz_view *view, uint32_t first, uint32_t last,
			struct vz_samples *samples)
{
	uint32_t step =
		vz_samples_find_step(view->info.width_px, view->info.height_px, last - first + 1);
	int r = 0;

	for (uint32_t i = 0; r == 0 && i <= last - first; i += step) {
		r = vz_view_go_to(view, first + i);
		if (r == 0) {
			struct vz_picture picture = vz_picture_of_frame(view->frame);

			r = vz_samples_offer(samples, &picture, i / step);
		}
	}
	return r;
}

int vz_view_use_background_of(struct vz_view *view, uint32_t first, uint32_t last)
{
	uint32_t end = view->info.n_frames - 1;
	struct vz_samples samples = { 0 };
	int r;

	vz_samples_find_range(first < end ? first : end, last < end ? last : end, &first, &last);
	if (last > end)
		last = end;
	if (first > last || (first == view->background_first && last == view->background_last))
		return 0;
	r = take_samples(view, first, last, &samples);
	if (r == 0)
		r = vz_detector_set_background(view->detector, samples.pictures, samples.n,
					       view->threshold_percent);
	vz_samples_deinit(&samples);
	if (r < 0)
		return r;
	view->background_first = first;
	view->background_last = last;
	return 0;
}

int vz_view_find_blobs(struct vz_view *view, const struct vz_picture *picture,
		       double threshold_percent, const struct vz_blobs **ret)
{
	int r = 0;

	if (view->threshold_percent != threshold_percent)
		r = vz_detector_set_threshold(view->detector, threshold_percent);
	if (r < 0)
		return r;
	view->threshold_percent = threshold_percent;
	return vz_detector_step(view->detector, picture, ret);
}

int vz_view_draw(struct vz_view *view, const struct vz_view_picture *picture, struct vz_blob **ret)
{
	const struct vz_blobs *blobs;
	struct vz_picture planes;
	int r;

	if (picture->frame >= view->info.n_frames)
		return -ERANGE;
	if (picture->kind != VZ_VIEW_PLAIN) {
		r = vz_view_use_background_of(view, picture->range_first, picture->range_last);
		if (r < 0)
			return r;
	}
	if (picture->kind == VZ_VIEW_BACKGROUND)
		return vz_canvas_encode(vz_detector_get_background(view->detector),
					VZ_VIEW_JPEG_QUALITY, ret);
	r = vz_view_go_to(view, picture->frame);
	if (r < 0)
		return r;
	planes = vz_picture_of_frame(view->frame);
	if (picture->kind == VZ_VIEW_PLAIN)
		return vz_canvas_encode(&planes, VZ_VIEW_JPEG_QUALITY, ret);
	r = vz_view_find_blobs(view, &planes, picture->threshold_percent, &blobs);
	if (r < 0)
		return r;
	vz_canvas_copy_bright(&view->canvas, &planes, vz_detector_get_mask(view->detector));
	return vz_canvas_encode(&view->canvas.picture, VZ_VIEW_JPEG_QUALITY, ret);
}
