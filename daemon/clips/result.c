#include "clips/result.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/json.h"
#include "util/whole-file.h"
#include "vizyd/component.h"

#define FORMAT	       1
#define MAX_FILE_BYTES (256u << 20)
#define N_POINT_PARTS  6u

/* --- Life ------------------------------------------------------------------------------------ */

int vz_clip_result_new(struct vz_tracks *tracks, const struct vz_tracking_options *options,
		       struct vz_clip_result **ret)
{
	struct vz_clip_result *result = calloc(1, sizeof(*result));

	if (!result) {
		for (size_t i = 0; i < tracks->n_tracks; i++)
			vz_track_deinit(&tracks->tracks[i]);
		free(tracks->tracks);
		return -ENOMEM;
	}
	result->refs = 1;
	result->tracks = *tracks;
	result->options = *options;
	result->options.progress = NULL;
	result->options.data = NULL;
	*tracks = (struct vz_tracks){ 0 };
	*ret = result;
	return 0;
}

struct vz_clip_result *vz_clip_result_ref(struct vz_clip_result *result)
{
	(void) __atomic_add_fetch(&result->refs, 1, __ATOMIC_RELAXED);
	return result;
}

struct vz_clip_result *vz_clip_result_unref(struct vz_clip_result *result)
{
	if (!result || __atomic_sub_fetch(&result->refs, 1, __ATOMIC_ACQ_REL))
		return NULL;
	for (size_t i = 0; i < result->tracks.n_tracks; i++)
		vz_track_deinit(&result->tracks.tracks[i]);
	free(result->tracks.tracks);
	free(result);
	return NULL;
}

/* --- Options --------------------------------------------------------------------------------- */

struct json_object *vz_clip_options_encode(const struct vz_tracking_options *options)
{
	struct json_object *points = vz_array();

	for (unsigned i = 0; i < options->n_points; i++)
		vz_array_add(&points, vz_array(vz_number(options->points[i].x_px),
					       vz_number(options->points[i].y_px),
					       vz_number(options->points[i].frame)));
	return vz_object({ "threshold_percent", vz_number(options->threshold_percent) },
			 { "first", vz_number(options->first) },
			 { "last", vz_number(options->last) },
			 { "min_area_px", vz_number(options->min_area_px) }, { "points", points });
}

static int get_number(struct json_object *array, unsigned i, double max, double *ret)
{
	struct json_object *value = json_object_array_get_idx(array, i);

	if (!vz_json_is_number(value))
		return -EBADMSG;
	*ret = json_object_get_double(value);
	return *ret >= -max && *ret <= max ? 0 : -EBADMSG;
}

static int get_count(struct json_object *array, unsigned i, uint32_t *ret)
{
	double value;

	if (get_number(array, i, UINT32_MAX, &value) < 0 || value < 0 || value != floor(value))
		return -EBADMSG;
	*ret = (uint32_t) value;
	return 0;
}

static int decode_points(struct json_object *points, struct vz_tracking_options *ret)
{
	size_t n = json_object_array_length(points);

	if (n > VZ_TRACKING_MAX_POINTS)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++) {
		struct json_object *point = json_object_array_get_idx(points, i);
		struct vz_tracking_point *to = &ret->points[i];

		if (!json_object_is_type(point, json_type_array) ||
		    get_number(point, 0, 1e5, &to->x_px) < 0 ||
		    get_number(point, 1, 1e5, &to->y_px) < 0 || get_count(point, 2, &to->frame) < 0)
			return -EBADMSG;
	}
	ret->n_points = (unsigned) n;
	return 0;
}

static int get_u32(struct json_object *object, const char *key, uint32_t *ret)
{
	int64_t value;

	if (vz_json_get_int(object, key, &value) < 0 || value < 0 || value > UINT32_MAX)
		return -EBADMSG;
	*ret = (uint32_t) value;
	return 0;
}

int vz_clip_options_decode(struct json_object *object, struct vz_tracking_options *ret)
{
	struct vz_tracking_options options = { 0 };
	struct json_object *points;

	if (vz_json_get_double(object, "threshold_percent", &options.threshold_percent) < 0 ||
	    !(options.threshold_percent >= 1) || options.threshold_percent > 100 ||
	    get_u32(object, "first", &options.first) < 0 ||
	    get_u32(object, "last", &options.last) < 0 ||
	    get_u32(object, "min_area_px", &options.min_area_px) < 0 ||
	    vz_json_get_array(object, "points", &points) < 0 || decode_points(points, &options) < 0)
		return -EBADMSG;
	*ret = options;
	return 0;
}

/* --- Writing --------------------------------------------------------------------------------- */

static void print_point(struct vz_buf *buf, const struct vz_track_point *p)
{
	vz_buf_printf(buf, "[%u,", p->frame);
	vz_json_print_double(buf, p->t_s);
	vz_buf_putc(buf, ',');
	vz_json_print_double(buf, p->x_px);
	vz_buf_putc(buf, ',');
	vz_json_print_double(buf, p->y_px);
	vz_buf_printf(buf, ",%u,%u]", p->area_px, p->how);
}

static void print(struct vz_buf *buf, const struct vz_clip_result *result)
{
	VZ_CLEANUP(json_object_putp)
	struct json_object *options = vz_clip_options_encode(&result->options);
	const struct vz_tracks *tracks = &result->tracks;

	if (!options) {
		buf->failed = true;
		return;
	}
	vz_buf_printf(buf, "{\"format\":%d,\"width_px\":%u,\"height_px\":%u,\"n_frames\":%u",
		      FORMAT, tracks->width_px, tracks->height_px, tracks->n_frames);
	vz_buf_puts(buf, ",\"fps\":");
	vz_json_print_double(buf, tracks->fps);
	vz_buf_printf(buf, ",\"rotation_deg\":%u,\"pixel_aspect\":", tracks->rotation_deg);
	vz_json_print_double(buf, tracks->pixel_aspect);
	vz_buf_puts(buf, ",\"noise_levels\":");
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++) {
		vz_buf_putc(buf, i ? ',' : '[');
		vz_json_print_double(buf, tracks->noise_levels[i]);
	}
	vz_buf_puts(buf, "],\"options\":");
	vz_json_print(buf, options);
	vz_buf_puts(buf, ",\"tracks\":[");
	for (size_t i = 0; i < tracks->n_tracks; i++) {
		const struct vz_track *track = &tracks->tracks[i];

		vz_buf_puts(buf, i ? ",\n[" : "\n[");
		for (size_t k = 0; k < track->n; k++) {
			if (k)
				vz_buf_putc(buf, ',');
			print_point(buf, &track->points[k]);
		}
		vz_buf_putc(buf, ']');
	}
	vz_buf_puts(buf, "]}\n");
}

int vz_clip_result_save(const struct vz_clip_result *result, const char *path)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct vz_buf buf = { 0 };
	const char *name;
	size_t size;
	int fd, r;

	print(&buf, result);
	r = vz_buf_finish(&buf, &text, &size);
	if (r < 0)
		return r;
	fd = vz_open_folder_of(path, &name);
	if (fd < 0)
		return fd;
	r = vz_whole_file_write(fd, name, 0640, text, size);
	(void) close(fd);
	return r;
}

/* --- Reading --------------------------------------------------------------------------------- */

static int read_file(const char *path, char **ret, size_t *ret_size)
{
	int r = vz_whole_file_read(AT_FDCWD, path, MAX_FILE_BYTES, ret, ret_size);

	return r == -EFBIG ? -EBADMSG : r;
}

static int decode_point(struct json_object *array, struct vz_track_point *ret)
{
	uint32_t how;

	if (!json_object_is_type(array, json_type_array) ||
	    json_object_array_length(array) != N_POINT_PARTS ||
	    get_count(array, 0, &ret->frame) < 0 || get_number(array, 1, 1e9, &ret->t_s) < 0 ||
	    get_number(array, 2, 1e5, &ret->x_px) < 0 ||
	    get_number(array, 3, 1e5, &ret->y_px) < 0 || get_count(array, 4, &ret->area_px) < 0 ||
	    get_count(array, 5, &how) < 0 || how > VZ_TRACK_TEMPLATE)
		return -EBADMSG;
	ret->how = how;
	return 0;
}

static int decode_track(struct json_object *array, struct vz_track *track)
{
	size_t n =
		json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;

	if (!n)
		return -EBADMSG;
	track->points = calloc(n, sizeof(*track->points));
	if (!track->points)
		return -ENOMEM;
	track->n_allocated = n;
	for (size_t i = 0; i < n; i++) {
		struct vz_track_point *point = &track->points[i];

		if (decode_point(json_object_array_get_idx(array, i), point) < 0 ||
		    (i && (point->t_s <= point[-1].t_s || point->frame <= point[-1].frame)))
			return -EBADMSG;
		track->n_measured += point->how != VZ_TRACK_BRIDGED;
		track->n++;
	}
	return 0;
}

/* Those who wrote a result before it knew of them turned nothing. */
static int decode_shape(struct json_object *object, struct vz_tracks *ret)
{
	uint32_t rotation_deg = 0;
	struct json_object *value;

	ret->pixel_aspect = 1;
	if (!json_object_object_get_ex(object, "rotation_deg", &value))
		return 0;
	if (get_u32(object, "rotation_deg", &rotation_deg) < 0 || rotation_deg >= 360 ||
	    vz_json_get_double(object, "pixel_aspect", &ret->pixel_aspect) < 0 ||
	    !(ret->pixel_aspect > 0))
		return -EBADMSG;
	ret->rotation_deg = rotation_deg;
	return 0;
}

static int decode_tracks(struct json_object *object, struct vz_tracks *ret)
{
	struct json_object *noise, *tracks;
	size_t n;
	int r = 0;

	if (get_u32(object, "width_px", &ret->width_px) < 0 ||
	    get_u32(object, "height_px", &ret->height_px) < 0 || !ret->height_px ||
	    get_u32(object, "n_frames", &ret->n_frames) < 0 || !ret->n_frames ||
	    vz_json_get_double(object, "fps", &ret->fps) < 0 || decode_shape(object, ret) < 0 ||
	    vz_json_get_array(object, "noise_levels", &noise) < 0 ||
	    vz_json_get_array(object, "tracks", &tracks) < 0)
		return -EBADMSG;
	for (unsigned i = 0; i < VZ_PICTURE_N_PLANES; i++)
		if (get_number(noise, i, 255, &ret->noise_levels[i]) < 0)
			return -EBADMSG;
	n = json_object_array_length(tracks);
	ret->tracks = calloc(n + 1, sizeof(*ret->tracks));
	if (!ret->tracks)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < n; i++) {
		ret->tracks[i].id = (unsigned) i + 1;
		ret->n_tracks++;
		r = decode_track(json_object_array_get_idx(tracks, i), &ret->tracks[i]);
	}
	return r;
}

int vz_clip_result_load(const char *path, struct vz_clip_result **ret)
{
	static const struct vz_json_limits limits = { MAX_FILE_BYTES, 8, 50000000 };
	VZ_CLEANUP(vz_clip_result_unrefp) struct vz_clip_result *result = NULL;
	VZ_CLEANUP(json_object_putp) struct json_object *object = NULL;
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct json_object *options;
	int64_t format = 0;
	size_t size = 0;
	int r;

	r = read_file(path, &text, &size);
	if (r < 0)
		return r;
	r = vz_json_parse(text, size, &limits, NULL, &object);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	if (vz_json_get_int(object, "format", &format) < 0 || format != FORMAT ||
	    vz_json_get_object(object, "options", &options) < 0)
		return -EBADMSG;
	result = calloc(1, sizeof(*result));
	if (!result)
		return -ENOMEM;
	result->refs = 1;
	r = vz_clip_options_decode(options, &result->options);
	if (r == 0)
		r = decode_tracks(object, &result->tracks);
	if (r < 0)
		return r;
	*ret = vz_steal(result);
	return 0;
}
