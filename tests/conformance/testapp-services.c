/*
 * Services that the rest of the page has no use for: functions that may wait, devices (S2), log-in,
 * questions to the browser, values from another thread.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "testapp.h"
#include "util/json.h"

/* What the thread posts, as fast as it can. */
#define N_POSTS 50000

static const char *const device_names[] = { "alpha", "beta" };
static struct vz_device *devices[VZ_N_ELEMENTS(device_names)];

static struct vz_app *app;
static int may_end;	     /* atomic: what hangs does so until then */
static int n_now, n_at_most; /* atomic: calls of "many" that run at one time */
static int n_device_runs;    /* atomic */
static unsigned n_bound, n_unbound, n_overdue, n_overdue_ended, n_answers, n_released;

static struct poster {
	pthread_t thread;
	struct vz_app *app;
	bool is_started;
} poster;

static void nap_ms(long ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	(void) nanosleep(&time, NULL);
}

/* --- Functions that may wait ------------------------------------------------------------------ */

static int on_slow(struct vz_call *call, void *data)
{
	nap_ms(2000);
	return vz_call_set_output(call, 0, vz_textf("slow %d", testapp_clicks(call, 0)));
}

static int on_quick(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("quick %d", testapp_clicks(call, 0)));
}

static int on_hang(struct vz_call *call, void *data)
{
	while (!__atomic_load_n(&may_end, __ATOMIC_RELAXED))
		nap_ms(5);
	return vz_call_set_output(call, 0, vz_textf("free"));
}

static int on_free(struct vz_call *call, void *data)
{
	__atomic_store_n(&may_end, 1, __ATOMIC_RELAXED);
	return 0;
}

/* May overlap, and says how many did. */
static int on_many(struct vz_call *call, void *data)
{
	int n = __atomic_add_fetch(&n_now, 1, __ATOMIC_SEQ_CST);
	int most = __atomic_load_n(&n_at_most, __ATOMIC_SEQ_CST);

	while (n > most && !__atomic_compare_exchange_n(&n_at_most, &most, n, false,
							__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	nap_ms(100);
	__atomic_sub_fetch(&n_now, 1, __ATOMIC_SEQ_CST);
	return vz_call_set_output(call, 0, json_object_new_int(testapp_clicks(call, 0)));
}

/* --- Devices ---------------------------------------------------------------------------------- */

static int on_choose(struct vz_call *call, void *data)
{
	const char *name = json_object_get_string(vz_call_input(call, 0));
	struct testapp *t = data;
	struct vz_device *device = name && *name ? vz_app_find_device(t->app, name) : NULL;
	int r;

	/* A Store tells that it is there. */
	if (!name)
		return 0;
	if (*name && !device)
		return vz_call_fail(call, -EINVAL, "there is no device '%s'", name);
	r = vz_client_set_device(vz_call_client(call), device);
	if (r < 0)
		return r;
	return vz_call_set_output(call, 0,
				  vz_textf("%s", device ? vz_device_get_title(device) : "nothing"));
}

/* On a worker: takes 0.3 s of its device's time. */
static int on_device(struct vz_call *call, void *data)
{
	struct vz_device *device = vz_call_device(call);

	nap_ms(300);
	__atomic_add_fetch(&n_device_runs, 1, __ATOMIC_RELAXED);
	return vz_call_set_output(call, 0,
				  vz_textf("%s %d", device ? vz_device_get_name(device) : "none",
					   testapp_clicks(call, 0)));
}

static int add_device(struct testapp *t, unsigned i)
{
	char title[32];

	snprintf(title, sizeof(title), "Device %s", device_names[i]);
	return vz_app_add_device(t->app, device_names[i], title, &devices[i]);
}

/* Takes the second device away, and brings it back with the next click. */
static int on_unplug(struct vz_call *call, void *data)
{
	if (!devices[1])
		return add_device(data, 1);
	devices[1] = vz_device_remove(devices[1]);
	return 0;
}

/* Each client sees what it is bound to. */
static void on_device_event(struct vz_app *of, struct vz_device *device, struct vz_client *client,
			    enum vz_device_event event, void *data)
{
	struct json_object *mods = json_object_new_object(), *properties = json_object_new_object();
	bool is_bound = event == VZ_DEVICE_BOUND;

	n_bound += event == VZ_DEVICE_BOUND;
	n_unbound += event == VZ_DEVICE_UNBOUND;
	if (!client) {
		json_object_put(mods);
		json_object_put(properties);
		return;
	}
	json_object_object_add(properties, "children",
			       vz_textf("%s", is_bound ? vz_device_get_name(device) : "none"));
	json_object_object_add(mods, "bound", properties);
	(void) vz_app_push_mods(of, mods, client);
}

/* --- Log-in ------------------------------------------------------------------------------------
 */

static int on_log_in(struct vz_call *call, void *data)
{
	const char *name = json_object_get_string(vz_call_input(call, 0));
	struct vz_client *client = vz_call_client(call);
	int r;

	if (!name)
		return 0;
	if (!client)
		return vz_call_fail(call, -EIO, "a page without a link cannot log in");
	r = vz_client_set_user(client, *name ? name : NULL,
			       !strcmp(name, "ann") ? "admin" : "guest");
	if (r >= 0)
		r = vz_client_set_field(client, "log-ins", json_object_new_int(1));
	if (r < 0)
		return r;
	return vz_call_set_output(call, 0,
				  vz_textf("%s, %s", name ? name : "nobody",
					   vz_client_get_role(client)));
}

/* --- Questions ---------------------------------------------------------------------------------
 */

struct question {
	struct testapp *t;
	uint64_t client_id;
};

static void on_props(int r, struct json_object *values, void *data)
{
	struct question *q = data;
	struct vz_client *client = vz_app_find_client(q->t->app, q->client_id);
	struct json_object *mods = json_object_new_object(), *properties = json_object_new_object();

	n_answers++;
	json_object_object_add(properties, "children",
			       r < 0 ? vz_textf("%s", strerror(-r))
				     : vz_textf("%s", json_object_to_json_string_ext(values, 0)));
	json_object_object_add(mods, "asked", properties);
	if (client)
		(void) vz_app_push_mods(q->t->app, mods, client);
	else
		json_object_put(mods);
	free(q);
}

static int on_ask(struct vz_call *call, void *data)
{
	struct vz_client *client = vz_call_client(call);
	struct question *q = calloc(1, sizeof(*q));
	int r;

	if (!q || !client) {
		free(q);
		return -EIO;
	}
	q->t = data;
	q->client_id = vz_client_get_id(client);
	r = vz_client_get_props(client, VZ_IDS("ask-me.value", "ask-me.step", "absent.value"),
				testapp_clicks(call, 0) > 1 ? 300000 : 0, on_props, q, NULL);
	if (r < 0)
		free(q);
	return r;
}

/* --- Another thread ----------------------------------------------------------------------------
 */

static void *post_many(void *data)
{
	struct poster *p = data;
	char text[64];
	int i;

	for (i = 1; i <= N_POSTS; i++) {
		snprintf(text, sizeof(text), "{\"posted\":{\"children\":%d}}", i);
		(void) vz_app_post_mods(p->app, json_tokener_parse(text), 0);
	}
	return NULL;
}

static void end_poster(void)
{
	if (poster.is_started)
		(void) pthread_join(poster.thread, NULL);
	poster.is_started = false;
}

static int on_post(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	int r;

	end_poster();
	poster.app = t->app;
	r = -pthread_create(&poster.thread, NULL, post_many, &poster);
	poster.is_started = r == 0;
	return r;
}

/* --- All of it ----------------------------------------------------------------------------------
 */

static void on_release(void *data)
{
	n_released++;
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = on_slow,
	  .outputs = VZ_IDS("slow-out.children"),
	  .inputs = VZ_IDS("slow.n_clicks"),
	  .service = TESTAPP_BUTTON | VZ_SERVICE_SERIALIZED,
	  .blocking = true,
	  .release = on_release },
	{ .fn = on_quick,
	  .outputs = VZ_IDS("quick-out.children"),
	  .inputs = VZ_IDS("quick.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_quick,
	  .outputs = VZ_IDS("quick-worker-out.children"),
	  .inputs = VZ_IDS("quick-worker.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .blocking = true },
	{ .fn = on_hang,
	  .outputs = VZ_IDS("hang-out.children"),
	  .inputs = VZ_IDS("hang.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .blocking = true,
	  .release = on_release },
	{ .fn = on_free, .inputs = VZ_IDS("free.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_many,
	  .outputs = VZ_IDS("many-out.children"),
	  .inputs = VZ_IDS("many.n_clicks"),
	  .service = TESTAPP_BUTTON,
	  .blocking = true },
	{ .fn = on_choose,
	  .outputs = VZ_IDS("chosen.children"),
	  .inputs = VZ_IDS("choose.data"),
	  .service = VZ_S2 | VZ_SERVICE_NO_CLIENT_INITIAL },
	{ .fn = on_device,
	  .outputs = VZ_IDS("device-out.children"),
	  .inputs = VZ_IDS("device.n_clicks"),
	  .service = VZ_S2 | VZ_SERVICE_NO_CLIENT_INITIAL,
	  .blocking = true },
	{ .fn = on_unplug, .inputs = VZ_IDS("unplug.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_log_in,
	  .outputs = VZ_IDS("said.children"),
	  .inputs = VZ_IDS("name.data"),
	  .service = TESTAPP_BUTTON,
	  .anyone = true },
	{ .fn = on_ask, .inputs = VZ_IDS("ask.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_post, .inputs = VZ_IDS("post.n_clicks"), .service = TESTAPP_BUTTON },
};

static void add_components(struct json_object *list)
{
	testapp_add_buttons(list, VZ_IDS("slow", "quick", "quick-worker", "hang", "free", "many",
					 "device", "unplug", "ask", "post"));
	testapp_add_divs(list,
			 VZ_IDS("slow-out", "quick-out", "quick-worker-out", "hang-out", "many-out",
				"chosen", "bound", "device-out", "said", "asked", "posted"));
	testapp_add_slider(list, "ask-me", 30);
	testapp_add_store(list, "choose", "null");
	testapp_add_store(list, "name", "null");
}

static int start(struct testapp *t)
{
	struct vz_device_listener *listener;
	int r = 0;

	app = t->app;
	for (unsigned i = 0; r >= 0 && i < VZ_N_ELEMENTS(devices); i++)
		r = add_device(t, i);
	if (r >= 0)
		r = vz_app_add_device_listener(t->app, on_device_event, t, &listener);
	return r;
}

static void stop(struct testapp *t)
{
	__atomic_store_n(&may_end, 1, __ATOMIC_RELAXED);
	end_poster();
}

static void on_overdue(const struct vz_overdue *overdue)
{
	n_overdue += !overdue->has_ended;
	n_overdue_ended += overdue->has_ended;
}

static void append_client(struct vz_buf *buf, struct vz_client *client)
{
	const char *user = vz_client_get_user(client);
	struct vz_device *device = vz_client_get_device(client);
	const char *role = vz_client_get_role(client);

	vz_buf_printf(buf, "{\"id\":%llu,\"user\":", (unsigned long long) vz_client_get_id(client));
	if (user)
		vz_json_print_string(buf, user, strlen(user));
	else
		vz_buf_puts(buf, "null");
	vz_buf_puts(buf, ",\"role\":");
	vz_json_print_string(buf, role, strlen(role));
	vz_buf_printf(buf, ",\"device\":%s%s%s", device ? "\"" : "",
		      device ? vz_device_get_name(device) : "null", device ? "\"" : "");
	vz_buf_puts(buf, ",\"log_ins\":");
	vz_json_print(buf, vz_client_get_field(client, "log-ins"));
	vz_buf_puts(buf, "}");
}

static void append_status(struct vz_buf *buf)
{
	struct vz_client *c = NULL;
	const char *before = "";

	vz_buf_printf(buf,
		      ",\"n_at_most\":%d,\"device_runs\":%d,\"bound\":%u,\"unbound\":%u,"
		      "\"overdue\":%u,\"overdue_ended\":%u,\"props_answers\":%u,\"released\":%u",
		      __atomic_load_n(&n_at_most, __ATOMIC_SEQ_CST),
		      __atomic_load_n(&n_device_runs, __ATOMIC_SEQ_CST), n_bound, n_unbound,
		      n_overdue, n_overdue_ended, n_answers, n_released);
	vz_buf_puts(buf, ",\"clients\":[");
	while ((c = vz_app_next_client(app, c))) {
		vz_buf_puts(buf, before);
		append_client(buf, c);
		before = ",";
	}
	vz_buf_puts(buf, "]");
}

const struct testapp_topic testapp_services = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
	.start = start,
	.stop = stop,
	.on_overdue = on_overdue,
	.append_status = append_status,
};
