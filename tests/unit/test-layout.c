#include "dash/layout.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/component.h"
#include "test-json.h"
#include "util/blob.h"

#define DIV(id, children)                                                                  \
	"{\"namespace\":\"dash_html_components\",\"type\":\"Div\",\"props\":{\"id\":\"" id \
	"\",\"children\":" children "}}"

static struct vz_layout *new_layout(const char *text)
{
	struct vz_layout *layout = NULL;

	CHECK_EQ(vz_layout_new(&layout), 0);
	CHECK_EQ(vz_layout_set_root(layout, parse(text), NULL), 0);
	return layout;
}

static void check_encoded(struct vz_layout *layout, const char *expected)
{
	struct json_object *got = NULL, *want = parse(expected);
	struct vz_blob *blob = NULL;

	CHECK_EQ(vz_layout_encode(layout, &blob), 0);
	CHECK_EQ(vz_json_parse((const char *) blob->data, blob->size, NULL, NULL, &got), 0);
	CHECK(vz_json_equal(got, want));
	json_object_put(got);
	json_object_put(want);
	vz_blob_unref(blob);
}

static int set(struct vz_layout *layout, const char *id, const char *property, const char *value)
{
	return vz_layout_set(layout, id, property, parse(value));
}

TEST(layout_finds_components_by_id)
{
	struct vz_layout *layout =
		new_layout(DIV("root", "[" DIV("a", "\"x\"") "," DIV("b", "null") "]"));

	CHECK_EQ(vz_layout_n_components(layout), 3);
	CHECK(vz_layout_find(layout, "root") != NULL);
	CHECK_STR(json_object_get_string(vz_layout_get(layout, "a", "children")), "x");
	CHECK(!vz_layout_get(layout, "b", "children"));
	CHECK(!vz_layout_get(layout, "nobody", "children"));
	CHECK(!vz_layout_find(layout, "nobody"));
	vz_layout_free(layout);
}

TEST(layout_finds_components_in_any_property)
{
	struct vz_layout *layout = new_layout(
		"[" DIV("a", "null") ",{\"namespace\":\"n\",\"type\":\"T\",\"props\":{\"options\":"
				     "[{\"label\":" DIV("deep", "1") ",\"value\":1}]}}]");

	CHECK_EQ(vz_layout_n_components(layout), 3);
	CHECK_EQ(json_object_get_int(vz_layout_get(layout, "deep", "children")), 1);
	vz_layout_free(layout);
}

TEST(layout_knows_pattern_ids_by_their_canonical_form)
{
	struct vz_layout *layout = new_layout("{\"namespace\":\"n\",\"type\":\"T\",\"props\":{"
					      "\"id\":{\"type\":\"pm\",\"index\":1},"
					      "\"value\":9}}");

	CHECK_EQ(json_object_get_int(
			 vz_layout_get(layout, "{\"index\":1,\"type\":\"pm\"}", "value")),
		 9);
	vz_layout_free(layout);
}

TEST(layout_refuses_what_is_no_tree_of_components)
{
	static const struct {
		const char *label, *text;
		int r;
	} cases[] = {
		{ "null", "null", -EINVAL },
		{ "plain object", "{\"a\":1}", -EINVAL },
		{ "array with plain data", "[" DIV("a", "1") ",5]", -EINVAL },
		{ "id of no known form",
		  "{\"namespace\":\"n\",\"type\":\"T\",\"props\":{\"id\":[]}}", -EINVAL },
		{ "one id twice", DIV("a", "[" DIV("b", "1") "," DIV("a", "1") "]"), -EEXIST },
	};
	struct vz_layout *layout = new_layout(DIV("old", "1"));

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		char *bad = NULL;

		test_case(cases[i].label);
		CHECK_EQ(vz_layout_set_root(layout, parse(cases[i].text), &bad), cases[i].r);
		if (cases[i].r == -EEXIST)
			CHECK_STR(bad, "a");
		else
			CHECK(!bad);
		free(bad);
		check_encoded(layout, DIV("old", "1"));
		CHECK(vz_layout_find(layout, "old") != NULL);
	}
	vz_layout_free(layout);
}

TEST(layout_encodes_anew_only_after_a_change)
{
	struct vz_layout *layout = new_layout(DIV("a", "1"));
	struct vz_blob *first = NULL, *second = NULL;

	CHECK_EQ(vz_layout_encode(layout, &first), 0);
	CHECK_EQ(vz_layout_encode(layout, &second), 0);
	CHECK(first == second);
	vz_blob_unref(second);
	CHECK_EQ(set(layout, "a", "children", "2"), 0);
	check_encoded(layout, DIV("a", "2"));
	/* Whoever still sends the old one keeps it. */
	CHECK(memmem(first->data, first->size, "\"children\":1", 12) != NULL);
	vz_blob_unref(first);
	vz_layout_free(layout);
}

TEST(layout_indexes_new_components_and_forgets_old_ones)
{
	struct vz_layout *layout = new_layout(DIV("root", "[" DIV("a", DIV("b", "1")) "]"));

	CHECK_EQ(set(layout, "root", "children", "[" DIV("b", "2") "," DIV("c", "3") "]"), 0);
	CHECK(!vz_layout_find(layout, "a"));
	CHECK_EQ(json_object_get_int(vz_layout_get(layout, "b", "children")), 2);
	CHECK_EQ(json_object_get_int(vz_layout_get(layout, "c", "children")), 3);
	CHECK_EQ(vz_layout_n_components(layout), 3);
	CHECK_EQ(set(layout, "root", "children", "null"), 0);
	CHECK(!vz_layout_find(layout, "b"));
	CHECK_EQ(vz_layout_n_components(layout), 1);
	vz_layout_free(layout);
}

TEST(layout_stays_as_it_is_after_a_failure)
{
	static const struct {
		const char *label, *id, *property, *value;
		int r;
	} cases[] = {
		{ "no such component", "nobody", "children", "1", -ENOENT },
		{ "id taken elsewhere", "a", "children", DIV("b", "1"), -EEXIST },
		{ "own id again", "a", "children", DIV("a", "1"), -EEXIST },
		{ "twice in the value", "a", "children", "[" DIV("x", "1") "," DIV("x", "1") "]",
		  -EEXIST },
		{ "id changes", "a", "id", "\"z\"", -EINVAL },
		{ "id goes", "a", "id", "null", -EINVAL },
		{ "patch that does not fit", "a", "children",
		  "{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":"
		  "[{\"operation\":\"Append\",\"location\":[],\"params\":{\"value\":1}}]}",
		  -EINVAL },
	};
	static const char tree[] = DIV("root", "[" DIV("a", "1") "," DIV("b", "2") "]");
	struct vz_layout *layout = new_layout(tree);

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		test_case(cases[i].label);
		CHECK_EQ(set(layout, cases[i].id, cases[i].property, cases[i].value), cases[i].r);
		check_encoded(layout, tree);
		CHECK_EQ(vz_layout_n_components(layout), 3);
	}
	CHECK_EQ(set(layout, "a", "id", "\"a\""), 0);
	vz_layout_free(layout);
}

TEST(layout_applies_patches)
{
	struct vz_layout *layout = new_layout(DIV("root", "[" DIV("a", "[1]") "]"));

	CHECK_EQ(set(layout, "a", "children",
		     "{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":"
		     "[{\"operation\":\"Append\",\"location\":[],\"params\":{\"value\":2}}]}"),
		 0);
	check_encoded(layout, DIV("root", "[" DIV("a", "[1,2]") "]"));
	/* A patch brings a component, and the one that stays can be set still. */
	CHECK_EQ(set(layout, "root", "children",
		     "{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":"
		     "[{\"operation\":\"Prepend\",\"location\":[],\"params\":{\"value\":" DIV(
			     "b", "7") "}}]}"),
		 0);
	CHECK_EQ(json_object_get_int(vz_layout_get(layout, "b", "children")), 7);
	CHECK_EQ(set(layout, "a", "children", "8"), 0);
	check_encoded(layout, DIV("root", "[" DIV("b", "7") "," DIV("a", "8") "]"));
	vz_layout_free(layout);
}

TEST(layout_patches_do_not_nest_without_end)
{
	struct vz_layout *layout = new_layout(DIV("a", "[]"));
	int r = 0, n;

	for (n = 0; n < 1000 && !r; n++) {
		struct json_object *outer = json_object_new_array();

		json_object_array_add(outer,
				      json_object_get(vz_layout_get(layout, "a", "children")));
		r = vz_layout_set(layout, "a", "children", outer);
	}
	CHECK_EQ(r, -EINVAL);
	CHECK(n > 64 && n < 300);
	vz_layout_free(layout);
}
