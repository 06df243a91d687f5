#include "camera/control.h"

#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

static void free_choices(const char **choices)
{
	if (!choices)
		return;
	for (const char **choice = choices; *choice; choice++)
		free((char *) *choice);
	free(choices);
}

static int copy_choices(const char *const *choices, const char ***ret)
{
	const char **copy;
	size_t n = 0;

	while (choices[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		copy[i] = strdup(choices[i]);
		if (!copy[i]) {
			free_choices(copy);
			return -ENOMEM;
		}
	}
	*ret = copy;
	return 0;
}

void vz_control_table_deinit(struct vz_control_table *table)
{
	for (unsigned i = 0; i < table->n_controls; i++)
		free_choices(table->controls[i].choices);
	free(table->controls);
	*table = (struct vz_control_table){ 0 };
}

static int grow(struct vz_control_table *table)
{
	unsigned n = table->n_allocated ? table->n_allocated * 2 : 16;
	struct vz_control *controls;

	controls = reallocarray(table->controls, n, sizeof(*controls));
	if (!controls)
		return -ENOMEM;
	table->controls = controls;
	table->n_allocated = n;
	return 0;
}

int vz_control_table_add(struct vz_control_table *table, const struct vz_control *control)
{
	const char **choices = NULL;
	int r;

	if (table->n_controls == table->n_allocated) {
		r = grow(table);
		if (r < 0)
			return r;
	}
	if (control->choices) {
		r = copy_choices(control->choices, &choices);
		if (r < 0)
			return r;
	}
	table->controls[table->n_controls] = *control;
	table->controls[table->n_controls].choices = choices;
	return (int) table->n_controls++;
}

int vz_control_find(const struct vz_control_table *table, const char *name)
{
	for (unsigned i = 0; i < table->n_controls; i++)
		if (!strcmp(table->controls[i].name, name))
			return (int) i;
	return -ENOENT;
}

double vz_control_clamp(const struct vz_control *control, double value)
{
	double step = control->step;

	if (isnan(value))
		return control->def;
	if (value <= control->min)
		return control->min;
	if (value >= control->max)
		return control->max;
	if (control->kind != VZ_CONTROL_FLOAT && step < 1)
		step = 1;
	if (step > 0)
		value = control->min + round((value - control->min) / step) * step;
	return value > control->max ? control->max : value;
}

static struct json_object *value_to_json(const struct vz_control *control)
{
	switch (control->kind) {
	case VZ_CONTROL_BOOL:
		return json_object_new_boolean(control->asked != 0);
	case VZ_CONTROL_INT:
	case VZ_CONTROL_MENU:
		return json_object_new_int64((int64_t) control->asked);
	case VZ_CONTROL_FLOAT:
		break;
	}
	return json_object_new_double(control->asked);
}

struct json_object *vz_control_table_save(const struct vz_control_table *table)
{
	struct json_object *object, *value;

	object = json_object_new_object();
	if (!object)
		return NULL;
	for (unsigned i = 0; i < table->n_controls; i++) {
		const struct vz_control *control = &table->controls[i];

		if (!control->is_asked)
			continue;
		value = value_to_json(control);
		if (!value || json_object_object_add(object, control->name, value) < 0) {
			json_object_put(value);
			json_object_put(object);
			return NULL;
		}
	}
	return object;
}

void vz_control_table_load(struct vz_control_table *table, struct json_object *object)
{
	struct json_object *value;

	for (unsigned i = 0; i < table->n_controls; i++) {
		struct vz_control *control = &table->controls[i];

		if (!json_object_object_get_ex(object, control->name, &value))
			continue;
		if (!json_object_is_type(value, json_type_boolean) &&
		    !json_object_is_type(value, json_type_int) &&
		    !json_object_is_type(value, json_type_double))
			continue;
		control->asked = vz_control_clamp(control, json_object_get_double(value));
		control->is_asked = true;
	}
}
