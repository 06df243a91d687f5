#include "core.h"

static int note_arguments(struct vz_call *call, void *data)
{
	struct json_object *list = json_object_new_array();

	json_object_array_add(list, json_object_get(vz_call_input(call, 0)));
	json_object_array_add(list, json_object_get(vz_call_input(call, 1)));
	json_object_array_add(list, json_object_get(vz_call_state(call, 0)));
	json_object_array_add(list, json_object_new_boolean(vz_call_is_triggered(call, 0)));
	json_object_array_add(list, json_object_new_boolean(vz_call_is_triggered(call, 1)));
	json_object_array_add(list, json_object_new_boolean(vz_call_is_initial(call)));
	json_object_array_add(data, list);
	return 0;
}

TEST(dispatch_answers_the_requester_of_a_plain_callback_alone)
{
	struct vz_app *app = core_new(NULL);
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SERVICE_LINK, "y.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");

	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got_answer(&a, "{\"status\":\"ok\",\"data\":{\"multi\":true,"
				 "\"response\":{\"y\":{\"value\":40}}}}"));
	CHECK(tab_is_quiet(&a));
	CHECK(tab_is_quiet(&b));
	CHECK_EQ(json_object_get_int(vz_app_get(app, "y", "value")), 0);

	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(dispatch_shares_inputs_first_then_outputs_then_answers)
{
	struct vz_app *app = core_new(NULL);
	struct tab a, b, s;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_start_stock(app, &s, "s");

	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40}}}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_is_quiet(&a));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":4}}}"));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40}}}"));
	CHECK(tab_is_quiet(&b));
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s\",\"payload\":"
			  "{\"componentId\":\"x\",\"props\":{\"value\":4}}}"));
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s\",\"payload\":"
			  "{\"componentId\":\"y\",\"props\":{\"value\":40}}}"));

	tab_set(&s, "y.value", "x", "value", "5");
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,"
				 "\"response\":{\"y\":{\"value\":50}}}}"));
	CHECK(tab_is_quiet(&s));
	CHECK_EQ(json_object_get_int(vz_app_get(app, "x", "value")), 5);

	tab_close(&a);
	tab_close(&b);
	tab_close(&s);
	vz_app_free(app);
}

TEST(dispatch_takes_only_changed_values_from_the_browser)
{
	struct vz_app *app = core_new(NULL);
	struct tab a;
	struct json_object *seen = json_object_new_array();
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value", "w.value"),
		.states = VZ_IDS("own.value"),
		.service = VZ_SHARED,
		.fn = note_arguments,
		.data = seen,
	};

	core_set_layout(app, VZ_IDS("x", "w", "y", "own"));
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), 0);
	CHECK_EQ(vz_app_push(app, "w", "value", json_object_new_int(7)), 0);
	json_object_array_del_idx(seen, 0, json_object_array_length(seen));
	tab_start_own(app, &a, "a");

	/* The tab shows an old w; what it says of its own State counts. */
	tab_ask(&a, "y.value",
		"'inputs':[{'id':'x','property':'value','value':1},"
		"{'id':'w','property':'value','value':5}],"
		"'state':[{'id':'own','property':'value','value':'mine'}],"
		"'changedPropIds':['x.value']");
	CHECK(equals(seen, "[[1, 7, \"mine\", true, false, false]]"));

	json_object_put(seen);
	tab_close(&a);
	vz_app_free(app);
}

TEST(dispatch_names_what_does_not_match)
{
	static const struct {
		const char *label, *output, *rest, *message;
	} cases[] = {
		{ "unknown output", "z.value", "'inputs':[],'changedPropIds':[]", "'z.value'" },
		{ "an Input too few", "y.value", "'inputs':[],'changedPropIds':[]",
		  "payload.inputs: expected 1, got 0" },
		{ "another id", "y.value",
		  "'inputs':[{'id':'z','property':'value'}],'changedPropIds':[]",
		  "expected 'x.value', got 'z.value'" },
		{ "another property", "y.value",
		  "'inputs':[{'id':'x','property':'min'}],'changedPropIds':[]",
		  "expected 'x.value', got 'x.min'" },
		{ "a State too many", "y.value",
		  "'inputs':[{'id':'x','property':'value'}],"
		  "'state':[{'id':'x','property':'value'}],'changedPropIds':[]",
		  "payload.state: expected 0, got 1" },
		{ "something else changed", "y.value",
		  "'inputs':[{'id':'x','property':'value'}],'changedPropIds':['w.value']",
		  "payload.changedPropIds[0]: 'w.value'" },
		{ "a wildcard argument", "y.value",
		  "'inputs':[[{'id':'x','property':'value'}]],'changedPropIds':[]",
		  "pattern-matching" },
		{ "no Inputs at all", "y.value", "'changedPropIds':[]", "inputs" },
	};
	struct vz_app *app = core_new(NULL);
	unsigned n_runs = 0;
	struct tab a;
	size_t i;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", &n_runs);
	tab_start_own(app, &a, "a");
	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		tab_ask(&a, cases[i].output, cases[i].rest);
		CHECK(tab_got_error(&a, cases[i].message));
		CHECK(tab_is_quiet(&a));
	}
	test_case(NULL);
	CHECK_EQ(n_runs, 0);
	tab_close(&a);
	vz_app_free(app);
}

TEST(dispatch_drops_the_echo_of_a_push_and_puts_a_crossed_edit_right)
{
	struct vz_app *app = core_new(NULL);
	unsigned n_runs = 0;
	struct tab s;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", &n_runs);
	tab_start_stock(app, &s, "s");
	core_wait(app, 5000000);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(7)), 0);
	CHECK_EQ(n_runs, 1);
	tab_forget(&s);

	/* The stock renderer asks for every push of an Input. */
	tab_set(&s, "y.value", "x", "value", "7");
	CHECK(tab_got_answer(&s, "{\"status\":\"prevent_update\"}"));
	CHECK_EQ(n_runs, 1);
	/* The same value again is somebody's doing. */
	tab_set(&s, "y.value", "x", "value", "7");
	CHECK_EQ(n_runs, 2);
	CHECK(tab_next(&s));

	/* An edit crosses the next push: it wins, and the tab that shows the push by now is told.
	 */
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(8)), 0);
	tab_set(&s, "y.value", "x", "value", "3");
	CHECK_EQ(core_get(app, "x"), 3);
	tab_set(&s, "y.value", "x", "value", "8");
	CHECK_EQ(core_get(app, "x"), 3);
	tab_forget(&s);
	core_wait(app, 1000000);
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s\",\"payload\":"
			  "{\"componentId\":\"x\",\"props\":{\"value\":3}}}"));
	CHECK(tab_is_quiet(&s));
	tab_set(&s, "y.value", "x", "value", "3");
	CHECK(tab_got_answer(&s, "{\"status\":\"prevent_update\"}"));
	core_wait(app, 10000000);
	CHECK(tab_is_quiet(&s));
	CHECK_EQ(vz_app_get_counters(app)->callbacks_echo, 3);

	tab_close(&s);
	vz_app_free(app);
}

TEST(dispatch_wakes_the_browser_only_for_callbacks_that_are_not_shared)
{
	struct vz_app *app = core_new(NULL);
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x", "y", "z"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	core_add(app, VZ_SERVICE_LINK, "z.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"notify\":{\"x\":{\"value\":4}}}"));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40}}}"));
	/* Woken, b asks for both: the shared one is an echo, the plain one is b's own. */
	tab_set(&b, "y.value", "x", "value", "4");
	CHECK(tab_got_answer(&b, "{\"status\":\"prevent_update\"}"));
	tab_set(&b, "z.value", "x", "value", "4");
	CHECK(tab_got_answer(&b, "{\"status\":\"ok\",\"data\":{\"multi\":true,"
				 "\"response\":{\"z\":{\"value\":40}}}}"));
	CHECK(tab_is_quiet(&b));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(dispatch_refuses_what_the_layout_cannot_take)
{
	struct vz_app *app = core_new(NULL);
	unsigned n_runs = 0;
	struct tab a, b;

	core_set_layout(app, VZ_IDS("y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", &n_runs);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_got_error(&a, "no component 'x'"));
	CHECK(tab_is_quiet(&b));
	CHECK_EQ(n_runs, 0);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}
