#include "panels/build.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>

#include "dash/component.h"

struct json_object *vz_text(const char *text)
{
	return json_object_new_string(text);
}

struct json_object *vz_number(double number)
{
	if (number == floor(number) && fabs(number) < 1e15)
		return json_object_new_int64((int64_t) number);
	return json_object_new_double(number);
}

struct json_object *vz_bool(bool value)
{
	return json_object_new_boolean(value);
}

struct json_object *vz_array_new(struct json_object *const *items, unsigned n_items)
{
	struct json_object *array = json_object_new_array();

	for (unsigned i = 0; i < n_items; i++) {
		if (array && items[i] && json_object_array_add(array, items[i]) == 0)
			continue;
		json_object_put(items[i]);
		json_object_put(array);
		array = NULL;
	}
	return array;
}

struct json_object *vz_object(const char *key, ...)
{
	struct json_object *object = json_object_new_object();
	va_list args;

	va_start(args, key);
	for (; key; key = va_arg(args, const char *)) {
		struct json_object *value = va_arg(args, struct json_object *);

		if (object && value && json_object_object_add(object, key, value) == 0)
			continue;
		json_object_put(value);
		json_object_put(object);
		object = NULL;
	}
	va_end(args);
	return object;
}

struct json_object *vz_html(const char *type, const char *class_name, const char *text)
{
	return vz_component_new(VZ_HTML, type, "className", vz_text(class_name), "children",
				vz_text(text), NULL);
}

struct json_object *vz_element_new(const char *type, const char *class_name,
				   struct json_object *const *children, unsigned n_children)
{
	return vz_component_new(VZ_HTML, type, "className", vz_text(class_name), "children",
				vz_array_new(children, n_children), NULL);
}

struct json_object *vz_with_null(struct json_object *component, const char *property)
{
	if (component &&
	    json_object_object_add(vz_component_props(component), property, NULL) < 0) {
		json_object_put(component);
		return NULL;
	}
	return component;
}
