/*
 * The way of a call through its queue, to a worker and back, and what becomes of those that take
 * too long or that nobody wants any more. (Faces: dash/call.h and dash/app.h.)
 */
#include <errno.h>

#include "dash/app-private.h"
#include "dash/call.h"
#include "dash/callback.h"
#include "dash/device.h"
#include "dash/outcome.h"
#include "dash/queue.h"
#include "dash/service.h"
#include "dash/wildcard.h"

/* Calls that wait in one queue. */
#define MAX_WAITING 1000

static void run_now(struct vz_call *call);

/* --- Out and back ---------------------------------------------------------------------------- */

/* Delivers the outcome, then lets the next one run. Frees @call. */
static void finish(struct vz_call *call, void (*deliver)(struct vz_call *call))
{
	struct vz_call *next = NULL;
	struct vz_queue *q;

	deliver(call);
	q = call->queue; /* NULL when the callback has been withdrawn meanwhile */
	if (q && !q->n_running)
		next = vz_queue_first(q);
	if (next)
		vz_queue_take(q, next);
	vz_call_free(call);
	if (next)
		run_now(next);
}

static void tell_overdue(struct vz_app *app, const struct vz_call *call, bool has_ended)
{
	const struct vz_overdue overdue = {
		.callback = call->callback->output,
		.device = call->device ? vz_device_get_name(call->device) : NULL,
		.client_id = call->requester.client_id,
		.out_us = vz_app_now(app) - call->started_us,
		.has_begun = __atomic_load_n(&call->has_begun, __ATOMIC_RELAXED),
		.has_ended = has_ended,
		.n_overdue = app->n_overdue,
	};

	if (app->options.on_overdue)
		app->options.on_overdue(&overdue, app->options.overdue_data);
}

static void go_out(struct vz_call *call)
{
	struct vz_app *app = call->app;

	vz_list_add(&call->callback->running, &call->in_callback);
	call->queue->n_running++;
	call->is_out = true;
	call->is_on_worker = true;
	call->started_us = vz_app_now(app);
	vz_list_add(&app->out_calls, &call->in_out);
}

/* It is not out any more, whoever knows it still. */
static void come_back(struct vz_call *call)
{
	struct vz_app *app = call->app;

	call->is_out = false;
	call->queue->n_running--;
	vz_list_remove(&call->in_callback);
	vz_list_remove(&call->in_out);
	if (!call->is_overdue)
		return;
	call->is_overdue = false;
	app->n_overdue--;
	tell_overdue(app, call, true);
}

static void run_now(struct vz_call *call)
{
	struct vz_callback *c = call->callback;
	struct vz_app *app = call->app;
	int r;

	if (!vz_callback_runs_on_worker(c)) {
		vz_list_add(&c->delivering, &call->in_callback);
		finish(call, vz_outcome_run);
		return;
	}

	go_out(call);
	r = app->options.execute(call, app->options.execute_data);
	if (r >= 0)
		return;
	(void) vz_call_fail(call, r,
			    r == -EAGAIN ? "too many calls wait for a worker"
					 : "no worker takes the call");
	come_back(call);
	vz_list_add(&c->delivering, &call->in_callback);
	finish(call, vz_outcome_deliver);
}

void vz_call_complete(struct vz_call *call)
{
	struct vz_callback *c = call->callback;
	struct vz_app *app = call->app;

	if (!app || !c) {
		vz_call_free(call);
		return;
	}
	(void) vz_app_now(app);
	come_back(call);
	vz_list_add(&c->delivering, &call->in_callback);
	finish(call, vz_outcome_deliver);
	vz_app_update_deadline(app);
}

/* --- Waiting --------------------------------------------------------------------------------- */

static void drop_waiting(struct vz_call *call, bool is_replaced)
{
	struct vz_app *app = call->app;

	vz_queue_take(call->queue, call);
	if (is_replaced) {
		app->counters.callbacks_prevented++;
		vz_answer_prevent(app, &call->requester);
	} else {
		app->counters.callbacks_failed++;
		vz_answer_error(app, &call->requester, -EBUSY, "too many calls wait");
	}
	vz_call_free(call);
}

/*
 * "Most recent": the newer call takes the place of the one that waits, and says what has changed
 * since the last run. Else every call runs; only when far too many wait, the oldest has to go,
 * since the last value that a person sets is the one that must arrive.
 *
 * A call that is not shared is one client's own question, and another client's does not answer it:
 * there the newer one replaces the one of the same client. With patterns, a call for other components
 * is another call.
 */
static struct vz_call *find_replaced(const struct vz_callback *c, const struct vz_call *newer)
{
	struct vz_call *call;

	vz_list_for_each(call, &newer->queue->waiting, in_callback)
	{
		if (vz_matches_are_same(call->matches, newer->matches) &&
		    (vz_service_is_shared(c->service) ||
		     call->requester.client_id == newer->requester.client_id))
			return call;
	}
	return NULL;
}

static void make_place(struct vz_callback *c, struct vz_call *newer)
{
	struct vz_call *old = NULL;
	unsigned i;

	if (vz_service_is_most_recent(c->service))
		old = find_replaced(c, newer);
	if (old) {
		for (i = 0; i < newer->n_inputs; i++)
			newer->is_triggered[i] = newer->is_triggered[i] || old->is_triggered[i];
		newer->is_initial = newer->is_initial && old->is_initial;
		vz_matches_take_marks(newer->matches, old->matches);
		drop_waiting(old, true);
	} else if (newer->queue->n_waiting >= MAX_WAITING) {
		drop_waiting(vz_queue_first(newer->queue), false);
	}
}

static void start_due(struct vz_call *call)
{
	struct vz_app *app = call->app;

	if (call->requester.kind == VZ_REQUESTER_NONE ||
	    !vz_callback_runs_on_worker(call->callback))
		return;
	call->due_us = vz_app_now(app) + app->options.deadline_us;
	vz_list_add(&app->due_calls, &call->in_due);
}

void vz_call_start(struct vz_call *call)
{
	struct vz_callback *c = call->callback;
	struct vz_queue *q = call->queue;

	start_due(call);
	if (!vz_service_is_serialized(c->service) || (!q->n_running && !q->n_waiting)) {
		run_now(call);
		return;
	}
	make_place(c, call);
	vz_queue_wait(q, call);
}

/* --- Too late -------------------------------------------------------------------------------- */

static void answer_late(struct vz_app *app, int64_t now_us)
{
	struct vz_call *call;

	while ((call = vz_list_first(&app->due_calls, struct vz_call, in_due)) &&
	       call->due_us <= now_us) {
		vz_list_remove(&call->in_due);
		app->counters.callbacks_failed++;
		vz_answer_error(app, &call->requester, -ETIMEDOUT, "the callback takes too long");
	}
}

void vz_calls_expire(struct vz_app *app, int64_t now_us)
{
	struct vz_call *call;

	answer_late(app, now_us);
	while ((call = vz_list_first(&app->out_calls, struct vz_call, in_out)) &&
	       call->started_us + app->options.deadline_us <= now_us) {
		vz_list_remove(&call->in_out);
		call->is_overdue = true;
		app->n_overdue++;
		app->counters.callbacks_overdue++;
		tell_overdue(app, call, false);
	}
}

/* --- Unwanted -------------------------------------------------------------------------------- */

static void drop_all_waiting(struct vz_app *app, struct vz_queue *q, const char *why)
{
	struct vz_call *call;

	/* The last one may take its queue along. */
	while (q && (call = vz_queue_first(q))) {
		vz_queue_take(q, call);
		if (!q->n_waiting)
			q = NULL;
		vz_answer_error(app, &call->requester, -ESHUTDOWN, "%s", why);
		vz_call_free(call);
	}
}

static void drop_from_queues(struct vz_callback *c, const char *why)
{
	struct vz_queue *q, *tmp;

	drop_all_waiting(c->app, &c->queue, why);
	vz_list_for_each_safe(q, tmp, &c->queues, in_callback) drop_all_waiting(c->app, q, why);
}

void vz_calls_drop_device(struct vz_app *app, const struct vz_device *device)
{
	struct vz_callback *c;
	struct vz_queue *q, *tmp;

	vz_list_for_each(c, &app->callbacks, in_app)
		vz_list_for_each_safe(q, tmp, &c->queues, in_callback) if (q->device == device)
			drop_all_waiting(app, q, "the device has gone");
}

/* Takes back those that no worker has begun, and answers all. */
static void recall(struct vz_app *app, struct vz_list *calls, const char *why)
{
	struct vz_call *call, *tmp;

	vz_list_for_each_safe(call, tmp, calls, in_callback)
	{
		vz_list_remove(&call->in_due);
		vz_answer_error(app, &call->requester, -ESHUTDOWN, "%s", why);
		if (!app->options.cancel || !call->is_out ||
		    !app->options.cancel(call, app->options.execute_data))
			continue;
		come_back(call);
		vz_call_free(call);
	}
}

/* Those that run belong to whoever runs them, who frees them in the end. */
static void let_go(struct vz_list *calls)
{
	struct vz_call *call, *tmp;

	vz_list_for_each_safe(call, tmp, calls, in_callback)
	{
		if (call->is_out)
			come_back(call);
		vz_list_remove(&call->in_callback);
		vz_queue_leave(call);
		call->callback = NULL;
		call->app = NULL;
	}
}

void vz_call_withdraw_all(struct vz_callback *c)
{
	drop_from_queues(c, "the callback is withdrawn");
	recall(c->app, &c->running, "the callback is withdrawn");
	recall(c->app, &c->delivering, "the callback is withdrawn");
	let_go(&c->running);
	let_go(&c->delivering);
}

void vz_calls_stop(struct vz_app *app)
{
	struct vz_callback *c;

	vz_list_for_each(c, &app->callbacks, in_app)
	{
		drop_from_queues(c, "shutting down");
		recall(app, &c->running, "shutting down");
	}
}
