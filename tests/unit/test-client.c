#include "dash/client.h"

#include "core.h"

static char events[256];

static void note_event(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		       void *data)
{
	static const char letters[] = "CLRD";

	snprintf(events + strlen(events), sizeof(events) - strlen(events), "%c%llu ",
		 letters[event], (unsigned long long) vz_client_get_id(client));
}

TEST(client_ids_are_checked)
{
	static const struct {
		const char *label, *id;
		bool is_fine;
	} cases[] = {
		{ "a UUID", "837cfc2b-0000-4000-8000-000000000000", true },
		{ "of an insecure origin", "1795488199190-guiry2xzlrn", true },
		{ "one character", "a", true },
		{ "64", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true },
		{ "65", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		  false },
		{ "nothing", "", false },
		{ "a space", "a b", false },
		{ "markup", "<b>", false },
		{ "everybody", "*", false },
		{ "not ASCII", "\xc3\xa4", false },
	};
	size_t i;

	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		CHECK_EQ(vz_renderer_id_check(cases[i].id), cases[i].is_fine);
	}
}

TEST(client_stays_the_same_within_the_grace_time)
{
	struct vz_app *app = core_new(NULL);
	struct vz_client_listener *listener;
	struct vz_client *c;
	struct tab a, b;
	uint64_t id;

	events[0] = '\0';
	core_set_layout(app, VZ_IDS("x"));
	CHECK_EQ(vz_app_add_client_listener(app, note_event, NULL, &listener), 0);
	tab_start_own(app, &a, "a");
	c = vz_app_next_client(app, NULL);
	CHECK(c && !vz_app_next_client(app, c));
	id = vz_client_get_id(c);
	CHECK(vz_client_is_online(c));
	CHECK_STR(vz_client_get_address(c), "127.0.0.1");
	CHECK_STR(vz_client_get_host(c), "cam.lan");
	CHECK_STR(vz_client_get_origin(c), "http://cam.lan");
	CHECK_STR(vz_client_get_user_agent(c), "test");
	CHECK_EQ(vz_client_get_connected_us(c), core_now_us);

	tab_close(&a);
	CHECK(!vz_client_is_online(vz_app_find_client(app, id)));
	core_wait(app, 14000000);
	tab_start_own(app, &a, "a");
	CHECK_EQ(vz_client_get_id(vz_app_next_client(app, NULL)), id);
	tab_close(&a);
	core_wait(app, 15000000);
	CHECK(!vz_app_find_client(app, id));
	CHECK_EQ(vz_app_n_clients(app), 0);

	/* bye gives the place up at once; the next tab has another number. */
	tab_start_own(app, &b, "a");
	tab_say(&b, "{\"type\":\"bye\",\"rendererId\":\"a\"}");
	CHECK_EQ(vz_app_n_clients(app), 0);
	tab_close(&b);
	CHECK_STR(events, "C1 L1 R1 L1 D1 C2 D2 ");
	CHECK_EQ(vz_app_get_counters(app)->clients_total, 2);
	vz_client_listener_free(listener);
	vz_app_free(app);
}

TEST(client_table_has_an_end)
{
	struct vz_app_options options = { .max_clients = 2 };
	struct vz_app *app = core_new(&options);
	struct tab a, b, c, s;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_S0, "y.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	tab_start_own(app, &c, "c");
	CHECK_EQ(c.close_code, 1013);
	CHECK_EQ(vz_app_n_clients(app), 2);
	/* Over the stock worker there are others on the socket: the request is answered. */
	tab_open(app, &s, "s", true);
	tab_set(&s, "y.value", "x", "value", "1");
	CHECK(tab_got_error(&s, "too many clients"));
	/* One that is away makes room. */
	tab_close(&a);
	tab_set(&s, "y.value", "x", "value", "1");
	CHECK_EQ(s.close_code, 0);
	tab_close(&b);
	tab_close(&c);
	tab_close(&s);
	vz_app_free(app);
}

/* Removes itself and the one behind it, and adds another. */
static struct vz_client_listener *chain[3];
static unsigned n_called;

static void remove_others(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
			  void *data)
{
	n_called++;
	chain[0] = vz_client_listener_free(chain[0]);
	chain[1] = vz_client_listener_free(chain[1]);
	CHECK_EQ(vz_app_add_client_listener(app, note_event, NULL, &chain[2]), 0);
}

TEST(client_listeners_may_come_and_go_while_called)
{
	struct vz_app *app = core_new(NULL);
	struct tab a;

	events[0] = '\0';
	n_called = 0;
	CHECK_EQ(vz_app_add_client_listener(app, remove_others, NULL, &chain[0]), 0);
	CHECK_EQ(vz_app_add_client_listener(app, remove_others, NULL, &chain[1]), 0);
	tab_start_own(app, &a, "a");
	CHECK_EQ(n_called, 1);
	tab_close(&a);
	CHECK(strstr(events, "L1"));
	CHECK_EQ(n_called, 1);
	vz_app_free(app);
}

/* A listener that pushes: what a panel that counts its clients does. */
static void count(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		  void *data)
{
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int((int) vz_app_n_clients(app))),
		 0);
}

TEST(client_listeners_may_push)
{
	struct vz_app *app = core_new(NULL);
	struct vz_client_listener *listener;
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x"));
	CHECK_EQ(vz_app_add_client_listener(app, count, NULL, &listener), 0);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":2}}}"));
	tab_say(&b, "{\"type\":\"bye\",\"rendererId\":\"b\"}");
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":1}}}"));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}
