/*
 * A life of callbacks with patterns, once for every allocation in it, with that allocation refused,
 * or with all that follow: nothing crashes or leaks, and each other request is answered.
 */
#include "core.h"
#include "scarce.h"
#include "vizyd/html.h"
#include "vizyd/patch.h"
#include "vizyd/pattern.h"

static unsigned n_asked, n_answers;
static bool is_closed;

static void on_send(void *data, struct vz_blob *text)
{
	if (memmem(text->data, text->size, "callback_response", 17))
		n_answers++;
}

static void on_mods(void *data, const char *renderer_id, struct vz_mods *mods)
{
}

static void on_close(void *data, uint16_t code, const char *reason)
{
	is_closed = true;
}

static const struct vz_link_ops ops = { on_send, on_mods, on_close };

static void say(struct vz_link *link, const char *text)
{
	if (link && !is_closed)
		vz_link_receive(link, text, strlen(text), core_now_us);
}

static void ask(struct vz_link *link, const char *text)
{
	n_asked += link && !is_closed;
	say(link, text);
}

static struct json_object *make_row(int index)
{
	return vz_html_div(.children =
				   vz_array(vz_html_div(.pattern_id = vz_id_new("in", index),
							.title = "a"),
					    vz_html_div(.pattern_id = vz_id_new("out", index))));
}

static int repeat(struct vz_call *call, void *data)
{
	(void) vz_call_set_props(call, "sum", "lang", vz_text("x"));
	return vz_call_set_output(call, 0, json_object_get(vz_call_input(call, 0)));
}

static int count(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_number(vz_call_n_inputs_at(call, 0)));
}

static void add_callbacks(struct vz_app *app)
{
	const struct vz_callback_spec match = {
		.outputs = VZ_IDS(VZ_MATCH("out") ".title"),
		.inputs = VZ_IDS(VZ_MATCH("in") ".title", "absent.value"),
		.states = VZ_IDS(VZ_ALL("in") ".title"),
		.service = VZ_SHARED,
		.fn = repeat,
		.allow_optional = VZ_IDS("absent.value"),
		.running = VZ_RUNNING({ "sum.hidden", "true", "false" },
				      { VZ_MATCH("in") ".hidden", "true", "false" }),
	};
	const struct vz_callback_spec all = {
		.outputs = VZ_IDS("sum.title"),
		.inputs = VZ_IDS(VZ_ALL("out") ".title"),
		.service = VZ_SHARED,
		.fn = count,
		.allow_duplicate = VZ_IDS("sum.title"),
	};
	const struct vz_callback_spec view = {
		.outputs = VZ_IDS("view.title"),
		.inputs = VZ_IDS("sum.title"),
		.clientside = { "a", "b" },
	};

	(void) vz_app_add_callback(app, &match, NULL);
	(void) vz_app_add_callback(app, &all, NULL);
	(void) vz_app_add_callback(app, &view, NULL);
}

static void live(struct json_object *layout)
{
	const struct vz_app_options options = { .boot_id = "boot", .now = core_now };
	const struct vz_link_info info = { "a", "b", "c", "d", { 0 } };
	struct vz_link *link = NULL;
	struct vz_patch *patch;
	struct vz_app *app;
	struct vz_blob *blob = NULL;

	n_asked = n_answers = 0;
	is_closed = false;
	if (vz_app_new(&options, &app) < 0)
		return;
	(void) vz_app_set_layout(app, json_object_get(layout));
	add_callbacks(app);
	(void) vz_app_start(app);
	if (vz_app_encode_dependencies(app, &blob) >= 0)
		vz_blob_unref(blob);
	(void) vz_link_open(app, &info, &ops, NULL, &link);
	say(link, "{\"type\":\"hello\",\"rendererId\":\"a\",\"payload\":{\"link\":1}}");
	ask(link, "{\"type\":\"callback_request\",\"rendererId\":\"a\",\"requestId\":\"a-1\","
		  "\"payload\":{\"output\":\"{\\\"index\\\":[\\\"MATCH\\\"],\\\"type\\\":"
		  "\\\"out\\\"}.title\",\"outputs\":{\"id\":{\"index\":2,\"type\":\"out\"},"
		  "\"property\":\"title\"},\"inputs\":[{\"id\":{\"index\":2,\"type\":\"in\"},"
		  "\"property\":\"title\",\"value\":\"b\"},{\"id\":\"absent\",\"property\":"
		  "\"value\",\"value\":null}],\"state\":[[{\"id\":{\"index\":1,\"type\":\"in\"},"
		  "\"property\":\"title\",\"value\":\"a\"}]],\"changedPropIds\":"
		  "[\"{\\\"index\\\":2,\\\"type\\\":\\\"in\\\"}.title\"]}}");
	(void) vz_app_push(app, VZ_ID("in", 1), "title", vz_text("c"));
	patch = vz_patch_new();
	vz_patch_append(patch, "", make_row(3));
	(void) vz_app_push_patch(app, "rows", "children", patch);
	if (link)
		vz_link_closed(link, core_now_us);
	vz_app_free(app);
}

TEST(wildcard_no_memory_at_each_allocation_in_turn)
{
	struct json_object *layout =
		vz_array(vz_html_div(.id = "rows", .children = vz_array(make_row(1), make_row(2))),
			 vz_html_div(.id = "sum"), vz_html_div(.id = "view"));
	bool refused;

	CHECK(layout != NULL);
	for (int for_good = 0; for_good < 2; for_good++) {
		unsigned n = 0;

		do {
			CHECK(n < 20000);
			scarce_begin(n++, for_good);
			live(layout);
			refused = scarce_end();
			/* The one that met with it may be, when even the error did not fit. */
			CHECK(for_good || n_asked - n_answers <= refused);
		} while (refused);
		CHECK(n > 100);
	}
	CHECK_EQ(n_asked, n_answers);
	json_object_put(layout);
}
