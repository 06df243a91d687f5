/*
 * What the two halves of applying a Patch share: patch-operation.c has the operations, patch.c goes
 * the way to where one of them is done.
 *
 * An operation never changes a value: it makes new containers from the top down to the place it
 * changes, and shares the rest. So a point appended to a long trace does not copy the trace's
 * neighbours, and a component that stays keeps its properties object.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vz_patch_kind;

struct vz_patch_operation {
	const struct vz_patch_kind *kind;
	struct json_object *location;
	struct json_object *value; /* of params */
	int64_t index;		   /* of params, for Insert */
};

/*
 * Makes the new value at the location from the old one, which is NULL where there is none. Returns
 * 0, -EINVAL (it does not fit) or -ENOMEM.
 */
typedef int vz_patch_operate_fn(const struct vz_patch_operation *op, struct json_object *old,
				struct json_object **ret);

struct vz_patch_kind {
	const char *name;
	vz_patch_operate_fn *operate; /* NULL: Delete, which concerns the container */
	bool has_index;
};

/* NULL when there is none of that name. */
const struct vz_patch_kind *vz_patch_kind_find(const char *name);

/* --- Copies: each returns 0 or -ENOMEM ------------------------------------------------------- */

/* Takes @element, also on failure. */
int vz_copy_push(struct json_object *array, struct json_object *element);
/* Puts the elements from @from to before @to behind those of @array. */
int vz_copy_push_range(struct json_object *array, struct json_object *source, size_t from,
		       size_t to);
/* @value (taken, also on failure) under @key. */
int vz_copy_put(struct json_object *object, const char *key, struct json_object *value);
/* All members of @source but @except. */
int vz_copy_put_all(struct json_object *object, struct json_object *source, const char *except);
/* Hands out @made, or frees it when @r is an error. */
int vz_copy_finish(int r, struct json_object *made, struct json_object **ret);
/* Hands out @value as it is. */
int vz_copy_keep(struct json_object *value, struct json_object **ret);
