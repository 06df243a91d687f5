/*
 * What browsers do by themselves: running, clientside callbacks, missing components, duplicates;
 * and what reaches one of them while a call runs.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "testwiring.h"

#define NAMES(...) ((const char *[]){ __VA_ARGS__, NULL })

static int on_dup(struct vz_call *call, void *data, const char *name)
{
	return vz_call_set_output(call, 0, vz_textf("%s %d", name, testapp_clicks(call, 0)));
}

static int on_dup_a(struct vz_call *call, void *data)
{
	return on_dup(call, data, "a");
}

static int on_dup_b(struct vz_call *call, void *data)
{
	return on_dup(call, data, "b");
}

/* Takes its time. The third click fails. */
static int on_work(struct vz_call *call, void *data)
{
	usleep(600000);
	if (testapp_clicks(call, 0) % 3 == 0)
		return vz_call_fail(call, -EIO, "the work failed");
	return vz_call_set_output(call, 0, vz_textf("done %d", testapp_clicks(call, 0)));
}

/* Three steps, each seen before it is done. */
static int on_steps(struct vz_call *call, void *data)
{
	for (int i = 1; i <= 3; i++) {
		int r = vz_call_set_props(call, "step", "children", vz_textf("step %d", i));

		if (r < 0)
			return vz_call_fail(call, r, "set_props: %d", r);
		usleep(200000);
	}
	return vz_call_set_output(call, 0, vz_textf("all steps"));
}

/* set_props wakes what listens, and that what listens to it: a chain in one browser. */
static int on_chain_start(struct vz_call *call, void *data)
{
	return vz_call_set_props(call, "chain-1", "data",
				 vz_call_input(call, 0) ? json_object_get(vz_call_input(call, 0))
							: NULL);
}

static int on_chain_1(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, json_object_new_int(10 * testapp_clicks(call, 0)));
}

static int on_chain_2(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("chain %d", testapp_clicks(call, 0)));
}

static int on_optional(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  vz_textf("%d %s %s", testapp_clicks(call, 0),
					   vz_call_input(call, 1) ? "there" : "null",
					   vz_call_state(call, 0) ? "there" : "null"));
}

static int on_missing(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("must not be called"));
}

/* Greets each browser that arrives, whoever else is there. */
static int greet(struct vz_call *call, const char *id, const char *word)
{
	return vz_call_set_props(call, id, "children", vz_textf("%s", word));
}

static int on_arrival_1(struct vz_call *call, void *data)
{
	return greet(call, "greeting-1", "hello");
}

/* On a worker, and for a while: the title of the page must not say so. */
static int on_arrival_2(struct vz_call *call, void *data)
{
	usleep(500000);
	return greet(call, "greeting-2", "welcome");
}

static int on_shared(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, json_object_new_int(2 * testapp_clicks(call, 0)));
}

/* What a clientside callback has set is an Input like any other. */
static int on_rounded(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("server saw %d", testapp_clicks(call, 0)));
}

static const struct vz_running while_working[] = {
	{ "work.disabled", "true", "false" },
	{ "work-state.children", "\"working\"", "\"ready\"" },
	{ NULL, NULL, NULL },
};

static const struct vz_callback_spec callbacks[] = {
	{ .outputs = NAMES("dup.children"),
	  .inputs = NAMES("dup-a.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_dup_a },
	{ .outputs = NAMES("dup.children"),
	  .inputs = NAMES("dup-b.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_dup_b,
	  .allow_duplicate = NAMES("dup.children") },
	{ .outputs = NAMES("work-out.children"),
	  .inputs = NAMES("work.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .blocking = true,
	  .fn = on_work,
	  .running = while_working },
	{ .outputs = NAMES("steps-out.children"),
	  .inputs = NAMES("steps.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .blocking = true,
	  .fn = on_steps },
	{ .inputs = NAMES("chain-start.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_chain_start },
	{ .outputs = NAMES("chain-2.data"),
	  .inputs = NAMES("chain-1.data"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_chain_1 },
	{ .outputs = NAMES("chain-out.children"),
	  .inputs = NAMES("chain-2.data"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_chain_2 },
	{ .outputs = NAMES("optional-out.children"),
	  .inputs = NAMES("optional.n_clicks", "absent.value"),
	  .states = NAMES("absent-too.value"),
	  .service = VZ_SERVICE_LINK,
	  .fn = on_optional,
	  .allow_optional = NAMES("absent.value", "absent-too.value") },
	{ .outputs = NAMES("missing-out.children"),
	  .inputs = NAMES("absent.value"),
	  .service = VZ_SERVICE_LINK,
	  .fn = on_missing },
	{ .service = VZ_SERVICE_LINK, .fn = on_arrival_1 },
	{ .service = VZ_SERVICE_LINK, .blocking = true, .fn = on_arrival_2 },
	{ .outputs = NAMES("twice.data"),
	  .inputs = NAMES("once.value"),
	  .service = VZ_SHARED,
	  .fn = on_shared },
	/* A view of what the server makes for everybody. */
	{ .outputs = NAMES("view.children"),
	  .inputs = NAMES("twice.data"),
	  .clientside = { "test", "view" } },
	{ .outputs = NAMES("rounded.data"),
	  .inputs = NAMES("raw.n_clicks"),
	  .states = NAMES("digits.data"),
	  .service = VZ_SERVICE_NO_CLIENT_INITIAL,
	  .clientside = { "test", "round" } },
	{ .outputs = NAMES("rounded-out.children"),
	  .inputs = NAMES("rounded.data"),
	  .service = TESTAPP_BUTTON,
	  .fn = on_rounded },
	/* Sets by dash_clientside.set_props() what is nobody's Output. */
	{ .inputs = NAMES("set.n_clicks"),
	  .service = VZ_SERVICE_NO_CLIENT_INITIAL,
	  .clientside = { "test", "set" } },
};

static void add_components(struct json_object *list)
{
	static const char *const divs[] = { "dup",	    "work-state",  "work-out",
					    "step",	    "steps-out",   "chain-out",
					    "optional-out", "missing-out", "greeting-1",
					    "greeting-2",   "view",	   "rounded-out",
					    "set-out",	    NULL };
	static const char *const buttons[] = { "dup-a",	   "dup-b", "work", "steps", "chain-start",
					       "optional", "raw",   "set",  NULL };

	testapp_add_divs(list, divs);
	testapp_add_buttons(list, buttons);
	testapp_add_slider(list, "once", 4);
	testapp_add_store(list, "twice", "0");
	testapp_add_store(list, "chain-1", "0");
	testapp_add_store(list, "chain-2", "0");
	testapp_add_store(list, "rounded", "0");
	testapp_add_store(list, "digits", "100");
}

const struct testapp_topic testwiring_browser = {
	.callbacks = callbacks,
	.n_callbacks = sizeof(callbacks) / sizeof(callbacks[0]),
	.add_components = add_components,
};
