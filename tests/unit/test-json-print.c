#include <math.h>
#include <stdlib.h>

#include "test-json.h"

static char text[1024];

/* What the printer makes of a value, in a buffer that the next call overwrites. */
static const char *take(struct vz_buf *buf)
{
	CHECK(!buf->failed && buf->size < sizeof(text));
	memcpy(text, buf->data, buf->size);
	text[buf->size] = '\0';
	vz_buf_deinit(buf);
	return text;
}

static const char *print_double(double value)
{
	struct vz_buf buf = { 0 };

	vz_json_print_double(&buf, value);
	return take(&buf);
}

static const char *print(struct json_object *value)
{
	struct vz_buf buf = { 0 };

	vz_json_print(&buf, value);
	json_object_put(value);
	return take(&buf);
}

static const char *print_string(const char *string, size_t size)
{
	struct vz_buf buf = { 0 };

	vz_json_print_string(&buf, string, size);
	return take(&buf);
}

TEST(print_doubles_as_javascript_does)
{
	static const struct {
		double value;
		const char *expected;
	} cases[] = {
		{ 0, "0" },
		{ -0.0, "-0" },
		{ 5, "5" },
		{ -17, "-17" },
		{ 0.1, "0.1" },
		{ 0.3, "0.3" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 2.0 / 3, "0.6666666666666666" },
		{ 12.34, "12.34" },
		{ 100.5, "100.5" },
		{ 999999.999999, "999999.999999" },
		{ 123456789.125, "123456789.125" },
		{ 0.000001, "0.000001" },
		{ 0.0000012, "0.0000012" },
		{ 0.0000001, "1e-7" },
		{ 1.5e-7, "1.5e-7" },
		{ 1e15, "1000000000000000" },
		{ 9007199254740993.0, "9007199254740992" },
		{ 1e20, "100000000000000000000" },
		{ 123456789012345680000.0, "123456789012345680000" },
		{ 1e21, "1e+21" },
		{ 1.7976931348623157e308, "1.7976931348623157e+308" },
		{ 2.2250738585072014e-308, "2.2250738585072014e-308" },
		{ 5e-324, "5e-324" },
		{ 1064434582722445.25, "1064434582722445.2" },
		{ 9.5, "9.5" },
		{ 99999999999999.98, "99999999999999.98" },
		{ INFINITY, "null" },
		{ -INFINITY, "null" },
		{ NAN, "null" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].expected);
		CHECK_STR(print_double(cases[i].value), cases[i].expected);
	}
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* One double of each kind: any bits, a fraction, some decimals, 17 digits, a power of two. */
static double make_double(int kind, uint64_t bits)
{
	double x;

	switch (kind) {
	case 0:
		memcpy(&x, &bits, sizeof(x));
		return x;
	case 1:
		return (double) (bits >> 11) / 0x1p53;
	case 2:
		return (double) (bits % 1000000000) / pow(10, (int) (bits >> 40 & 15));
	case 3:
		return (double) (bits % 100000000000000000u) / pow(10, (int) (bits >> 58));
	default:
		return ldexp(1, (int) (bits % 2000) - 1000);
	}
}

TEST(print_doubles_that_read_back_the_same)
{
	uint64_t state = 88172645463325252u;

	for (int i = 0; i < 100000; i++) {
		double x = make_double(i % 5, next_random(&state)), back;
		char shorter[40];
		const char *c;
		int digits = 0;

		if (!isfinite(x))
			continue;
		back = strtod(print_double(x), NULL);
		CHECK(!memcmp(&back, &x, sizeof(x)));
		if (i % 5 == 4)
			continue;
		/* One digit less, and another double is meant. (A power of two may have one too
		 * many.) */
		for (c = text; *c && *c != 'e'; c++)
			digits += *c >= '0' && *c <= '9' && (digits || *c != '0');
		if (strchr(text, '.') && digits > 1) {
			snprintf(shorter, sizeof(shorter), "%.*e", digits - 2, x);
			CHECK(strtod(shorter, NULL) != x);
		}
	}
}

TEST(print_integers)
{
	CHECK_STR(print(json_object_new_int64(INT64_MIN)), "-9223372036854775808");
	CHECK_STR(print(json_object_new_int64(INT64_MAX)), "9223372036854775807");
	CHECK_STR(print(json_object_new_uint64(UINT64_MAX)), "18446744073709551615");
	CHECK_STR(print(json_object_new_int64(0)), "0");
	CHECK_STR(print(json_object_new_int64(-10)), "-10");
}

TEST(print_values)
{
	CHECK_STR(print(NULL), "null");
	CHECK_STR(print(json_object_new_boolean(true)), "true");
	CHECK_STR(print(parse("[]")), "[]");
	CHECK_STR(print(parse("{}")), "{}");
	CHECK_STR(print(parse(" { \"a\" : [ 1 , 2.50 , null ] , \"b\" : { \"c\" : false } } ")),
		  "{\"a\":[1,2.5,null],\"b\":{\"c\":false}}");
	/* The text that a number was read from does not come back. */
	CHECK_STR(print(json_object_new_double_s(0.5, "0.50000")), "0.5");
}

TEST(print_strings)
{
	static const struct {
		const char *label, *string;
		size_t size;
		const char *expected;
	} cases[] = {
		{ "empty", "", 0, "\"\"" },
		{ "plain", "abcdefghijklmnop", 16, "\"abcdefghijklmnop\"" },
		{ "quotes", "a\"b\\c/", 6, "\"a\\\"b\\\\c/\"" },
		{ "short escapes", "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"" },
		{ "control characters", "\0\1\x1f\x7f", 4, "\"\\u0000\\u0001\\u001f\x7f\"" },
		{ "page", "</script><!--", 13, "\"\\u003c/script>\\u003c!--\"" },
		{ "line separators", "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa", 9,
		  "\"\\u2028\\u2029\xe2\x80\xaa\"" },
		{ "more than ASCII", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xb7", 9,
		  "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\xb7\"" },
		{ "lone byte",
		  "a\xff"
		  "b",
		  3,
		  "\"a\xef\xbf\xbd"
		  "b\"" },
		{ "cut off", "a\xe2\x82", 3, "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "overlong", "\xc0\x80", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "surrogate", "\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "beyond Unicode", "\xf4\x90\x80\x80", 4,
		  "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "escape far in", "0123456789abcde\n0123456789", 26,
		  "\"0123456789abcde\\n0123456789\"" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		CHECK_STR(print_string(cases[i].string, cases[i].size), cases[i].expected);
	}
}

/* Whatever bytes come in, what goes out can be read, and holds none of what must not be there. */
TEST(print_any_bytes)
{
	uint64_t state = 7;

	for (int round = 0; round < 20000; round++) {
		struct json_object *value = NULL;
		struct vz_buf buf = { 0 };
		char bytes[24];
		size_t size = next_random(&state) % sizeof(bytes);

		for (size_t i = 0; i < size; i++)
			bytes[i] = (char) (next_random(&state) >> (round % 3 * 8));
		vz_json_print_string(&buf, bytes, size);
		CHECK_EQ(vz_json_parse(buf.data, buf.size, NULL, NULL, &value), 0);
		CHECK(!memchr(buf.data, '<', buf.size));
		json_object_put(value);
		vz_buf_deinit(&buf);
	}
}

TEST(print_sorted)
{
	struct json_object *id = parse("{\"b\":\"<\",\"a\":[\"ALL\"],\"c\":0.5}");
	struct vz_buf buf = { 0 };

	vz_json_print_flat_sorted(&buf, id);
	json_object_put(id);
	CHECK_STR(take(&buf), "{\"a\":[\"ALL\"],\"b\":\"<\",\"c\":0.5}");
}
