/*
 * A call is one run of a callback: its own copies of the values it was called with, what it
 * answers, and who waits for that. A quick function runs on the loop; a blocking one is handed to a
 * worker, which touches nothing but the call.
 *
 * Owned by its callback's lists until it is finished; public face in vizyd/dash.h and dash/app.h.
 * Thread: loop, except vz_call_run() and what a function may call.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dash/answer.h"
#include "util/list.h"
#include "vizyd/dash.h"

struct vz_app;
struct vz_callback;
struct vz_device;
struct vz_function;
struct vz_matches;
struct vz_mods;
struct vz_post_box;
struct vz_queue;

struct vz_call {
	struct vz_list in_callback; /* callback->running or ->delivering, or queue->waiting */
	struct vz_list in_due;	    /* app->due_calls, while it may miss its deadline */
	int64_t due_us;
	struct vz_app *app;	      /* NULL: the app is gone, the outcome is nobody's */
	struct vz_callback *callback; /* NULL: withdrawn, likewise */
	struct vz_function *function; /* a reference */
	struct vz_device *device;     /* that of the client when the call was made; a reference */
	struct vz_queue *queue;	      /* NULL once it has left it */
	struct vz_requester requester;
	char *user;		       /* who caused it, NULL: nobody */
	struct vz_client *client_copy; /* for a worker, which cannot look in the table */
	struct vz_post_box *post_box;  /* and by which it can send; a reference */
	bool is_initial, is_shared;
	bool is_http;	       /* came by POST; never changed */
	bool is_on_worker;     /* set before it is handed over, then never changed */
	bool has_begun;	       /* atomic: a worker runs it, or has */
	bool is_out;	       /* the worker has not given it back */
	struct vz_list in_out; /* app->out_calls, until it has been there too long */
	int64_t started_us;    /* since when */
	bool is_overdue;

	unsigned n_inputs, n_states, n_outputs;
	struct json_object **inputs, **states, **outputs; /* references */
	bool *is_triggered, *is_set;
	struct vz_mods *alternates; /* NULL until there is one */
	/* Of a callback with patterns: what they mean, and there are the Outputs that are set. */
	struct vz_matches *matches;

	/* Of call-header.c: lines, each with its end, and what was wrong with one (NULL: nothing,
	 * or no memory to say it). */
	char *headers, *header_error;
	size_t headers_size;
	unsigned n_headers;
	int header_result;

	int result;
	char *error;
};

/* Whether its function ended well. */
bool vz_call_is_ok(const struct vz_call *call);
/* What to tell of one that did not, borrowed. */
const char *vz_call_get_error(const struct vz_call *call);
/*
 * Makes a call with no values yet, for @requester (borrowed) to wait for once
 * vz_requester_move() has put it there. Returns 0 or -ENOMEM.
 */
int vz_call_new(struct vz_callback *callback, const struct vz_requester *requester,
		struct vz_call **ret);
struct vz_call *vz_call_free(struct vz_call *call);
VZ_DEFINE_CLEANUP(vz_call_free, struct vz_call *, vz_call_free)
/* Sets a value of the call, referencing @value, or copying it when a worker will run it. 0 or
 * -ENOMEM. */
int vz_call_put(struct vz_call *call, struct json_object **at, struct json_object *value);

/* --- Its way through the queue, to a worker and back: schedule.c ------------------------------ */

/*
 * Runs @call (taken) now, or queues it, or hands it to a worker, as its callback's service says.
 * When it is done, outcome.h delivers what came of it.
 */
void vz_call_start(struct vz_call *call);
/* Answers with an error those that have waited too long, and tells of those that run too long; they
 * run on. */
void vz_calls_expire(struct vz_app *app, int64_t now_us);
/* Answers with an error every call that waits for @device, which is going. */
void vz_calls_drop_device(struct vz_app *app, const struct vz_device *device);
/* Answers with an error every call that waits or is out, and lets go of them. */
void vz_call_withdraw_all(struct vz_callback *callback);
/* The same when the app stops: waiting calls are dropped, those that a worker runs may still
 * finish. */
void vz_calls_stop(struct vz_app *app);

/* --- Of call-pattern.c ------------------------------------------------------------------------ */

/* One component of one Output, and what the function set there. Borrowed. */
struct vz_answer_cell {
	const char *id, *name;
	struct json_object *value;
	bool is_set;
};

/* The @nth component, of vz_call_n_outputs_at(), of the Output @index. Its callback must be there.
 */
struct vz_answer_cell vz_call_get_answer(const struct vz_call *call, unsigned index, unsigned nth);
/* Whether the function was called for that very value of that property. */
bool vz_call_repeats_input(const struct vz_call *call, const struct vz_answer_cell *answer);
/* vz_call_set_output() of a call that has matches: a value, or an array of one for each component.
 */
int vz_call_set_group(struct vz_call *call, unsigned index, struct json_object *value);
