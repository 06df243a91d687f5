#include "dash/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/device.h"
#include "dash/link.h"
#include "dash/props-request.h"
#include "dash/roll-call.h"

struct vz_client_listener {
	struct vz_list in_app;
	struct vz_app *app;
	vz_client_fn *fn;
	void *data;
	bool is_removed; /* while listeners are called; freed when that is over */
};

/* --- The table ----------------------------------------------------------------------------- */

bool vz_renderer_id_check(const char *renderer_id)
{
	size_t n = strspn(renderer_id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789._-");

	return n > 0 && n <= VZ_RENDERER_ID_MAX && !renderer_id[n];
}

static uint64_t hash_id(uint64_t id)
{
	return vz_table_hash(VZ_TABLE_SEED, &id, sizeof(id));
}

struct vz_client *vz_app_find_client(struct vz_app *app, uint64_t id)
{
	struct vz_table_node *node = vz_table_find(&app->clients_by_id, hash_id(id));

	for (; node; node = vz_table_find_next(node)) {
		struct vz_client *c = vz_container_of(node, struct vz_client, by_id);

		if (c->id == id)
			return c;
	}
	return NULL;
}

struct vz_client *vz_client_find_renderer(struct vz_app *app, const char *renderer_id)
{
	uint64_t hash = vz_table_hash_string(VZ_TABLE_SEED, renderer_id);
	struct vz_table_node *node = vz_table_find(&app->clients_by_renderer, hash);

	for (; node; node = vz_table_find_next(node)) {
		struct vz_client *c = vz_container_of(node, struct vz_client, by_renderer);

		if (!strcmp(c->renderer_id, renderer_id))
			return c;
	}
	return NULL;
}

struct vz_client *vz_app_next_client(struct vz_app *app, struct vz_client *client)
{
	struct vz_list *next = client ? client->in_app.next : app->clients.next;

	return next == &app->clients ? NULL : vz_list_entry(next, struct vz_client, in_app);
}

unsigned vz_app_n_clients(const struct vz_app *app)
{
	return app->n_clients;
}

/* --- Listeners ------------------------------------------------------------------------------ */

int vz_app_add_client_listener(struct vz_app *app, vz_client_fn *fn, void *data,
			       struct vz_client_listener **ret)
{
	struct vz_client_listener *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->app = app;
	l->fn = fn;
	l->data = data;
	vz_list_add(&app->client_listeners, &l->in_app);
	*ret = l;
	return 0;
}

struct vz_client_listener *vz_client_listener_free(struct vz_client_listener *listener)
{
	if (!listener)
		return NULL;
	listener->is_removed = true;
	if (!listener->app->notifying) {
		vz_list_remove(&listener->in_app);
		free(listener);
	}
	return NULL;
}

void vz_client_tell(struct vz_client *client, enum vz_client_event event)
{
	struct vz_app *app = client->app;
	struct vz_client_listener *l, *tmp;

	app->notifying++;
	vz_list_for_each(l, &app->client_listeners, in_app) if (!l->is_removed)
		l->fn(app, client, event, l->data);
	if (--app->notifying)
		return;

	vz_list_for_each_safe(l, tmp, &app->client_listeners, in_app) if (l->is_removed)
		vz_client_listener_free(l);
}

/* --- One client ----------------------------------------------------------------------------- */

static bool make_room(struct vz_app *app)
{
	struct vz_client *oldest;

	if (app->n_clients < app->options.max_clients)
		return true;
	oldest = vz_list_first(&app->offline, struct vz_client, in_offline);
	if (!oldest)
		return false;
	vz_client_free(oldest);
	return true;
}

int vz_client_new(struct vz_app *app, const char *renderer_id, struct vz_client **ret)
{
	struct vz_client *c;

	if (!make_room(app))
		return -ENOSPC;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;

	c->app = app;
	c->id = ++app->last_client_id;
	strcpy(c->renderer_id, renderer_id);
	vz_list_init(&c->in_link);
	vz_list_init(&c->in_offline);
	vz_list_init(&c->props_requests);
	vz_converge_init(&c->converge);
	if (vz_table_add(&app->clients_by_id, &c->by_id, hash_id(c->id)) < 0) {
		free(c);
		return -ENOMEM;
	}
	if (vz_table_add(&app->clients_by_renderer, &c->by_renderer,
			 vz_table_hash_string(VZ_TABLE_SEED, renderer_id)) < 0) {
		vz_table_remove(&app->clients_by_id, &c->by_id);
		free(c);
		return -ENOMEM;
	}
	vz_list_add(&app->clients, &c->in_app);
	app->n_clients++;
	*ret = c;
	return 0;
}

static void free_facts(struct vz_client *c)
{
	free(c->address);
	free(c->host);
	free(c->origin);
	free(c->user_agent);
}

void vz_client_free(struct vz_client *c)
{
	struct vz_app *app = c->app;

	/* First out of reach, then told: a listener that looks it up finds nobody. */
	vz_list_remove(&c->in_link);
	vz_list_remove(&c->in_offline);
	vz_list_remove(&c->in_app);
	vz_table_remove(&app->clients_by_id, &c->by_id);
	vz_table_remove(&app->clients_by_renderer, &c->by_renderer);
	app->n_clients--;
	c->link = NULL;
	if (c->connected_us)
		vz_client_tell(c, VZ_CLIENT_DISCONNECTED);
	vz_client_end_choice(c);
	vz_props_requests_end(c, -ENOTCONN);

	vz_converge_deinit(&c->converge);
	vz_client_free_attached(c);
	free_facts(c);
	free(c);
}

static int copy_facts(const char *const from[4], struct vz_client *to)
{
	char **const fields[4] = { &to->address, &to->host, &to->origin, &to->user_agent };
	char *copies[4] = { NULL };
	unsigned i;
	bool failed = false;

	for (i = 0; i < 4; i++) {
		copies[i] = strdup(from[i] ? from[i] : "");
		failed = failed || !copies[i];
	}
	for (i = 0; i < 4; i++) {
		free(failed ? copies[i] : *fields[i]);
		if (!failed)
			*fields[i] = copies[i];
	}
	return failed ? -ENOMEM : 0;
}

int vz_client_attach(struct vz_client *c, struct vz_link *link)
{
	const char *const facts[4] = { link->address, link->host, link->origin, link->user_agent };
	bool is_new = !c->connected_us, was_offline = !c->link, was_elsewhere, is_other;
	int r;

	if (c->link == link)
		return 0;
	r = copy_facts(facts, c);
	/* Told once the former link, which may be somebody else's, is gone. */
	is_other = link->knows_user && !vz_client_is_user(c, link->user, link->role);
	if (r >= 0 && is_other)
		r = vz_client_copy_user(c, link->user, link->role);
	if (r < 0)
		return r;

	vz_list_remove(&c->in_link);
	vz_list_remove(&c->in_offline);
	vz_list_add(&link->clients, &c->in_link);
	was_elsewhere = c->link;
	c->link = link;
	c->kind = link->kind;
	/* What was on its way over the old link will not arrive, nor come back. */
	vz_converge_deinit(&c->converge);
	vz_converge_init(&c->converge);
	if (c->kind == VZ_LINK_STOCK)
		vz_roll_call_expect(c);
	if (was_elsewhere)
		vz_props_requests_end(c, -ENOTCONN);
	if (is_new) {
		c->connected_us = c->app->now_us > 0 ? c->app->now_us : 1;
		c->app->counters.clients_total++;
	}
	if (is_new) {
		vz_client_tell(c, VZ_CLIENT_CONNECTED);
		vz_client_tell_device(c);
	} else if (was_offline) {
		vz_client_tell(c, VZ_CLIENT_RETURNED);
	}
	if (is_other && !is_new)
		vz_client_tell(c, VZ_CLIENT_USER_CHANGED);
	return 0;
}

void vz_client_detach(struct vz_client *c, int64_t now_us)
{
	vz_list_remove(&c->in_link);
	vz_converge_deinit(&c->converge);
	vz_converge_init(&c->converge);
	c->link = NULL;
	c->expires_us = now_us + c->app->options.grace_us;
	vz_list_add(&c->app->offline, &c->in_offline);
	vz_props_requests_end(c, -ENOTCONN);
	vz_client_tell(c, VZ_CLIENT_LOST);
}

int vz_client_copy(const struct vz_client *client, struct vz_client **ret)
{
	const char *const facts[4] = { client->address, client->host, client->origin,
				       client->user_agent };
	struct vz_client *copy = calloc(1, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	if (copy_facts(facts, copy) < 0) {
		free(copy);
		return -ENOMEM;
	}
	if (vz_client_copy_attached(client, copy) < 0) {
		vz_client_copy_free(copy);
		return -ENOMEM;
	}
	copy->id = client->id;
	copy->connected_us = client->connected_us;
	copy->link = client->link; /* only asked whether there is one */
	copy->device = vz_device_ref(client->device);
	strcpy(copy->renderer_id, client->renderer_id);
	*ret = copy;
	return 0;
}

void vz_client_copy_free(struct vz_client *copy)
{
	if (!copy)
		return;
	vz_device_unref(copy->device);
	free(copy->choice);
	vz_client_free_attached(copy);
	free_facts(copy);
	free(copy);
}

void vz_clients_expire(struct vz_app *app, int64_t now_us)
{
	struct vz_client *c;

	while ((c = vz_list_first(&app->offline, struct vz_client, in_offline)) &&
	       c->expires_us <= now_us)
		vz_client_free(c);
	vz_list_for_each(c, &app->clients, in_app) vz_converge_expire(&c->converge, now_us);
}

void vz_clients_free(struct vz_app *app)
{
	struct vz_client_listener *l, *tmp;
	struct vz_client *c;

	vz_list_for_each_safe(l, tmp, &app->client_listeners, in_app) vz_client_listener_free(l);
	while ((c = vz_list_first(&app->clients, struct vz_client, in_app)))
		vz_client_free(c);
	vz_table_deinit(&app->clients_by_id);
	vz_table_deinit(&app->clients_by_renderer);
}

uint64_t vz_client_get_id(const struct vz_client *client)
{
	return client->id;
}

const char *vz_client_get_address(const struct vz_client *client)
{
	return client->address;
}

const char *vz_client_get_host(const struct vz_client *client)
{
	return client->host;
}

const char *vz_client_get_origin(const struct vz_client *client)
{
	return client->origin;
}

const char *vz_client_get_user_agent(const struct vz_client *client)
{
	return client->user_agent;
}

int64_t vz_client_get_connected_us(const struct vz_client *client)
{
	return client->connected_us;
}

bool vz_client_is_online(const struct vz_client *client)
{
	return client->link;
}
