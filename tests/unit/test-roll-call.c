#include "dash/roll-call.h"

#include "core.h"
#include "dash/client.h"

static bool is_asked(struct tab *tab)
{
	struct json_object *next = tab_next(tab);

	return next && !strcmp(message_string(next, "type"), "get_props_request");
}

/* Answers the question that was read last. */
static void answer(struct tab *tab)
{
	struct json_object *question = json_object_array_get_idx(tab->messages, tab->n_read - 1);

	tab_say(tab,
		"{\"type\":\"get_props_response\",\"rendererId\":\"%s\",\"requestId\":\"%s\","
		"\"payload\":{}}",
		tab->id, message_string(question, "requestId"));
}

static struct vz_client *find(struct vz_app *app, const char *id)
{
	return vz_client_find_renderer(app, id);
}

TEST(roll_call_finds_tabs_that_have_closed)
{
	struct vz_app *app = core_new(NULL);
	struct tab s, o;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	tab_start_stock(app, &s, "s");
	tab_start_own(app, &o, "o");
	/* A second tab of the same browser. */
	tab_say(&s, "{\"type\":\"callback_request\",\"rendererId\":\"s2\",\"requestId\":\"s2-1\","
		    "\"payload\":{\"output\":\"hello\",\"inputs\":[],\"changedPropIds\":[]}}");
	tab_forget(&s);
	CHECK_EQ(vz_app_n_clients(app), 3);
	core_wait(app, 30000000);
	CHECK(is_asked(&s));
	answer(&s);
	CHECK(is_asked(&s)); /* that is for the second, which is closed */
	core_wait(app, 10000000);
	CHECK(vz_client_is_online(find(app, "s")));
	CHECK(!vz_client_is_online(find(app, "s2")));
	core_wait(app, 15000000);
	CHECK(!find(app, "s2"));
	CHECK(find(app, "s"));

	/* Who says something is there. */
	tab_set(&s, "y.value", "x", "value", "1");
	tab_forget(&s);
	core_wait(app, 20000000);
	CHECK(tab_is_quiet(&s));
	/* A tab of our own link says itself when it goes. */
	tab_forget(&o);
	core_wait(app, 60000000);
	CHECK(tab_is_quiet(&o));
	CHECK(find(app, "o"));
	tab_close(&s);
	tab_close(&o);
	core_wait(app, 16000000);
	/* Nobody to call: nothing to wake up for. */
	CHECK_EQ(core_deadline_us, INT64_MAX);
	vz_app_free(app);
}

TEST(roll_call_takes_a_frozen_tab_back)
{
	struct tab s;
	int gone;

	for (gone = 0; gone < 2; gone++) {
		struct vz_app *app = core_new(NULL);

		test_case(gone ? "after the grace time" : "within it");
		core_set_layout(app, VZ_IDS("x", "y"));
		tab_start_stock(app, &s, "s");
		core_wait(app, 30000000);
		CHECK(is_asked(&s));
		core_wait(app, gone ? 26000000 : 11000000);
		CHECK_EQ(find(app, "s") == NULL, gone);
		CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(7 + gone)), 0);
		CHECK(tab_is_quiet(&s));
		answer(&s);
		CHECK(vz_client_is_online(find(app, "s")));
		CHECK(equals(json_object_object_get(tab_next(&s), "payload"),
			     gone ? "{\"componentId\":\"x\",\"props\":{\"value\":8}}"
				  : "{\"componentId\":\"x\",\"props\":{\"value\":7}}"));
		tab_close(&s);
		vz_app_free(app);
	}
}

TEST(roll_call_lost_tab_that_is_clicked_is_served)
{
	struct vz_app *app = core_new(NULL);
	struct tab s;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SERVICE_LINK, "y.value", "x.value", NULL);
	tab_start_stock(app, &s, "s");
	tab_set(&s, "y.value", "x", "value", "1");
	core_wait(app, 120000000);
	CHECK(!find(app, "s"));
	tab_forget(&s);
	/* Not its first request, but the socket is not new: no click that was kept while it was
	 * away. */
	tab_set(&s, "y.value", "x", "value", "2");
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":{\"y\":"
				 "{\"value\":20}}}}"));
	CHECK(find(app, "s"));
	tab_close(&s);
	vz_app_free(app);
}
