#include "test.h"

#include <errno.h>

#include "server/header.h"

TEST(content_length_is_digits_alone)
{
	static const struct {
		const char *text;
		int r;
		int64_t length;
	} cases[] = {
		{ "0", 0, 0 },
		{ "5", 0, 5 },
		{ "000123", 0, 123 },
		{ "9000000000000000000", 0, 9000000000000000000 },
		{ "", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
		{ "5,5", -EINVAL, 0 },
		{ "0x10", -EINVAL, 0 },
		{ "1e3", -EINVAL, 0 },
		{ "99999999999999999999", -EINVAL, 0 },
		{ "-123456789123456789123456789", -EINVAL, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t length = 0;

		test_case(cases[i].text);
		CHECK_EQ(vz_header_parse_length(cases[i].text, &length), cases[i].r);
		CHECK_EQ(length, cases[i].length);
	}
}

TEST(gzip_is_accepted_when_named_and_not_refused)
{
	static const struct {
		const char *text;
		bool accepts;
	} cases[] = {
		{ "gzip", true },
		{ "gzip, deflate", true },
		{ "deflate,  GZIP ;q=0.5", true },
		{ "br;q=1.0, gzip;q=0.8, *;q=0.1", true },
		{ "gzip;q=1", true },
		{ "gzip;q=0.001", true },
		{ "", false },
		{ "deflate, br", false },
		{ "gzip;q=0", false },
		{ "gzip; q=0.000", false },
		{ "x-gzip", false },
		{ "gzipped", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].text);
		CHECK_EQ(vz_header_accepts_gzip(cases[i].text), cases[i].accepts);
	}
}

TEST(cookies_are_found_by_their_whole_name)
{
	static const struct {
		const char *text, *value; /* NULL: none */
	} cases[] = {
		{ "vizyd=abc", "abc" },
		{ "a=1; vizyd=abc; b=2", "abc" },
		{ "a=1;vizyd=abc", "abc" },
		{ "vizyd=abc; vizyd=def", "abc" },
		{ "a=1, vizyd=abc", "abc" },
		{ "vizyd=", "" },
		{ "vizyd=1234567", "1234567" },
		/* Longer than any of ours. */
		{ "vizyd=12345678; vizyd=abc", "abc" },
		{ "vizyd=12345678", NULL },
		{ "vizyd", NULL },
		{ "myvizyd=abc; vizydx=abc", NULL },
		{ "a=vizyd=abc", NULL },
		{ "", NULL },
		{ " ;,; ", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char value[8] = "before";

		test_case(cases[i].text);
		CHECK_EQ(vz_header_get_cookie(cases[i].text, "vizyd", value, sizeof(value)),
			 cases[i].value != NULL);
		CHECK_STR(value, cases[i].value ? cases[i].value : "before");
	}
}

TEST(entity_tags_match_as_a_whole)
{
	static const struct {
		const char *text;
		bool matches;
	} cases[] = {
		{ "\"abc\"", true },
		{ "W/\"abc\"", true },
		{ "\"x\", \"abc\"", true },
		{ "\"a,b\" ,\"abc\"", true },
		{ "*", true },
		{ "", false },
		{ "abc", false },
		{ "\"ab\"", false },
		{ "\"abcd\"", false },
		{ "\"x,\"abc\"", false },
		{ "\"abc-gz\"", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].text);
		CHECK_EQ(vz_header_matches_etag(cases[i].text, "\"abc\""), cases[i].matches);
	}
}

TEST(words_of_a_list)
{
	CHECK(vz_header_has_word("keep-alive, Upgrade", "upgrade"));
	CHECK(vz_header_has_word("upgrade", "upgrade"));
	CHECK(!vz_header_has_word("upgraded", "upgrade"));
	CHECK(!vz_header_has_word("up grade", "upgrade"));
	CHECK(!vz_header_has_word("", "upgrade"));
}

TEST(fingerprints_are_taken_out_of_names)
{
	static const struct {
		const char *path, *stripped;
	} cases[] = {
		{ "a/dash_renderer.v3_4_1m1b2c3d.min.js", "a/dash_renderer.min.js" },
		{ "x.v1m0.css", "x.css" },
		{ "x.v1-2m0F.css", "x.css" },
		{ "a.b/c.v1mff.js", "a.b/c.js" },
		{ "vm/x.vmm1.js", "vm/x.js" },
		{ "x.js", NULL },
		{ "x.min.js", NULL },
		{ "x.v1m.js", NULL },
		{ "x.v1mxyz.js", NULL },
		{ "x.vm1.js", NULL },
		{ "x.w1m1.js", NULL },
		{ "x.v1 m1.js", NULL },
		{ "x.v1m1", NULL },
		{ "a.v1m1.b/x", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char stripped[64] = "";

		test_case(cases[i].path);
		CHECK_EQ(vz_fingerprint_strip(cases[i].path, stripped, sizeof(stripped)),
			 cases[i].stripped != NULL);
		if (cases[i].stripped)
			CHECK_STR(stripped, cases[i].stripped);
	}
}

TEST(a_name_that_does_not_fit_is_left_alone)
{
	char room[8];

	CHECK(!vz_fingerprint_strip("abcde.v1m1.js", room, sizeof(room)));
	CHECK(vz_fingerprint_strip("abcd.v1m1.js", room, sizeof(room)));
	CHECK_STR(room, "abcd.js");
}

TEST(files_have_a_dot_in_their_last_part)
{
	CHECK(vz_path_is_file("/a/b.css"));
	CHECK(vz_path_is_file("/.htaccess"));
	CHECK(!vz_path_is_file("/"));
	CHECK(!vz_path_is_file("/a.b/c"));
	CHECK(!vz_path_is_file("/camera"));
}
