/*
 * Short words for building layouts: each returns a reference, or NULL when out of memory, and
 * takes what it is given; a NULL among the arguments is one that could not be made.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

struct json_object *vz_text(const char *text);
struct json_object *vz_number(double number); /* an integer where it is one */
struct json_object *vz_bool(bool value);
/* Pairs of a key and a value, ended by NULL. vz_object(NULL, NULL) is {}. */
struct json_object *vz_object(const char *key, ...) __attribute__((sentinel));

/* An HTML element with a class and a text. */
struct json_object *vz_html(const char *type, const char *class_name, const char *text);
/* An HTML element with a class and children; a NULL child is one that could not be made. */
struct json_object *vz_element_new(const char *type, const char *class_name,
				   struct json_object *const *children, unsigned n_children);
struct json_object *vz_array_new(struct json_object *const *items, unsigned n_items);

#define VZ_ITEMS(...)                                                                              \
	(struct json_object *[]){ __VA_ARGS__ },                                                   \
		sizeof((struct json_object *[]){ __VA_ARGS__ }) / sizeof(struct json_object *)
#define vz_array(...)			 vz_array_new(VZ_ITEMS(__VA_ARGS__))
#define vz_element(type, class_name, ...) vz_element_new(type, class_name, VZ_ITEMS(__VA_ARGS__))
#define vz_div(class_name, ...)		 vz_element("Div", class_name, __VA_ARGS__)

/* Sets a property of @component to null, which Dash often means as "none". Takes NULL; returns @component. */
struct json_object *vz_with_null(struct json_object *component, const char *property);
