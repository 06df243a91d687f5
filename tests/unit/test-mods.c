#include "dash/mods.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/mods-private.h"
#include "test-json.h"

static struct json_object *append_patch(void)
{
	return parse("{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":"
		     "[{\"operation\":\"Append\",\"location\":[],\"params\":{\"value\":1}}]}");
}

static struct vz_mods *new_mods(void)
{
	struct vz_mods *mods = NULL;

	CHECK_EQ(vz_mods_new(&mods), 0);
	return mods;
}

static void set_int(struct vz_mods *mods, const char *id, const char *property, int value,
		    bool notify)
{
	struct json_object *object = json_object_new_int(value);

	CHECK_EQ(vz_mods_set(mods, id, property, object, notify), 0);
	json_object_put(object);
}

static void set_patch(struct vz_mods *mods, const char *id, const char *property)
{
	struct json_object *patch = append_patch();

	CHECK_EQ(vz_mods_set(mods, id, property, patch, false), 0);
	json_object_put(patch);
}

static int get_int(const struct vz_mods *mods, const char *id, const char *property)
{
	const struct vz_mod *mod = vz_mods_find(mods, id, property);

	return mod ? json_object_get_int(mod->value) : -1;
}

TEST(mods_newest_wins)
{
	struct vz_mods *mods = new_mods();

	CHECK(vz_mods_is_empty(mods));
	set_int(mods, "a", "value", 1, false);
	set_int(mods, "b", "value", 2, false);
	set_int(mods, "a", "value", 3, false);
	CHECK_EQ(mods->n_mods, 2);
	CHECK_EQ(get_int(mods, "a", "value"), 3);
	CHECK_EQ(get_int(mods, "b", "value"), 2);
	CHECK(!vz_mods_find(mods, "a", "max"));
	CHECK(!vz_mods_find(mods, "c", "value"));
	vz_mods_unref(mods);
}

TEST(mods_null_is_a_value)
{
	struct vz_mods *mods = new_mods();

	CHECK_EQ(vz_mods_set(mods, "a", "value", NULL, false), 0);
	CHECK(vz_mods_find(mods, "a", "value") != NULL);
	CHECK(!vz_mods_find(mods, "a", "value")->value);
	vz_mods_unref(mods);
}

TEST(mods_notification_is_not_lost)
{
	struct vz_mods *mods = new_mods();

	set_int(mods, "a", "value", 1, true);
	set_int(mods, "a", "value", 2, false);
	CHECK(vz_mods_find(mods, "a", "value")->notify);
	CHECK_EQ(get_int(mods, "a", "value"), 2);
	vz_mods_unref(mods);
}

TEST(mods_patches_keep_their_order)
{
	struct vz_mods *mods = new_mods();

	set_int(mods, "a", "data", 0, false);
	set_patch(mods, "a", "data");
	set_patch(mods, "a", "data");
	CHECK_EQ(mods->n_mods, 3);
	CHECK(!mods->mods[0].patch && mods->mods[1].patch && mods->mods[2].patch);
	CHECK_EQ(get_int(mods, "a", "data"), 0);
	vz_mods_unref(mods);
}

TEST(mods_plain_value_ends_patches)
{
	struct vz_mods *mods = new_mods();

	set_patch(mods, "a", "data");
	CHECK(!vz_mods_find(mods, "a", "data"));
	set_patch(mods, "b", "data");
	set_patch(mods, "a", "data");
	set_int(mods, "a", "other", 5, false);
	set_int(mods, "a", "data", 7, false);
	CHECK_EQ(mods->n_mods, 3);
	CHECK_EQ(get_int(mods, "a", "data"), 7);
	CHECK_EQ(get_int(mods, "a", "other"), 5);
	CHECK(!vz_mods_find(mods, "b", "data"));
	vz_mods_unref(mods);
}

TEST(mods_merge_in_order)
{
	struct vz_mods *older = new_mods(), *newer = new_mods();

	set_int(older, "a", "value", 1, false);
	set_int(older, "b", "value", 2, false);
	set_int(newer, "a", "value", 3, true);
	set_patch(newer, "b", "value");
	CHECK_EQ(vz_mods_merge(older, newer), 0);
	CHECK_EQ(older->n_mods, 3);
	CHECK_EQ(get_int(older, "a", "value"), 3);
	CHECK(vz_mods_find(older, "a", "value")->notify);
	CHECK_EQ(get_int(older, "b", "value"), 2);
	vz_mods_unref(older);
	vz_mods_unref(newer);
}

TEST(mods_drop_what_is_replaced)
{
	struct vz_mods *older = new_mods(), *newer = new_mods();

	set_int(older, "a", "value", 1, false);
	set_patch(older, "a", "value");
	set_int(older, "b", "value", 2, false);
	set_int(older, "c", "value", 3, true);
	set_int(older, "d", "value", 4, false);
	set_int(newer, "a", "value", 11, false);
	set_patch(newer, "b", "value");
	set_int(newer, "c", "value", 13, false);
	set_int(newer, "d", "value", 14, true);

	CHECK_EQ(vz_mods_drop_replaced(older, newer), 3);
	CHECK_EQ(get_int(older, "a", "value"), -1);
	/* A Patch builds on what is there, and a notification is not lost to a quiet value. */
	CHECK_EQ(get_int(older, "b", "value"), 2);
	CHECK_EQ(get_int(older, "c", "value"), 3);
	CHECK_EQ(get_int(older, "d", "value"), -1);
	vz_mods_unref(older);
	vz_mods_unref(newer);
}

TEST(mods_join_once)
{
	struct vz_mods *older = new_mods(), *newer = new_mods(), *joined = NULL, *again = NULL;

	set_int(older, "a", "value", 1, false);
	set_int(newer, "b", "value", 2, false);
	CHECK(!vz_mods_is_joined(older, newer));
	CHECK_EQ(vz_mods_join(older, newer, &joined), 0);
	CHECK(vz_mods_is_joined(older, newer));
	CHECK_EQ(vz_mods_join(older, newer, &again), 0);
	CHECK(again == joined && joined != newer);
	CHECK_EQ(get_int(joined, "a", "value"), 1);
	CHECK_EQ(get_int(joined, "b", "value"), 2);
	CHECK_EQ(older->n_mods, 1);
	again = vz_mods_unref(again);

	/* What was changed since is not what was joined. */
	set_int(older, "c", "value", 3, false);
	CHECK(!vz_mods_is_joined(older, newer));
	CHECK_EQ(vz_mods_join(older, newer, &again), 0);
	CHECK(again != joined);
	CHECK_EQ(get_int(again, "c", "value"), 3);
	vz_mods_unref(again);
	vz_mods_unref(joined);

	/* Nothing of the older is left: the newer itself will do. */
	set_int(newer, "a", "value", 4, false);
	set_int(newer, "c", "value", 5, false);
	CHECK_EQ(vz_mods_join(older, newer, &joined), 0);
	CHECK(joined == newer);
	vz_mods_unref(joined);
	vz_mods_unref(older);
	vz_mods_unref(newer);
}

TEST(mods_read_json)
{
	struct json_object *good =
		parse("{\"a\":{\"value\":1,\"max\":null},\"b\":{},\"c\":{\"x\":[]}}");
	struct vz_mods *mods = NULL;

	CHECK_EQ(vz_mods_from_json(good, true, &mods), 0);
	CHECK_EQ(mods->n_mods, 3);
	CHECK_EQ(get_int(mods, "a", "value"), 1);
	CHECK(vz_mods_find(mods, "c", "x")->notify);
	vz_mods_unref(mods);
	json_object_put(good);
}

TEST(mods_refuse_other_json)
{
	static const char *const cases[] = {
		"null", "[]", "1", "{\"a\":1}", "{\"a\":null}", "{\"a\":{\"b\":1},\"c\":[]}"
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct json_object *bad = parse(cases[i]);
		struct vz_mods *mods = NULL;

		test_case(cases[i]);
		CHECK_EQ(vz_mods_from_json(bad, false, &mods), -EINVAL);
		CHECK(!mods);
		json_object_put(bad);
	}
}

/* Against a plain table: random sets over few names, until the index has grown several times. */
TEST(mods_index_agrees_with_a_table)
{
	enum { N_IDS = 60, N_PROPERTIES = 4 };
	static int expected[N_IDS][N_PROPERTIES];
	struct vz_mods *mods = new_mods();
	size_t n_walked = 0;
	unsigned seed = 1;
	const struct vz_mod *mod;

	for (int step = 1; step < 3000; step++) {
		char id[16], property[16];
		unsigned a, b;

		seed = seed * 1103515245u + 12345u;
		a = seed >> 16 & 0x7fff;
		b = a / N_IDS % N_PROPERTIES;
		a %= N_IDS;
		snprintf(id, sizeof(id), "id-%u", a);
		snprintf(property, sizeof(property), "p-%u", b);
		if (step % 7 == 0)
			set_patch(mods, id, property);
		else
			set_int(mods, id, property, expected[a][b] = step, false);
	}
	for (unsigned a = 0; a < N_IDS; a++)
		for (unsigned b = 0; b < N_PROPERTIES; b++) {
			char id[16], property[16];

			snprintf(id, sizeof(id), "id-%u", a);
			snprintf(property, sizeof(property), "p-%u", b);
			CHECK_EQ(get_int(mods, id, property), expected[a][b] ? expected[a][b] : -1);
		}

	vz_mods_for_each_component(mod, mods)
	{
		for (const struct vz_mod *it = mod; it; it = vz_mods_next_of_component(mods, it)) {
			CHECK_STR(it->id, mod->id);
			n_walked++;
		}
	}
	CHECK_EQ(n_walked, mods->n_mods);
	vz_mods_unref(mods);
}
