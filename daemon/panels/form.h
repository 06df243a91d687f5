/*
 * A form is all that one can set of a camera: brightness, a field for each control that it
 * announced, and Reset. What stands on the page for it, what its components should show, and what a
 * component's value means for the camera. The camera panel has one, and the plugin `cameras` one
 * for each camera: it needs no more of the daemon than the public headers.
 *
 * Thread: loop.
 */
#pragma once

#include <json-c/json.h>

#include "panels/field.h"

struct vz_form;

/* The camera behind a form. */
struct vz_form_ops {
	/* NULL behind the last. */
	const struct vz_control *(*get_control)(void *camera, unsigned index);
	int (*set_control)(void *camera, const char *name, double value);
	double (*get_brightness)(void *camera);
	int (*set_brightness)(void *camera, double brightness);
	void (*reset)(void *camera);
};

/*
 * A form without fields for @camera, which is borrowed; all ids begin with @prefix, "" or a word
 * and a '-'. Returns 0 or -ENOMEM.
 */
int vz_form_new(const struct vz_form_ops *ops, void *camera, const char *prefix,
		struct vz_form **ret);
struct vz_form *vz_form_free(struct vz_form *form);
VZ_DEFINE_CLEANUP(vz_form_free, struct vz_form *, vz_form_free)

/* Makes the fields for the controls that there are now; the former ones are gone. Returns 0 or
 * -ENOMEM. */
int vz_form_bind(struct vz_form *form);
/* NULL behind the last. Borrowed until the next vz_form_bind(). */
const struct vz_field *vz_form_get_field(const struct vz_form *form, unsigned index);
const struct vz_field *vz_form_find_field(const struct vz_form *form, const char *id);
const char *vz_form_get_brightness_id(const struct vz_form *form);
const char *vz_form_get_reset_id(const struct vz_form *form);

/* The components. A reference, or NULL when out of memory. */
struct json_object *vz_form_render(const struct vz_form *form);
/*
 * What they should show now, as mods: {id: {property: value}}. A reference, or NULL when out of
 * memory.
 */
struct json_object *vz_form_get_values(const struct vz_form *form);
/* A value of such mods, borrowed; NULL: there is none. */
struct json_object *vz_form_find_value(const char *id, const char *property, void *values);
/*
 * Takes from @values what is shown already, as @now says, which returns a borrowed value or NULL.
 * What two conversions add to a number counts as the same.
 */
void vz_form_drop_same(struct json_object *values,
		       struct json_object *(*now)(const char *id, const char *property, void *data),
		       void *data);

/*
 * @field has become @value on a page: a wish, unless it is shown there already. Returns 0, -EINVAL
 * (not a value that it takes; vz_form_describe() says which it does) or what the camera says.
 */
int vz_form_set(struct vz_form *form, const struct vz_field *field, struct json_object *value);
void vz_form_describe(const struct vz_form *form, const struct vz_field *field, char *text,
		      size_t size);
/* Returns 0 or -EINVAL (not a number). */
int vz_form_set_brightness(struct vz_form *form, struct json_object *value);
/* Everything as the camera has it by itself. */
void vz_form_reset(struct vz_form *form);
