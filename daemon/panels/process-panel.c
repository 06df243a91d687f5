#include "panels/process-panel.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clips/desk.h"
#include "dash/app.h"
#include "panels/values.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/components.h"

#define CHOICE	  "clip-choice"
#define NOTE	  "clip-note"
#define VIEW	  "clip-view"
#define FRAME	  "clip-frame"
#define TIME	  "clip-time"
#define MODE	  "clip-mode"
#define DELETE	  "clip-delete"
#define THRESHOLD "process-threshold"
#define RANGE	  "process-range"
#define MIN_AREA  "process-min-area"
#define POINTS	  "process-points"
#define CLEAR	  "process-clear"
#define GO	  "process-go"
#define CANCEL	  "process-cancel"
#define BAR	  "process-bar"
#define STATE	  "process-state"

#define ALMOST		0.985 /* all frames are read; what follows has no measure */
#define MAX_CHOICES	100u  /* the newest */
#define MAX_MIN_AREA_PX 100000.0
#define POINT_COLOUR	"#ff5da2"

enum { N_CALLBACKS = 9 };

struct vz_process_panel {
	struct vz_process_panel_options options;
	struct vz_callback *callbacks[N_CALLBACKS];
	unsigned n_callbacks;
	bool is_connected;
	char upload_text[320];
	/* What the template tracker shall follow; of the clip of this generation. */
	struct vz_tracking_point points[VZ_TRACKING_MAX_POINTS];
	unsigned n_points, generation;
};

/* --- What is wanted -------------------------------------------------------------------------- */

static uint32_t get_last_frame(const struct vz_process_panel *panel)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	return info ? info->n_frames - 1 : 0;
}

static double clamp(double value, double min, double max)
{
	return value >= min ? value <= max ? value : max : min;
}

static uint32_t get_frame(const struct vz_process_panel *panel)
{
	double value = vz_values_get_number(panel->options.app, FRAME, "value", 0);

	return (uint32_t) clamp(round(value), 0, get_last_frame(panel));
}

static double get_threshold(const struct vz_process_panel *panel)
{
	double value = vz_values_get_number(panel->options.app, THRESHOLD, "value",
					    VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT);

	return clamp(value, 1, 100);
}

static bool is_moving_shown(const struct vz_process_panel *panel)
{
	struct json_object *mode = vz_app_get(panel->options.app, MODE, "value");

	return mode && !strcmp(json_object_get_string(mode), "moving");
}

static uint32_t get_bound(const struct vz_process_panel *panel, unsigned i, uint32_t otherwise)
{
	struct json_object *range = vz_app_get(panel->options.app, RANGE, "value");
	struct json_object *bound = json_object_is_type(range, json_type_array)
					    ? json_object_array_get_idx(range, i)
					    : NULL;

	if (!json_object_is_type(bound, json_type_int) &&
	    !json_object_is_type(bound, json_type_double))
		return otherwise;
	return (uint32_t) clamp(round(json_object_get_double(bound)), 0, get_last_frame(panel));
}

static void fill_options(const struct vz_process_panel *panel, struct vz_tracking_options *ret)
{
	uint32_t last = get_last_frame(panel);

	*ret = (struct vz_tracking_options){
		.threshold_percent = get_threshold(panel),
		.first = get_bound(panel, 0, 0),
		.last = get_bound(panel, 1, last),
		.min_area_px = (uint32_t) clamp(vz_values_get_number(panel->options.app, MIN_AREA,
								     "value", 0),
						0, MAX_MIN_AREA_PX),
	};
	if (ret->last < ret->first)
		ret->last = ret->first;
	for (unsigned i = 0; i < panel->n_points; i++)
		if (panel->points[i].frame >= ret->first && panel->points[i].frame <= ret->last)
			ret->points[ret->n_points++] = panel->points[i];
}

/* --- What is shown --------------------------------------------------------------------------- */

static struct json_object *picture_address(const struct vz_process_panel *panel)
{
	struct vz_desk *desk = panel->options.desk;

	if (!vz_desk_get_info(desk))
		return VZ_NULL;
	if (is_moving_shown(panel))
		return vz_textf("_vizyd/clips/"
				"picture.jpg?clip=%u&frame=%u&view=moving&threshold=%g",
				vz_desk_get_generation(desk), get_frame(panel),
				get_threshold(panel));
	return vz_textf("_vizyd/clips/picture.jpg?clip=%u&frame=%u", vz_desk_get_generation(desk),
			get_frame(panel));
}

static struct json_object *time_text(const struct vz_process_panel *panel)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);
	uint32_t frame = get_frame(panel);

	if (!info)
		return vz_text("");
	return vz_textf("frame %u of %u · %.3f s", frame, info->n_frames - 1, info->t_s[frame]);
}

static struct json_object *crosses(const struct vz_process_panel *panel)
{
	struct json_object *all = vz_array();

	for (unsigned i = 0; i < panel->n_points; i++)
		if (panel->points[i].frame == get_frame(panel))
			vz_array_add(&all, vz_object({ "x", vz_number(panel->points[i].x_px) },
						     { "y", vz_number(panel->points[i].y_px) },
						     { "color", vz_text(POINT_COLOUR) }));
	return all;
}

static struct json_object *points_text(const struct vz_process_panel *panel)
{
	struct json_object *text;
	struct vz_buf buf = { 0 };
	char *line;
	size_t size;

	if (!panel->n_points)
		return vz_text("Press on the picture to follow a point by its looks, such as a "
			       "sticker on a wheel.");
	vz_buf_puts(&buf, "Followed by their looks:");
	for (unsigned i = 0; i < panel->n_points; i++)
		vz_buf_printf(&buf, "%s %g, %g from frame %u", i ? ";" : "", panel->points[i].x_px,
			      panel->points[i].y_px, panel->points[i].frame);
	if (vz_buf_finish(&buf, &line, &size) < 0)
		return NULL;
	text = vz_text(line);
	free(line);
	return text;
}

static struct json_object *note_text(const struct vz_process_panel *panel)
{
	const char *text = vz_desk_get_text(panel->options.desk);
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	if (panel->upload_text[0])
		return vz_text(panel->upload_text);
	if (*text)
		return vz_text(text);
	if (!info)
		return vz_text(vz_desk_get_list(panel->options.desk)->n
				       ? "Choose a clip, or upload a video."
				       : "There is no clip yet: record one, or upload a video.");
	return vz_textf("%u × %u, %u frames, %.3f s", info->width_px, info->height_px,
			info->n_frames, info->t_s[info->n_frames - 1]);
}

static struct json_object *state_text(const struct vz_process_panel *panel)
{
	struct vz_desk *desk = panel->options.desk;

	if (vz_desk_is_processing(desk) && vz_desk_get_progress(desk) > ALMOST)
		return vz_text("Putting the ways together …");
	if (vz_desk_is_processing(desk))
		return vz_textf("Looking for what moves: %.0f %%",
				100 * vz_desk_get_progress(desk));
	return vz_text(vz_desk_get_outcome(desk));
}

static struct json_object *choices(const struct vz_process_panel *panel)
{
	const struct vz_clip_list *list = vz_desk_get_list(panel->options.desk);
	struct json_object *all = vz_array();

	for (size_t i = 0; i < list->n && i < MAX_CHOICES; i++)
		vz_array_add(&all, vz_object({ "label", vz_text(list->files[i].id) },
					     { "value", vz_text(list->files[i].id) }));
	return all;
}

static struct json_object *chosen(const struct vz_process_panel *panel)
{
	const char *id = vz_desk_get_id(panel->options.desk);

	return *id ? vz_text(id) : VZ_NULL;
}

static bool can_delete(const struct vz_process_panel *panel)
{
	const struct vz_clip_file *file = vz_clip_list_find(vz_desk_get_list(panel->options.desk),
							    vz_desk_get_id(panel->options.desk));

	return file && file->is_upload && !vz_desk_is_processing(panel->options.desk);
}

static struct json_object *size_of_clip(const struct vz_process_panel *panel)
{
	const struct vz_view_info *info = vz_desk_get_info(panel->options.desk);

	return info ? vz_array(vz_number(info->width_px), vz_number(info->height_px)) : VZ_NULL;
}

/* --- To the page ----------------------------------------------------------------------------- */

static void set_picture(struct vz_process_panel *panel, struct vz_values *values)
{
	vz_values_set(values, VIEW, "src", picture_address(panel));
	vz_values_set(values, VIEW, "crosses", crosses(panel));
	vz_values_set(values, TIME, "children", time_text(panel));
}

static void set_progress(struct vz_process_panel *panel, struct vz_values *values)
{
	struct vz_desk *desk = panel->options.desk;
	bool is_processing = vz_desk_is_processing(desk);

	vz_values_set(values, BAR, "value", vz_textf("%.2f", vz_desk_get_progress(desk)));
	vz_values_set(values, BAR, "hidden", vz_bool(!is_processing));
	vz_values_set(values, STATE, "children", state_text(panel));
	vz_values_set(values, GO, "disabled", vz_bool(is_processing || !vz_desk_get_info(desk)));
	vz_values_set(values, CANCEL, "disabled", vz_bool(!is_processing));
	vz_values_set(values, DELETE, "disabled", vz_bool(!can_delete(panel)));
}

/* Another clip has other frames. */
static void set_clip(struct vz_process_panel *panel, struct vz_values *values)
{
	unsigned generation = vz_desk_get_generation(panel->options.desk);
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);
	uint32_t last = get_last_frame(panel);

	if (panel->generation != generation) {
		panel->generation = generation;
		panel->n_points = 0;
	}
	vz_values_set(values, FRAME, "max", vz_number(last ? last : 1));
	vz_values_set(values, RANGE, "max", vz_number(last ? last : 1));
	if (vz_desk_get_info(panel->options.desk)) {
		vz_values_set(values, RANGE, "value",
			      result ? vz_array(vz_number(result->options.first),
						vz_number(result->options.last))
				     : vz_array(vz_number(0), vz_number(last)));
		vz_values_set(values, FRAME, "value", vz_number(0));
	}
	if (result) {
		vz_values_set(values, THRESHOLD, "value",
			      vz_number(result->options.threshold_percent));
		vz_values_set(values, MIN_AREA, "value", vz_number(result->options.min_area_px));
		panel->n_points = result->options.n_points;
		memcpy(panel->points, result->options.points, sizeof(panel->points));
	}
	vz_values_set(values, CHOICE, "value", chosen(panel));
	vz_values_set(values, VIEW, "size", size_of_clip(panel));
	vz_values_set(values, POINTS, "children", points_text(panel));
}

void vz_process_panel_on_change(struct vz_process_panel *panel, unsigned changes)
{
	struct vz_values values = { .app = panel->options.app };

	if (!panel->is_connected)
		return;
	if (changes & VZ_DESK_CHANGED_LIST)
		vz_values_set(&values, CHOICE, "options", choices(panel));
	if (changes & VZ_DESK_CHANGED_CLIP)
		set_clip(panel, &values);
	(void) vz_values_push(&values);
	/* What follows looks at what the page has now. */
	if (changes & VZ_DESK_CHANGED_CLIP)
		set_picture(panel, &values);
	set_progress(panel, &values);
	vz_values_set(&values, NOTE, "children", note_text(panel));
	(void) vz_values_push(&values);
}

void vz_process_panel_set_upload(struct vz_process_panel *panel, const char *text)
{
	struct vz_values values = { .app = panel->options.app };

	(void) snprintf(panel->upload_text, sizeof(panel->upload_text), "%s", text);
	if (!panel->is_connected)
		return;
	vz_values_set(&values, NOTE, "children", note_text(panel));
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

/* Position, mode and threshold: what the picture shows. */
static int on_picture(struct vz_call *call, void *data)
{
	struct vz_process_panel *panel = data;
	struct vz_values values = { .app = panel->options.app };

	set_picture(panel, &values);
	return vz_values_push(&values);
}

static int show_points(struct vz_process_panel *panel)
{
	struct vz_values values = { .app = panel->options.app };

	vz_values_set(&values, VIEW, "crosses", crosses(panel));
	vz_values_set(&values, POINTS, "children", points_text(panel));
	return vz_values_push(&values);
}

static int on_pressed(struct vz_call *call, void *data)
{
	struct vz_process_panel *panel = data;
	struct vz_tracking_point point = { .frame = get_frame(panel) };
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
	return show_points(panel);
}

static int on_clear(struct vz_call *call, void *data)
{
	struct vz_process_panel *panel = data;

	panel->n_points = 0;
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

	fill_options(panel, &options);
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

/* --- Layout ---------------------------------------------------------------------------------- */

static struct json_object *row(const char *label, const char *id, struct json_object *value,
			       struct json_object *control)
{
	/* clang-format off */
	return vz_html_div(.className = "vz-control", .children = vz_array(
		vz_html_label(.className = "vz-control-label", .htmlFor = id,
			.children = vz_text(label)),
		value, control));
	/* clang-format on */
}

static struct json_object *no_value(void)
{
	return vz_html_span(.className = "vz-control-value");
}

static struct json_object *render_clip(struct vz_process_panel *panel)
{
	uint64_t max = panel->options.max_upload_bytes;
	struct json_object *buttons = vz_array();

	if (max)
		vz_array_add(&buttons,
			     vz_own_video_upload(.id = "clip-upload",
						 .target = "_vizyd/clips/upload",
						 .accept = "video/*,.avi,.mkv,.ogv,.mov,.mp4",
						 .max_bytes = (double) max));
	vz_array_add(&buttons,
		     vz_html_button(.id = DELETE, .className = "vz-button", .n_clicks = 0,
				    .disabled = !can_delete(panel), .children = vz_text("Delete")));
	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Clip")),
		vz_dcc_dropdown(.id = CHOICE, .options = choices(panel), .value = chosen(panel),
			.placeholder = "Choose a clip", .clearable = false),
		vz_html_p(.id = NOTE, .className = "vz-note", .role = "status",
			.children = note_text(panel)),
		vz_html_div(.className = "vz-buttons", .children = buttons)));
	/* clang-format on */
}

static struct json_object *render_look(struct vz_process_panel *panel)
{
	uint32_t last = get_last_frame(panel);

	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Look")),
		row("Position", FRAME, vz_html_span(.id = TIME, .className = "vz-control-value",
				.children = time_text(panel)),
			vz_dcc_slider(.id = FRAME, .min = 0, .max = last ? last : 1, .step = 1,
				.value = get_frame(panel), .marks = VZ_NULL,
				.updatemode = "drag", .allow_direct_input = false)),
		row("Show", MODE, no_value(),
			vz_dcc_radio_items(.id = MODE, .inline_ = true,
				.value = vz_text(is_moving_shown(panel) ? "moving" : "plain"),
				.options = vz_array(
					vz_object({ "label", vz_text("Picture") },
						{ "value", vz_text("plain") }),
					vz_object({ "label", vz_text("What moves") },
						{ "value", vz_text("moving") }))))));
	/* clang-format on */
}

static struct json_object *render_find(struct vz_process_panel *panel)
{
	uint32_t last = get_last_frame(panel);
	struct vz_tracking_options options;

	fill_options(panel, &options);
	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Find")),
		row("Threshold / %", THRESHOLD, no_value(),
			vz_dcc_slider(.id = THRESHOLD, .min = 1, .max = 100, .step = 1,
				.value = options.threshold_percent, .marks = VZ_NULL,
				.updatemode = "drag")),
		row("Frames", RANGE, no_value(),
			vz_dcc_range_slider(.id = RANGE, .min = 0, .max = last ? last : 1, .step = 1,
				.value = vz_array(vz_number(options.first),
					vz_number(last ? options.last : 1)),
				.marks = VZ_NULL, .updatemode = "drag")),
		row("Smallest object / px²", MIN_AREA, no_value(),
			vz_dcc_input(.id = MIN_AREA, .type = "number", .min = vz_number(0),
				.max = vz_number(MAX_MIN_AREA_PX), .step = vz_number(1),
				.debounce = vz_bool(true),
				.value = vz_number(options.min_area_px))),
		vz_html_p(.id = POINTS, .className = "vz-note", .children = points_text(panel)),
		vz_html_div(.className = "vz-buttons", .children = vz_array(
			vz_html_button(.id = GO, .className = "vz-button vz-button-primary",
				.n_clicks = 0, .children = vz_text("Process"),
				.disabled = vz_desk_is_processing(panel->options.desk) ||
					!vz_desk_get_info(panel->options.desk)),
			vz_html_button(.id = CANCEL, .className = "vz-button", .n_clicks = 0,
				.disabled = !vz_desk_is_processing(panel->options.desk),
				.children = vz_text("Cancel")),
			vz_html_button(.id = CLEAR, .className = "vz-button", .n_clicks = 0,
				.children = vz_text("Forget points")))),
		vz_html_progress(.id = BAR, .className = "vz-progress", .max = vz_number(1),
			.value = "0", .hidden = !vz_desk_is_processing(panel->options.desk)),
		vz_html_p(.id = STATE, .className = "vz-note", .role = "status",
			.children = state_text(panel))));
	/* clang-format on */
}

struct json_object *vz_process_panel_render(struct vz_process_panel *panel)
{
	/* clang-format off */
	return vz_html_div(.className = "vz-panel", .children = vz_array(
		vz_html_div(.className = "vz-live", .children = vz_array(
			vz_own_track_view(.id = VIEW, .label = "Picture of the clip",
				.src = NULL, .size = size_of_clip(panel),
				.crosses = crosses(panel), .hover = VZ_NULL))),
		vz_html_div(.className = "vz-controls", .children = vz_array(
			render_clip(panel), render_look(panel), render_find(panel)))));
	/* clang-format on */
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
		{ CHOICE ".value", on_choice },	 { VIEW ".pressed", on_pressed },
		{ CLEAR ".n_clicks", on_clear }, { DELETE ".n_clicks", on_delete },
		{ GO ".n_clicks", on_go },	 { CANCEL ".n_clicks", on_cancel },
		{ RANGE ".value", on_picture },	 { MIN_AREA ".value", on_picture },
	};
	struct vz_values values = { .app = panel->options.app };
	int r = 0;

	disconnect(panel);
	for (unsigned i = 0; r == 0 && i < VZ_N_ELEMENTS(callbacks); i++)
		r = add(panel, VZ_IDS(callbacks[i].input), VZ_SHARED, callbacks[i].fn);
	if (r == 0)
		r = add(panel, VZ_IDS(FRAME ".value", MODE ".value", THRESHOLD ".value"),
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
