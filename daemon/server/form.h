/*
 * The body of an HTML form: application/x-www-form-urlencoded. Pure. Thread: any.
 */
#pragma once

#include <stddef.h>

/*
 * The value of the first field @name, decoded and NUL-terminated. Returns 0, -ENOENT (no such
 * field), -EINVAL (a bad escape, or a NUL in it) or -E2BIG (it does not fit); then @ret is "".
 */
int vz_form_get(const char *body, size_t size, const char *name, char *ret, size_t ret_size);
/* @text, so that it can stand in a query or in such a body; NULL-terminated, to free(), or NULL. */
char *vz_form_escape(const char *text);
