#include "dash/push.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/client.h"
#include "dash/dependency.h"
#include "dash/layout.h"
#include "dash/link.h"
#include "dash/mods.h"
#include "dash/wildcard.h"
#include "util/json.h"

/* More calls of one callback than this come back from no push, or are taken for edits. */
#define MAX_CALLS 64

/* A mod that some browser may answer: looked up once, then noted for each client. */
struct noted {
	struct vz_property *property;
	struct json_object *value; /* borrowed from the layout */
	bool notify;
	/* The callback of each call that may come back, or NULL: one of each that listens. */
	const void **calls;
	size_t n_calls;
};

struct notes {
	struct noted *list;
	size_t n;
};

static void notes_deinit(struct notes *notes)
{
	while (notes->n)
		free(notes->list[--notes->n].calls);
	free(notes->list);
}

static bool has_patterns(const struct vz_property *property)
{
	size_t i;

	for (i = 0; i < property->n_listeners; i++)
		if (property->listeners[i]->has_patterns)
			return true;
	return false;
}

/* As how many calls a browser answers a push of @property: one for each MATCH that it triggers. */
static size_t count_calls(const struct vz_callback *c, struct vz_property *property)
{
	const struct vz_cause cause = { .triggers = &property, .n_triggers = 1 };
	VZ_CLEANUP(json_object_putp) struct json_object *list = NULL;
	size_t n;

	if (!c->has_patterns || vz_wildcard_spread(c, &cause, &list) < 0)
		return 1;
	n = json_object_array_length(list);
	return n < MAX_CALLS ? n : MAX_CALLS;
}

/* Without memory they are taken to be one each, which costs no more than needless calls. */
static void list_calls(struct noted *note, struct vz_property *property)
{
	size_t i, n;

	note->calls = calloc(property->n_listeners * MAX_CALLS, sizeof(*note->calls));
	for (i = 0; note->calls && i < property->n_listeners; i++)
		for (n = count_calls(property->listeners[i], property); n; n--)
			note->calls[note->n_calls++] = property->listeners[i];
}

/*
 * Takes a note of those of @mods that shared callbacks listen to. What comes back is the whole
 * value, also where a Patch was sent.
 */
static void take_notes(struct vz_app *app, const struct vz_mods *mods, struct notes *notes)
{
	size_t i;

	notes->list = calloc(mods->n_mods + 1, sizeof(*notes->list));
	for (i = 0; notes->list && i < mods->n_mods; i++) {
		const struct vz_mod *m = &mods->mods[i];
		struct vz_property *p = vz_property_find(app, m->id, m->property);
		struct noted *note = &notes->list[notes->n];

		if (!p || !p->n_listeners)
			continue;
		note->property = p;
		note->value = m->patch ? vz_layout_get(app->layout, m->id, m->property) : m->value;
		note->notify = m->notify;
		notes->n++;
	}
}

static void note(struct vz_client *client, struct notes *notes)
{
	int64_t now_us = client->app->now_us;
	size_t i;

	for (i = 0; i < notes->n; i++) {
		struct noted *it = &notes->list[i];
		struct vz_property *p = it->property;
		/* The stock worker knows no quiet way. */
		bool wakes = it->notify || client->kind == VZ_LINK_STOCK;

		if (wakes && !it->calls && has_patterns(p))
			list_calls(it, p);
		if (!wakes)
			(void) vz_converge_push(&client->converge, p, it->value, NULL, 0, now_us);
		else if (it->calls)
			(void) vz_converge_push(&client->converge, p, it->value, it->calls,
						it->n_calls, now_us);
		else
			(void) vz_converge_push(&client->converge, p, it->value,
						(const void *const *) p->listeners, p->n_listeners,
						now_us);
	}
}

void vz_broadcast(struct vz_app *app, struct vz_mods *mods, const struct vz_client *except)
{
	VZ_CLEANUP(notes_deinit) struct notes notes = { 0 };
	struct vz_client *c;

	if (vz_mods_is_empty(mods))
		return;
	take_notes(app, mods, &notes);
	(void) vz_app_now(app);
	vz_list_for_each(c, &app->clients, in_app)
	{
		if (!c->link || c == except || !vz_app_shares_with(app, c))
			continue;
		vz_client_send_mods(c, mods);
		note(c, &notes);
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
	VZ_CLEANUP(notes_deinit) struct notes notes = { 0 };

	if (vz_mods_is_empty(mods) || !client->link)
		return;
	(void) vz_app_now(client->app);
	vz_client_send_mods(client, mods);
	take_notes(client->app, mods, &notes);
	note(client, &notes);
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
	VZ_CLEANUP(notes_deinit) struct notes notes = { 0 };

	if (client->kind == VZ_LINK_OWN) {
		vz_converge_push_all_quietly(&client->converge, client->app->now_us);
		return;
	}
	take_notes(client->app, snapshot, &notes);
	note(client, &notes);
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
