/*
 * The panel of users and the form for one's own password, with the real users on a disk, and tabs
 * in memory.
 */
#include "panels/users-panel.h"

#include <errno.h>
#include <unistd.h>

#include "core.h"
#include "dash/app-private.h"
#include "dash/callback.h"
#include "folder.h"
#include "jobs/jobs.h"
#include "loop/loop-test.h"
#include "panels/account-panel.h"
#include "panels/own-password.h"
#include "users/users.h"
#include "util/log.h"

struct rig {
	char dir[64];
	struct vz_loop *loop;
	struct vz_jobs *jobs;
	struct vz_users *users;
	struct vz_app *app;
	struct vz_users_panel *panel;
	struct vz_own_password *own;
	struct vz_account_panel *account;
};

static void begin(struct rig *rig)
{
	struct vz_users_options options = { .dir = rig->dir, .idle_s = 86400 };
	struct vz_account_panel_options account = { .admin = "local", .prefix = "/cam/" };
	struct json_object *root;

	(void) vz_log_configure("error", NULL);
	memset(rig, 0, sizeof(*rig));
	test_make_folder(rig->dir);
	CHECK_EQ(vz_loop_new_test(&rig->loop), 0);
	CHECK_EQ(vz_jobs_new(rig->loop, NULL, &rig->jobs), 0);
	CHECK_EQ(vz_users_new(rig->loop, rig->jobs, &options, &rig->users), 0);
	rig->app = core_new(NULL);
	CHECK_EQ(vz_app_enforce_login(rig->app, true), 0);
	CHECK_EQ(vz_users_panel_new(rig->loop, rig->app, rig->users, &rig->panel), 0);
	CHECK_EQ(vz_own_password_new(rig->app, rig->users, &rig->own), 0);
	account.loop = rig->loop;
	account.app = rig->app;
	CHECK_EQ(vz_account_panel_new(&account, &rig->account), 0);
	vz_account_panel_set_login(rig->account, true, NULL);
	root = json_object_new_array();
	json_object_array_add(root, vz_users_panel_render(rig->panel));
	json_object_array_add(root, vz_account_panel_render(rig->account));
	CHECK_EQ(vz_app_set_layout(rig->app, root), 0);
	CHECK_EQ(vz_users_panel_connect(rig->panel), 0);
	CHECK_EQ(vz_own_password_connect(rig->own), 0);
}

static void end(struct rig *rig)
{
	vz_users_stop(rig->users);
	vz_jobs_free(rig->jobs, 10000000);
	vz_account_panel_free(rig->account);
	vz_own_password_free(rig->own);
	vz_users_panel_free(rig->panel);
	vz_users_free(rig->users);
	vz_app_free(rig->app);
	vz_loop_free(rig->loop);
	test_remove_folder(rig->dir);
}

static void start_as(struct rig *rig, struct tab *tab, const char *id, const char *user,
		     const char *role)
{
	core_speaker = (struct vz_speaker){ true, user, role };
	tab_open(rig->app, tab, id, false);
	tab_hello(tab);
	core_speaker = (struct vz_speaker){ 0 };
	vz_loop_test_advance(rig->loop, 0);
}

/* Whether anything that the tab was sent has @part in it. */
static bool was_told(const struct tab *tab, const char *part)
{
	return strstr(json_object_to_json_string_ext(tab->messages,
						     JSON_C_TO_STRING_PLAIN |
							     JSON_C_TO_STRING_NOSLASHESCAPE),
		      part);
}

static void wait_told(struct rig *rig, const struct tab *tab, const char *part)
{
	for (unsigned i = 0; i < 1000 && !was_told(tab, part); i++) {
		(void) vz_loop_test_step(rig->loop, 10);
		vz_loop_test_advance(rig->loop, 0);
	}
	if (!was_told(tab, part))
		test_fail(__FILE__, __LINE__, "%s was not told '%s': %s", tab->id, part,
			  json_object_to_json_string(tab->messages));
}

static const char *output_of(struct rig *rig, const char *input)
{
	struct vz_callback *c;

	vz_list_for_each(c, &rig->app->callbacks,
			 in_app) if (!strcmp(c->inputs[0].text, input)) return c->output;
	test_fail(__FILE__, __LINE__, "no callback on %s", input);
	return "";
}

static void press(struct rig *rig, struct tab *tab, const char *button, const char *name,
		  const char *role, const char *password)
{
	char input[64], rest[512];

	snprintf(input, sizeof(input), "%s.n_clicks", button);
	snprintf(rest, sizeof(rest),
		 "'inputs':[{'id':'%s','property':'n_clicks','value':1}],'changedPropIds':['%s'],"
		 "'state':[{'id':'users-name','property':'value','value':'%s'},"
		 "{'id':'users-role','property':'value','value':'%s'},"
		 "{'id':'users-password','property':'value','value':'%s'}]",
		 button, input, name, role, password);
	tab_ask(tab, output_of(rig, input), rest);
}

static const char *find_role(struct rig *rig, const char *name)
{
	const struct vz_user *user = vz_users_find(rig->users, name);

	return user ? vz_role_name(user->role) : "none";
}

/* --- The panel ------------------------------------------------------------------------------- */

/* Whether the tab was told of a user of that name in a cell of the table. */
static bool sees(const struct tab *tab, const char *name)
{
	char text[96];

	snprintf(text, sizeof(text),
		 "{\"namespace\":\"dash_html_components\",\"type\":\"Td\","
		 "\"props\":{\"children\":\"%s\"}}",
		 name);
	return was_told(tab, text);
}

TEST(users_panel_is_for_admins_who_all_see_each_change)
{
	struct vz_blob *layout;
	struct tab a, b, u;
	struct rig rig;

	begin(&rig);
	start_as(&rig, &a, "a", "ada", "admin");
	start_as(&rig, &b, "b", "bea", "admin");
	start_as(&rig, &u, "u", "uwe", "user");
	press(&rig, &a, "users-add", " Ada ", "admin", "lovelace1815");
	wait_told(&rig, &a, "ada has been added.");
	wait_told(&rig, &b, "\"ada\"");
	CHECK(sees(&a, "ada") && sees(&b, "ada"));
	CHECK_STR(find_role(&rig, "ada"), "admin");
	press(&rig, &b, "users-add", "ben", "viewer", "franklin1706");
	wait_told(&rig, &b, "ben has been added.");
	press(&rig, &b, "users-set-role", "ben", "user", "");
	wait_told(&rig, &b, "ben has another role.");
	CHECK_STR(find_role(&rig, "ben"), "user");

	/* Who is no admin is told nothing, and does nothing. */
	press(&rig, &u, "users-remove", "ben", "", "");
	CHECK(!sees(&u, "ada") && !was_told(&u, "ben"));
	press(&rig, &a, "users-remove", "ben", "", "");
	wait_told(&rig, &a, "ben has been removed.");
	CHECK_STR(find_role(&rig, "ben"), "none");
	CHECK_EQ(vz_app_get_counters(rig.app)->callbacks_refused, 1);

	CHECK_EQ(vz_app_encode_layout(rig.app, &layout), 0);
	CHECK(!memmem(layout->data, layout->size, "ada", 3));
	vz_blob_unref(layout);
	CHECK(!was_told(&a, "lovelace1815") && !was_told(&b, "lovelace1815"));
	CHECK(!was_told(&u, "franklin"));
	/* The box is emptied when its password is not needed any more. */
	CHECK(was_told(&a, "\"users-password\":{\"value\":\"\"}"));
	tab_close(&a);
	tab_close(&b);
	tab_close(&u);
	end(&rig);
}

TEST(users_panel_takes_the_list_from_who_is_no_admin_any_more)
{
	struct rig rig;
	struct tab a;

	begin(&rig);
	start_as(&rig, &a, "a", "ada", "admin");
	press(&rig, &a, "users-add", "ada", "admin", "lovelace1815");
	wait_told(&rig, &a, "ada has been added.");
	CHECK_EQ(vz_link_set_speaker(a.link, &(struct vz_speaker){ true, "ada", "viewer" }), 0);
	tab_forget(&a);
	vz_loop_test_advance(rig.loop, 0);
	wait_told(&rig, &a, "\"users-list\":{\"children\":\"\"}");
	CHECK(was_told(&a, "vz-page vz-viewer"));
	tab_close(&a);
	end(&rig);
}

TEST(users_panel_says_what_is_wrong)
{
	static const struct {
		const char *label, *button, *name, *role, *password, *says;
	} cases[] = {
		{ "no name", "users-add", "", "user", "long enough", "A name has 1 to 32" },
		{ "a bad name", "users-add", "<b>", "user", "long enough", "A name has 1 to 32" },
		{ "a short password", "users-add", "eve", "user", "short", "8 to 511" },
		{ "twice", "users-add", "ada", "user", "long enough", "There is a user" },
		{ "another role", "users-add", "eve", "root", "long enough",
		  "role: expected viewer, user or admin, got 'root'" },
		{ "nobody's role", "users-set-role", "eve", "user", "", "There is no user" },
		{ "nobody's password", "users-set-password", "eve", "", "long enough",
		  "There is no user" },
		{ "the last admin", "users-remove", "ada", "", "", "That is the last user" },
		{ "the last admin's role", "users-set-role", "ada", "user", "",
		  "That is the last user" },
	};
	struct rig rig;
	struct tab a;

	begin(&rig);
	start_as(&rig, &a, "a", "ada", "admin");
	press(&rig, &a, "users-add", "ada", "admin", "lovelace1815");
	wait_told(&rig, &a, "ada has been added.");
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		json_object_put(a.messages);
		a.messages = json_object_new_array();
		press(&rig, &a, cases[i].button, cases[i].name, cases[i].role, cases[i].password);
		wait_told(&rig, &a, cases[i].says);
		CHECK_STR(find_role(&rig, "eve"), "none");
		CHECK_STR(find_role(&rig, "ada"), "admin");
	}
	test_case(NULL);
	tab_close(&a);
	end(&rig);
}

TEST(users_panel_lets_guests_look)
{
	struct rig rig;
	struct tab a, b;

	begin(&rig);
	start_as(&rig, &a, "a", "ada", "admin");
	start_as(&rig, &b, "b", "bea", "admin");
	press(&rig, &a, "users-add", "ada", "admin", "lovelace1815");
	wait_told(&rig, &a, "ada has been added.");
	tab_ask(&a, output_of(&rig, "users-guests.value"),
		"'inputs':[{'id':'users-guests','property':'value','value':['on']}],"
		"'changedPropIds':['users-guests.value']");
	wait_told(&rig, &b, "\"users-guests\":{\"value\":[\"on\"]}");
	CHECK(vz_users_allows_guests(rig.users));
	tab_ask(&a, output_of(&rig, "users-guests.value"),
		"'inputs':[{'id':'users-guests','property':'value','value':'on'}],"
		"'changedPropIds':['users-guests.value']");
	CHECK(was_told(&a, "guests: expected [] or"));
	tab_close(&a);
	tab_close(&b);
	end(&rig);
}

/* --- One's own password ---------------------------------------------------------------------- */

static void change(struct rig *rig, struct tab *tab, const char *now, const char *new)
{
	char rest[512];

	json_object_put(tab->messages);
	tab->messages = json_object_new_array();
	snprintf(rest, sizeof(rest),
		 "'inputs':[{'id':'account-password-change','property':'n_clicks','value':1}],"
		 "'changedPropIds':['account-password-change.n_clicks'],"
		 "'state':[{'id':'account-password-now','property':'value','value':'%s'},"
		 "{'id':'account-password-new','property':'value','value':'%s'}]",
		 now, new);
	tab_ask(tab, output_of(rig, "account-password-change.n_clicks"), rest);
}

static void on_login(int r, const char *token, int64_t wait_us, void *data)
{
	*(int *) data = r;
}

static int login(struct rig *rig, const char *password)
{
	int r = 1;

	CHECK_EQ(vz_users_login(rig->users, "192.0.2.9", "vera", password, on_login, &r), 0);
	for (unsigned i = 0; i < 1000 && r == 1; i++) {
		(void) vz_loop_test_step(rig->loop, 10);
		vz_loop_test_advance(rig->loop, 0);
	}
	return r;
}

TEST(own_password_is_changed_by_who_knows_the_present_one)
{
	struct rig rig;
	struct tab a, v;

	begin(&rig);
	start_as(&rig, &a, "a", "ada", "admin");
	press(&rig, &a, "users-add", "vera", "viewer", "rubin was here");
	wait_told(&rig, &a, "vera has been added.");
	/* A viewer may, too. */
	start_as(&rig, &v, "v", "vera", "viewer");
	CHECK(was_told(&v, "vera · viewer") && was_told(&v, "account-password-now"));
	change(&rig, &v, "rubin was here", "short");
	wait_told(&rig, &v, "at least 8");
	change(&rig, &v, "something else", "long enough");
	wait_told(&rig, &v, "That is not your present password.");
	CHECK_EQ(login(&rig, "rubin was here"), 0);
	change(&rig, &v, "rubin was here", "long enough");
	for (unsigned i = 0; i < 1000 && login(&rig, "long enough"); i++)
		vz_loop_test_advance(rig.loop, 60000000);
	CHECK_EQ(login(&rig, "long enough"), 0);
	CHECK_EQ(login(&rig, "rubin was here"), -EACCES);
	CHECK(!was_told(&v, "long enough") && !was_told(&v, "rubin"));
	tab_close(&a);
	tab_close(&v);
	end(&rig);
}

TEST(own_password_of_nobody_is_refused)
{
	struct rig rig;
	struct tab g;

	begin(&rig);
	vz_app_set_guest_view(rig.app, true);
	start_as(&rig, &g, "g", NULL, NULL);
	CHECK(was_told(&g, "Guest: you may look") && was_told(&g, "\"href\":\"/cam/login\""));
	CHECK(!was_told(&g, "logout"));
	change(&rig, &g, "whatever it is", "long enough");
	wait_told(&rig, &g, "log in first");
	tab_close(&g);
	end(&rig);
}

/* --- The line in the header ------------------------------------------------------------------ */

TEST(account_line_tells_each_his_own)
{
	static const struct {
		const char *user, *role, *line, *class;
	} cases[] = {
		{ "ada", "admin", "ada · admin", "\"vz-page vz-admin\"" },
		{ "uwe", "user", "uwe · user", "\"vz-page\"" },
		{ "vera", "viewer", "vera · viewer", "\"vz-page vz-viewer\"" },
	};
	struct rig rig;

	begin(&rig);
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct tab tab;

		test_case(cases[i].user);
		start_as(&rig, &tab, "tab", cases[i].user, cases[i].role);
		CHECK(was_told(&tab, cases[i].line));
		CHECK(was_told(&tab, cases[i].class));
		CHECK(was_told(&tab, "\"action\":\"/cam/logout\",\"method\":\"POST\""));
		tab_close(&tab);
	}
	test_case(NULL);
	end(&rig);
}

TEST(account_line_says_when_there_is_no_login_and_what_was_refused)
{
	struct rig rig;
	struct tab t;

	begin(&rig);
	CHECK_EQ(vz_app_enforce_login(rig.app, false), 0);
	/* A plugin's form to log in with is there to be filled in. */
	CHECK_EQ(vz_app_set_login_required(rig.app, true), 0);
	tab_start_own(rig.app, &t, "nobody");
	vz_loop_test_advance(rig.loop, 0);
	CHECK(was_told(&t, "\"vz-page\"") && !was_told(&t, "vz-viewer"));
	tab_close(&t);
	CHECK_EQ(vz_app_set_login_required(rig.app, false), 0);
	vz_account_panel_set_login(rig.account, false, "No login here");
	tab_start_own(rig.app, &t, "t");
	vz_loop_test_advance(rig.loop, 0);
	CHECK(was_told(&t, "No login here"));
	CHECK(!was_told(&t, "logout"));
	/* The core's own rule without a host: whoever is nobody is a user. Ten clicks are one word.
	 */
	for (unsigned i = 0; i < 10; i++)
		press(&rig, &t, "users-remove", "ada", "", "");
	vz_loop_test_advance(rig.loop, 100000);
	CHECK(was_told(&t, "or a browser on this machine itself, may do that."));
	CHECK_EQ(vz_app_get_counters(rig.app)->callbacks_refused, 10);
	CHECK(was_told(&t, "vz-refused-odd"));
	CHECK(!was_told(&t, "\"className\":\"vz-refused\""));
	tab_close(&t);
	end(&rig);
}
