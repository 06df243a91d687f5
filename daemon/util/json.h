/*
 * JSON as this daemon takes it from strangers and gives it to browsers, on top of json-c.
 *
 * json-c alone is not enough at the edges: even in strict mode it takes NaN and 'single quotes',
 * and prints both NaN and slow doubles. So text is read by our own reader (RFC 8259, against
 * limits), which makes json-c values, and printed by our own printer.
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
	/*
	 * Scalars and keys count one, an array two and an object four: about 64 bytes of heap each,
	 * so that the tree of a hostile message is bounded as well as its text.
	 */
	unsigned max_values;
};
extern const struct vz_json_limits vz_json_default_limits; /* 16 MiB, depth 32, 500 000 values */

/* What was wrong and where, counted from 0: "byte 17: expected ':' after the key". */
struct vz_json_error {
	size_t offset;
	char text[160];
};

/*
 * Parses @size bytes of UTF-8 text, which must be one JSON value; @limits may be NULL for the
 * default. Duplicate keys are refused, and keys with a NUL in them, which json-c could not hold.
 * An integer beyond int64 becomes a double; half a surrogate pair becomes U+FFFD.
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
 * Prints an object of scalars (or of arrays of one scalar) with sorted keys, and strings as
 * JavaScript's JSON.stringify() does: the form in which the browser compares pattern ids.
 */
void vz_json_print_flat_sorted(struct vz_buf *buf, struct json_object *object);

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

/* An integer or a double; NULL, which is null, is none. */
bool vz_json_is_number(struct json_object *value);

/* Deep equality with 1 == 1.0, as JavaScript compares. */
bool vz_json_equal(struct json_object *a, struct json_object *b);
