/*
 * Who a client is, and what programs attach to it. (Faces: dash/client.h and
 * vizyd/dash.h.)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/client.h"
#include "dash/push.h"
#include "util/buf.h"
#include "util/json.h"

/* Programs attach what strangers have sent; a client must not grow with it. */
#define MAX_FIELDS_BYTES 16384

/* --- User and role --------------------------------------------------------------------------- */

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool vz_client_is_user(const struct vz_client *client, const char *user, const char *role)
{
	return is_same(client->user, user) &&
	       is_same(vz_client_get_role(client), user && role ? role : "");
}

int vz_client_copy_user(struct vz_client *client, const char *user, const char *role)
{
	char *new_user = user ? strdup(user) : NULL;
	char *new_role = user ? strdup(role ? role : "") : NULL;

	if (user && (!new_user || !new_role)) {
		free(new_user);
		free(new_role);
		return -ENOMEM;
	}
	free(client->user);
	free(client->role);
	client->user = new_user;
	client->role = new_role;
	return 0;
}

int vz_client_become(struct vz_client *client, const char *user, const char *role)
{
	bool saw;
	int r;

	if (vz_client_is_user(client, user, role))
		return 0;
	saw = vz_app_shares_with(client->app, client);
	r = vz_client_copy_user(client, user, role);
	if (r < 0)
		return r;
	if (!saw)
		vz_push_everything(client);
	vz_client_tell(client, VZ_CLIENT_USER_CHANGED);
	return 0;
}

int vz_client_set_user(struct vz_client *client, const char *user, const char *role)
{
	if (!client->app)
		return -EINVAL;
	return client->app->login_enforced ? -EPERM : vz_client_become(client, user, role);
}

const char *vz_client_get_user(const struct vz_client *client)
{
	return client->user;
}

const char *vz_client_get_role(const struct vz_client *client)
{
	return client->role ? client->role : "";
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
	to->rank = vz_client_get_rank(from);
	if (vz_client_copy_user(to, from->user, from->role) < 0)
		return -ENOMEM;
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
