#include "dash/outcome.h"

#include <errno.h>
#include <string.h>

#include "dash/answer.h"
#include "dash/app-private.h"
#include "dash/call.h"
#include "dash/callback.h"
#include "dash/client.h"
#include "dash/judge.h"
#include "dash/layout.h"
#include "dash/link.h"
#include "dash/mods.h"
#include "dash/push.h"
#include "dash/round.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/pattern.h"

/*
 * Whether an Output only repeats what the requester has just set itself. Everybody else has it from
 * the shared Input, and whoever drags is further on by now: sending it back would jerk him back.
 */
static bool repeats_edit(const struct vz_call *call, const struct vz_answer_cell *answer)
{
	return vz_call_repeats_input(call, answer) &&
	       vz_json_equal(vz_layout_get(call->app->layout, answer->id, answer->name),
			     answer->value);
}

static int collect(struct vz_call *call, struct vz_mods **ret)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	unsigned i, j;
	int r;

	r = vz_mods_new(&mods);
	for (i = 0; r >= 0 && i < call->n_outputs; i++)
		for (j = 0; r >= 0 && j < vz_call_n_outputs_at(call, i); j++) {
			const struct vz_answer_cell a = vz_call_get_answer(call, i, j);

			if (a.is_set && !(call->is_shared && repeats_edit(call, &a)))
				r = vz_mods_set(mods, a.id, a.name, a.value, false);
		}
	if (r >= 0 && call->alternates)
		r = vz_mods_merge(mods, call->alternates);
	if (r >= 0)
		*ret = vz_steal(mods);
	return r;
}

/* The requester is told, or for a chained call the tab that set it off; the log has it anyway. */
static void fail(struct vz_call *call, int r, const char *text)
{
	struct vz_client *client = vz_app_find_client(call->app, call->requester.client_id);

	call->app->counters.callbacks_failed++;
	vz_log(DASH, WARNING, "Callback '%s' failed: %s", call->callback->output, text);
	if (call->requester.kind == VZ_REQUESTER_NONE && client)
		vz_client_send_error(client, text);
	vz_answer_error(call->app, &call->requester, r == -EINVAL ? -EIO : r, "%s", text);
}

static void fail_misfit(struct vz_call *call, int r, const char *bad)
{
	char text[256];

	vz_describe_misfit(text, sizeof(text), r, bad);
	fail(call, r, text);
}

/* --- Not shared: the answer is all ------------------------------------------------------------ */

static void deliver_to_requester(struct vz_call *call)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	int r;

	r = collect(call, &mods);
	if (r < 0) {
		fail_misfit(call, r, NULL);
		return;
	}
	call->app->counters.callbacks_run++;
	if (!vz_mods_is_empty(mods)) {
		vz_answer_values(call->app, &call->requester, mods);
		return;
	}
	call->app->counters.callbacks_prevented++;
	vz_answer_prevent(call->app, &call->requester);
}

/* --- Shared ---------------------------------------------------------------------------------- */

static int tell(struct vz_app *app, const char *id, const char *name, struct vz_mods *told)
{
	struct json_object *value = NULL;

	/* What was never set stays unset: null would be a value. */
	if (!json_object_object_get_ex(vz_layout_find(app->layout, id), name, &value))
		return 0;
	return vz_mods_set(told, id, name, value, false);
}

/*
 * What the requester's answer carries: today's values of all its Outputs, since a renderer drops
 * the answers to requests that a newer one has superseded, and with them what only those had set.
 */
static int tell_all(struct vz_call *call, struct vz_mods *told)
{
	unsigned i, j;
	size_t k;
	int r = 0;

	for (i = 0; r >= 0 && i < call->n_outputs; i++)
		for (j = 0; r >= 0 && j < vz_call_n_outputs_at(call, i); j++) {
			const struct vz_answer_cell a = vz_call_get_answer(call, i, j);

			if (!a.is_set || !repeats_edit(call, &a))
				r = tell(call->app, a.id, a.name, told);
		}
	for (k = 0; r >= 0 && call->alternates && k < call->alternates->n_mods; k++)
		r = tell(call->app, call->alternates->mods[k].id,
			 call->alternates->mods[k].property, told);
	return r;
}

static void answer_values(struct vz_call *call, struct vz_round *round)
{
	struct vz_client *client = vz_app_find_client(call->app, call->requester.client_id);
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *told = NULL;
	const struct vz_callback *c;
	struct vz_app *app = call->app;
	int r;

	r = vz_mods_new(&told);
	if (r >= 0)
		r = tell_all(call, told);
	if (client && !client->link)
		client = NULL;
	vz_round_close(round, client, r < 0 ? NULL : told);
	if (r < 0) {
		vz_answer_error(app, &call->requester, r, "out of memory");
		return;
	}

	/* Looked up anew, as other callbacks have run. */
	client = vz_app_find_client(app, call->requester.client_id);
	c = call->callback;
	if (client && client->link)
		vz_note_answer(client, told, c);
	vz_answer_values(app, &call->requester, told);
}

/* @round is the one that was opened for this call, or NULL when the call has joined another. */
static void deliver_to_all(struct vz_call *call, struct vz_round *round)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	struct vz_app *app = call->app;
	const char *bad = NULL;
	bool is_empty;
	int r;

	r = collect(call, &mods);
	if (r >= 0)
		r = vz_round_apply(app, mods, call->callback, &bad);
	if (r < 0) {
		fail_misfit(call, r, bad);
		return;
	}

	app->counters.callbacks_run++;
	is_empty = vz_mods_is_empty(mods);
	if (is_empty)
		app->counters.callbacks_prevented++;
	if (!round)
		return;

	vz_round_run(round);
	/* A callback that ran just now may have withdrawn this one, and answered for it. */
	if (!call->callback)
		return;
	if (!is_empty && vz_requester_wants_values(app, &call->requester)) {
		answer_values(call, round);
		return;
	}
	/* Over our own link the values are in the mods, which go first. */
	vz_round_close(round, NULL, NULL);
	vz_answer_prevent(app, &call->requester);
}

static void deliver(struct vz_call *call, struct vz_round *round)
{
	int r = vz_call_is_ok(call) ? vz_judge_call(call) : 0;

	call->requester.headers = call->headers;
	if (!vz_call_is_ok(call))
		fail(call, call->result, vz_call_get_error(call));
	else if (r < 0)
		fail(call, r, vz_app_last_error(call->app));
	else if (call->is_shared)
		deliver_to_all(call, round);
	else
		deliver_to_requester(call);
}

void vz_outcome_run(struct vz_call *call)
{
	struct vz_app *app = call->app;
	struct vz_round round;
	bool is_own = false;

	if (call->is_shared) {
		/* Open before the function runs, so that what it pushes joins. */
		is_own = vz_round_open(app, &round, call->requester.client_id);
		vz_round_note_run(app, call->callback);
	}
	vz_call_run(call);
	/* Without a callback it has withdrawn itself, and is answered. */
	if (call->callback)
		deliver(call, is_own ? &round : NULL);
	if (is_own && app->round == &round)
		vz_round_close(&round, NULL, NULL);
}

void vz_outcome_deliver(struct vz_call *call)
{
	struct vz_app *app = call->app;
	struct vz_round round;
	bool is_own = call->is_shared && vz_round_open(app, &round, call->requester.client_id);

	if (is_own)
		vz_round_note_run(app, call->callback);
	deliver(call, is_own ? &round : NULL);
	if (is_own && app->round == &round)
		vz_round_close(&round, NULL, NULL);
}
