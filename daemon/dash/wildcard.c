#include "dash/wildcard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/call.h"
#include "dash/callback.h"
#include "dash/component.h"
#include "dash/layout.h"
#include "dash/pattern.h"
#include "dash/service.h"
#include "util/json.h"

/* --- Groups of cells ------------------------------------------------------------------------- */

static void free_groups(struct vz_group *groups, unsigned n)
{
	unsigned i, j;

	for (i = 0; groups && i < n; i++) {
		for (j = 0; j < groups[i].n; j++) {
			free(groups[i].cells[j].id);
			json_object_put(groups[i].cells[j].value);
		}
		free(groups[i].cells);
	}
	free(groups);
}

struct vz_matches *vz_matches_free(struct vz_matches *matches)
{
	if (!matches)
		return NULL;
	free_groups(matches->inputs, matches->n_inputs);
	free_groups(matches->states, matches->n_states);
	free_groups(matches->outputs, matches->n_outputs);
	json_object_put(matches->match);
	free(matches);
	return NULL;
}

struct vz_cell *vz_group_get(struct vz_group *groups, unsigned n_groups, unsigned index,
			     unsigned nth)
{
	return index < n_groups && nth < groups[index].n ? &groups[index].cells[nth] : NULL;
}

int vz_matches_new(const struct vz_callback *c, struct vz_matches **ret)
{
	VZ_CLEANUP(vz_matches_freep) struct vz_matches *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->match = json_object_new_object();
	m->inputs = calloc(c->n_inputs + 1, sizeof(*m->inputs));
	m->states = calloc(c->n_states + 1, sizeof(*m->states));
	m->outputs = calloc(c->n_outputs + 1, sizeof(*m->outputs));
	if (!m->match || !m->inputs || !m->states || !m->outputs)
		return -ENOMEM;
	m->n_inputs = c->n_inputs;
	m->n_states = c->n_states;
	m->n_outputs = c->n_outputs;
	*ret = vz_steal(m);
	return 0;
}

int vz_group_add(struct vz_group *group, const char *id, struct vz_cell **ret)
{
	struct vz_cell *grown, *cell;

	if ((group->n & (group->n - 1)) == 0) {
		grown = realloc(group->cells, (group->n ? 2 * group->n : 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		group->cells = grown;
	}
	cell = &group->cells[group->n];
	memset(cell, 0, sizeof(*cell));
	cell->id = strdup(id);
	if (!cell->id)
		return -ENOMEM;
	group->n++;
	*ret = cell;
	return 0;
}

/* --- Of the layout --------------------------------------------------------------------------- */

static int add_cell(const struct vz_callback *c, const struct vz_property *p, const char *id,
		    struct vz_group *group)
{
	struct vz_cell *cell;
	int r;

	r = vz_group_add(group, id, &cell);
	if (r >= 0)
		cell->property = vz_property_find(c->app, id, p->name);
	return r;
}

/*
 * The component that a pattern without lists means, by one look-up. Returns 1 when it is not found
 * so: it may be one whose id says the same in another way, "1" for 1, which the renderer takes for
 * equal.
 */
static int resolve_one(const struct vz_callback *c, const struct vz_property *p,
		       struct json_object *match, struct vz_group *group)
{
	VZ_CLEANUP(json_object_putp) struct json_object *id = NULL;
	VZ_CLEANUP(vz_freep) char *text = NULL;
	int r;

	r = vz_pattern_make_id(p->pattern, match, &id);
	if (r)
		return r;
	r = vz_component_id_string(id, &text);
	if (r < 0)
		return r;
	return vz_layout_find(c->app->layout, text) ? add_cell(c, p, text, group) : 1;
}

static int resolve_group(const struct vz_callback *c, const struct vz_dependency *dependency,
			 struct json_object *match, struct vz_group *group)
{
	const struct vz_property *p = dependency->property;
	const struct vz_layout_entry *entries = NULL;
	struct vz_cell *cell;
	size_t i, n = 0;
	int r;

	if (!p->pattern) {
		r = vz_group_add(group, p->id, &cell);
		if (r >= 0)
			cell->property = dependency->property;
		return r;
	}
	group->is_list = p->pattern->is_list;
	r = group->is_list ? 1 : resolve_one(c, p, match, group);
	if (r <= 0)
		return r;
	r = vz_layout_list_patterned(c->app->layout, &entries, &n);
	for (i = 0; r >= 0 && i < n; i++)
		if (vz_pattern_matches(p->pattern, entries[i].id_object, match))
			r = add_cell(c, p, entries[i].id, group);
	if (r >= 0 && !group->is_list && group->n != 1)
		return -ENOENT;
	return r;
}

static int resolve_groups(const struct vz_callback *c, const struct vz_dependency *dependencies,
			  unsigned n, struct json_object *match, struct vz_group *groups)
{
	unsigned i;
	int r = 0;

	for (i = 0; r >= 0 && i < n; i++)
		r = resolve_group(c, &dependencies[i], match, &groups[i]);
	return r;
}

static int copy_match(struct json_object *match, struct vz_matches *m)
{
	struct lh_entry *entry;
	int r = 0;

	lh_foreach(json_object_get_object(match), entry)
	{
		struct json_object *copy = NULL;

		/* A worker may read it. */
		if (!r && (json_object_deep_copy((struct json_object *) lh_entry_v(entry), &copy,
						 NULL) < 0 ||
			   json_object_object_add(m->match, lh_entry_k(entry), copy) < 0)) {
			json_object_put(copy);
			r = -ENOMEM;
		}
	}
	return r;
}

int vz_matches_resolve(const struct vz_callback *c, struct json_object *match,
		       struct vz_matches **ret)
{
	VZ_CLEANUP(vz_matches_freep) struct vz_matches *m = NULL;
	int r;

	r = vz_matches_new(c, &m);
	if (r >= 0)
		r = copy_match(match, m);
	if (r >= 0)
		r = resolve_groups(c, c->outputs, c->n_outputs, m->match, m->outputs);
	if (r >= 0)
		r = resolve_groups(c, c->inputs, c->n_inputs, m->match, m->inputs);
	if (r >= 0)
		r = resolve_groups(c, c->states, c->n_states, m->match, m->states);
	if (r >= 0)
		*ret = vz_steal(m);
	return r;
}

/* --- Values ---------------------------------------------------------------------------------- */

static struct json_object *value_of(const struct vz_call *call, const struct vz_cell *cell,
				    const struct vz_dependency *dependency)
{
	const struct vz_property *p = cell->property ?: dependency->property;
	bool ours = call->is_shared && !cell->is_triggered && vz_property_is_shared(p);

	if (cell->has_value && !ours)
		return cell->value;
	return vz_layout_get(call->app->layout, cell->id, dependency->property->name);
}

static int put_group(struct vz_call *call, struct json_object **at, struct vz_group *group,
		     const struct vz_dependency *dependency)
{
	VZ_CLEANUP(json_object_putp) struct json_object *list = NULL;
	unsigned i;

	if (!group->is_list)
		return vz_call_put(call, at,
				   group->n ? value_of(call, group->cells, dependency) : NULL);
	list = json_object_new_array_ext((int) group->n + 1);
	if (!list)
		return -ENOMEM;
	for (i = 0; i < group->n; i++) {
		struct json_object *value =
			json_object_get(value_of(call, &group->cells[i], dependency));

		if (json_object_array_add(list, value) < 0) {
			json_object_put(value);
			return -ENOMEM;
		}
	}
	return vz_call_put(call, at, list);
}

int vz_matches_put_values(struct vz_call *call)
{
	const struct vz_callback *c = call->callback;
	struct vz_matches *m = call->matches;
	unsigned i;
	int r = 0;

	for (i = 0; r >= 0 && i < c->n_inputs; i++)
		r = put_group(call, &call->inputs[i], &m->inputs[i], &c->inputs[i]);
	for (i = 0; r >= 0 && i < c->n_states; i++)
		r = put_group(call, &call->states[i], &m->states[i], &c->states[i]);
	return r;
}

void vz_arrivals_free(struct vz_arrival *arrivals, size_t n)
{
	while (n)
		json_object_put(arrivals[--n].id);
	free(arrivals);
}

void vz_matches_mark(struct vz_call *call, struct vz_property *const *triggers, size_t n_triggers)
{
	struct vz_matches *m = call->matches;
	unsigned i, j;
	size_t k;

	for (i = 0; i < m->n_inputs; i++)
		for (j = 0; j < m->inputs[i].n; j++)
			for (k = 0; k < n_triggers; k++)
				if (m->inputs[i].cells[j].property == triggers[k]) {
					m->inputs[i].cells[j].is_triggered = true;
					call->is_triggered[i] = true;
				}
}

/* --- Two calls ------------------------------------------------------------------------------- */

bool vz_matches_are_same(const struct vz_matches *a, const struct vz_matches *b)
{
	return a == b || (a && b && vz_json_equal(a->match, b->match));
}

void vz_matches_take_marks(struct vz_matches *to, const struct vz_matches *from)
{
	unsigned i, j, k;

	for (i = 0; to && from && i < to->n_inputs; i++)
		for (j = 0; j < from->inputs[i].n; j++)
			for (k = 0; from->inputs[i].cells[j].is_triggered && k < to->inputs[i].n;
			     k++)
				if (!strcmp(from->inputs[i].cells[j].id, to->inputs[i].cells[k].id))
					to->inputs[i].cells[k].is_triggered = true;
}
