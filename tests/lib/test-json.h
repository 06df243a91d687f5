/* JSON in tests: values from text, and comparison with text. */
#pragma once

#include "test.h"
#include "util/json.h"

static inline struct json_object *parse(const char *text)
{
	struct json_object *value = NULL;
	struct vz_json_error error;

	if (vz_json_parse(text, strlen(text), NULL, &error, &value) < 0)
		test_fail(__FILE__, __LINE__, "%s in %s", error.text, text);
	return value;
}

static inline bool equals(struct json_object *value, const char *text)
{
	struct json_object *expected = parse(text);
	bool equal = vz_json_equal(value, expected);

	if (!equal)
		fprintf(stderr, "got %s\n", json_object_to_json_string(value));
	json_object_put(expected);
	return equal;
}
