#include "dash/round.h"

#include "core.h"

static char trace[256];

struct step {
	struct vz_app *app;
	const char *name;
	const char *push; /* a property that the function pushes */
	int r;
};

/* Notes that it ran and with what; output = input + 1. */
static int walk(struct vz_call *call, void *data)
{
	const struct step *step = data;
	int value = json_object_get_int(vz_call_input(call, 0));

	snprintf(trace + strlen(trace), sizeof(trace) - strlen(trace), "%s%d ", step->name, value);
	if (step->push)
		CHECK_EQ(vz_app_push(step->app, step->push, "value", json_object_new_int(value)),
			 0);
	if (step->r < 0)
		return vz_call_fail(call, step->r, "%s is stuck", step->name);
	return vz_call_set_output(call, 0, json_object_new_int(value + 1));
}

TEST(round_runs_a_chain_in_order_and_sends_one_unit)
{
	struct vz_app *app = core_new(NULL);
	struct step b = { app, "b", NULL, 0 }, c = { app, "c", NULL, 0 }, d = { app, "d", NULL, 0 };
	const struct vz_callback_spec join = {
		.outputs = VZ_IDS("d.value"),
		.inputs = VZ_IDS("c.value", "b.value"),
		.service = VZ_SHARED,
		.fn = walk,
		.data = &d,
	};
	struct tab t, s;

	trace[0] = '\0';
	core_set_layout(app, VZ_IDS("a", "b", "c", "d"));
	CHECK_EQ(vz_app_add_callback(app, &join, NULL), 0);
	core_add_fn(app, VZ_SHARED, "c.value", "b.value", walk, &c);
	core_add_fn(app, VZ_SHARED, "b.value", "a.value", walk, &b);
	tab_start_own(app, &t, "t");

	CHECK_EQ(vz_app_push(app, "a", "value", json_object_new_int(10)), 0);
	CHECK_STR(trace, "b10 c11 d12 ");
	CHECK(tab_got(&t, "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":10},\"b\":{\"value\":11},"
			  "\"c\":{\"value\":12},\"d\":{\"value\":13}}}"));
	CHECK(tab_is_quiet(&t));

	/* From a stock tab: its answer has b, what chains on it comes as mods before. */
	tab_start_stock(app, &s, "s");
	tab_set(&s, "b.value", "a", "value", "20");
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s\",\"payload\":"
			  "{\"componentId\":\"c\",\"props\":{\"value\":22}}}"));
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s\",\"payload\":"
			  "{\"componentId\":\"d\",\"props\":{\"value\":23}}}"));
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,"
				 "\"response\":{\"b\":{\"value\":21}}}}"));
	/* Its renderer runs c for the answer's b: an echo. */
	trace[0] = '\0';
	tab_set(&s, "c.value", "b", "value", "21");
	CHECK(tab_got_answer(&s, "{\"status\":\"prevent_update\"}"));
	CHECK_STR(trace, "");
	CHECK(tab_is_quiet(&s));

	tab_close(&t);
	tab_close(&s);
	vz_app_free(app);
}

TEST(round_starts_in_dependency_order)
{
	struct vz_app *app = core_new(NULL);
	struct step b = { app, "b", NULL, 0 }, c = { app, "c", NULL, 0 }, l = { app, "l", NULL, 0 };
	const struct vz_callback_spec light = {
		.inputs = VZ_IDS("a.value"),
		.service = VZ_SHARED,
		.fn = walk,
		.data = &l,
	};

	trace[0] = '\0';
	core_set_layout(app, VZ_IDS("a", "b", "c"));
	core_add_fn(app, VZ_SHARED, "c.value", "b.value", walk, &c);
	core_add_fn(app, VZ_SHARED, "b.value", "a.value", walk, &b);
	CHECK_EQ(vz_app_add_callback(app, &light, NULL), 0);
	CHECK_EQ(vz_app_start(app), 0);
	/* Each once, and none that has no Output. */
	CHECK_STR(trace, "b0 c1 ");
	vz_app_free(app);
}

TEST(round_is_joined_by_pushes_from_inside)
{
	struct vz_app *app = core_new(NULL);
	/* b pushes e, on which f hangs: all of it is one unit. */
	struct step b = { app, "b", "e", 0 }, f = { app, "f", NULL, 0 };
	struct tab t;

	trace[0] = '\0';
	core_set_layout(app, VZ_IDS("a", "b", "e", "f"));
	core_add_fn(app, VZ_SHARED, "b.value", "a.value", walk, &b);
	core_add_fn(app, VZ_SHARED, "f.value", "e.value", walk, &f);
	tab_start_own(app, &t, "t");
	tab_set(&t, "b.value", "a", "value", "7");
	CHECK_STR(trace, "b7 f7 ");
	CHECK(tab_got(&t, "{\"type\":\"mods\",\"set\":{\"e\":{\"value\":7},\"b\":{\"value\":8},"
			  "\"f\":{\"value\":8}}}"));
	CHECK(tab_got_answer(&t, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_is_quiet(&t));
	tab_close(&t);
	vz_app_free(app);
}

/* Pushes its own Input until it is 5, or for ever. */
static int climb(struct vz_call *call, void *data)
{
	const struct step *step = data;
	int value = json_object_get_int(vz_call_input(call, 0));

	if (value < 5 || step->r)
		CHECK_EQ(vz_app_push(step->app, "a", "value", json_object_new_int(value + 1)), 0);
	return vz_call_set_output(call, 0, json_object_new_int(value));
}

TEST(round_that_closes_a_circle_goes_on_in_another_and_is_cut)
{
	struct vz_app *app = core_new(NULL);
	struct step step = { app, "b", NULL, 0 };
	struct tab t;

	core_set_layout(app, VZ_IDS("a", "b"));
	core_add_fn(app, VZ_SHARED, "b.value", "a.value", climb, &step);
	tab_start_own(app, &t, "t");
	tab_set(&t, "b.value", "a", "value", "3");
	CHECK_EQ(core_get(app, "a"), 5);
	CHECK_EQ(core_get(app, "b"), 5);
	/* One unit for each round, then the answer. */
	CHECK(tab_got(&t, "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":4},\"b\":{\"value\":3}}}"));
	CHECK(tab_got(&t, "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":5},\"b\":{\"value\":4}}}"));
	CHECK(tab_got(&t, "{\"type\":\"mods\",\"set\":{\"b\":{\"value\":5}}}"));
	CHECK(tab_got_answer(&t, "{\"status\":\"prevent_update\"}"));

	step.r = 1;
	tab_set(&t, "b.value", "a", "value", "100");
	CHECK(core_get(app, "a") < 120);
	tab_forget(&t);
	/* It is not broken for good. */
	step.r = 0;
	tab_set(&t, "b.value", "a", "value", "50");
	CHECK_EQ(core_get(app, "b"), 50);
	tab_close(&t);
	vz_app_free(app);
}

TEST(round_tells_who_set_off_a_chain_that_fails)
{
	struct vz_app *app = core_new(NULL);
	struct step b = { app, "b", NULL, 0 }, c = { app, "c", NULL, -5 };
	struct tab t;

	core_set_layout(app, VZ_IDS("a", "b", "c"));
	core_add_fn(app, VZ_SHARED, "b.value", "a.value", walk, &b);
	core_add_fn(app, VZ_SHARED, "c.value", "b.value", walk, &c);
	tab_start_own(app, &t, "t");
	tab_set(&t, "b.value", "a", "value", "7");
	CHECK_STR(message_string(tab_next(&t), "type"), "error");
	CHECK(tab_got(&t, "{\"type\":\"mods\",\"set\":{\"b\":{\"value\":8}}}"));
	CHECK(tab_got_answer(&t, "{\"status\":\"prevent_update\"}"));
	CHECK_EQ(core_get(app, "c"), 0);
	tab_close(&t);
	vz_app_free(app);
}
