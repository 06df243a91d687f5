#include "gpio/line-spec.h"

#include <errno.h>
#include <string.h>

#include "gpio/blink.h"
#include "util/json.h"

#define MAX_NAME 32

/* --- All of them together ------------------------------------------------------------------- */

static int fault(const char **ret_key, const char *key, const char **ret_expected,
		 const char *expected)
{
	*ret_key = key;
	*ret_expected = expected;
	return -EINVAL;
}

static int check_output(const struct vz_line_spec *spec, const char **ret_key,
			const char **ret_expected)
{
	for (int i = 0; i < VZ_N_GESTURES; i++)
		if (vz_action_is_set(&spec->actions[i]))
			return fault(ret_key, vz_gesture_name((enum vz_gesture) i), ret_expected,
				     "direction = input");
	if (spec->factory_reset_us)
		return fault(ret_key, "factory_reset_us", ret_expected, "direction = input");
	if (spec->values && !spec->follows_id)
		return fault(ret_key, "values", ret_expected, "follows beside it");
	return 0;
}

static int check_input(const struct vz_line_spec *spec, const char **ret_key,
		       const char **ret_expected)
{
	static const enum vz_edges needed[VZ_N_GESTURES] = {
		[VZ_GESTURE_PRESS] = VZ_EDGES_RISING,
		[VZ_GESTURE_RELEASE] = VZ_EDGES_FALLING,
		[VZ_GESTURE_LONG_PRESS] = VZ_EDGES_RISING,
		[VZ_GESTURE_DOUBLE] = VZ_EDGES_RISING,
	};

	if (spec->follows_id || spec->values)
		return fault(ret_key, spec->follows_id ? "follows" : "values", ret_expected,
			     "direction = output");
	if (spec->initial && !vz_line_spec_is_simulated(spec))
		return fault(ret_key, "initial", ret_expected,
			     "direction = output, or chip = " VZ_CHIP_SIMULATED);
	for (int i = 0; i < VZ_N_GESTURES; i++) {
		if (!vz_action_is_set(&spec->actions[i]) || spec->edges == VZ_EDGES_BOTH ||
		    spec->edges == needed[i])
			continue;
		return fault(ret_key, vz_gesture_name((enum vz_gesture) i), ret_expected,
			     needed[i] == VZ_EDGES_RISING ? "edge = rising or both"
							  : "edge = falling or both");
	}
	return 0;
}

int vz_line_spec_check(const struct vz_line_spec *spec, const char **ret_key,
		       const char **ret_expected)
{
	bool is_simulated = vz_line_spec_is_simulated(spec);

	if (!spec->has_line && !is_simulated)
		return fault(ret_key, "line", ret_expected, "a line's name, or its offset");
	if (!spec->chip && !spec->line_name)
		return fault(ret_key, "chip", ret_expected,
			     "a chip's label, name or path, since the line is an offset");
	return (spec->is_output ? check_output : check_input)(spec, ret_key, ret_expected);
}

bool vz_line_spec_is_simulated(const struct vz_line_spec *spec)
{
	return spec->chip && !strcmp(spec->chip, VZ_CHIP_SIMULATED);
}

/* --- What is followed ----------------------------------------------------------------------- */

static bool is_truth(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		return false;
	/* What is ticked in a Checklist. */
	case json_type_array:
		return json_object_array_length(value) > 0;
	case json_type_object:
		return json_object_object_length(value) > 0;
	case json_type_string:
		return json_object_get_string_len(value) > 0;
	default:
		return json_object_get_double(value) != 0;
	}
}

const struct vz_blink *vz_line_spec_find_blink(const struct vz_line_spec *spec,
					       struct json_object *value)
{
	const char *text = value ? json_object_get_string(value) : "null";
	const struct vz_blink *blink = NULL;
	const char *name;

	if (spec->values) {
		if (!text || (vz_json_get_string(spec->values, text, &name) < 0 &&
			      vz_json_get_string(spec->values, "*", &name) < 0))
			name = "off";
		return vz_blink_find(name);
	}
	if (json_object_is_type(value, json_type_string))
		blink = vz_blink_find(text);
	return blink ? blink : vz_blink_find(is_truth(value) ? "on" : "off");
}

/* --- Life ----------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-_");

	return size && !name[size] && size <= MAX_NAME;
}

int vz_line_spec_new(const char *name, struct vz_line_spec **ret)
{
	VZ_CLEANUP(vz_line_spec_freep) struct vz_line_spec *spec = NULL;

	if (!is_name(name))
		return -EINVAL;
	spec = calloc(1, sizeof(*spec));
	if (!spec)
		return -ENOMEM;
	spec->name = strdup(name);
	if (!spec->name)
		return -ENOMEM;
	/* What a hand on a cheap push button needs. */
	spec->debounce_us = 5000;
	spec->thresholds.long_press_us = 800000;
	spec->thresholds.double_us = 400000;
	*ret = vz_steal(spec);
	return 0;
}

struct vz_line_spec *vz_line_spec_free(struct vz_line_spec *spec)
{
	if (!spec)
		return NULL;
	for (int i = 0; i < VZ_N_GESTURES; i++)
		vz_action_deinit(&spec->actions[i]);
	json_object_put(spec->values);
	free(spec->follows_id);
	free(spec->follows_property);
	free(spec->line_name);
	free(spec->chip);
	free(spec->name);
	free(spec);
	return NULL;
}
