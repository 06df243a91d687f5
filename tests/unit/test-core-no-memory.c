/*
 * A life of the core, once for every allocation in it, with that allocation refused, or with all
 * that follow: nothing crashes or leaks, and each other request is answered, with all its headers
 * or none.
 */
#include <errno.h>

#include "core.h"
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

#define REQUEST(id, n, value)                                                                      \
	"{\"type\":\"callback_request\",\"rendererId\":\"" id "\",\"requestId\":\"" id "-" n       \
	"\",\"payload\":{\"output\":\"y.value\",\"inputs\":[{\"id\":\"x\",\"property\":\"value\"," \
	"\"value\":" value "}],\"changedPropIds\":[\"x.value\"]}}"

static int run_callback(struct vz_call *call, void *data)
{
	int r = vz_call_set(call, "w", "title", json_object_new_string("t"));

	return r < 0 ? r : core_times_ten(call, NULL);
}

static void ask(struct peer *peer, const char *request)
{
	if (!peer->link || peer->is_closed)
		return;
	peer->n_asked++;
	say(peer, request);
	CHECK(peer->n_answers <= peer->n_asked);
}

static void add_callbacks(struct vz_app *app)
{
	const struct vz_callback_spec first = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = VZ_SHARED,
		.fn = run_callback,
	};
	const struct vz_callback_spec second = {
		.outputs = VZ_IDS("z.value"),
		.inputs = VZ_IDS("y.value"),
		.service = VZ_SHARED,
		.fn = run_callback,
	};

	(void) vz_app_add_callback(app, &first, NULL);
	(void) vz_app_add_callback(app, &second, NULL);
}

/* Returns how many requests had no answer. */
static unsigned live(struct json_object *layout)
{
	const struct vz_app_options options = { .boot_id = "boot", .now = core_now };
	const struct vz_link_info info = { "a", "b", "c", "d", { 0 } };
	const struct vz_link_info known = { "a", "b", "c", "d", { true, "ann", "viewer" } };
	const struct vz_speaker user = { true, "ann", "user" };
	struct peer ours = { 0 }, stock = { 0 }, viewer = { 0 };
	struct vz_app *app;

	if (vz_app_new(&options, &app) < 0)
		return 0;
	(void) vz_app_set_layout(app, json_object_get(layout));
	add_callbacks(app);
	(void) vz_app_start(app);
	(void) vz_link_open(app, &info, &ops, &ours, &ours.link);
	(void) vz_link_open(app, &info, &ops, &stock, &stock.link);
	say(&ours, "{\"type\":\"hello\",\"rendererId\":\"a\",\"payload\":{\"link\":1}}");
	ask(&stock, "{\"type\":\"callback_request\",\"rendererId\":\"s\",\"requestId\":\"s-1\","
		    "\"payload\":{\"output\":\"hello\",\"inputs\":[],\"changedPropIds\":[]}}");
	ask(&ours, REQUEST("a", "1", "4"));
	ask(&stock, REQUEST("s", "2", "5"));
	(void) vz_app_push(app, "x", "value", json_object_new_int(6));
	ask(&stock, REQUEST("s", "3", "6"));
	/* Who only looks, and then may more. */
	(void) vz_link_open(app, &known, &ops, &viewer, &viewer.link);
	say(&viewer, "{\"type\":\"hello\",\"rendererId\":\"v\",\"payload\":{\"link\":1}}");
	ask(&viewer, REQUEST("v", "4", "7"));
	if (viewer.link)
		(void) vz_link_set_speaker(viewer.link, &user);
	ask(&viewer, REQUEST("v", "5", "8"));
	if (viewer.link)
		vz_link_closed(viewer.link, core_now_us);
	if (ours.link)
		vz_link_closed(ours.link, core_now_us);
	if (stock.link)
		vz_link_closed(stock.link, core_now_us);
	vz_app_tick(app, core_now_us + 60000000);
	vz_app_free(app);
	return ours.n_asked - ours.n_answers + stock.n_asked - stock.n_answers + viewer.n_asked -
	       viewer.n_answers;
}

TEST(core_no_memory_at_each_allocation_in_turn)
{
	struct json_object *layout =
		parse("[{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":\"x\",\"value\":0}},"
		      "{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":\"y\",\"value\":0}},"
		      "{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":\"z\",\"value\":0}},"
		      "{\"namespace\":\"n\",\"type\":\"t\",\"props\":{\"id\":\"w\",\"value\":0}}]");
	bool for_good = false, refused;
	unsigned n, n_unanswered;

	do {
		n = 0;
		do {
			CHECK(n < 10000);
			scarce_begin(n++, for_good);
			n_unanswered = live(layout);
			refused = scarce_end();
			/* The one that met with it may be, when even the error did not fit. */
			CHECK(for_good || n_unanswered <= refused);
		} while (refused);
		CHECK(n > 100);
		for_good = !for_good;
	} while (for_good);
	json_object_put(layout);
}

/* --- Headers of an answer -------------------------------------------------------------------- */

static int set_headers(struct vz_call *call, void *data)
{
	int r = vz_call_set_header(call, "Set-Cookie", "a=1");

	if (r >= 0)
		r = vz_call_set_header(call, "X-B", "2");
	/* That this is refused is as it should be; that there are no words for it, too. */
	if (r >= 0 && vz_call_set_header(call, "X-B", "3") >= 0)
		r = vz_call_fail(call, -EIO, "set twice");
	return r < 0 ? r : vz_call_set_output(call, 0, json_object_new_int(1));
}

static void check_headers(void *data, unsigned status, const char *headers, struct vz_blob *body)
{
	++*(unsigned *) data;
	CHECK(status == 200 || status == 500);
	if (status == 200)
		CHECK_STR(headers, "Set-Cookie: a=1\r\nX-B: 2\r\n");
	else
		CHECK(!headers);
}

static void post(struct vz_app *app, unsigned *n_answers)
{
	static const char text[] = "{\"output\":\"y.value\",\"inputs\":[{\"id\":\"x\",\"property\":"
				   "\"value\",\"value\":1}],\"changedPropIds\":[\"x.value\"]}";

	CHECK(!vz_app_receive_http(app, text, strlen(text),
				   &(struct vz_http_info){ .address = "127.0.0.1" }, core_now_us,
				   check_headers, n_answers));
}

TEST(core_no_memory_for_headers)
{
	struct vz_app *app = core_new(NULL);
	unsigned n_answers = 0;
	bool for_good = false, refused;
	unsigned n;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add_fn(app, VZ_S0, "y.value", "x.value", set_headers, NULL);
	do {
		n = 0;
		do {
			CHECK(n < 1000);
			scarce_begin(n++, for_good);
			post(app, &n_answers);
			refused = scarce_end();
			CHECK_EQ(n_answers, 1);
			n_answers = 0;
		} while (refused);
		CHECK(n > 10);
		for_good = !for_good;
	} while (for_good);
	vz_app_free(app);
}
