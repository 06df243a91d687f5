/*
 * Builds a Patch, operation by operation. (Public face: vizyd/patch.h; what a Patch does is
 * patch.c.)
 */
#include "vizyd/patch.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/json.h"
#include "vizyd/dash.h"

/* The renderer's mark of a Patch, as key and as value (3.4.1). */
#define MARK "__dash_patch_update"

struct vz_patch {
	struct json_object *operations;
	int error; /* the first one */
	char text[192];
};

struct vz_patch *vz_patch_new(void)
{
	struct vz_patch *patch = calloc(1, sizeof(*patch));

	if (!patch)
		return NULL;
	patch->operations = json_object_new_array();
	return patch->operations ? patch : vz_patch_free(patch);
}

struct vz_patch *vz_patch_free(struct vz_patch *patch)
{
	if (!patch)
		return NULL;
	json_object_put(patch->operations);
	free(patch);
	return NULL;
}

static int fail(struct vz_patch *patch, int r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static int fail(struct vz_patch *patch, int r, const char *format, ...)
{
	va_list args;

	patch->error = r;
	va_start(args, format);
	vsnprintf(patch->text, sizeof(patch->text), format, args);
	va_end(args);
	return r;
}

static int fail_memory(struct vz_patch *patch)
{
	return fail(patch, -ENOMEM, "out of memory");
}

const char *vz_patch_get_error(const struct vz_patch *patch)
{
	if (!patch)
		return "out of memory";
	return patch->error < 0 ? patch->text : NULL;
}

const char *vz_patch_at(char *buffer, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(buffer, VZ_PLACE_MAX, format, args);
	va_end(args);
	/* Half a place would be another place: an open bracket is none at all. */
	if (n < 0 || n >= VZ_PLACE_MAX)
		strcpy(buffer, "[");
	return buffer;
}

/* --- Places ---------------------------------------------------------------------------------- */

/* Adds @value, taken also on failure; NULL is one that could not be made. */
static int push(struct json_object *array, struct json_object *value)
{
	if (value && !json_object_array_add(array, value))
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

/* "[-12]": returns what follows it, or NULL. */
static const char *read_index(const char *at, int64_t *ret)
{
	char *end;

	/* strtoll() would skip blanks and take a plus sign. */
	if (at[1] != '-' && (at[1] < '0' || at[1] > '9'))
		return NULL;
	errno = 0;
	*ret = strtoll(at + 1, &end, 10);
	return errno || end == at + 2 - (at[1] != '-') || *end != ']' ? NULL : end + 1;
}

/* A key up to '.', '[' or the end, its backslashes resolved: returns its end, or NULL if empty. */
static const char *read_key(const char *at, char *key)
{
	char *to = key;

	while (*at && *at != '.' && *at != '[') {
		if (*at == '\\' && at[1])
			at++;
		*to++ = *at++;
	}
	*to = '\0';
	return to == key ? NULL : at;
}

static int read_place(struct json_object *location, const char *place, char *key)
{
	const char *at = place;
	int64_t index;
	int r = 0;

	while (r >= 0 && *at) {
		if (*at == '[') {
			at = read_index(at, &index);
			r = at ? push(location, json_object_new_int64(index)) : -EINVAL;
			continue;
		}
		/* A dot stands between two keys, or between an index and a key. */
		if (at > place && *at++ != '.')
			return -EINVAL;
		at = read_key(at, key);
		r = at ? push(location, json_object_new_string(key)) : -EINVAL;
	}
	return r;
}

static int make_location(struct vz_patch *patch, const char *place, struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *location = json_object_new_array();
	VZ_CLEANUP(vz_freep) char *key = malloc(strlen(place) + 1);
	int r;

	if (!location || !key)
		return fail_memory(patch);
	r = read_place(location, place, key);
	if (r == -EINVAL)
		return fail(patch, r,
			    "Patch: '%.64s' is no place: expected keys with dots and indexes in "
			    "brackets, as in \"rows[0].name\"",
			    place);
	if (r < 0)
		return fail_memory(patch);
	*ret = vz_steal(location);
	return 0;
}

/* --- Operations ------------------------------------------------------------------------------ */

/* The same as push() for a member; NULL is null here. */
static int put(struct json_object *object, const char *key, struct json_object *value)
{
	if (!json_object_object_add(object, key, value))
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

static int put_made(struct json_object *object, const char *key, struct json_object *value)
{
	return value ? put(object, key, value) : -ENOMEM;
}

/* Takes @params, which is NULL when memory ran out. */
static void operate(struct vz_patch *patch, const char *operation, const char *place,
		    struct json_object *params)
{
	VZ_CLEANUP(json_object_putp) struct json_object *owned = params;
	VZ_CLEANUP(json_object_putp) struct json_object *location = NULL;
	VZ_CLEANUP(json_object_putp) struct json_object *made = NULL;

	if (!patch || patch->error < 0 || make_location(patch, place, &location) < 0)
		return;
	made = json_object_new_object();
	if (!made || !owned || put_made(made, "operation", json_object_new_string(operation)) < 0 ||
	    put(made, "location", vz_steal(location)) < 0 ||
	    put(made, "params", vz_steal(owned)) < 0 || push(patch->operations, vz_steal(made)) < 0)
		(void) fail_memory(patch);
}

static void operate_with(struct vz_patch *patch, const char *operation, const char *place,
			 struct json_object *value)
{
	struct json_object *params = json_object_new_object();

	if (!params) {
		json_object_put(value);
	} else if (put(params, "value", value) < 0) {
		json_object_put(params);
		params = NULL;
	}
	operate(patch, operation, place, params);
}

/* Whether @value is of a type that the operation needs; if not, takes it. */
static bool check_type(struct vz_patch *patch, struct json_object *value, bool fits,
		       const char *operation, const char *expected)
{
	if (fits)
		return true;
	if (patch && patch->error >= 0)
		(void) fail(patch, -EINVAL, "Patch: %s expects %s, not %s", operation, expected,
			    json_type_to_name(json_object_get_type(value)));
	json_object_put(value);
	return false;
}

void vz_patch_assign(struct vz_patch *patch, const char *place, struct json_object *value)
{
	operate_with(patch, "Assign", place, value);
}

void vz_patch_merge(struct vz_patch *patch, const char *place, struct json_object *value)
{
	if (check_type(patch, value, json_object_is_type(value, json_type_object), "Merge",
		       "an object"))
		operate_with(patch, "Merge", place, value);
}

void vz_patch_extend(struct vz_patch *patch, const char *place, struct json_object *value)
{
	if (check_type(patch, value, json_object_is_type(value, json_type_array), "Extend",
		       "an array"))
		operate_with(patch, "Extend", place, value);
}

void vz_patch_append(struct vz_patch *patch, const char *place, struct json_object *value)
{
	operate_with(patch, "Append", place, value);
}

void vz_patch_prepend(struct vz_patch *patch, const char *place, struct json_object *value)
{
	operate_with(patch, "Prepend", place, value);
}

void vz_patch_insert(struct vz_patch *patch, const char *place, int64_t index,
		     struct json_object *value)
{
	struct json_object *params = json_object_new_object();

	if (!params) {
		json_object_put(value);
	} else if (put(params, "value", value) < 0 ||
		   put_made(params, "index", json_object_new_int64(index)) < 0) {
		json_object_put(params);
		params = NULL;
	}
	operate(patch, "Insert", place, params);
}

void vz_patch_reverse(struct vz_patch *patch, const char *place)
{
	operate(patch, "Reverse", place, json_object_new_object());
}

void vz_patch_remove(struct vz_patch *patch, const char *place, struct json_object *value)
{
	operate_with(patch, "Remove", place, value);
}

void vz_patch_delete(struct vz_patch *patch, const char *place)
{
	if (!*place && patch && patch->error >= 0)
		(void) fail(patch, -EINVAL, "Patch: a property itself cannot be deleted");
	operate(patch, "Delete", place, json_object_new_object());
}

void vz_patch_clear(struct vz_patch *patch, const char *place)
{
	operate(patch, "Clear", place, json_object_new_object());
}

void vz_patch_add(struct vz_patch *patch, const char *place, struct json_object *value)
{
	if (check_type(patch, value,
		       vz_json_is_number(value) || json_object_is_type(value, json_type_string),
		       "Add", "a number or a string"))
		operate_with(patch, "Add", place, value);
}

void vz_patch_sub(struct vz_patch *patch, const char *place, struct json_object *value)
{
	if (check_type(patch, value, vz_json_is_number(value), "Sub", "a number"))
		operate_with(patch, "Sub", place, value);
}

void vz_patch_mul(struct vz_patch *patch, const char *place, struct json_object *value)
{
	if (check_type(patch, value, vz_json_is_number(value), "Mul", "a number"))
		operate_with(patch, "Mul", place, value);
}

void vz_patch_div(struct vz_patch *patch, const char *place, struct json_object *value)
{
	if (check_type(patch, value, vz_json_is_number(value) && json_object_get_double(value) != 0,
		       "Div", "a number that is not 0"))
		operate_with(patch, "Div", place, value);
}

/* --- Handing it on --------------------------------------------------------------------------- */

static int finish(struct vz_patch *patch, struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *value = json_object_new_object();

	if (!patch || !value)
		return -ENOMEM;
	if (patch->error < 0)
		return patch->error;
	if (put_made(value, MARK, json_object_new_string(MARK)) < 0 ||
	    put(value, "operations", vz_steal(patch->operations)) < 0)
		return -ENOMEM;
	*ret = vz_steal(value);
	return 0;
}

int vz_patch_finish(struct vz_patch *patch, struct json_object **ret)
{
	int r = finish(patch, ret);

	vz_patch_free(patch);
	return r;
}

static int finish_for_call(struct vz_call *call, struct vz_patch *patch, struct json_object **ret)
{
	int r = finish(patch, ret);

	if (r < 0)
		(void) vz_call_fail(call, r, "%s", vz_patch_get_error(patch) ?: "out of memory");
	vz_patch_free(patch);
	return r;
}

int vz_call_patch_output(struct vz_call *call, unsigned index, struct vz_patch *patch)
{
	struct json_object *value;
	int r;

	r = finish_for_call(call, patch, &value);
	return r < 0 ? r : vz_call_set_output(call, index, value);
}

int vz_call_patch(struct vz_call *call, const char *id, const char *property,
		  struct vz_patch *patch)
{
	struct json_object *value;
	int r;

	r = finish_for_call(call, patch, &value);
	return r < 0 ? r : vz_call_set(call, id, property, value);
}

int vz_app_push_patch(struct vz_app *app, const char *id, const char *property,
		      struct vz_patch *patch)
{
	struct json_object *value;
	int r;

	r = vz_patch_finish(patch, &value);
	return r < 0 ? r : vz_app_push(app, id, property, value);
}
