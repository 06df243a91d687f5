/*
 * What a client may, and who it is as the server knows it. (Faces: dash/client.h, dash/app.h and
 * vizyd/dash.h.)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/client.h"
#include "dash/link.h"
#include "dash/push.h"

/* --- The rules ------------------------------------------------------------------------------- */

enum vz_role vz_app_judge_role(struct vz_app *app, const char *user, const char *role,
			       const char *address)
{
	enum vz_role found = vz_role_find(role);

	/* A role of a program's own lets in, as logging in always did. */
	if (user)
		return found ? found : VZ_ROLE_USER;
	if (app->login_required)
		return app->guest_view ? VZ_ROLE_VIEWER : VZ_ROLE_NONE;
	if (!app->options.role_of_nobody)
		return VZ_ROLE_USER;
	return app->options.role_of_nobody(address, app->options.role_data);
}

enum vz_role vz_client_get_rank(const struct vz_client *client)
{
	if (!client->app)
		return client->rank;
	return vz_app_judge_role(client->app, client->user, client->role, client->address);
}

bool vz_client_may(const struct vz_client *client, enum vz_role role)
{
	return vz_client_get_rank(client) >= role;
}

bool vz_app_shares_with(const struct vz_app *app, const struct vz_client *client)
{
	if (!client)
		return !app->login_required || app->guest_view;
	return vz_client_may(client, VZ_ROLE_VIEWER);
}

enum vz_role vz_client_get_refused(const struct vz_client *client)
{
	return client->refused;
}

/* --- What the app requires ------------------------------------------------------------------- */

/* Calls @change; who saw nothing before and may look now is told everything. */
static void let_in(struct vz_app *app, void (*change)(struct vz_app *app))
{
	struct vz_client *c;
	bool saw = vz_app_shares_with(app, NULL);

	change(app);
	if (!saw && vz_app_shares_with(app, NULL))
		vz_list_for_each(c, &app->clients, in_app) if (!c->user) vz_push_everything(c);
}

static void update_login(struct vz_app *app)
{
	app->login_required = app->login_asked || app->login_enforced;
	if (!app->login_required)
		vz_app_forget_noted_layout(app);
}

static int require(struct vz_app *app, bool *what, bool required)
{
	int r = required && !app->login_required ? vz_app_note_layout(app) : 0;

	if (r < 0)
		return r;
	*what = required;
	let_in(app, update_login);
	return 0;
}

int vz_app_set_login_required(struct vz_app *app, bool required)
{
	return require(app, &app->login_asked, required);
}

int vz_app_enforce_login(struct vz_app *app, bool required)
{
	return require(app, &app->login_enforced, required);
}

bool vz_app_is_login_required(const struct vz_app *app)
{
	return app->login_required;
}

static void open_view(struct vz_app *app)
{
	app->guest_view = true;
}

void vz_app_set_guest_view(struct vz_app *app, bool on)
{
	if (on)
		let_in(app, open_view);
	app->guest_view = on;
}

bool vz_app_has_guest_view(const struct vz_app *app)
{
	return app->guest_view;
}

/* --- What the server says of a link ---------------------------------------------------------- */

static int copy_speaker(const struct vz_speaker *speaker, char **ret_user, char **ret_role)
{
	const char *name = speaker->is_known ? speaker->user : NULL;
	char *user = name ? strdup(name) : NULL;
	char *role = name ? strdup(speaker->role ? speaker->role : "") : NULL;

	if (name && (!user || !role)) {
		free(user);
		free(role);
		return -ENOMEM;
	}
	*ret_user = user;
	*ret_role = role;
	return 0;
}

int vz_link_keep_speaker(struct vz_link *link, const struct vz_speaker *speaker)
{
	char *user, *role;
	int r;

	r = copy_speaker(speaker, &user, &role);
	if (r < 0)
		return r;
	free(link->user);
	free(link->role);
	link->user = user;
	link->role = role;
	link->knows_user = speaker->is_known;
	return 0;
}

int vz_link_set_speaker(struct vz_link *link, const struct vz_speaker *speaker)
{
	struct vz_client *c, *next;
	int r;

	r = vz_link_keep_speaker(link, speaker);
	vz_list_for_each_safe(c, next, &link->clients, in_link)
	{
		if (r >= 0 && link->knows_user)
			r = vz_client_become(c, link->user, link->role);
	}
	/* Nobody goes on with rights that he has no more. */
	if (r < 0)
		vz_link_close(link, VZ_CLOSE_OUT_OF_MEMORY, "out of memory");
	return r;
}
