#include "dash/patch.h"

#include <errno.h>
#include <stdlib.h>

#include "test-json.h"

/* The Patch with these operations (taken). */
static struct json_object *make_patch(struct json_object *operations)
{
	struct json_object *patch = parse("{\"__dash_patch_update\":\"__dash_patch_update\"}");

	json_object_object_add(patch, "operations", operations);
	return patch;
}

TEST(patch_is_told_from_values)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ "{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":[]}", true },
		{ "{\"__dash_patch_update\":\"__dash_patch_update\"}", false },
		{ "{\"operations\":[]}", false },
		{ "{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":{}}", false },
		{ "[]", false },
		{ "null", false },
		{ "\"__dash_patch_update\"", false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *value = parse(cases[i].text);

		test_case(cases[i].text);
		CHECK_EQ(vz_patch_check(value), cases[i].is);
		json_object_put(value);
	}
}

static void check_row(const char *line)
{
	struct json_object *row = parse(line), *expected, *result = NULL;
	struct json_object *value = json_object_object_get(row, "value"), *before = parse(line);
	struct json_object *patch =
		make_patch(json_object_get(json_object_object_get(row, "operations")));
	bool fits = json_object_object_get_ex(row, "result", &expected);

	CHECK_EQ(vz_patch_apply(value, patch, &result), fits ? 0 : -EINVAL);
	if (fits)
		CHECK(vz_json_equal(result, expected));
	/* Neither value nor Patch is changed. */
	CHECK(vz_json_equal(row, before));
	json_object_put(result);
	json_object_put(patch);
	json_object_put(before);
	json_object_put(row);
}

/* What the renderer itself made of these values and operations, or that it threw. */
TEST(patch_does_what_the_renderer_does)
{
	FILE *file = fopen(TEST_DATA "/patch.jsonl", "r");
	char *line = NULL;
	size_t size = 0;
	unsigned n = 0;

	CHECK(file != NULL);
	while (getline(&line, &size, file) > 0) {
		test_case(line);
		check_row(line);
		n++;
	}
	CHECK_EQ(n, 245);
	free(line);
	fclose(file);
}

/* Where JavaScript would make NaN, a hole or a list of nothing of it, we say that it does not fit.
 */
TEST(patch_refuses_what_does_not_fit)
{
	static const char *const cases[] = {
		"{\"operation\":\"Explode\",\"location\":[],\"params\":{}}",
		"{\"operation\":\"Append\",\"params\":{\"value\":1}}",
		"{\"operation\":\"Append\",\"location\":\"a\",\"params\":{\"value\":1}}",
		"{\"location\":[],\"params\":{}}",
		"7",
		"{\"operation\":\"Append\",\"location\":[\"n\"],\"params\":{\"value\":1}}",
		"{\"operation\":\"Extend\",\"location\":[\"a\"],\"params\":{\"value\":1}}",
		"{\"operation\":\"Insert\",\"location\":[\"a\"],\"params\":{\"value\":1}}",
		"{\"operation\":\"Merge\",\"location\":[\"o\"],\"params\":{\"value\":1}}",
		"{\"operation\":\"Merge\",\"location\":[\"n\"],\"params\":{\"value\":{}}}",
		"{\"operation\":\"Add\",\"location\":[\"n\"],\"params\":{\"value\":\"x\"}}",
		"{\"operation\":\"Add\",\"location\":[\"missing\"],\"params\":{\"value\":1}}",
		"{\"operation\":\"Div\",\"location\":[\"n\"],\"params\":{\"value\":0}}",
		"{\"operation\":\"Clear\",\"location\":[\"n\"],\"params\":{}}",
		"{\"operation\":\"Reverse\",\"location\":[\"o\"],\"params\":{}}",
		"{\"operation\":\"Delete\",\"location\":[],\"params\":{}}",
		"{\"operation\":\"Assign\",\"location\":[\"a\",7],\"params\":{\"value\":1}}",
		"{\"operation\":\"Assign\",\"location\":[\"a\",-7],\"params\":{\"value\":1}}",
		"{\"operation\":\"Assign\",\"location\":[\"a\",\"x\"],\"params\":{\"value\":1}}",
		"{\"operation\":\"Assign\",\"location\":[\"n\",\"x\"],\"params\":{\"value\":1}}",
		"{\"operation\":\"Assign\",\"location\":[null],\"params\":{\"value\":1}}",
		"{\"operation\":\"Assign\",\"location\":[\"missing\",0],\"params\":{\"value\":1}}",
	};
	struct json_object *value = parse("{\"a\":[1,2],\"n\":5,\"o\":{}}");

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *operations = json_object_new_array(), *patch, *result = NULL;

		test_case(cases[i]);
		json_object_array_add(operations, parse(cases[i]));
		patch = make_patch(operations);
		CHECK_EQ(vz_patch_apply(value, patch, &result), -EINVAL);
		CHECK(!result);
		json_object_put(patch);
	}
	CHECK(equals(value, "{\"a\":[1,2],\"n\":5,\"o\":{}}"));
	json_object_put(value);
}

static struct json_object *apply(const char *value_text, const char *operation)
{
	struct json_object *operations = json_object_new_array(), *value = parse(value_text);
	struct json_object *patch, *result = NULL;

	json_object_array_add(operations, parse(operation));
	patch = make_patch(operations);
	CHECK_EQ(vz_patch_apply(value, patch, &result), 0);
	json_object_put(patch);
	json_object_put(value);
	return result;
}

TEST(patch_whole_numbers_stay_whole)
{
	struct json_object *sum, *large;

	sum = apply("5", "{\"operation\":\"Add\",\"location\":[],\"params\":{\"value\":3}}");
	CHECK(json_object_is_type(sum, json_type_int));
	CHECK_EQ(json_object_get_int(sum), 8);
	large = apply("9223372036854775807",
		      "{\"operation\":\"Add\",\"location\":[],\"params\":{\"value\":1}}");
	CHECK(json_object_is_type(large, json_type_double));
	CHECK_NEAR(json_object_get_double(large), 0x1p63, 0);
	json_object_put(sum);
	json_object_put(large);
}

TEST(patch_location_has_an_end)
{
	struct json_object *operation, *location = json_object_new_array(), *patch, *result = NULL;
	struct json_object *operations = json_object_new_array();

	for (int i = 0; i < 65; i++)
		json_object_array_add(location, json_object_new_string("a"));
	operation = parse("{\"operation\":\"Assign\",\"params\":{\"value\":1}}");
	json_object_object_add(operation, "location", location);
	json_object_array_add(operations, operation);
	patch = make_patch(operations);
	CHECK_EQ(vz_patch_apply(NULL, patch, &result), -EINVAL);
	json_object_put(patch);
}

TEST(patch_shares_what_it_does_not_touch)
{
	struct json_object *value = parse("{\"big\":[1,2,3],\"small\":0}"), *operations, *patch;
	struct json_object *big = json_object_object_get(value, "big"), *result = NULL;

	operations = parse(
		"[{\"operation\":\"Assign\",\"location\":[\"small\"],\"params\":{\"value\":1}}]");
	patch = make_patch(operations);
	CHECK_EQ(vz_patch_apply(value, patch, &result), 0);
	CHECK(json_object_object_get(result, "big") == big);
	CHECK(equals(value, "{\"big\":[1,2,3],\"small\":0}"));
	json_object_put(value);
	CHECK(equals(result, "{\"big\":[1,2,3],\"small\":1}"));
	json_object_put(result);
	json_object_put(patch);
}
