#include "util/json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static int get_value(struct json_object *object, const char *key, struct json_object **ret)
{
	if (!json_object_is_type(object, json_type_object))
		return -ENOENT;
	return json_object_object_get_ex(object, key, ret) ? 0 : -ENOENT;
}

static int get_typed(struct json_object *object, const char *key, enum json_type type,
		     struct json_object **ret)
{
	struct json_object *value;
	int r;

	r = get_value(object, key, &value);
	if (r < 0)
		return r;
	if (!json_object_is_type(value, type))
		return -EINVAL;
	*ret = value;
	return 0;
}

int vz_json_get_string(struct json_object *object, const char *key, const char **ret)
{
	struct json_object *value;
	const char *text;
	int r;

	r = get_typed(object, key, json_type_string, &value);
	if (r < 0)
		return r;
	text = json_object_get_string(value);
	if (strlen(text) != (size_t) json_object_get_string_len(value))
		return -EINVAL;
	*ret = text;
	return 0;
}

int vz_json_get_int(struct json_object *object, const char *key, int64_t *ret)
{
	struct json_object *value;
	double number;
	int r;

	r = get_value(object, key, &value);
	if (r < 0)
		return r;
	if (json_object_is_type(value, json_type_int)) {
		/* A number that json-c holds as unsigned reads as INT64_MAX. */
		*ret = json_object_get_int64(value);
		return 0;
	}
	if (!json_object_is_type(value, json_type_double))
		return -EINVAL;
	/* JavaScript has one kind of number: 5.0 is as good as 5. */
	number = json_object_get_double(value);
	if (!(number >= -0x1p63 && number < 0x1p63) || number != trunc(number))
		return -EINVAL;
	*ret = (int64_t) number;
	return 0;
}

bool vz_json_is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double);
}

int vz_json_get_double(struct json_object *object, const char *key, double *ret)
{
	struct json_object *value;
	int r;

	r = get_value(object, key, &value);
	if (r < 0)
		return r;
	if (!vz_json_is_number(value))
		return -EINVAL;
	*ret = json_object_get_double(value);
	return 0;
}

int vz_json_get_bool(struct json_object *object, const char *key, bool *ret)
{
	struct json_object *value;
	int r;

	r = get_typed(object, key, json_type_boolean, &value);
	if (r < 0)
		return r;
	*ret = json_object_get_boolean(value);
	return 0;
}

int vz_json_get_object(struct json_object *object, const char *key, struct json_object **ret)
{
	return get_typed(object, key, json_type_object, ret);
}

int vz_json_get_array(struct json_object *object, const char *key, struct json_object **ret)
{
	return get_typed(object, key, json_type_array, ret);
}

static bool numbers_equal(struct json_object *a, struct json_object *b)
{
	if (json_object_is_type(a, json_type_double) || json_object_is_type(b, json_type_double))
		return json_object_get_double(a) == json_object_get_double(b);
	return json_object_get_int64(a) == json_object_get_int64(b) &&
	       json_object_get_uint64(a) == json_object_get_uint64(b);
}

static bool strings_equal(struct json_object *a, struct json_object *b)
{
	int size = json_object_get_string_len(a);

	return size == json_object_get_string_len(b) &&
	       !memcmp(json_object_get_string(a), json_object_get_string(b), (size_t) size);
}

static bool arrays_equal(struct json_object *a, struct json_object *b)
{
	size_t n = json_object_array_length(a);

	if (n != json_object_array_length(b))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!vz_json_equal(json_object_array_get_idx(a, i),
				   json_object_array_get_idx(b, i)))
			return false;
	return true;
}

static bool objects_equal(struct json_object *a, struct json_object *b)
{
	struct lh_entry *entry;

	if (json_object_object_length(a) != json_object_object_length(b))
		return false;
	lh_foreach(json_object_get_object(a), entry)
	{
		struct json_object *other;

		if (!json_object_object_get_ex(b, lh_entry_k(entry), &other) ||
		    !vz_json_equal((struct json_object *) lh_entry_v(entry), other))
			return false;
	}
	return true;
}

bool vz_json_equal(struct json_object *a, struct json_object *b)
{
	enum json_type type = json_object_get_type(a);

	if (vz_json_is_number(a) && vz_json_is_number(b))
		return numbers_equal(a, b);
	if (type != json_object_get_type(b))
		return false;
	switch (type) {
	case json_type_boolean:
		return json_object_get_boolean(a) == json_object_get_boolean(b);
	case json_type_string:
		return strings_equal(a, b);
	case json_type_array:
		return arrays_equal(a, b);
	case json_type_object:
		return objects_equal(a, b);
	default:
		return true;
	}
}
