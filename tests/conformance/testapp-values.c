/*
 * Values: every kind of them, what a page shows as children, trees of components, any Patch; as
 * Outputs and as set_props, to all and to one.
 */
#include <errno.h>

#include "testapp.h"
#include "vizyd/html.h"

#define TREES 100

static struct vz_timer *later;
static uint64_t later_client;

/* Every kind of value, one a click. */
static const char *const kinds[] = {
	"null",
	"true",
	"false",
	"0",
	"-1.5",
	"9007199254740991",
	"1e300",
	"\"\"",
	"\"\\u00e4\\u20ac\\ud83d\\ude00 <b>&amp;</b> \\\\ \\\" \\n\"",
	"[]",
	"{}",
	"[1,[2,[3,null]]]",
	"{\"a\":{\"b\":[true,null,\"c\"]}}",
	"0.1",
};

/* Everything that React takes as a child. */
static const char *const children[] = {
	"null",
	"\"text\"",
	"0",
	"1.5",
	"[\"a\",1,null,\"b\",[\"c\",0]]",
	"false",
	"\"\"",
	"[]",
	"{\"namespace\":\"dash_html_components\",\"type\":\"I\",\"props\":{\"children\":0}}",
	"[null,{\"namespace\":\"dash_html_components\",\"type\":\"I\",\"props\":{\"children\":["
	"\"x\"]}},0]",
};

static struct json_object *pick(struct vz_call *call, const char *const *list, unsigned n)
{
	int i = testapp_clicks(call, 0) - 1;

	return json_tokener_parse(list[i > 0 ? (unsigned) i % n : 0]);
}

static int on_kind(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, pick(call, kinds, VZ_N_ELEMENTS(kinds)));
}

static int on_child(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, pick(call, children, VZ_N_ELEMENTS(children)));
}

/* {id: {property: value}}; takes @value. */
static struct json_object *mods_of(const char *id, const char *property, struct json_object *value)
{
	struct json_object *mods = json_object_new_object(), *props = json_object_new_object();

	json_object_object_add(props, property, value);
	json_object_object_add(mods, id, props);
	return mods;
}

/* The same values by set_props, for the requester alone. */
static int on_kind_push(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	return vz_app_push_mods(t->app,
				mods_of("kind-pushed", "data",
					pick(call, kinds, VZ_N_ELEMENTS(kinds))),
				vz_call_client(call));
}

/* set_props to one browser, after its callback has long been answered. */
static int on_later(struct vz_call *call, void *data)
{
	struct vz_client *client = vz_call_client(call);

	if (!client)
		return vz_call_fail(call, -ENOTCONN, "nobody to tell later");
	later_client = vz_client_get_id(client);
	vz_timer_start(later, 100000);
	return 0;
}

static void on_later_due(void *data)
{
	struct testapp *t = data;
	struct vz_client *client = vz_app_find_client(t->app, later_client);

	if (client)
		(void) vz_app_push_mods(t->app,
					mods_of("later-out", "children", vz_textf("for one")),
					client);
}

/* A pattern id is named by its canonical form, wherever a component is named. */
static int on_dict(struct vz_call *call, void *data)
{
	static const char row[] = "{\"index\":1,\"type\":\"row\"}";
	struct testapp *t = data;
	int r;

	r = vz_app_push(t->app, row, "children", vz_textf("row %d", testapp_clicks(call, 0)));
	if (r < 0)
		return vz_call_fail(call, r, "push: %d", r);
	r = vz_app_push_mods(t->app, mods_of(row, "title", vz_textf("mine")), vz_call_client(call));
	if (r < 0)
		return vz_call_fail(call, r, "push_mods: %d", r);
	return 0;
}

/* --- Trees ----------------------------------------------------------------------------------- */

static struct json_object *make_tree(struct json_object *item)
{
	return vz_array(item, vz_text(" and text "), vz_number(0));
}

/* A tree of components as children, with an id of its own in it. */
static int on_tree(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  make_tree(vz_html_b(.id = "tree-inner",
						      .children =
							      vz_textf("tree %d",
								       testapp_clicks(call, 0)))));
}

/* Trees in one burst, one in place of the other, each with a button that a callback listens to. */
static int on_tree_push(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	int r = 0;

	for (int i = 1; i <= TREES && r >= 0; i++)
		r = vz_app_push(t->app, "pushed", "children",
				make_tree(vz_html_button(.id = "pushed-button",
							 .children = vz_textf("button %d", i))));
	return r < 0 ? vz_call_fail(call, r, "push: %d", r) : 0;
}

static int on_pushed_button(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("pressed %d", testapp_clicks(call, 0)));
}

/* --- Patches --------------------------------------------------------------------------------- */

/* The operations that the State names, in the form that travels, and a sign that they have come. */
static int on_any_patch(struct vz_call *call, void *data)
{
	struct json_object *patch = json_object_new_object();
	int r;

	json_object_object_add(patch, "__dash_patch_update",
			       json_object_new_string("__dash_patch_update"));
	json_object_object_add(patch, "operations", json_object_get(vz_call_state(call, 0)));
	r = vz_call_set_output(call, 0, patch);
	return r < 0 ? r
		     : vz_call_set_output(call, 1, vz_textf("patch %d", testapp_clicks(call, 0)));
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = on_kind,
	  .outputs = VZ_IDS("kind-store.data"),
	  .inputs = VZ_IDS("kind.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_child,
	  .outputs = VZ_IDS("child-out.children"),
	  .inputs = VZ_IDS("child.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_kind_push, .inputs = VZ_IDS("kind-push.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_later, .inputs = VZ_IDS("later.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_dict, .inputs = VZ_IDS("dict.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_tree,
	  .outputs = VZ_IDS("tree-out.children"),
	  .inputs = VZ_IDS("tree.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_tree_push, .inputs = VZ_IDS("tree-push.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_pushed_button,
	  .outputs = VZ_IDS("pushed-out.children"),
	  .inputs = VZ_IDS("pushed-button.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_any_patch,
	  .outputs = VZ_IDS("patched.data", "any-patch-out.children"),
	  .inputs = VZ_IDS("any-patch.n_clicks"),
	  .states = VZ_IDS("operations.data"),
	  .service = TESTAPP_BUTTON },
};

static struct json_object *make_row(void)
{
	return vz_html_div(.pattern_id =
				   vz_object({ "type", vz_text("row") }, { "index", vz_number(1) }),
			   .className = "row");
}

static void add_components(struct json_object *list)
{
	testapp_add_buttons(list, VZ_IDS("kind", "kind-push", "child", "later", "dict", "tree",
					 "tree-push", "any-patch"));
	testapp_add_store(list, "kind-store", "\"none yet\"");
	testapp_add_store(list, "kind-pushed", "\"none yet\"");
	testapp_add_store(list, "operations", "[]");
	testapp_add_store(list, "patched", "{}");
	testapp_add_divs(list, VZ_IDS("child-out", "later-out", "tree-out", "pushed", "pushed-out",
				      "any-patch-out"));
	json_object_array_add(list, make_row());
}

static int start(struct testapp *t)
{
	return vz_timer_new(t->loop, on_later_due, t, &later);
}

static void stop(struct testapp *t)
{
	later = vz_timer_free(later);
}

const struct testapp_topic testapp_values = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
	.start = start,
	.stop = stop,
};
