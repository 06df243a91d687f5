#include "panels/field.h"

#include <errno.h>

#include "dash/component.h"
#include "util/json.h"

#include "test.h"

static const struct vz_control exposure = {
	.name = "ExposureTime",
	.unit = "us",
	.kind = VZ_CONTROL_INT,
	.min = 30,
	.max = 66666,
	.step = 1,
	.def = 16667,
};

static struct vz_field *make(const struct vz_control *control)
{
	struct vz_field *field = NULL;

	CHECK_EQ(vz_field_new(control, 0, "", &field), 0);
	return field;
}

TEST(field_known_and_unknown_controls)
{
	static const struct {
		const char *control, *id, *label;
	} cases[] = {
		{ "ExposureTime", "exposure-time", "Exposure time" },
		{ "ColourGains[0]", "red-gain", "Red gain" },
		{ "FrameRate", "frame-rate", "Frame rate" },
		{ "HdrMode", "camera-hdr-mode", "Hdr mode" },
		{ "AFTestThing", "camera-aftest-thing", "Aftest thing" },
		{ "Levels[3]", "camera-levels-3", "Levels 3" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		VZ_CLEANUP(vz_field_freep) struct vz_field *field = NULL;
		struct vz_control control = { .kind = VZ_CONTROL_FLOAT, .max = 1 };

		test_case(cases[i].control);
		snprintf(control.name, sizeof(control.name), "%s", cases[i].control);
		field = make(&control);
		CHECK_STR(field->id, cases[i].id);
		CHECK_STR(field->label, cases[i].label);
		CHECK(strstr(field->delivered_id, "-delivered"));
	}
}

TEST(field_ids_begin_with_the_prefix)
{
	VZ_CLEANUP(vz_field_freep) struct vz_field *known = NULL, *unknown = NULL;
	const struct vz_control own = { .name = "HdrMode", .kind = VZ_CONTROL_FLOAT, .max = 1 };

	CHECK_EQ(vz_field_new(&exposure, 0, "left-", &known), 0);
	CHECK_EQ(vz_field_new(&own, 1, "left-", &unknown), 0);
	CHECK_STR(known->id, "left-exposure-time");
	CHECK_STR(known->delivered_id, "left-exposure-time-delivered");
	CHECK_STR(unknown->id, "left-camera-hdr-mode");
}

TEST(field_converts_both_ways)
{
	VZ_CLEANUP(vz_field_freep) struct vz_field *field = make(&exposure);
	struct vz_control control = exposure;

	for (int us = 30; us < 66666; us += 37) {
		VZ_CLEANUP(json_object_putp) struct json_object *value = NULL;
		double number = 0;

		control.is_asked = true;
		control.asked = us;
		value = vz_field_value(field, &control);
		CHECK_NEAR(json_object_get_double(value), us / 1000.0, 1e-9);
		CHECK_EQ(vz_field_parse(field, &control, value, &number), 0);
		CHECK_NEAR(number, us, 1e-6);
	}
}

TEST(field_shows_asked_then_delivered_then_default)
{
	VZ_CLEANUP(vz_field_freep) struct vz_field *field = make(&exposure);
	struct vz_control control = exposure;
	struct json_object *value;
	char text[32];

	value = vz_field_value(field, &control);
	CHECK_NEAR(json_object_get_double(value), 16.667, 1e-9);
	json_object_put(value);
	vz_field_format_delivered(field, &control, text, sizeof(text));
	CHECK_STR(text, "");

	control.is_delivered = true;
	control.delivered = 8000;
	value = vz_field_value(field, &control);
	CHECK_NEAR(json_object_get_double(value), 8, 1e-9);
	json_object_put(value);
	vz_field_format_delivered(field, &control, text, sizeof(text));
	CHECK_STR(text, "8.00 ms");

	control.is_asked = true;
	control.asked = 5000;
	value = vz_field_value(field, &control);
	CHECK_NEAR(json_object_get_double(value), 5, 1e-9);
	json_object_put(value);
}

TEST(field_refuses_what_is_not_a_value)
{
	static const char *const texts[] = { "null", "\"12\"", "{}", "true", "[1]" };
	VZ_CLEANUP(vz_field_freep) struct vz_field *field = make(&exposure);
	double number = 7;

	for (size_t i = 0; i < VZ_N_ELEMENTS(texts); i++) {
		VZ_CLEANUP(json_object_putp)
		struct json_object *value = json_tokener_parse(texts[i]);

		test_case(texts[i]);
		CHECK_EQ(vz_field_parse(field, &exposure, value, &number), -EINVAL);
		CHECK_NEAR(number, 7, 0);
	}
}

TEST(field_bool_and_menu)
{
	static const char *choices[] = { "Off", "Fast", "Slow", NULL };
	struct vz_control on = { .name = "AeEnable", .kind = VZ_CONTROL_BOOL, .max = 1, .def = 1 };
	struct vz_control menu = { .name = "AfMode",
				   .kind = VZ_CONTROL_MENU,
				   .max = 2,
				   .choices = choices,
				   .is_delivered = true,
				   .delivered = 2 };
	VZ_CLEANUP(vz_field_freep) struct vz_field *on_field = make(&on);
	VZ_CLEANUP(vz_field_freep) struct vz_field *menu_field = make(&menu);
	VZ_CLEANUP(json_object_putp) struct json_object *rendered = NULL;
	struct json_object *value;
	double number = 0;
	char text[32];

	value = vz_field_value(on_field, &on);
	CHECK_STR(json_object_to_json_string_ext(value, 0), "[\"on\"]");
	CHECK_EQ(vz_field_parse(on_field, &on, value, &number), 0);
	CHECK_NEAR(number, 1, 0);
	json_object_put(value);
	vz_field_format_delivered(menu_field, &menu, text, sizeof(text));
	CHECK_STR(text, "Slow");
	rendered = vz_field_render(menu_field, &menu, true);
	CHECK(vz_component_check(rendered));
	CHECK(strstr(json_object_to_json_string_ext(rendered, 0), "\"Fast\""));
	CHECK(strstr(json_object_to_json_string_ext(rendered, 0), "\"disabled\":true"));
}

TEST(field_value_equality)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "1", "1.0", true },
		{ "33.333", "33.3330000001", true },
		{ "1", "2", false },
		{ "[\"on\"]", "[]", false },
		{ "[\"on\"]", "[\"on\"]", true },
		{ "[]", "1", false },
		{ "null", "0", false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		VZ_CLEANUP(json_object_putp) struct json_object *a = json_tokener_parse(cases[i].a);
		VZ_CLEANUP(json_object_putp) struct json_object *b = json_tokener_parse(cases[i].b);

		test_case(cases[i].a);
		CHECK_EQ(vz_field_value_equal(a, b), cases[i].equal);
	}
}
