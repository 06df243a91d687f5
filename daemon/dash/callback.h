/*
 * A callback: what it depends on, its service and its function, and the calls of it that wait or
 * are out. Registering it checks that the shared callbacks still form a graph without circles, and
 * numbers them in dependency order.
 *
 * Owned by the app until vz_callback_free(); public face in vizyd/dash.h. Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dash/dependency.h"
#include "dash/queue.h"
#include "dash/table.h"
#include "util/buf.h"
#include "util/list.h"
#include "vizyd/dash.h"

/* What a callback runs: counted, as a call on a worker may outlive its callback. */
struct vz_function {
	unsigned refs;
	vz_callback_fn *fn;
	void *data;
	void (*release)(void *data);
};

struct vz_function *vz_function_ref(struct vz_function *function);
/* Takes NULL; returns NULL. */
struct vz_function *vz_function_unref(struct vz_function *function);

/* A component with a pattern id has come or gone, of which a pattern of a callback means a
 * property. */
struct vz_arrival {
	struct json_object *id;		    /* a reference */
	const struct vz_property *property; /* the pattern's */
	bool is_output;
};

struct vz_callback {
	struct vz_list in_app;		/* app->callbacks, in order of registration */
	struct vz_table_node by_output; /* app->callbacks_by_output */
	struct vz_app *app;
	char *output; /* its identity in requests and dependencies */
	struct vz_dependency *outputs, *inputs, *states;
	unsigned n_outputs, n_inputs, n_states;
	unsigned service;
	bool blocking, anyone;
	enum vz_role needs;		 /* never VZ_ROLE_NONE */
	struct vz_function *function;	 /* its fn is NULL when it is clientside */
	struct vz_clientside clientside; /* both owned */
	char *running_json;		 /* JSON as the renderer reads it, or NULL */

	/* Of shared callbacks: more than that of any callback that makes one of its Inputs. */
	unsigned depth;
	bool is_attached; /* its properties know it */
	bool has_patterns;
	bool is_started; /* vz_app_start() has seen it */

	/* Its calls that are out on a worker, and those whose outcome is being delivered. */
	struct vz_list running, delivering;
	/* Its serialized calls that wait for those: its own queue, and those of devices. */
	struct vz_queue queue;
	struct vz_list queues;

	/* Its place in the round: waiting to run there, for which Inputs, and when it last ran. */
	struct vz_list in_round;
	bool *is_triggered;
	/* With patterns: which of the components. */
	struct vz_property **round_triggers;
	size_t n_round_triggers;
	/* And which of them have come or gone. */
	struct vz_arrival *round_arrivals;
	size_t n_round_arrivals;
	bool round_initial;
	uint64_t last_round;

	/* Scratch for walks over the graph. */
	uint64_t mark;
	struct vz_callback *came_from;
	struct vz_property *came_by;
};

/*
 * Of spec.c: fills @callback from what a program registers. Returns 0, -EINVAL with the text set,
 * or -ENOMEM; what is filled so far is freed with the callback.
 */
int vz_callback_read_spec(struct vz_callback *callback, const struct vz_callback_spec *spec);
/* Of pattern-check.c: whether its wildcards go together. Returns 0, or -EINVAL with the text set.
 */
int vz_callback_check_patterns(struct vz_callback *callback);
/* The callback with that identity, or NULL. One hash look-up. */
struct vz_callback *vz_callback_find(struct vz_app *app, const char *output);
/* Whether its function is one that may wait, and there are workers for those. */
bool vz_callback_runs_on_worker(const struct vz_callback *callback);
/* The index of the Input that the renderer calls @text, or that means that property; -1 for none.
 */
int vz_callback_find_input(const struct vz_callback *callback, const char *text);
int vz_callback_find_input_property(const struct vz_callback *callback,
				    const struct vz_property *property);
int vz_callback_find_output_property(const struct vz_callback *callback,
				     const struct vz_property *property);
static inline bool vz_callback_is_clientside(const struct vz_callback *callback)
{
	return callback->clientside.function;
}

/* Of describe.c. Appends its entry in _dash-dependencies. A hidden one is not shown by Dash's dev
 * tools. */
void vz_callback_describe(const struct vz_callback *callback, bool is_hidden, struct vz_buf *buf);
/* Adds the same facts to a hash, which cannot fail. */
uint64_t vz_callback_hash(const struct vz_callback *callback, uint64_t hash);
