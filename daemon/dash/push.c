#include "dash/push.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/app-private.h"
#include "dash/client.h"
#include "dash/dependency.h"
#include "dash/layout.h"
#include "dash/link.h"
#include "dash/mods.h"

/* A mod that some browser may answer: looked up once, then noted for each client. */
struct noted {
	const struct vz_property *property;
	struct json_object *value; /* borrowed from the layout */
	bool notify;
};

/*
 * Fills @notes, which has room for all of @mods, with those that shared callbacks listen to. What
 * comes back is the whole value, also where a Patch was sent.
 */
static size_t take_notes(struct vz_app *app, const struct vz_mods *mods, struct noted *notes)
{
	size_t i, n = 0;

	for (i = 0; i < mods->n_mods; i++) {
		const struct vz_mod *m = &mods->mods[i];
		const struct vz_property *p = vz_property_find(app, m->id, m->property);

		if (!p || !p->n_listeners)
			continue;
		notes[n].property = p;
		notes[n].value =
			m->patch ? vz_layout_get(app->layout, m->id, m->property) : m->value;
		notes[n].notify = m->notify;
		n++;
	}
	return n;
}

static void note(struct vz_client *client, const struct noted *notes, size_t n)
{
	int64_t now_us = client->app->now_us;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct vz_property *p = notes[i].property;
		/* The stock worker knows no quiet way. */
		bool wakes = notes[i].notify || client->kind == VZ_LINK_STOCK;

		(void) vz_converge_push(&client->converge, p, notes[i].value,
					(const void *const *) p->listeners,
					wakes ? p->n_listeners : 0, now_us);
	}
}

void vz_broadcast(struct vz_app *app, struct vz_mods *mods, const struct vz_client *except)
{
	VZ_CLEANUP(vz_freep) struct noted *notes = NULL;
	struct vz_client *c;
	size_t n = 0;

	if (vz_mods_is_empty(mods))
		return;
	notes = calloc(mods->n_mods, sizeof(*notes));
	if (notes)
		n = take_notes(app, mods, notes);

	(void) vz_app_now(app);
	vz_list_for_each(c, &app->clients, in_app)
	{
		if (!c->link || c == except || !vz_app_shares_with(app, c))
			continue;
		vz_client_send_mods(c, mods);
		note(c, notes, n);
	}
}

void vz_broadcast_everything(struct vz_app *app)
{
	struct vz_mods *snapshot;
	struct vz_link *link;

	if (vz_app_get_snapshot(app, &snapshot) >= 0) {
		vz_broadcast(app, snapshot, NULL);
		return;
	}
	/* Not even that: the tabs come back by themselves, and are welcomed with everything. */
	vz_list_for_each(link, &app->links, in_app) vz_link_close(link, 1011, "out of memory");
}

void vz_push_to(struct vz_client *client, struct vz_mods *mods)
{
	VZ_CLEANUP(vz_freep) struct noted *notes = NULL;

	if (vz_mods_is_empty(mods) || !client->link)
		return;
	(void) vz_app_now(client->app);
	notes = calloc(mods->n_mods, sizeof(*notes));
	vz_client_send_mods(client, mods);
	if (notes)
		note(client, notes, take_notes(client->app, mods, notes));
}

void vz_push_everything(struct vz_client *client)
{
	struct vz_mods *snapshot;

	if (!client->link || !vz_app_shares_with(client->app, client))
		return;
	if (vz_app_get_snapshot(client->app, &snapshot) < 0)
		vz_link_close(client->link, 1011, "out of memory");
	else
		vz_push_to(client, snapshot);
}

void vz_note_everything(struct vz_client *client, const struct vz_mods *snapshot)
{
	VZ_CLEANUP(vz_freep) struct noted *notes = NULL;

	if (client->kind == VZ_LINK_OWN) {
		vz_converge_push_all_quietly(&client->converge, client->app->now_us);
		return;
	}
	notes = calloc(snapshot->n_mods + 1, sizeof(*notes));
	if (notes)
		note(client, notes, take_notes(client->app, snapshot, notes));
}

/* An answer wakes callbacks over both kinds of link, but never the one that it answers. */
void vz_note_answer(struct vz_client *client, const struct vz_mods *mods,
		    const struct vz_callback *callback)
{
	size_t i, j;

	for (i = 0; i < mods->n_mods; i++) {
		const struct vz_mod *m = &mods->mods[i];
		const struct vz_property *p = vz_property_find(client->app, m->id, m->property);
		VZ_CLEANUP(vz_freep) const void **woken = NULL;
		size_t n = 0;

		if (!p || !p->n_listeners)
			continue;
		woken = calloc(p->n_listeners, sizeof(*woken));
		for (j = 0; woken && j < p->n_listeners; j++)
			if (p->listeners[j] != callback)
				woken[n++] = p->listeners[j];
		(void) vz_converge_push(&client->converge, p, m->value, woken, n,
					client->app->now_us);
	}
}

void vz_promise(struct vz_client *client, struct vz_property *property)
{
	(void) vz_converge_promise(&client->converge, property, client, &client->app->promises,
				   client->app->now_us);
}

static void assert_truth(struct vz_client *client, const struct vz_property *property)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	struct vz_app *app = client->app;
	int r;

	r = vz_mods_new(&mods);
	if (r >= 0)
		r = vz_mods_set(mods, property->id, property->name,
				vz_layout_get(app->layout, property->id, property->name),
				vz_property_notifies(property));
	if (r >= 0)
		vz_push_to(client, mods);
	else if (client->link)
		vz_link_close(client->link, 1011, "out of memory");
}

void vz_keep_promises(struct vz_app *app, int64_t now_us)
{
	struct vz_reassert *p;

	while ((p = vz_list_first(&app->promises, struct vz_reassert, in_queue)) &&
	       p->at_us <= now_us) {
		vz_list_remove(&p->in_queue);
		/* It may have logged out meanwhile. */
		if (vz_app_shares_with(app, p->owner))
			assert_truth(p->owner, p->property);
	}
}
