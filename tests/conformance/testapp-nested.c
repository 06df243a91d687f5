/*
 * Components that stand elsewhere than in children, that come late with code of their own, or that
 * are not there at all.
 */
#include <errno.h>

#include "testapp.h"
#include "vizyd/dcc.h"
#include "vizyd/html.h"
#include "vizyd/patch.h"

/* In labels of options, which a component draws by itself. */
static struct json_object *make_checklist(void)
{
	struct json_object *with_button =
		vz_html_span(.children = vz_array(vz_text("beta "),
						  vz_html_button(.id = "nest-button",
								 .children = vz_text("press"),
								 .n_clicks = 0)));

	return vz_dcc_checklist(.id = "nest-list", .value = vz_array(vz_text("a")),
				.options = vz_array(vz_object({ "value", vz_text("a") },
							      { "label",
								vz_html_b(.id = "nest-label",
									  .children = vz_text(
										  "alpha")) }),
						    vz_object({ "value", vz_text("b") },
							      { "label", with_button })));
}

static struct json_object *make_dropdown(void)
{
	struct json_object *label = vz_html_b(.id = "drop-label", .children = vz_text("gamma"));

	return vz_dcc_dropdown(.id = "nest-choice", .value = vz_text("c"),
			       .options = vz_array(
				       vz_object({ "value", vz_text("c") }, { "label", label })));
}

static struct json_object *make_tab(const char *label, const char *button)
{
	return vz_dcc_tab(.label = vz_text(label), .value = label,
			  .children =
				  vz_array(vz_html_button(.id = button, .children = vz_text(button),
							  .n_clicks = 0)));
}

/* Components whose code a page loads when it first has one; of a menu this page has one already. */
static struct json_object *make_late(void)
{
	struct json_object *line = vz_object({ "x", vz_array(vz_number(1), vz_number(2)) },
					     { "y", vz_array(vz_number(3), vz_number(4)) });
	struct json_object *title =
		vz_object({ "title", vz_object({ "text", vz_text("as it came") }) });

	return vz_array(vz_dcc_dropdown(.id = "late-choice", .value = vz_text("red"),
					.options = vz_array(vz_text("red"), vz_text("green"))),
			vz_dcc_markdown(.id = "late-words", .children = vz_text("*Late* words")),
			vz_dcc_graph(.id = "late-graph",
				     .figure = vz_object({ "data", vz_array(line) },
							 { "layout", title })));
}

static int tell_presses(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("pressed %d", testapp_clicks(call, 0)));
}

static int on_late(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, make_late());
}

static int on_choice(struct vz_call *call, void *data)
{
	const char *value = json_object_get_string(vz_call_input(call, 0));

	return vz_call_set_output(call, 0, vz_textf("chose %s", value ? value : "nothing"));
}

static int on_figure(struct vz_call *call, void *data)
{
	struct vz_patch *patch = vz_patch_new();

	vz_patch_assign(patch, "layout.title.text", vz_textf("title %d", testapp_clicks(call, 0)));
	vz_patch_append(patch, "data[0].y", json_object_new_int(5));
	return vz_call_patch_output(call, 0, patch);
}

static int on_optional(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  vz_textf("%d %s %s", testapp_clicks(call, 0),
					   json_object_to_json_string(vz_call_input(call, 1)),
					   json_object_to_json_string(vz_call_state(call, 0))));
}

/* Its only Input is nowhere: who calls it does so by hand. */
static int on_nobody(struct vz_call *call, void *data)
{
	return vz_call_fail(call, -ENOENT, "called by nobody");
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = tell_presses,
	  .outputs = VZ_IDS("nest-label.children"),
	  .inputs = VZ_IDS("nest.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = tell_presses,
	  .outputs = VZ_IDS("drop-label.children"),
	  .inputs = VZ_IDS("nest.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = tell_presses,
	  .outputs = VZ_IDS("nest-out.children"),
	  .inputs = VZ_IDS("nest-button.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = tell_presses,
	  .outputs = VZ_IDS("tab-out.children"),
	  .inputs = VZ_IDS("tab-button.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = tell_presses,
	  .outputs = VZ_IDS("other-tab-out.children"),
	  .inputs = VZ_IDS("other-tab-button.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = tell_presses,
	  .outputs = VZ_IDS("spinner-out.children"),
	  .inputs = VZ_IDS("spinner-button.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_late,
	  .outputs = VZ_IDS("late-place.children"),
	  .inputs = VZ_IDS("late-button.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_choice,
	  .outputs = VZ_IDS("late-value.children"),
	  .inputs = VZ_IDS("late-choice.value"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_figure,
	  .outputs = VZ_IDS("late-graph.figure"),
	  .inputs = VZ_IDS("figure-button.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_optional,
	  .outputs = VZ_IDS("optional-out.children"),
	  .inputs = VZ_IDS("optional.n_clicks", "nowhere-input.value"),
	  .states = VZ_IDS("nowhere-state.value"),
	  .allow_optional = VZ_IDS("nowhere-input.value", "nowhere-state.value"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_nobody,
	  .outputs = VZ_IDS("missing-out.children"),
	  .inputs = VZ_IDS("nowhere.n_clicks"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = tell_presses,
	  .outputs = VZ_IDS("nowhere-out.children"),
	  .inputs = VZ_IDS("to-nowhere.n_clicks"),
	  .service = TESTAPP_BUTTON },
};

static void add_components(struct json_object *list)
{
	testapp_add_buttons(list, VZ_IDS("nest", "late-button", "figure-button", "optional",
					 "to-nowhere"));
	testapp_add_divs(list, VZ_IDS("nest-out", "tab-out", "other-tab-out", "spinner-out",
				      "late-place", "late-value", "optional-out", "missing-out"));
	json_object_array_add(list, make_checklist());
	json_object_array_add(list, make_dropdown());
	json_object_array_add(list,
			      vz_dcc_tabs(.id = "nest-tabs", .value = "One",
					  .children =
						  vz_array(make_tab("One", "tab-button"),
							   make_tab("Two", "other-tab-button"))));
	json_object_array_add(list,
			      vz_dcc_loading(.id = "nest-loading", .display = "show",
					     .children = vz_array(),
					     .custom_spinner =
						     vz_html_button(.id = "spinner-button",
								    .children = vz_text("wait"),
								    .n_clicks = 0)));
}

const struct testapp_topic testapp_nested = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
};
