#include "panels/users-panel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app.h"
#include "loop/loop.h"
#include "panels/account-panel.h"
#include "panels/admin.h"
#include "users/users.h"
#include "util/log.h"
#include "vizyd/components.h"
#include "vizyd/dash.h"
#include "vizyd/input.h"

#define LIST_ID	    "users-list"
#define NAME_ID	    "users-name"
#define ROLE_ID	    "users-role"
#define PASSWORD_ID "users-password"
#define NOTE_ID	    "users-note"
#define GUESTS_ID   "users-guests"
/* Of a client that has been shown the list. */
#define SHOWN_FIELD "users-panel"

/* A button of the form. */
enum action { ADD, SET_ROLE, SET_PASSWORD, REMOVE, N_ACTIONS };

static const struct {
	const char *id, *label, *done; /* done: what is said of the name */
} actions[N_ACTIONS] = {
	[ADD] = { "users-add", "Add", " has been added." },
	[SET_ROLE] = { "users-set-role", "Set role", " has another role." },
	[SET_PASSWORD] = { "users-set-password", "Set password",
			   " has another password, and is logged out." },
	[REMOVE] = { "users-remove", "Remove", " has been removed." },
};

struct binding {
	struct vz_users_panel *panel;
	enum action action;
	struct vz_callback *callback;
};

struct vz_users_panel {
	struct vz_app *app;
	struct vz_users *users;
	struct vz_users_listener *users_listener;
	struct vz_client_listener *client_listener;
	struct vz_timer *timer;
	struct binding bindings[N_ACTIONS];
	struct vz_callback *guests;
};

/* Who waits for a change. */
struct wish {
	struct vz_users_panel *panel;
	enum action action;
	uint64_t client_id;
	char name[VZ_USER_NAME_MAX + 1];
};

/* --- What admins see ------------------------------------------------------------------------ */

#define TH(text)  vz_html_th(.children = vz_text(text))
#define TD(value) vz_html_td(.children = value)

static struct json_object *make_table(const struct vz_users_panel *panel)
{
	struct json_object *rows = vz_array();
	const struct vz_user *user = NULL;

	while ((user = vz_users_next(panel->users, user)))
		vz_array_add(&rows,
			     vz_html_tr(.children =
						vz_array(TD(vz_text(user->name)),
							 TD(vz_text(vz_role_name(user->role))))));
	/* clang-format off */
	return vz_html_table(.className = "vz-table", .children = vz_array(
		vz_html_thead(.children = vz_html_tr(.children = vz_array(TH("Name"), TH("Role")))),
		vz_html_tbody(.children = rows)));
	/* clang-format on */
}

static struct json_object *guests_value(const struct vz_users_panel *panel)
{
	return vz_users_allows_guests(panel->users) ? vz_array(vz_text("on")) : vz_array();
}

static struct json_object *make_view(const struct vz_users_panel *panel, bool is_admin)
{
	if (!is_admin)
		return vz_object({ LIST_ID, vz_object({ "children", vz_text("") }) });
	return vz_object({ LIST_ID, vz_object({ "children", make_table(panel) }) },
			 { GUESTS_ID, vz_object({ "value", guests_value(panel) }) });
}

/* Who is no admin and never was is not told anything. */
static void show(struct vz_users_panel *panel, struct vz_client *client)
{
	bool is_admin = vz_client_may(client, VZ_ROLE_ADMIN);
	struct json_object *view;

	if (!is_admin && !vz_client_get_field(client, SHOWN_FIELD))
		return;
	view = make_view(panel, is_admin);
	if (view && vz_client_push_quietly(client, view) == 0)
		(void) vz_client_set_field(client, SHOWN_FIELD,
					   is_admin ? json_object_new_boolean(true) : NULL);
}

/* To all admins alike; who is none any more must not go on reading. */
static void on_timer(void *data)
{
	struct vz_users_panel *panel = data;
	struct vz_client *client = NULL;

	while ((client = vz_app_next_client(panel->app, client)))
		if (vz_client_is_online(client))
			show(panel, client);
}

static void on_users(void *data)
{
	struct vz_users_panel *panel = data;

	vz_timer_start(panel->timer, 0);
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	bool is_news = event == VZ_CLIENT_CONNECTED || event == VZ_CLIENT_RETURNED;

	/* Soon, so that a tab that has just come is welcomed first. */
	if (event == VZ_CLIENT_USER_CHANGED || (is_news && vz_client_may(client, VZ_ROLE_ADMIN)))
		on_users(data);
}

/* --- What admins do -------------------------------------------------------------------------- */

static void say(struct vz_users_panel *panel, uint64_t client_id, struct json_object *text,
		bool is_done)
{
	struct vz_client *client = vz_app_find_client(panel->app, client_id);
	struct json_object *mods = vz_object({ NOTE_ID, vz_object({ "children", text }) });

	/* A password does not stay in the box longer than it is needed. */
	if (is_done)
		vz_object_add(&mods, PASSWORD_ID, vz_object({ "value", vz_text("") }));
	if (client && mods)
		(void) vz_client_push_quietly(client, mods);
	else
		json_object_put(mods);
}

static void on_done(int r, void *data)
{
	struct wish *wish = data;
	char text[160];

	if (r == 0)
		(void) snprintf(text, sizeof(text), "%s%s", wish->name, actions[wish->action].done);
	if (r != -ESHUTDOWN)
		say(wish->panel, wish->client_id, vz_text(r < 0 ? vz_user_error_text(r) : text),
		    r == 0);
	free(wish);
}

static int ask(struct vz_users *users, struct wish *wish, enum vz_role role, const char *password)
{
	switch (wish->action) {
	case ADD:
		return vz_users_add(users, wish->name, role, password, on_done, wish);
	case SET_ROLE:
		return vz_users_set_role(users, wish->name, role, on_done, wish);
	case SET_PASSWORD:
		return vz_users_set_password(users, wish->name, password, on_done, wish);
	default:
		return vz_users_remove(users, wish->name, on_done, wish);
	}
}

static int on_button(struct vz_call *call, void *data)
{
	const struct binding *binding = data;
	struct vz_client *client = vz_call_client(call);
	const char *name, *role, *password;
	struct wish *wish;
	int r;

	r = vz_call_state_text(call, 0, &name);
	if (r >= 0)
		r = vz_call_state_text(call, 1, &role);
	if (r >= 0)
		r = vz_call_state_text(call, 2, &password);
	if (r < 0)
		return r;
	wish = calloc(1, sizeof(*wish));
	if (!wish)
		return -ENOMEM;
	wish->panel = binding->panel;
	wish->action = binding->action;
	wish->client_id = client ? vz_client_get_id(client) : 0;
	r = vz_user_name_make(name, wish->name);
	if (r >= 0 && (binding->action == ADD || binding->action == SET_ROLE) &&
	    !vz_role_find(role)) {
		free(wish);
		return vz_call_fail(call, -EINVAL,
				    "role: expected viewer, user or admin, got '%.32s'", role);
	}
	if (r >= 0) {
		vz_log(PANEL, NOTICE, "%s: %s the user %s", vz_admin_who(call),
		       actions[binding->action].label, wish->name);
		r = ask(binding->panel->users, wish, vz_role_find(role), password);
	}
	if (r >= 0)
		return vz_call_set(call, NOTE_ID, "children", vz_text("…"));
	free(wish);
	return vz_call_set(call, NOTE_ID, "children", vz_text(vz_user_error_text(r)));
}

static void on_guests_done(int r, void *data)
{
	struct wish *wish = data;

	if (r < 0 && r != -ESHUTDOWN) {
		say(wish->panel, wish->client_id, vz_text(vz_user_error_text(r)), false);
		vz_timer_start(wish->panel->timer, 0);
	}
	free(wish);
}

static int on_guests(struct vz_call *call, void *data)
{
	struct vz_users_panel *panel = data;
	struct json_object *value = vz_call_input(call, 0);
	struct vz_client *client = vz_call_client(call);
	struct wish *wish;
	int r;

	if (!json_object_is_type(value, json_type_array))
		return vz_call_fail(call, -EINVAL, "guests: expected [] or [\"on\"]");
	wish = calloc(1, sizeof(*wish));
	if (!wish)
		return -ENOMEM;
	wish->panel = panel;
	wish->client_id = client ? vz_client_get_id(client) : 0;
	r = vz_users_set_guests(panel->users, json_object_array_length(value) > 0, on_guests_done,
				wish);
	if (r >= 0)
		return 0;
	free(wish);
	vz_timer_start(panel->timer, 0);
	return vz_call_set(call, NOTE_ID, "children", vz_text(vz_user_error_text(r)));
}

/* --- Layout --------------------------------------------------------------------------------- */

static struct json_object *make_row(const char *label, struct json_object *control)
{
	return vz_html_div(.className = "vz-control",
			   .children = vz_array(vz_html_span(.className = "vz-control-label",
							     .children = vz_text(label)),
						control));
}

static struct json_object *make_option(enum vz_role role, const char *what)
{
	return vz_object({ "label", vz_textf("%s: %s", vz_role_name(role), what) },
			 { "value", vz_text(vz_role_name(role)) });
}

static struct json_object *make_buttons(void)
{
	struct json_object *buttons = vz_array();

	for (int i = 0; i < N_ACTIONS; i++)
		vz_array_add(&buttons,
			     vz_html_button(.id = actions[i].id, .className = "vz-button",
					    .n_clicks = 0, .children = vz_text(actions[i].label)));
	return vz_html_div(.className = "vz-buttons", .children = buttons);
}

static struct json_object *make_title(const char *text)
{
	return vz_html_h2(.className = "vz-group-title", .children = vz_text(text));
}

static void disconnect(struct vz_users_panel *panel)
{
	for (int i = 0; i < N_ACTIONS; i++)
		panel->bindings[i].callback = vz_callback_free(panel->bindings[i].callback);
	panel->guests = vz_callback_free(panel->guests);
}

struct json_object *vz_users_panel_render(struct vz_users_panel *panel)
{
	disconnect(panel);
	/* clang-format off */
	return vz_html_div(.className = "vz-columns " VZ_ADMINS_CLASS, .children = vz_array(
		vz_html_section(.className = "vz-group", .children = vz_array(
			make_title("Users"),
			vz_html_div(.id = LIST_ID, .className = "vz-scroll"),
			vz_dcc_checklist(.id = GUESTS_ID, .value = vz_array(),
				.options = vz_array(vz_object(
					{ "label", vz_text("Guests may look, without logging in") },
					{ "value", vz_text("on") }))))),
		vz_html_section(.className = "vz-group", .children = vz_array(
			make_title("Add or change"),
			make_row("Name", vz_dcc_input(.id = NAME_ID, .type = "text",
				.autoComplete = "off", .value = vz_text(""))),
			make_row("Role", vz_dcc_radio_items(.id = ROLE_ID,
				.value = vz_text(vz_role_name(VZ_ROLE_USER)),
				.options = vz_array(
					make_option(VZ_ROLE_VIEWER, "looks"),
					make_option(VZ_ROLE_USER, "moves the controls"),
					make_option(VZ_ROLE_ADMIN, "also the device and its users")))),
			make_row("Password", vz_dcc_input(.id = PASSWORD_ID, .type = "password",
				.autoComplete = "new-password", .value = vz_text(""))),
			make_buttons(),
			vz_html_p(.id = NOTE_ID, .className = "vz-note", .role = "status")))));
	/* clang-format on */
}

int vz_users_panel_connect(struct vz_users_panel *panel)
{
	struct vz_callback_spec spec = {
		/* Private: what it answers is for who asked. */
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.needs = VZ_ROLE_ADMIN,
	};
	char input[64];
	int r;

	spec.inputs = VZ_IDS(GUESTS_ID ".value");
	spec.fn = on_guests;
	spec.data = panel;
	r = vz_app_add_callback(panel->app, &spec, &panel->guests);
	spec.inputs = VZ_IDS(input);
	spec.states = VZ_IDS(NAME_ID ".value", ROLE_ID ".value", PASSWORD_ID ".value");
	spec.fn = on_button;
	for (int i = 0; r >= 0 && i < N_ACTIONS; i++) {
		panel->bindings[i].panel = panel;
		panel->bindings[i].action = (enum action) i;
		spec.data = &panel->bindings[i];
		(void) snprintf(input, sizeof(input), "%s.n_clicks", actions[i].id);
		r = vz_app_add_callback(panel->app, &spec, &panel->bindings[i].callback);
	}
	return r;
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_users_panel_new(struct vz_loop *loop, struct vz_app *app, struct vz_users *users,
		       struct vz_users_panel **ret)
{
	VZ_CLEANUP(vz_users_panel_freep)
	struct vz_users_panel *panel = calloc(1, sizeof(*panel));
	int r;

	if (!panel)
		return -ENOMEM;
	panel->app = app;
	panel->users = users;
	r = vz_timer_new(loop, on_timer, panel, &panel->timer);
	if (r >= 0)
		r = vz_users_add_listener(users, on_users, panel, &panel->users_listener);
	if (r >= 0)
		r = vz_app_add_client_listener(app, on_client, panel, &panel->client_listener);
	if (r < 0)
		return r;
	*ret = vz_steal(panel);
	return 0;
}

struct vz_users_panel *vz_users_panel_free(struct vz_users_panel *panel)
{
	if (!panel)
		return NULL;
	disconnect(panel);
	if (panel->client_listener)
		(void) vz_client_listener_free(panel->client_listener);
	panel->users_listener = vz_users_listener_free(panel->users_listener);
	panel->timer = vz_timer_free(panel->timer);
	free(panel);
	return NULL;
}
