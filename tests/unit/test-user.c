#include <errno.h>

#include "core.h"
#include "dash/client.h"
#include "dash/link.h"

static struct vz_client *client_of(struct vz_app *app, const struct tab *tab)
{
	return vz_client_find_renderer(app, tab->id);
}

static unsigned n_changes;

static void count_changes(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
			  void *data)
{
	n_changes += event == VZ_CLIENT_USER_CHANGED;
}

TEST(user_is_nobody_until_somebody_says)
{
	struct vz_app *app = core_new(NULL);
	struct vz_client_listener *listener;
	struct vz_client *c;
	struct tab a;

	n_changes = 0;
	core_set_layout(app, VZ_IDS("x"));
	CHECK_EQ(vz_app_add_client_listener(app, count_changes, NULL, &listener), 0);
	tab_start_own(app, &a, "a");
	c = client_of(app, &a);
	CHECK(!vz_client_get_user(c));
	CHECK_STR(vz_client_get_role(c), "");
	CHECK_EQ(vz_client_set_user(c, "ann", "admin"), 0);
	CHECK_STR(vz_client_get_user(c), "ann");
	CHECK_STR(vz_client_get_role(c), "admin");
	CHECK_EQ(vz_client_set_user(c, "ann", "admin"), 0);
	CHECK_EQ(n_changes, 1);
	CHECK_EQ(vz_client_set_user(c, "ann", NULL), 0);
	CHECK_STR(vz_client_get_role(c), "");
	CHECK_EQ(vz_client_set_user(c, NULL, "admin"), 0);
	CHECK(!vz_client_get_user(c));
	CHECK_STR(vz_client_get_role(c), "");
	CHECK_EQ(n_changes, 3);
	/* Where no login is required, nobody sees what everybody does. */
	CHECK(tab_is_quiet(&a));
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(3)), 0);
	CHECK(tab_next(&a));
	tab_close(&a);
	vz_app_free(app);
}

TEST(fields_come_and_go_and_count)
{
	struct vz_app *app = core_new(NULL);
	struct json_object *long_text;
	char text[16000];
	struct vz_client *c;
	struct tab a;

	core_set_layout(app, VZ_IDS("x"));
	tab_start_own(app, &a, "a");
	c = client_of(app, &a);
	CHECK(!vz_client_get_field(c, "n"));
	CHECK_EQ(vz_client_set_field(c, "n", NULL), 0);
	CHECK_EQ(vz_client_set_field(c, "n", json_object_new_int(4)), 0);
	CHECK_EQ(json_object_get_int(vz_client_get_field(c, "n")), 4);
	CHECK_EQ(vz_client_set_field(c, "n", json_object_new_int(5)), 0);
	CHECK_EQ(json_object_get_int(vz_client_get_field(c, "n")), 5);
	CHECK_EQ(vz_client_set_field(c, "", json_object_new_int(5)), -EINVAL);

	memset(text, 'a', sizeof(text));
	long_text = json_object_new_string_len(text, sizeof(text));
	CHECK_EQ(vz_client_set_field(c, "text", json_object_get(long_text)), 0);
	CHECK_EQ(vz_client_set_field(c, "more", json_object_get(long_text)), -ENOSPC);
	CHECK(!vz_client_get_field(c, "more"));
	/* The same again takes no more room, and what is removed gives its room back. */
	CHECK_EQ(vz_client_set_field(c, "text", json_object_get(long_text)), 0);
	CHECK_EQ(vz_client_set_field(c, "text", NULL), 0);
	CHECK(!vz_client_get_field(c, "text"));
	CHECK_EQ(vz_client_set_field(c, "more", long_text), 0);
	tab_close(&a);
	vz_app_free(app);
}

/* --- Where login is required ------------------------------------------------------------------ */

static int log_in(struct vz_call *call, void *data)
{
	struct vz_client *c = vz_call_client(call);
	int r;

	if (!c)
		return vz_call_fail(call, -EIO, "nobody asks");
	r = vz_client_set_user(c, json_object_get_string(vz_call_input(call, 0)), "guest");
	return r < 0 ? r : vz_call_set_output(call, 0, json_object_new_string("welcome"));
}

static struct vz_app *start_with_login(void)
{
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("said.value"),
		.inputs = VZ_IDS("name.value"),
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.fn = log_in,
		.anyone = true,
	};
	struct vz_app *app = core_new(NULL);

	CHECK_EQ(vz_app_set_login_required(app, true), 0);
	CHECK(vz_app_is_login_required(app));
	core_set_layout(app, VZ_IDS("x", "y", "name", "said", "p", "q"));
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), 0);
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	core_add(app, VZ_SERVICE_LINK, "q.value", "p.value", NULL);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(4)), 0);
	return app;
}

static bool holds(struct vz_blob *blob, const char *part)
{
	return memmem(blob->data, blob->size, part, strlen(part));
}

TEST(nobody_loads_the_page_as_it_was_built)
{
	struct vz_app *app = start_with_login();
	struct vz_blob *blob;

	CHECK_EQ(core_get(app, "y"), 40);
	CHECK_EQ(vz_app_encode_layout(app, &blob), 0);
	CHECK(holds(blob, "\"id\":\"y\""));
	CHECK(!holds(blob, "40"));
	vz_blob_unref(blob);
	CHECK_EQ(vz_app_set_login_required(app, false), 0);
	CHECK_EQ(vz_app_encode_layout(app, &blob), 0);
	CHECK(holds(blob, "40"));
	vz_blob_unref(blob);
	vz_app_free(app);
}

TEST(nobody_is_told_nothing_until_he_is_somebody)
{
	struct vz_app *app = start_with_login();
	struct json_object *welcome;
	struct tab a, b;

	tab_open(app, &a, "a", false);
	tab_hello(&a);
	welcome = tab_next(&a);
	CHECK_STR(message_string(welcome, "type"), "welcome");
	CHECK(equals(json_object_object_get(welcome, "set"), "{}"));
	tab_open(app, &b, "b", true);
	tab_ask(&b, "hello", "'inputs':[],'changedPropIds':[]");
	CHECK(tab_got_answer(&b, "{\"status\":\"prevent_update\"}"));
	CHECK(tab_is_quiet(&b));

	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(5)), 0);
	CHECK(tab_is_quiet(&a));
	CHECK(tab_is_quiet(&b));
	/* What is for it alone it gets. */
	CHECK_EQ(vz_app_push_mods(app, parse("{\"said\":{\"value\":\"log in\"}}"),
				  client_of(app, &a)),
		 0);
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"notify\":{\"said\":{\"value\":\"log in\"}}}"));

	/* All of it at once, then the answer. */
	tab_set(&a, "said.value", "name", "value", "\"ann\"");
	CHECK(tab_got(&a,
		      "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":50},\"x\":{\"value\":5}}}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"said\":{\"value\":\"welcome\"}}}}"));
	CHECK_STR(vz_client_get_user(client_of(app, &a)), "ann");
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(6)), 0);
	CHECK(tab_next(&a));
	CHECK(tab_is_quiet(&b));

	/* Who logs out is told nothing more, not even what was promised. */
	CHECK_EQ(vz_client_set_user(client_of(app, &a), NULL, NULL), 0);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(7)), 0);
	core_wait(app, 1000000);
	CHECK(tab_is_quiet(&a));
	CHECK_EQ(vz_app_set_login_required(app, false), 0);
	CHECK(tab_got(&a,
		      "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":70},\"x\":{\"value\":7}}}"));
	CHECK(tab_next(&b));
	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(nobody_may_call_what_is_for_anyone_only)
{
	struct vz_app *app = start_with_login();
	struct tab a, s;

	tab_start_own(app, &a, "a");
	tab_start_stock(app, &s, "s");
	tab_set(&a, "y.value", "x", "value", "9");
	CHECK(tab_got_error(&a, "log in first"));
	tab_set(&a, "q.value", "p", "value", "9");
	CHECK(tab_got_error(&a, "log in first"));
	tab_set(&s, "y.value", "x", "value", "9");
	CHECK(tab_got_error(&s, "log in first"));
	CHECK_EQ(core_get(app, "x"), 4);
	/* What a page asks for when it loads is not answered, but no complaint either. */
	tab_ask(&a, "q.value",
		"'inputs':[{'id':'p','property':'value','value':9}],'changedPropIds':[]");
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	CHECK_EQ(vz_client_set_user(client_of(app, &s), "bob", ""), 0);
	tab_forget(&s);
	tab_set(&s, "q.value", "p", "value", "9");
	CHECK(tab_got_answer(&s, "{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":"
				 "{\"q\":{\"value\":90}}}}"));
	tab_close(&a);
	tab_close(&s);
	vz_app_free(app);
}

TEST(nobody_is_not_told_when_his_queue_was_dropped_either)
{
	struct vz_app *app = start_with_login();
	struct vz_mods *mods;
	struct tab s, t;

	tab_start_stock(app, &s, "s");
	tab_open(app, &t, "t", true);
	CHECK_EQ(vz_link_snapshot(s.link, "s", &mods), 0);
	CHECK(vz_mods_is_empty(mods));
	vz_mods_unref(mods);
	CHECK_EQ(vz_client_set_user(client_of(app, &s), "bob", ""), 0);
	CHECK_EQ(vz_link_snapshot(s.link, "s", &mods), 0);
	CHECK_EQ(mods->n_mods, 2);
	vz_mods_unref(mods);
	/* One of another socket, or of none. */
	CHECK_EQ(vz_link_snapshot(t.link, "s", &mods), 0);
	CHECK(vz_mods_is_empty(mods));
	vz_mods_unref(mods);
	tab_close(&s);
	tab_close(&t);
	vz_app_free(app);
}

static void keep_answer(void *data, unsigned status, const char *headers, struct vz_blob *body)
{
	unsigned *kept = data;

	*kept = status;
	if (status == 403)
		CHECK(holds(body, "log in first"));
}

TEST(nobody_over_http_is_forbidden)
{
	static const char text[] = "{\"output\":\"q.value\",\"inputs\":[{\"id\":\"p\",\"property\":"
				   "\"value\",\"value\":1}],\"changedPropIds\":[\"p.value\"]}";
	struct vz_app *app = start_with_login();
	unsigned status = 0;
	struct tab a;

	tab_start_own(app, &a, "a");
	CHECK(!vz_app_receive_http(app, text, strlen(text),
				   &(struct vz_http_info){ "127.0.0.1", "a", { 0 } }, core_now_us,
				   keep_answer, &status));
	CHECK_EQ(status, 403);
	CHECK(!vz_app_receive_http(app, text, strlen(text),
				   &(struct vz_http_info){ .address = "127.0.0.1" }, core_now_us,
				   keep_answer, &status));
	CHECK_EQ(status, 403);
	CHECK_EQ(vz_client_set_user(client_of(app, &a), "ann", ""), 0);
	CHECK(!vz_app_receive_http(app, text, strlen(text),
				   &(struct vz_http_info){ "127.0.0.1", "a", { 0 } }, core_now_us,
				   keep_answer, &status));
	CHECK_EQ(status, 200);
	tab_close(&a);
	vz_app_free(app);
}

/* --- On a worker ---------------------------------------------------------------------------------
 */

static struct vz_call *out;

static int execute(struct vz_call *call, void *data)
{
	out = call;
	return 0;
}

static void never(int r, struct json_object *values, void *data)
{
	test_fail(__FILE__, __LINE__, "answered, though it was refused");
}

static int look_around(struct vz_call *call, void *data)
{
	struct vz_client *c = vz_call_client(call);

	CHECK_STR(vz_client_get_user(c), "ann");
	CHECK_STR(vz_client_get_role(c), "admin");
	CHECK_STR(vz_device_get_name(vz_client_get_device(c)), "d");
	CHECK_STR(vz_client_get_choice(c), "d");
	CHECK_EQ(json_object_get_int(vz_client_get_field(c, "n")), 4);
	/* It is a copy: nothing can be done to the client from here. */
	CHECK_EQ(vz_client_set_user(c, "bob", ""), -EINVAL);
	CHECK_EQ(vz_client_set_field(c, "n", json_object_new_int(5)), -EINVAL);
	CHECK_EQ(vz_client_set_device(c, NULL), -EINVAL);
	CHECK_EQ(vz_client_get_props(c, VZ_IDS("x.value"), 0, never, NULL, NULL), -EINVAL);
	return 0;
}

TEST(worker_sees_the_client_as_it_was)
{
	struct vz_app_options options = { .execute = execute };
	const struct vz_callback_spec spec = {
		.outputs = VZ_IDS("y.value"),
		.inputs = VZ_IDS("x.value"),
		.service = VZ_S2,
		.blocking = true,
		.fn = look_around,
	};
	struct vz_app *app = core_new(&options);
	struct vz_device *d;
	struct vz_client *c;
	struct tab a;

	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), 0);
	CHECK_EQ(vz_app_add_device(app, "d", "D", &d), 0);
	tab_start_own(app, &a, "a");
	c = client_of(app, &a);
	CHECK_EQ(vz_client_set_user(c, "ann", "admin"), 0);
	CHECK_EQ(vz_client_set_field(c, "n", json_object_new_int(4)), 0);
	CHECK_EQ(vz_client_set_device(c, d), 0);
	tab_set(&a, "y.value", "x", "value", "1");
	/* What happens meanwhile it does not see. */
	CHECK_EQ(vz_client_set_user(c, NULL, NULL), 0);
	CHECK_EQ(vz_client_set_field(c, "n", NULL), 0);
	vz_device_remove(d);
	vz_call_run(out);
	vz_call_complete(out);
	tab_close(&a);
	vz_app_free(app);
}
