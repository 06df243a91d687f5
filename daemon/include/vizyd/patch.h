/*
 * Dash's Patch: changes a property in place instead of sending all of it again. What would be
 *
 *	patch = Patch(); patch["data"][0]["y"].append(4); patch["title"] = "now"
 *
 * in Python reads here
 *
 *	struct vz_patch *patch = vz_patch_new();
 *
 *	vz_patch_append(patch, "data[0].y", json_object_new_int(4));
 *	vz_patch_assign(patch, "title", json_object_new_string("now"));
 *	return vz_call_patch_output(call, 0, patch);
 *
 * A place is written as in JavaScript: keys with dots, indexes in brackets, negative ones counted
 * from the end ("rows[-1].name"); "" is the property itself. A '.', '[' or '\' that belongs to a
 * key has a backslash before it. VZ_AT("rows[%u].name", i) makes a place from numbers.
 *
 * No operation returns an error: the first that occurs is kept, the rest do nothing, and whoever
 * takes the Patch reports it. Each takes its value, also on failure; a value that is NULL is JSON
 * null. In the end the Patch does to the server's value what it does to the browser's.
 * Thread: any, as nothing but the Patch is touched.
 */
#pragma once

#include <json-c/json.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vz_app;
struct vz_call;
struct vz_client;
struct vz_patch;

/* NULL when out of memory, which the operations take and whoever takes the Patch reports. */
struct vz_patch *vz_patch_new(void);
/* Takes NULL; returns NULL. Needed only for a Patch that is not handed on. */
struct vz_patch *vz_patch_free(struct vz_patch *patch);

/* Sets what is at @place, which for "list[n]" may be one behind the last. */
void vz_patch_assign(struct vz_patch *patch, const char *place, struct json_object *value);
/* Sets the members of the object @value in the object at @place (Python's update()). */
void vz_patch_merge(struct vz_patch *patch, const char *place, struct json_object *value);
/* Of the array at @place: adds every element of the array @value, or @value itself, … */
void vz_patch_extend(struct vz_patch *patch, const char *place, struct json_object *value);
void vz_patch_append(struct vz_patch *patch, const char *place, struct json_object *value);
void vz_patch_prepend(struct vz_patch *patch, const char *place, struct json_object *value);
/* … puts @value before the @index-th, which may be negative, … */
void vz_patch_insert(struct vz_patch *patch, const char *place, int64_t index,
		     struct json_object *value);
/* … turns the order round, or takes out every element that equals @value. */
void vz_patch_reverse(struct vz_patch *patch, const char *place);
void vz_patch_remove(struct vz_patch *patch, const char *place, struct json_object *value);
/* Takes the member or element @place out of what it is in (Python's del); not "". */
void vz_patch_delete(struct vz_patch *patch, const char *place);
/* Empties the array, object or string at @place. */
void vz_patch_clear(struct vz_patch *patch, const char *place);
/* Python's +=, -=, *= and /= on a number; the first on a string, too. */
void vz_patch_add(struct vz_patch *patch, const char *place, struct json_object *value);
void vz_patch_sub(struct vz_patch *patch, const char *place, struct json_object *value);
void vz_patch_mul(struct vz_patch *patch, const char *place, struct json_object *value);
void vz_patch_div(struct vz_patch *patch, const char *place, struct json_object *value);

/*
 * Hands the Patch on as a value, @patch being taken. Returns 0 and a reference, -EINVAL (a place
 * or a value is malformed) or -ENOMEM.
 */
int vz_patch_finish(struct vz_patch *patch, struct json_object **ret);
/* What is wrong with it, for a person, or NULL; borrowed. */
const char *vz_patch_get_error(const struct vz_patch *patch);

/*
 * The same as vz_call_set_output(), vz_call_set() and vz_app_push() with a Patch, which is taken.
 * They return what those or vz_patch_finish() return; inside a call the requester is told the text.
 */
int vz_call_patch_output(struct vz_call *call, unsigned index, struct vz_patch *patch);
int vz_call_patch(struct vz_call *call, const char *id, const char *property,
		  struct vz_patch *patch);
int vz_app_push_patch(struct vz_app *app, const char *id, const char *property,
		      struct vz_patch *patch);

#define VZ_PLACE_MAX 256
/* printf() for a place, up to VZ_PLACE_MAX bytes; lives as long as the block that it stands in, or in
 * C++ the expression. */
#ifdef __cplusplus
struct vz_place_ {
	char text[VZ_PLACE_MAX];
};
#define VZ_AT(...) vz_patch_at(static_cast<vz_place_ &&>(vz_place_()).text, __VA_ARGS__)
#else
#define VZ_AT(...) vz_patch_at((char[VZ_PLACE_MAX]){ 0 }, __VA_ARGS__)
#endif
const char *vz_patch_at(char *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif
