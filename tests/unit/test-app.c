#include "dash/app.h"

#include <errno.h>

#include "core.h"

TEST(app_push_mods_is_all_or_nothing)
{
	static const struct {
		const char *label, *mods;
		int r;
	} cases[] = {
		{ "two components", "{\"x\":{\"value\":1},\"y\":{\"value\":2}}", 0 },
		{ "one that is not there", "{\"x\":{\"value\":5},\"z\":{\"value\":2}}", -ENOENT },
		{ "not of that form", "{\"x\":5}", -EINVAL },
		{ "no object", "[]", -EINVAL },
		{ "a Patch that does not fit",
		  "{\"x\":{\"value\":6},\"y\":{\"value\":{\"__dash_patch_update\":"
		  "\"__dash_patch_update\",\"operations\":[{\"operation\":\"Append\",\"location\":"
		  "[],\"params\":{\"value\":1}}]}}}",
		  -EINVAL },
		{ "an id that is taken",
		  "{\"x\":{\"value\":7},\"y\":{\"children\":{\"namespace\":\"a\",\"type\":\"b\","
		  "\"props\":{\"id\":\"x\"}}}}",
		  -EEXIST },
	};
	struct vz_app *app = core_new(NULL);
	struct tab a;
	size_t i;

	core_set_layout(app, VZ_IDS("x", "y"));
	tab_start_own(app, &a, "a");
	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		CHECK_EQ(vz_app_push_mods(app, parse(cases[i].mods), NULL), cases[i].r);
		CHECK_EQ(tab_next(&a) != NULL, cases[i].r == 0);
		CHECK_EQ(core_get(app, "x"), 1);
		CHECK_EQ(core_get(app, "y"), 2);
	}
	tab_close(&a);
	vz_app_free(app);
}

TEST(app_push_to_one_client_touches_nothing_else)
{
	struct vz_app *app = core_new(NULL);
	struct vz_client *client;
	unsigned n_runs = 0;
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", &n_runs);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	client = vz_app_next_client(app, NULL);
	CHECK_EQ(vz_app_push_mods(app, parse("{\"x\":{\"value\":5}}"), client), 0);
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"notify\":{\"x\":{\"value\":5}}}"));
	CHECK(tab_is_quiet(&b));
	CHECK_EQ(core_get(app, "x"), 0);
	CHECK_EQ(n_runs, 0);
	CHECK_EQ(vz_app_push_mods(app, parse("5"), client), -EINVAL);
	tab_close(&a);
	CHECK_EQ(vz_app_push_mods(app, parse("{\"x\":{\"value\":5}}"), client), -ENOTCONN);
	tab_close(&b);
	vz_app_free(app);
}

TEST(app_push_applies_a_patch_and_sends_it)
{
	struct vz_app *app = core_new(NULL);
	struct tab a;

	core_set_layout(app, VZ_IDS("x"));
	tab_start_own(app, &a, "a");
	CHECK_EQ(vz_app_push(app, "x", "data", parse("[1]")), 0);
	tab_forget(&a);
	CHECK_EQ(vz_app_push(app, "x", "data",
			     parse("{\"__dash_patch_update\":\"__dash_patch_update\","
				   "\"operations\":"
				   "[{\"operation\":\"Append\",\"location\":[],\"params\":"
				   "{\"value\":2}}]}")),
		 0);
	CHECK(equals(vz_app_get(app, "x", "data"), "[1,2]"));
	CHECK(json_object_object_get(tab_next(&a), "patch"));
	tab_close(&a);
	vz_app_free(app);
}

TEST(app_keeps_grace_times_and_deadlines_in_one_alarm)
{
	struct vz_app_options options = { .grace_us = 7000000 };
	struct vz_app *app = core_new(&options);
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x"));
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	CHECK_EQ(core_deadline_us, INT64_MAX);
	tab_close(&a);
	CHECK_EQ(core_deadline_us, core_now_us + 7000000);
	core_now_us += 1000000;
	tab_close(&b);
	CHECK_EQ(core_deadline_us, core_now_us + 6000000);
	CHECK(core_tick(app));
	CHECK_EQ(vz_app_n_clients(app), 1);
	CHECK(core_tick(app));
	CHECK_EQ(vz_app_n_clients(app), 0);
	CHECK(!core_tick(app));
	vz_app_free(app);
}

TEST(app_shared_values_survive_in_the_snapshot_only_while_there)
{
	struct vz_app *app = core_new(NULL);
	struct tab a;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	CHECK_EQ(vz_app_push(app, "x", "title", json_object_new_string("t")), 0);
	tab_open(app, &a, "a", false);
	tab_hello(&a);
	CHECK(equals(json_object_object_get(tab_next(&a), "set"),
		     "{\"x\":{\"value\":0,\"title\":\"t\"},\"y\":{\"value\":0}}"));
	/* Another layout, without y. */
	core_set_layout(app, VZ_IDS("x"));
	CHECK(tab_got(&a, "{\"type\":\"reload\"}"));
	tab_hello(&a);
	CHECK(equals(json_object_object_get(tab_next(&a), "set"), "{\"x\":{\"value\":0}}"));
	tab_close(&a);
	vz_app_free(app);
}
