/*
 * Spreads what has changed in a round over as many calls as MATCH makes of it. (Declared in
 * wildcard.h.)
 */
#include <errno.h>

#include "dash/app-private.h"
#include "dash/callback.h"
#include "dash/layout.h"
#include "dash/pattern.h"
#include "dash/wildcard.h"
#include "util/buf.h"
#include "util/json.h"
#include "util/map.h"

struct spread {
	const struct vz_callback *callback;
	const struct vz_layout_entry *entries;
	size_t n_entries;
	struct vz_map seen;
	struct json_object *list;
};

/* Takes @match; NULL is one that could not be made. */
static int add_match(struct spread *spread, struct json_object *match)
{
	VZ_CLEANUP(json_object_putp) struct json_object *owned = match;
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct vz_buf buf = { 0 };
	int r;

	if (!match)
		return -ENOMEM;
	vz_json_print_flat_sorted(&buf, match);
	r = vz_buf_finish(&buf, &text, NULL);
	if (r >= 0)
		r = vz_map_add(&spread->seen, text, spread);
	if (r == -EEXIST)
		return 0;
	if (r < 0 || json_object_array_add(spread->list, match) < 0)
		return -ENOMEM;
	(void) vz_steal(owned);
	return 0;
}

/* What MATCH of @pattern is in @id. A reference, or NULL without memory. */
static struct json_object *match_of(const struct vz_pattern *pattern, struct json_object *id)
{
	struct json_object *match = json_object_new_object();

	if (match && pattern && vz_pattern_take_match(pattern, id, match) < 0) {
		json_object_put(match);
		return NULL;
	}
	return match;
}

/*
 * A call for each component that @pattern means and whose MATCH suits @id, which triggered as what
 * @by means; with @by NULL every MATCH does.
 */
static int add_each(struct spread *spread, const struct vz_pattern *pattern,
		    const struct vz_pattern *by, struct json_object *id)
{
	size_t i;
	int r = 0;

	for (i = 0; r >= 0 && i < spread->n_entries; i++) {
		struct json_object *match;

		if (!vz_pattern_matches(pattern, spread->entries[i].id_object, NULL))
			continue;
		match = match_of(pattern, spread->entries[i].id_object);
		if (match && by && !vz_pattern_matches(by, id, match))
			json_object_put(match);
		else
			r = add_match(spread, match);
	}
	return r;
}

/* All Outputs have the same MATCH; one that is no list has a component for each of its values. */
static int add_by_outputs(struct spread *spread, const struct vz_pattern *by,
			  struct json_object *id)
{
	const struct vz_callback *c = spread->callback;
	unsigned i;
	int r = 0;

	/* What triggered says all of MATCH: there is no need to look for it. */
	if (by && vz_pattern_has_match_of(by, c->outputs[0].property->pattern))
		return add_match(spread, match_of(by, id));

	for (i = 0; i < c->n_outputs; i++)
		if (!c->outputs[i].property->pattern->is_list)
			return add_each(spread, c->outputs[i].property->pattern, by, id);
	for (i = 0; r >= 0 && i < c->n_outputs; i++)
		r = add_each(spread, c->outputs[i].property->pattern, by, id);
	return r;
}

static bool outputs_match(const struct vz_callback *c)
{
	const struct vz_pattern *first = c->n_outputs ? c->outputs[0].property->pattern : NULL;

	return first && first->has_match;
}

static int add_initial(struct spread *spread)
{
	const struct vz_callback *c = spread->callback;
	unsigned i;

	if (outputs_match(c))
		return add_by_outputs(spread, NULL, NULL);
	for (i = 0; i < c->n_inputs; i++) {
		const struct vz_pattern *pattern = c->inputs[i].property->pattern;

		if (pattern && pattern->has_match)
			return add_each(spread, pattern, NULL, NULL);
	}
	return add_match(spread, json_object_new_object());
}

static int add_triggered(struct spread *spread, const struct vz_property *trigger)
{
	const struct vz_callback *c = spread->callback;
	unsigned i;
	int r = 0;

	for (i = 0; r >= 0 && i < c->n_inputs; i++) {
		const struct vz_property *input = c->inputs[i].property;

		if (!vz_property_overlaps(input, trigger))
			continue;
		if (outputs_match(c))
			r = add_by_outputs(spread, input->pattern, trigger->id_object);
		else
			r = add_match(spread, match_of(input->pattern, trigger->id_object));
	}
	return r;
}

/* Of an Output, the call for that component alone; of an Input, all calls that look at it. */
static int add_arrival(struct spread *spread, const struct vz_arrival *arrival)
{
	const struct vz_pattern *pattern = arrival->property->pattern;

	if (!arrival->is_output && outputs_match(spread->callback))
		return add_by_outputs(spread, pattern, arrival->id);
	return add_match(spread, match_of(pattern, arrival->id));
}

int vz_wildcard_spread(const struct vz_callback *c, const struct vz_cause *cause,
		       struct json_object **ret)
{
	struct spread spread = { .callback = c, .list = json_object_new_array() };
	size_t i;
	int r = spread.list ? 0 : -ENOMEM;

	if (r >= 0)
		r = vz_layout_list_patterned(c->app->layout, &spread.entries, &spread.n_entries);
	if (r >= 0 && cause->is_initial)
		r = add_initial(&spread);
	for (i = 0; r >= 0 && i < cause->n_triggers; i++)
		r = add_triggered(&spread, cause->triggers[i]);
	for (i = 0; r >= 0 && i < cause->n_arrivals; i++)
		r = add_arrival(&spread, &cause->arrivals[i]);
	vz_map_deinit(&spread.seen);
	if (r < 0)
		json_object_put(spread.list);
	else
		*ret = spread.list;
	return r;
}
