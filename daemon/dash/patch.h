/*
 * Dash's Patch: a list of operations that stands in place of a value and changes the present one.
 * The form on the wire is measured in the renderer (version 3.4.1):
 * {"__dash_patch_update": "__dash_patch_update", "operations": [{"operation", "location",
 * "params"}]}.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

bool vz_patch_check(struct json_object *value);
/*
 * Applies @patch to @value (both borrowed and left as they are), as the renderer would: Assign,
 * Merge, Extend, Append, Prepend, Insert, Delete, Clear, Reverse, Remove, Add, Sub, Mul, Div;
 * negative indexes count from the end. Returns 0 and a reference, -EINVAL (an operation that does
 * not fit the value) or -ENOMEM.
 */
int vz_patch_apply(struct json_object *value, struct json_object *patch, struct json_object **ret);
