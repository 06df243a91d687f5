#include "dash/callback.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/call.h"
#include "dash/graph.h"
#include "dash/message.h"
#include "dash/service.h"
#include "util/json.h"

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
		if (callback->inputs[i].property == property)
			return (int) i;
	return -1;
}

static unsigned count(const char *const *texts)
{
	unsigned n = 0;

	while (texts && texts[n])
		n++;
	return n;
}

static int read_dependencies(struct vz_app *app, const char *role, const char *const *texts,
			     struct vz_dependency **ret, unsigned *ret_n)
{
	unsigned i, j, n = count(texts);
	int r;

	if (n > VZ_MAX_INPUTS)
		return vz_app_set_error(app, -EINVAL, "more than %d %ss", VZ_MAX_INPUTS, role);
	/* One more than needed, so that no dependencies are not a failed allocation. */
	*ret = calloc(n + 1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;

	for (i = 0; i < n; i++) {
		r = vz_dependency_init(&(*ret)[i], app, texts[i]);
		if (r == -EINVAL)
			return vz_app_set_error(app, r, "%s '%s' is not \"id.property\"", role,
						texts[i]);
		if (r < 0)
			return r;
		*ret_n = i + 1;
		for (j = 0; j < i; j++)
			if ((*ret)[j].property == (*ret)[i].property)
				return vz_app_set_error(app, -EINVAL, "%s '%s' is named twice",
							role, texts[i]);
	}
	return 0;
}

static void free_dependencies(struct vz_dependency *dependencies, unsigned n)
{
	unsigned i;

	for (i = 0; dependencies && i < n; i++)
		vz_dependency_deinit(&dependencies[i]);
	free(dependencies);
}

/*
 * Without Outputs the identity is any string that stays the same from run to run: the Inputs'
 * hash, and a number that tells apart callbacks on the same Inputs, by order of registration.
 */
static int make_identity(struct vz_callback *c)
{
	struct vz_buf buf = { 0 };
	uint64_t hash = VZ_TABLE_SEED;
	unsigned i, nth = 0;
	int r;

	if (c->n_outputs) {
		vz_dependency_identity(&buf, c->outputs, c->n_outputs);
		return vz_buf_finish(&buf, &c->output, NULL);
	}

	for (i = 0; i < c->n_inputs; i++)
		hash = vz_table_hash_string(hash, c->inputs[i].text);
	do {
		free(c->output);
		c->output = NULL;
		vz_buf_printf(&buf, "%016llx%02x", (unsigned long long) hash, nth++);
		r = vz_buf_finish(&buf, &c->output, NULL);
		if (r < 0)
			return r;
	} while (vz_callback_find(c->app, c->output));
	return 0;
}

static int read_spec(struct vz_callback *c, const struct vz_callback_spec *spec)
{
	const char *wrong = vz_service_check(spec->service);
	int r;

	c->service = spec->service;
	c->blocking = spec->blocking;
	c->fn = spec->fn;
	c->data = spec->data;
	if (!spec->fn)
		return vz_app_set_error(c->app, -EINVAL, "a callback without a function");
	if (wrong)
		return vz_app_set_error(c->app, -EINVAL, "%s", wrong);

	r = read_dependencies(c->app, "Output", spec->outputs, &c->outputs, &c->n_outputs);
	if (r < 0)
		return r;
	r = read_dependencies(c->app, "Input", spec->inputs, &c->inputs, &c->n_inputs);
	if (r < 0)
		return r;
	r = read_dependencies(c->app, "State", spec->states, &c->states, &c->n_states);
	if (r < 0)
		return r;
	if (c->n_outputs && !c->n_inputs)
		return vz_app_set_error(c->app, -EINVAL, "Output '%s' has no Input",
					c->outputs[0].text);

	c->is_triggered = calloc(c->n_inputs + 1, sizeof(bool));
	if (!c->is_triggered)
		return -ENOMEM;
	return make_identity(c);
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
	vz_list_init(&c->waiting);
	vz_list_init(&c->in_round);

	r = read_spec(c, spec);
	if (r >= 0)
		r = vz_graph_add(c);
	if (r >= 0)
		r = vz_table_add(&app->callbacks_by_output, &c->by_output,
				 vz_table_hash_string(VZ_TABLE_SEED, c->output));
	if (r < 0) {
		vz_callback_free(c);
		return r;
	}

	vz_list_add(&app->callbacks, &c->in_app);
	vz_app_forget_dependencies(app);
	vz_app_set_error(app, 0, "%s", "");
	if (ret)
		*ret = c;
	return 0;
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
	free(c->is_triggered);
	free(c->output);
	free(c);
	return NULL;
}

static void describe_all(struct vz_buf *buf, const struct vz_dependency *dependencies, unsigned n)
{
	unsigned i;

	vz_buf_putc(buf, '[');
	for (i = 0; i < n; i++) {
		const struct vz_property *p = dependencies[i].property;

		vz_buf_puts(buf, i ? ",{\"id\":" : "{\"id\":");
		vz_json_print_string(buf, p->id, strlen(p->id));
		vz_buf_puts(buf, ",\"property\":");
		vz_json_print_string(buf, p->name, strlen(p->name));
		vz_buf_putc(buf, '}');
	}
	vz_buf_putc(buf, ']');
}

static const char *flag(bool value)
{
	return value ? "true" : "false";
}

void vz_callback_describe(const struct vz_callback *c, bool is_hidden, struct vz_buf *buf)
{
	vz_buf_puts(buf, "{\"output\":");
	vz_json_print_string(buf, c->output, strlen(c->output));
	vz_buf_puts(buf, ",\"inputs\":");
	describe_all(buf, c->inputs, c->n_inputs);
	vz_buf_puts(buf, ",\"state\":");
	describe_all(buf, c->states, c->n_states);
	vz_buf_printf(buf,
		      ",\"clientside_function\":null,\"prevent_initial_call\":%s,"
		      "\"background\":null,\"dynamic_creator\":false,\"no_output\":%s,"
		      "\"optional\":false,\"hidden\":%s,\"websocket\":%s,\"persistent\":%s}",
		      flag(c->service & VZ_SERVICE_NO_CLIENT_INITIAL), flag(!c->n_outputs),
		      flag(is_hidden), flag(c->service & VZ_SERVICE_LINK),
		      flag(!c->n_outputs && !c->n_inputs));
}
