/*
 * What topics put on the page, and the values that they answer with.
 */
#include <stdarg.h>
#include <stdio.h>

#include "testapp.h"

struct json_object *testapp_component(const char *namespace, const char *type, const char *id)
{
	struct json_object *c = json_object_new_object(), *props = json_object_new_object();

	json_object_object_add(c, "namespace", json_object_new_string(namespace));
	json_object_object_add(c, "type", json_object_new_string(type));
	json_object_object_add(props, "id", json_object_new_string(id));
	json_object_object_add(c, "props", props);
	return c;
}

void testapp_set(struct json_object *c, const char *property, struct json_object *value)
{
	json_object_object_add(json_object_object_get(c, "props"), property, value);
}

void testapp_add_div(struct json_object *list, const char *id)
{
	struct json_object *c = testapp_component("dash_html_components", "Div", id);

	testapp_set(c, "children", json_object_new_string(""));
	json_object_array_add(list, c);
}

void testapp_add_button(struct json_object *list, const char *id)
{
	struct json_object *c = testapp_component("dash_html_components", "Button", id);

	testapp_set(c, "children", json_object_new_string(id));
	testapp_set(c, "n_clicks", json_object_new_int(0));
	json_object_array_add(list, c);
}

void testapp_add_slider(struct json_object *list, const char *id, int value)
{
	struct json_object *c = testapp_component("dash_core_components", "Slider", id);

	testapp_set(c, "min", json_object_new_int(0));
	testapp_set(c, "max", json_object_new_int(100));
	testapp_set(c, "step", json_object_new_int(1));
	testapp_set(c, "value", json_object_new_int(value));
	testapp_set(c, "updatemode", json_object_new_string("drag"));
	testapp_set(c, "marks", NULL);
	json_object_array_add(list, c);
}

void testapp_add_store(struct json_object *list, const char *id, const char *data)
{
	struct json_object *c = testapp_component("dash_core_components", "Store", id);

	testapp_set(c, "data", json_tokener_parse(data));
	json_object_array_add(list, c);
}

void testapp_add_divs(struct json_object *list, const char *const *ids)
{
	while (*ids)
		testapp_add_div(list, *ids++);
}

void testapp_add_buttons(struct json_object *list, const char *const *ids)
{
	while (*ids)
		testapp_add_button(list, *ids++);
}

struct json_object *testapp_text(const char *format, ...)
{
	char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	return json_object_new_string(line);
}

int testapp_clicks(struct vz_call *call, unsigned index)
{
	return json_object_get_int(vz_call_input(call, index));
}
