#include "dash/http.h"

#include <errno.h>

#include "core.h"

struct reply {
	unsigned n, status;
	char body[512], headers[4200];
};

static void on_reply(void *data, unsigned status, const char *headers, struct vz_blob *body)
{
	struct reply *reply = data;

	reply->n++;
	reply->status = status;
	snprintf(reply->headers, sizeof(reply->headers), "%s", headers ? headers : "");
	snprintf(reply->body, sizeof(reply->body), "%.*s", body ? (int) body->size : 0,
		 body ? (char *) body->data : "");
}

static struct vz_http_call *post(struct vz_app *app, const char *client, const char *text,
				 struct reply *reply)
{
	const struct vz_http_info info = { .address = "127.0.0.1", .renderer_id = client };

	memset(reply, 0, sizeof(*reply));
	return vz_app_receive_http(app, text, strlen(text), &info, core_now_us, on_reply, reply);
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

/* --- Headers of the answer ------------------------------------------------------------------- */

struct header {
	const char *name, *value;
	unsigned times; /* 0 is once */
	int r;		/* of the last time */
	const char *text;
};

static const struct header *headers;
static bool sets_output;

/* Sets them all, and ends with what the last one returned. */
static int set_headers(struct vz_call *call, void *data)
{
	const struct header *h;
	int r = 0;

	for (h = headers; r >= 0 && h->name; h++) {
		unsigned i = 0;

		do
			r = vz_call_set_header(call, h->name, h->value);
		while (r >= 0 && ++i < h->times);
		CHECK_EQ(r, h->r);
		CHECK(r >= 0 || i + 1 >= h->times);
	}
	if (r >= 0 && sets_output)
		r = vz_call_set_output(call, 0, json_object_new_int(1));
	return r;
}

static struct vz_app *new_app(void)
{
	struct vz_app *app = core_new(NULL);

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add_fn(app, VZ_SERVICE_LINK, "y.value", "x.value", set_headers, NULL);
	return app;
}

TEST(http_answers_have_the_headers_of_the_function)
{
	static const struct header good[] = {
		{ "Set-Cookie", "a=1; HttpOnly" },
		{ "X-Light", "\xc3\xa4 on" },
		{ "set-cookie", "b=2" },
		{ "X-Empty", "" },
		{ NULL },
	};
	static const char lines[] = "Set-Cookie: a=1; HttpOnly\r\nX-Light: \xc3\xa4 on\r\n"
				    "set-cookie: b=2\r\nX-Empty: \r\n";
	struct vz_app *app = new_app();
	struct reply reply;

	headers = good;
	sets_output = true;
	CHECK(!post(app, NULL, SET_X(1), &reply));
	CHECK_EQ(reply.status, 200);
	CHECK_STR(reply.headers, lines);
	sets_output = false;
	CHECK(!post(app, NULL, SET_X(1), &reply));
	CHECK_EQ(reply.status, 204);
	CHECK_STR(reply.headers, lines);
	/* Not those of the call before. */
	headers = &good[4];
	CHECK(!post(app, NULL, SET_X(1), &reply));
	CHECK_STR(reply.headers, "");
	vz_app_free(app);
}

TEST(http_refuses_bad_headers)
{
	static char long_value[4096 - 4 - 1 + 1];
	static const struct header cases[][3] = {
		{ { "", "v", 0, -EINVAL, "byte 0 is 'its end'" } },
		{ { "X Y", "v", 0, -EINVAL, "byte 1 is 'no character of one'" } },
		{ { "X:", "v", 0, -EINVAL, "byte 1" } },
		{ { "X\r\nY", "v", 0, -EINVAL, "byte 1" } },
		{ { "X\xc3\xa4", "v", 0, -EINVAL, "byte 1" } },
		{ { "X", NULL, 0, -EINVAL, "expected a name and a value" } },
		{ { "X", "a\r\nSet-Cookie: b=1", 0, -EINVAL,
		    "'X': byte 1 of its value is the control "
		    "character 0x0d" } },
		{ { "X", "\n", 0, -EINVAL, "0x0a" } },
		{ { "X", "a\tb", 0, -EINVAL, "0x09" } },
		{ { "X", "a\x7f", 0, -EINVAL, "0x7f" } },
		{ { "content-length", "0", 0, -EINVAL, "'content-length': the server writes it" } },
		{ { "Transfer-Encoding", "chunked", 0, -EINVAL, "the server" } },
		{ { "Connection", "close", 0, -EINVAL, "the server" } },
		{ { "Content-Type", "text/html", 0, -EINVAL, "the server" } },
		{ { "X-A", "1" }, { "x-a", "2", 0, -EEXIST, "'x-a': it is set already" } },
		/* Only the beginning of another one. */
		{ { "X-A", "1" }, { "X", "2", 2, -EEXIST, "'X': it is set already" } },
		{ { "Set-Cookie", "a=1", 9, -ENOSPC, "8 headers and 4096 bytes" } },
		{ { "X", long_value }, { "Y", "", 0, -ENOSPC, "8 headers and 4096 bytes" } },
	};
	struct vz_app *app = new_app();
	struct reply reply;
	size_t i, last;

	memset(long_value, 'v', sizeof(long_value) - 1);
	sets_output = true;
	for (i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		headers = cases[i];
		last = headers[1].name ? 1 : 0;
		test_case(headers[last].text);
		CHECK(!post(app, NULL, SET_X(1), &reply));
		CHECK_EQ(reply.n, 1);
		CHECK(reply.status >= 400);
		CHECK(strstr(reply.body, headers[last].text));
		/* Not even the good ones before it. */
		CHECK_STR(reply.headers, "");
	}
	vz_app_free(app);
}

/* All 4 kB, and not one more. */
TEST(http_takes_headers_up_to_the_limit)
{
	static char value[4096 - 5 + 1];
	static const struct header full[] = { { "X", value }, { NULL } };
	static const struct header over[] = { { "XY", value, 0, -ENOSPC }, { NULL } };
	struct vz_app *app = new_app();
	struct reply reply;

	memset(value, 'v', sizeof(value) - 1);
	sets_output = true;
	headers = full;
	CHECK(!post(app, NULL, SET_X(1), &reply));
	CHECK_EQ(reply.status, 200);
	CHECK_EQ(strlen(reply.headers), 4096);
	headers = over;
	CHECK(!post(app, NULL, SET_X(1), &reply));
	CHECK_EQ(reply.status, 500);
	CHECK_STR(reply.headers, "");
	vz_app_free(app);
}

TEST(http_headers_are_not_for_the_websocket)
{
	static const struct header one[] = { { "X-A", "1", 0, -ENOTSUP }, { NULL } };
	struct vz_app *app = new_app();
	struct tab a;

	headers = one;
	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "1");
	CHECK(tab_got_error(&a, "header 'X-A': only an answer over HTTP has headers"));
	tab_close(&a);
	vz_app_free(app);
}

/* Words of its own are told instead; errors of others are not explained by a header's. */
static int set_bad_header(struct vz_call *call, void *data)
{
	CHECK_EQ(vz_call_set_header(call, "", "v"), -EINVAL);
	switch (json_object_get_int(vz_call_input(call, 0))) {
	case 0:
		return 0;
	case 1:
		return vz_call_fail(call, -EINVAL, "no cookie today");
	default:
		return -EPERM;
	}
}

TEST(http_functions_may_live_with_a_bad_header)
{
	struct vz_app *app = core_new(NULL);
	struct reply reply;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add_fn(app, VZ_S0, "y.value", "x.value", set_bad_header, NULL);
	CHECK(!post(app, NULL, SET_X(0), &reply));
	CHECK_EQ(reply.status, 204);
	CHECK(!post(app, NULL, SET_X(1), &reply));
	CHECK_STR(reply.body, "no cookie today");
	CHECK(!post(app, NULL, SET_X(2), &reply));
	CHECK_STR(reply.body, strerror(EPERM));
	vz_app_free(app);
}

TEST(http_headers_of_a_blocking_call)
{
	static const struct header one[] = { { "Set-Cookie", "a=1" }, { NULL } };
	struct vz_app_options options = { .execute = execute };
	struct vz_app *app = core_new(&options);
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.blocking = true,
		.fn = set_headers,
	};
	struct vz_http_call *handle;
	struct reply reply;

	headers = one;
	sets_output = true;
	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), 0);
	CHECK(post(app, NULL, SET_X(4), &reply));
	vz_call_run(out);
	vz_call_complete(out);
	CHECK_EQ(reply.status, 200);
	CHECK_STR(reply.headers, "Set-Cookie: a=1\r\n");
	/* Who asked has gone: they are nobody's, and the call does not notice. */
	handle = post(app, NULL, SET_X(5), &reply);
	vz_app_abandon_http(handle);
	vz_call_run(out);
	vz_call_complete(out);
	CHECK_EQ(reply.n, 0);
	vz_app_free(app);
}
