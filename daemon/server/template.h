/*
 * A text with places for values, `{{name}}`, of which each is escaped for HTML. Pure. Thread: any.
 */
#pragma once

#include "util/buf.h"

struct vz_template_value {
	const char *name, *value; /* a value that is NULL is empty */
};

/* Writes @text; @values ends with a name that is NULL. A place that has no value stays empty. */
void vz_template_write(struct vz_buf *buf, const char *text,
		       const struct vz_template_value *values);
