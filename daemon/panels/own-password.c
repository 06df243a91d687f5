#include "panels/own-password.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app.h"
#include "users/password.h"
#include "users/users.h"
#include "util/log.h"
#include "vizyd/components.h"
#include "vizyd/dash.h"
#include "vizyd/input.h"

#define NOW_ID	  "account-password-now"
#define NEW_ID	  "account-password-new"
#define CHANGE_ID "account-password-change"
#define NOTE_ID	  "account-password-note"

struct vz_own_password {
	struct vz_app *app;
	struct vz_users *users;
	struct vz_callback *callback;
};

/* Who waits, while the present password is judged and then the new one is written. */
struct wish {
	struct vz_own_password *own;
	uint64_t client_id;
	char name[VZ_USER_NAME_MAX + 1];
	char *password;
};

static void wish_free(struct wish *wish)
{
	if (wish->password)
		vz_password_wipe(wish->password);
	free(wish->password);
	free(wish);
}

static void say(const struct wish *wish, struct json_object *text)
{
	struct vz_client *client = vz_app_find_client(wish->own->app, wish->client_id);
	struct json_object *mods = vz_object({ NOTE_ID, vz_object({ "children", text }) });

	if (client && mods)
		(void) vz_client_push_quietly(client, mods);
	else
		json_object_put(mods);
}

/* When it is written the session has ended, and the page is on its way to the login. */
static void on_written(int r, void *data)
{
	struct wish *wish = data;

	if (r == 0)
		vz_log(PANEL, NOTICE, "%s has chosen another password", wish->name);
	else if (r != -ESHUTDOWN)
		say(wish, vz_text(vz_user_error_text(r)));
	wish_free(wish);
}

static void on_judged(int r, const char *token, int64_t wait_us, void *data)
{
	struct wish *wish = data;

	if (r == 0) {
		/* It was only to know. */
		vz_users_logout(wish->own->users, token);
		r = vz_users_set_password(wish->own->users, wish->name, wish->password, on_written,
					  wish);
		if (r == 0)
			return;
		say(wish, vz_text(vz_user_error_text(r)));
	} else if (r == -EACCES) {
		say(wish, vz_text("That is not your present password."));
	} else if (r == -EAGAIN) {
		say(wish, vz_textf("Too many wrong passwords: try again in %d s.",
				   (int) (wait_us / 1000000) + 1));
	} else if (r != -ESHUTDOWN) {
		say(wish, vz_text(vz_user_error_text(r)));
	}
	wish_free(wish);
}

static int begin(struct vz_own_password *own, struct vz_client *client, const char *name,
		 const char *now, const char *new)
{
	struct wish *wish = calloc(1, sizeof(*wish));
	int r;

	if (!wish)
		return -ENOMEM;
	wish->own = own;
	wish->client_id = vz_client_get_id(client);
	(void) snprintf(wish->name, sizeof(wish->name), "%s", name);
	wish->password = strdup(new);
	r = wish->password ? vz_users_login(own->users, vz_client_get_address(client), name, now,
					    on_judged, wish)
			   : -ENOMEM;
	if (r < 0)
		wish_free(wish);
	return r;
}

static int on_change(struct vz_call *call, void *data)
{
	struct vz_client *client = vz_call_client(call);
	const char *now, *new, *wrong;
	int r;

	/* A button that comes onto the page calls once, with no clicks. */
	if (!json_object_get_int(vz_call_input(call, 0)))
		return 0;
	r = vz_call_state_text(call, 0, &now);
	if (r >= 0)
		r = vz_call_state_text(call, 1, &new);
	if (r < 0)
		return r;
	if (!client || !vz_call_get_user(call))
		return vz_call_fail(call, -EACCES, "log in first");
	wrong = vz_password_judge(new);
	if (!wrong) {
		r = begin(data, client, vz_call_get_user(call), now, new);
		wrong = r == 0	      ? "…"
			: r == -EBUSY ? vz_user_error_text(-EAGAIN)
				      : vz_user_error_text(r);
	}
	return vz_call_set(call, NOTE_ID, "children", vz_text(wrong));
}

static struct json_object *make_box(const char *id, const char *what, const char *kind)
{
	return vz_dcc_input(.id = id, .type = "password", .autoComplete = kind,
			    .placeholder = vz_text(what), .value = vz_text(""));
}

struct json_object *vz_own_password_render(void)
{
	/* clang-format off */
	return vz_html_details(.className = "vz-own", .children = vz_array(
		vz_html_summary(.className = "vz-link", .children = vz_text("Password")),
		make_box(NOW_ID, "Present password", "current-password"),
		make_box(NEW_ID, "New password", "new-password"),
		vz_html_button(.id = CHANGE_ID, .className = "vz-button", .n_clicks = 0,
			.children = vz_text("Change")),
		vz_html_p(.id = NOTE_ID, .className = "vz-note", .role = "status")));
	/* clang-format on */
}

int vz_own_password_connect(struct vz_own_password *own)
{
	const struct vz_callback_spec spec = {
		.inputs = VZ_IDS(CHANGE_ID ".n_clicks"),
		.states = VZ_IDS(NOW_ID ".value", NEW_ID ".value"),
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.fn = on_change,
		.data = own,
		.needs = VZ_ROLE_VIEWER,
	};

	own->callback = vz_callback_free(own->callback);
	return vz_app_add_callback(own->app, &spec, &own->callback);
}

int vz_own_password_new(struct vz_app *app, struct vz_users *users, struct vz_own_password **ret)
{
	struct vz_own_password *own = calloc(1, sizeof(*own));

	if (!own)
		return -ENOMEM;
	own->app = app;
	own->users = users;
	*ret = own;
	return 0;
}

struct vz_own_password *vz_own_password_free(struct vz_own_password *own)
{
	if (!own)
		return NULL;
	(void) vz_callback_free(own->callback);
	free(own);
	return NULL;
}
