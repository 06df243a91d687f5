/*
 * Devices, users, fields, questions, posts and calls on a worker, once for every allocation in
 * them, with that allocation refused or with all that follow: nothing crashes or leaks, each
 * request of a tab whose link stays is answered once, and so is each question.
 */
#include <errno.h>

#include "core.h"
#include "dash/call.h"
#include "scarce.h"

struct peer {
	struct vz_link *link;
	unsigned n_asked, n_answers;
	bool is_closed;
};

static void on_send(void *data, struct vz_blob *text)
{
	struct peer *peer = data;

	if (memmem(text->data, text->size, "callback_response", 17))
		peer->n_answers++;
}

static void on_mods(void *data, const char *renderer_id, struct vz_mods *mods)
{
}

static void on_close(void *data, uint16_t code, const char *reason)
{
	((struct peer *) data)->is_closed = true;
}

static const struct vz_link_ops ops = { on_send, on_mods, on_close };

static void say(struct peer *peer, const char *text)
{
	if (peer->link && !peer->is_closed)
		vz_link_receive(peer->link, text, strlen(text), core_now_us);
}

static void ask(struct peer *peer, unsigned n)
{
	char text[512];

	if (!peer->link || peer->is_closed)
		return;
	snprintf(text, sizeof(text),
		 "{\"type\":\"callback_request\",\"rendererId\":\"a\",\"requestId\":\"a-%u\","
		 "\"payload\":{\"output\":\"y.value\",\"inputs\":[{\"id\":\"x\",\"property\":"
		 "\"value\",\"value\":%u}],\"changedPropIds\":[\"x.value\"]}}",
		 n, n);
	peer->n_asked++;
	say(peer, text);
	CHECK(peer->n_answers <= peer->n_asked);
}

/* --- A worker and a loop that come when they are told to
 * ------------------------------------------ */

static struct vz_call *out[8];
static unsigned n_out;
static void (*posted_fn)(void *data);
static void *posted_data;

static int execute(struct vz_call *call, void *data)
{
	if (n_out == VZ_N_ELEMENTS(out))
		return -EAGAIN;
	out[n_out++] = call;
	return 0;
}

static void work(void)
{
	unsigned i;

	while (n_out) {
		struct vz_call *call = out[0];

		for (i = 1; i < n_out; i++)
			out[i - 1] = out[i];
		n_out--;
		vz_call_run(call);
		vz_call_complete(call);
	}
}

static int post(void (*fn)(void *data), void *fn_data, void *data)
{
	posted_fn = fn;
	posted_data = fn_data;
	return 0;
}

static void come(void)
{
	void (*fn)(void *data) = posted_fn;

	posted_fn = NULL;
	if (fn)
		fn(posted_data);
}

/* --- A life
 * --------------------------------------------------------------------------------------- */

static unsigned n_released, n_props;

static void release(void *data)
{
	n_released++;
}

static void on_props(int r, struct json_object *values, void *data)
{
	n_props++;
	CHECK(r < 0 || values);
}

/* A listener that wants something itself. */
static void on_device(struct vz_app *app, struct vz_device *device, struct vz_client *client,
		      enum vz_device_event event, void *data)
{
	if (client)
		(void) vz_app_push(app, "z", "value",
				   json_object_new_string(vz_device_get_name(device)));
}

static void post_value(struct vz_app *app, uint64_t client_id)
{
	struct json_object *mods = json_object_new_object(), *values = json_object_new_object();

	if (!mods || !values || json_object_object_add(mods, "z", values) < 0) {
		json_object_put(mods);
		json_object_put(values);
		return;
	}
	(void) json_object_object_add(values, "value", NULL);
	(void) vz_app_post_mods(app, mods, client_id);
}

static unsigned use_client(struct vz_app *app, struct vz_client *client, struct vz_device *device)
{
	unsigned n = 0;

	(void) vz_client_set_user(client, "ann", "admin");
	(void) vz_client_set_field(client, "a", json_object_new_string("text"));
	if (device)
		(void) vz_client_set_device(client, device);
	n += vz_client_get_props(client, VZ_IDS("x.value", "y.value", "x.min"), 0, on_props, NULL,
				 NULL) >= 0;
	post_value(app, 0);
	post_value(app, vz_client_get_id(client));
	return n;
}

/* Returns how many requests had no answer. */
static unsigned live(struct json_object *layout)
{
	const struct vz_app_options options = {
		.boot_id = "boot",
		.now = core_now,
		.execute = execute,
		.post = post,
	};
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = VZ_S2,
		.blocking = true,
		.fn = core_times_ten,
		.release = release,
	};
	const struct vz_link_info info = { "a", "b", "c", "d", { 0 } };
	struct vz_device *d = NULL, *e = NULL;
	struct vz_device_listener *listener;
	struct vz_client *client = NULL;
	struct peer peer = { 0 };
	unsigned n_asked_props = 0, n_added;
	struct vz_app *app;

	n_released = n_props = n_out = 0;
	posted_fn = NULL;
	if (vz_app_new(&options, &app) < 0)
		return 0;
	(void) vz_app_set_login_required(app, true);
	(void) vz_app_set_layout(app, json_object_get(layout));
	n_added = vz_app_add_callback(app, &spec, NULL) >= 0;
	(void) vz_app_add_device_listener(app, on_device, NULL, &listener);
	(void) vz_app_add_device(app, "d", "D", &d);
	(void) vz_app_add_device(app, "e", "E", &e);
	(void) vz_link_open(app, &info, &ops, &peer, &peer.link);
	say(&peer,
	    "{\"type\":\"hello\",\"rendererId\":\"a\",\"payload\":{\"link\":1,\"device\":\"d\"}}");
	client = vz_app_next_client(app, NULL);
	if (client)
		n_asked_props = use_client(app, client, e);
	ask(&peer, 1);
	ask(&peer, 2);
	ask(&peer, 3);
	come();
	say(&peer,
	    "{\"type\":\"get_props_response\",\"rendererId\":\"a\",\"requestId\":\"props-1-0\","
	    "\"payload\":{\"value\":1}}");
	vz_device_remove(e);
	vz_device_remove(d);
	work();
	if (peer.link)
		vz_link_closed(peer.link, core_now_us);
	vz_app_tick(app, core_now_us + 60000000);
	vz_app_free(app);
	CHECK_EQ(n_released, n_added);
	CHECK_EQ(n_props, n_asked_props);
	return peer.is_closed ? 0 : peer.n_asked - peer.n_answers;
}

TEST(services_no_memory_at_each_allocation_in_turn)
{
	struct json_object *layout =
		parse("[{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":\"x\",\"value\":0}},"
		      "{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":\"y\",\"value\":0}},"
		      "{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":\"z\",\"value\":0}}]");
	bool for_good = false, refused;
	unsigned n, n_unanswered;

	do {
		n = 0;
		do {
			CHECK(n < 10000);
			scarce_begin(n++, for_good);
			n_unanswered = live(layout);
			refused = scarce_end();
			CHECK(for_good || n_unanswered <= refused);
		} while (refused);
		CHECK(n > 100);
		for_good = !for_good;
	} while (for_good);
	json_object_put(layout);
}
