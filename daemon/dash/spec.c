/*
 * From what a program registers to the fields of a callback, with a sentence for what is wrong.
 * (Declared in callback.h.)
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/message.h"
#include "dash/service.h"
#include "util/json.h"

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

/* --- What the browser does by itself ---------------------------------------------------------- */

static struct vz_dependency *find_dependency(struct vz_dependency *list, unsigned n,
					     const struct vz_property *property)
{
	unsigned i;

	for (i = 0; i < n; i++)
		if (list[i].property == property)
			return &list[i];
	return NULL;
}

/* Marks those of the callback's own dependencies that @texts names. */
static int mark(struct vz_callback *c, const char *what, const char *const *texts,
		void (*fn)(struct vz_dependency *dependency))
{
	bool of_outputs = !strcmp(what, "allow_duplicate");
	struct vz_dependency named = { 0 }, *found;
	int r = 0;

	for (; r >= 0 && texts && *texts; texts++) {
		r = vz_dependency_init(&named, c->app, *texts);
		if (r == -EINVAL)
			return vz_app_set_error(c->app, r, "%s '%s' is not \"id.property\"", what,
						*texts);
		if (r < 0)
			return r;
		found = of_outputs ? find_dependency(c->outputs, c->n_outputs, named.property)
				   : find_dependency(c->inputs, c->n_inputs, named.property);
		if (!found && !of_outputs)
			found = find_dependency(c->states, c->n_states, named.property);
		if (found)
			fn(found);
		else
			r = vz_app_set_error(c->app, -EINVAL, "%s '%s' is no %s of this callback",
					     what, *texts,
					     of_outputs ? "Output" : "Input or State");
		vz_dependency_deinit(&named);
	}
	return r;
}

static void set_duplicate(struct vz_dependency *dependency)
{
	dependency->is_duplicate = true;
}

static void set_optional(struct vz_dependency *dependency)
{
	dependency->is_optional = true;
}

static int check_duplicate(struct vz_callback *c, const struct vz_callback_spec *spec)
{
	if (!spec->allow_duplicate || !spec->allow_duplicate[0] || spec->initial_duplicate ||
	    c->service & VZ_SERVICE_NO_CLIENT_INITIAL)
		return 0;
	return vz_app_set_error(c->app, -EINVAL,
				"allow_duplicate '%s' needs VZ_SERVICE_NO_CLIENT_INITIAL, or "
				"initial_duplicate if it does not matter which callback is called "
				"last when a page loads",
				spec->allow_duplicate[0]);
}

static int fail_running(struct vz_callback *c, const struct vz_running *running, const char *why)
{
	return vz_app_set_error(c->app, -EINVAL, "running '%s': %s", running->property, why);
}

static int put_running(struct vz_callback *c, struct vz_buf *buf, const struct vz_running *running,
		       const char *text)
{
	VZ_CLEANUP(json_object_putp) struct json_object *value = NULL;
	struct vz_json_error error = { .text = "no value" };
	int r;

	r = text ? vz_json_parse(text, strlen(text), NULL, &error, &value) : -EINVAL;
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		return vz_app_set_error(c->app, -EINVAL, "running '%s': %s is not JSON: %s",
					running->property, text ?: "NULL", error.text);
	vz_json_print(buf, value);
	return 0;
}

/*
 * The key under which the renderer (3.4.1) finds the property: it splits at the first dot, and
 * does not undo an escape. A wildcard takes its value from what triggered, so something must have.
 */
static int put_running_key(struct vz_callback *c, struct vz_buf *buf,
			   const struct vz_running *running)
{
	struct vz_dependency named = { 0 };
	int r = vz_dependency_init(&named, c->app, running->property);

	if (r == -EINVAL)
		return fail_running(c, running, "expected \"id.property\"");
	if (r < 0)
		return r;
	if (named.property->id[0] != '{' && strchr(named.property->id, '.'))
		r = fail_running(c, running, "an id with a dot is not understood here");
	else if (named.property->pattern && !(c->service & VZ_SERVICE_NO_CLIENT_INITIAL))
		r = fail_running(c, running, "a wildcard needs VZ_SERVICE_NO_CLIENT_INITIAL");
	else
		vz_json_print_string(buf, named.text, strlen(named.text));
	vz_dependency_deinit(&named);
	return r;
}

/* One side of it: {"id.property": value, …}. */
static int put_running_side(struct vz_callback *c, struct vz_buf *buf,
			    const struct vz_running *running, bool on)
{
	char separator = '{';
	int r = 0;

	for (; r >= 0 && running->property; running++, separator = ',') {
		vz_buf_putc(buf, separator);
		r = put_running_key(c, buf, running);
		vz_buf_putc(buf, ':');
		if (r >= 0)
			r = put_running(c, buf, running, on ? running->on : running->off);
	}
	vz_buf_putc(buf, '}');
	return r;
}

static int read_running(struct vz_callback *c, const struct vz_running *running)
{
	struct vz_buf buf = { 0 };
	int r;

	if (!running || !running->property)
		return 0;
	vz_buf_puts(&buf, "{\"running\":");
	r = put_running_side(c, &buf, running, true);
	vz_buf_puts(&buf, ",\"runningOff\":");
	if (r >= 0)
		r = put_running_side(c, &buf, running, false);
	vz_buf_putc(&buf, '}');
	if (r >= 0)
		return vz_buf_finish(&buf, &c->running_json, NULL);
	vz_buf_deinit(&buf);
	return r;
}

static int read_clientside(struct vz_callback *c, const struct vz_callback_spec *spec)
{
	const struct vz_clientside *from = &spec->clientside;

	if (!from->space && !from->function)
		return spec->fn
			       ? 0
			       : vz_app_set_error(c->app, -EINVAL, "a callback without a function");
	if (!from->space || !from->function || spec->fn || spec->blocking)
		return vz_app_set_error(c->app, -EINVAL,
					"a clientside callback has a namespace, a function, and "
					"nothing that runs here");
	if (spec->service & ~(unsigned) VZ_SERVICE_NO_CLIENT_INITIAL)
		return vz_app_set_error(c->app, -EINVAL,
					"the clientside callback '%s.%s' has a service of the "
					"server",
					from->space, from->function);
	c->clientside.space = strdup(from->space);
	c->clientside.function = strdup(from->function);
	return c->clientside.space && c->clientside.function ? 0 : -ENOMEM;
}

/* --- All of it ------------------------------------------------------------------------------- */

static bool has_duplicates(const struct vz_callback *c)
{
	unsigned i;

	for (i = 0; i < c->n_outputs; i++)
		if (c->outputs[i].is_duplicate)
			return true;
	return false;
}

/*
 * The Outputs are the identity. Where there are none, it is any string that stays the same from run
 * to run: the Inputs' hash, and a number that tells apart callbacks on the same Inputs, by order of
 * registration. The same string is the token of Outputs that several callbacks have.
 */
static int make_identity(struct vz_callback *c)
{
	bool is_certain = c->n_outputs && !has_duplicates(c);
	struct vz_buf buf = { 0 };
	uint64_t hash = VZ_TABLE_SEED;
	unsigned i, nth = 0;
	char token[24];
	int r;

	for (i = 0; i < c->n_inputs; i++)
		hash = vz_table_hash_string(hash, c->inputs[i].text);
	do {
		free(c->output);
		c->output = NULL;
		snprintf(token, sizeof(token), "%016llx%02x", (unsigned long long) hash, nth++);
		if (c->n_outputs)
			vz_dependency_identity(&buf, c->outputs, c->n_outputs, token);
		else
			vz_buf_puts(&buf, token);
		r = vz_buf_finish(&buf, &c->output, NULL);
		if (r < 0)
			return r;
	} while (!is_certain && vz_callback_find(c->app, c->output));
	return 0;
}

static int read_all_dependencies(struct vz_callback *c, const struct vz_callback_spec *spec)
{
	int r;

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
	r = mark(c, "allow_duplicate", spec->allow_duplicate, set_duplicate);
	if (r < 0)
		return r;
	r = mark(c, "allow_optional", spec->allow_optional, set_optional);
	return r < 0 ? r : vz_callback_check_patterns(c);
}

int vz_callback_read_spec(struct vz_callback *c, const struct vz_callback_spec *spec)
{
	const char *wrong = vz_service_check(spec->service);
	int r;

	c->service = spec->service;
	c->blocking = spec->blocking;
	c->anyone = spec->anyone;
	c->needs = spec->needs ? spec->needs : VZ_ROLE_USER;
	if (wrong)
		return vz_app_set_error(c->app, -EINVAL, "%s", wrong);
	if (!*vz_role_name(c->needs))
		return vz_app_set_error(c->app, -EINVAL, "needs: %d is no role", (int) c->needs);

	r = read_clientside(c, spec);
	if (r < 0)
		return r;
	r = read_all_dependencies(c, spec);
	if (r < 0)
		return r;
	r = check_duplicate(c, spec);
	if (r < 0)
		return r;
	r = read_running(c, spec->running);
	if (r < 0)
		return r;
	c->is_triggered = calloc(c->n_inputs + 1, sizeof(bool));
	if (!c->is_triggered)
		return -ENOMEM;
	return make_identity(c);
}
