#include "gpio/line-spec.h"

#include <errno.h>

#include "gpio/blink.h"
#include "test.h"
#include "util/json.h"

static struct vz_line_spec *new_spec(void)
{
	struct vz_line_spec *spec = NULL;

	CHECK_EQ(vz_line_spec_new("button", &spec), 0);
	return spec;
}

TEST(line_spec_defaults)
{
	VZ_CLEANUP(vz_line_spec_freep) struct vz_line_spec *spec = new_spec();

	CHECK_STR(spec->name, "button");
	CHECK(!spec->is_output && !spec->active_low && !spec->has_line);
	CHECK_EQ(spec->bias, VZ_BIAS_AS_IS);
	CHECK_EQ(spec->edges, VZ_EDGES_BOTH);
	CHECK_EQ(spec->debounce_us, 5000);
	CHECK_EQ(spec->thresholds.long_press_us, 800000);
	CHECK_EQ(spec->thresholds.double_us, 400000);
}

TEST(line_spec_names)
{
	static const char *const bad[] = { "",	"a b", "a.b",
					   "ä", "{x}", "a23456789012345678901234567890123" };
	struct vz_line_spec *spec = NULL;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		test_case(bad[i]);
		CHECK_EQ(vz_line_spec_new(bad[i], &spec), -EINVAL);
		CHECK(!spec);
	}
	test_case(NULL);
}

TEST(line_spec_keys)
{
	static const struct {
		const char *key, *value;
		int r;
		const char *expected; /* words of the message, when it is one */
	} cases[] = {
		{ "chip", "pinctrl-bcm2711", 0, NULL },
		{ "chip", "", -EINVAL, "a chip's label" },
		{ "line", "17", 0, NULL },
		{ "line", "0x11", 0, NULL },
		{ "line", "GPIO17", 0, NULL },
		{ "line", "", -EINVAL, "a line's name" },
		{ "direction", "output", 0, NULL },
		{ "direction", "out", -EINVAL, "input or output" },
		{ "bias", "pull-up", 0, NULL },
		{ "bias", "up", -EINVAL, "pull-up" },
		{ "active-low", "yes", 0, NULL },
		{ "active_low", "off", 0, NULL },
		{ "active_low", "maybe", -EINVAL, "yes or no" },
		{ "edge", "rising", 0, NULL },
		{ "edge", "none", -EINVAL, "both, rising or falling" },
		{ "debounce_us", "0", 0, NULL },
		{ "debounce_us", "1000000", 0, NULL },
		{ "debounce_us", "1000001", -EINVAL, "0 to 1000000" },
		{ "debounce_us", "-1", -EINVAL, "0 to 1000000" },
		{ "debounce_us", "5ms", -EINVAL, "microseconds" },
		{ "long-press-us", "2000000", 0, NULL },
		{ "initial", "blink", 0, NULL },
		{ "initial", "yes", -EINVAL, "heartbeat" },
		{ "follows", "recording.value", 0, NULL },
		{ "follows", "recording", -EINVAL, "COMPONENT.PROPERTY" },
		{ "follows", "recording.value 1", -EINVAL, "COMPONENT.PROPERTY" },
		{ "values", "{\"armed\":\"blink\"}", 0, NULL },
		{ "values", "{\"armed\":\"wink\"}", -EINVAL, "heartbeat" },
		{ "values", "armed", -EINVAL, "PATTERN" },
		{ "press", "record.n_clicks", 0, NULL },
		{ "long-press", "record.n_clicks", 0, NULL },
		{ "press", "record", -EINVAL, "for a click" },
		{ "pres", "record.n_clicks", -ENOENT, NULL },
		{ "press_", "record.n_clicks", -ENOENT, NULL },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		VZ_CLEANUP(vz_line_spec_freep) struct vz_line_spec *spec = new_spec();
		const char *expected = "";

		test_case(cases[i].value);
		CHECK_EQ(vz_line_spec_set(spec, cases[i].key, cases[i].value, &expected),
			 cases[i].r);
		if (cases[i].expected)
			CHECK(strstr(expected, cases[i].expected));
	}
	test_case(NULL);
}

TEST(line_spec_keys_together)
{
	static const struct {
		const char *label;
		const char *keys[9];	    /* key, value, … */
		const char *key, *expected; /* NULL: it is well */
	} cases[] = {
		{ "no line", { "chip", "x" }, "line", "offset" },
		{ "an offset of no chip", { "line", "17" }, "chip", "since the line is an offset" },
		{ "a name alone", { "line", "GPIO17" }, NULL, NULL },
		{ "simulated needs no line", { "chip", "simulated" }, NULL, NULL },
		{ "an output that is pressed",
		  { "line", "GPIO17", "direction", "output", "press", "a.n_clicks" },
		  "press",
		  "direction = input" },
		{ "an input that follows",
		  { "line", "GPIO17", "follows", "a.value" },
		  "follows",
		  "direction = output" },
		{ "an input with a level",
		  { "line", "GPIO17", "initial", "on" },
		  "initial",
		  "direction = output" },
		{ "values of nothing",
		  { "line", "GPIO17", "direction", "output", "values", "{\"a\":\"on\"}" },
		  "values",
		  "follows" },
		{ "a press without its edge",
		  { "line", "GPIO17", "edge", "falling", "press", "a.n_clicks" },
		  "press",
		  "rising or both" },
		{ "a release without its edge",
		  { "line", "GPIO17", "edge", "rising", "release", "a.n_clicks" },
		  "release",
		  "falling or both" },
		{ "a release with it",
		  { "line", "GPIO17", "edge", "falling", "release", "a.n_clicks" },
		  NULL,
		  NULL },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		VZ_CLEANUP(vz_line_spec_freep) struct vz_line_spec *spec = new_spec();
		const char *key = NULL, *expected = NULL;

		test_case(cases[i].label);
		for (unsigned k = 0; cases[i].keys[k]; k += 2)
			CHECK_EQ(vz_line_spec_set(spec, cases[i].keys[k], cases[i].keys[k + 1],
						  &expected),
				 0);
		CHECK_EQ(vz_line_spec_check(spec, &key, &expected), cases[i].key ? -EINVAL : 0);
		if (!cases[i].key)
			continue;
		CHECK_STR(key, cases[i].key);
		CHECK(strstr(expected, cases[i].expected));
	}
	test_case(NULL);
}

TEST(line_spec_patterns_of_values)
{
	static const char *const map = "{\"armed\":\"blink\",\"true\":\"on\",\"3\":\"fast\"}";
	static const struct {
		const char *values, *value, *blink;
	} cases[] = {
		{ NULL, "null", "off" },
		{ NULL, "false", "off" },
		{ NULL, "0", "off" },
		{ NULL, "\"\"", "off" },
		{ NULL, "[]", "off" },
		{ NULL, "true", "on" },
		{ NULL, "0.5", "on" },
		{ NULL, "\"no\"", "on" },
		{ NULL, "[0]", "on" },
		{ NULL, "\"off\"", "off" },
		{ NULL, "\"slow\"", "slow" },
		{ map, "\"armed\"", "blink" },
		{ map, "true", "on" },
		{ map, "3", "fast" },
		{ map, "\"slow\"", "off" },
		{ map, "null", "off" },
		{ "{\"*\":\"flash\",\"null\":\"on\"}", "17", "flash" },
		{ "{\"*\":\"flash\",\"null\":\"on\"}", "null", "on" },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		VZ_CLEANUP(vz_line_spec_freep) struct vz_line_spec *spec = new_spec();
		VZ_CLEANUP(json_object_putp) struct json_object *value = NULL;
		const char *expected;

		test_case(cases[i].value);
		if (cases[i].values)
			CHECK_EQ(vz_line_spec_set(spec, "values", cases[i].values, &expected), 0);
		CHECK_EQ(vz_json_parse(cases[i].value, strlen(cases[i].value), NULL, NULL, &value),
			 0);
		CHECK_STR(vz_line_spec_find_blink(spec, value)->name, cases[i].blink);
	}
	test_case(NULL);
}
