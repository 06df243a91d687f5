#include "clips/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clips/result.h"
#include "config/document.h"
#include "util/json.h"
#include "util/whole-file.h"
#include "vizyd/component.h"

#define VERSION	  1
#define MAX_BYTES ((size_t) 64 << 10)
#define MAX_PX	  1e5
#define MAX_S	  1e9
#define N_LINE	  4u

static const char *const units[] = { "px", "m", "cm", "mm", "ft", "in" };

const char *vz_clip_unit(unsigned index)
{
	return index < VZ_N_ELEMENTS(units) ? units[index] : NULL;
}

const char *vz_clip_unit_find(const char *name)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(units); i++)
		if (!strcmp(units[i], name))
			return units[i];
	return NULL;
}

void vz_clip_analysis_init(struct vz_clip_analysis *analysis)
{
	*analysis = (struct vz_clip_analysis){
		.unit = units[0],
		.length = 1,
		.window = VZ_DERIVATIVE_DEFAULT_WINDOW,
		.quantities = 1u << VZ_X | 1u << VZ_Y | 1u << VZ_VY,
		.spacing = 5,
		.first_s = -INFINITY,
		.last_s = INFINITY,
	};
}

static bool is_same_tracking(const struct vz_tracking_options *a,
			     const struct vz_tracking_options *b)
{
	bool is_same = a->threshold_percent == b->threshold_percent && a->first == b->first &&
		       a->last == b->last && a->min_area_px == b->min_area_px &&
		       a->n_points == b->n_points;

	for (unsigned i = 0; is_same && i < a->n_points; i++)
		is_same = a->points[i].x_px == b->points[i].x_px &&
			  a->points[i].y_px == b->points[i].y_px &&
			  a->points[i].frame == b->points[i].frame;
	return is_same;
}

static bool is_same_analysis(const struct vz_clip_analysis *a, const struct vz_clip_analysis *b)
{
	bool is_same = a->unit == b->unit && a->length == b->length && a->has_line == b->has_line &&
		       a->rule == b->rule && a->window == b->window &&
		       a->quantities == b->quantities && a->spacing == b->spacing &&
		       a->first_s == b->first_s && a->last_s == b->last_s && a->hidden == b->hidden;

	for (unsigned i = 0; is_same && a->has_line && i < N_LINE; i++)
		is_same = a->line[i] == b->line[i];
	return is_same;
}

bool vz_clip_settings_equal(const struct vz_clip_settings *a, const struct vz_clip_settings *b)
{
	return a->width_px == b->width_px && a->height_px == b->height_px &&
	       a->n_frames == b->n_frames && is_same_tracking(&a->tracking, &b->tracking) &&
	       is_same_analysis(&a->analysis, &b->analysis);
}

/* --- Writing --------------------------------------------------------------------------------- */

static struct json_object *bound(double value)
{
	return isfinite(value) ? vz_number(value) : VZ_NULL;
}

static struct json_object *encode_analysis(const struct vz_clip_analysis *analysis)
{
	const double *line = analysis->line;
	struct json_object *graphs = vz_array(), *hidden = vz_array();

	for (unsigned q = 0; q < VZ_N_QUANTITIES; q++)
		if (analysis->quantities >> q & 1)
			vz_array_add(&graphs, vz_text(vz_quantity_name(q)));
	for (unsigned i = 0; i < VZ_ANALYSIS_MAX_TRACKS; i++)
		if (analysis->hidden >> i & 1)
			vz_array_add(&hidden, vz_number(i + 1));
	return vz_object({ "unit", vz_text(analysis->unit) },
			 { "length", vz_number(analysis->length) },
			 { "line_px", analysis->has_line
					      ? vz_array(vz_number(line[0]), vz_number(line[1]),
							 vz_number(line[2]), vz_number(line[3]))
					      : VZ_NULL },
			 { "rule", vz_text(vz_motion_rule_name(analysis->rule)) },
			 { "window", vz_number(analysis->window) }, { "graphs", graphs },
			 { "spacing", vz_number(analysis->spacing) },
			 { "range_s", vz_array(bound(analysis->first_s), bound(analysis->last_s)) },
			 { "hidden", hidden });
}

struct json_object *vz_clip_settings_encode(const struct vz_clip_settings *settings)
{
	return vz_object({ VZ_DOCUMENT_VERSION, vz_number(VERSION) },
			 { "clip", vz_object({ "width_px", vz_number(settings->width_px) },
					     { "height_px", vz_number(settings->height_px) },
					     { "n_frames", vz_number(settings->n_frames) }) },
			 { "process", vz_clip_options_encode(&settings->tracking) },
			 { "analyze", encode_analysis(&settings->analysis) });
}

/* --- Reading --------------------------------------------------------------------------------- */

/* What is wrong; the first that is counts. */
struct reading {
	struct json_object *object;
	char *why;
	size_t size;
	bool is_wrong;
};

__attribute__((format(printf, 3, 4))) static void tell(struct reading *reading, const char *key,
						       const char *format, ...)
{
	va_list args;
	int n;

	if (reading->is_wrong)
		return;
	reading->is_wrong = true;
	n = snprintf(reading->why, reading->size, "%s: expected ", key);
	if (n < 0 || (size_t) n >= reading->size)
		return;
	va_start(args, format);
	(void) vsnprintf(reading->why + n, reading->size - (size_t) n, format, args);
	va_end(args);
}

/* NULL: there is none, or it is null. */
static struct json_object *find(const struct reading *reading, const char *key)
{
	struct json_object *value = NULL;

	(void) json_object_object_get_ex(reading->object, key, &value);
	return value;
}

static bool is_number(struct json_object *value, double min, double max, double *ret)
{
	double number = json_object_get_double(value);

	if (!vz_json_is_number(value) || !(number >= min) || !(number <= max))
		return false;
	*ret = number;
	return true;
}

static void read_unit(struct reading *reading, struct vz_clip_analysis *ret)
{
	struct json_object *value = find(reading, "unit");
	const char *unit = NULL;

	if (!value)
		return;
	if (json_object_is_type(value, json_type_string))
		unit = vz_clip_unit_find(json_object_get_string(value));
	if (unit)
		ret->unit = unit;
	else
		tell(reading, "unit", "px, m, cm, mm, ft or in");
}

static void read_rule(struct reading *reading, struct vz_clip_analysis *ret)
{
	struct json_object *value = find(reading, "rule");
	const char *name;

	if (!value)
		return;
	for (unsigned i = 0; (name = vz_motion_rule_name(i)); i++)
		if (json_object_is_type(value, json_type_string) &&
		    !strcmp(name, json_object_get_string(value))) {
			ret->rule = i;
			return;
		}
	tell(reading, "rule", "polynomial, backward or five-point");
}

static void read_whole(struct reading *reading, const char *key, unsigned min, unsigned max,
		       unsigned *ret)
{
	struct json_object *value = find(reading, key);
	double number;

	if (!value)
		return;
	if (is_number(value, min, max, &number) && number == floor(number))
		*ret = (unsigned) number;
	else
		tell(reading, key, "a whole number from %u to %u", min, max);
}

static void read_line(struct reading *reading, struct vz_clip_analysis *ret)
{
	struct json_object *value = find(reading, "line_px");
	double line[N_LINE];
	bool is_line = json_object_is_type(value, json_type_array) &&
		       json_object_array_length(value) == N_LINE;

	if (!value)
		return;
	for (unsigned i = 0; is_line && i < N_LINE; i++)
		is_line = is_number(json_object_array_get_idx(value, i), -MAX_PX, MAX_PX, &line[i]);
	if (!is_line || !(hypot(line[2] - line[0], line[3] - line[1]) >= 1)) {
		tell(reading, "line_px", "x1, y1, x2, y2 at least a pixel apart");
		return;
	}
	ret->has_line = true;
	memcpy(ret->line, line, sizeof(line));
}

static void read_length(struct reading *reading, struct vz_clip_analysis *ret)
{
	struct json_object *value = find(reading, "length");
	double length;

	if (value && is_number(value, 0, VZ_ANALYSIS_MAX_LENGTH, &length) && length > 0)
		ret->length = length;
	else if (value)
		tell(reading, "length", "a number more than 0");
}

static void read_graphs(struct reading *reading, struct vz_clip_analysis *ret)
{
	struct json_object *value = find(reading, "graphs");
	unsigned quantities = 0;

	if (!value)
		return;
	for (size_t i = 0;
	     json_object_is_type(value, json_type_array) && i < json_object_array_length(value);
	     i++) {
		struct json_object *item = json_object_array_get_idx(value, i);
		enum vz_quantity quantity = json_object_is_type(item, json_type_string)
						    ? vz_quantity_find(json_object_get_string(item))
						    : VZ_N_QUANTITIES;

		if (quantity == VZ_N_QUANTITIES) {
			tell(reading, "graphs", "x, y, vx, vy, ax, ay or speed");
			return;
		}
		quantities |= 1u << quantity;
	}
	if (json_object_is_type(value, json_type_array))
		ret->quantities = quantities;
	else
		tell(reading, "graphs", "a list of x, y, vx, vy, ax, ay and speed");
}

static bool is_bound(struct json_object *range, unsigned i, double *ret)
{
	struct json_object *value = json_object_array_get_idx(range, i);

	return !value || is_number(value, -MAX_S, MAX_S, ret);
}

static void read_range(struct reading *reading, struct vz_clip_analysis *ret)
{
	struct json_object *value = find(reading, "range_s");
	double first = -INFINITY, last = INFINITY;

	if (!value)
		return;
	if (!json_object_is_type(value, json_type_array) || json_object_array_length(value) != 2 ||
	    !is_bound(value, 0, &first) || !is_bound(value, 1, &last) || last < first) {
		tell(reading, "range_s", "two numbers of seconds or null, the first not larger");
		return;
	}
	ret->first_s = first;
	ret->last_s = last;
}

static void read_hidden(struct reading *reading, struct vz_clip_analysis *ret)
{
	struct json_object *value = find(reading, "hidden");
	bool is_good = json_object_is_type(value, json_type_array);
	uint64_t hidden = 0;

	if (!value)
		return;
	for (size_t i = 0; is_good && i < json_object_array_length(value); i++) {
		double id = 0;

		is_good = is_number(json_object_array_get_idx(value, i), 1, VZ_ANALYSIS_MAX_TRACKS,
				    &id) &&
			  id == floor(id);
		if (is_good)
			hidden |= UINT64_C(1) << ((unsigned) id - 1);
	}
	if (is_good)
		ret->hidden = hidden;
	else
		tell(reading, "hidden", "a list of numbers of tracks from 1 to %u",
		     VZ_ANALYSIS_MAX_TRACKS);
}

static void read_analysis(struct reading *reading, struct vz_clip_analysis *ret)
{
	read_unit(reading, ret);
	read_length(reading, ret);
	read_line(reading, ret);
	read_rule(reading, ret);
	read_whole(reading, "window", VZ_DERIVATIVE_MIN_WINDOW, VZ_DERIVATIVE_MAX_WINDOW,
		   &ret->window);
	read_graphs(reading, ret);
	read_whole(reading, "spacing", 1, VZ_ANALYSIS_MAX_SPACING, &ret->spacing);
	read_range(reading, ret);
	read_hidden(reading, ret);
}

/* Whether it is of the clip that @settings says it is of, or does not say of which. */
static bool is_of_clip(struct json_object *root, const struct vz_clip_settings *settings)
{
	int64_t width = settings->width_px, height = settings->height_px, n = settings->n_frames;
	struct json_object *clip = NULL;

	if (vz_json_get_object(root, "clip", &clip) == 0) {
		(void) vz_json_get_int(clip, "width_px", &width);
		(void) vz_json_get_int(clip, "height_px", &height);
		(void) vz_json_get_int(clip, "n_frames", &n);
	}
	return width == settings->width_px && height == settings->height_px &&
	       n == settings->n_frames;
}

static int read_settings(struct json_object *root, struct vz_clip_settings *ret, char *why,
			 size_t size)
{
	struct reading reading = { .why = why, .size = size };
	struct json_object *process = find(&(struct reading){ .object = root }, "process");

	if (!is_of_clip(root, ret)) {
		(void) snprintf(why, size, "it is of another film of that name");
		return -ESTALE;
	}
	if (process && (vz_clip_options_decode(process, &ret->tracking) < 0 ||
			ret->tracking.first > ret->tracking.last))
		tell(&reading, "process", "a threshold, a range, a least area and points");
	reading.object = find(&(struct reading){ .object = root }, "analyze");
	if (reading.object && !json_object_is_type(reading.object, json_type_object))
		tell(&reading, "analyze", "an object");
	else if (reading.object)
		read_analysis(&reading, &ret->analysis);
	return reading.is_wrong ? -EINVAL : 0;
}

static int load(int dir_fd, const char *name, struct vz_clip_settings *ret, char *why, size_t size)
{
	const struct vz_document_format format = { name, MAX_BYTES, VERSION, NULL };
	VZ_CLEANUP(json_object_putp) struct json_object *root = NULL;
	int r;

	if (faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	r = vz_document_load(dir_fd, &format, &root);
	if (r < 0)
		return r;
	/* With nothing but its version it was set aside just now. */
	if (json_object_object_length(root) == 1) {
		(void) snprintf(why, size, "they are damaged, or of a newer vizyd");
		return -ENOENT;
	}
	r = read_settings(root, ret, why, size);
	return r < 0 && vz_document_set_aside(dir_fd, name, why) < 0 ? -EIO : r;
}

int vz_clip_settings_load(const char *path, struct vz_clip_settings *ret, char *ret_why,
			  size_t size)
{
	const char *name;
	int dir_fd, r;

	ret_why[0] = '\0';
	dir_fd = vz_open_folder_of(path, &name);
	if (dir_fd < 0)
		return dir_fd;
	r = load(dir_fd, name, ret, ret_why, size);
	(void) close(dir_fd);
	return r;
}
