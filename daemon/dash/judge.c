#include "dash/judge.h"

#include <errno.h>

#include "dash/app-private.h"
#include "dash/call.h"
#include "dash/callback.h"
#include "dash/catalog.h"
#include "dash/layout.h"
#include "dash/mods.h"
#include "dash/pattern.h"
#include "vizyd/pattern.h"

static int verdict(struct vz_app *app, int r, char *error)
{
	VZ_CLEANUP(vz_freep) char *text = error;

	return r < 0 ? vz_app_set_error(app, r, "%s", text ? text : "out of memory") : 0;
}

int vz_judge_value(struct vz_app *app, struct json_object *value)
{
	char *error = NULL;
	int r = vz_catalog_check(app->options.catalog, value, &error);

	return verdict(app, r, error);
}

/* The first component that a pattern means stands for all of them, which are of one make. */
static const char *find_patterned(struct vz_app *app, const struct vz_pattern *pattern)
{
	const struct vz_layout_entry *entries;
	size_t n;

	if (vz_layout_list_patterned(app->layout, &entries, &n) < 0)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (vz_pattern_matches(pattern, entries[i].id_object, NULL))
			return entries[i].id;
	return NULL;
}

static int judge_dependencies(struct vz_app *app, const struct vz_dependency *dependencies,
			      unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct vz_property *p = dependencies[i].property;
		const char *id = p->pattern ? find_patterned(app, p->pattern) : p->id;
		char *error = NULL;
		int r;

		if (!id)
			continue;
		r = vz_catalog_check_property(app->options.catalog, vz_layout_root(app->layout), id,
					      p->name, &error);
		if (r < 0)
			return verdict(app, r, error);
	}
	return 0;
}

int vz_judge_callback(const struct vz_callback *c)
{
	int r = 0;

	if (!c->app->options.catalog)
		return 0;
	r = judge_dependencies(c->app, c->outputs, c->n_outputs);
	if (r >= 0)
		r = judge_dependencies(c->app, c->inputs, c->n_inputs);
	return r < 0 ? r : judge_dependencies(c->app, c->states, c->n_states);
}

int vz_judge_call(struct vz_call *call)
{
	struct vz_app *app = call->app;
	int r = 0;

	for (unsigned i = 0; i < call->n_outputs; i++)
		for (unsigned j = 0; j < vz_call_n_outputs_at(call, i) && r >= 0; j++) {
			const struct vz_answer_cell answer = vz_call_get_answer(call, i, j);

			if (answer.is_set)
				r = vz_judge_value(app, answer.value);
		}
	for (size_t i = 0; call->alternates && i < call->alternates->n_mods && r >= 0; i++)
		r = vz_judge_value(app, call->alternates->mods[i].value);
	return r;
}
