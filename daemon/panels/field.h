/*
 * A field is one camera control on the page: its component, its words, and the two conversions
 * between the control's number and the component's value. What the controls are called for a
 * person is a table in field-texts.c; a control that is not in it still gets a field.
 *
 * Thread: loop. Owned by a form.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "util/cleanup.h"
#include "vizyd/camera.h"

/* In the order of the page. */
enum vz_field_group {
	VZ_GROUP_PICTURE,
	VZ_GROUP_EXPOSURE,
	VZ_GROUP_COLOUR,
	VZ_GROUP_MORE,
	VZ_N_GROUPS
};

struct vz_field_text {
	const char *control; /* libcamera's name */
	const char *id;	     /* of the component */
	const char *label;
	enum vz_field_group group;
	double scale;	       /* shown = control's number * scale; 0: 1 */
	const char *unit;      /* of what is shown; NULL: the control's own */
	int decimals;	       /* of what is shown */
	const char *automatic; /* the control that, while on, decides over this one */
	bool hidden;	       /* the brightness slider works through it */
};

struct vz_field {
	struct vz_field_text text;
	char *id, *delivered_id, *label;
	unsigned control; /* index into the camera's table */
};

/* The table's row for a control, or NULL. */
const struct vz_field_text *vz_field_text_find(const char *control);
const char *vz_field_group_title(enum vz_field_group group);

/* The rows of the table; NULL behind the last. */
const struct vz_field_text *vz_field_text_get(unsigned index);

/*
 * A field for @control, which has @index in its table; its ids begin with @prefix. Returns 0 or
 * -ENOMEM.
 */
int vz_field_new(const struct vz_control *control, unsigned index, const char *prefix,
		 struct vz_field **ret);
struct vz_field *vz_field_free(struct vz_field *field);
VZ_DEFINE_CLEANUP(vz_field_free, struct vz_field *, vz_field_free)

/* Label, read-out and component. A reference, or NULL when out of memory. */
struct json_object *vz_field_render(const struct vz_field *field, const struct vz_control *control,
				    bool disabled);
/* What the component should show: asked, else delivered, else the default. NULL: out of memory. */
struct json_object *vz_field_value(const struct vz_field *field, const struct vz_control *control);
/* Reads the component's value. Returns 0 or -EINVAL. */
int vz_field_parse(const struct vz_field *field, const struct vz_control *control,
		   struct json_object *value, double *ret);
/* What the camera says that it did: "16.7 ms", or "" when it says nothing. */
void vz_field_format_delivered(const struct vz_field *field, const struct vz_control *control,
			       char *text, size_t size);
/* Equal but for the noise of the two conversions. */
bool vz_field_value_equal(struct json_object *a, struct json_object *b);
