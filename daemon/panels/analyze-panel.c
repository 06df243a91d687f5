#include "panels/analyze-panel.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clips/figure.h"
#include "dash/app.h"
#include "panels/analyze-private.h"
#include "panels/values.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/components.h"

#define MAX_LENGTH 1e9

static const char *const units[] = { "px", "m", "cm", "mm", "ft", "in", NULL };

static const struct {
	const char *value, *label, *formula;
} rules[] = {
	[VZ_DERIVATIVE_POLYNOMIAL] = {
		"polynomial", "Parabola",
		"v = b₁ and a = 2 b₂ of b₀ + b₁ (t − tᵢ) + b₂ (t − tᵢ)², laid by least squares "
		"through the points of the window around each",
	},
	[VZ_DERIVATIVE_BACKWARD] = {
		"backward", "Backward difference",
		"vᵢ = (xᵢ − xᵢ₋₁) / (tᵢ − tᵢ₋₁), aᵢ = (vᵢ − vᵢ₋₁) / (tᵢ − tᵢ₋₁)",
	},
	[VZ_DERIVATIVE_FIVE_POINT] = {
		"five-point", "Five points",
		"vᵢ = (xᵢ₊₁ − xᵢ₋₁) / 2h, aᵢ = (2xᵢ₊₂ − xᵢ₊₁ − 2xᵢ − xᵢ₋₁ + 2xᵢ₋₂) / 7h², "
		"h the mean step",
	},
};

const char *vz_analyze_get_unit(unsigned index)
{
	return index < VZ_N_ELEMENTS(units) ? units[index] : NULL;
}

const char *vz_analyze_get_rule(unsigned index, const char **ret_label)
{
	if (index >= VZ_N_ELEMENTS(rules))
		return NULL;
	*ret_label = rules[index].label;
	return rules[index].value;
}

double vz_analyze_get_end_s(const struct vz_analyze_panel *panel)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	return info ? info->t_s[info->n_frames - 1] : 0;
}

/* --- What is wanted -------------------------------------------------------------------------- */

static const char *get_text(const struct vz_analyze_panel *panel, const char *id)
{
	struct json_object *value = vz_app_get(panel->options.app, id, "value");

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
}

static const char *get_unit(const struct vz_analyze_panel *panel)
{
	const char *text = get_text(panel, ANALYZE_UNIT);

	for (unsigned i = 0; units[i]; i++)
		if (!strcmp(units[i], text))
			return units[i];
	return units[0];
}

static bool is_calibrated(const struct vz_analyze_panel *panel)
{
	return get_unit(panel) != units[0];
}

static enum vz_derivative_rule get_rule(const struct vz_analyze_panel *panel)
{
	const char *text = get_text(panel, ANALYZE_RULE);

	for (unsigned i = 0; i < VZ_N_ELEMENTS(rules); i++)
		if (!strcmp(rules[i].value, text))
			return i;
	return VZ_DERIVATIVE_POLYNOMIAL;
}

static unsigned get_window(const struct vz_analyze_panel *panel)
{
	double value = vz_values_get_number(panel->options.app, ANALYZE_WINDOW, "value",
					    VZ_DERIVATIVE_DEFAULT_WINDOW);

	if (!(value >= VZ_DERIVATIVE_MIN_WINDOW) || value > VZ_DERIVATIVE_MAX_WINDOW)
		return VZ_DERIVATIVE_DEFAULT_WINDOW;
	return (unsigned) value | 1;
}

static bool get_array(const struct vz_analyze_panel *panel, const char *id, const char *property,
		      size_t n, double *ret)
{
	struct json_object *array = vz_app_get(panel->options.app, id, property);

	if (!json_object_is_type(array, json_type_array) || json_object_array_length(array) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct json_object *value = json_object_array_get_idx(array, i);

		if (!json_object_is_type(value, json_type_int) &&
		    !json_object_is_type(value, json_type_double))
			return false;
		ret[i] = json_object_get_double(value);
	}
	return true;
}

static uint64_t get_shown(const struct vz_analyze_panel *panel)
{
	struct json_object *array = vz_app_get(panel->options.app, ANALYZE_TRACKS, "value");
	uint64_t shown = 0;

	if (!json_object_is_type(array, json_type_array))
		return UINT64_MAX;
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		int64_t id = json_object_get_int64(json_object_array_get_idx(array, i));

		if (id >= 1 && id <= 64)
			shown |= UINT64_C(1) << (id - 1);
	}
	return shown;
}

static double get_px_per_unit(const struct vz_analyze_panel *panel)
{
	double line[4], length, pixels;

	if (!is_calibrated(panel))
		return 1;
	length = vz_values_get_number(panel->options.app, ANALYZE_LENGTH, "value", 1);
	if (!get_array(panel, ANALYZE_VIEW, "line", 4, line) || !(length > 0))
		return 1;
	pixels = hypot(line[2] - line[0], line[3] - line[1]);
	return pixels > 0 ? pixels / length : 1;
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

void vz_analyze_panel_get_print_options(const struct vz_analyze_panel *panel,
					struct vz_print_options *ret)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);
	double range[2];

	ret->motion = (struct vz_motion_options){
		.rule = get_rule(panel),
		.window = get_window(panel),
		.calibration = { .unit = get_unit(panel),
				 .px_per_unit = get_px_per_unit(panel),
				 .is_y_up = true,
				 .height_px = result ? result->tracks.height_px : 1 },
	};
	ret->shown = get_shown(panel);
	ret->first_s = -INFINITY;
	ret->last_s = INFINITY;
	if (!get_array(panel, ANALYZE_RANGE, "value", 2, range))
		return;
	/* The slider's steps are coarser than time stamps: its ends stand for the clip's. */
	if (range[0] > 0)
		ret->first_s = range[0];
	if (range[1] < vz_analyze_get_end_s(panel))
		ret->last_s = range[1];
}

/* --- What is shown --------------------------------------------------------------------------- */

static struct json_object *strobe_address(const struct vz_analyze_panel *panel,
					  const struct vz_print_options *print)
{
	double spacing = vz_values_get_number(panel->options.app, ANALYZE_SPACING, "value", 5);

	if (!vz_desk_get_result(panel->options.desk))
		return VZ_NULL;
	/* No exponents: a '+' in an address is a blank. */
	return vz_textf("_vizyd/clips/strobe.jpg?result=%u&spacing=%.0f&shown=%" PRIx64
			"&first=%.9f&last=%.9f",
			vz_desk_get_result_number(panel->options.desk), fmax(1, spacing),
			print->shown, fmax(print->first_s, 0),
			fmin(print->last_s, vz_analyze_get_end_s(panel)));
}

static struct json_object *formula_text(const struct vz_analyze_panel *panel)
{
	enum vz_derivative_rule rule = get_rule(panel);

	if (rule == VZ_DERIVATIVE_POLYNOMIAL)
		return vz_textf("%s (%u points).", rules[rule].formula, get_window(panel));
	return vz_textf("%s.", rules[rule].formula);
}

static struct json_object *line_text(const struct vz_analyze_panel *panel)
{
	if (!is_calibrated(panel))
		return VZ_NULL;
	return vz_textf("%.6g %s",
			vz_values_get_number(panel->options.app, ANALYZE_LENGTH, "value", 1),
			get_unit(panel));
}

static struct json_object *note_text(const struct vz_analyze_panel *panel)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);

	if (!vz_desk_get_info(panel->options.desk))
		return vz_text("There is no clip on the desk: choose one under Process.");
	if (!result)
		return vz_text("Nothing was looked for in this clip yet: press Process.");
	if (!result->tracks.n_tracks)
		return vz_text("Nothing was found in this clip: try another threshold.");
	return vz_textf("%s: %zu object%s", vz_desk_get_id(panel->options.desk),
			result->tracks.n_tracks, result->tracks.n_tracks == 1 ? "" : "s");
}

static struct json_object *track_options(const struct vz_clip_result *result)
{
	struct json_object *all = vz_array();

	for (size_t i = 0; result && i < result->tracks.n_tracks; i++) {
		const struct vz_track *track = &result->tracks.tracks[i];

		vz_array_add(&all, vz_object({ "label",
					       vz_textf("%u · %zu points", track->id, track->n) },
					     { "value", vz_number(track->id) }));
	}
	return all;
}

/* --- To the page ----------------------------------------------------------------------------- */

/* The line of known length begins where it can be seen. */
static void set_line(struct vz_analyze_panel *panel, struct vz_values *values)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);
	double line[4];

	vz_values_set(values, ANALYZE_VIEW, "line_text", line_text(panel));
	if (!is_calibrated(panel))
		vz_values_set(values, ANALYZE_VIEW, "line", VZ_NULL);
	else if (info && !get_array(panel, ANALYZE_VIEW, "line", 4, line))
		vz_values_set(values, ANALYZE_VIEW, "line",
			      vz_array(vz_number(info->width_px / 4),
				       vz_number(info->height_px * 3 / 4),
				       vz_number(info->width_px * 3 / 4),
				       vz_number(info->height_px * 3 / 4)));
}

static int show(struct vz_analyze_panel *panel, bool with_curves)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);
	struct vz_values values = { .app = panel->options.app };
	struct vz_figure_options figure = {
		.quantities = get_quantities(panel),
		.revision = vz_desk_get_result_number(panel->options.desk),
	};

	set_line(panel, &values);
	/* What follows looks at the line as it is now. */
	(void) vz_values_push(&values);
	vz_analyze_panel_get_print_options(panel, &figure.print);
	vz_values_set(&values, ANALYZE_VIEW, "src", strobe_address(panel, &figure.print));
	vz_values_set(&values, ANALYZE_FORMULA, "children", formula_text(panel));
	if (with_curves) {
		static const struct vz_tracks none;
		const struct vz_tracks *tracks = result ? &result->tracks : &none;

		vz_values_set(&values, ANALYZE_VIEW, "tracks",
			      vz_figure_make_tracks(&figure.print, tracks));
		vz_values_set(&values, ANALYZE_GRAPH, "style",
			      vz_object({ "height", vz_number(vz_figure_height_px(&figure)) }));
		vz_values_set(&values, ANALYZE_GRAPH, "figure", vz_figure_make(&figure, tracks));
	}
	return vz_values_push(&values);
}

/* Another result has other tracks; another clip another length. */
static void set_result(struct vz_analyze_panel *panel, struct vz_values *values)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);
	struct json_object *ids = vz_array();
	double end_s = vz_analyze_get_end_s(panel);

	for (size_t i = 0; result && i < result->tracks.n_tracks; i++)
		vz_array_add(&ids, vz_number(result->tracks.tracks[i].id));
	vz_values_set(values, ANALYZE_TRACKS, "options", track_options(result));
	vz_values_set(values, ANALYZE_TRACKS, "value", ids);
	vz_values_set(values, ANALYZE_RANGE, "max", vz_number(end_s > 0 ? end_s : 1));
	vz_values_set(values, ANALYZE_RANGE, "value",
		      vz_array(vz_number(0), vz_number(end_s > 0 ? end_s : 1)));
	vz_values_set(values, ANALYZE_VIEW, "size",
		      info ? vz_array(vz_number(info->width_px), vz_number(info->height_px))
			   : VZ_NULL);
	vz_values_set(values, ANALYZE_VIEW, "hover", VZ_NULL);
}

void vz_analyze_panel_on_change(struct vz_analyze_panel *panel, unsigned changes)
{
	struct vz_values values = { .app = panel->options.app };

	if (!panel->is_connected || !(changes & (VZ_DESK_CHANGED_CLIP | VZ_DESK_CHANGED_RESULT)))
		return;
	set_result(panel, &values);
	vz_values_set(&values, ANALYZE_NOTE, "children", note_text(panel));
	(void) vz_values_push(&values);
	(void) show(panel, true);
}

/* --- From the page --------------------------------------------------------------------------- */

static int on_spacing(struct vz_call *call, void *data)
{
	return show(data, false);
}

static int on_shown(struct vz_call *call, void *data)
{
	return show(data, true);
}

static int on_length(struct vz_call *call, void *data)
{
	struct json_object *value = vz_call_input(call, 0);
	double length = json_object_get_double(value);

	if (!(length > 0) || length > MAX_LENGTH)
		return vz_call_fail(call, -EINVAL,
				    "the length of the line: expected a number more than 0");
	return show(data, true);
}

static int on_line(struct vz_call *call, void *data)
{
	struct vz_analyze_panel *panel = data;
	double line[4];

	if (is_calibrated(panel) && (!get_array(panel, ANALYZE_VIEW, "line", 4, line) ||
				     !(hypot(line[2] - line[0], line[3] - line[1]) >= 1)))
		return vz_call_fail(call, -EINVAL,
				    "the line: expected two points at least a pixel apart");
	return show(panel, true);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void disconnect(struct vz_analyze_panel *panel)
{
	panel->is_connected = false;
	while (panel->n_callbacks)
		vz_callback_free(panel->callbacks[--panel->n_callbacks]);
}

static int add(struct vz_analyze_panel *panel, const struct vz_callback_spec *spec)
{
	int r = vz_app_add_callback(panel->options.app, spec,
				    &panel->callbacks[panel->n_callbacks]);

	if (r < 0)
		return vz_log_errno(PANEL, r, "Cannot register the callback of %s (%s)",
				    spec->inputs[0], vz_app_last_error(panel->options.app));
	panel->n_callbacks++;
	return 0;
}

static int add_shared(struct vz_analyze_panel *panel, const char *const *inputs, vz_callback_fn *fn)
{
	return add(panel, &(struct vz_callback_spec){ .inputs = inputs,
						      .service = VZ_SHARED_MOST_RECENT,
						      .fn = fn,
						      .data = panel });
}

/* The point under the pointer is each browser's own matter. */
static int add_hovering(struct vz_analyze_panel *panel)
{
	int r;

	r = add(panel, &(struct vz_callback_spec){
			       .outputs = VZ_IDS(ANALYZE_VIEW ".hover"),
			       .inputs = VZ_IDS(ANALYZE_GRAPH ".hoverData"),
			       .states = VZ_IDS(ANALYZE_VIEW ".tracks"),
			       .service = VZ_SERVICE_NO_CLIENT_INITIAL,
			       .clientside = { "vizyd_tracks", "fromGraph" },
		       });
	if (r < 0)
		return r;
	return add(panel, &(struct vz_callback_spec){
				  .outputs = VZ_IDS(ANALYZE_POINT ".children"),
				  .inputs = VZ_IDS(ANALYZE_VIEW ".hovered", ANALYZE_VIEW ".hover"),
				  .states = VZ_IDS(ANALYZE_VIEW ".tracks", ANALYZE_GRAPH ".id",
						   ANALYZE_GRAPH ".figure"),
				  .service = VZ_SERVICE_NO_CLIENT_INITIAL,
				  .clientside = { "vizyd_tracks", "show" },
			  });
}

int vz_analyze_panel_connect(struct vz_analyze_panel *panel)
{
	int r;

	disconnect(panel);
	r = add_shared(panel, VZ_IDS(ANALYZE_SPACING ".value"), on_spacing);
	if (r == 0)
		r = add_shared(panel,
			       VZ_IDS(ANALYZE_TRACKS ".value", ANALYZE_RANGE ".value",
				      ANALYZE_RULE ".value", ANALYZE_WINDOW ".value",
				      ANALYZE_SHOW ".value", ANALYZE_UNIT ".value"),
			       on_shown);
	if (r == 0)
		r = add_shared(panel, VZ_IDS(ANALYZE_LENGTH ".value"), on_length);
	if (r == 0)
		r = add_shared(panel, VZ_IDS(ANALYZE_VIEW ".line"), on_line);
	if (r == 0)
		r = add_hovering(panel);
	panel->is_connected = r == 0;
	vz_analyze_panel_on_change(panel, VZ_DESK_CHANGED_RESULT);
	return r;
}

int vz_analyze_panel_new(const struct vz_analyze_panel_options *options,
			 struct vz_analyze_panel **ret)
{
	struct vz_analyze_panel *panel = calloc(1, sizeof(*panel));

	if (!panel)
		return -ENOMEM;
	panel->options = *options;
	*ret = panel;
	return 0;
}

struct vz_analyze_panel *vz_analyze_panel_free(struct vz_analyze_panel *panel)
{
	if (!panel)
		return NULL;
	disconnect(panel);
	free(panel);
	return NULL;
}
