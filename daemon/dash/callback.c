#include "dash/callback.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/call.h"
#include "dash/graph.h"
#include "dash/judge.h"
#include "dash/message.h"
#include "dash/service.h"
#include "dash/wildcard.h"
#include "util/json.h"

struct vz_function *vz_function_ref(struct vz_function *function)
{
	function->refs++;
	return function;
}

struct vz_function *vz_function_unref(struct vz_function *function)
{
	if (!function || --function->refs)
		return NULL;
	if (function->release)
		function->release(function->data);
	free(function);
	return NULL;
}

/* Without its release: the callback may yet fail to be registered, and then it is not called. */
static int make_function(const struct vz_callback_spec *spec, struct vz_function **ret)
{
	struct vz_function *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->refs = 1;
	f->fn = spec->fn;
	f->data = spec->data;
	*ret = f;
	return 0;
}

struct vz_callback *vz_callback_find(struct vz_app *app, const char *output)
{
	struct vz_table_node *node;

	node = vz_table_find(&app->callbacks_by_output,
			     vz_table_hash_string(VZ_TABLE_SEED, output));
	for (; node; node = vz_table_find_next(node)) {
		struct vz_callback *c = vz_container_of(node, struct vz_callback, by_output);

		if (!strcmp(c->output, output))
			return c;
	}
	return NULL;
}

int vz_callback_find_input(const struct vz_callback *callback, const char *text)
{
	unsigned i;

	for (i = 0; i < callback->n_inputs; i++)
		if (!strcmp(callback->inputs[i].text, text))
			return (int) i;
	return -1;
}

int vz_callback_find_input_property(const struct vz_callback *callback,
				    const struct vz_property *property)
{
	unsigned i;

	for (i = 0; i < callback->n_inputs; i++)
		if (vz_property_overlaps(callback->inputs[i].property, property))
			return (int) i;
	return -1;
}

int vz_callback_find_output_property(const struct vz_callback *callback,
				     const struct vz_property *property)
{
	unsigned i;

	for (i = 0; i < callback->n_outputs; i++)
		if (vz_property_overlaps(callback->outputs[i].property, property))
			return (int) i;
	return -1;
}

int vz_app_add_callback(struct vz_app *app, const struct vz_callback_spec *spec,
			struct vz_callback **ret)
{
	struct vz_callback *c;
	int r;

	vz_app_set_error(app, 0, "out of memory");
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->app = app;
	vz_list_init(&c->in_app);
	vz_list_init(&c->running);
	vz_list_init(&c->delivering);
	vz_list_init(&c->queues);
	vz_queue_init(&c->queue);
	vz_list_init(&c->in_round);

	r = make_function(spec, &c->function);
	if (r >= 0)
		r = vz_callback_read_spec(c, spec);
	if (r >= 0)
		r = vz_judge_callback(c);
	if (r >= 0)
		r = vz_graph_add(c);
	if (r >= 0)
		r = vz_table_add(&app->callbacks_by_output, &c->by_output,
				 vz_table_hash_string(VZ_TABLE_SEED, c->output));
	if (r < 0) {
		vz_callback_free(c);
		return r;
	}

	c->function->release = spec->release;
	vz_list_add(&app->callbacks, &c->in_app);
	vz_app_forget_dependencies(app);
	vz_app_set_error(app, 0, "%s", "");
	if (ret)
		*ret = c;
	return 0;
}

static void free_dependencies(struct vz_dependency *dependencies, unsigned n)
{
	unsigned i;

	for (i = 0; dependencies && i < n; i++)
		vz_dependency_deinit(&dependencies[i]);
	free(dependencies);
}

struct vz_callback *vz_callback_free(struct vz_callback *c)
{
	if (!c)
		return NULL;

	vz_graph_remove(c);
	vz_list_remove(&c->in_round);
	vz_call_withdraw_all(c);
	if (!vz_list_is_empty(&c->in_app)) {
		vz_table_remove(&c->app->callbacks_by_output, &c->by_output);
		vz_list_remove(&c->in_app);
		vz_app_forget_dependencies(c->app);
	}
	free_dependencies(c->outputs, c->n_outputs);
	free_dependencies(c->inputs, c->n_inputs);
	free_dependencies(c->states, c->n_states);
	free((char *) c->clientside.space);
	free((char *) c->clientside.function);
	free(c->running_json);
	vz_function_unref(c->function);
	free(c->is_triggered);
	free(c->round_triggers);
	vz_arrivals_free(c->round_arrivals, c->n_round_arrivals);
	free(c->output);
	free(c);
	return NULL;
}
