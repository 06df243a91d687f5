#include "panels/analyze-panel.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "dash/app.h"
#include "panels/analyze-private.h"
#include "panels/page.h"
#include "panels/values.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/components.h"

/* --- To the page ----------------------------------------------------------------------------- */

/* The line of known length begins where it can be seen. */
static void set_line(struct vz_analyze_panel *panel, const struct vz_clip_analysis *now,
		     struct vz_values *values)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	vz_values_set(values, ANALYZE_VIEW, "line_text", vz_analyze_line_text(now));
	if (!vz_analyze_is_calibrated(now))
		vz_values_set(values, ANALYZE_VIEW, "line", VZ_NULL);
	else if (info && !now->has_line)
		vz_values_set(values, ANALYZE_VIEW, "line",
			      vz_array(vz_number(info->width_px / 4),
				       vz_number(info->height_px * 3 / 4),
				       vz_number(info->width_px * 3 / 4),
				       vz_number(info->height_px * 3 / 4)));
}

static int show(struct vz_analyze_panel *panel)
{
	struct vz_values values = { .app = panel->options.app };
	struct vz_print_options print = { 0 };
	struct vz_clip_analysis now;

	vz_analyze_read(panel, &now);
	set_line(panel, &now, &values);
	/* What follows looks at the line as it is now. */
	(void) vz_values_push(&values);
	vz_analyze_panel_get_print_options(panel, &print);
	vz_values_set(&values, ANALYZE_VIEW, "src",
		      vz_analyze_strobe_address(panel, &print, now.spacing));
	vz_values_set(&values, ANALYZE_FORMULA, "children", vz_analyze_formula_text(&now));
	vz_values_set(&values, ANALYZE_DATA, "data", vz_analyze_motion_data(panel, &print.motion));
	return vz_values_push(&values);
}

/*
 * What is kept with the clip, or, where nothing is, what the page had: who films one thing after
 * the other sets the scale once, for pictures of one size.
 */
static void set_clip(struct vz_analyze_panel *panel, const struct vz_view_info *info,
		     struct vz_values *values)
{
	const struct vz_clip_settings *settings = vz_desk_get_settings(panel->options.desk);
	struct vz_clip_analysis now;

	vz_analyze_read(panel, &now);
	if (info->width_px != panel->width_px || info->height_px != panel->height_px) {
		now.unit = vz_clip_unit(0);
		now.has_line = false;
	}
	panel->width_px = info->width_px;
	panel->height_px = info->height_px;
	vz_analyze_write(panel, settings ? &settings->analysis : &now, values);
}

/* Another clip has another length; another result has other tracks. */
static void set_result(struct vz_analyze_panel *panel, struct vz_values *values)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);
	const struct vz_clip_settings *settings = vz_desk_get_settings(panel->options.desk);
	unsigned generation = vz_desk_get_generation(panel->options.desk);
	double end_s = vz_analyze_get_end_s(panel);
	bool is_new = info && panel->generation != generation;
	struct vz_clip_analysis shown;

	vz_clip_analysis_init(&shown);
	if (is_new && settings)
		shown = settings->analysis;
	else if (info && !is_new)
		vz_analyze_read(panel, &shown);
	if (is_new)
		set_clip(panel, info, values);
	else if (vz_desk_get_result_number(panel->options.desk) != panel->result_number)
		shown.hidden = 0;
	panel->generation = info ? generation : 0;
	panel->result_number = vz_desk_get_result_number(panel->options.desk);
	vz_values_set(values, ANALYZE_TRACKS, "options", vz_analyze_track_options(result));
	vz_values_set(values, ANALYZE_TRACKS, "value", vz_analyze_track_ids(result, shown.hidden));
	vz_values_set(values, ANALYZE_RANGE, "max", vz_number(end_s > 0 ? end_s : 1));
	vz_values_set(values, ANALYZE_RANGE, "value",
		      vz_analyze_range(panel, shown.first_s, shown.last_s));
	vz_values_set(values, ANALYZE_VIEW, "size",
		      info ? vz_array(vz_number(info->width_px), vz_number(info->height_px))
			   : VZ_NULL);
	vz_values_set(values, ANALYZE_VIEW, "aspect",
		      vz_number(vz_desk_get_pixel_aspect(panel->options.desk)));
	vz_values_set(values, ANALYZE_VIEW, "hover", VZ_NULL);
}

/* With what was found it is kept, too, what it was looked at with. */
static void keep(struct vz_analyze_panel *panel, bool is_kept)
{
	struct vz_clip_analysis now;

	if (panel->is_setting)
		return;
	vz_analyze_read(panel, &now);
	vz_desk_set_analysis(panel->options.desk, &now, is_kept);
}

void vz_analyze_panel_on_change(struct vz_analyze_panel *panel, unsigned changes)
{
	struct vz_values values = { .app = panel->options.app };

	if (!panel->is_connected || !(changes & (VZ_DESK_CHANGED_CLIP | VZ_DESK_CHANGED_RESULT)))
		return;
	panel->is_setting = true;
	set_result(panel, &values);
	vz_values_set(&values, ANALYZE_NOTE, "children", vz_analyze_note_text(panel));
	(void) vz_values_push(&values);
	(void) show(panel);
	panel->is_setting = false;
	keep(panel, vz_desk_get_result(panel->options.desk));
}

/* --- From the page --------------------------------------------------------------------------- */

static int show_and_keep(struct vz_analyze_panel *panel, struct vz_call *call)
{
	int r = show(panel);

	keep(panel, !vz_call_is_initial(call));
	return r;
}

static int on_shown(struct vz_call *call, void *data)
{
	return show_and_keep(data, call);
}

/* In a scene with many people one would have to uncheck each of them. */
static int on_choice(struct vz_call *call, void *data)
{
	struct vz_analyze_panel *panel = data;
	struct vz_values values = { .app = panel->options.app };
	uint64_t hidden = vz_call_is_triggered(call, 1) ? UINT64_MAX : 0;

	if (vz_call_is_initial(call))
		return 0;
	vz_values_set(&values, ANALYZE_TRACKS, "value",
		      vz_analyze_track_ids(vz_desk_get_result(panel->options.desk), hidden));
	return vz_values_push(&values);
}

static int on_length(struct vz_call *call, void *data)
{
	struct json_object *value = vz_call_input(call, 0);
	double length = json_object_get_double(value);

	if (!(length > 0) || length > VZ_ANALYSIS_MAX_LENGTH)
		return vz_call_fail(call, -EINVAL,
				    "the length of the line: expected a number more than 0");
	return show_and_keep(data, call);
}

static int on_line(struct vz_call *call, void *data)
{
	struct vz_analyze_panel *panel = data;
	struct vz_clip_analysis now;

	vz_analyze_read(panel, &now);
	if (vz_analyze_is_calibrated(&now) &&
	    (!now.has_line || !(hypot(now.line[2] - now.line[0], now.line[3] - now.line[1]) >= 1)))
		return vz_call_fail(call, -EINVAL,
				    "the line: expected two points at least a pixel apart");
	return show_and_keep(panel, call);
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

/* What a browser draws is its own matter: of what is shared, in the size that it has room for. */
static int add_drawing(struct vz_analyze_panel *panel)
{
	int r;

	r = add(panel,
		&(struct vz_callback_spec){
			.outputs = VZ_IDS(ANALYZE_GRAPH ".figure", ANALYZE_GRAPH ".style"),
			.inputs = VZ_IDS(VZ_PAGE_TABS_ID ".value", ANALYZE_DATA ".data",
					 ANALYZE_TRACKS ".value", ANALYZE_RANGE ".value",
					 ANALYZE_SHOW ".value", ANALYZE_GRAPH ".relayoutData"),
			.states = VZ_IDS(ANALYZE_RANGE ".max", ANALYZE_GRAPH ".id",
					 ANALYZE_GRAPH ".style"),
			.clientside = { "vizyd_tracks", "drawGraphs" },
		});
	if (r < 0)
		return r;
	return add(panel, &(struct vz_callback_spec){
				  .outputs = VZ_IDS(ANALYZE_VIEW ".tracks"),
				  .inputs = VZ_IDS(VZ_PAGE_TABS_ID ".value", ANALYZE_DATA ".data",
						   ANALYZE_TRACKS ".value", ANALYZE_RANGE ".value",
						   ANALYZE_SPACING ".value"),
				  .states = VZ_IDS(ANALYZE_RANGE ".max"),
				  .clientside = { "vizyd_tracks", "drawTracks" },
			  });
}

/* So is the point under the pointer. */
static int add_hovering(struct vz_analyze_panel *panel)
{
	int r;

	r = add(panel, &(struct vz_callback_spec){
			       .outputs = VZ_IDS(ANALYZE_VIEW ".hover"),
			       .inputs = VZ_IDS(ANALYZE_GRAPH ".hoverData"),
			       .service = VZ_SERVICE_NO_CLIENT_INITIAL,
			       .clientside = { "vizyd_tracks", "fromGraph" },
		       });
	if (r < 0)
		return r;
	return add(panel, &(struct vz_callback_spec){
				  .outputs = VZ_IDS(ANALYZE_POINT ".children"),
				  .inputs = VZ_IDS(ANALYZE_VIEW ".hovered", ANALYZE_VIEW ".hover"),
				  .states = VZ_IDS(ANALYZE_GRAPH ".id"),
				  .service = VZ_SERVICE_NO_CLIENT_INITIAL,
				  .clientside = { "vizyd_tracks", "show" },
			  });
}

int vz_analyze_panel_connect(struct vz_analyze_panel *panel)
{
	int r;

	disconnect(panel);
	r = add_shared(panel,
		       VZ_IDS(ANALYZE_TRACKS ".value", ANALYZE_RANGE ".value",
			      ANALYZE_RULE ".value", ANALYZE_WINDOW ".value", ANALYZE_SHOW ".value",
			      ANALYZE_UNIT ".value", ANALYZE_SPACING ".value"),
		       on_shown);
	if (r == 0)
		r = add(panel,
			&(struct vz_callback_spec){
				.inputs = VZ_IDS(ANALYZE_ALL ".n_clicks", ANALYZE_NONE ".n_clicks"),
				.service = VZ_SHARED,
				.fn = on_choice,
				.data = panel });
	if (r == 0)
		r = add_shared(panel, VZ_IDS(ANALYZE_LENGTH ".value"), on_length);
	if (r == 0)
		r = add_shared(panel, VZ_IDS(ANALYZE_VIEW ".line"), on_line);
	if (r == 0)
		r = add_drawing(panel);
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
