#include "panels/process-panel.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app.h"
#include "panels/process-private.h"
#include "panels/values.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/component.h"

/* --- To the page ----------------------------------------------------------------------------- */

static void set_picture(struct vz_process_panel *panel, struct vz_values *values)
{
	vz_values_set(values, PROCESS_VIEW, "src", vz_process_picture_address(panel));
	vz_values_set(values, PROCESS_VIEW, "crosses", vz_process_crosses(panel));
	vz_values_set(values, PROCESS_TIME, "children", vz_process_time_text(panel));
}

static void set_progress(struct vz_process_panel *panel, struct vz_values *values)
{
	struct vz_desk *desk = panel->options.desk;
	bool is_processing = vz_desk_is_processing(desk);

	vz_values_set(values, PROCESS_BAR, "value", vz_textf("%.2f", vz_desk_get_progress(desk)));
	vz_values_set(values, PROCESS_BAR, "hidden", vz_bool(!is_processing));
	vz_values_set(values, PROCESS_STATE, "children", vz_process_state_text(panel));
	vz_values_set(values, PROCESS_GO, "disabled",
		      vz_bool(is_processing || !vz_desk_get_info(desk)));
	vz_values_set(values, PROCESS_CANCEL, "disabled", vz_bool(!is_processing));
	vz_values_set(values, PROCESS_DELETE, "disabled", vz_bool(!vz_process_can_delete(panel)));
}

/* What is kept with the clip, or found in it with; where there is neither, what the page had. */
static const struct vz_tracking_options *find_options(const struct vz_process_panel *panel)
{
	const struct vz_clip_settings *settings = vz_desk_get_settings(panel->options.desk);
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);

	return settings ? &settings->tracking : result ? &result->options : NULL;
}

static void set_options(struct vz_process_panel *panel, const struct vz_tracking_options *options,
			struct vz_values *values)
{
	vz_values_set(values, PROCESS_THRESHOLD, "value", vz_number(options->threshold_percent));
	vz_values_set(values, PROCESS_MIN_AREA, "value", vz_number(options->min_area_px));
	panel->n_points = options->n_points;
	memcpy(panel->points, options->points, sizeof(panel->points));
}

/* Another clip has other frames. */
static void set_clip(struct vz_process_panel *panel, struct vz_values *values)
{
	unsigned generation = vz_desk_get_generation(panel->options.desk);
	const struct vz_tracking_options *options = find_options(panel);
	uint32_t last = vz_process_get_last_frame(panel);

	if (panel->generation != generation) {
		panel->generation = generation;
		panel->n_points = 0;
	}
	vz_values_set(values, PROCESS_FRAME, "max", vz_number(last ? last : 1));
	vz_values_set(values, PROCESS_RANGE, "max", vz_number(last ? last : 1));
	if (vz_desk_get_info(panel->options.desk)) {
		vz_values_set(values, PROCESS_RANGE, "value",
			      options ? vz_array(vz_number(options->first),
						 vz_number(options->last))
				      : vz_array(vz_number(0), vz_number(last)));
		vz_values_set(values, PROCESS_FRAME, "value", vz_number(0));
	}
	if (options)
		set_options(panel, options, values);
	vz_values_set(values, PROCESS_CHOICE, "value", vz_process_chosen(panel));
	vz_values_set(values, PROCESS_VIEW, "size", vz_process_size_of_clip(panel));
	vz_values_set(values, PROCESS_VIEW, "aspect",
		      vz_number(vz_desk_get_pixel_aspect(panel->options.desk)));
	vz_values_set(values, PROCESS_POINTS, "children", vz_process_points_text(panel));
}

/* Kept as it is on the page: also points that are out of the range just now. */
static void keep(struct vz_process_panel *panel, bool is_kept)
{
	struct vz_tracking_options options;

	if (panel->is_setting)
		return;
	vz_process_fill_options(panel, &options);
	options.n_points = panel->n_points;
	memcpy(options.points, panel->points, sizeof(options.points));
	vz_desk_set_tracking(panel->options.desk, &options, is_kept);
}

void vz_process_panel_on_change(struct vz_process_panel *panel, unsigned changes)
{
	struct vz_values values = { .app = panel->options.app };

	if (!panel->is_connected)
		return;
	panel->is_setting = true;
	if (changes & VZ_DESK_CHANGED_LIST)
		vz_values_set(&values, PROCESS_CHOICE, "options", vz_process_choices(panel));
	if (changes & VZ_DESK_CHANGED_CLIP)
		set_clip(panel, &values);
	(void) vz_values_push(&values);
	/* What follows looks at what the page has now. */
	if (changes & VZ_DESK_CHANGED_CLIP)
		set_picture(panel, &values);
	set_progress(panel, &values);
	vz_values_set(&values, PROCESS_NOTE, "children", vz_process_note_text(panel));
	(void) vz_values_push(&values);
	panel->is_setting = false;
	if (changes & VZ_DESK_CHANGED_CLIP)
		keep(panel, false);
}

void vz_process_panel_set_upload(struct vz_process_panel *panel, const char *text)
{
	struct vz_values values = { .app = panel->options.app };

	(void) snprintf(panel->upload_text, sizeof(panel->upload_text), "%s", text);
	if (!panel->is_connected)
		return;
	vz_values_set(&values, PROCESS_NOTE, "children", vz_process_note_text(panel));
	(void) vz_values_push(&values);
}

/* --- From the page --------------------------------------------------------------------------- */

static int on_choice(struct vz_call *call, void *data)
{
	struct vz_process_panel *panel = data;
	struct json_object *value = vz_call_input(call, 0);
	const char *id =
		json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
	int r;

	if (vz_call_is_initial(call) || !strcmp(id ? id : "", vz_desk_get_id(panel->options.desk)))
		return 0;
	r = vz_desk_open(panel->options.desk, id);
	if (r < 0) {
		vz_process_panel_on_change(panel, VZ_DESK_CHANGED_CLIP);
		return vz_call_fail(call, r, "%s: there is no such clip", id);
	}
	return 0;
}

static int show_picture(struct vz_process_panel *panel)
{
	struct vz_values values = { .app = panel->options.app };

	set_picture(panel, &values);
	return vz_values_push(&values);
}

/* Position, mode and threshold: what the picture shows. Where one looks is nothing to keep. */
static int on_picture(struct vz_call *call, void *data)
{
	keep(data, !vz_call_is_initial(call) && vz_call_is_triggered(call, 2));
	return show_picture(data);
}

static int on_options(struct vz_call *call, void *data)
{
	keep(data, !vz_call_is_initial(call));
	return show_picture(data);
}

static int show_points(struct vz_process_panel *panel)
{
	struct vz_values values = { .app = panel->options.app };

	vz_values_set(&values, PROCESS_VIEW, "crosses", vz_process_crosses(panel));
	vz_values_set(&values, PROCESS_POINTS, "children", vz_process_points_text(panel));
	return vz_values_push(&values);
}

static int on_pressed(struct vz_call *call, void *data)
{
	struct vz_process_panel *panel = data;
	struct vz_tracking_point point = { .frame = vz_process_get_frame(panel) };
	struct json_object *pressed = vz_call_input(call, 0);
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	if (vz_call_is_initial(call) || !pressed || !info)
		return 0;
	if (vz_json_get_double(pressed, "x", &point.x_px) < 0 ||
	    vz_json_get_double(pressed, "y", &point.y_px) < 0 ||
	    !(point.x_px >= 0 && point.x_px < info->width_px) ||
	    !(point.y_px >= 0 && point.y_px < info->height_px))
		return vz_call_fail(call, -EINVAL,
				    "the point: expected x and y inside the picture of %u × %u",
				    info->width_px, info->height_px);
	if (panel->n_points == VZ_TRACKING_MAX_POINTS)
		return vz_call_fail(call, -E2BIG, "more than %u points cannot be followed",
				    VZ_TRACKING_MAX_POINTS);
	panel->points[panel->n_points++] = point;
	keep(panel, true);
	return show_points(panel);
}

static int on_clear(struct vz_call *call, void *data)
{
	struct vz_process_panel *panel = data;

	if (vz_call_is_initial(call))
		return 0;
	panel->n_points = 0;
	keep(panel, true);
	return show_points(panel);
}

static int on_delete(struct vz_call *call, void *data)
{
	struct vz_process_panel *panel = data;
	int r = vz_desk_delete(panel->options.desk, vz_desk_get_id(panel->options.desk));

	return r < 0 ? vz_call_fail(call, r, "it cannot be deleted: %s",
				    r == -EPERM ? "only uploaded clips are" : strerror(-r))
		     : 0;
}

int vz_process_panel_go(struct vz_process_panel *panel)
{
	struct vz_tracking_options options;

	vz_process_fill_options(panel, &options);
	return vz_desk_process(panel->options.desk, &options);
}

static int on_go(struct vz_call *call, void *data)
{
	int r = vz_process_panel_go(data);

	return r == 0	       ? 0
	       : r == -ENODATA ? vz_call_fail(call, r, "there is no clip to process")
	       : r == -EBUSY   ? vz_call_fail(call, r, "it is processed already")
			       : vz_call_fail(call, r, "it cannot be processed: %s", strerror(-r));
}

static int on_cancel(struct vz_call *call, void *data)
{
	struct vz_process_panel *panel = data;

	vz_desk_cancel(panel->options.desk);
	return 0;
}

/* --- Life ------------------------------------------------------------------------------------ */

static void disconnect(struct vz_process_panel *panel)
{
	panel->is_connected = false;
	while (panel->n_callbacks)
		vz_callback_free(panel->callbacks[--panel->n_callbacks]);
}

static int add(struct vz_process_panel *panel, const char *const *inputs, unsigned service,
	       vz_callback_fn *fn)
{
	const struct vz_callback_spec spec = {
		.inputs = inputs,
		.service = service,
		.fn = fn,
		.data = panel,
	};
	int r = vz_app_add_callback(panel->options.app, &spec,
				    &panel->callbacks[panel->n_callbacks]);

	if (r < 0)
		return vz_log_errno(PANEL, r, "Cannot register the callback of %s (%s)", inputs[0],
				    vz_app_last_error(panel->options.app));
	panel->n_callbacks++;
	return 0;
}

int vz_process_panel_connect(struct vz_process_panel *panel)
{
	static const struct {
		const char *input;
		vz_callback_fn *fn;
	} callbacks[] = {
		{ PROCESS_CHOICE ".value", on_choice },	 { PROCESS_VIEW ".pressed", on_pressed },
		{ PROCESS_CLEAR ".n_clicks", on_clear }, { PROCESS_DELETE ".n_clicks", on_delete },
		{ PROCESS_GO ".n_clicks", on_go },	 { PROCESS_CANCEL ".n_clicks", on_cancel },
		{ PROCESS_RANGE ".value", on_options },	 { PROCESS_MIN_AREA ".value", on_options },
	};
	struct vz_values values = { .app = panel->options.app };
	int r = 0;

	disconnect(panel);
	for (unsigned i = 0; r == 0 && i < VZ_N_ELEMENTS(callbacks); i++)
		r = add(panel, VZ_IDS(callbacks[i].input), VZ_SHARED, callbacks[i].fn);
	if (r == 0)
		r = add(panel,
			VZ_IDS(PROCESS_FRAME ".value", PROCESS_MODE ".value",
			       PROCESS_THRESHOLD ".value"),
			VZ_SHARED_MOST_RECENT, on_picture);
	panel->is_connected = r == 0;
	/* What the layout does not say: it was made without asking the page. */
	set_picture(panel, &values);
	(void) vz_values_push(&values);
	return r;
}

int vz_process_panel_new(const struct vz_process_panel_options *options,
			 struct vz_process_panel **ret)
{
	struct vz_process_panel *panel = calloc(1, sizeof(*panel));

	if (!panel)
		return -ENOMEM;
	panel->options = *options;
	*ret = panel;
	return 0;
}

struct vz_process_panel *vz_process_panel_free(struct vz_process_panel *panel)
{
	if (!panel)
		return NULL;
	disconnect(panel);
	free(panel);
	return NULL;
}
