/*
 * What each bit of a service does, set and clear, in sets that have no name. A worker is the test
 * itself, so that calls wait when it says so.
 */
#include <errno.h>

#include "core.h"
#include "dash/call.h"
#include "dash/client.h"

/* --- A worker that runs what it is given when the test says so ----------------------------------
 */

#define MAX_OUT 16
static struct vz_call *out[MAX_OUT];
static unsigned n_out;

static int execute(struct vz_call *call, void *data)
{
	CHECK(n_out < MAX_OUT);
	out[n_out++] = call;
	return 0;
}

static void work(void)
{
	struct vz_call *call = out[0];

	CHECK(n_out > 0);
	memmove(out, out + 1, --n_out * sizeof(out[0]));
	vz_call_run(call);
	vz_call_complete(call);
}

static unsigned n_runs;

static int times_ten(struct vz_call *call, void *data)
{
	return core_times_ten(call, &n_runs);
}

/* One callback of @service, from x.value to y.value. */
static struct vz_app *start(unsigned service, bool blocking)
{
	struct vz_app_options options = { .execute = blocking ? execute : NULL };
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = service,
		.blocking = blocking,
		.fn = times_ten,
	};
	struct vz_app *app = core_new(&options);

	n_out = n_runs = 0;
	core_set_layout(app, VZ_IDS("x", "y"));
	if (vz_app_add_callback(app, &spec, NULL) < 0)
		test_fail(__FILE__, __LINE__, "%s", vz_app_last_error(app));
	return app;
}

static void set_x(struct tab *tab, int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	tab_set(tab, "y.value", "x", "value", text);
}

/* Whether the tab's answer has y, ten times @value. */
static bool got_y(struct tab *tab, int value)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":{\"y\":{\"value\":%d}}}"
		 "}",
		 value * 10);
	return tab_got_answer(tab, text);
}

static bool dependencies_say(struct vz_app *app, const char *part)
{
	struct vz_blob *blob;
	const char *mine;
	bool says;

	CHECK_EQ(vz_app_encode_dependencies(app, &blob), 0);
	/* The first entry is the stock worker's hello. */
	mine = memmem(blob->data, blob->size, "\"y.value\"", 9);
	CHECK(mine);
	says = memmem(mine, (size_t) (blob->data + blob->size - (uint8_t *) mine), part,
		      strlen(part));
	vz_blob_unref(blob);
	return says;
}

/* --- Each bit ------------------------------------------------------------------------------------
 */

TEST(bit_link_says_how_the_browser_calls)
{
	struct vz_app *app = start(VZ_S0, false);

	CHECK(dependencies_say(app, "\"websocket\":false"));
	vz_app_free(app);
	app = start(VZ_SERVICE_LINK, false);
	CHECK(dependencies_say(app, "\"websocket\":true"));
	vz_app_free(app);
}

TEST(bit_no_client_initial_says_whether_a_page_that_loads_calls)
{
	struct vz_app *app = start(VZ_S0, false);

	CHECK(dependencies_say(app, "\"prevent_initial_call\":false"));
	vz_app_free(app);
	app = start(VZ_SERVICE_NO_CLIENT_INITIAL, false);
	CHECK(dependencies_say(app, "\"prevent_initial_call\":true"));
	vz_app_free(app);
}

TEST(bit_server_initial_runs_at_the_start)
{
	struct vz_app *app = start(VZ_SERVICE_SHARED, false);

	CHECK_EQ(vz_app_start(app), 0);
	CHECK_EQ(n_runs, 0);
	vz_app_free(app);
	app = start(VZ_SERVICE_SHARED | VZ_SERVICE_SERVER_INITIAL, false);
	CHECK_EQ(vz_app_start(app), 0);
	CHECK_EQ(n_runs, 1);
	vz_app_free(app);
}

TEST(bit_shared_says_who_gets_the_outputs)
{
	struct vz_app *app = start(VZ_SERVICE_LINK, false);
	struct tab a, b;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	set_x(&a, 4);
	CHECK(got_y(&a, 4));
	CHECK(tab_is_quiet(&a) && tab_is_quiet(&b));
	CHECK_EQ(core_get(app, "y"), 0);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);

	app = start(VZ_SERVICE_LINK | VZ_SERVICE_SHARED, false);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	set_x(&a, 4);
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40}}}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40}}}"));
	CHECK_EQ(core_get(app, "y"), 40);
	/* Without "share inputs" the Input is each tab's own, and so the layout keeps its. */
	CHECK(tab_is_quiet(&b));
	CHECK_EQ(core_get(app, "x"), 0);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(bit_share_inputs_tells_the_others_before_the_function_runs)
{
	struct vz_app *app =
		start(VZ_SERVICE_LINK | VZ_SERVICE_SHARED | VZ_SERVICE_SHARE_INPUTS, true);
	struct tab a, b;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	set_x(&a, 4);
	CHECK_EQ(n_runs, 0);
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":4}}}"));
	CHECK_EQ(core_get(app, "x"), 4);
	CHECK(tab_is_quiet(&a));
	work();
	CHECK(tab_got(&b, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40}}}"));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(bit_serialized_lets_one_run_at_a_time)
{
	struct vz_app *app = start(VZ_SERVICE_LINK | VZ_SERVICE_SHARED, true);
	struct tab a, b;

	/* Clear: they overlap, and each outcome counts when it comes. */
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	set_x(&a, 1);
	set_x(&b, 2);
	CHECK_EQ(n_out, 2);
	work();
	work();
	CHECK_EQ(core_get(app, "y"), 20);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);

	app = start(VZ_SERVICE_LINK | VZ_SERVICE_SHARED | VZ_SERVICE_SERIALIZED, true);
	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	set_x(&a, 1);
	set_x(&b, 2);
	set_x(&a, 3);
	CHECK_EQ(n_out, 1);
	work();
	CHECK_EQ(core_get(app, "y"), 10);
	work();
	CHECK_EQ(core_get(app, "y"), 20);
	work();
	CHECK_EQ(core_get(app, "y"), 30);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(bit_most_recent_lets_one_wait_and_the_last_run)
{
	struct vz_app *app = start(VZ_SERVICE_LINK | VZ_SERVICE_SHARED | VZ_SERVICE_SERIALIZED |
					   VZ_SERVICE_MOST_RECENT,
				   true);
	struct tab a, b;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	set_x(&a, 1);
	set_x(&a, 2);
	set_x(&b, 3);
	set_x(&a, 4);
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_got_answer(&b, "{\"status\":\"prevent_update\"}"));
	work();
	work();
	CHECK_EQ(n_out, 0);
	CHECK_EQ(n_runs, 2);
	CHECK_EQ(core_get(app, "y"), 40);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

/* --- Sets without a name -------------------------------------------------------------------------
 */

TEST(bits_most_recent_without_shared_replaces_the_client_s_own_call)
{
	struct vz_app *app =
		start(VZ_SERVICE_LINK | VZ_SERVICE_SERIALIZED | VZ_SERVICE_MOST_RECENT, true);
	struct tab a, b;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	set_x(&a, 1);
	set_x(&a, 2);
	set_x(&b, 3);
	set_x(&a, 4);
	/* The second of "a" gives way, while "b", who asked once, is answered. */
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_is_quiet(&b));
	work();
	CHECK(got_y(&a, 1));
	work();
	CHECK(got_y(&b, 3));
	work();
	CHECK(got_y(&a, 4));
	CHECK_EQ(n_out, 0);
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

static void note_status(void *data, unsigned status, const char *headers, struct vz_blob *body)
{
	*(unsigned *) data = status;
}

TEST(bits_shared_over_http_reaches_everybody)
{
	static const char set_x_to_7[] = "{\"output\":\"y.value\",\"inputs\":[{\"id\":\"x\","
					 "\"property\":\"value\",\"value\":7}],"
					 "\"changedPropIds\":[\"x.value\"]}";
	struct vz_app *app = start(VZ_SERVICE_SHARED, false);
	unsigned status = 0;
	struct tab a, s;

	CHECK(dependencies_say(app, "\"websocket\":false"));
	tab_start_own(app, &a, "a");
	tab_start_stock(app, &s, "s");
	CHECK(!vz_app_receive_http(app, set_x_to_7, strlen(set_x_to_7),
				   &(struct vz_http_info){ .address = "127.0.0.1" }, core_now_us,
				   note_status, &status));
	CHECK_EQ(status, 200);
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":70}}}"));
	CHECK_EQ(core_get(app, "y"), 70);
	/* The link does not take what was declared for HTTP. */
	tab_forget(&s);
	set_x(&s, 8);
	CHECK(tab_got_error(&s, "over HTTP"));
	set_x(&a, 8);
	CHECK(tab_got_error(&a, "over HTTP"));
	CHECK_EQ(n_runs, 1);
	tab_close(&a);
	tab_close(&s);
	vz_app_free(app);
}

TEST(bits_serialized_but_not_shared_keeps_the_order_of_all_clients)
{
	struct vz_app *app = start(VZ_SERVICE_LINK | VZ_SERVICE_SERIALIZED, true);
	struct tab a, b;

	tab_start_own(app, &a, "a");
	tab_start_own(app, &b, "b");
	set_x(&a, 1);
	set_x(&b, 2);
	CHECK_EQ(n_out, 1);
	work();
	CHECK(got_y(&a, 1));
	work();
	CHECK(got_y(&b, 2));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

/* --- S2: one queue per device
 * ---------------------------------------------------------------------- */

struct rig {
	struct vz_app *app;
	struct vz_device *d, *e;
	struct tab a, b, c;
};

static struct vz_client *client_of(struct rig *rig, const struct tab *tab)
{
	return vz_client_find_renderer(rig->app, tab->id);
}

/* Two clients of one device, and one of another. */
static void start_rig(struct rig *rig, unsigned service)
{
	rig->app = start(service, true);
	CHECK_EQ(vz_app_add_device(rig->app, "d", "D", &rig->d), 0);
	CHECK_EQ(vz_app_add_device(rig->app, "e", "E", &rig->e), 0);
	tab_start_own(rig->app, &rig->a, "a");
	tab_start_own(rig->app, &rig->b, "b");
	tab_start_own(rig->app, &rig->c, "c");
	CHECK_EQ(vz_client_set_device(client_of(rig, &rig->a), rig->d), 0);
	CHECK_EQ(vz_client_set_device(client_of(rig, &rig->b), rig->d), 0);
	CHECK_EQ(vz_client_set_device(client_of(rig, &rig->c), rig->e), 0);
	tab_forget(&rig->a);
	tab_forget(&rig->b);
	tab_forget(&rig->c);
}

static void end_rig(struct rig *rig)
{
	tab_close(&rig->a);
	tab_close(&rig->b);
	tab_close(&rig->c);
	vz_app_free(rig->app);
}

TEST(s2_queues_per_device)
{
	struct rig rig;

	start_rig(&rig, VZ_S2);
	set_x(&rig.a, 1);
	set_x(&rig.b, 2);
	set_x(&rig.c, 3);
	set_x(&rig.a, 4);
	CHECK_EQ(n_out, 2);
	CHECK(vz_call_device(out[0]) == rig.d);
	CHECK(vz_call_device(out[1]) == rig.e);
	work();
	CHECK(got_y(&rig.a, 1));
	work();
	CHECK(got_y(&rig.c, 3));
	work();
	CHECK(got_y(&rig.b, 2));
	work();
	CHECK(got_y(&rig.a, 4));
	CHECK_EQ(n_out, 0);
	end_rig(&rig);
}

TEST(s2_clients_without_a_device_queue_together)
{
	struct rig rig;

	start_rig(&rig, VZ_S2);
	CHECK_EQ(vz_client_set_device(client_of(&rig, &rig.a), NULL), 0);
	CHECK_EQ(vz_client_set_device(client_of(&rig, &rig.b), NULL), 0);
	tab_forget(&rig.a);
	tab_forget(&rig.b);
	set_x(&rig.a, 1);
	set_x(&rig.b, 2);
	set_x(&rig.c, 3);
	CHECK_EQ(n_out, 2);
	CHECK(!vz_call_device(out[0]));
	work();
	work();
	work();
	CHECK(got_y(&rig.b, 2));
	end_rig(&rig);
}

TEST(s2_shared_has_one_queue_whatever_the_device)
{
	struct rig rig;

	start_rig(&rig, VZ_SERVICE_LINK | VZ_SERVICE_SHARED | VZ_SERVICE_SERIALIZED);
	set_x(&rig.a, 1);
	set_x(&rig.c, 3);
	CHECK_EQ(n_out, 1);
	work();
	work();
	CHECK_EQ(core_get(rig.app, "y"), 30);
	end_rig(&rig);
}

TEST(s2_call_keeps_the_device_that_it_was_made_for)
{
	struct rig rig;

	start_rig(&rig, VZ_S2);
	set_x(&rig.a, 1);
	CHECK_EQ(vz_client_set_device(client_of(&rig, &rig.a), rig.e), 0);
	set_x(&rig.a, 2);
	CHECK_EQ(n_out, 2);
	CHECK_STR(vz_device_get_name(vz_call_device(out[0])), "d");
	CHECK_STR(vz_device_get_name(vz_call_device(out[1])), "e");
	work();
	work();
	end_rig(&rig);
}

static unsigned n_released;

static void count_release(void *data)
{
	n_released++;
}

TEST(s2_device_that_goes_leaves_the_running_call_its_own)
{
	struct rig rig;

	start_rig(&rig, VZ_S2);
	n_released = 0;
	vz_device_set_data(rig.d, &rig, count_release);
	set_x(&rig.a, 1);
	set_x(&rig.b, 2);
	set_x(&rig.a, 3);
	set_x(&rig.c, 4);
	vz_device_remove(rig.d);
	CHECK(tab_got_error(&rig.b, "the device has gone"));
	CHECK(tab_got_error(&rig.a, "the device has gone"));
	CHECK_STR(vz_device_get_name(vz_call_device(out[0])), "d");
	CHECK(vz_device_get_data(vz_call_device(out[0])) == &rig);
	CHECK_EQ(n_released, 0);
	work();
	CHECK(got_y(&rig.a, 1));
	CHECK_EQ(n_released, 1);
	work();
	CHECK(got_y(&rig.c, 4));
	CHECK_EQ(n_out, 0);
	end_rig(&rig);
}
