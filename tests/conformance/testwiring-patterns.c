/*
 * Pattern-matching ids: rows that one browser has for itself, and levels that all share.
 */
#include <stdio.h>
#include <string.h>

#include "testwiring.h"
#include "vizyd/dcc.h"
#include "vizyd/html.h"
#include "vizyd/patch.h"
#include "vizyd/pattern.h"

static unsigned match_runs, sum_runs;
static int n_levels;

static int index_of(struct vz_call *call)
{
	return json_object_get_int(vz_call_match(call, "index"));
}

static struct json_object *make_button(const char *kind, int index)
{
	char name[32];

	snprintf(name, sizeof(name), "%s-%d", kind, index);
	return vz_html_button(.pattern_id = vz_id_new(kind, index), .className = name,
			      .children = vz_text(name), .n_clicks = 0);
}

static struct json_object *make_div(const char *kind, int index)
{
	char name[32];

	snprintf(name, sizeof(name), "%s-%d", kind, index);
	return vz_html_div(.pattern_id = vz_id_new(kind, index), .className = name,
			   .children = vz_text(""));
}

/* --- One browser's own ----------------------------------------------------------------------- */

static int on_match(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  vz_textf("%d: %d", index_of(call), testapp_clicks(call, 0)));
}

/* "total of n, by the one that triggered" */
static int on_total(struct vz_call *call, void *data)
{
	unsigned n = vz_call_n_inputs_at(call, 0);
	struct json_object *by = vz_id_get(vz_call_triggered_id(call, 0), "index");
	int total = 0, r;

	for (unsigned i = 0; i < n; i++)
		total += json_object_get_int(vz_call_input_at(call, 0, i));
	r = vz_call_set_output(call, 0,
			       vz_textf("%d of %u by %s", total, n,
					by ? json_object_get_string(by) : "nobody"));
	json_object_put(by);
	return r;
}

static int on_smaller(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  vz_textf("%s",
					   json_object_to_json_string_ext(vz_call_input(call, 0),
									  JSON_C_TO_STRING_PLAIN)));
}

static int on_fixed(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("button %d", index_of(call)));
}

/* All three, or with every second click the middle one alone. */
static int on_all(struct vz_call *call, void *data)
{
	unsigned n = vz_call_n_outputs_at(call, 0);
	struct json_object *list;

	if (testapp_clicks(call, 0) % 2 == 0)
		return vz_call_set_output_at(call, 0, 1, vz_textf("alone"));
	list = json_object_new_array();
	for (unsigned i = 0; i < n; i++)
		json_object_array_add(list, vz_textf("all %u", i));
	return vz_call_set_output(call, 0, list);
}

static int on_too_few(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, json_object_new_array());
}

static int on_none(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  vz_textf("%u of %s", vz_call_n_inputs_at(call, 1),
					   json_object_get_string(vz_call_input(call, 1))));
}

/* Another row, for this browser alone: a button, and where its clicks are shown. */
static int on_add(struct vz_call *call, void *data)
{
	int n = 10 + testapp_clicks(call, 0);
	struct vz_patch *patch = vz_patch_new();

	vz_patch_append(patch, "", make_button("pm", n));
	vz_patch_append(patch, "", make_div("pmo", n));
	return vz_call_patch_output(call, 0, patch);
}

static int on_by_id(struct vz_call *call, void *data)
{
	return vz_call_set_props(call, VZ_ID("pmo", 2), "title",
				 vz_textf("by id %d", testapp_clicks(call, 0)));
}

/* --- Shared ---------------------------------------------------------------------------------- */

static int on_level(struct vz_call *call, void *data)
{
	match_runs++;
	return vz_call_set_output(call, 0,
				  vz_textf("level %d is %d", index_of(call),
					   testapp_clicks(call, 0)));
}

static int on_levels(struct vz_call *call, void *data)
{
	unsigned n = vz_call_n_inputs_at(call, 0);
	int sum = 0;

	sum_runs++;
	for (unsigned i = 0; i < n; i++)
		sum += json_object_get_int(vz_call_input_at(call, 0, i));
	return vz_call_set_output(call, 0, vz_textf("%d in %u", sum, n));
}

static struct json_object *make_level_row(int index)
{
	char name[32];

	snprintf(name, sizeof(name), "level-%d", index);
	return vz_html_div(.className = name,
			   .children =
				   vz_array(vz_dcc_slider(.pattern_id = vz_id_new("level", index),
							  .min = 0, .max = 100, .step = 1,
							  .value = 10 * index, .updatemode = "drag",
							  .marks = VZ_NULL),
					    make_div("level-out", index)));
}

/* The device adds one for everybody. */
static int on_grow(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	struct vz_patch *patch = vz_patch_new();

	vz_patch_append(patch, "", make_level_row(++n_levels));
	return vz_app_push_patch(t->app, "levels", "children", patch);
}

/* The device moves the first. */
static int on_device(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	return vz_app_push(t->app, VZ_ID("level", 1), "value", json_object_new_int(77));
}

/* --- The page -------------------------------------------------------------------------------- */

#define NAMES(...) ((const char *[]){ __VA_ARGS__, NULL })

static const struct vz_callback_spec callbacks[] = {
	{ .outputs = NAMES(VZ_MATCH("pmo") ".children"),
	  .inputs = NAMES(VZ_MATCH("pm") ".n_clicks"),
	  .service = VZ_SERVICE_LINK,
	  .fn = on_match },
	{ .outputs = NAMES("total.children"),
	  .inputs = NAMES(VZ_ALL("pm") ".n_clicks"),
	  .service = VZ_S0,
	  .fn = on_total },
	{ .outputs = NAMES(VZ_MATCH("smaller") ".children"),
	  .inputs = NAMES(VZ_ALLSMALLER("pm") ".n_clicks"),
	  .service = VZ_SERVICE_LINK,
	  .fn = on_smaller },
	{ .outputs = NAMES("fixed.children"),
	  .inputs = NAMES(VZ_MATCH("pm") ".n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_fixed },
	{ .outputs = NAMES(VZ_ALL("all") ".children"),
	  .inputs = NAMES("all-button.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_all },
	{ .outputs = NAMES(VZ_ALL("all") ".title"),
	  .inputs = NAMES("too-few.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_too_few },
	{ .outputs = NAMES("none.children"),
	  .inputs = NAMES("none-button.n_clicks", VZ_ALL("nothing") ".value"),
	  .service = VZ_SERVICE_LINK,
	  .fn = on_none },
	{ .outputs = NAMES("rows.children"),
	  .inputs = NAMES("add.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_add },
	{ .inputs = NAMES("by-id.n_clicks"), .service = TESTAPP_BUTTON, .fn = on_by_id },
	{ .outputs = NAMES(VZ_MATCH("level-out") ".children"),
	  .inputs = NAMES(VZ_MATCH("level") ".value"),
	  .service = VZ_SHARED,
	  .fn = on_level },
	{ .outputs = NAMES("levels-sum.children"),
	  .inputs = NAMES(VZ_ALL("level") ".value"),
	  .service = VZ_SHARED,
	  .fn = on_levels },
	{ .inputs = NAMES("grow.n_clicks"), .service = TESTAPP_BUTTON, .fn = on_grow },
	{ .inputs = NAMES("device.n_clicks"), .service = TESTAPP_BUTTON, .fn = on_device },
};

static void add_components(struct json_object *list)
{
	static const char *const divs[] = { "total", "fixed", "none", "levels-sum", NULL };
	static const char *const buttons[] = { "all-button", "too-few", "none-button", "add",
					       "by-id",	     "grow",	"device",      NULL };
	struct json_object *in_rows = json_object_new_array(), *in_levels = json_object_new_array();

	testapp_add_divs(list, divs);
	testapp_add_buttons(list, buttons);
	for (int i = 1; i <= 3; i++) {
		json_object_array_add(in_rows, make_button("pm", i));
		json_object_array_add(in_rows, make_div("pmo", i));
		json_object_array_add(list, make_div("smaller", i));
		json_object_array_add(list, make_div("all", i));
	}
	for (n_levels = 1; n_levels <= 2; n_levels++)
		json_object_array_add(in_levels, make_level_row(n_levels));
	n_levels--;
	json_object_array_add(list, vz_html_div(.id = "rows", .children = in_rows));
	json_object_array_add(list, vz_html_div(.id = "levels", .children = in_levels));
}

static void append_status(struct vz_buf *buf)
{
	vz_buf_printf(buf, ",\"match_runs\":%u,\"sum_runs\":%u", match_runs, sum_runs);
}

const struct testapp_topic testwiring_patterns = {
	.callbacks = callbacks,
	.n_callbacks = sizeof(callbacks) / sizeof(callbacks[0]),
	.add_components = add_components,
	.append_status = append_status,
};
