#include "dash/device.h"

#include <errno.h>

#include "core.h"
#include "dash/client.h"

static char events[512];

/* "+cam1", "-cam1", "cam1<2": the client with number 2 is bound to it; "cam1>2": it is not any
 * more. */
static void note_event(struct vz_app *app, struct vz_device *device, struct vz_client *client,
		       enum vz_device_event event, void *data)
{
	static const char signs[] = "+-<>";
	size_t n = strlen(events);

	CHECK_EQ(client != NULL, event == VZ_DEVICE_BOUND || event == VZ_DEVICE_UNBOUND);
	if (client)
		snprintf(events + n, sizeof(events) - n, "%s%c%llu ", vz_device_get_name(device),
			 signs[event], (unsigned long long) vz_client_get_id(client));
	else
		snprintf(events + n, sizeof(events) - n, "%c%s ", signs[event],
			 vz_device_get_name(device));
}

static bool happened(const char *expected)
{
	bool same = !strcmp(events, expected);

	if (!same)
		fprintf(stderr, "happened: \"%s\"\n", events);
	events[0] = '\0';
	return same;
}

static struct vz_app *start(void)
{
	struct vz_app *app = core_new(NULL);
	struct vz_device_listener *listener;

	events[0] = '\0';
	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_app_add_device_listener(app, note_event, NULL, &listener), 0);
	return app;
}

static struct vz_client *client_of(struct vz_app *app, const struct tab *tab)
{
	return vz_client_find_renderer(app, tab->id);
}

TEST(device_names_are_checked)
{
	struct vz_app *app = start();
	struct vz_device *d;
	char name[130];

	memset(name, 'a', sizeof(name) - 1);
	name[129] = '\0';
	CHECK_EQ(vz_app_add_device(app, "", "T", &d), -EINVAL);
	CHECK(strstr(vz_app_last_error(app), "1 to 128 bytes"));
	CHECK_EQ(vz_app_add_device(app, name, "T", &d), -EINVAL);
	CHECK_EQ(vz_app_add_device(app, name + 1, NULL, &d), 0);
	CHECK_STR(vz_device_get_title(d), name + 1);
	CHECK_EQ(vz_app_add_device(app, name + 1, "T", &d), -EEXIST);
	CHECK(strstr(vz_app_last_error(app), "already"));
	vz_app_free(app);
}

TEST(devices_are_walked_in_order_of_arrival)
{
	struct vz_app *app = start();
	struct vz_device *a, *b;

	CHECK(!vz_app_next_device(app, NULL));
	CHECK_EQ(vz_app_add_device(app, "a", "Camera A", &a), 0);
	CHECK_EQ(vz_app_add_device(app, "b", "Camera B", &b), 0);
	CHECK(vz_app_next_device(app, NULL) == a);
	CHECK(vz_app_next_device(app, a) == b);
	CHECK(!vz_app_next_device(app, b));
	CHECK(vz_app_find_device(app, "b") == b);
	CHECK(!vz_app_find_device(app, "c"));
	CHECK_STR(vz_device_get_title(b), "Camera B");
	CHECK(!vz_device_remove(a));
	CHECK(!vz_device_remove(NULL));
	CHECK(vz_app_next_device(app, NULL) == b);
	CHECK(happened("+a +b -a "));
	vz_app_free(app);
}

TEST(device_is_chosen_and_let_go_of)
{
	struct vz_app *app = start();
	struct vz_device *d, *e;
	struct vz_client *c;
	struct tab a;

	CHECK_EQ(vz_app_add_device(app, "d", "D", &d), 0);
	CHECK_EQ(vz_app_add_device(app, "e", "E", &e), 0);
	tab_start_own(app, &a, "a");
	c = client_of(app, &a);
	CHECK(!vz_client_get_device(c));
	CHECK(!vz_client_get_choice(c));
	CHECK_EQ(vz_client_set_device(c, d), 0);
	CHECK(vz_client_get_device(c) == d);
	CHECK_STR(vz_client_get_choice(c), "d");
	CHECK_EQ(vz_device_n_clients(d), 1);
	CHECK(tab_got(&a, "{\"type\":\"device\",\"device\":\"d\"}"));
	CHECK_EQ(vz_client_set_device(c, d), 0);
	CHECK(tab_is_quiet(&a));
	CHECK_EQ(vz_client_set_device(c, e), 0);
	CHECK(tab_got(&a, "{\"type\":\"device\",\"device\":\"e\"}"));
	CHECK_EQ(vz_device_n_clients(d), 0);
	CHECK_EQ(vz_client_set_device(c, NULL), 0);
	CHECK(tab_got(&a, "{\"type\":\"device\",\"device\":null}"));
	CHECK(!vz_client_get_choice(c));
	CHECK_EQ(vz_client_set_device(c, NULL), 0);
	CHECK(tab_is_quiet(&a));
	CHECK(happened("+d +e d<1 d>1 e<1 e>1 "));
	tab_close(&a);
	vz_app_free(app);
}

TEST(device_that_vanishes_leaves_its_clients_a_choice)
{
	struct vz_app *app = start();
	struct vz_device *d, *e;
	struct vz_client *c;
	struct tab a, b;

	CHECK_EQ(vz_app_add_device(app, "d", "D", &d), 0);
	CHECK_EQ(vz_app_add_device(app, "e", "E", &e), 0);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	CHECK_EQ(vz_client_set_device(client_of(app, &a), d), 0);
	CHECK_EQ(vz_client_set_device(client_of(app, &b), d), 0);
	CHECK(happened("+d +e d<1 d<2 "));
	vz_device_remove(d);
	CHECK(happened("d>1 d>2 -d "));
	CHECK(!vz_client_get_device(client_of(app, &a)));
	CHECK_STR(vz_client_get_choice(client_of(app, &a)), "d");

	/* One chooses anew, the other is bound again when it is back. */
	CHECK_EQ(vz_client_set_device(client_of(app, &b), e), 0);
	CHECK_EQ(vz_app_add_device(app, "d", "D", &d), 0);
	CHECK(happened("e<2 +d d<1 "));
	c = client_of(app, &b);
	CHECK(vz_client_get_device(c) == e);
	tab_close(&a);
	tab_close(&b);
	/* The grace time: the same client, and bound; then it is gone. */
	CHECK_EQ(vz_device_n_clients(d), 1);
	core_wait(app, 16000000);
	CHECK_EQ(vz_device_n_clients(d), 0);
	CHECK(happened("d>1 e>2 "));
	vz_app_free(app);
}

static void hello_with(struct tab *tab, const char *device)
{
	tab_say(tab,
		"{\"type\":\"hello\",\"rendererId\":\"%s\",\"payload\":{\"link\":1,\"layout\":\"\","
		"\"boot\":null,\"device\":%s}}",
		tab->id, device);
	tab_forget(tab);
}

TEST(device_choice_survives_a_reload)
{
	struct vz_app *app = start();
	struct vz_device *d;
	struct tab a;

	CHECK_EQ(vz_app_add_device(app, "d", "D", &d), 0);
	tab_open(app, &a, "a", false);
	hello_with(&a, "\"d\"");
	CHECK(vz_client_get_device(client_of(app, &a)) == d);
	CHECK(happened("+d d<1 "));
	/* A tab that returns has the choice that it had, whatever it says. */
	CHECK_EQ(vz_client_set_device(client_of(app, &a), NULL), 0);
	tab_close(&a);
	tab_open(app, &a, "a", false);
	hello_with(&a, "\"d\"");
	CHECK(!vz_client_get_device(client_of(app, &a)));
	tab_close(&a);
	vz_app_free(app);
}

TEST(device_may_come_after_who_has_chosen_it)
{
	struct vz_app *app = start();
	struct vz_device *d;
	struct tab a;

	tab_open(app, &a, "a", false);
	hello_with(&a, "\"d\"");
	CHECK(!vz_client_get_device(client_of(app, &a)));
	CHECK_EQ(vz_app_add_device(app, "d", "D", &d), 0);
	CHECK(vz_client_get_device(client_of(app, &a)) == d);
	CHECK(happened("+d d<1 "));
	tab_close(&a);
	vz_app_free(app);
}

TEST(device_choices_that_are_none_are_ignored)
{
	static const char *const choices[] = { "\"\"", "5", "null", "{}", "\"a\\u0000b\"" };
	struct vz_app *app = start();
	struct vz_device *d;
	struct tab a;
	size_t i;

	CHECK_EQ(vz_app_add_device(app, "a", "A", &d), 0);
	for (i = 0; i < VZ_N_ELEMENTS(choices); i++) {
		test_case(choices[i]);
		tab_open(app, &a, "a", false);
		hello_with(&a, choices[i]);
		CHECK(!vz_client_get_choice(client_of(app, &a)));
		tab_say(&a, "{\"type\":\"bye\",\"rendererId\":\"a\"}");
		tab_close(&a);
	}
	vz_app_free(app);
}

static unsigned n_released;

static void release(void *data)
{
	n_released += *(unsigned *) data;
}

TEST(device_data_goes_with_it)
{
	struct vz_app *app = start();
	struct vz_device *d;
	unsigned one = 1;

	n_released = 0;
	CHECK_EQ(vz_app_add_device(app, "a", "A", &d), 0);
	vz_device_set_data(d, &one, release);
	CHECK(vz_device_get_data(d) == &one);
	vz_device_remove(d);
	CHECK_EQ(n_released, 1);
	CHECK_EQ(vz_app_add_device(app, "b", "B", &d), 0);
	vz_device_set_data(d, &one, release);
	vz_app_free(app);
	CHECK_EQ(n_released, 2);
}

static struct vz_device_listener *chain[2];

static void remove_both(struct vz_app *app, struct vz_device *device, struct vz_client *client,
			enum vz_device_event event, void *data)
{
	chain[0] = vz_device_listener_free(chain[0]);
	chain[1] = vz_device_listener_free(chain[1]);
}

TEST(device_listeners_may_go_while_called)
{
	struct vz_app *app = start();
	struct vz_device *d;

	CHECK_EQ(vz_app_add_device_listener(app, remove_both, NULL, &chain[0]), 0);
	CHECK_EQ(vz_app_add_device_listener(app, remove_both, NULL, &chain[1]), 0);
	CHECK_EQ(vz_app_add_device(app, "a", "A", &d), 0);
	CHECK(!chain[0] && !chain[1]);
	CHECK(happened("+a "));
	vz_app_free(app);
}

/* What a program does that shows which devices there are. */
static void choose_first(struct vz_app *app, struct vz_device *device, struct vz_client *client,
			 enum vz_device_event event, void *data)
{
	if (event == VZ_DEVICE_UNBOUND)
		CHECK_EQ(vz_client_set_device(client, vz_app_next_device(app, NULL)), 0);
}

TEST(device_listener_may_choose_another)
{
	struct vz_app *app = start();
	struct vz_device_listener *listener;
	struct vz_device *d, *e;
	struct tab a;

	CHECK_EQ(vz_app_add_device_listener(app, choose_first, NULL, &listener), 0);
	CHECK_EQ(vz_app_add_device(app, "d", "D", &d), 0);
	CHECK_EQ(vz_app_add_device(app, "e", "E", &e), 0);
	tab_start_own(app, &a, "a");
	CHECK_EQ(vz_client_set_device(client_of(app, &a), d), 0);
	vz_device_remove(d);
	CHECK(vz_client_get_device(client_of(app, &a)) == e);
	CHECK(happened("+d +e d<1 d>1 e<1 -d "));
	vz_device_listener_free(listener);
	tab_close(&a);
	vz_app_free(app);
}
