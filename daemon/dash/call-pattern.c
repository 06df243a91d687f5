/*
 * What a function may ask of and answer to the components that its patterns mean. (Public face:
 * vizyd/pattern.h.)
 */
#include "vizyd/pattern.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dash/call.h"
#include "dash/callback.h"
#include "dash/component.h"
#include "dash/wildcard.h"
#include "util/buf.h"
#include "util/json.h"

/* --- Ids ------------------------------------------------------------------------------------- */

struct json_object *vz_id_new(const char *type, int64_t index)
{
	struct json_object *id = json_object_new_object();
	struct json_object *values[] = { json_object_new_int64(index),
					 json_object_new_string(type) };

	if (id && values[0] && values[1] && !json_object_object_add(id, "index", values[0])) {
		values[0] = NULL;
		if (!json_object_object_add(id, "type", values[1]))
			return id;
	}
	json_object_put(values[0]);
	json_object_put(values[1]);
	json_object_put(id);
	return NULL;
}

const char *vz_id_text(char *buffer, const char *type, int64_t index)
{
	VZ_CLEANUP(json_object_putp) struct json_object *id = vz_id_new(type, index);
	VZ_CLEANUP(vz_freep) char *text = NULL;

	*buffer = '\0';
	if (id && vz_component_id_string(id, &text) >= 0 && strlen(text) < VZ_ID_MAX)
		strcpy(buffer, text);
	return buffer;
}

struct json_object *vz_id_get(const char *id, const char *key)
{
	VZ_CLEANUP(json_object_putp) struct json_object *object = NULL;

	if (!id || id[0] != '{' || vz_json_parse(id, strlen(id), NULL, NULL, &object) < 0)
		return NULL;
	return json_object_get(json_object_object_get(object, key));
}

/* --- What is asked --------------------------------------------------------------------------- */

struct json_object *vz_call_match(struct vz_call *call, const char *key)
{
	return call->matches ? json_object_object_get(call->matches->match, key) : NULL;
}

static struct vz_cell *input_cell(struct vz_call *call, unsigned index, unsigned nth)
{
	struct vz_matches *m = call->matches;

	return m ? vz_group_get(m->inputs, m->n_inputs, index, nth) : NULL;
}

static struct vz_cell *output_cell(struct vz_call *call, unsigned index, unsigned nth)
{
	struct vz_matches *m = call->matches;

	return m ? vz_group_get(m->outputs, m->n_outputs, index, nth) : NULL;
}

unsigned vz_call_n_inputs_at(struct vz_call *call, unsigned index)
{
	if (index >= call->n_inputs)
		return 0;
	return call->matches ? call->matches->inputs[index].n : 1;
}

unsigned vz_call_n_states_at(struct vz_call *call, unsigned index)
{
	if (index >= call->n_states)
		return 0;
	return call->matches ? call->matches->states[index].n : 1;
}

unsigned vz_call_n_outputs_at(struct vz_call *call, unsigned index)
{
	if (index >= call->n_outputs)
		return 0;
	return call->matches ? call->matches->outputs[index].n : 1;
}

const char *vz_call_input_id(struct vz_call *call, unsigned index, unsigned nth)
{
	struct vz_cell *cell = input_cell(call, index, nth);

	return cell ? cell->id : NULL;
}

const char *vz_call_state_id(struct vz_call *call, unsigned index, unsigned nth)
{
	struct vz_matches *m = call->matches;
	struct vz_cell *cell = m ? vz_group_get(m->states, m->n_states, index, nth) : NULL;

	return cell ? cell->id : NULL;
}

const char *vz_call_output_id(struct vz_call *call, unsigned index, unsigned nth)
{
	struct vz_cell *cell = output_cell(call, index, nth);

	return cell ? cell->id : NULL;
}

static struct json_object *value_at(struct json_object *value, const struct vz_group *group,
				    unsigned nth)
{
	if (group && group->is_list)
		return json_object_array_get_idx(value, nth);
	return nth ? NULL : value;
}

struct json_object *vz_call_input_at(struct vz_call *call, unsigned index, unsigned nth)
{
	return index >= call->n_inputs
		       ? NULL
		       : value_at(call->inputs[index],
				  call->matches ? &call->matches->inputs[index] : NULL, nth);
}

struct json_object *vz_call_state_at(struct vz_call *call, unsigned index, unsigned nth)
{
	return index >= call->n_states
		       ? NULL
		       : value_at(call->states[index],
				  call->matches ? &call->matches->states[index] : NULL, nth);
}

bool vz_call_is_triggered_at(struct vz_call *call, unsigned index, unsigned nth)
{
	struct vz_cell *cell = input_cell(call, index, nth);

	return call->matches ? cell && cell->is_triggered
			     : nth == 0 && vz_call_is_triggered(call, index);
}

const char *vz_call_triggered_id(struct vz_call *call, unsigned nth)
{
	unsigned i, j;

	for (i = 0; call->matches && i < call->n_inputs; i++)
		for (j = 0; j < call->matches->inputs[i].n; j++)
			if (call->matches->inputs[i].cells[j].is_triggered && !nth--)
				return call->matches->inputs[i].cells[j].id;
	return NULL;
}

/* --- What is answered ------------------------------------------------------------------------ */

int vz_call_set_output_at(struct vz_call *call, unsigned index, unsigned nth,
			  struct json_object *value)
{
	struct vz_cell *cell = output_cell(call, index, nth);

	if (!call->matches && nth == 0)
		return vz_call_set_output(call, index, value);
	if (!cell) {
		json_object_put(value);
		return -EINVAL;
	}
	json_object_put(cell->value);
	cell->value = value;
	cell->has_value = true;
	return 0;
}

int vz_call_set_group(struct vz_call *call, unsigned index, struct json_object *value)
{
	VZ_CLEANUP(json_object_putp) struct json_object *owned = value;
	unsigned i, n = vz_call_n_outputs_at(call, index);
	bool is_array = json_object_is_type(value, json_type_array);

	if (index >= call->n_outputs)
		return -EINVAL;
	if (!call->matches->outputs[index].is_list)
		return vz_call_set_output_at(call, index, 0, vz_steal(owned));
	if (!is_array)
		return vz_call_fail(call, -EINVAL,
				    "Output %u means %u components: expected an array of as many "
				    "values, got none",
				    index, n);
	if (json_object_array_length(value) != n)
		return vz_call_fail(call, -EINVAL,
				    "Output %u means %u components: expected an array of as many "
				    "values, got %zu",
				    index, n, json_object_array_length(value));
	for (i = 0; i < n; i++)
		(void) vz_call_set_output_at(call, index, i,
					     json_object_get(json_object_array_get_idx(value, i)));
	return 0;
}

struct vz_answer_cell vz_call_get_answer(const struct vz_call *call, unsigned index, unsigned nth)
{
	const struct vz_property *p = call->callback->outputs[index].property;
	const struct vz_cell *cell;

	if (!call->matches)
		return (struct vz_answer_cell){ p->id, p->name, call->outputs[index],
						call->is_set[index] };
	cell = &call->matches->outputs[index].cells[nth];
	return (struct vz_answer_cell){ cell->id, p->name, cell->value, cell->has_value };
}

/* Whether @a is the Input @index, as the function was called with it. */
static bool repeats_input(const struct vz_call *call, unsigned index,
			  const struct vz_answer_cell *a)
{
	const struct vz_property *p = call->callback->inputs[index].property;
	unsigned i;

	if (!call->is_triggered[index] || strcmp(p->name, a->name) != 0)
		return false;
	if (!call->matches)
		return !strcmp(p->id, a->id) && vz_json_equal(call->inputs[index], a->value);
	for (i = 0; i < call->matches->inputs[index].n; i++) {
		const struct vz_cell *cell = &call->matches->inputs[index].cells[i];

		if (cell->is_triggered && !strcmp(cell->id, a->id))
			return vz_json_equal(value_at(call->inputs[index],
						      &call->matches->inputs[index], i),
					     a->value);
	}
	return false;
}

bool vz_call_repeats_input(const struct vz_call *call, const struct vz_answer_cell *answer)
{
	unsigned i;

	for (i = 0; i < call->n_inputs; i++)
		if (repeats_input(call, i, answer))
			return true;
	return false;
}
