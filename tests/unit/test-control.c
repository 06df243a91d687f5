#include "test.h"

#include <errno.h>
#include <json-c/json.h>
#include <math.h>

#include "camera/control.h"

static const char *modes[] = { "Off", "On", "Auto", NULL };

static const struct vz_control exposure = { "ExposureTime", "us", VZ_CONTROL_INT, 100,
					    33000,	    1,	  10000 };
static const struct vz_control gain = { "AnalogueGain", "", VZ_CONTROL_FLOAT, 1, 16, 0, 1 };
static const struct vz_control coarse = { "Coarse", "", VZ_CONTROL_FLOAT, -1, 1, 0.25, 0.5 };
static const struct vz_control automatic = { "AeEnable", "", VZ_CONTROL_BOOL, 0, 1, 1, 1 };
static const struct vz_control menu = { "Mode", "", VZ_CONTROL_MENU, 0, 2, 1, 0, modes };

static struct vz_control_table make_table(void)
{
	struct vz_control_table table = { 0 };

	CHECK_EQ(vz_control_table_add(&table, &exposure), 0);
	CHECK_EQ(vz_control_table_add(&table, &gain), 1);
	CHECK_EQ(vz_control_table_add(&table, &automatic), 2);
	CHECK_EQ(vz_control_table_add(&table, &menu), 3);
	return table;
}

TEST(control_clamps_to_what_it_takes)
{
	static const struct {
		const char *label;
		const struct vz_control *control;
		double value, expected;
	} cases[] = {
		{ "inside", &exposure, 5000, 5000 },
		{ "below", &exposure, 3, 100 },
		{ "above", &exposure, 1e9, 33000 },
		{ "rounded", &exposure, 250.6, 251 },
		{ "NaN", &exposure, NAN, 10000 },
		{ "infinite", &exposure, INFINITY, 33000 },
		{ "minus infinite", &gain, -INFINITY, 1 },
		{ "continuous", &gain, 1.23456, 1.23456 },
		{ "step", &coarse, 0.3, 0.25 },
		{ "step from the minimum", &coarse, -0.9, -1 },
		{ "on", &automatic, 0.7, 1 },
		{ "off", &automatic, 0.2, 0 },
		{ "choice", &menu, 1.4, 1 },
		{ "last choice", &menu, 9, 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].label);
		CHECK_NEAR(vz_control_clamp(cases[i].control, cases[i].value), cases[i].expected,
			   0);
	}
}

TEST(control_table_copies_what_it_is_given)
{
	struct vz_control_table table = { 0 };
	struct vz_control control = menu;
	char first[] = "Off";
	const char *choices[] = { first, "On", "Auto", NULL };

	control.choices = choices;
	for (int i = 0; i < 100; i++) {
		(void) snprintf(control.name, sizeof(control.name), "Control%d", i);
		CHECK_EQ(vz_control_table_add(&table, &control), i);
	}
	first[0] = '?';
	CHECK_EQ(table.n_controls, 100);
	CHECK_STR(table.controls[0].choices[0], "Off");
	CHECK(!table.controls[99].choices[3]);
	CHECK_EQ(vz_control_find(&table, "Control42"), 42);
	CHECK_EQ(vz_control_find(&table, "Control"), -ENOENT);
	vz_control_table_deinit(&table);
	CHECK_EQ(table.n_controls, 0);
	vz_control_table_deinit(&table);
}

TEST(control_table_saves_only_what_was_asked)
{
	struct vz_control_table table = make_table();
	struct json_object *saved;

	table.controls[0].is_asked = true;
	table.controls[0].asked = 20000;
	table.controls[1].is_asked = true;
	table.controls[1].asked = 1.5;
	table.controls[2].is_asked = true;
	table.controls[2].asked = 0;
	saved = vz_control_table_save(&table);
	CHECK_STR(json_object_to_json_string_ext(saved, JSON_C_TO_STRING_PLAIN),
		  "{\"ExposureTime\":20000,\"AnalogueGain\":1.5,\"AeEnable\":false}");
	json_object_put(saved);
	vz_control_table_deinit(&table);
}

TEST(control_table_loads_what_fits)
{
	static const struct {
		const char *label, *json, *expected;
	} cases[] = {
		{ "all", "{\"ExposureTime\":5,\"AeEnable\":false,\"Mode\":2}",
		  "{\"ExposureTime\":100,\"AeEnable\":false,\"Mode\":2}" },
		{ "a number for a bool", "{\"AeEnable\":0}", "{\"AeEnable\":false}" },
		{ "a bool for a number", "{\"AnalogueGain\":true}", "{\"AnalogueGain\":1.0}" },
		{ "unknown names", "{\"Sharpness\":1}", "{}" },
		{ "wrong types", "{\"ExposureTime\":\"5\",\"AnalogueGain\":[2],\"Mode\":null}",
		  "{}" },
		{ "no object", "[1]", "{}" },
		{ "huge", "{\"ExposureTime\":1e300}", "{\"ExposureTime\":33000}" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vz_control_table table = make_table();
		struct json_object *object = json_tokener_parse(cases[i].json), *saved;

		test_case(cases[i].label);
		CHECK(object);
		vz_control_table_load(&table, object);
		saved = vz_control_table_save(&table);
		CHECK_STR(json_object_to_json_string_ext(saved, JSON_C_TO_STRING_PLAIN),
			  cases[i].expected);
		json_object_put(saved);
		json_object_put(object);
		vz_control_table_deinit(&table);
	}
}
