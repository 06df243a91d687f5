#include "vizyd/patch.h"

#include <errno.h>

#include "core.h"
#include "dash/patch.h"

static struct json_object *number(int64_t value)
{
	return json_object_new_int64(value);
}

static struct json_object *finish(struct vz_patch *patch)
{
	struct json_object *value = NULL;

	if (vz_patch_finish(patch, &value) < 0)
		test_fail(__FILE__, __LINE__, "the Patch is refused");
	return value;
}

/* Whether a Patch with the one operation is what Dash's own Patch makes of the same. Takes @patch.
 */
static bool is_operation(struct vz_patch *patch, const char *operation)
{
	struct json_object *value = finish(patch), *expected = json_object_new_object();
	struct json_object *list = json_object_new_array();
	bool equal;

	json_object_array_add(list, parse(operation));
	json_object_object_add(expected, "__dash_patch_update",
			       json_object_new_string("__dash_patch_update"));
	json_object_object_add(expected, "operations", list);
	equal = vz_json_equal(value, expected);
	if (!equal)
		fprintf(stderr, "got %s\n", json_object_to_json_string(value));
	json_object_put(value);
	json_object_put(expected);
	return equal;
}

/* Every operation with the JSON that Python's Patch emits for it. */
TEST(patch_build_makes_every_operation_of_dash)
{
	struct vz_patch *p = vz_patch_new();

	vz_patch_assign(p, "title", json_object_new_string("now"));
	CHECK(is_operation(p, "{\"operation\":\"Assign\",\"location\":[\"title\"],"
			      "\"params\":{\"value\":\"now\"}}"));
	p = vz_patch_new();
	vz_patch_merge(p, "style", parse("{\"color\":\"red\"}"));
	CHECK(is_operation(p, "{\"operation\":\"Merge\",\"location\":[\"style\"],"
			      "\"params\":{\"value\":{\"color\":\"red\"}}}"));
	p = vz_patch_new();
	vz_patch_extend(p, "", parse("[1,2]"));
	CHECK(is_operation(p, "{\"operation\":\"Extend\",\"location\":[],"
			      "\"params\":{\"value\":[1,2]}}"));
	p = vz_patch_new();
	vz_patch_append(p, "data[0].y", number(4));
	CHECK(is_operation(p, "{\"operation\":\"Append\",\"location\":[\"data\",0,\"y\"],"
			      "\"params\":{\"value\":4}}"));
	p = vz_patch_new();
	vz_patch_prepend(p, "[1]", NULL);
	CHECK(is_operation(p, "{\"operation\":\"Prepend\",\"location\":[1],"
			      "\"params\":{\"value\":null}}"));
	p = vz_patch_new();
	vz_patch_insert(p, "list", -1, number(7));
	CHECK(is_operation(p, "{\"operation\":\"Insert\",\"location\":[\"list\"],"
			      "\"params\":{\"value\":7,\"index\":-1}}"));
	p = vz_patch_new();
	vz_patch_reverse(p, "list");
	CHECK(is_operation(p, "{\"operation\":\"Reverse\",\"location\":[\"list\"],\"params\":{}}"));
	p = vz_patch_new();
	vz_patch_remove(p, "list", number(7));
	CHECK(is_operation(p, "{\"operation\":\"Remove\",\"location\":[\"list\"],"
			      "\"params\":{\"value\":7}}"));
	p = vz_patch_new();
	vz_patch_delete(p, "list[-1]");
	CHECK(is_operation(p,
			   "{\"operation\":\"Delete\",\"location\":[\"list\",-1],\"params\":{}}"));
	p = vz_patch_new();
	vz_patch_clear(p, "");
	CHECK(is_operation(p, "{\"operation\":\"Clear\",\"location\":[],\"params\":{}}"));
}

TEST(patch_build_calculates)
{
	static const struct {
		void (*fn)(struct vz_patch *patch, const char *place, struct json_object *value);
		const char *name;
	} cases[] = {
		{ vz_patch_add, "Add" },
		{ vz_patch_sub, "Sub" },
		{ vz_patch_mul, "Mul" },
		{ vz_patch_div, "Div" },
	};
	char text[128];

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_patch *p = vz_patch_new();

		test_case(cases[i].name);
		cases[i].fn(p, "n", json_object_new_double(2.5));
		snprintf(text, sizeof(text),
			 "{\"operation\":\"%s\",\"location\":[\"n\"],\"params\":{\"value\":2.5}}",
			 cases[i].name);
		CHECK(is_operation(p, text));
	}
}

TEST(patch_build_reads_places)
{
	static const struct {
		const char *place, *location; /* NULL: refused */
	} cases[] = {
		{ "", "[]" },
		{ "a", "[\"a\"]" },
		{ "a.b.c", "[\"a\",\"b\",\"c\"]" },
		{ "[0]", "[0]" },
		{ "[0][-12]", "[0,-12]" },
		{ "rows[3].name", "[\"rows\",3,\"name\"]" },
		{ "[0].name", "[0,\"name\"]" },
		{ "a\\.b.c\\[0\\]", "[\"a.b\",\"c[0]\"]" },
		{ "a\\\\b", "[\"a\\\\b\"]" },
		{ "a b.ä]", "[\"a b\",\"ä]\"]" },
		{ "12", "[\"12\"]" },
		{ ".", NULL },
		{ ".a", NULL },
		{ "a.", NULL },
		{ "a..b", NULL },
		{ "a.[0]", NULL },
		{ "a[", NULL },
		{ "a[]", NULL },
		{ "a[-]", NULL },
		{ "a[x]", NULL },
		{ "a[ 1]", NULL },
		{ "a[+1]", NULL },
		{ "a[1", NULL },
		{ "a[1]b", NULL },
		{ "a[99999999999999999999]", NULL },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_patch *p = vz_patch_new();
		struct json_object *value = NULL;

		test_case(cases[i].place);
		vz_patch_clear(p, cases[i].place);
		CHECK_EQ(vz_patch_get_error(p) == NULL, cases[i].location != NULL);
		CHECK_EQ(vz_patch_finish(p, &value), cases[i].location ? 0 : -EINVAL);
		if (cases[i].location) {
			struct json_object *list = json_object_object_get(value, "operations");

			CHECK(equals(json_object_object_get(json_object_array_get_idx(list, 0),
							    "location"),
				     cases[i].location));
		}
		json_object_put(value);
	}
}

TEST(patch_build_makes_places_from_numbers)
{
	char longer[2 * VZ_PLACE_MAX];
	struct vz_patch *p = vz_patch_new();

	memset(longer, 'a', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	for (unsigned i = 0; i < 2; i++)
		vz_patch_assign(p, VZ_AT("rows[%u].name", i), number(i));
	CHECK(!vz_patch_get_error(p));
	/* One that is too long must not become another place. */
	vz_patch_clear(p, VZ_AT("%s", longer));
	CHECK(strstr(vz_patch_get_error(p), "is no place"));
	vz_patch_free(p);
}

TEST(patch_build_keeps_the_first_error)
{
	struct vz_patch *p = vz_patch_new();
	struct json_object *value = NULL;

	vz_patch_merge(p, "a", parse("[1]"));
	vz_patch_extend(p, "a[", parse("{}"));
	CHECK_STR(vz_patch_get_error(p), "Patch: Merge expects an object, not array");
	CHECK_EQ(vz_patch_finish(p, &value), -EINVAL);
	CHECK(!value);

	p = vz_patch_new();
	vz_patch_div(p, "a", number(0));
	CHECK_STR(vz_patch_get_error(p), "Patch: Div expects a number that is not 0, not int");
	vz_patch_free(p);
	p = vz_patch_new();
	vz_patch_delete(p, "");
	CHECK_STR(vz_patch_get_error(p), "Patch: a property itself cannot be deleted");
	vz_patch_free(p);

	/* As after a vz_patch_new() that found no memory. */
	vz_patch_assign(NULL, "a", number(1));
	vz_patch_merge(NULL, "a", number(1));
	vz_patch_delete(NULL, "");
	CHECK_EQ(vz_patch_finish(NULL, &value), -ENOMEM);
}

/* What it makes is what the server's own patch.c and therefore the renderer do. */
TEST(patch_build_is_applied_in_order)
{
	struct json_object *before =
		parse("{\"list\":[1,2,3],\"n\":4,\"o\":{\"a\":1},\"s\":\"x\"}");
	struct json_object *after = NULL, *patch;
	struct vz_patch *p = vz_patch_new();

	vz_patch_append(p, "list", number(4));
	vz_patch_prepend(p, "list", number(0));
	vz_patch_insert(p, "list", 1, json_object_new_string("i"));
	vz_patch_extend(p, "list", parse("[7,8,7]"));
	vz_patch_remove(p, "list", number(7));
	vz_patch_delete(p, "list[-1]");
	vz_patch_reverse(p, "list");
	vz_patch_add(p, "n", number(2));
	vz_patch_sub(p, "n", number(1));
	vz_patch_mul(p, "n", number(4));
	vz_patch_div(p, "n", number(2));
	vz_patch_merge(p, "o", parse("{\"b\":{\"c\":[]}}"));
	vz_patch_append(p, "o.b.c", json_object_new_string("deep"));
	vz_patch_delete(p, "o.a");
	vz_patch_add(p, "s", json_object_new_string("y"));
	patch = finish(p);
	CHECK_EQ(vz_patch_apply(before, patch, &after), 0);
	CHECK(equals(after, "{\"list\":[4,3,2,1,\"i\",0],\"n\":10,\"o\":{\"b\":{\"c\":[\"deep\"]}},"
			    "\"s\":\"xy\"}"));
	json_object_put(before);
	json_object_put(after);
	json_object_put(patch);
}

/* --- On its way ------------------------------------------------------------------------------ */

/* @data is the place. */
static int append_input(struct vz_call *call, void *data)
{
	struct vz_patch *p = vz_patch_new();

	vz_patch_append(p, data, json_object_get(vz_call_input(call, 0)));
	return vz_call_patch_output(call, 0, p);
}

static int append_elsewhere(struct vz_call *call, void *data)
{
	struct vz_patch *p = vz_patch_new();

	vz_patch_append(p, "", json_object_get(vz_call_input(call, 0)));
	return vz_call_patch(call, "y", "value", p);
}

TEST(patch_build_reaches_layout_and_browsers)
{
	struct vz_app *app = core_new(NULL);
	struct vz_patch *p;
	struct tab a, b;

	core_set_layout(app, VZ_IDS("x", "y", "z"));
	core_add_fn(app, VZ_SHARED, "y.value", "x.value", append_input, (char[]){ "" });
	core_add_fn(app, VZ_SHARED, "z.value", "z.n_clicks", append_elsewhere, NULL);
	tab_start_own(app, &a, "a");
	CHECK_EQ(vz_app_push(app, "y", "value", parse("[1]")), 0);
	tab_start_own(app, &b, "b");
	tab_forget(&a);

	tab_set(&a, "y.value", "x", "value", "2");
	CHECK(equals(vz_app_get(app, "y", "value"), "[1,2]"));
	CHECK(tab_got(&a, "{\"type\":\"mods\",\"patch\":[{\"id\":\"y\",\"property\":\"value\","
			  "\"value\":{\"__dash_patch_update\":\"__dash_patch_update\","
			  "\"operations\":[{\"operation\":\"Append\",\"location\":[],\"params\":"
			  "{\"value\":2}}]},\"notify\":false}]}"));
	CHECK(tab_got_answer(&a, "{\"status\":\"prevent_update\"}"));
	tab_forget(&b);

	tab_set(&b, "z.value", "z", "n_clicks", "3");
	CHECK(equals(vz_app_get(app, "y", "value"), "[1,2,3]"));

	p = vz_patch_new();
	vz_patch_delete(p, "[0]");
	CHECK_EQ(vz_app_push_patch(app, "y", "value", p), 0);
	CHECK(equals(vz_app_get(app, "y", "value"), "[2,3]"));
	/* One that does not fit changes nothing. */
	p = vz_patch_new();
	vz_patch_append(p, "a.b", NULL);
	CHECK_EQ(vz_app_push_patch(app, "y", "value", p), -EINVAL);
	CHECK(equals(vz_app_get(app, "y", "value"), "[2,3]"));

	tab_close(&a);
	tab_close(&b);
	vz_app_free(app);
}

TEST(patch_build_tells_the_requester_what_is_wrong)
{
	struct vz_app *app = core_new(NULL);
	struct tab a;

	core_set_layout(app, VZ_IDS("x", "y"));
	core_add_fn(app, VZ_SERVICE_LINK, "y.value", "x.value", append_input, (char[]){ "data[" });
	tab_start_own(app, &a, "a");
	tab_set(&a, "y.value", "x", "value", "2");
	CHECK(tab_got_error(&a, "Patch: 'data[' is no place: expected keys with dots"));
	tab_close(&a);
	vz_app_free(app);
}
