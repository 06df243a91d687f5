/*
 * A component as JSON: {"namespace", "type", "props": {"id", …, "children"}}. These helpers build
 * one in C and tell one from plain data. Values are json-c objects; NULL is null.
 *
 * Ids: a plain id is a string without '.' or '{'; a pattern id is an object, whose canonical form
 * is JSON with sorted keys and no spaces. "id.property" escapes dots in ids with a backslash.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#define VZ_DCC	"dash_core_components"
#define VZ_HTML "dash_html_components"
#define VZ_OWN	"vizyd"

/*
 * Makes a component; the arguments are pairs of a property name and a json-c value (taken), ended
 * by NULL. Returns a reference, or NULL when out of memory. A value that is NULL is taken for one
 * that could not be made for want of memory, so that a tree can be built without a check on each
 * line.
 */
struct json_object *vz_component_new(const char *space, const char *type, ...)
	__attribute__((sentinel));
/*
 * Adds @child (taken, also on failure) at the end of children, which becomes an array. Returns 0 or
 * -ENOMEM, which it also is when either could not be made before.
 */
int vz_component_add_child(struct json_object *component, struct json_object *child);

/* Whether @value is a component: an object with string namespace and type and an object of props.
 */
bool vz_component_check(struct json_object *value);
/* Borrowed; NULL when there is none. */
struct json_object *vz_component_props(struct json_object *component);

/*
 * The canonical string of an id value (string or object). Returns 0 and a string to free(),
 * -EINVAL or -ENOMEM.
 */
int vz_component_id_string(struct json_object *id, char **ret);

/*
 * Splits "id.property" at its last unescaped dot, unescaping the id; for a canonical pattern id the
 * dot after the closing brace. Both results are to free(). Returns 0, -EINVAL or -ENOMEM.
 */
int vz_component_split(const char *id_property, char **ret_id, char **ret_property);
