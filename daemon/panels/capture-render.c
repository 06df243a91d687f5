#include <math.h>

#include "panels/capture-private.h"
#include "vizyd/components.h"

static struct json_object *control(const char *label, struct json_object *component)
{
	/* clang-format off */
	return vz_html_div(.className = "vz-control", .children = vz_array(
		vz_html_span(.className = "vz-control-label", .children = vz_text(label)),
		component));
	/* clang-format on */
}

static struct json_object *button(const char *id, const char *class, const char *label,
				  const char *title)
{
	return vz_html_button(.id = id, .className = class, .n_clicks = 0, .title = title,
			      .children = vz_text(label));
}

static struct json_object *choice(const char *label, const char *value)
{
	return vz_object({ "label", vz_text(label) }, { "value", vz_text(value) });
}

static struct json_object *slider(const char *id, double min, double max, double step)
{
	return vz_dcc_slider(.id = id, .min = min, .max = max, .step = step, .value = min,
			     .updatemode = "drag", .marks = VZ_NULL);
}

/* --- Under the picture ---------------------------------------------------------------------- */

/* clang-format off */
static struct json_object *render_view(const struct vz_capture_panel *panel)
{
	return vz_html_div(.className = "vz-live vz-clip", .children = vz_array(
		vz_own_live_view(.id = "capture-view", .camera = panel->options.live,
			.label = "The camera, or the recording that is shown"),
		vz_html_div(.className = "vz-clip-bar", .children = vz_array(
			button("step-back", "vz-button", "−1", "One frame back"),
			button("play", "vz-button", "Play", "Play or pause"),
			button("step-forward", "vz-button", "+1", "One frame forward"),
			vz_html_span(.id = "capture-time", .className = "vz-control-value"))),
		vz_dcc_slider(.id = "capture-position", .min = 0, .max = 1, .step = 0.001, .value = 0,
			.updatemode = "drag", .marks = VZ_NULL, .allow_direct_input = false)));
}

/* --- Beside it ------------------------------------------------------------------------------ */

static struct json_object *render_record(void)
{
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_p(.className = "vz-recorder-line", .role = "status", .children = vz_array(
			vz_html_span(.id = "recorder-state", .className = "vz-recorder-state"),
			vz_html_span(.id = "recorder-text"))),
		vz_html_div(.className = "vz-buttons", .children = vz_array(
			button("record", "vz-button vz-button-primary", "Record",
				"Record now; where motion triggers, wait for it"),
			button("stop", "vz-button", "Stop",
				"End the recording, or back to the first frame of a clip"),
			button("live-picture", "vz-button", "Live", "Show the camera again")))));
}

static struct json_object *render_settings(void)
{
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("What is recorded")),
		control("Start, s from the trigger on", slider("capture-shift", -10, 10, 0.1)),
		control("Duration, s", slider("capture-duration", 0.1, 60, 0.1)),
		control("Trigger", vz_dcc_dropdown(.id = "capture-trigger", .clearable = false,
			.searchable = false, .options = vz_array(
				choice("Button, line or program", "button"),
				choice("Motion, after Record", "motion"),
				choice("Motion, again and again", "auto")))),
		control("Until", vz_dcc_dropdown(.id = "capture-until", .clearable = false,
			.searchable = false, .options = vz_array(
				choice("The duration is over", "duration"),
				choice("Nothing moves", "still"),
				choice("Stop", "stopped")))),
		control("Sensitivity to motion", slider("capture-sensitivity", 1, 100, 1)),
		vz_html_p(.className = "vz-note", .children = vz_text(
			"Sensitivity 1 is for a person who walks by, 75 for a small ball, 100 for a "
			"fly. A change of the light triggers nothing.")),
		vz_html_p(.id = "capture-memory", .className = "vz-note")));
}

static struct json_object *render_list(void)
{
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Recordings")),
		vz_dcc_dropdown(.id = "recording", .placeholder = "Choose one to see it",
			.options = vz_array(), .value = VZ_NULL, .searchable = true),
		vz_html_p(.id = "recording-text", .className = "vz-note"),
		control("Name", vz_dcc_input(.id = "recording-name", .type = "text",
			.debounce = vz_bool(true), .value = vz_text(""),
			.maxLength = vz_number(60))),
		vz_html_div(.className = "vz-control", .children = vz_array(
			vz_dcc_checklist(.id = "recording-keep", .value = vz_array(),
				.options = vz_array(choice("Keep, whatever else needs room",
					"keep"))))),
		vz_html_div(.className = "vz-buttons", .children = vz_array(
			vz_html_a(.id = "recording-download", .className = "vz-button",
				.download = "", .children = vz_text("Download")),
			button("recording-delete", "vz-button", "Delete",
				"Delete the recording that is chosen"))),
		vz_html_p(.id = "recording-note", .className = "vz-note", .role = "status"),
		vz_html_p(.id = "capture-disk", .className = "vz-note")));
}

struct json_object *vz_capture_render(const struct vz_capture_panel *panel)
{
	return vz_html_main(.className = "vz-panel", .children = vz_array(
		render_view(panel),
		vz_html_div(.className = "vz-controls", .children = vz_array(
			render_record(), render_settings(), render_list()))));
}
/* clang-format on */
