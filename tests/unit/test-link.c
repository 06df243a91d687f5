#include "dash/link.h"

#include "core.h"

static struct vz_app *start(unsigned *n_runs)
{
	struct vz_app *app = core_new(NULL);

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", n_runs);
	return app;
}

TEST(link_of_ours_is_welcomed_with_all_shared_values)
{
	struct vz_app *app = start(NULL);
	struct json_object *welcome;
	struct tab a;

	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(3)), 0);
	tab_open(app, &a, "a", false);
	tab_hello(&a);
	welcome = tab_next(&a);
	CHECK_STR(message_string(welcome, "type"), "welcome");
	CHECK_STR(message_string(welcome, "boot"), "boot");
	CHECK_STR(message_string(welcome, "layout"), vz_app_layout_hash(app));
	CHECK_EQ(json_object_get_int(json_object_object_get(welcome, "client")), 1);
	CHECK(equals(json_object_object_get(welcome, "set"),
		     "{\"x\":{\"value\":3},\"y\":{\"value\":30}}"));
	/* The renderer's own hello callback has nothing to add. */
	tab_ask(&a, "hello", "'inputs':[],'changedPropIds':[]");
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_is_quiet(&a));
	tab_close(&a);
	vz_app_free(app);
}

TEST(link_of_the_stock_worker_carries_several_tabs)
{
	struct vz_app *app = start(NULL);
	struct tab s;

	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(3)), 0);
	tab_open(app, &s, "s1", true);
	tab_ask(&s, "hello", "'inputs':[],'changedPropIds':[]");
	CHECK(tab_got_answer(&s, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s1\",\"payload\":"
			  "{\"componentId\":\"x\",\"props\":{\"value\":3}}}"));
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s1\",\"payload\":"
			  "{\"componentId\":\"y\",\"props\":{\"value\":30}}}"));
	strcpy(s.id, "s2");
	tab_ask(&s, "hello", "'inputs':[],'changedPropIds':[]");
	CHECK_EQ(vz_app_n_clients(app), 2);
	tab_forget(&s);
	tab_set(&s, "y.value", "x", "value", "4");
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s1\",\"payload\":"
			  "{\"componentId\":\"x\",\"props\":{\"value\":4}}}"));
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s1\",\"payload\":"
			  "{\"componentId\":\"y\",\"props\":{\"value\":40}}}"));
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,"
				 "\"response\":{\"y\":{\"value\":40}}}}"));
	CHECK(tab_is_quiet(&s));
	tab_close(&s);
	vz_app_free(app);
}

TEST(link_tells_replayed_clicks_from_new_ones)
{
	static const struct {
		const char *label, *request_id, *changed;
		bool runs;
	} cases[] = {
		{ "a first request", "s-1", "\"x.value\"", true },
		{ "a late one that changes something", "s-7", "\"x.value\"", false },
		{ "a late one that is initial", "s-7", "", true },
		{ "a plain client's count", "7", "\"x.value\"", true },
		{ "another's name in front", "t-7", "\"x.value\"", true },
		{ "something behind the count", "s-7x", "\"x.value\"", true },
		{ "no count", "s-", "\"x.value\"", true },
		{ "a huge count", "s-99999999999999999999", "\"x.value\"", false },
	};
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		unsigned n_runs = 0;
		struct vz_app *app = start(&n_runs);
		struct tab s;

		test_case(cases[i].label);
		tab_open(app, &s, "s", true);
		tab_say(&s,
			"{\"type\":\"callback_request\",\"rendererId\":\"s\",\"requestId\":\"%s\","
			"\"payload\":{\"output\":\"y.value\",\"inputs\":[{\"id\":\"x\","
			"\"property\":\"value\",\"value\":4}],\"changedPropIds\":[%s]}}",
			cases[i].request_id, cases[i].changed);
		CHECK_EQ(n_runs, cases[i].runs);
		CHECK_STR(message_string(tab_next(&s), "requestId"), cases[i].request_id);
		CHECK(tab_is_quiet(&s));
		/* After its hello it is served, whatever its count. */
		tab_ask(&s, "hello", "'inputs':[],'changedPropIds':[]");
		s.n_requests = 40;
		tab_set(&s, "y.value", "x", "value", "5");
		CHECK_EQ(n_runs, cases[i].runs + 1);
		tab_close(&s);
		vz_app_free(app);
	}
}

TEST(link_that_is_newer_has_the_tab)
{
	struct vz_app *app = start(NULL);
	struct tab old, young;

	tab_start_own(app, &old, "a");
	tab_start_own(app, &young, "a");
	CHECK_EQ(vz_app_n_clients(app), 1);
	CHECK_EQ(old.close_code, 4002);
	CHECK_EQ(vz_client_get_id(vz_app_next_client(app, NULL)), 1);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(3)), 0);
	CHECK(tab_is_quiet(&old));
	CHECK(tab_next(&young));
	tab_close(&old);
	CHECK(vz_client_is_online(vz_app_next_client(app, NULL)));
	tab_close(&young);
	vz_app_free(app);
}

TEST(link_of_ours_has_one_tab)
{
	struct vz_app *app = start(NULL);
	struct tab a, s;

	tab_start_own(app, &a, "a");
	strcpy(a.id, "b");
	tab_set(&a, "y.value", "x", "value", "1");
	CHECK(tab_got_error(&a, "hello"));
	tab_hello(&a);
	CHECK_STR(message_string(tab_next(&a), "type"), "error");
	CHECK_EQ(vz_app_n_clients(app), 1);
	strcpy(a.id, "a");
	tab_hello(&a); /* again: it may have missed the welcome */
	CHECK_STR(message_string(tab_next(&a), "type"), "welcome");

	tab_start_stock(app, &s, "s");
	tab_hello(&s);
	CHECK_STR(message_string(tab_next(&s), "type"), "error");
	/* Nobody says bye for another. */
	tab_say(&s, "{\"type\":\"bye\",\"rendererId\":\"a\"}");
	CHECK_EQ(vz_app_n_clients(app), 2);
	tab_close(&a);
	tab_close(&s);
	vz_app_free(app);
}

TEST(link_answers_what_it_cannot_read)
{
	static const struct {
		const char *label, *text, *type;
	} cases[] = {
		{ "a request that lacks its payload",
		  "{\"type\":\"callback_request\",\"rendererId\":\"a\",\"requestId\":\"a-1\"}",
		  "callback_response" },
		{ "no request id", "{\"type\":\"callback_request\",\"rendererId\":\"a\"}",
		  "error" },
		{ "no ids at all", "{\"type\":\"callback_request\"}", "error" },
		{ "no JSON", "{", "error" },
		{ "an unknown type", "{\"type\":\"mods\",\"set\":{}}", "error" },
		{ "a foreign renderer id",
		  "{\"type\":\"callback_request\",\"rendererId\":\"<b>\",\"requestId\":\"1\","
		  "\"payload\":{\"output\":\"y.value\",\"inputs\":[],\"changedPropIds\":[]}}",
		  "callback_response" },
		{ "a heartbeat", "{\"type\":\"heartbeat\"}", "heartbeat_ack" },
		{ "props that nobody asked for",
		  "{\"type\":\"get_props_response\",\"rendererId\":\"a\",\"requestId\":\"1\","
		  "\"payload\":{}}",
		  NULL },
	};
	struct vz_app *app = start(NULL);
	struct tab a;
	size_t i;

	tab_start_own(app, &a, "a");
	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		tab_say(&a, "%s", cases[i].text);
		if (cases[i].type)
			CHECK_STR(message_string(tab_next(&a), "type"), cases[i].type);
		CHECK(tab_is_quiet(&a));
	}
	test_case(NULL);
	CHECK_EQ(vz_app_get_counters(app)->messages_bad, 6);
	tab_set(&a, "y.value", "x", "value", "4");
	CHECK(tab_next(&a));
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	tab_close(&a);
	vz_app_free(app);
}

TEST(link_snapshot_is_all_shared_values)
{
	struct vz_app *app = start(NULL);
	struct vz_mods *snapshot;
	struct tab a;

	tab_start_own(app, &a, "a");
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(3)), 0);
	CHECK_EQ(vz_link_snapshot(a.link, NULL, &snapshot), 0);
	CHECK_EQ(snapshot->n_mods, 2);
	CHECK_EQ(json_object_get_int(vz_mods_find(snapshot, "y", "value")->value), 30);
	vz_mods_unref(snapshot);
	tab_close(&a);
	vz_app_free(app);
}
