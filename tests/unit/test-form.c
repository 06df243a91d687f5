#include "panels/form.h"

#include <errno.h>

#include "test.h"
#include "util/json.h"

/* --- A camera of four controls --------------------------------------------------------------- */

struct camera {
	struct vz_control controls[4];
	unsigned n_controls, n_resets;
	double brightness;
};

static const struct camera new_camera = {
	.controls = {
		{ "AeEnable", "", VZ_CONTROL_BOOL, 0, 1, 1, 1 },
		{ "ExposureTime", "us", VZ_CONTROL_INT, 100, 20000, 1, 10000 },
		{ "ExposureValue", "", VZ_CONTROL_FLOAT, -8, 8, 0, 0 },
		{ "Warmth", "", VZ_CONTROL_FLOAT, 0, 1, 0, 0.5 },
	},
	.n_controls = 4,
	.brightness = 50,
};

static const struct vz_control *get_control(void *data, unsigned index)
{
	struct camera *camera = data;

	return index < camera->n_controls ? &camera->controls[index] : NULL;
}

static int set_control(void *data, const char *name, double value)
{
	struct camera *camera = data;

	for (unsigned i = 0; i < camera->n_controls; i++) {
		struct vz_control *control = &camera->controls[i];

		if (strcmp(control->name, name))
			continue;
		control->is_asked = true;
		control->asked = value < control->min	? control->min
				 : value > control->max ? control->max
							: value;
		return 0;
	}
	return -ENOENT;
}

static double get_brightness(void *data)
{
	return ((struct camera *) data)->brightness;
}

static int set_brightness(void *data, double brightness)
{
	((struct camera *) data)->brightness = brightness;
	return 0;
}

static void reset(void *data)
{
	((struct camera *) data)->n_resets++;
}

static const struct vz_form_ops ops = { get_control, set_control, get_brightness, set_brightness,
					reset };

static struct vz_form *make_form(struct camera *camera)
{
	struct vz_form *form = NULL;

	*camera = new_camera;
	CHECK_EQ(vz_form_new(&ops, camera, "side-", &form), 0);
	CHECK(!vz_form_get_field(form, 0));
	CHECK_EQ(vz_form_bind(form), 0);
	return form;
}

static struct json_object *get(struct json_object *values, const char *id, const char *property)
{
	struct json_object *props = NULL, *value = NULL;

	(void) json_object_object_get_ex(values, id, &props);
	(void) json_object_object_get_ex(props, property, &value);
	return value;
}

/* --- Tests ----------------------------------------------------------------------------------- */

TEST(form_has_a_field_for_each_control_but_the_hidden)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = NULL;
	struct camera camera;

	form = make_form(&camera);
	CHECK_STR(vz_form_get_field(form, 0)->id, "side-auto-exposure");
	CHECK_STR(vz_form_get_field(form, 1)->id, "side-exposure-time");
	CHECK_STR(vz_form_get_field(form, 2)->id, "side-camera-warmth");
	CHECK(!vz_form_get_field(form, 3));
	CHECK(vz_form_find_field(form, "side-exposure-time") == vz_form_get_field(form, 1));
	CHECK(!vz_form_find_field(form, "exposure-time"));
	CHECK_STR(vz_form_get_brightness_id(form), "side-brightness");
	CHECK_STR(vz_form_get_reset_id(form), "side-reset");

	camera.n_controls = 1;
	CHECK_EQ(vz_form_bind(form), 0);
	CHECK(vz_form_get_field(form, 0) && !vz_form_get_field(form, 1));
}

static void count_ids(struct json_object *value, struct json_object *values, unsigned *n)
{
	struct json_object *props = NULL, *id = NULL;
	struct json_object_iter it;

	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			count_ids(json_object_array_get_idx(value, i), values, n);
	} else if (json_object_is_type(value, json_type_object)) {
		if (json_object_object_get_ex(value, "props", &props) &&
		    json_object_object_get_ex(props, "id", &id) &&
		    json_object_object_get_ex(values, json_object_get_string(id), NULL))
			(*n)++;
		json_object_object_foreachC(value, it) count_ids(it.val, values, n);
	}
}

TEST(form_renders_a_component_for_each_of_its_values)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = NULL;
	VZ_CLEANUP(json_object_putp) struct json_object *values = NULL, *components = NULL;
	struct camera camera;
	unsigned n = 0;

	form = make_form(&camera);
	values = vz_form_get_values(form);
	components = vz_form_render(form);
	CHECK(values && components);
	count_ids(components, values, &n);
	CHECK_EQ(n, json_object_object_length(values));
	CHECK(strstr(json_object_to_json_string(components), "\"side-reset\""));
}

TEST(form_says_what_the_camera_has)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = NULL;
	VZ_CLEANUP(json_object_putp) struct json_object *values = NULL;
	struct camera camera;

	form = make_form(&camera);
	camera.controls[1].is_delivered = true;
	camera.controls[1].delivered = 5000;
	values = vz_form_get_values(form);
	CHECK_NEAR(json_object_get_double(get(values, "side-brightness", "value")), 50, 0);
	CHECK_NEAR(json_object_get_double(get(values, "side-exposure-time", "value")), 5, 1e-9);
	CHECK(json_object_get_boolean(get(values, "side-exposure-time", "disabled")));
	CHECK_STR(json_object_get_string(get(values, "side-exposure-time-delivered", "children")),
		  "5.00 ms");
	CHECK_EQ(json_object_array_length(get(values, "side-auto-exposure", "value")), 1);
	CHECK(!get(values, "side-auto-exposure", "disabled"));
}

TEST(form_leaves_what_an_automatic_chose)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = NULL;
	VZ_CLEANUP(json_object_putp)
	struct json_object *off = json_object_new_array(),
			   *seven = json_object_new_double(7);
	struct camera camera;

	form = make_form(&camera);
	camera.controls[1].is_delivered = true;
	camera.controls[1].delivered = 5000;
	CHECK_EQ(vz_form_set(form, vz_form_find_field(form, "side-auto-exposure"), off), 0);
	CHECK(camera.controls[0].is_asked && camera.controls[0].asked == 0);
	CHECK(camera.controls[1].is_asked && camera.controls[1].asked == 5000);

	CHECK_EQ(vz_form_set(form, vz_form_find_field(form, "side-exposure-time"), seven), 0);
	CHECK_NEAR(camera.controls[1].asked, 7000, 1e-9);
}

TEST(form_takes_no_wish_from_what_it_shows)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = NULL;
	VZ_CLEANUP(json_object_putp) struct json_object *five = json_object_new_double(5),
						       *six = json_object_new_double(6);
	struct camera camera;

	form = make_form(&camera);
	camera.controls[1].is_delivered = true;
	camera.controls[1].delivered = 5000;
	CHECK_EQ(vz_form_set(form, vz_form_find_field(form, "side-exposure-time"), five), 0);
	CHECK(!camera.controls[1].is_asked);
	CHECK_EQ(vz_form_set(form, vz_form_find_field(form, "side-exposure-time"), six), 0);
	CHECK(camera.controls[1].is_asked);
}

TEST(form_refuses_what_is_no_value_and_says_what_is)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = NULL;
	VZ_CLEANUP(json_object_putp)
	struct json_object *text = json_object_new_string("7"),
			   *bright = json_object_new_int(70);
	const struct vz_field *field;
	struct camera camera;
	char expected[128];

	form = make_form(&camera);
	field = vz_form_find_field(form, "side-exposure-time");
	CHECK_EQ(vz_form_set(form, field, text), -EINVAL);
	CHECK_EQ(vz_form_set(form, field, NULL), -EINVAL);
	CHECK(!camera.controls[1].is_asked);
	vz_form_describe(form, field, expected, sizeof(expected));
	CHECK_STR(expected, "side-exposure-time: expected a number from 0.1 to 20");
	vz_form_describe(form, vz_form_get_field(form, 0), expected, sizeof(expected));
	CHECK_STR(expected, "side-auto-exposure: expected [] or [\"on\"]");

	CHECK_EQ(vz_form_set_brightness(form, text), -EINVAL);
	CHECK_EQ(vz_form_set_brightness(form, bright), 0);
	CHECK_NEAR(camera.brightness, 70, 0);
	vz_form_reset(form);
	CHECK_EQ(camera.n_resets, 1);
	CHECK_NEAR(camera.brightness, 50, 0);
}

TEST(form_drops_what_is_shown_already)
{
	VZ_CLEANUP(vz_form_freep) struct vz_form *form = NULL;
	VZ_CLEANUP(json_object_putp) struct json_object *shown = NULL, *values = NULL;
	struct camera camera;

	form = make_form(&camera);
	shown = vz_form_get_values(form);
	values = vz_form_get_values(form);
	vz_form_drop_same(values, vz_form_find_value, shown);
	CHECK_EQ(json_object_object_length(values), 0);
	json_object_put(values);

	(void) set_control(&camera, "ExposureTime", 3000);
	camera.controls[1].is_delivered = true;
	camera.controls[1].delivered = 3000;
	values = vz_form_get_values(form);
	vz_form_drop_same(values, vz_form_find_value, shown);
	CHECK_EQ(json_object_object_length(values), 2);
	CHECK_NEAR(json_object_get_double(get(values, "side-exposure-time", "value")), 3, 1e-9);
	CHECK(!get(values, "side-exposure-time", "disabled"));
	CHECK_STR(json_object_get_string(get(values, "side-exposure-time-delivered", "children")),
		  "3.00 ms");
}
