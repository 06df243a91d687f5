#include "dash/pattern.h"

#include <errno.h>

#include "test-json.h"

static struct vz_pattern *read_pattern(const char *id)
{
	VZ_CLEANUP(json_object_putp) struct json_object *object = parse(id);
	struct vz_pattern *pattern = NULL;

	if (vz_pattern_read(object, &pattern) < 0)
		test_fail(__FILE__, __LINE__, "%s is no pattern", id);
	return pattern;
}

TEST(pattern_is_told_from_ids)
{
	static const struct {
		const char *id;
		int r;
		bool is, is_list, has_match;
	} cases[] = {
		{ "{\"index\":1}", 0, false, false, false },
		{ "{\"index\":[\"MATCH\"]}", 0, true, false, true },
		{ "{\"index\":[\"ALL\"],\"type\":\"row\"}", 0, true, true, false },
		{ "{\"a\":[\"ALLSMALLER\"],\"b\":[\"MATCH\"]}", 0, true, true, true },
		{ "plain", 0, false, false, false },
		{ "{\"index\":[\"SOME\"]}", -EINVAL, false, false, false },
		{ "{\"index\":[]}", -EINVAL, false, false, false },
		{ "{\"index\":", -EINVAL, false, false, false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		VZ_CLEANUP(json_object_putp) struct json_object *id = NULL;
		VZ_CLEANUP(vz_pattern_freep) struct vz_pattern *pattern = NULL;

		test_case(cases[i].id);
		CHECK_EQ(vz_pattern_read_text(cases[i].id, &id, &pattern), cases[i].r);
		CHECK_EQ(pattern != NULL, cases[i].is);
		CHECK_EQ(id != NULL, cases[i].r == 0 && cases[i].id[0] == '{');
		CHECK_EQ(pattern && pattern->is_list, cases[i].is_list);
		CHECK_EQ(pattern && pattern->has_match, cases[i].has_match);
	}
}

TEST(pattern_matches_as_the_renderer_does)
{
	static const struct {
		const char *pattern, *id, *match;
		bool yes;
	} cases[] = {
		{ "{'i':['ALL'],'t':'row'}", "{'i':1,'t':'row'}", NULL, true },
		{ "{'i':['ALL'],'t':'row'}", "{'i':1,'t':'col'}", NULL, false },
		{ "{'i':['ALL'],'t':'row'}", "{'i':1}", NULL, false },
		{ "{'i':['ALL'],'t':'row'}", "{'i':1,'t':'row','u':1}", NULL, false },
		{ "{'i':['ALL'],'t':'row'}", "{'j':1,'t':'row'}", NULL, false },
		{ "{'i':['ALL'],'t':1}", "{'i':1,'t':'1'}", NULL, false },
		{ "{'i':['ALL']}", "{'i':1}", "{'i':2}", true },
		{ "{'i':['MATCH']}", "{'i':1}", NULL, true },
		{ "{'i':['MATCH']}", "{'i':1}", "{'i':1}", true },
		{ "{'i':['MATCH']}", "{'i':1}", "{'i':2}", false },
		{ "{'i':['MATCH']}", "{'i':1}", "{'j':2}", true },
		{ "{'i':['MATCH']}", "{'i':true}", "{'i':true}", true },
		{ "{'i':['MATCH']}", "{'i':true}", "{'i':false}", false },
		{ "{'i':['ALLSMALLER']}", "{'i':1}", "{'i':2}", true },
		{ "{'i':['ALLSMALLER']}", "{'i':2}", "{'i':2}", false },
		{ "{'i':['ALLSMALLER']}", "{'i':3}", "{'i':2}", false },
		{ "{'i':['ALLSMALLER']}", "{'i':'10'}", "{'i':9}", false },
		{ "{'i':['ALLSMALLER']}", "{'i':'a'}", "{'i':'b'}", true },
		{ "{'i':['ALLSMALLER'],'j':['MATCH']}", "{'i':1,'j':5}", "{'i':2,'j':5}", true },
		{ "{'i':['ALLSMALLER'],'j':['MATCH']}", "{'i':1,'j':5}", "{'i':2,'j':6}", false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		char texts[3][128] = { "", "", "" };
		struct vz_pattern *pattern;
		struct json_object *id, *match;

		test_case(cases[i].id);
		for (unsigned j = 0; j < 3; j++) {
			const char *from = j == 0 ? cases[i].pattern
					   : j == 1 ? cases[i].id
						    : cases[i].match ?: "null";

			snprintf(texts[j], sizeof(texts[j]), "%s", from);
			for (char *p = texts[j]; *p; p++)
				if (*p == '\'')
					*p = '"';
		}
		pattern = read_pattern(texts[0]);
		id = parse(texts[1]);
		match = parse(texts[2]);
		CHECK_EQ(vz_pattern_matches(pattern, id, match), cases[i].yes);
		json_object_put(id);
		json_object_put(match);
		vz_pattern_free(pattern);
	}
}

TEST(pattern_values_have_an_order)
{
	/* As the renderer's idValSort() puts them. */
	struct json_object *order =
		parse("[-3,\"-1\",0,2.5,\"10\",100,false,true,\"\",\"a\",\"b\"]");
	size_t n = json_object_array_length(order);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			CHECK_EQ(vz_pattern_compare(json_object_array_get_idx(order, i),
						    json_object_array_get_idx(order, j)) < 0,
				 i < j);
	json_object_put(order);
}

TEST(pattern_overlaps_where_a_component_may_be_both)
{
	static const char *const patterns[] = {
		"{\"i\":[\"ALL\"],\"t\":\"a\"}",   "{\"i\":[\"MATCH\"],\"t\":\"a\"}",
		"{\"i\":[\"MATCH\"],\"t\":\"b\"}", "{\"i\":1,\"t\":[\"ALL\"]}",
		"{\"j\":1,\"t\":[\"ALL\"]}",	   "{\"i\":[\"ALL\"]}",
	};
	static const bool overlap[6][6] = {
		{ 1, 1, 0, 1, 0, 0 }, { 1, 1, 0, 1, 0, 0 }, { 0, 0, 1, 1, 0, 0 },
		{ 1, 1, 1, 1, 0, 0 }, { 0, 0, 0, 0, 1, 0 }, { 0, 0, 0, 0, 0, 1 },
	};

	for (unsigned i = 0; i < 6; i++)
		for (unsigned j = 0; j < 6; j++) {
			VZ_CLEANUP(vz_pattern_freep)
			struct vz_pattern *a = read_pattern(patterns[i]);
			VZ_CLEANUP(vz_pattern_freep)
			struct vz_pattern *b = read_pattern(patterns[j]);

			test_case(patterns[i]);
			CHECK_EQ(vz_pattern_overlaps(a, b), overlap[i][j]);
		}
}

TEST(pattern_takes_what_match_is)
{
	struct vz_pattern *pattern = read_pattern("{\"a\":[\"MATCH\"],\"b\":[\"ALL\"],\"c\":5}");
	struct json_object *match = json_object_new_object();
	struct json_object *first = parse("{\"a\":1,\"b\":2,\"c\":5}");
	struct json_object *other = parse("{\"a\":3,\"b\":2,\"c\":5}");

	CHECK_EQ(vz_pattern_take_match(pattern, first, match), 0);
	CHECK(equals(match, "{\"a\":1}"));
	CHECK_EQ(vz_pattern_take_match(pattern, first, match), 0);
	CHECK_EQ(vz_pattern_take_match(pattern, other, match), -EINVAL);
	CHECK(equals(match, "{\"a\":1}"));
	CHECK(vz_pattern_find(pattern, "a", VZ_WILDCARD_MATCH) != NULL);
	CHECK(!vz_pattern_find(pattern, "a", VZ_WILDCARD_ALL));
	json_object_put(match);
	json_object_put(first);
	json_object_put(other);
	vz_pattern_free(pattern);
}
