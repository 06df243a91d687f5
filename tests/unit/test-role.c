#include <errno.h>

#include "core.h"
#include "dash/callback.h"
#include "dash/client.h"
#include "dash/link.h"

static struct vz_client *client_of(struct vz_app *app, const struct tab *tab)
{
	return vz_client_find_renderer(app, tab->id);
}

/* A tab of somebody whom the server knows. NULL: nobody. */
static void tab_start_as(struct vz_app *app, struct tab *tab, const char *id, const char *user,
			 const char *role)
{
	core_speaker = (struct vz_speaker){ true, user, role };
	tab_start_own(app, tab, id);
	core_speaker = (struct vz_speaker){ 0 };
}

static bool was_prevented(struct tab *tab)
{
	return tab_got_answer(tab, "{\"status\":\"prevent_update\"}");
}

TEST(role_names_are_found_again_in_order)
{
	static const struct {
		const char *name;
		enum vz_role role;
	} cases[] = {
		{ "viewer", VZ_ROLE_VIEWER }, { "user", VZ_ROLE_USER },	 { "admin", VZ_ROLE_ADMIN },
		{ "", VZ_ROLE_NONE },	      { "guest", VZ_ROLE_NONE }, { "Admin", VZ_ROLE_NONE },
		{ "admin ", VZ_ROLE_NONE },   { NULL, VZ_ROLE_NONE },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].name);
		CHECK_EQ(vz_role_find(cases[i].name), cases[i].role);
		if (cases[i].role)
			CHECK_STR(vz_role_name(cases[i].role), cases[i].name);
	}
	test_case(NULL);
	CHECK(VZ_ROLE_NONE < VZ_ROLE_VIEWER && VZ_ROLE_VIEWER < VZ_ROLE_USER &&
	      VZ_ROLE_USER < VZ_ROLE_ADMIN);
	CHECK_STR(vz_role_name((enum vz_role) 17), "");
}

static enum vz_role local_is_admin(const char *address, void *data)
{
	return strcmp(address, "127.0.0.1") ? VZ_ROLE_USER : VZ_ROLE_ADMIN;
}

TEST(role_follows_the_user_and_what_the_server_lets_in)
{
	static const struct {
		const char *label;
		bool required, guests;
		const char *user, *role, *address;
		enum vz_role expected;
	} cases[] = {
		{ "open, here", false, false, NULL, NULL, "127.0.0.1", VZ_ROLE_ADMIN },
		{ "open, there", false, false, NULL, NULL, "192.0.2.1", VZ_ROLE_USER },
		{ "open, guests", false, true, NULL, NULL, "192.0.2.1", VZ_ROLE_USER },
		{ "open, a viewer here", false, false, "v", "viewer", "127.0.0.1", VZ_ROLE_VIEWER },
		{ "open, a program's role", false, false, "g", "guest", "127.0.0.1", VZ_ROLE_USER },
		{ "closed, here", true, false, NULL, NULL, "127.0.0.1", VZ_ROLE_NONE },
		{ "closed, a role without a name", true, false, NULL, "admin", "127.0.0.1",
		  VZ_ROLE_NONE },
		{ "guests", true, true, NULL, NULL, "127.0.0.1", VZ_ROLE_VIEWER },
		{ "closed, a viewer", true, false, "v", "viewer", "192.0.2.1", VZ_ROLE_VIEWER },
		{ "closed, a user", true, false, "u", "user", "192.0.2.1", VZ_ROLE_USER },
		{ "closed, an admin", true, false, "a", "admin", "192.0.2.1", VZ_ROLE_ADMIN },
		{ "closed, no role", true, false, "n", "", "192.0.2.1", VZ_ROLE_USER },
	};
	struct vz_app_options options = { .role_of_nobody = local_is_admin };
	struct vz_app *app = core_new(&options);

	core_set_layout(app, VZ_IDS("x"));
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		CHECK_EQ(vz_app_enforce_login(app, cases[i].required), 0);
		vz_app_set_guest_view(app, cases[i].guests);
		CHECK_EQ(vz_app_judge_role(app, cases[i].user, cases[i].role, cases[i].address),
			 cases[i].expected);
	}
	test_case(NULL);
	vz_app_free(app);
}

TEST(role_that_a_program_asks_for_does_not_open_what_the_server_closed)
{
	struct vz_app *app = core_new(NULL);

	core_set_layout(app, VZ_IDS("x"));
	CHECK_EQ(vz_app_enforce_login(app, true), 0);
	CHECK_EQ(vz_app_set_login_required(app, true), 0);
	CHECK_EQ(vz_app_set_login_required(app, false), 0);
	CHECK(vz_app_is_login_required(app));
	CHECK_EQ(vz_app_enforce_login(app, false), 0);
	CHECK(!vz_app_is_login_required(app));
	vz_app_free(app);
}

TEST(role_that_a_program_gives_counts_where_the_server_has_no_users)
{
	struct vz_app *app = core_new(NULL);
	struct tab v, n;

	core_set_layout(app, VZ_IDS("x"));
	tab_start_own(app, &n, "n");
	CHECK_EQ(vz_client_set_user(client_of(app, &n), "eve", "admin"), 0);
	CHECK(vz_client_may(client_of(app, &n), VZ_ROLE_ADMIN));
	CHECK_EQ(vz_app_enforce_login(app, true), 0);
	tab_start_as(app, &v, "v", "vera", "viewer");
	CHECK_EQ(vz_client_set_user(client_of(app, &v), "eve", "admin"), -EPERM);
	CHECK(!vz_client_may(client_of(app, &v), VZ_ROLE_USER));
	CHECK_STR(vz_client_get_user(client_of(app, &v)), "vera");
	tab_close(&v);
	tab_close(&n);
	vz_app_free(app);
}

/* --- Calls ----------------------------------------------------------------------------------- */

static unsigned n_refused;
static enum vz_role last_needed;

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	if (event != VZ_CLIENT_REFUSED)
		return;
	n_refused++;
	last_needed = vz_client_get_refused(client);
}

/* As whom the thing was stopped. */
static char who[64];

static int note_who(struct vz_call *call, void *data)
{
	const char *user = vz_call_get_user(call);

	snprintf(who, sizeof(who), "%s/%s", user ? user : "-",
		 vz_role_name(vz_call_get_role(call)));
	return 0;
}

static struct vz_callback *stop_callback;

/* y = 10 x for users, t is one's own tab, s stops the thing: shared, for admins. */
static struct vz_app *start(void)
{
	const struct vz_callback_spec tabs = {
		.outputs = VZ_IDS("u.value"),
		.inputs = VZ_IDS("t.value"),
		.service = VZ_SERVICE_LINK,
		.fn = core_times_ten,
		.needs = VZ_ROLE_VIEWER,
	};
	const struct vz_callback_spec stop = {
		.inputs = VZ_IDS("s.value"),
		.service = VZ_SHARED,
		.fn = note_who,
		.needs = VZ_ROLE_ADMIN,
	};
	struct vz_app *app = core_new(NULL);
	struct vz_client_listener *listener;

	n_refused = 0;
	who[0] = '\0';
	CHECK_EQ(vz_app_enforce_login(app, true), 0);
	core_set_layout(app, VZ_IDS("x", "y", "t", "u", "s"));
	core_add(app, VZ_SHARED, "y.value", "x.value", NULL);
	CHECK_EQ(vz_app_add_callback(app, &tabs, NULL), 0);
	CHECK_EQ(vz_app_add_callback(app, &stop, &stop_callback), 0);
	CHECK_EQ(vz_app_add_client_listener(app, on_client, NULL, &listener), 0);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(4)), 0);
	return app;
}

#define ANSWER_70 \
	"{\"status\":\"ok\",\"data\":{\"multi\":true,\"response\":{\"u\":{\"value\":70}}}}"

TEST(role_of_a_viewer_moves_nothing_and_is_put_right)
{
	struct vz_app *app = start();
	struct tab v, u;

	tab_start_as(app, &v, "v", "vera", "viewer");
	tab_start_as(app, &u, "u", "uwe", "user");
	CHECK_STR(vz_client_get_user(client_of(app, &v)), "vera");

	tab_set(&v, "y.value", "x", "value", "9");
	CHECK(was_prevented(&v));
	CHECK_EQ(n_refused, 1);
	CHECK_EQ(last_needed, VZ_ROLE_USER);
	CHECK_EQ(core_get(app, "x"), 4);
	CHECK(tab_is_quiet(&u));
	CHECK(tab_is_quiet(&v));
	/* Once it rests the truth is there again, for who dragged and for nobody else. */
	core_wait(app, 200000);
	CHECK(tab_got(&v, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":4}}}"));
	CHECK(tab_is_quiet(&v));
	CHECK(tab_is_quiet(&u));

	/* What a user does, a viewer sees. */
	tab_set(&u, "y.value", "x", "value", "5");
	CHECK(tab_got(&v, "{\"type\":\"mods\",\"set\":{\"x\":{\"value\":5}}}"));
	CHECK(tab_got(&v, "{\"type\":\"mods\",\"set\":{\"y\":{\"value\":50}}}"));
	/* And his own view he may change. */
	tab_set(&v, "u.value", "t", "value", "7");
	CHECK(tab_got_answer(&v, ANSWER_70));
	CHECK_EQ(n_refused, 1);
	CHECK_EQ(vz_app_get_counters(app)->callbacks_refused, 1);
	tab_close(&v);
	tab_close(&u);
	vz_app_free(app);
}

TEST(role_refusal_over_the_stock_link_does_not_go_round_in_circles)
{
	struct vz_app *app = start();
	struct tab s;

	core_speaker = (struct vz_speaker){ true, "vera", "viewer" };
	tab_start_stock(app, &s, "s");
	core_speaker = (struct vz_speaker){ 0 };
	tab_set(&s, "y.value", "x", "value", "9");
	CHECK(was_prevented(&s));
	core_wait(app, 200000);
	CHECK(tab_got(&s, "{\"type\":\"set_props\",\"rendererId\":\"s\",\"payload\":"
			  "{\"componentId\":\"x\",\"props\":{\"value\":4}}}"));
	/* That worker asks again for what it was told. */
	tab_set(&s, "y.value", "x", "value", "4");
	CHECK(was_prevented(&s));
	core_wait(app, 1000000);
	CHECK(tab_is_quiet(&s));
	tab_close(&s);
	vz_app_free(app);
}

static void stop(struct tab *tab)
{
	tab_ask(tab, stop_callback->output,
		"'inputs':[{'id':'s','property':'value','value':1}],'changedPropIds':['s.value']");
}

TEST(role_of_a_user_does_not_do_for_what_an_admin_may)
{
	struct vz_app *app = start();
	struct tab u, a;

	tab_start_as(app, &u, "u", "uwe", "user");
	tab_start_as(app, &a, "a", "ada", "admin");
	who[0] = '\0';
	stop(&u);
	CHECK(was_prevented(&u));
	CHECK_EQ(last_needed, VZ_ROLE_ADMIN);
	CHECK_STR(who, "");
	CHECK(tab_is_quiet(&a));
	stop(&a);
	CHECK_STR(who, "ada/admin");
	/* What the device does is done with all rights. */
	CHECK_EQ(vz_app_push(app, "s", "value", json_object_new_int(3)), 0);
	CHECK_STR(who, "-/admin");
	tab_close(&u);
	tab_close(&a);
	vz_app_free(app);
}

TEST(role_of_a_page_that_loads_is_no_error)
{
	struct vz_app *app = start();
	struct tab v;

	tab_start_as(app, &v, "v", "vera", "viewer");
	tab_ask(&v, "y.value",
		"'inputs':[{'id':'x','property':'value','value':9}],'changedPropIds':[]");
	CHECK(was_prevented(&v));
	core_wait(app, 1000000);
	CHECK(tab_is_quiet(&v));
	CHECK_EQ(n_refused, 0);
	tab_close(&v);
	vz_app_free(app);
}

TEST(role_is_that_of_the_link_whatever_the_tab_calls_itself)
{
	struct vz_app *app = start();
	struct tab a, thief;

	tab_start_as(app, &a, "tab", "ada", "admin");
	/* Somebody says hello with the name of that tab. */
	tab_start_as(app, &thief, "tab", "vera", "viewer");
	CHECK_STR(vz_client_get_user(client_of(app, &thief)), "vera");
	tab_set(&thief, "y.value", "x", "value", "9");
	CHECK_EQ(core_get(app, "x"), 4);
	tab_close(&thief);
	/* And while it is away. */
	tab_close(&a);
	tab_start_as(app, &thief, "tab", NULL, NULL);
	CHECK(!vz_client_get_user(client_of(app, &thief)));
	tab_set(&thief, "y.value", "x", "value", "9");
	CHECK(tab_got_error(&thief, "log in first"));
	CHECK_EQ(core_get(app, "x"), 4);
	tab_close(&thief);
	vz_app_free(app);
}

TEST(role_changes_while_the_link_stays)
{
	struct vz_app *app = start();
	struct tab a;

	tab_start_as(app, &a, "a", "ada", "viewer");
	tab_set(&a, "y.value", "x", "value", "9");
	CHECK_EQ(core_get(app, "x"), 4);
	CHECK_EQ(vz_link_set_speaker(a.link, &(struct vz_speaker){ true, "ada", "user" }), 0);
	tab_set(&a, "y.value", "x", "value", "9");
	CHECK_EQ(core_get(app, "x"), 9);
	CHECK_EQ(vz_link_set_speaker(a.link, &(struct vz_speaker){ true, NULL, NULL }), 0);
	tab_set(&a, "y.value", "x", "value", "8");
	CHECK_EQ(core_get(app, "x"), 9);
	tab_close(&a);
	vz_app_free(app);
}

TEST(role_of_a_guest_sees_while_guests_may)
{
	struct vz_app *app = start();
	struct tab g;

	tab_start_as(app, &g, "g", NULL, NULL);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(5)), 0);
	CHECK(tab_is_quiet(&g));
	vz_app_set_guest_view(app, true);
	CHECK(tab_got(&g, "{\"type\":\"mods\",\"set\":{\"s\":{\"value\":0},\"y\":{\"value\":50},"
			  "\"x\":{\"value\":5}}}"));
	tab_set(&g, "y.value", "x", "value", "9");
	CHECK(was_prevented(&g));
	CHECK_EQ(core_get(app, "x"), 5);
	vz_app_set_guest_view(app, false);
	CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(6)), 0);
	core_wait(app, 1000000);
	CHECK(tab_is_quiet(&g));
	tab_close(&g);
	vz_app_free(app);
}

/* --- Over HTTP ------------------------------------------------------------------------------- */

struct reply {
	unsigned status;
	char text[256];
};

static void on_reply(void *data, unsigned status, const char *headers, struct vz_blob *body)
{
	struct reply *reply = data;

	reply->status = status;
	snprintf(reply->text, sizeof(reply->text), "%.*s", body ? (int) body->size : 0,
		 body ? (char *) body->data : "");
}

TEST(role_over_http_is_that_of_the_session)
{
	static const char text[] = "{\"output\":\"y.value\",\"inputs\":[{\"id\":\"x\",\"property\":"
				   "\"value\",\"value\":7}],\"changedPropIds\":[\"x.value\"]}";
	static const struct {
		const char *label, *user, *role, *tab;
		unsigned status;
		const char *says;
	} cases[] = {
		{ "nobody", NULL, NULL, NULL, 403, "log in first" },
		{ "nobody, as the admin's tab", NULL, NULL, "a", 403, "log in first" },
		{ "a viewer", "vera", "viewer", NULL, 403,
		  "'y.value' needs the role 'user', and this is vera with the role 'viewer'" },
		{ "a viewer, as the admin's tab", "vera", "viewer", "a", 403, "vera" },
		{ "an admin as his tab", "ada", "admin", "a", 200, "70" },
		{ "an admin that was, as his tab", "ada", "viewer", "a", 403, "viewer" },
		{ "a user without a tab", "uwe", "user", NULL, 200, "70" },
	};
	struct vz_app *app = start();
	struct tab a;

	tab_start_as(app, &a, "a", "ada", "admin");
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		const struct vz_http_info info = { "127.0.0.1",
						   cases[i].tab,
						   { true, cases[i].user, cases[i].role } };
		struct reply reply = { 0 };

		test_case(cases[i].label);
		CHECK_EQ(vz_app_push(app, "x", "value", json_object_new_int(4)), 0);
		CHECK(!vz_app_receive_http(app, text, strlen(text), &info, core_now_us, on_reply,
					   &reply));
		CHECK_EQ(reply.status, cases[i].status);
		CHECK(strstr(reply.text, cases[i].says));
		CHECK_EQ(core_get(app, "x"), reply.status == 200 ? 7 : 4);
	}
	test_case(NULL);
	tab_close(&a);
	vz_app_free(app);
}

TEST(role_that_is_none_is_refused_with_its_callback)
{
	const struct vz_callback_spec spec = {
		.inputs = VZ_IDS("x.value"),
		.fn = core_times_ten,
		.needs = (enum vz_role) 9,
	};
	struct vz_app *app = core_new(NULL);

	core_set_layout(app, VZ_IDS("x"));
	CHECK_EQ(vz_app_add_callback(app, &spec, NULL), -EINVAL);
	CHECK_STR(vz_app_last_error(app), "needs: 9 is no role");
	vz_app_free(app);
}
