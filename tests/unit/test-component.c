#include "dash/component.h"

#include <errno.h>
#include <stdlib.h>

#include "test-json.h"

TEST(component_is_told_from_plain_data)
{
	static const struct {
		const char *label, *text;
		bool is;
	} cases[] = {
		{ "component", "{\"namespace\":\"n\",\"type\":\"T\",\"props\":{}}", true },
		{ "more keys", "{\"namespace\":\"n\",\"type\":\"T\",\"props\":{},\"x\":1}", true },
		{ "no props", "{\"namespace\":\"n\",\"type\":\"T\"}", false },
		{ "props is a list", "{\"namespace\":\"n\",\"type\":\"T\",\"props\":[]}", false },
		{ "type is a number", "{\"namespace\":\"n\",\"type\":1,\"props\":{}}", false },
		{ "namespace is null", "{\"namespace\":null,\"type\":\"T\",\"props\":{}}", false },
		{ "no object", "[1]", false },
		{ "null", "null", false },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *value = parse(cases[i].text);

		test_case(cases[i].label);
		CHECK_EQ(vz_component_check(value), cases[i].is);
		CHECK_EQ(vz_component_props(value) != NULL, cases[i].is);
		json_object_put(value);
	}
}

TEST(component_ids_have_one_form)
{
	static const struct {
		const char *label, *id, *expected;
	} cases[] = {
		{ "plain", "\"brightness\"", "brightness" },
		{ "with a dot", "\"a.b\"", "a.b" },
		{ "empty", "\"\"", NULL },
		{ "like a pattern", "\"{x\"", NULL },
		{ "NUL", "\"a\\u0000b\"", NULL },
		{ "number", "5", NULL },
		{ "null", "null", NULL },
		{ "array", "[]", NULL },
		{ "pattern, sorted", "{\"type\":\"pm\",\"index\":1}",
		  "{\"index\":1,\"type\":\"pm\"}" },
		{ "whole double", "{\"i\":2.0}", "{\"i\":2}" },
		{ "double", "{\"i\":0.1}", "{\"i\":0.1}" },
		{ "as JavaScript writes it", "{\"i\":1e21,\"j\":1e-7}",
		  "{\"i\":1e+21,\"j\":1e-7}" },
		{ "booleans", "{\"b\":false,\"a\":true}", "{\"a\":true,\"b\":false}" },
		{ "text is as in the browser", "{\"a\":\"<\\u2028\\u00e9\\\"\\n\"}",
		  "{\"a\":\"<\xe2\x80\xa8\xc3\xa9\\\"\\n\"}" },
		{ "wildcard", "{\"i\":[\"ALL\"]}", "{\"i\":[\"ALL\"]}" },
		{ "no keys", "{}", NULL },
		{ "null inside", "{\"a\":null}", NULL },
		{ "object inside", "{\"a\":{}}", NULL },
		{ "two in a wildcard", "{\"a\":[\"ALL\",\"MATCH\"]}", NULL },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *id = parse(cases[i].id);
		char *text = NULL;
		int r = vz_component_id_string(id, &text);

		test_case(cases[i].label);
		CHECK_EQ(r, cases[i].expected ? 0 : -EINVAL);
		if (cases[i].expected)
			CHECK_STR(text, cases[i].expected);
		free(text);
		json_object_put(id);
	}
}

TEST(component_id_and_property_are_split)
{
	static const struct {
		const char *label, *text, *id, *property;
	} cases[] = {
		{ "plain", "out.children", "out", "children" },
		{ "escaped dot", "a\\.b.value", "a.b", "value" },
		{ "bare dot in the id", "a.b.value", "a.b", "value" },
		{ "only an escaped dot", "a\\.b", NULL, NULL },
		{ "pattern", "{\"index\":1,\"type\":\"p.m\"}.n_clicks",
		  "{\"index\":1,\"type\":\"p.m\"}", "n_clicks" },
		{ "pattern, escaped", "{\"index\":0\\.5}.value", "{\"index\":0.5}", "value" },
		{ "token", "dup.children@b7e2", "dup", "children@b7e2" },
		{ "no dot", "out", NULL, NULL },
		{ "no id", ".value", NULL, NULL },
		{ "no property", "out.", NULL, NULL },
		{ "empty", "", NULL, NULL },
		{ "pattern without property", "{\"a\":\"b.c\"}", NULL, NULL },
		{ "open pattern", "{\"a\":1.b", NULL, NULL },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		char *id = NULL, *property = NULL;
		int r = vz_component_split(cases[i].text, &id, &property);

		test_case(cases[i].label);
		CHECK_EQ(r, cases[i].id ? 0 : -EINVAL);
		if (cases[i].id) {
			CHECK_STR(id, cases[i].id);
			CHECK_STR(property, cases[i].property);
		}
		free(id);
		free(property);
	}
}
