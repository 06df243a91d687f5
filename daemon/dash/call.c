#include "dash/call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/client.h"
#include "dash/mods.h"
#include "dash/outcome.h"
#include "dash/service.h"

/* Calls of one callback that wait for a worker. */
#define MAX_WAITING 1000

static bool runs_on_worker(const struct vz_callback *c)
{
	return c->blocking && c->app->options.execute;
}

/* One allocation for the call and all its rows: calls are made at the rate of messages. */
static struct vz_call *allocate(const struct vz_callback *c)
{
	size_t n_values = (size_t) c->n_inputs + c->n_states + c->n_outputs;
	size_t n_flags = (size_t) c->n_inputs + c->n_outputs;
	struct vz_call *call;

	call = calloc(1, sizeof(*call) + n_values * sizeof(struct json_object *) +
				 n_flags * sizeof(bool));
	if (!call)
		return NULL;
	call->n_inputs = c->n_inputs;
	call->n_states = c->n_states;
	call->n_outputs = c->n_outputs;
	call->inputs = (struct json_object **) (call + 1);
	call->states = call->inputs + c->n_inputs;
	call->outputs = call->states + c->n_states;
	call->is_triggered = (bool *) (call->outputs + c->n_outputs);
	call->is_set = call->is_triggered + c->n_inputs;
	return call;
}

int vz_call_new(struct vz_callback *c, const struct vz_requester *requester, struct vz_call **ret)
{
	VZ_CLEANUP(vz_call_freep) struct vz_call *call = allocate(c);
	struct vz_client *client;

	if (!call)
		return -ENOMEM;
	vz_list_init(&call->in_callback);
	vz_list_init(&call->in_due);
	call->app = c->app;
	call->callback = c;
	call->fn = c->fn;
	call->data = c->data;
	call->is_shared = vz_service_is_shared(c->service);
	call->requester.client_id = requester->client_id;

	client = vz_app_find_client(c->app, requester->client_id);
	if (client && runs_on_worker(c) && vz_client_copy(client, &call->client_copy) < 0)
		return -ENOMEM;
	*ret = vz_steal(call);
	return 0;
}

struct vz_call *vz_call_free(struct vz_call *call)
{
	unsigned i, n;

	if (!call)
		return NULL;
	vz_list_remove(&call->in_callback);
	vz_list_remove(&call->in_due);
	n = call->n_inputs + call->n_states + call->n_outputs;
	for (i = 0; i < n; i++)
		json_object_put(call->inputs[i]);
	vz_mods_unref(call->alternates);
	vz_client_copy_free(call->client_copy);
	free(call->error);
	free(call);
	return NULL;
}

int vz_call_put(struct vz_call *call, struct json_object **at, struct json_object *value)
{
	struct json_object *copy = NULL;

	/* json-c counts references without locks: a worker gets its own values. */
	if (value && runs_on_worker(call->callback)) {
		if (json_object_deep_copy(value, &copy, NULL) < 0)
			return -ENOMEM;
	} else {
		copy = json_object_get(value);
	}
	json_object_put(*at);
	*at = copy;
	return 0;
}

/* --- What a function may call ---------------------------------------------------------------- */

struct vz_client *vz_call_client(struct vz_call *call)
{
	if (call->is_out)
		return call->client_copy;
	return call->app ? vz_app_find_client(call->app, call->requester.client_id) : NULL;
}

struct json_object *vz_call_input(struct vz_call *call, unsigned index)
{
	return index < call->n_inputs ? call->inputs[index] : NULL;
}

struct json_object *vz_call_state(struct vz_call *call, unsigned index)
{
	return index < call->n_states ? call->states[index] : NULL;
}

bool vz_call_is_triggered(struct vz_call *call, unsigned index)
{
	return index < call->n_inputs && call->is_triggered[index];
}

bool vz_call_is_initial(struct vz_call *call)
{
	return call->is_initial;
}

int vz_call_set_output(struct vz_call *call, unsigned index, struct json_object *value)
{
	if (index >= call->n_outputs) {
		json_object_put(value);
		return -EINVAL;
	}
	json_object_put(call->outputs[index]);
	call->outputs[index] = value;
	call->is_set[index] = true;
	return 0;
}

int vz_call_set(struct vz_call *call, const char *id, const char *property,
		struct json_object *value)
{
	int r = 0;

	if (!call->alternates)
		r = vz_mods_new(&call->alternates);
	if (r >= 0)
		r = vz_mods_set(call->alternates, id, property, value, false);
	json_object_put(value);
	return r;
}

int vz_call_fail(struct vz_call *call, int r, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL; /* then the text of @r has to do */
	va_end(args);
	free(call->error);
	call->error = text;
	call->result = r;
	return r;
}

void vz_call_run(struct vz_call *call)
{
	int r = call->fn(call, call->data);

	/* A function that has called vz_call_fail() failed, whatever it returns. */
	if (r < 0)
		call->result = r;
	else if (call->error && call->result >= 0)
		call->result = -EIO;
}

bool vz_call_is_ok(const struct vz_call *call)
{
	return call->result >= 0;
}

/* --- Its way through the queue --------------------------------------------------------------- */

static void run_now(struct vz_call *call);

/* Delivers the outcome, then lets the next one run. Frees @call. */
static void finish(struct vz_call *call, void (*deliver)(struct vz_call *call))
{
	struct vz_callback *c;
	struct vz_call *next = NULL;

	deliver(call);
	c = call->callback; /* NULL when the callback has been withdrawn meanwhile */
	vz_call_free(call);
	if (c && !vz_callback_is_busy(c))
		next = vz_list_first(&c->waiting, struct vz_call, in_callback);
	if (next) {
		vz_list_remove(&next->in_callback);
		c->n_waiting--;
		run_now(next);
	}
}

/* No longer busy with it, though the callback still knows it. */
static void end_run(struct vz_call *call)
{
	call->is_out = false;
	vz_list_remove(&call->in_callback);
	vz_list_add(&call->callback->delivering, &call->in_callback);
}

static void run_now(struct vz_call *call)
{
	struct vz_callback *c = call->callback;
	struct vz_app *app = call->app;
	int r;

	if (!runs_on_worker(c)) {
		vz_list_add(&c->delivering, &call->in_callback);
		finish(call, vz_outcome_run);
		return;
	}

	vz_list_add(&c->running, &call->in_callback);
	call->is_out = true;
	r = app->options.execute(call, app->options.execute_data);
	if (r >= 0)
		return;
	(void) vz_call_fail(call, r, "no worker takes the call");
	end_run(call);
	finish(call, vz_outcome_deliver);
}

static void drop_waiting(struct vz_call *call, bool is_replaced)
{
	struct vz_app *app = call->app;

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
 */
static void make_place(struct vz_callback *c, struct vz_call *newer)
{
	struct vz_call *oldest = vz_list_first(&c->waiting, struct vz_call, in_callback);
	unsigned i;

	if (oldest && vz_service_is_most_recent(c->service)) {
		for (i = 0; i < newer->n_inputs; i++)
			newer->is_triggered[i] = newer->is_triggered[i] || oldest->is_triggered[i];
		newer->is_initial = newer->is_initial && oldest->is_initial;
		drop_waiting(oldest, true);
		c->n_waiting--;
	} else if (oldest && c->n_waiting >= MAX_WAITING) {
		drop_waiting(oldest, false);
		c->n_waiting--;
	}
}

static void start_due(struct vz_call *call)
{
	struct vz_app *app = call->app;

	if (call->requester.kind == VZ_REQUESTER_NONE || !runs_on_worker(call->callback))
		return;
	call->due_us = vz_app_now(app) + app->options.deadline_us;
	vz_list_add(&app->due_calls, &call->in_due);
}

void vz_call_start(struct vz_call *call)
{
	struct vz_callback *c = call->callback;

	start_due(call);
	if (!vz_service_is_serialized(c->service) ||
	    (!vz_callback_is_busy(c) && vz_list_is_empty(&c->waiting))) {
		run_now(call);
		return;
	}
	make_place(c, call);
	vz_list_add(&c->waiting, &call->in_callback);
	c->n_waiting++;
}

void vz_call_complete(struct vz_call *call)
{
	struct vz_app *app = call->app;

	if (!app || !call->callback) {
		vz_call_free(call);
		return;
	}
	(void) vz_app_now(app);
	end_run(call);
	finish(call, vz_outcome_deliver);
	vz_app_update_deadline(app);
}

void vz_calls_expire(struct vz_app *app, int64_t now_us)
{
	struct vz_call *call;

	while ((call = vz_list_first(&app->due_calls, struct vz_call, in_due)) &&
	       call->due_us <= now_us) {
		vz_list_remove(&call->in_due);
		app->counters.callbacks_failed++;
		vz_answer_error(app, &call->requester, -ETIMEDOUT, "the callback takes too long");
	}
}

/* Those that run belong to whoever runs them, who frees them in the end. */
static void let_go(struct vz_app *app, struct vz_list *calls)
{
	struct vz_call *call, *tmp;

	vz_list_for_each_safe(call, tmp, calls, in_callback)
	{
		vz_answer_error(app, &call->requester, -ESHUTDOWN, "the callback is withdrawn");
		vz_list_remove(&call->in_callback);
		vz_list_remove(&call->in_due);
		call->callback = NULL;
		call->app = NULL;
	}
}

static void drop_all_waiting(struct vz_callback *c, const char *why)
{
	struct vz_call *call, *tmp;

	vz_list_for_each_safe(call, tmp, &c->waiting, in_callback)
	{
		vz_answer_error(c->app, &call->requester, -ESHUTDOWN, "%s", why);
		vz_call_free(call);
	}
	c->n_waiting = 0;
}

void vz_call_withdraw_all(struct vz_callback *c)
{
	drop_all_waiting(c, "the callback is withdrawn");
	let_go(c->app, &c->running);
	let_go(c->app, &c->delivering);
}

void vz_calls_stop(struct vz_app *app)
{
	struct vz_callback *c;
	struct vz_call *call;

	vz_list_for_each(c, &app->callbacks, in_app)
	{
		drop_all_waiting(c, "shutting down");
		vz_list_for_each(call, &c->running, in_callback)
		{
			vz_list_remove(&call->in_due);
			vz_answer_error(app, &call->requester, -ESHUTDOWN, "shutting down");
		}
	}
}
