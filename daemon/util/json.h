/*
 * JSON as this daemon takes it from strangers and gives it to browsers, on top of json-c.
 *
 * json-c alone is not enough at the edges: even in strict mode it takes NaN and 'single quotes', and
 * prints both NaN and slow doubles. So text is judged by our own grammar check (RFC 8259) against
 * limits before json-c sees it, and printed by our own printer.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/cleanup.h"

VZ_DEFINE_CLEANUP(json_object_put, struct json_object *, json_object_put)

struct vz_json_limits {
	size_t max_bytes;
	unsigned max_depth; /* at most 64: freeing a json-c tree recurses */
	unsigned max_values; /* scalars, arrays, objects and keys together */
};
extern const struct vz_json_limits vz_json_default_limits; /* 16 MiB, depth 32, 500 000 values */

/* What was wrong and where: "byte 17: expected ':' after the key". */
struct vz_json_error {
	size_t offset;
	char text[160];
};

/*
 * Parses @size bytes of UTF-8 text, which must be one JSON value. Duplicate keys are refused.
 * Returns 0 and a reference in *@ret (NULL there means JSON null), -EBADMSG (not JSON, or bad
 * UTF-8), -E2BIG (over a limit) or -ENOMEM; the first two fill @error, which may be NULL.
 */
int vz_json_parse(const char *text, size_t size, const struct vz_json_limits *limits,
		  struct vz_json_error *error, struct json_object **ret);

/*
 * Prints @value without white space: shortest doubles that read back the same, null for NaN and
 * infinities. Safe inside <script>: '<' becomes \u003c. U+2028/2029 are escaped too.
 */
void vz_json_print(struct vz_buf *buf, struct json_object *value);
void vz_json_print_string(struct vz_buf *buf, const char *text, size_t size);
void vz_json_print_double(struct vz_buf *buf, double value);

/*
 * Typed getters. They return 0, -ENOENT (no such key) or -EINVAL (another type), and leave *@ret
 * alone on failure. Strings and objects are borrowed from @object. @object may be NULL or no
 * object: -ENOENT. A string with a NUL byte in it is -EINVAL.
 */
int vz_json_get_string(struct json_object *object, const char *key, const char **ret);
int vz_json_get_int(struct json_object *object, const char *key, int64_t *ret);
int vz_json_get_double(struct json_object *object, const char *key, double *ret);
int vz_json_get_bool(struct json_object *object, const char *key, bool *ret);
int vz_json_get_object(struct json_object *object, const char *key, struct json_object **ret);
int vz_json_get_array(struct json_object *object, const char *key, struct json_object **ret);

/* Deep equality with 1 == 1.0, as JavaScript compares. */
bool vz_json_equal(struct json_object *a, struct json_object *b);
