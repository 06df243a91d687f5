#include "dash/outcome.h"

#include "core.h"

/* Input 1 asks for: an alternate output, a Patch, nothing, or a value for a component of a
 * stranger. */
static int various(struct vz_call *call, void *data)
{
	switch (json_object_get_int(vz_call_input(call, 0))) {
	case 1:
		CHECK_EQ(vz_call_set(call, "z", "value", json_object_new_string("first")), 0);
		CHECK_EQ(vz_call_set(call, "z", "title", json_object_new_string("t")), 0);
		return vz_call_set(call, "z", "value", json_object_new_string("other"));
	case 2:
		return vz_call_set_output(call, 0,
					  parse("{\"__dash_patch_update\":\"__dash_patch_update\","
						"\"operations\":"
						"[{\"operation\":\"Add\",\"location\":[],"
						"\"params\":{\"value\":5}}]}"));
	case 3:
		return 0;
	case 4:
		CHECK_EQ(vz_call_set_output(call, 0, json_object_new_int(1)), 0);
		return vz_call_set(call, "nowhere", "value", NULL);
	default:
		CHECK_EQ(vz_call_set_output(call, 0, json_object_new_int(1)), 0);
		return vz_call_set_output(call, 0, NULL);
	}
}

static struct vz_app *start(unsigned service, struct tab *a, struct tab *s)
{
	struct vz_app *app = core_new(NULL);

	core_set_layout(app, VZ_IDS("x", "y", "z"));
	core_add_fn(app, service, "y.value", "x.value", various, NULL);
	tab_start_own(app, a, "a");
	tab_start_stock(app, s, "s");
	return app;
}

static void end(struct vz_app *app, struct tab *a, struct tab *s)
{
	tab_close(a);
	tab_close(s);
	vz_app_free(app);
}

TEST(outcome_of_a_plain_callback_is_the_answer)
{
	static const struct {
		const char *value, *payload;
	} cases[] = {
		{ "1", "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
		       "{\"z\":{\"value\":\"other\",\"title\":\"t\"}}}}" },
		{ "3", "{\"status\":\"prevent_update\"}" },
		{ "5", "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
		       "{\"y\":{\"value\":null}}}}" },
	};
	struct tab a, s;
	struct vz_app *app = start(VZ_SERVICE_LINK, &a, &s);
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		tab_set(&a, "y.value", "x", "value", cases[i].value);
		CHECK(tab_got_answer(&a, cases[i].payload));
		CHECK(tab_is_quiet(&a));
		CHECK(tab_is_quiet(&s));
	}
	end(app, &a, &s);
}

TEST(outcome_of_a_shared_callback_is_everybodys)
{
	struct tab a, s;
	struct vz_app *app = start(VZ_SHARED, &a, &s);

	tab_set(&s, "y.value", "x", "value", "1");
	CHECK(tab_next(&a)); /* the Input */
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"z\":{\"value\":\"other\","
			  "\"title\":\"t\"}}}"));
	/* The answer has all Outputs as they are today, beside the alternates. */
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"y\":{\"value\":0},\"z\":{\"value\":\"other\","
				 "\"title\":\"t\"}}}}"));
	tab_set(&s, "y.value", "x", "value", "2");
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"y\":{\"value\":5}}}}"));
	CHECK(tab_next(&a));
	CHECK(json_object_object_get(tab_next(&a), "patch"));
	tab_set(&s, "y.value", "x", "value", "3");
	CHECK(tab_got_answer(&s, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_next(&a));
	CHECK(tab_is_quiet(&a));
	end(app, &a, &s);
}

TEST(outcome_that_does_not_fit_changes_nothing)
{
	struct tab a, s;
	struct vz_app *app = start(VZ_SHARED, &a, &s);

	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got_error(&a, "'nowhere'"));
	CHECK(tab_is_quiet(&a));
	CHECK_EQ(core_get(app, "y"), 0);
	CHECK_EQ(vz_app_get_counters(app)->callbacks_failed, 1);
	end(app, &a, &s);
}

/* Two controls for one value, and a limit. */
static int keep_both(struct vz_call *call, void *data)
{
	unsigned from = vz_call_is_triggered(call, 1) ? 1 : 0;
	int value = json_object_get_int(vz_call_input(call, from));

	if (value > 100)
		value = 100;
	CHECK_EQ(vz_call_set_output(call, 0, json_object_new_int(value)), 0);
	return vz_call_set_output(call, 1, json_object_new_int(value));
}

TEST(outcome_that_repeats_an_edit_is_not_sent_back)
{
	struct vz_app *app = core_new(NULL);
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("x.value", "y.value"),
		.inputs = VZ_IDS("x.value", "y.value"),
		.service = VZ_SHARED,
		.fn = keep_both,
	};
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), 0);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_ask(&a, "..x.value...y.value..",
		"'inputs':[{'id':'x','property':'value','value':50},"
		"{'id':'y','property':'value','value':0}],'changedPropIds':['x.value']");
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":50}}}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":50}}}"));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":50}}}"));
	/* The limit is sent to everybody. */
	tab_ask(&a, "..x.value...y.value..",
		"'inputs':[{'id':'x','property':'value','value':500},"
		"{'id':'y','property':'value','value':50}],'changedPropIds':['x.value']");
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":100},"
			  "\"y\":{\"value\":100}}}"));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}
