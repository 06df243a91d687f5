#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "test-json.h"

static int parse_with(const char *text, const struct vz_json_limits *limits,
		      struct vz_json_error *error)
{
	struct json_object *value = NULL;
	int r = vz_json_parse(text, strlen(text), limits, error, &value);

	json_object_put(value);
	return r;
}

TEST(json_reads_values)
{
	struct json_object *value =
		parse(" {\"a\" : [1, -2.5e1 ,true,false,null ,\"x\"],\r\n\t\"b\":{}} ");
	struct json_object *list = json_object_object_get(value, "a");

	CHECK_EQ(json_object_array_length(list), 6);
	CHECK(json_object_is_type(json_object_array_get_idx(list, 0), json_type_int));
	CHECK_NEAR(json_object_get_double(json_object_array_get_idx(list, 1)), -25, 0);
	CHECK(json_object_get_boolean(json_object_array_get_idx(list, 2)));
	CHECK(json_object_is_type(json_object_array_get_idx(list, 3), json_type_boolean));
	CHECK(!json_object_array_get_idx(list, 4));
	CHECK_STR(json_object_get_string(json_object_array_get_idx(list, 5)), "x");
	CHECK(json_object_is_type(json_object_object_get(value, "b"), json_type_object));
	json_object_put(value);
	CHECK(!parse("null"));
}

TEST(json_errors_name_place_and_expectation)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "", "byte 0: expected a value" },
		{ "  ", "byte 2: expected a value" },
		{ "\xef\xbb\xbf{}", "byte 0: expected a value" },
		{ "{\"a\" 1}", "byte 5: expected ':' after the key" },
		{ "{\"a\":1,}", "byte 7: expected '\"' before a key" },
		{ "{a:1}", "byte 1: expected '\"' before a key" },
		{ "{'a':1}", "byte 1: expected '\"' before a key" },
		{ "{\"a\":1", "byte 6: expected ',' or '}' after the value" },
		{ "{\"a\":1 \"b\":2}", "byte 7: expected ',' or '}' after the value" },
		{ "[1,]", "byte 3: expected a value" },
		{ "[1 2]", "byte 3: expected ',' or ']' after the element" },
		{ "[1", "byte 2: expected ',' or ']' after the element" },
		{ "{} {}", "byte 3: expected the end of the text" },
		{ "nul", "byte 0: expected a value" },
		{ "NaN", "byte 0: expected a value" },
		{ "Infinity", "byte 0: expected a value" },
		{ "-Infinity", "byte 1: expected a digit" },
		{ "True", "byte 0: expected a value" },
		{ "+1", "byte 0: expected a value" },
		{ ".5", "byte 0: expected a value" },
		{ "01", "byte 1: a number must not start with 0" },
		{ "-", "byte 1: expected a digit" },
		{ "1.", "byte 2: expected a digit after the decimal point" },
		{ "1.e5", "byte 2: expected a digit after the decimal point" },
		{ "1e", "byte 2: expected a digit in the exponent" },
		{ "1e+", "byte 3: expected a digit in the exponent" },
		{ "0x10", "byte 1: expected the end of the text" },
		{ "1e999", "byte 0: a number beyond the range of a double" },
		{ "'a'", "byte 0: expected a value" },
		{ "\"a", "byte 2: expected '\"' at the end of the string" },
		{ "\"a\nb\"", "byte 2: a control character in a string" },
		{ "\"\\x\"", "byte 2: expected one of \"\\/bfnrtu after the backslash" },
		{ "\"\\", "byte 2: expected one of \"\\/bfnrtu after the backslash" },
		{ "\"\\u12g4\"", "byte 5: expected four hexadecimal digits after \\u" },
		{ "\"\xff\"", "byte 1: not UTF-8" },
		{ "\"abcdefgh\xc3\"", "byte 9: not UTF-8" },
		{ "\"\xc0\xaf\"", "byte 1: not UTF-8" },
		{ "\"\xed\xa0\x80\"", "byte 1: not UTF-8" },
		{ "\"\xf4\x90\x80\x80\"", "byte 1: not UTF-8" },
		{ "{\"a\":1,\"a\":2}", "byte 7: a key that the object has already" },
		{ "{\"a\":1,\"\\u0061\":2}", "byte 7: a key that the object has already" },
		{ "{\"a\\u0000b\":1}", "byte 1: a NUL character in a key" },
		{ "// x\n1", "byte 0: expected a value" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_json_error error = { 0 };

		test_case(cases[i].text);
		CHECK_EQ(parse_with(cases[i].text, NULL, &error), -EBADMSG);
		CHECK_STR(error.text, cases[i].error);
		CHECK_EQ(parse_with(cases[i].text, NULL, NULL), -EBADMSG);
	}
}

TEST(json_nul_bytes_are_no_end)
{
	struct json_object *value = NULL;

	CHECK_EQ(vz_json_parse("1\0", 2, NULL, NULL, &value), -EBADMSG);
	CHECK_EQ(vz_json_parse("\"\0\"", 3, NULL, NULL, &value), -EBADMSG);
	/* And nothing behind the given size is looked at. */
	CHECK_EQ(vz_json_parse("12]]", 2, NULL, NULL, &value), 0);
	CHECK_EQ(json_object_get_int(value), 12);
	json_object_put(value);
}

TEST(json_numbers)
{
	static const struct {
		const char *text;
		enum json_type type;
		double value;
	} cases[] = {
		{ "0", json_type_int, 0 },
		{ "-0", json_type_double, -0.0 },
		{ "9223372036854775807", json_type_int, 9223372036854775807.0 },
		{ "-9223372036854775807", json_type_int, -9223372036854775807.0 },
		{ "9223372036854775808", json_type_double, 9223372036854775808.0 },
		{ "-9223372036854775808", json_type_double, -9223372036854775808.0 },
		{ "100000000000000000000", json_type_double, 1e20 },
		{ "1.0", json_type_double, 1 },
		{ "1E2", json_type_double, 100 },
		{ "0.1", json_type_double, 0.1 },
		{ "123456789012345678901234567890e-10", json_type_double,
		  12345678901234567890.1234 },
		{ "0.30000000000000004", json_type_double, 0.1 + 0.2 },
		{ "1.7976931348623157e308", json_type_double, 1.7976931348623157e308 },
		{ "5e-324", json_type_double, 5e-324 },
		{ "1e-400", json_type_double, 0 },
		{ "0e99999999999", json_type_double, 0 },
		{ "9007199254740993.0", json_type_double, 9007199254740992.0 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *value = parse(cases[i].text);
		double got = json_object_get_double(value);

		test_case(cases[i].text);
		CHECK_EQ(json_object_get_type(value), cases[i].type);
		CHECK(!memcmp(&got, &cases[i].value, sizeof(got)) ||
		      (got == 0 && cases[i].value == 0));
		json_object_put(value);
	}
}

/* Against strtod(), for digits and exponents around the limits of the quick way. */
TEST(json_numbers_are_rounded_correctly)
{
	uint64_t state = 1;

	for (int i = 0; i < 50000; i++) {
		struct json_object *value;
		double expected, got;
		char text[64];

		state = state * 6364136223846793005u + 1442695040888963407u;
		snprintf(text, sizeof(text), "%llu.%03llue%d",
			 (unsigned long long) (state >> (i % 60)) / 1000,
			 (unsigned long long) (state >> (i % 60)) % 1000, (int) (state % 60) - 30);
		value = parse(text);
		expected = strtod(text, NULL);
		got = json_object_get_double(value);
		test_case(text);
		CHECK(!memcmp(&expected, &got, sizeof(got)));
		json_object_put(value);
	}
}

TEST(json_strings)
{
	static const struct {
		const char *text, *expected;
		int size;
	} cases[] = {
		{ "\"\"", "", 0 },
		{ "\"abcdefghijklmnopqrstuvwxyz\"", "abcdefghijklmnopqrstuvwxyz", 26 },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8 },
		{ "\"a\\u0000b\"", "a\0b", 3 },
		{ "\"\\u00e9\\u20AC\"", "\xc3\xa9\xe2\x82\xac", 5 },
		{ "\"\\ud83d\\udcf7\"", "\xf0\x9f\x93\xb7", 4 },
		{ "\"\\ud83dx\"", "\xef\xbf\xbdx", 4 },
		{ "\"\\udcf7\"", "\xef\xbf\xbd", 3 },
		{ "\"\\ud83d\\u0041\"",
		  "\xef\xbf\xbd"
		  "A",
		  4 },
		{ "\"\\ud83d\\ud83d\\udcf7\"", "\xef\xbf\xbd\xf0\x9f\x93\xb7", 7 },
		{ "\"\xf0\x9f\x93\xb7 and \\n more\"", "\xf0\x9f\x93\xb7 and \n more", 15 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *value = parse(cases[i].text);

		test_case(cases[i].text);
		CHECK_EQ(json_object_get_string_len(value), cases[i].size);
		CHECK(!memcmp(json_object_get_string(value), cases[i].expected,
			      (size_t) cases[i].size));
		json_object_put(value);
	}
}

TEST(json_limits)
{
	static const struct {
		const char *label, *text;
		struct vz_json_limits limits;
		int r;
	} cases[] = {
		{ "bytes", "[1,2]", { 5, 32, 100 }, 0 },
		{ "too many bytes", "[1,2]", { 4, 32, 100 }, -E2BIG },
		{ "depth", "[[{}]]", { 100, 3, 100 }, 0 },
		{ "too deep", "[[{\"a\":[]}]]", { 100, 3, 100 }, -E2BIG },
		{ "scalar in no depth", "1", { 100, 0, 100 }, 0 },
		{ "values", "[1,2,3]", { 100, 3, 5 }, 0 },
		{ "too many values", "[1,2,3,4]", { 100, 3, 5 }, -E2BIG },
		{ "keys count", "{\"a\":1,\"b\":2}", { 100, 3, 8 }, 0 },
		{ "too many keys", "{\"a\":1,\"b\":2}", { 100, 3, 7 }, -E2BIG },
		{ "objects are dear", "[{},{}]", { 100, 3, 9 }, -E2BIG },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		CHECK_EQ(parse_with(cases[i].text, &cases[i].limits, NULL), cases[i].r);
	}
}

TEST(json_bombs_are_refused)
{
	const size_t size = 4u << 20;
	char *text = malloc(size + 1);
	static const char *const units[] = { "[", "{\"a\":", "[[],", "{\"\":[" };
	struct json_object *value = NULL;

	CHECK(text != NULL);
	for (size_t i = 0; i < VZ_N_ELEMENTS(units); i++) {
		for (size_t at = 0; at < size; at += strlen(units[i]))
			memcpy(text + at, units[i],
			       strlen(units[i]) < size - at ? strlen(units[i]) : size - at);
		test_case(units[i]);
		CHECK_EQ(vz_json_parse(text, size, NULL, NULL, &value), -E2BIG);
	}
	memset(text, '1', size);
	test_case("a number without end");
	CHECK_EQ(vz_json_parse(text, size, NULL, NULL, &value), -E2BIG);
	free(text);
}

TEST(json_many_small_objects)
{
	struct vz_buf buf = { 0 };
	struct json_object *value = NULL, *last;

	for (int i = 0; i < 500; i++)
		vz_buf_printf(&buf, "%c{\"i\":%d,\"j\":{}}", i ? ',' : '[', i);
	vz_buf_putc(&buf, ']');
	CHECK_EQ(vz_json_parse(buf.data, buf.size, NULL, NULL, &value), 0);
	vz_buf_deinit(&buf);
	/* Objects whose tables were fitted can be searched and grow as any other. */
	last = json_object_array_get_idx(value, 499);
	CHECK_EQ(json_object_get_int(json_object_object_get(last, "i")), 499);
	for (int i = 0; i < 100; i++) {
		char key[16];

		snprintf(key, sizeof(key), "k%d", i);
		CHECK_EQ(json_object_object_add(last, key, json_object_new_int(i)), 0);
	}
	CHECK_EQ(json_object_get_int(json_object_object_get(last, "k57")), 57);
	CHECK_EQ(json_object_object_length(last), 102);
	json_object_put(value);
}

TEST(json_typed_getters)
{
	struct json_object *o =
		parse("{\"s\":\"x\",\"i\":5,\"d\":2.5,\"whole\":7.0,\"b\":true,\"n\":null,"
		      "\"o\":{},\"a\":[],\"nul\":\"a\\u0000\",\"big\":1e300}");
	struct json_object *child;
	const char *s = NULL;
	double d = 0;
	int64_t i = 0;
	bool b = false;

	CHECK_EQ(vz_json_get_string(o, "s", &s), 0);
	CHECK_STR(s, "x");
	CHECK_EQ(vz_json_get_string(o, "i", &s), -EINVAL);
	CHECK_EQ(vz_json_get_string(o, "nul", &s), -EINVAL);
	CHECK_EQ(vz_json_get_string(o, "none", &s), -ENOENT);
	CHECK_EQ(vz_json_get_string(NULL, "s", &s), -ENOENT);
	CHECK_STR(s, "x");
	CHECK_EQ(vz_json_get_int(o, "i", &i), 0);
	CHECK_EQ(i, 5);
	CHECK_EQ(vz_json_get_int(o, "whole", &i), 0);
	CHECK_EQ(i, 7);
	CHECK_EQ(vz_json_get_int(o, "d", &i), -EINVAL);
	CHECK_EQ(vz_json_get_int(o, "big", &i), -EINVAL);
	CHECK_EQ(vz_json_get_int(o, "b", &i), -EINVAL);
	CHECK_EQ(vz_json_get_int(o, "n", &i), -EINVAL);
	CHECK_EQ(vz_json_get_double(o, "d", &d), 0);
	CHECK_NEAR(d, 2.5, 0);
	CHECK_EQ(vz_json_get_double(o, "i", &d), 0);
	CHECK_NEAR(d, 5, 0);
	CHECK_EQ(vz_json_get_double(o, "s", &d), -EINVAL);
	CHECK_EQ(vz_json_get_bool(o, "b", &b), 0);
	CHECK(b);
	CHECK_EQ(vz_json_get_bool(o, "i", &b), -EINVAL);
	CHECK_EQ(vz_json_get_object(o, "o", &child), 0);
	CHECK_EQ(vz_json_get_object(o, "a", &child), -EINVAL);
	CHECK_EQ(vz_json_get_array(o, "a", &child), 0);
	CHECK_EQ(vz_json_get_array(o, "n", &child), -EINVAL);
	CHECK_EQ(vz_json_get_array(child, "x", &child), -ENOENT);
	json_object_put(o);
}

TEST(json_equality)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "1", "1.0", true },
		{ "1", "2", false },
		{ "0", "-0.0", true },
		{ "1", "\"1\"", false },
		{ "1", "true", false },
		{ "null", "null", true },
		{ "null", "0", false },
		{ "null", "false", false },
		{ "\"a\"", "\"a\"", true },
		{ "\"a\\u0000b\"", "\"a\\u0000c\"", false },
		{ "true", "true", true },
		{ "true", "false", false },
		{ "[1,[2]]", "[1.0,[2]]", true },
		{ "[1]", "[1,1]", false },
		{ "[1,2]", "[2,1]", false },
		{ "[]", "{}", false },
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1.0}", true },
		{ "{\"a\":1}", "{\"b\":1}", false },
		{ "{\"a\":null}", "{}", false },
		{ "{\"a\":null}", "{\"b\":null}", false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *a = parse(cases[i].a), *b = parse(cases[i].b);

		test_case(cases[i].a);
		CHECK_EQ(vz_json_equal(a, b), cases[i].equal);
		CHECK_EQ(vz_json_equal(b, a), cases[i].equal);
		json_object_put(a);
		json_object_put(b);
	}
}

TEST(json_equality_at_the_edges)
{
	struct json_object *big = json_object_new_uint64(UINT64_MAX);
	struct json_object *max = json_object_new_int64(INT64_MAX);
	struct json_object *nan = json_object_new_double(NAN);

	CHECK(!vz_json_equal(big, max));
	CHECK(vz_json_equal(big, big));
	CHECK(!vz_json_equal(nan, nan));
	json_object_put(big);
	json_object_put(max);
	json_object_put(nan);
}
