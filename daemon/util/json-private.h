/* What the files of the JSON reader and printer share. */
#pragma once

#include "util/json.h"

/* --- Reading --------------------------------------------------------------------------------- */

struct vz_json_parser {
	const char *start, *at, *end;
	const struct vz_json_limits *limits;
	unsigned depth, n_values, n_objects;
	struct vz_json_error *error;
	struct vz_buf scratch; /* a string whose escapes are resolved, a key, or a number */
};

struct vz_json_text {
	const char *data;
	size_t size;
};

/* Fills the error with @what, which was at @at; returns @r. */
int vz_json_fail(struct vz_json_parser *p, int r, const char *at, const char *what);

/*
 * Behind the opening quote; goes behind the closing one. What it returns lies in the text itself
 * or, if it has escapes or @copy asks for a NUL behind it, in the scratch buffer until that is used
 * next.
 */
int vz_json_parse_string(struct vz_json_parser *p, bool copy, struct vz_json_text *ret);
/* At a '-' or a digit. */
int vz_json_parse_number(struct vz_json_parser *p, struct json_object **ret);

/* The powers of ten that a double holds exactly, from 1 on. */
#define VZ_JSON_N_EXACT_POWERS 23
extern const double vz_json_exact_powers[VZ_JSON_N_EXACT_POWERS];

/* --- Printing -------------------------------------------------------------------------------- */

/* @in_page: also what would end a <script> or a line of JavaScript is escaped. */
void vz_json_put_string(struct vz_buf *buf, const char *text, size_t size, bool in_page);
void vz_json_put_int(struct vz_buf *buf, struct json_object *value);
