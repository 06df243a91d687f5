#include "core.h"

/* y = 10 x, in every way that an Input may be missing. */
static int times_ten(struct vz_call *call, void *data)
{
	unsigned *n_runs = data;

	if (n_runs)
		++*n_runs;
	return vz_call_set_output(
		call, 0, json_object_new_int(json_object_get_int(vz_call_input(call, 0)) * 10));
}

static void add(struct vz_app *app, unsigned service, const char *output, const char *input,
		unsigned *n_runs)
{
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS(output),
		.inputs = VZ_IDS(input),
		.service = service,
		.fn = times_ten,
		.data = n_runs,
	};
	int r = vz_app_add_callback(app, &spec, NULL);

	if (r < 0)
		test_fail(__FILE__, __LINE__, "%s", vz_app_last_error(app));
}

TEST(dispatch_answers_the_requester_of_a_plain_callback_alone)
{
	struct vz_app *app = core_new(NULL);
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x", "y"));
	add(app, VZ_S0, "y.value", "x.value", NULL);
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
	add(app, VZ_SHARED, "y.value", "x.value", NULL);
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
