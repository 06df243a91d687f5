/*
 * The keys of a section [gpio NAME]: one row each, with what the sample says of it.
 */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "gpio/blink.h"
#include "gpio/line-spec.h"
#include "util/json.h"

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

/* In the order of the sample, where what has no help goes with the one above it. */
static const struct {
	const char *name;
	/* One of these two. */
	int (*set)(struct vz_line_spec *spec, const char *value);
	size_t offset; /* of an int64_t of microseconds */
	uint64_t max_us;
	const char *expected;
	const char *value, *help; /* of the sample */
} keys[] = {
	{ "chip", set_chip, 0, 0, "a chip's label, name or path, or " VZ_CHIP_SIMULATED, "",
	  "A chip's label, name or path, or \"simulated\" for one that is pressed on the page. A "
	  "line's name does\n"
	  "without; on a Raspberry Pi GPIO17 is such a name." },
	{ "line", set_line, 0, 0, "a line's name, or its offset from 0 to 65535", "GPIO17",
	  "The line's name, or its offset on the chip." },
	{ "direction", set_direction, 0, 0, "input or output", "input", "input or output" },
	{ "bias", set_bias, 0, 0, "as-is, disabled, pull-up or pull-down", "as-is",
	  "as-is, disabled, pull-up or pull-down" },
	{ "active_low", set_active_low, 0, 0, "yes or no", "no",
	  "Whether it is active while it is low." },
	{ "edge", set_edge, 0, 0, "both, rising or falling", "both",
	  "Which changes act and are counted: both, rising or falling; rising is from inactive to "
	  "active." },
	{ "debounce_us", NULL, offsetof(struct vz_line_spec, debounce_us), SECOND_US, A_SECOND,
	  "5000", "A change that does not last for so long is none." },
	{ "press", set_press, 0, 0, VZ_ACTION_EXPECTED, "trigger:record",
	  "What an input does: trigger:NAME is a trigger of the recorder, with the time of the "
	  "edge: "
	  "record (the button),\n"
	  "now, stop or play. COMPONENT.PROPERTY is a click, COMPONENT.PROPERTY VALUE sets a value "
	  "in JSON, and\n"
	  "{\"COMPONENT\": {\"PROPERTY\": VALUE}} sets several. A line of this file may have 198 "
	  "characters." },
	{ "release", set_release, 0, 0, VZ_ACTION_EXPECTED, "", NULL },
	{ "long_press", set_long_press, 0, 0, VZ_ACTION_EXPECTED, "", NULL },
	{ "double", set_double, 0, 0, VZ_ACTION_EXPECTED, "", NULL },
	{ "press_us", NULL, offsetof(struct vz_line_spec, thresholds.press_us), MAX_US, A_MINUTE,
	  "0", "How long it must be held or let go for that." },
	{ "release_us", NULL, offsetof(struct vz_line_spec, thresholds.release_us), MAX_US,
	  A_MINUTE, "0", NULL },
	{ "long_press_us", NULL, offsetof(struct vz_line_spec, thresholds.long_press_us), MAX_US,
	  A_MINUTE, "800000", NULL },
	{ "double_us", NULL, offsetof(struct vz_line_spec, thresholds.double_us), MAX_US, A_MINUTE,
	  "400000", "From one press to the next of a double at most." },
	{ "factory_reset_us", NULL, offsetof(struct vz_line_spec, factory_reset_us), MAX_US,
	  A_MINUTE, "0",
	  "An input that is held for so long from the start of vizyd on resets all settings and "
	  "users; "
	  "0: it does not.\n"
	  "At a reset all outputs flash for three seconds." },
	{ "initial", set_initial, 0, 0, VZ_BLINK_NAMES, "off",
	  "How a simulated input is found at the start: off or on.\n"
	  "An output: off, on, blink, slow, fast, flash or heartbeat, and the property that it "
	  "follows: on when\n"
	  "that is true or not empty. \"values\" has a pattern for each value, and \"*\" for all "
	  "others." },
	{ "follows", set_follows, 0, 0, "COMPONENT.PROPERTY", "COMPONENT.PROPERTY", NULL },
	{ "values", set_values, 0, 0, "{\"VALUE\": \"PATTERN\"} with a pattern of " VZ_BLINK_NAMES,
	  "{\"recording\": \"on\", \"armed\": \"blink\", \"*\": \"off\"}", NULL },
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

void vz_line_spec_print_keys(FILE *out)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(keys); i++) {
		const char *line = keys[i].help;

		while (line && *line) {
			int size = (int) strcspn(line, "\n");

			fprintf(out, "# %.*s\n", size, line);
			line += size;
			line += *line == '\n';
		}
		fprintf(out, *keys[i].value ? "#%s = %s\n" : "#%s =\n", keys[i].name,
			keys[i].value);
	}
}
