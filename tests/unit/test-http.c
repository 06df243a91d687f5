#include "dash/http.h"

#include "core.h"

struct reply {
	unsigned n, status;
	char body[512];
};

static void on_reply(void *data, unsigned status, struct vz_blob *body)
{
	struct reply *reply = data;

	reply->n++;
	reply->status = status;
	snprintf(reply->body, sizeof(reply->body), "%.*s", body ? (int) body->size : 0,
		 body ? (char *) body->data : "");
}

static struct vz_http_call *post(struct vz_app *app, const char *client, const char *text,
				 struct reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	return vz_app_receive_http(app, text, strlen(text), client, core_now_us, on_reply, reply);
}

#define SET_X(value)                                                                \
	"{\"output\":\"y.value\",\"inputs\":[{\"id\":\"x\",\"property\":\"value\"," \
	"\"value\":" #value "}],\"changedPropIds\":[\"x.value\"]}"

TEST(http_serves_strangers_and_tells_everybody)
{
	struct vz_app *app = core_new(NULL);
	struct reply reply;
	struct tab a;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	CHECK(!post(app, NULL, SET_X(4), &reply));
	CHECK_EQ(reply.n, 1);
	CHECK_EQ(reply.status, 200);
	CHECK_STR(reply.body, "{\"multi\":true,\"response\":{\"y\":{\"value\":40}}}");
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":4}}}"));
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":40}}}"));
	tab_close(&a);
	vz_app_free(app);
}

TEST(http_knows_the_tab_by_its_header)
{
	struct vz_app *app = core_new(NULL);
	struct reply reply;
	struct tab a;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	tab_start_own(app, &a, "a");
	/* It gets the values by its answer, and no mods. */
	CHECK(!post(app, "a", SET_X(4), &reply));
	CHECK_EQ(reply.status, 200);
	CHECK(tab_is_quiet(&a));
	CHECK(!post(app, "unknown", SET_X(5), &reply));
	CHECK_EQ(reply.status, 200);
	CHECK(tab_next(&a));
	tab_close(&a);
	vz_app_free(app);
}

static int fail(struct vz_call *call, void *data)
{
	if (json_object_get_int(vz_call_input(call, 0)) == 0)
		return 0;
	return vz_call_fail(call, -5, "no light");
}

TEST(http_statuses)
{
	static const struct {
		const char *label, *body;
		unsigned status;
		const char *text;
	} cases[] = {
		{ "prevent update", SET_X(0), 204, "" },
		{ "an error", SET_X(1), 500, "no light" },
		{ "hello", "{\"output\":\"hello\",\"inputs\":[],\"changedPropIds\":[]}", 204, "" },
		{ "an unknown callback", "{\"output\":\"z.v\",\"inputs\":[],\"changedPropIds\":[]}",
		  400, "'z.v'" },
		{ "no JSON", "{", 400, "byte" },
		{ "nothing", "", 400, "" },
	};
	struct vz_app *app = core_new(NULL);
	struct reply reply;
	size_t i;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add_fn(app, VZ_S0, "y.value", "x.value", fail, NULL);
	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		CHECK(!post(app, NULL, cases[i].body, &reply));
		CHECK_EQ(reply.n, 1);
		CHECK_EQ(reply.status, cases[i].status);
		CHECK(strstr(reply.body, cases[i].text));
	}
	vz_app_free(app);
}

static struct vz_call *out;

static int execute(struct vz_call *call, void *data)
{
	out = call;
	return 0;
}

TEST(http_may_be_answered_late_or_never)
{
	struct vz_app_options options = { .execute = execute };
	struct vz_app *app = core_new(&options);
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.blocking = true,
		.fn = core_times_ten,
	};
	struct vz_http_call *handle;
	struct reply reply;

	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), 0);

	CHECK(post(app, NULL, SET_X(4), &reply));
	CHECK_EQ(reply.n, 0);
	vz_call_run(out);
	vz_call_complete(out);
	CHECK_EQ(reply.n, 1);
	CHECK_EQ(reply.status, 200);

	handle = post(app, NULL, SET_X(5), &reply);
	vz_app_abandon_http(handle);
	vz_call_run(out);
	vz_call_complete(out);
	CHECK_EQ(reply.n, 0);

	/* One that waits when the app stops. */
	CHECK(post(app, NULL, SET_X(6), &reply));
	vz_app_stop(app);
	CHECK_EQ(reply.n, 1);
	CHECK_EQ(reply.status, 500);
	vz_app_free(app);
	vz_call_complete(out);
}
