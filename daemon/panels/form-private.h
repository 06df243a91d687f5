/*
 * What the two halves of the form share: form.c knows the camera, form-render.c the page.
 */
#pragma once

#include "panels/form.h"

struct vz_form {
	const struct vz_form_ops *ops;
	void *camera;
	char *prefix, *brightness_id, *reset_id;
	struct vz_field **fields;
	unsigned n_fields;
};

const struct vz_control *vz_form_control(const struct vz_form *form, const struct vz_field *field);
/* Whether an automatic of the camera decides over this control now. */
bool vz_form_is_automatic(const struct vz_form *form, const struct vz_field *field);
