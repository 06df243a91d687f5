/*
 * Who a client is, what programs attach to it, and what that lets it see. (Faces: dash/client.h and
 * vizyd/dash.h.)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/client.h"
#include "dash/layout.h"
#include "dash/link.h"
#include "dash/push.h"
#include "util/blob.h"
#include "util/buf.h"
#include "util/json.h"

/* Programs attach what strangers have sent; a client must not grow with it. */
#define MAX_FIELDS_BYTES 16384

/* --- User and role --------------------------------------------------------------------------- */

bool vz_app_shares_with(const struct vz_app *app, const struct vz_client *client)
{
	return !app->login_required || (client && client->user);
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

int vz_client_set_user(struct vz_client *client, const char *user, const char *role)
{
	char *new_user, *new_role;
	bool saw;

	if (!client->app)
		return -EINVAL;
	role = user && role ? role : "";
	if (is_same(client->user, user) && is_same(vz_client_get_role(client), role))
		return 0;

	new_user = user ? strdup(user) : NULL;
	new_role = user ? strdup(role) : NULL;
	if (user && (!new_user || !new_role)) {
		free(new_user);
		free(new_role);
		return -ENOMEM;
	}
	saw = vz_app_shares_with(client->app, client);
	free(client->user);
	free(client->role);
	client->user = new_user;
	client->role = new_role;
	if (!saw)
		vz_push_everything(client);
	vz_client_tell(client, VZ_CLIENT_USER_CHANGED);
	return 0;
}

const char *vz_client_get_user(const struct vz_client *client)
{
	return client->user;
}

const char *vz_client_get_role(const struct vz_client *client)
{
	return client->role ? client->role : "";
}

int vz_app_set_login_required(struct vz_app *app, bool required)
{
	struct vz_client *c;
	int r;

	if (required == app->login_required)
		return 0;
	if (required) {
		r = vz_app_note_layout(app);
		if (r < 0)
			return r;
		app->login_required = true;
		return 0;
	}

	app->login_required = false;
	app->layout_for_nobody = vz_blob_unref(app->layout_for_nobody);
	vz_list_for_each(c, &app->clients, in_app) if (!c->user) vz_push_everything(c);
	return 0;
}

bool vz_app_is_login_required(const struct vz_app *app)
{
	return app->login_required;
}

/* --- Fields ---------------------------------------------------------------------------------- */

static int measure(const char *name, struct json_object *value, size_t *ret)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct vz_buf buf = { 0 };
	int r;

	vz_json_print(&buf, value);
	r = vz_buf_finish(&buf, &text, ret);
	if (r < 0)
		return r;
	*ret += strlen(name);
	return 0;
}

static int set_field(struct vz_client *client, const char *name, struct json_object *value)
{
	struct json_object *old = vz_client_get_field(client, name);
	size_t bytes = 0, old_bytes = 0;
	int r = 0;

	if (old)
		r = measure(name, old, &old_bytes);
	if (r >= 0 && value)
		r = measure(name, value, &bytes);
	if (r < 0)
		return r;
	bytes += client->fields_bytes - old_bytes;
	if (bytes > MAX_FIELDS_BYTES && value)
		return -ENOSPC;
	if (!client->fields)
		client->fields = json_object_new_object();
	if (!client->fields)
		return -ENOMEM;

	if (!value)
		json_object_object_del(client->fields, name);
	else if (json_object_object_add(client->fields, name, json_object_get(value)) < 0) {
		json_object_put(value);
		return -ENOMEM;
	}
	client->fields_bytes = bytes;
	return 0;
}

int vz_client_set_field(struct vz_client *client, const char *name, struct json_object *value)
{
	int r = client->app && name && *name ? set_field(client, name, value) : -EINVAL;

	json_object_put(value);
	return r;
}

struct json_object *vz_client_get_field(const struct vz_client *client, const char *name)
{
	return client->fields ? json_object_object_get(client->fields, name) : NULL;
}

/* --- For the table --------------------------------------------------------------------------- */

int vz_client_copy_attached(const struct vz_client *from, struct vz_client *to)
{
	if (from->user) {
		to->user = strdup(from->user);
		to->role = strdup(from->role);
		if (!to->user || !to->role)
			return -ENOMEM;
	}
	if (from->choice) {
		to->choice = strdup(from->choice);
		if (!to->choice)
			return -ENOMEM;
	}
	/* json-c counts references without locks: a worker gets its own. */
	if (from->fields && json_object_deep_copy(from->fields, &to->fields, NULL) < 0)
		return -ENOMEM;
	return 0;
}

void vz_client_free_attached(struct vz_client *client)
{
	free(client->user);
	free(client->role);
	json_object_put(client->fields);
}
