/*
 * Reads from a request what the patterns of a callback mean in it, and checks that it may mean
 * that. (Declared in wildcard.h.)
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/component.h"
#include "dash/message.h"
#include "dash/pattern.h"
#include "dash/service.h"
#include "dash/wildcard.h"
#include "util/json.h"

struct reader {
	const struct vz_callback *c;
	const struct vz_request *request;
	struct vz_matches *m;
	char *text;
	size_t size;
};

static int fail(const struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static int fail(const struct reader *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->text, r->size, format, args);
	va_end(args);
	return -EINVAL;
}

/* --- Which components it names ---------------------------------------------------------------- */

/* One component that stands where @dependency is expected; adds its MATCH to that of the call. */
static int read_component(struct reader *r, const char *role, unsigned index,
			  const struct vz_dependency *dependency, const char *id,
			  const char *property, struct vz_group *group, struct vz_cell **ret)
{
	const struct vz_property *p = dependency->property;
	VZ_CLEANUP(json_object_putp) struct json_object *object = NULL;
	VZ_CLEANUP(vz_pattern_freep) struct vz_pattern *pattern = NULL;
	int e = 0;

	if (!p->pattern && (strcmp(id, p->id) != 0 || strcmp(property, p->name) != 0))
		e = -EINVAL;
	if (e >= 0 && p->pattern) {
		e = vz_pattern_read_text(id, &object, &pattern);
		if (e >= 0 && (pattern || strcmp(property, p->name) != 0 ||
			       !vz_pattern_matches(p->pattern, object, NULL)))
			e = -EINVAL;
	}
	if (e == -EINVAL)
		return fail(r, "payload.%s[%u]: expected '%s', got '%.64s.%.64s'", role, index,
			    dependency->text, id, property);
	if (e >= 0 && p->pattern) {
		e = vz_pattern_take_match(p->pattern, object, r->m->match);
		if (e == -EINVAL)
			return fail(r, "payload.%s[%u]: '%.64s' has another MATCH than the rest",
				    role, index, id);
	}
	return e < 0 ? e : vz_group_add(group, id, ret);
}

/* The Output's property as the request names it: with a token where there are duplicates. */
static int read_output(struct reader *r, unsigned index, struct json_object *item)
{
	VZ_CLEANUP(vz_freep) char *id = NULL;
	VZ_CLEANUP(vz_freep) char *name = NULL;
	struct vz_cell *cell;
	const char *property;
	int e;

	if (vz_json_get_string(item, "property", &property) < 0)
		return fail(r, "payload.outputs[%u].property: expected a string", index);
	e = vz_component_id_string(json_object_object_get(item, "id"), &id);
	if (e == -EINVAL)
		return fail(r, "payload.outputs[%u].id: expected a string or an object", index);
	name = strndup(property, strcspn(property, "@"));
	if (e < 0 || !name)
		return -ENOMEM;
	return read_component(r, "outputs", index, &r->c->outputs[index], id, name,
			      &r->m->outputs[index], &cell);
}

static int read_output_item(struct reader *r, unsigned index, struct json_object *item)
{
	const struct vz_pattern *pattern = r->c->outputs[index].property->pattern;
	size_t i, n;
	int e = 0;

	r->m->outputs[index].is_list = pattern && pattern->is_list;
	if (!r->m->outputs[index].is_list)
		return read_output(r, index, item);
	if (!json_object_is_type(item, json_type_array))
		return fail(r, "payload.outputs[%u]: expected an array", index);
	n = json_object_array_length(item);
	if (n > VZ_MAX_ARGUMENTS)
		return fail(r, "payload.outputs[%u]: more than %d", index, VZ_MAX_ARGUMENTS);
	for (i = 0; e >= 0 && i < n; i++)
		e = read_output(r, index, json_object_array_get_idx(item, i));
	return e;
}

static int read_outputs(struct reader *r)
{
	struct json_object *outputs = r->request->outputs;
	unsigned i, n = r->c->n_outputs;
	int e = 0;

	if (n == 1)
		return read_output_item(r, 0, outputs);
	if (n && (!json_object_is_type(outputs, json_type_array) ||
		  json_object_array_length(outputs) != n))
		return fail(r, "payload.outputs: expected an array of %u", n);
	for (i = 0; e >= 0 && i < n; i++)
		e = read_output_item(r, i, json_object_array_get_idx(outputs, i));
	return e;
}

/* Inputs or States: one for each dependency or, where it means several, a group of them. */
static int read_arguments(struct reader *r, const char *role,
			  const struct vz_dependency *dependencies, unsigned n,
			  const struct vz_argument *arguments, unsigned n_arguments,
			  const unsigned *sizes, unsigned n_sizes, struct vz_group *groups)
{
	unsigned i, j, n_given = sizes ? n_sizes : n_arguments;
	struct vz_cell *cell;
	int e = 0;

	if (n != n_given)
		return fail(r, "payload.%s: expected %u, got %u", role, n, n_given);
	for (i = 0; i < n; i++) {
		const struct vz_pattern *pattern = dependencies[i].property->pattern;
		unsigned size = sizes ? sizes[i] : 1;

		groups[i].is_list = pattern && pattern->is_list;
		if (groups[i].is_list ? !sizes : size != 1)
			return fail(r, "payload.%s[%u]: expected %s", role, i,
				    groups[i].is_list ? "an array" : "one component");
		for (j = 0; j < size; j++, arguments++) {
			e = read_component(r, role, i, &dependencies[i], arguments->id,
					   arguments->property, &groups[i], &cell);
			if (e < 0)
				return e;
			cell->has_value = true;
			cell->value = json_object_get(arguments->value);
		}
	}
	return 0;
}

/* Now that all of MATCH is known, whether what is to be smaller is smaller. */
static int check_group(struct reader *r, const char *role, unsigned index,
		       const struct vz_dependency *dependency, const struct vz_group *group)
{
	unsigned i;

	for (i = 0; dependency->property->pattern && i < group->n; i++) {
		VZ_CLEANUP(json_object_putp) struct json_object *object = NULL;
		VZ_CLEANUP(vz_pattern_freep) struct vz_pattern *none = NULL;
		int e = vz_pattern_read_text(group->cells[i].id, &object, &none);

		if (e < 0)
			return e;
		if (!vz_pattern_matches(dependency->property->pattern, object, r->m->match))
			return fail(r, "payload.%s[%u]: '%.64s' does not suit what MATCH is", role,
				    index, group->cells[i].id);
	}
	return 0;
}

static int read_all(struct reader *r)
{
	const struct vz_callback *c = r->c;
	const struct vz_request *q = r->request;
	unsigned i;
	int e;

	e = read_outputs(r);
	if (e >= 0)
		e = read_arguments(r, "inputs", c->inputs, c->n_inputs, q->inputs, q->n_inputs,
				   q->input_groups, q->n_input_groups, r->m->inputs);
	if (e >= 0)
		e = read_arguments(r, "state", c->states, c->n_states, q->states, q->n_states,
				   q->state_groups, q->n_state_groups, r->m->states);
	for (i = 0; e >= 0 && i < c->n_inputs; i++)
		e = check_group(r, "inputs", i, &c->inputs[i], &r->m->inputs[i]);
	for (i = 0; e >= 0 && i < c->n_states; i++)
		e = check_group(r, "state", i, &c->states[i], &r->m->states[i]);
	return e;
}

/* --- Which of them triggered ------------------------------------------------------------------ */

struct place {
	const char *name;
	struct vz_cell *cell;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int r = strcmp(x->cell->id, y->cell->id);

	return r ? r : strcmp(x->name, y->name);
}

/* Marks every Input of that id and name, sorted in @places. Returns whether there is one. */
static bool mark(struct place *places, size_t n, char *id, const char *name)
{
	struct vz_cell cell = { .id = id };
	const struct place key = { name, &cell };
	struct place *found = n ? bsearch(&key, places, n, sizeof(key), compare_places) : NULL;
	struct place *at;

	if (!found)
		return false;
	for (at = found; at < places + n && !compare_places(&key, at); at++)
		at->cell->is_triggered = true;
	for (at = found; at > places && !compare_places(&key, at - 1); at--)
		at[-1].cell->is_triggered = true;
	return true;
}

/* A hostile request may name thousands, so they are sorted instead of compared each with each. */
static int mark_changed(struct reader *r)
{
	VZ_CLEANUP(vz_freep) struct place *places = NULL;
	size_t n = 0;
	unsigned i, j;

	for (i = 0; i < r->m->n_inputs; i++)
		n += r->m->inputs[i].n;
	places = calloc(n + 1, sizeof(*places));
	if (!places)
		return -ENOMEM;
	n = 0;
	for (i = 0; i < r->m->n_inputs; i++)
		for (j = 0; j < r->m->inputs[i].n; j++) {
			places[n].name = r->c->inputs[i].property->name;
			places[n++].cell = &r->m->inputs[i].cells[j];
		}
	qsort(places, n, sizeof(*places), compare_places);

	for (i = 0; i < r->request->n_changed; i++) {
		VZ_CLEANUP(vz_freep) char *id = strdup(r->request->changed[i]);
		char *dot = id ? strrchr(id, '.') : NULL;

		if (!id)
			return -ENOMEM;
		if (dot)
			*dot = '\0';
		if (!dot || !mark(places, n, id, dot + 1))
			return fail(r,
				    "payload.changedPropIds[%u]: '%.128s' is no Input of '%.128s' "
				    "in this call",
				    i, r->request->changed[i], r->c->output);
	}
	return 0;
}

/* --- Of the layout, with the browser's values ------------------------------------------------- */

/* The order is nearly always the same, so that the search begins where the last one ended. */
static struct vz_cell *find_cell(struct vz_group *group, const char *id, unsigned *hint)
{
	unsigned i;

	for (i = 0; i < group->n; i++) {
		struct vz_cell *cell = &group->cells[(*hint + i) % group->n];

		if (!strcmp(cell->id, id)) {
			*hint = (*hint + i + 1) % group->n;
			return cell;
		}
	}
	return NULL;
}

/* What the browser sent of components that the layout has. One that is just going may be missing.
 */
static int take_values(struct reader *r, const struct vz_dependency *dependency,
		       struct vz_group *from, struct vz_group *to)
{
	unsigned i, hint = 0;
	int e;

	for (i = 0; i < from->n; i++) {
		struct vz_cell *sent = &from->cells[i], *cell = find_cell(to, sent->id, &hint);

		if (!cell && sent->is_triggered)
			return fail(r, "the layout has no component '%.128s'", sent->id);
		if (!cell)
			continue;
		cell->value = vz_steal(sent->value);
		cell->has_value = true;
		cell->is_triggered = sent->is_triggered;
		if (!cell->is_triggered || cell->property)
			continue;
		e = vz_property_get(r->c->app, cell->id, dependency->property->name,
				    &cell->property);
		if (e < 0)
			return e;
	}
	return 0;
}

static int take_from_layout(struct reader *r)
{
	VZ_CLEANUP(vz_matches_freep) struct vz_matches *ours = NULL;
	struct vz_matches *theirs = r->m;
	unsigned i;
	int e;

	e = vz_matches_resolve(r->c, theirs->match, &ours);
	if (e == -ENOENT)
		return fail(r, "the layout has not every component that '%.128s' needs here",
			    r->c->output);
	for (i = 0; e >= 0 && i < r->c->n_inputs; i++)
		e = take_values(r, &r->c->inputs[i], &theirs->inputs[i], &ours->inputs[i]);
	for (i = 0; e >= 0 && i < r->c->n_states; i++)
		e = take_values(r, &r->c->states[i], &theirs->states[i], &ours->states[i]);
	if (e < 0)
		return e;
	vz_matches_free(theirs);
	r->m = vz_steal(ours);
	return 0;
}

int vz_matches_read(const struct vz_callback *c, const struct vz_request *request, char *text,
		    size_t size, struct vz_matches **ret)
{
	struct reader r = { .c = c, .request = request, .text = text, .size = size };
	int e;

	e = vz_matches_new(c, &r.m);
	if (e >= 0)
		e = read_all(&r);
	if (e >= 0)
		e = mark_changed(&r);
	if (e >= 0 && vz_service_is_shared(c->service))
		e = take_from_layout(&r);
	if (e < 0)
		vz_matches_free(r.m);
	else
		*ret = r.m;
	return e;
}
