#include <stdio.h>

#include "dash/app.h"
#include "panels/analyze-private.h"
#include "panels/values.h"
#include "vizyd/components.h"

/* A page that is made anew keeps what was chosen; @otherwise is taken. */
static struct json_object *kept(const struct vz_analyze_panel *panel, const char *id,
				struct json_object *otherwise)
{
	struct json_object *value = vz_app_get(panel->options.app, id, "value");

	if (!value)
		return otherwise;
	json_object_put(otherwise);
	return json_object_get(value);
}

static double kept_number(const struct vz_analyze_panel *panel, const char *id, double otherwise)
{
	return vz_values_get_number(panel->options.app, id, "value", otherwise);
}

static struct json_object *row(const char *label, const char *id, struct json_object *control)
{
	/* clang-format off */
	return vz_html_div(.className = "vz-control", .children = vz_array(
		vz_html_label(.className = "vz-control-label", .htmlFor = id,
			.children = vz_text(label)),
		control));
	/* clang-format on */
}

static struct json_object *render_unit(const struct vz_analyze_panel *panel)
{
	struct json_object *options = vz_array();
	const char *unit;

	for (unsigned i = 0; (unit = vz_clip_unit(i)); i++)
		vz_array_add(&options,
			     vz_object({ "label", vz_text(unit) }, { "value", vz_text(unit) }));
	return vz_dcc_radio_items(.id = ANALYZE_UNIT, .inline_ = true, .options = options,
				  .value = kept(panel, ANALYZE_UNIT, vz_text(vz_clip_unit(0))));
}

static struct json_object *render_rule(const struct vz_analyze_panel *panel)
{
	struct json_object *options = vz_array();
	const char *value;

	for (unsigned i = 0; (value = vz_motion_rule_name(i)); i++)
		vz_array_add(&options, vz_object({ "label", vz_text(vz_analyze_rule_label(i)) },
						 { "value", vz_text(value) }));
	return vz_dcc_radio_items(.id = ANALYZE_RULE, .inline_ = true, .options = options,
				  .value = kept(panel, ANALYZE_RULE, vz_text("polynomial")));
}

static struct json_object *render_show(const struct vz_analyze_panel *panel)
{
	struct json_object *options = vz_array();

	for (unsigned q = 0; q < VZ_N_QUANTITIES; q++)
		vz_array_add(&options, vz_object({ "label", vz_text(vz_quantity_name(q)) },
						 { "value", vz_text(vz_quantity_name(q)) }));
	return vz_dcc_checklist(.id = ANALYZE_SHOW, .inline_ = true, .options = options,
				.value = kept(panel, ANALYZE_SHOW,
					      vz_array(vz_text("x"), vz_text("y"), vz_text("vy"))));
}

static struct json_object *render_download(const struct vz_analyze_panel *panel, const char *id,
					   const char *file, const char *label)
{
	char href[256];

	(void) snprintf(href, sizeof(href), "%s_vizyd/clips/%s", panel->options.prefix, file);
	return vz_html_a(.id = id, .className = "vz-button", .href = href, .download = file,
			 .children = vz_text(label));
}

static struct json_object *render_objects(const struct vz_analyze_panel *panel)
{
	struct vz_clip_result *result = vz_desk_get_result(panel->options.desk);
	double end_s = vz_analyze_get_end_s(panel);
	struct vz_clip_analysis now;

	vz_analyze_read(panel, &now);
	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Objects")),
		vz_html_p(.id = ANALYZE_NOTE, .className = "vz-note", .role = "status"),
		vz_dcc_checklist(.id = ANALYZE_TRACKS, .className = "vz-tracks",
			.options = vz_array(),
			.value = vz_analyze_track_ids(result, now.hidden)),
		vz_html_div(.className = "vz-buttons", .children = vz_array(
			vz_html_button(.id = ANALYZE_ALL, .className = "vz-button", .n_clicks = 0,
				.children = vz_text("All")),
			vz_html_button(.id = ANALYZE_NONE, .className = "vz-button", .n_clicks = 0,
				.children = vz_text("None")))),
		row("Every n-th frame", ANALYZE_SPACING,
			vz_dcc_slider(.id = ANALYZE_SPACING, .min = 1, .max = VZ_ANALYSIS_MAX_SPACING, .step = 1,
				.updatemode = "drag",
				.value = kept_number(panel, ANALYZE_SPACING, 5),
				.marks = VZ_NULL)),
		row("Time / s", ANALYZE_RANGE,
			vz_dcc_range_slider(.id = ANALYZE_RANGE, .min = 0,
				.max = end_s > 0 ? end_s : 1, .step = 0.001, .marks = VZ_NULL,
				.updatemode = "drag",
				.value = vz_analyze_range(panel, now.first_s, now.last_s))),
		vz_html_div(.className = "vz-buttons", .children = vz_array(
			render_download(panel, "analyze-csv", "tracks.csv", "CSV"),
			render_download(panel, "analyze-json", "tracks.json", "JSON")))));
	/* clang-format on */
}

static struct json_object *render_scale(const struct vz_analyze_panel *panel)
{
	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title", .children = vz_text("Scale")),
		row("Unit", ANALYZE_UNIT, render_unit(panel)),
		row("Length of the line", ANALYZE_LENGTH,
			vz_dcc_input(.id = ANALYZE_LENGTH, .type = "number", .min = vz_number(0),
				.step = vz_text("any"), .debounce = vz_bool(true),
				.value = vz_number(kept_number(panel, ANALYZE_LENGTH, 1)))),
		vz_html_p(.className = "vz-note", .children = vz_text(
			"Choose a unit, and lay the line over something whose length you know. "
			"The origin is at the lower left, y points up."))));
	/* clang-format on */
}

static struct json_object *render_derivative(const struct vz_analyze_panel *panel)
{
	/* clang-format off */
	return vz_html_section(.className = "vz-group", .children = vz_array(
		vz_html_h2(.className = "vz-group-title",
			.children = vz_text("Velocity and acceleration")),
		row("Rule", ANALYZE_RULE, render_rule(panel)),
		row("Window / points", ANALYZE_WINDOW,
			vz_dcc_slider(.id = ANALYZE_WINDOW, .min = VZ_DERIVATIVE_MIN_WINDOW,
				.max = ANALYZE_MAX_WINDOW, .step = 2, .marks = VZ_NULL,
				.value = kept_number(panel, ANALYZE_WINDOW,
					VZ_DERIVATIVE_DEFAULT_WINDOW)))));
	/* clang-format on */
}

/* Until a browser has drawn it. */
static struct json_object *render_no_figure(void)
{
	static const char no_colour[] = "rgba(0,0,0,0)";
	struct json_object *layout = vz_object({ "paper_bgcolor", vz_text(no_colour) },
					       { "plot_bgcolor", vz_text(no_colour) });

	vz_object_add(&layout, "xaxis", vz_object({ "visible", vz_bool(false) }));
	vz_object_add(&layout, "yaxis", vz_object({ "visible", vz_bool(false) }));
	return vz_object({ "data", vz_array() }, { "layout", layout });
}

static struct json_object *render_graph(const struct vz_analyze_panel *panel)
{
	/* clang-format off */
	return vz_html_section(.className = "vz-group vz-graphs", .children = vz_array(
		vz_html_div(.className = "vz-control", .children = vz_array(
			vz_html_label(.className = "vz-control-label", .htmlFor = ANALYZE_SHOW,
				.children = vz_text("Graphs")),
			render_show(panel))),
		vz_html_p(.id = ANALYZE_POINT, .className = "vz-note vz-point",
			.children = vz_text("")),
		vz_dcc_graph(.id = ANALYZE_GRAPH, .className = "vz-graph", .clear_on_unhover = true,
			.figure = render_no_figure(),
			.config = vz_object({ "displaylogo", vz_bool(false) },
				{ "responsive", vz_bool(true) },
				{ "modeBarButtonsToRemove", vz_array(vz_text("select2d"),
					vz_text("lasso2d"), vz_text("autoScale2d")) })),
		vz_html_p(.id = ANALYZE_FORMULA, .className = "vz-note"),
		vz_dcc_store(.id = ANALYZE_DATA, .storage_type = "memory", .data = VZ_NULL)));
	/* clang-format on */
}

struct json_object *vz_analyze_panel_render(struct vz_analyze_panel *panel)
{
	struct json_object *line = vz_app_get(panel->options.app, ANALYZE_VIEW, "line");

	/* clang-format off */
	return vz_html_div(.className = "vz-panel vz-analyze", .children = vz_array(
		vz_html_div(.className = "vz-sight", .children = vz_array(
			vz_own_track_view(.id = ANALYZE_VIEW,
				.label = "The objects at every n-th frame, on the background",
				.line = line ? json_object_get(line) : VZ_NULL, .hover = VZ_NULL),
			render_graph(panel))),
		vz_html_div(.className = "vz-controls", .children = vz_array(
			render_objects(panel), render_scale(panel), render_derivative(panel)))));
	/* clang-format on */
}
