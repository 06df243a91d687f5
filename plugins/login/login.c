/*
 * Logging in. One callback answers in two ways: a wrong password sets its Output, a right one sets
 * other properties instead (alternate outputs), so that the form makes place for what is behind it.
 *
 * What is behind it is not in the layout, which everybody can read: it is sent to those who have
 * logged in. And since a browser may ask for anything, the functions there look at who asks.
 */
#include <crypt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

static struct {
	struct vz_app *app;
	struct json_object *config; /* "user_NAME": "ROLE HASH" for each */
	unsigned n_rings;
} login;

/* From the worker that compared the passwords to the loop, where clients live. */
struct admission {
	uint64_t client_id;
	char user[64], role[64];
};

static void admit(void *data)
{
	struct admission *admission = data;
	struct vz_client *client = vz_app_find_client(login.app, admission->client_id);
	int r = client ? vz_client_set_user(client, admission->user, admission->role) : 0;

	/* It may have gone meanwhile. */
	if (client && r == 0)
		vz_log_info("%s logged in from %s", admission->user, vz_client_get_address(client));
	else if (r == -EPERM)
		vz_log_warning(
			"This server has users of its own; those of the plugin do not count");
	free(admission);
}

/* Whether @password fits. An unknown name takes the same time, and so does not show. */
static bool check(const char *user, const char *password, char *role, size_t role_size)
{
	static const char nobody[] = "- $6$nobody$";
	const char *entry = vz_config_string(login.config, VZ_AT("user_%s", user), nobody);
	const char *hash = strchr(entry, ' ');
	struct crypt_data scratch = { 0 };
	const char *result = hash ? crypt_rn(password, hash + 1, &scratch, sizeof(scratch)) : NULL;

	if (!result || strcmp(result, hash + 1) != 0 || (size_t) (hash - entry) >= role_size)
		return false;
	(void) snprintf(role, role_size, "%.*s", (int) (hash - entry), entry);
	return true;
}

static struct json_object *shown(bool yes)
{
	return yes ? vz_object() : vz_object({ "display", vz_text("none") });
}

/* clang-format off */
static struct json_object *inside(const char *user, const char *role)
{
	return vz_panel_group("Welcome",
		vz_html_p(.id = "login-who",
			.children = vz_textf("You are %s, and your role is %s.", user, role)),
		vz_panel_buttons(
			vz_panel_button("login-bell", "Ring the bell"),
			vz_panel_button("login-out", "Log out")),
		vz_html_p(.id = "login-rings", .className = "vz-note"));
}
/* clang-format on */

/* On a worker, since a good hash takes its time: nobody else waits for it. */
static int on_login(struct vz_call *call, void *data)
{
	const char *user, *password;
	struct admission *admission;
	int r;

	/* A program may ask over HTTP, without a tab that could be logged in. */
	if (!vz_call_client(call))
		return vz_call_fail(call, -EINVAL, "Only a page can log in");
	r = vz_call_state_text(call, 0, &user);
	if (r >= 0)
		r = vz_call_state_text(call, 1, &password);
	if (r < 0)
		return r;
	admission = calloc(1, sizeof(*admission));
	if (!admission)
		return -ENOMEM;
	if (strlen(user) >= sizeof(admission->user) ||
	    !check(user, password, admission->role, sizeof(admission->role))) {
		free(admission);
		return vz_call_set_output(call, 0, vz_text("Name and password do not fit."));
	}
	admission->client_id = vz_client_get_id(vz_call_client(call));
	(void) snprintf(admission->user, sizeof(admission->user), "%s", user);
	r = vz_call_set(call, "login-form", "style", shown(false));
	if (r >= 0)
		r = vz_call_set(call, "login-inside", "children", inside(user, admission->role));
	if (r >= 0)
		r = vz_app_post(login.app, admit, admission);
	if (r < 0)
		free(admission);
	return r;
}

static int on_logout(struct vz_call *call, void *data)
{
	int r;

	/* As always in Dash, a button that comes onto the page later calls once, with no clicks. */
	if (!json_object_get_int(vz_call_input(call, 0)) || !vz_call_client(call))
		return 0;
	r = vz_client_set_user(vz_call_client(call), NULL, NULL);
	if (r >= 0)
		r = vz_call_set(call, "login-password", "value", vz_text(""));
	if (r >= 0)
		r = vz_call_set(call, "login-form", "style", shown(true));
	return r < 0 ? r : vz_call_set_output(call, 0, NULL);
}

static int on_bell(struct vz_call *call, void *data)
{
	const char *user = vz_call_get_user(call);

	if (!user)
		return vz_call_fail(call, -EACCES, "The bell is for those who have logged in");
	login.n_rings++;
	vz_log_info("%s rang the bell", user);
	return vz_call_set_output(call, 0, vz_textf("Rings so far: %u", login.n_rings));
}

static const struct vz_callback_spec callbacks[] = {
	{
		.outputs = VZ_IDS("login-message.children"),
		.inputs = VZ_IDS("login-in.n_clicks", "login-password.n_submit"),
		.states = VZ_IDS("login-user.value", "login-password.value"),
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.blocking = true,
		.anyone = true,
		.fn = on_login,
	},
	{
		.outputs = VZ_IDS("login-inside.children"),
		.inputs = VZ_IDS("login-out.n_clicks"),
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.fn = on_logout,
	},
	{
		.outputs = VZ_IDS("login-rings.children"),
		.inputs = VZ_IDS("login-bell.n_clicks"),
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.fn = on_bell,
	},
};

/* clang-format off */
static struct json_object *layout(void)
{
	return vz_panel_columns(
		vz_html_div(.id = "login-form", .className = "vz-own", .children = vz_panel_group("Log in",
			vz_panel_row("Name", NULL,
				vz_dcc_input(.id = "login-user", .type = "text", .autoComplete = "username")),
			vz_panel_row("Password", NULL,
				vz_dcc_input(.id = "login-password", .type = "password",
					.autoComplete = "current-password")),
			vz_panel_buttons(vz_panel_button("login-in", "Log in")),
			vz_html_p(.id = "login-message", .className = "vz-note"))),
		vz_html_div(.id = "login-inside", .className = "vz-own"));
}
/* clang-format on */

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	int r = vz_app_add_tab(app, "Log in", layout());

	login.app = app;
	login.config = json_object_get(config);
	for (unsigned i = 0; r >= 0 && i < sizeof(callbacks) / sizeof(callbacks[0]); i++)
		r = vz_app_add_callback(app, &callbacks[i], NULL);
	if (r >= 0 && vz_config_bool(config, "required", false))
		r = vz_app_set_login_required(app, true);
	return r;
}

static void fini(void *data)
{
	(void) vz_app_set_login_required(login.app, false);
	json_object_put(login.config);
}

VZ_PLUGIN(.name = "login", .version = "1.0", .description = "Logging in, with alternate outputs",
	  .init = init, .fini = fini);
