#include <errno.h>

#include "core.h"

static const char *set(struct vz_app *app, const char *layout)
{
	CHECK_EQ(vz_app_set_layout(app, parse(layout)), 0);
	return vz_app_layout_hash(app);
}

#define DIV(id, more) "{\"namespace\":\"h\",\"type\":\"Div\",\"props\":{\"id\":\"" id "\"" more "}}"

TEST(page_hash_follows_components_and_callbacks_but_not_values)
{
	struct vz_app *app = core_new(NULL);
	struct vz_callback *callback;
	char first[32], other[32];

	snprintf(first, sizeof(first), "%s", set(app, DIV("a", ",\"children\":\"one\"")));
	CHECK_EQ(strlen(first), 16);
	CHECK_STR(set(app, DIV("a", ",\"children\":\"two\"")), first);
	CHECK(strcmp(set(app, DIV("b", "")), first) != 0);
	CHECK(strcmp(set(app, DIV("a", ",\"children\":[" DIV("c", "") "]")), first) != 0);
	CHECK_STR(set(app, DIV("a", "")), first);
	/* Nesting counts, not only what is there. */
	snprintf(other, sizeof(other), "%s", set(app, "[" DIV("a", "") "," DIV("b", "") "]"));
	CHECK(strcmp(set(app, DIV("a", ",\"children\":" DIV("b", ""))), other) != 0);

	CHECK_STR(set(app, DIV("a", "")), first);
	CHECK_EQ(vz_app_push(app, "a", "children", json_object_new_string("x")), 0);
	CHECK_STR(vz_app_layout_hash(app), first);
	callback = core_add(app, VZ_S0, "y.value", "x.value", NULL);
	CHECK(strcmp(vz_app_layout_hash(app), first) != 0);
	vz_callback_free(callback);
	CHECK_STR(vz_app_layout_hash(app), first);
	vz_app_free(app);
}

TEST(page_refuses_what_is_no_layout_and_says_why)
{
	struct vz_app *app = core_new(NULL);

	CHECK_EQ(vz_app_set_layout(app, parse("[" DIV("a", "") "," DIV("a", "") "]")), -EEXIST);
	CHECK(strstr(vz_app_last_error(app), "'a'"));
	CHECK_EQ(vz_app_set_layout(app, parse("5")), -EINVAL);
	CHECK(vz_app_last_error(app)[0]);
	vz_app_free(app);
}

TEST(page_layout_has_the_values_of_today)
{
	struct vz_app *app = core_new(NULL);
	struct vz_blob *blob;

	set(app, DIV("a", ",\"children\":\"one\""));
	CHECK_EQ(vz_app_push(app, "a", "children", json_object_new_string("two")), 0);
	CHECK_EQ(vz_app_encode_layout(app, &blob), 0);
	CHECK(memmem(blob->data, blob->size, "two", 3));
	CHECK(!memmem(blob->data, blob->size, "one", 3));
	vz_blob_unref(blob);
	vz_app_free(app);
}
