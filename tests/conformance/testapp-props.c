/*
 * Callbacks that set what is not their Output: alternates, set_props, Patches, pushes, side
 * effects.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "testapp.h"

#define BURST 2000

static unsigned no_output_runs, persistent_runs;
static struct vz_timer *tick;

static int on_no_output(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	no_output_runs++;
	return vz_app_push(t->app, "count", "children", vz_textf("ran %u", no_output_runs));
}

static int on_alternate(struct vz_call *call, void *data)
{
	int r;

	r = vz_call_set(call, "alt-other", "children",
			vz_textf("other %d", testapp_clicks(call, 0)));
	if (r < 0)
		return r;
	return vz_call_set(call, "alt-other", "title",
			   vz_textf("title %d", testapp_clicks(call, 0)));
}

static int set_one(struct vz_call *call, const char *id, struct json_object *properties)
{
	int r = 0;

	json_object_object_foreach(properties, property, value)
	{
		if (r >= 0)
			r = vz_call_set(call, id, property, json_object_get(value));
	}
	return r;
}

/* set_props in mid-callback: two components of the requesting client alone. */
static int on_props(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	struct vz_client *client = vz_call_client(call);
	int n = testapp_clicks(call, 0), r;
	struct json_object *mods = json_object_new_object();
	struct json_object *first = json_object_new_object(), *second = json_object_new_object();

	json_object_object_add(first, "children", vz_textf("first %d", n));
	json_object_object_add(second, "children", vz_textf("second %d", n));
	json_object_object_add(second, "title", vz_textf("tip"));
	json_object_object_add(mods, "props-1", first);
	json_object_object_add(mods, "props-2", second);
	if (client) {
		r = vz_app_push_mods(t->app, mods, client);
	} else {
		/* A tab that is not known has the answer alone, and NULL would be everybody. */
		r = set_one(call, "props-1", first);
		if (r >= 0)
			r = set_one(call, "props-2", second);
		json_object_put(mods);
	}
	if (r < 0)
		return vz_call_fail(call, r, "push_mods: %s", strerror(-r));
	return vz_call_set_output(call, 0, vz_textf("done %d", n));
}

static int on_patch(struct vz_call *call, void *data)
{
	static const char *const patches[] = {
		"[{\"operation\":\"Append\",\"location\":[\"list\"],\"params\":{\"value\":4}}]",
		"[{\"operation\":\"Assign\",\"location\":[\"list\",0],\"params\":{\"value\":"
		"\"one\"}}]",
		"[{\"operation\":\"Add\",\"location\":[\"n\"],\"params\":{\"value\":2.5}}]",
		"[{\"operation\":\"Merge\",\"location\":[\"o\"],\"params\":{\"value\":{\"b\":2}}}]",
		"[{\"operation\":\"Delete\",\"location\":[\"list\",-1],\"params\":{}},"
		"{\"operation\":\"Reverse\",\"location\":[\"list\"],\"params\":{}}]",
		"[{\"operation\":\"Prepend\",\"location\":[\"list\"],\"params\":{\"value\":0}},"
		"{\"operation\":\"Insert\",\"location\":[\"list\"],\"params\":{\"index\":1,"
		"\"value\":\"x\"}},"
		"{\"operation\":\"Extend\",\"location\":[\"list\"],\"params\":{\"value\":[7,7]}},"
		"{\"operation\":\"Remove\",\"location\":[\"list\"],\"params\":{\"value\":7}}]",
		"[{\"operation\":\"Sub\",\"location\":[\"n\"],\"params\":{\"value\":1}},"
		"{\"operation\":\"Mul\",\"location\":[\"n\"],\"params\":{\"value\":4}},"
		"{\"operation\":\"Div\",\"location\":[\"n\"],\"params\":{\"value\":2}}]",
		"[{\"operation\":\"Clear\",\"location\":[\"list\"],\"params\":{}}]",
	};
	int n = testapp_clicks(call, 0);
	struct json_object *patch = json_object_new_object();

	if (n < 1 || (unsigned) n > VZ_N_ELEMENTS(patches)) {
		json_object_put(patch);
		return vz_call_fail(call, -ERANGE, "no patch %d", n);
	}
	json_object_object_add(patch, "__dash_patch_update",
			       json_object_new_string("__dash_patch_update"));
	json_object_object_add(patch, "operations", json_tokener_parse(patches[n - 1]));
	return vz_call_set_output(call, 0, patch);
}

static int on_persistent(struct vz_call *call, void *data)
{
	persistent_runs++;
	return 0;
}

/* More than a client that does not read can be kept waiting with. */
static int on_burst(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	int r = 0;

	for (int i = 1; i <= BURST && r >= 0; i++) {
		char filler[4096];

		snprintf(filler, sizeof(filler), "%d %*s", i, (int) sizeof(filler) - 16, "");
		r = vz_app_push(t->app, "burst", "children", json_object_new_string(filler));
	}
	if (r >= 0)
		r = vz_app_push(t->app, "burst", "children", vz_textf("last"));
	return r < 0 ? vz_call_fail(call, r, "push: %s", strerror(-r)) : 0;
}

static int on_tick_switch(struct vz_call *call, void *data)
{
	vz_timer_start(tick, 0);
	return 0;
}

/* The device as a source of mods: sets an Input of a shared callback, from no client. */
static void on_tick(void *data)
{
	struct testapp *t = data;

	(void) vz_app_push(t->app, "shared", "value", json_object_new_int(77));
}

static int on_plain_watch(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  vz_textf("saw %s",
					   json_object_to_json_string(vz_call_input(call, 0))));
}

/* Pushes the Input of a callback that is not shared: browsers have to be told aloud. */
static int on_aloud(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	return vz_app_push(t->app, "watched", "data", json_object_new_int(testapp_clicks(call, 0)));
}

/* What a set_props to one browser sets off there. */
static int on_props_chain(struct vz_call *call, void *data)
{
	const char *value = json_object_get_string(vz_call_input(call, 0));

	return vz_call_set_output(call, 0, vz_textf("chain(%s)", value ? value : ""));
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = on_no_output, .inputs = VZ_IDS("no-output.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_alternate,
	  .outputs = VZ_IDS("alt-out.children"),
	  .inputs = VZ_IDS("alt.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_props,
	  .outputs = VZ_IDS("props-out.children"),
	  .inputs = VZ_IDS("props.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_props_chain,
	  .outputs = VZ_IDS("props-chain.children"),
	  .inputs = VZ_IDS("props-1.children"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_patch,
	  .outputs = VZ_IDS("store.data"),
	  .inputs = VZ_IDS("patch.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_burst, .inputs = VZ_IDS("burst-button.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_tick_switch, .inputs = VZ_IDS("tick.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_aloud, .inputs = VZ_IDS("aloud.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_plain_watch,
	  .outputs = VZ_IDS("watched-out.children"),
	  .inputs = VZ_IDS("watched.data"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_persistent, .service = VZ_SERVICE_LINK },
};

static void add_components(struct json_object *list)
{
	testapp_add_buttons(list, VZ_IDS("no-output", "alt", "props", "patch", "burst-button",
					 "tick", "aloud"));
	testapp_add_store(list, "store", "{\"list\":[1,2,3],\"n\":5,\"o\":{\"a\":1}}");
	testapp_add_store(list, "watched", "0");
	testapp_add_divs(list, VZ_IDS("count", "alt-out", "alt-other", "props-out", "props-1",
				      "props-2", "props-chain", "burst", "watched-out"));
}

static int start(struct testapp *t)
{
	return vz_timer_new(t->loop, on_tick, t, &tick);
}

static void stop(struct testapp *t)
{
	tick = vz_timer_free(tick);
}

static void append_status(struct vz_buf *buf)
{
	vz_buf_printf(buf, ",\"no_output_runs\":%u,\"persistent_runs\":%u", no_output_runs,
		      persistent_runs);
}

const struct testapp_topic testapp_props = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
	.start = start,
	.stop = stop,
	.append_status = append_status,
};
