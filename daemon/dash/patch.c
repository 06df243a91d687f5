#include "dash/patch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/patch-private.h"
#include "util/json.h"

#define MARK	     "__dash_patch_update"
#define MAX_LOCATION 64

/* --- The way to the location ----------------------------------------------------------------- */

static int apply_at(const struct vz_patch_operation *op, struct json_object *old, size_t level,
		    struct json_object **ret);

static bool deletes_at(const struct vz_patch_operation *op, size_t level)
{
	return !op->kind->operate && level + 1 == json_object_array_length(op->location);
}

/* The new array in which the @index-th element has been changed or, by Delete, is gone. */
static int apply_in_array(const struct vz_patch_operation *op, struct json_object *array,
			  int64_t index, size_t level, struct json_object **ret)
{
	int64_t length = (int64_t) json_object_array_length(array);
	bool deletes = deletes_at(op, level);
	struct json_object *made, *element = NULL;
	int r = 0;

	if (index < 0)
		index += length;
	/* What is not there can be deleted, to no effect. */
	if (!op->kind->operate && (index < 0 || index >= length))
		return vz_copy_keep(array, ret);
	/* One behind the last is a new element; further out would be a hole. */
	if (index < 0 || index > length)
		return -EINVAL;
	if (!deletes) {
		r = apply_at(op, json_object_array_get_idx(array, (size_t) index), level + 1,
			     &element);
		if (r < 0)
			return r;
	}
	made = json_object_new_array_ext((int) length + 1);
	if (made)
		r = vz_copy_push_range(made, array, 0, (size_t) index);
	if (made && !r && !deletes) {
		r = vz_copy_push(made, element);
		element = NULL;
	}
	if (made && !r)
		r = vz_copy_push_range(made, array, (size_t) index + 1, (size_t) length);
	json_object_put(element);
	return vz_copy_finish(r, made, ret);
}

/* The same for a member of an object; @object may be NULL, for one that begins to be. */
static int apply_in_object(const struct vz_patch_operation *op, struct json_object *object,
			   const char *key, size_t level, struct json_object **ret)
{
	bool deletes = deletes_at(op, level);
	struct json_object *made, *member = NULL;
	int r;

	if (!op->kind->operate && (!object || !json_object_object_get_ex(object, key, NULL)))
		return vz_copy_keep(object, ret);
	made = json_object_new_object();
	if (!made)
		return -ENOMEM;
	r = object ? vz_copy_put_all(made, object, deletes ? key : NULL) : 0;
	if (!r && !deletes) {
		r = apply_at(op, object ? json_object_object_get(object, key) : NULL, level + 1,
			     &member);
		if (!r)
			r = vz_copy_put(made, key, member);
	}
	return vz_copy_finish(r, made, ret);
}

static int apply_at(const struct vz_patch_operation *op, struct json_object *old, size_t level,
		    struct json_object **ret)
{
	struct json_object *key;

	if (level == json_object_array_length(op->location))
		return op->kind->operate ? op->kind->operate(op, old, ret) : -EINVAL;
	key = json_object_array_get_idx(op->location, level);
	if (json_object_is_type(old, json_type_array))
		return json_object_is_type(key, json_type_int)
			       ? apply_in_array(op, old, json_object_get_int64(key), level, ret)
			       : -EINVAL;
	if ((old && !json_object_is_type(old, json_type_object)) ||
	    (!json_object_is_type(key, json_type_string) &&
	     !(old && json_object_is_type(key, json_type_int))))
		return -EINVAL;
	/* A number as key of an object is its text, as in JavaScript. */
	return apply_in_object(op, old, json_object_get_string(key), level, ret);
}

/* --- The patch ------------------------------------------------------------------------------- */

bool vz_patch_check(struct json_object *value)
{
	struct json_object *field;

	return json_object_is_type(value, json_type_object) &&
	       json_object_object_get_ex(value, MARK, &field) &&
	       json_object_object_get_ex(value, "operations", &field) &&
	       json_object_is_type(field, json_type_array);
}

static int read_operation(struct json_object *json, struct vz_patch_operation *ret)
{
	struct json_object *params;
	const char *name;

	*ret = (struct vz_patch_operation){ 0 };
	if (vz_json_get_string(json, "operation", &name) < 0 ||
	    vz_json_get_array(json, "location", &ret->location) < 0 ||
	    json_object_array_length(ret->location) > MAX_LOCATION)
		return -EINVAL;
	ret->kind = vz_patch_kind_find(name);
	if (!ret->kind)
		return -EINVAL;
	if (vz_json_get_object(json, "params", &params) < 0)
		return 0;
	ret->value = json_object_object_get(params, "value");
	if (ret->kind->has_index && vz_json_get_int(params, "index", &ret->index) < 0)
		return -EINVAL;
	return 0;
}

int vz_patch_apply(struct json_object *value, struct json_object *patch, struct json_object **ret)
{
	VZ_CLEANUP(json_object_putp) struct json_object *current = json_object_get(value);
	struct json_object *operations;
	size_t n;
	int r;

	if (!vz_patch_check(patch))
		return -EINVAL;
	operations = json_object_object_get(patch, "operations");
	n = json_object_array_length(operations);
	for (size_t i = 0; i < n; i++) {
		struct json_object *next = NULL;
		struct vz_patch_operation op;

		r = read_operation(json_object_array_get_idx(operations, i), &op);
		if (!r)
			r = apply_at(&op, current, 0, &next);
		if (r < 0)
			return r;
		json_object_put(current);
		current = next;
	}
	*ret = vz_steal(current);
	return 0;
}
