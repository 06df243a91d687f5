#include "dash/round.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/apply.h"
#include "dash/arrive.h"
#include "dash/call.h"
#include "dash/callback.h"
#include "dash/client.h"
#include "dash/layout.h"
#include "dash/link.h"
#include "dash/mods.h"
#include "dash/push.h"
#include "dash/wildcard.h"
#include "util/log.h"
#include "vizyd/pattern.h"

/* A callback may push what makes another run again; this many rounds in a row are no circle yet. */
#define MAX_FOLLOWING 8

bool vz_round_open(struct vz_app *app, struct vz_round *round, uint64_t client_id)
{
	if (app->round)
		return false;

	memset(round, 0, sizeof(*round));
	round->app = app;
	round->number = ++app->last_round;
	round->client_id = client_id;
	vz_list_init(&round->pending);
	vz_list_init(&round->again);
	round->is_lost = vz_mods_new(&round->mods) < 0;
	app->round = round;
	return true;
}

static void add_pending(struct vz_round *round, struct vz_callback *callback)
{
	struct vz_callback *at;
	struct vz_list *before = &round->pending;

	vz_list_for_each(at, &round->pending, in_round) if (at->depth > callback->depth)
	{
		before = &at->in_round;
		break;
	}
	vz_list_add(before, &callback->in_round);
}

/* Of a callback with patterns, which component it was: the calls are made of that. */
static void note_trigger(struct vz_callback *c, struct vz_property *property)
{
	struct vz_property **grown;
	size_t i, n = c->n_round_triggers;

	for (i = 0; i < n; i++)
		if (c->round_triggers[i] == property)
			return;
	if ((n & (n - 1)) == 0) {
		grown = realloc(c->round_triggers, (n ? 2 * n : 1) * sizeof(*grown));
		if (!grown) {
			c->app->counters.callbacks_failed++;
			vz_warn_errno(DASH, -ENOMEM, "Cannot call '%s'", c->output);
			return;
		}
		c->round_triggers = grown;
	}
	c->round_triggers[c->n_round_triggers++] = property;
}

void vz_round_add(struct vz_round *round, struct vz_callback *callback)
{
	if (!vz_list_is_empty(&callback->in_round))
		return;
	if (callback->last_round == round->number)
		vz_list_add(&round->again, &callback->in_round);
	else
		add_pending(round, callback);
}

static void trigger(struct vz_round *round, struct vz_callback *callback,
		    struct vz_property *property)
{
	unsigned i;

	for (i = 0; i < callback->n_inputs; i++)
		if (vz_property_overlaps(callback->inputs[i].property, property))
			callback->is_triggered[i] = true;
	if (callback->has_patterns)
		note_trigger(callback, property);
	vz_round_add(round, callback);
}

/* Nothing is left of what made it run. */
static void forget_triggers(struct vz_callback *callback)
{
	memset(callback->is_triggered, 0, callback->n_inputs * sizeof(bool));
	callback->n_round_triggers = 0;
	vz_arrivals_free(callback->round_arrivals, callback->n_round_arrivals);
	callback->round_arrivals = NULL;
	callback->n_round_arrivals = 0;
	callback->round_initial = false;
}

void vz_round_add_initial(struct vz_app *app, struct vz_callback *callback)
{
	callback->round_initial = true;
	if (vz_list_is_empty(&callback->in_round))
		add_pending(app->round, callback);
}

void vz_round_note_run(struct vz_app *app, struct vz_callback *callback)
{
	if (app->round)
		callback->last_round = app->round->number;
}

/* Adds to what the round sends; a mod wakes the browser's callbacks if only they would run. */
static void collect(struct vz_round *round, const struct vz_mods *mods,
		    struct vz_property *const *properties)
{
	size_t i;

	for (i = 0; i < mods->n_mods && !round->is_lost; i++) {
		const struct vz_mod *m = &mods->mods[i];

		if (vz_mods_set(round->mods, m->id, m->property, m->value,
				vz_property_notifies(properties[i])) < 0)
			round->is_lost = true;
	}
}

int vz_round_apply(struct vz_app *app, struct vz_mods *mods, struct vz_callback *by,
		   const char **ret_bad)
{
	VZ_CLEANUP(vz_freep) struct vz_property **properties = NULL;
	size_t i, j;
	int r;

	r = vz_apply(app, mods, &properties, ret_bad);
	if (r < 0) {
		json_object_put(vz_layout_take_changes(app->layout));
		return r;
	}

	vz_arrive(app->round, by);
	collect(app->round, mods, properties);
	for (i = 0; i < mods->n_mods; i++)
		for (j = 0; j < properties[i]->n_listeners; j++)
			if (properties[i]->listeners[j] != by)
				trigger(app->round, properties[i]->listeners[j], properties[i]);
	return 0;
}

static int put_from_layout(struct vz_call *call, struct json_object **at,
			   const struct vz_dependency *from)
{
	const struct vz_property *p = from->property;

	return vz_call_put(call, at, vz_layout_get(call->app->layout, p->id, p->name));
}

/* A call that no browser asked for: every value is the server's. */
static int make_call(struct vz_round *round, struct vz_callback *callback, struct vz_call **ret)
{
	const struct vz_requester nobody = { .client_id = round->client_id };
	VZ_CLEANUP(vz_call_freep) struct vz_call *call = NULL;
	unsigned i;
	int r;

	r = vz_call_new(callback, &nobody, &call);
	for (i = 0; r >= 0 && i < callback->n_inputs; i++)
		r = put_from_layout(call, &call->inputs[i], &callback->inputs[i]);
	for (i = 0; r >= 0 && i < callback->n_states; i++)
		r = put_from_layout(call, &call->states[i], &callback->states[i]);
	if (r < 0)
		return r;

	call->is_initial = callback->round_initial;
	if (!call->is_initial)
		memcpy(call->is_triggered, callback->is_triggered,
		       callback->n_inputs * sizeof(bool));
	*ret = vz_steal(call);
	return 0;
}

static void fail_call(struct vz_callback *c, int r)
{
	c->app->counters.callbacks_failed++;
	vz_warn_errno(DASH, r, "Cannot call '%s'", c->output);
}

/* --- With patterns a round may make many calls of one callback ------------------------------- */

static int make_match_call(struct vz_round *round, struct vz_callback *c, struct json_object *match,
			   struct vz_property *const *triggers, size_t n, struct vz_call **ret)
{
	const struct vz_requester nobody = { .client_id = round->client_id };
	VZ_CLEANUP(vz_call_freep) struct vz_call *call = NULL;
	int r;

	r = vz_call_new(c, &nobody, &call);
	if (r >= 0)
		r = vz_matches_resolve(c, match, &call->matches);
	if (r < 0)
		return r;
	vz_matches_mark(call, triggers, n);
	/* As an initial call of a browser: it says of no Input that it changed. */
	call->is_initial = !vz_call_triggered_id(call, 0);
	r = vz_matches_put_values(call);
	if (r >= 0)
		*ret = vz_steal(call);
	return r;
}

static bool is_registered(struct vz_app *app, const struct vz_callback *callback)
{
	const struct vz_callback *c;

	vz_list_for_each(c, &app->callbacks, in_app)
	{
		if (c == callback)
			return true;
	}
	return false;
}

static void run_matches(struct vz_round *round, struct vz_callback *c)
{
	VZ_CLEANUP(vz_freep) struct vz_property **triggers = vz_steal(c->round_triggers);
	VZ_CLEANUP(json_object_putp) struct json_object *list = NULL;
	size_t i, n = c->n_round_triggers;
	const struct vz_cause cause = {
		.triggers = triggers,
		.n_triggers = n,
		.arrivals = c->round_arrivals,
		.n_arrivals = c->n_round_arrivals,
		.is_initial = c->round_initial,
	};
	struct vz_app *app = c->app;
	int r;

	r = vz_wildcard_spread(c, &cause, &list);
	forget_triggers(c);
	if (r < 0) {
		fail_call(c, r);
		return;
	}
	for (i = 0; i < json_object_array_length(list); i++) {
		struct vz_call *call = NULL;

		/* One that ran before it may have withdrawn it. */
		if (!is_registered(app, c))
			return;
		r = make_match_call(round, c, json_object_array_get_idx(list, i), triggers, n,
				    &call);
		if (r >= 0)
			vz_call_start(call);
		else if (r != -ENOENT) /* of what it needs, something is not on the page */
			fail_call(c, r);
	}
}

void vz_round_run(struct vz_round *round)
{
	struct vz_callback *c;
	struct vz_call *call = NULL;
	int r;

	while ((c = vz_list_first(&round->pending, struct vz_callback, in_round))) {
		vz_list_remove(&c->in_round);
		c->last_round = round->number;
		if (c->has_patterns) {
			run_matches(round, c);
			continue;
		}
		r = make_call(round, c, &call);
		forget_triggers(c);
		if (r >= 0)
			vz_call_start(call);
		else
			fail_call(c, r);
	}
}

static void send(struct vz_round *round, struct vz_client *except, const struct vz_mods *told)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *rest = NULL;
	int r = 0;
	size_t i;

	if (round->is_lost) {
		vz_broadcast_everything(round->app);
		return;
	}
	vz_broadcast(round->app, round->mods, except);
	if (!except || vz_mods_is_empty(round->mods) || !vz_app_shares_with(round->app, except))
		return;

	r = vz_mods_new(&rest);
	for (i = 0; r >= 0 && i < round->mods->n_mods; i++) {
		const struct vz_mod *m = &round->mods->mods[i];

		if (!told || !vz_mods_find(told, m->id, m->property))
			r = vz_mods_set(rest, m->id, m->property, m->value, m->notify);
	}
	if (r < 0)
		vz_link_close(except->link, 1011, "out of memory");
	else
		vz_push_to(except, rest);
}

/* Sends what the round has done; the app is open for the next one then. */
static void finish(struct vz_round *round, struct vz_client *except, const struct vz_mods *told)
{
	vz_round_run(round);
	send(round, except, told);
	vz_mods_unref(round->mods);
	round->app->round = NULL;
}

void vz_round_close(struct vz_round *round, struct vz_client *except, const struct vz_mods *told)
{
	struct vz_app *app = round->app;
	struct vz_callback *c;
	unsigned n = 0;

	finish(round, except, told);
	while (!vz_list_is_empty(&round->again)) {
		struct vz_round next;

		(void) vz_round_open(app, &next, round->client_id);
		while ((c = vz_list_first(&round->again, struct vz_callback, in_round))) {
			vz_list_remove(&c->in_round);
			if (n < MAX_FOLLOWING) {
				add_pending(&next, c);
				continue;
			}
			forget_triggers(c);
			vz_log(DASH, WARNING, "'%s' causes itself to run again, cut off",
			       c->output);
		}
		n++;
		finish(&next, NULL, NULL);
		/* The head of a list cannot be copied: its nodes point at it. */
		while ((c = vz_list_first(&next.again, struct vz_callback, in_round))) {
			vz_list_remove(&c->in_round);
			vz_list_add(&round->again, &c->in_round);
		}
	}
}
