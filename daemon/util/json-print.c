#include "util/json-private.h"

#include <stdlib.h>
#include <string.h>

static void print_array(struct vz_buf *buf, struct json_object *array)
{
	size_t n = json_object_array_length(array);

	vz_buf_putc(buf, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			vz_buf_putc(buf, ',');
		vz_json_print(buf, json_object_array_get_idx(array, i));
	}
	vz_buf_putc(buf, ']');
}

static void print_object(struct vz_buf *buf, struct json_object *object)
{
	char separator = '{';
	struct lh_entry *entry;

	lh_foreach(json_object_get_object(object), entry)
	{
		const char *key = lh_entry_k(entry);

		vz_buf_putc(buf, separator);
		vz_json_print_string(buf, key, strlen(key));
		vz_buf_putc(buf, ':');
		vz_json_print(buf, (struct json_object *) lh_entry_v(entry));
		separator = ',';
	}
	if (separator == '{')
		vz_buf_putc(buf, '{');
	vz_buf_putc(buf, '}');
}

static void print_scalar(struct vz_buf *buf, struct json_object *value, bool in_page)
{
	switch (json_object_get_type(value)) {
	case json_type_boolean:
		vz_buf_puts(buf, json_object_get_boolean(value) ? "true" : "false");
		break;
	case json_type_int:
		vz_json_put_int(buf, value);
		break;
	case json_type_double:
		vz_json_print_double(buf, json_object_get_double(value));
		break;
	case json_type_string:
		vz_json_put_string(buf, json_object_get_string(value),
				   (size_t) json_object_get_string_len(value), in_page);
		break;
	default:
		vz_buf_append(buf, "null", 4);
	}
}

void vz_json_print(struct vz_buf *buf, struct json_object *value)
{
	if (buf->failed)
		return;
	switch (json_object_get_type(value)) {
	case json_type_array:
		print_array(buf, value);
		break;
	case json_type_object:
		print_object(buf, value);
		break;
	default:
		print_scalar(buf, value, true);
	}
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

void vz_json_print_flat_sorted(struct vz_buf *buf, struct json_object *object)
{
	size_t n = (size_t) json_object_object_length(object), i = 0;
	VZ_CLEANUP(vz_freep) const char **keys = malloc((n + 1) * sizeof(*keys));
	struct lh_entry *entry;

	if (!keys) {
		buf->failed = true;
		return;
	}
	lh_foreach(json_object_get_object(object), entry) keys[i++] = lh_entry_k(entry);
	qsort(keys, n, sizeof(*keys), compare_keys);

	vz_buf_putc(buf, '{');
	for (i = 0; i < n; i++) {
		struct json_object *value = json_object_object_get(object, keys[i]);

		if (i)
			vz_buf_putc(buf, ',');
		vz_json_put_string(buf, keys[i], strlen(keys[i]), false);
		vz_buf_putc(buf, ':');
		if (json_object_is_type(value, json_type_array)) {
			vz_buf_putc(buf, '[');
			print_scalar(buf, json_object_array_get_idx(value, 0), false);
			vz_buf_putc(buf, ']');
		} else {
			print_scalar(buf, value, false);
		}
	}
	vz_buf_putc(buf, '}');
}
