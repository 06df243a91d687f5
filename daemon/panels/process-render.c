#include "panels/process-private.h"
#include "vizyd/components.h"

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
		     vz_html_button(.id = PROCESS_DELETE, .className = "vz-button", .n_clicks = 0,
				    .disabled = !vz_process_can_delete(panel),
				    .children = vz_text("Delete")));
	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Clip")),
		vz_dcc_dropdown(.id = PROCESS_CHOICE, .options = vz_process_choices(panel), .value = vz_process_chosen(panel),
			.placeholder = "Choose a clip", .clearable = false),
		vz_html_p(.id = PROCESS_NOTE, .className = "vz-note", .role = "status",
			.children = vz_process_note_text(panel)),
		vz_html_div(.className = "vz-buttons", .children = buttons)));
	/* clang-format on */
}

static struct json_object *render_look(struct vz_process_panel *panel)
{
	uint32_t last = vz_process_get_last_frame(panel);

	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Look")),
		row("Position", PROCESS_FRAME, vz_html_span(.id = PROCESS_TIME, .className = "vz-control-value",
				.children = vz_process_time_text(panel)),
			vz_dcc_slider(.id = PROCESS_FRAME, .min = 0, .max = last ? last : 1, .step = 1,
				.value = vz_process_get_frame(panel), .marks = VZ_NULL,
				.updatemode = "drag", .allow_direct_input = false)),
		row("Show", PROCESS_MODE, no_value(),
			vz_dcc_radio_items(.id = PROCESS_MODE, .inline_ = true,
				.value = vz_text(vz_process_is_moving_shown(panel) ? "moving" : "plain"),
				.options = vz_array(
					vz_object({ "label", vz_text("Picture") },
						{ "value", vz_text("plain") }),
					vz_object({ "label", vz_text("What moves") },
						{ "value", vz_text("moving") }))))));
	/* clang-format on */
}

static struct json_object *render_find(struct vz_process_panel *panel)
{
	uint32_t last = vz_process_get_last_frame(panel);
	struct vz_tracking_options options;

	vz_process_fill_options(panel, &options);
	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Find")),
		row("Threshold / %", PROCESS_THRESHOLD, no_value(),
			vz_dcc_slider(.id = PROCESS_THRESHOLD, .min = 1, .max = 100, .step = 1,
				.value = options.threshold_percent, .marks = VZ_NULL,
				.updatemode = "drag")),
		row("Frames", PROCESS_RANGE, no_value(),
			vz_dcc_range_slider(.id = PROCESS_RANGE, .min = 0, .max = last ? last : 1, .step = 1,
				.value = vz_array(vz_number(options.first),
					vz_number(last ? options.last : 1)),
				.marks = VZ_NULL, .updatemode = "drag")),
		row("Smallest object / px²", PROCESS_MIN_AREA, no_value(),
			vz_dcc_input(.id = PROCESS_MIN_AREA, .type = "number", .min = vz_number(0),
				.max = vz_number(PROCESS_MAX_MIN_AREA_PX), .step = vz_number(1),
				.debounce = vz_bool(true),
				.value = vz_number(options.min_area_px))),
		vz_html_p(.id = PROCESS_POINTS, .className = "vz-note", .children = vz_process_points_text(panel)),
		vz_html_div(.className = "vz-buttons", .children = vz_array(
			vz_html_button(.id = PROCESS_GO, .className = "vz-button vz-button-primary",
				.n_clicks = 0, .children = vz_text("Process"),
				.disabled = vz_desk_is_processing(panel->options.desk) ||
					!vz_desk_get_info(panel->options.desk)),
			vz_html_button(.id = PROCESS_CANCEL, .className = "vz-button", .n_clicks = 0,
				.disabled = !vz_desk_is_processing(panel->options.desk),
				.children = vz_text("Cancel")),
			vz_html_button(.id = PROCESS_CLEAR, .className = "vz-button", .n_clicks = 0,
				.children = vz_text("Forget points")))),
		vz_html_progress(.id = PROCESS_BAR, .className = "vz-progress", .max = vz_number(1),
			.value = "0", .hidden = !vz_desk_is_processing(panel->options.desk)),
		vz_html_p(.id = PROCESS_STATE, .className = "vz-note", .role = "status",
			.children = vz_process_state_text(panel))));
	/* clang-format on */
}

struct json_object *vz_process_panel_render(struct vz_process_panel *panel)
{
	/* clang-format off */
	return vz_html_div(.className = "vz-panel", .children = vz_array(
		vz_html_div(.className = "vz-live", .children = vz_array(
			vz_own_track_view(.id = PROCESS_VIEW, .label = "Picture of the clip",
				.src = NULL, .size = vz_process_size_of_clip(panel),
				.aspect = vz_desk_get_pixel_aspect(panel->options.desk),
				.crosses = vz_process_crosses(panel), .hover = VZ_NULL))),
		vz_html_div(.className = "vz-controls", .children = vz_array(
			render_clip(panel), render_look(panel), render_find(panel)))));
	/* clang-format on */
}
