#include "gpio/line-spec.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "gpio/blink.h"
#include "util/json.h"

#define MAX_NAME 32

static const char *const bias_words[] = {
	[VZ_BIAS_AS_IS] = "as-is",
	[VZ_BIAS_DISABLED] = "disabled",
	[VZ_BIAS_PULL_UP] = "pull-up",
	[VZ_BIAS_PULL_DOWN] = "pull-down",
	NULL,
};
static const char *const edge_words[] = {
	[VZ_EDGES_BOTH] = "both",
	[VZ_EDGES_RISING] = "rising",
	[VZ_EDGES_FALLING] = "falling",
	NULL,
};
static const char *const direction_words[] = { "input", "output", NULL };
/* Pairs: what is at an odd place is true. */
static const char *const truth_words[] = {
	"no", "yes", "false", "true", "off", "on", "0", "1", NULL
};

/* --- Kinds of values ------------------------------------------------------------------------ */

static int find_word(const char *const *words, const char *value)
{
	for (int i = 0; words[i]; i++)
		if (!strcasecmp(words[i], value))
			return i;
	return -EINVAL;
}

/* Also such as 0x11 for an offset; not such as -1, which strtoull() would take. */
static int parse_number(const char *value, uint64_t max, uint64_t *ret)
{
	char *end;
	unsigned long long number;

	if (!isdigit((unsigned char) *value))
		return -EINVAL;
	errno = 0;
	number = strtoull(value, &end, strncasecmp(value, "0x", 2) ? 10 : 16);
	if (errno || *end || number > max)
		return -EINVAL;
	*ret = number;
	return 0;
}

static int set_text(char **field, const char *value)
{
	char *copy;

	if (!*value)
		return -EINVAL;
	copy = strdup(value);
	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static int set_time(int64_t *field, const char *value, uint64_t max_us)
{
	uint64_t number;
	int r = parse_number(value, max_us, &number);

	if (r == 0)
		*field = (int64_t) number;
	return r;
}

/* --- Keys ----------------------------------------------------------------------------------- */

static int set_chip(struct vz_line_spec *spec, const char *value)
{
	return set_text(&spec->chip, value);
}

static int set_line(struct vz_line_spec *spec, const char *value)
{
	uint64_t offset;
	int r = 0;

	if (parse_number(value, UINT16_MAX, &offset) == 0) {
		spec->offset = (unsigned) offset;
		free(vz_steal(spec->line_name));
	} else {
		r = set_text(&spec->line_name, value);
	}
	if (r == 0)
		spec->has_line = true;
	return r;
}

static int set_direction(struct vz_line_spec *spec, const char *value)
{
	int word = find_word(direction_words, value);

	if (word >= 0)
		spec->is_output = word == 1;
	return word < 0 ? word : 0;
}

static int set_bias(struct vz_line_spec *spec, const char *value)
{
	int word = find_word(bias_words, value);

	if (word >= 0)
		spec->bias = (enum vz_bias) word;
	return word < 0 ? word : 0;
}

static int set_active_low(struct vz_line_spec *spec, const char *value)
{
	int word = find_word(truth_words, value);

	if (word >= 0)
		spec->active_low = word % 2;
	return word < 0 ? word : 0;
}

static int set_edge(struct vz_line_spec *spec, const char *value)
{
	int word = find_word(edge_words, value);

	if (word >= 0)
		spec->edges = (enum vz_edges) word;
	return word < 0 ? word : 0;
}

static int set_initial(struct vz_line_spec *spec, const char *value)
{
	const struct vz_blink *blink = vz_blink_find(value);

	if (blink)
		spec->initial = blink;
	return blink ? 0 : -EINVAL;
}

static int set_follows(struct vz_line_spec *spec, const char *value)
{
	char *id, *property;
	int r;

	if (strpbrk(value, " \t"))
		return -EINVAL;
	r = vz_action_split(value, strlen(value), &id, &property);
	if (r < 0)
		return r;
	free(spec->follows_id);
	free(spec->follows_property);
	spec->follows_id = id;
	spec->follows_property = property;
	return 0;
}

static bool are_patterns(struct json_object *values)
{
	json_object_object_foreach(values, key, name)
	{
		(void) key;
		if (!json_object_is_type(name, json_type_string) ||
		    !vz_blink_find(json_object_get_string(name)))
			return false;
	}
	return true;
}

static int set_values(struct vz_line_spec *spec, const char *value)
{
	VZ_CLEANUP(json_object_putp) struct json_object *values = NULL;
	int r;

	r = vz_json_parse(value, strlen(value), NULL, NULL, &values);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	if (!json_object_is_type(values, json_type_object) || !are_patterns(values))
		return -EINVAL;
	json_object_put(spec->values);
	spec->values = vz_steal(values);
	return 0;
}

static int set_press(struct vz_line_spec *spec, const char *value)
{
	return vz_action_parse(&spec->actions[VZ_GESTURE_PRESS], value);
}

static int set_release(struct vz_line_spec *spec, const char *value)
{
	return vz_action_parse(&spec->actions[VZ_GESTURE_RELEASE], value);
}

static int set_long_press(struct vz_line_spec *spec, const char *value)
{
	return vz_action_parse(&spec->actions[VZ_GESTURE_LONG_PRESS], value);
}

static int set_double(struct vz_line_spec *spec, const char *value)
{
	return vz_action_parse(&spec->actions[VZ_GESTURE_DOUBLE], value);
}

#define SECOND_US 1000000
#define MAX_US	  (60 * SECOND_US)
#define A_SECOND  "microseconds, from 0 to 1000000"
#define A_MINUTE  "microseconds, from 0 to 60000000"

static const struct {
	const char *name;
	/* One of these two. */
	int (*set)(struct vz_line_spec *spec, const char *value);
	size_t offset; /* of an int64_t of microseconds */
	uint64_t max_us;
	const char *expected;
} keys[] = {
	{ "chip", set_chip, 0, 0, "a chip's label, name or path, or " VZ_CHIP_SIMULATED },
	{ "line", set_line, 0, 0, "a line's name, or its offset from 0 to 65535" },
	{ "direction", set_direction, 0, 0, "input or output" },
	{ "bias", set_bias, 0, 0, "as-is, disabled, pull-up or pull-down" },
	{ "active_low", set_active_low, 0, 0, "yes or no" },
	{ "edge", set_edge, 0, 0, "both, rising or falling" },
	{ "initial", set_initial, 0, 0, VZ_BLINK_NAMES },
	{ "follows", set_follows, 0, 0, "COMPONENT.PROPERTY" },
	{ "values", set_values, 0, 0,
	  "{\"VALUE\": \"PATTERN\"} with a pattern of " VZ_BLINK_NAMES },
	{ "press", set_press, 0, 0, VZ_ACTION_EXPECTED },
	{ "release", set_release, 0, 0, VZ_ACTION_EXPECTED },
	{ "long_press", set_long_press, 0, 0, VZ_ACTION_EXPECTED },
	{ "double", set_double, 0, 0, VZ_ACTION_EXPECTED },
	{ "debounce_us", NULL, offsetof(struct vz_line_spec, debounce_us), SECOND_US, A_SECOND },
	{ "press_us", NULL, offsetof(struct vz_line_spec, thresholds.press_us), MAX_US, A_MINUTE },
	{ "release_us", NULL, offsetof(struct vz_line_spec, thresholds.release_us), MAX_US,
	  A_MINUTE },
	{ "long_press_us", NULL, offsetof(struct vz_line_spec, thresholds.long_press_us), MAX_US,
	  A_MINUTE },
	{ "double_us", NULL, offsetof(struct vz_line_spec, thresholds.double_us), MAX_US,
	  A_MINUTE },
};

bool vz_line_spec_is_key(const char *name, const char *key)
{
	for (; *name && *key; name++, key++)
		if (*name != (*key == '-' ? '_' : *key))
			return false;
	return *name == *key;
}

int vz_line_spec_set(struct vz_line_spec *spec, const char *key, const char *value,
		     const char **ret_expected)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(keys); i++) {
		if (!vz_line_spec_is_key(keys[i].name, key))
			continue;
		*ret_expected = keys[i].expected;
		if (keys[i].set)
			return keys[i].set(spec, value);
		return set_time((int64_t *) ((char *) spec + keys[i].offset), value,
				keys[i].max_us);
	}
	return -ENOENT;
}

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
	if (spec->initial)
		return fault(ret_key, "initial", ret_expected, "direction = output");
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
