#include "dash/push.h"

#include <errno.h>

#include "core.h"
#include "dash/client.h"

TEST(push_reaches_each_client_that_is_online_once)
{
	struct vz_app *app = core_new(NULL);
	struct tab tabs[20], s;
	char id[8];
	int i;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	for (i = 0; i < 20; i++) {
		snprintf(id, sizeof(id), "t%d", i);
		tab_start_own(app, &tabs[i], id);
	}
	tab_start_stock(app, &s, "s");
	tab_close(&tabs[7]);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(1)), 0);
	for (i = 0; i < 20; i++) {
		if (i == 7)
			continue;
		CHECK(tab_got(&tabs[i], "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":1},"
					"\"y\":{\"value\":10}}}"));
		CHECK(tab_is_quiet(&tabs[i]));
		tab_close(&tabs[i]);
	}
	CHECK(tab_next(&s));
	CHECK(tab_next(&s));
	CHECK(tab_is_quiet(&s));
	tab_close(&s);
	vz_app_free(app);
}

TEST(push_keeps_its_promise_after_a_rest)
{
	struct vz_app *app = core_new(NULL);
	struct tab a;
	int i;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(1)), 0);
	/* A drag that crosses the push: nothing is asserted while it goes on. */
	for (i = 10; i < 20; i++) {
		char text[8];

		tab_forget(&a);
		snprintf(text, sizeof(text), "%d", i);
		tab_set(&a, "y.value", "x", "value", text);
		CHECK(tab_next(&a)); /* y */
		CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
		core_wait(app, 100000);
		CHECK(tab_is_quiet(&a));
	}
	core_wait(app, 100000);
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":19}}}"));
	core_wait(app, 10000000);
	CHECK(tab_is_quiet(&a));
	tab_close(&a);
	vz_app_free(app);
}

TEST(push_promises_nothing_to_a_client_that_is_gone)
{
	struct vz_app *app = core_new(NULL);
	struct tab a;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "3"); /* crosses the welcome */
	tab_close(&a);
	core_wait(app, 60000000);
	CHECK_EQ(vz_app_n_clients(app), 0);
	CHECK_EQ(core_get(app, "x"), 3);
	vz_app_free(app);
}

TEST(push_to_one_wakes_its_callbacks_or_does_not)
{
	struct vz_app *app = core_new(NULL);
	struct vz_client *client;
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_S0, "y.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	client = vz_client_find_renderer(app, "a");
	CHECK(client);
	CHECK_EQ(vz_app_push_mods(app, json_tokener_parse("{\"x\":{\"value\":1}}"), client), 0);
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"notify\":{\"x\":{\"value\":1}}}"));
	CHECK_EQ(vz_client_push_quietly(client, json_tokener_parse("{\"x\":{\"value\":2}}")), 0);
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":2}}}"));
	/* Nobody else, and not the layout. */
	CHECK(tab_is_quiet(&b));
	CHECK_EQ(core_get(app, "x"), 0);
	CHECK_EQ(vz_client_push_quietly(client, json_tokener_parse("[1]")), -EINVAL);
	tab_close(&a);
	CHECK_EQ(vz_client_push_quietly(client, json_tokener_parse("{\"x\":{\"value\":3}}")),
		 -ENOTCONN);
	tab_close(&b);
	vz_app_free(app);
}
