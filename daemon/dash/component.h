/*
 * A component as JSON: {"namespace", "type", "props": {"id", …, "children"}}. These helpers tell
 * one from plain data; what builds one is vizyd/component.h. Values are json-c objects; NULL is null.
 *
 * Ids: a plain id is a string without '.' or '{'; a pattern id is an object, whose canonical form
 * is JSON with sorted keys and no spaces. "id.property" escapes dots in ids with a backslash.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

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
