#include <math.h>
#include <string.h>

#include "dash/app.h"
#include "panels/analyze-private.h"
#include "panels/values.h"
#include "util/json.h"
#include "vizyd/component.h"

/* Shorter than a step of the slider of the time. */
#define NEAR_S 0.0011

double vz_analyze_get_end_s(const struct vz_analyze_panel *panel)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	return info ? info->t_s[info->n_frames - 1] : 0;
}

/* --- From the page --------------------------------------------------------------------------- */

static const char *get_text(const struct vz_analyze_panel *panel, const char *id)
{
	struct json_object *value = vz_app_get(panel->options.app, id, "value");

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

static double get_number(const struct vz_analyze_panel *panel, const char *id, double min,
			 double max, double otherwise)
{
	double value = vz_values_get_number(panel->options.app, id, "value", otherwise);

	return value >= min && value <= max ? value : otherwise;
}

bool vz_analyze_get_array(const struct vz_analyze_panel *panel, const char *id,
			  const char *property, size_t n, double *ret)
{
	struct json_object *array = vz_app_get(panel->options.app, id, property);

	if (!json_object_is_type(array, json_type_array) || json_object_array_length(array) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct json_object *value = json_object_array_get_idx(array, i);

		if (!vz_json_is_number(value))
			return false;
		ret[i] = json_object_get_double(value);
	}
	return true;
}

static enum vz_derivative_rule get_rule(const struct vz_analyze_panel *panel)
{
	const char *text = get_text(panel, ANALYZE_RULE), *name;

	for (unsigned i = 0; (name = vz_motion_rule_name(i)); i++)
		if (!strcmp(name, text))
			return i;
	return VZ_DERIVATIVE_POLYNOMIAL;
}

static unsigned get_quantities(const struct vz_analyze_panel *panel)
{
	struct json_object *array = vz_app_get(panel->options.app, ANALYZE_SHOW, "value");
	unsigned quantities = 0;

	for (size_t i = 0;
	     json_object_is_type(array, json_type_array) && i < json_object_array_length(array);
	     i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(array, i));
		enum vz_quantity quantity = vz_quantity_find(name ? name : "");

		if (quantity != VZ_N_QUANTITIES)
			quantities |= 1u << quantity;
	}
	return quantities;
}

static uint64_t get_hidden(const struct vz_analyze_panel *panel)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);
	struct json_object *array = vz_app_get(panel->options.app, ANALYZE_TRACKS, "value");
	size_t n = result ? result->tracks.n_tracks : 0;
	uint64_t hidden = n >= VZ_ANALYSIS_MAX_TRACKS ? UINT64_MAX : (UINT64_C(1) << n) - 1;

	if (!json_object_is_type(array, json_type_array))
		return 0;
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		int64_t id = json_object_get_int64(json_object_array_get_idx(array, i));

		if (id >= 1 && id <= VZ_ANALYSIS_MAX_TRACKS)
			hidden &= ~(UINT64_C(1) << (id - 1));
	}
	return hidden;
}

/* The slider's steps are coarser than time stamps: its ends stand for the clip's. */
static void get_range(const struct vz_analyze_panel *panel, struct vz_clip_analysis *ret)
{
	double range[2];

	if (!vz_analyze_get_array(panel, ANALYZE_RANGE, "value", 2, range))
		return;
	if (range[0] > 0)
		ret->first_s = range[0];
	if (range[1] < vz_analyze_get_end_s(panel) - NEAR_S)
		ret->last_s = fmax(range[0], range[1]);
}

void vz_analyze_read(const struct vz_analyze_panel *panel, struct vz_clip_analysis *ret)
{
	const char *unit = vz_clip_unit_find(get_text(panel, ANALYZE_UNIT));

	vz_clip_analysis_init(ret);
	if (unit)
		ret->unit = unit;
	ret->length = get_number(panel, ANALYZE_LENGTH, 1e-9, VZ_ANALYSIS_MAX_LENGTH, ret->length);
	ret->has_line = vz_analyze_get_array(panel, ANALYZE_VIEW, "line", 4, ret->line);
	ret->rule = get_rule(panel);
	ret->window = (unsigned) get_number(panel, ANALYZE_WINDOW, VZ_DERIVATIVE_MIN_WINDOW,
					    VZ_DERIVATIVE_MAX_WINDOW, ret->window) |
		      1;
	ret->quantities = get_quantities(panel);
	ret->spacing = (unsigned) get_number(panel, ANALYZE_SPACING, 1, VZ_ANALYSIS_MAX_SPACING,
					     ret->spacing);
	get_range(panel, ret);
	ret->hidden = get_hidden(panel);
}

/* --- To the page ----------------------------------------------------------------------------- */

struct json_object *vz_analyze_track_ids(const struct vz_clip_result *result, uint64_t hidden)
{
	struct json_object *ids = vz_array();

	for (size_t i = 0; result && i < result->tracks.n_tracks; i++)
		if (i >= VZ_ANALYSIS_MAX_TRACKS || !(hidden >> i & 1))
			vz_array_add(&ids, vz_number(result->tracks.tracks[i].id));
	return ids;
}

struct json_object *vz_analyze_range(const struct vz_analyze_panel *panel, double first_s,
				     double last_s)
{
	double end_s = vz_analyze_get_end_s(panel);

	if (!(end_s > 0))
		end_s = 1;
	return vz_array(vz_number(fmin(fmax(first_s, 0), end_s)), vz_number(fmin(last_s, end_s)));
}

static void write_line(const struct vz_clip_analysis *analysis, struct vz_values *values)
{
	const double *line = analysis->line;

	vz_values_set(values, ANALYZE_VIEW, "line",
		      analysis->has_line ? vz_array(vz_number(line[0]), vz_number(line[1]),
						    vz_number(line[2]), vz_number(line[3]))
					 : VZ_NULL);
}

void vz_analyze_write(const struct vz_analyze_panel *panel, const struct vz_clip_analysis *analysis,
		      struct vz_values *values)
{
	struct json_object *graphs = vz_array();

	for (unsigned q = 0; q < VZ_N_QUANTITIES; q++)
		if (analysis->quantities >> q & 1)
			vz_array_add(&graphs, vz_text(vz_quantity_name(q)));
	vz_values_set(values, ANALYZE_UNIT, "value", vz_text(analysis->unit));
	vz_values_set(values, ANALYZE_LENGTH, "value", vz_number(analysis->length));
	write_line(analysis, values);
	vz_values_set(values, ANALYZE_RULE, "value", vz_text(vz_motion_rule_name(analysis->rule)));
	vz_values_set(values, ANALYZE_WINDOW, "value", vz_number(analysis->window));
	vz_values_set(values, ANALYZE_SHOW, "value", graphs);
	vz_values_set(values, ANALYZE_SPACING, "value", vz_number(analysis->spacing));
}
