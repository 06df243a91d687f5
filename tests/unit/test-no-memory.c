/*
 * Each way through codec and layout, once for every allocation in it, with that allocation refused:
 * the outcome is -ENOMEM, nothing leaks (the sanitizers see to it), and nothing is half done.
 */
#include <errno.h>
#include <stdlib.h>

#include "dash/component.h"
#include "dash/layout.h"
#include "dash/message.h"
#include "dash/mods.h"
#include "dash/patch.h"
#include "scarce.h"
#include "test-json.h"
#include "util/blob.h"
#include "util/map.h"
#include "vizyd/patch.h"

#define DIV(id, children)                                                                  \
	"{\"namespace\":\"dash_html_components\",\"type\":\"Div\",\"props\":{\"id\":\"" id \
	"\",\"children\":" children "}}"
#define PATCH(operations) \
	"{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":[" operations "]}"
#define APPEND(value) \
	"{\"operation\":\"Append\",\"location\":[\"list\"],\"params\":{\"value\":" value "}}"

/* Runs @fn with the 1st, 2nd, … allocation refused, until there are no more to refuse. */
static void run_out(int (*fn)(void *data), void *data, void (*check)(void *data, int r))
{
	for (int for_good = 0; for_good < 2; for_good++) {
		bool refused = true;

		for (unsigned n = 0; refused; n++) {
			int r;

			CHECK(n < 5000);
			scarce_begin(n, for_good);
			r = fn(data);
			refused = scarce_end();
			CHECK_EQ(r, refused ? -ENOMEM : 0);
			if (check)
				check(data, r);
		}
	}
}

/* Or else what follows would prove little. */
TEST(no_memory_reaches_the_libraries)
{
	struct json_object *object;
	/* Else clang does without the copy. */
	char *volatile copy;

	scarce_begin(0, true);
	object = json_object_new_object();
	copy = strdup("x");
	CHECK(scarce_end());
	CHECK(!object && !copy);
}

static int decode_message(void *data)
{
	struct vz_message message;
	struct vz_json_error error;
	int r = vz_message_decode(data, strlen(data), NULL, &error, &message);

	if (!r)
		vz_message_deinit(&message);
	else
		CHECK_STR(error.text, "out of memory");
	return r;
}

TEST(no_memory_to_decode)
{
	static char request[] =
		"{\"type\":\"callback_request\",\"rendererId\":\"R\",\"requestId\":\"R-1\","
		"\"payload\":{"
		"\"output\":\"o.x\",\"outputs\":{\"id\":\"o\",\"property\":\"x\"},\"inputs\":["
		"{\"id\":\"a\",\"property\":\"p\",\"value\":\"with \\u00e9scapes\"},"
		"[{\"id\":{\"t\":1,\"s\":\"x\"},\"property\":\"p\",\"value\":{\"k\":[1,2.5,true,"
		"null]}}]],"
		"\"changedPropIds\":[\"a.p\"],\"state\":[{\"id\":\"s\",\"property\":\"p\","
		"\"value\":"
		"0.12345678901234567890}]}}";
	static char hello[] = "{\"type\":\"hello\",\"rendererId\":\"R\",\"payload\":{\"link\":1}}";

	run_out(decode_message, request, NULL);
	run_out(decode_message, hello, NULL);
}

static int encode_all(void *data)
{
	struct vz_mods *mods = data;
	struct vz_reply reply = { .status = VZ_REPLY_OK, .response = mods };
	struct vz_blob *blob = NULL;
	int r;

	mods->encoded = vz_blob_unref(mods->encoded);
	r = vz_message_encode_mods(mods, &blob);
	if (r < 0)
		return r;
	vz_blob_unref(blob);
	r = vz_message_encode_reply("R", "Q", &reply, &blob);
	if (r < 0)
		return r;
	vz_blob_unref(blob);
	r = vz_message_encode_welcome(1, "boot", "hash", mods, &blob);
	if (r < 0)
		return r;
	vz_blob_unref(blob);
	r = vz_message_encode_set_props("R", mods, &blob);
	if (r < 0)
		return r;
	vz_blob_unref(blob);
	return 0;
}

static void set(struct vz_mods *mods, const char *id, const char *property, const char *text)
{
	struct json_object *value = parse(text);

	CHECK_EQ(vz_mods_set(mods, id, property, value, false), 0);
	json_object_put(value);
}

TEST(no_memory_to_encode)
{
	struct vz_mods *mods = NULL;

	CHECK_EQ(vz_mods_new(&mods), 0);
	set(mods, "a", "x", "{\"list\":[1,2,3]}");
	set(mods, "a", "x", PATCH(APPEND("4")));
	set(mods, "b", "y", PATCH(APPEND("5")));
	set(mods, "b", "z", "\"text\"");
	run_out(encode_all, mods, NULL);
	vz_mods_unref(mods);
}

/* What the other set does not have, so that it does not replace all. */
static int set_one(struct vz_mods *mods)
{
	return vz_mods_set(mods, "one", "x", NULL, false);
}

static int build_mods(void *data)
{
	struct vz_mods *mods = NULL, *merged = NULL, *joined = NULL;
	int r;

	r = vz_mods_from_json(data, true, &mods);
	if (!r)
		r = vz_mods_new(&merged);
	if (!r)
		r = vz_mods_merge(merged, mods);
	if (!r)
		r = vz_mods_merge(merged, mods);
	if (!r)
		r = set_one(merged);
	if (!r)
		r = vz_mods_join(merged, mods, &joined);
	vz_mods_unref(joined);
	vz_mods_unref(merged);
	vz_mods_unref(mods);
	return r;
}

TEST(no_memory_for_mods)
{
	struct vz_buf buf = { 0 };
	struct json_object *object = NULL;

	for (int i = 0; i < 40; i++)
		vz_buf_printf(&buf, "%c\"id%d\":{\"x\":1,\"y\":2}", i ? ',' : '{', i);
	vz_buf_puts(&buf, "}");
	CHECK_EQ(vz_json_parse(buf.data, buf.size, NULL, NULL, &object), 0);
	vz_buf_deinit(&buf);
	run_out(build_mods, object, NULL);
	json_object_put(object);
}

struct layout_case {
	struct vz_layout *layout;
	const char *id, *property;
	struct json_object *value;
	struct json_object *before;
};

static int set_layout(void *data)
{
	struct layout_case *c = data;

	return vz_layout_set(c->layout, c->id, c->property, json_object_get(c->value));
}

static bool tree_equals(struct vz_layout *layout, struct json_object *expected)
{
	struct json_object *tree = NULL;
	struct vz_blob *blob = NULL;
	bool equal;

	CHECK_EQ(vz_layout_encode(layout, &blob), 0);
	CHECK_EQ(vz_json_parse((const char *) blob->data, blob->size, NULL, NULL, &tree), 0);
	equal = vz_json_equal(tree, expected);
	json_object_put(tree);
	vz_blob_unref(blob);
	return equal;
}

static struct vz_layout *new_layout(void)
{
	struct vz_layout *layout = NULL;

	CHECK_EQ(vz_layout_new(&layout), 0);
	CHECK_EQ(vz_layout_set_root(layout,
				    parse(DIV("root",
					      "{\"list\":[" DIV("a", "1") "," DIV("b", "{\"list\":["
										       "]}") "]}")),
				    NULL),
		 0);
	return layout;
}

static void check_layout(void *data, int r)
{
	struct layout_case *c = data;

	if (r < 0) {
		CHECK(tree_equals(c->layout, c->before));
		CHECK_EQ(vz_layout_n_components(c->layout), 3);
		CHECK(vz_layout_find(c->layout, "a") != NULL);
		return;
	}
	/* It went through: start anew. */
	vz_layout_free(c->layout);
	c->layout = new_layout();
}

TEST(no_memory_to_set_a_property)
{
	static const struct {
		const char *id, *property, *value;
	} cases[] = {
		{ "a", "children", "2" },
		{ "a", "new", "2" },
		{ "root", "children", "[" DIV("a", "3") "," DIV("c", DIV("d", "4")) "]" },
		{ "root", "children", PATCH(APPEND(DIV("e", "5"))) },
		{ "b", "children", PATCH(APPEND("\"text\"") "," APPEND("6")) },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct layout_case c = {
			.layout = new_layout(),
			.id = cases[i].id,
			.property = cases[i].property,
			.value = parse(cases[i].value),
		};

		test_case(cases[i].value);
		c.before =
			parse(DIV("root",
				  "{\"list\":[" DIV("a", "1") "," DIV("b", "{\"list\":[]}") "]}"));
		run_out(set_layout, &c, check_layout);
		vz_layout_free(c.layout);
		json_object_put(c.before);
		json_object_put(c.value);
	}
}

static int set_root(void *data)
{
	struct vz_layout *layout = NULL;
	struct vz_blob *blob = NULL;
	int r;

	r = vz_layout_new(&layout);
	if (!r)
		r = vz_layout_set_root(layout, json_object_get(data), NULL);
	if (!r)
		r = vz_layout_encode(layout, &blob);
	vz_blob_unref(blob);
	vz_layout_free(layout);
	return r;
}

TEST(no_memory_for_a_layout)
{
	struct json_object *root = parse(
		"[" DIV("a",
			"1") "," DIV("b",
				     DIV("c", "2")) ",{\"namespace\":\"n\",\"type\":\"T\","
						    "\"props\":{\"id\":{\"i\":1,\"t\":\"x\"}}}]");

	run_out(set_root, root, NULL);
	json_object_put(root);
}

static int fill_map(void *data)
{
	struct vz_map map = { 0 }, other = { 0 };
	char key[16];
	int r = 0;

	for (int i = 0; i < 40 && !r; i++) {
		snprintf(key, sizeof(key), "%d", i);
		r = vz_map_add(i % 2 ? &map : &other, key, data);
	}
	if (!r)
		r = vz_map_reserve(&map, other.n_entries);
	if (!r)
		vz_map_move(&map, &other);
	vz_map_deinit(&map);
	vz_map_deinit(&other);
	return r;
}

TEST(no_memory_for_a_map)
{
	run_out(fill_map, NULL, NULL);
}

static int build_patch(void *data)
{
	struct vz_patch *patch = vz_patch_new();
	struct json_object *value = NULL;
	int r;

	vz_patch_append(patch, "data[0].y", json_object_get(data));
	vz_patch_insert(patch, "list", -1, json_object_get(data));
	vz_patch_delete(patch, "list[0]");
	r = vz_patch_finish(patch, &value);
	CHECK_EQ(value != NULL, r == 0);
	json_object_put(value);
	return r;
}

TEST(no_memory_to_build_a_patch)
{
	struct json_object *value = parse("[1]");

	run_out(build_patch, value, NULL);
	json_object_put(value);
}
