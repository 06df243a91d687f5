#include "test.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "dash/mods.h"
#include "server/outbox.h"
#include "util/blob.h"
#include "util/json.h"

struct fixture {
	struct vz_outbox outbox;
	int n_snapshots;
	int shared_value; /* of "s.value", what a snapshot says */
};

static int snapshot(void *data, const char *renderer_id, struct vz_mods **ret)
{
	struct fixture *f = data;
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = NULL;
	VZ_CLEANUP(json_object_putp)
	struct json_object *value = json_object_new_int(f->shared_value);

	f->n_snapshots++;
	CHECK_EQ(vz_mods_new(&mods), 0);
	CHECK_EQ(vz_mods_set(mods, "s", "value", value, false), 0);
	*ret = vz_steal(mods);
	return 0;
}

static const struct vz_outbox_limits small = {
	.mods_bytes = 2000,
	.reply_bytes = 100,
	.n_mods = 5,
	.n_replies = 3,
};

static void init(struct fixture *f, const struct vz_outbox_limits *limits)
{
	memset(f, 0, sizeof(*f));
	vz_outbox_init(&f->outbox, limits, snapshot, f);
}

static struct json_object *patch_append(int value)
{
	char text[200];
	struct json_object *patch = NULL;

	(void) snprintf(text, sizeof(text),
			"{\"__dash_patch_update\":\"__dash_patch_update\",\"operations\":[{"
			"\"operation\":\"Append\",\"location\":[],\"params\":{\"value\":%d}}]}",
			value);
	CHECK_EQ(vz_json_parse(text, strlen(text), &vz_json_default_limits, NULL, &patch), 0);
	return patch;
}

static struct vz_mods *mods_of(const char *id, const char *property, struct json_object *taken)
{
	VZ_CLEANUP(json_object_putp) struct json_object *value = taken;
	struct vz_mods *mods = NULL;

	CHECK_EQ(vz_mods_new(&mods), 0);
	CHECK_EQ(vz_mods_set(mods, id, property, value, false), 0);
	return mods;
}

static void add(struct fixture *f, const char *tab, const char *id, struct json_object *taken)
{
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *mods = mods_of(id, "value", taken);

	CHECK_EQ(vz_outbox_add_mods(&f->outbox, tab, mods), 0);
}

static void add_int(struct fixture *f, const char *id, int value)
{
	add(f, NULL, id, json_object_new_int(value));
}

static int add_reply(struct fixture *f, const char *text)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *blob = vz_blob_new_copy(text, strlen(text));

	CHECK(blob);
	return vz_outbox_add_reply(&f->outbox, blob);
}

/* All messages, each on a line of its own. */
static const char *take_all(struct fixture *f)
{
	static char text[8192];
	struct vz_blob *blob = NULL;
	size_t size = 0;

	while (vz_outbox_take(&f->outbox, &blob) == 1) {
		CHECK(size + blob->size + 2 < sizeof(text));
		memcpy(text + size, blob->data, blob->size);
		size += blob->size;
		text[size++] = '\n';
		blob = vz_blob_unref(blob);
	}
	text[size] = '\0';
	CHECK(vz_outbox_is_empty(&f->outbox));
	CHECK_EQ(f->outbox.mods_bytes, 0);
	CHECK_EQ(f->outbox.n_mods, 0);
	CHECK_EQ(f->outbox.reply_bytes, 0);
	CHECK_EQ(f->outbox.n_replies, 0);
	return text;
}

TEST(replies_and_mods_keep_their_order)
{
	struct fixture f;

	init(&f, &vz_outbox_default_limits);
	CHECK(vz_outbox_is_empty(&f.outbox));
	CHECK_EQ(add_reply(&f, "one"), 0);
	add_int(&f, "a", 1);
	CHECK_EQ(add_reply(&f, "two"), 0);
	add_int(&f, "b", 2);
	CHECK(!vz_outbox_is_empty(&f.outbox));
	CHECK_STR(take_all(&f), "one\n"
				"{\"type\":\"mods\",\"set\":{\"a\":{\"value\":1}}}\n"
				"two\n"
				"{\"type\":\"mods\",\"set\":{\"b\":{\"value\":2}}}\n");
	vz_outbox_deinit(&f.outbox);
}

TEST(the_newest_value_wins_also_over_what_waits_before_a_reply)
{
	struct fixture f;

	init(&f, &vz_outbox_default_limits);
	add_int(&f, "a", 1);
	add_int(&f, "b", 1);
	CHECK_EQ(add_reply(&f, "reply"), 0);
	add_int(&f, "a", 2);
	add_int(&f, "c", 1);
	add_int(&f, "a", 3);
	CHECK_EQ(f.outbox.n_coalesced, 2);
	CHECK_EQ(f.outbox.n_mods, 3);
	CHECK_STR(take_all(&f),
		  "{\"type\":\"mods\",\"set\":{\"b\":{\"value\":1}}}\n"
		  "reply\n"
		  "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":3},\"c\":{\"value\":1}}}\n");
	vz_outbox_deinit(&f.outbox);
}

TEST(a_slow_reader_gets_one_message)
{
	struct fixture f;
	char expected[128];

	init(&f, &vz_outbox_default_limits);
	for (int i = 0; i < 100000; i++)
		add_int(&f, "a", i);
	CHECK_EQ(f.outbox.n_mods, 1);
	CHECK_EQ(f.outbox.n_coalesced, 99999);
	CHECK_EQ(f.n_snapshots, 0);
	(void) snprintf(expected, sizeof(expected),
			"{\"type\":\"mods\",\"set\":{\"a\":{\"value\":%d}}}\n", 99999);
	CHECK_STR(take_all(&f), expected);
	vz_outbox_deinit(&f.outbox);
}

TEST(a_set_that_others_share_is_not_touched)
{
	struct fixture one, two;
	VZ_CLEANUP(vz_mods_unrefp)
	struct vz_mods *mods = mods_of("a", "value", json_object_new_int(1));

	init(&one, &vz_outbox_default_limits);
	init(&two, &vz_outbox_default_limits);
	CHECK_EQ(vz_outbox_add_mods(&one.outbox, NULL, mods), 0);
	CHECK_EQ(vz_outbox_add_mods(&two.outbox, NULL, mods), 0);
	add_int(&one, "a", 2);
	add_int(&one, "b", 3);
	CHECK_STR(take_all(&two), "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":1}}}\n");
	CHECK_STR(take_all(&one),
		  "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":2},\"b\":{\"value\":3}}}\n");
	CHECK_EQ(json_object_get_int(vz_mods_find(mods, "a", "value")->value), 1);
	vz_outbox_deinit(&one.outbox);
	vz_outbox_deinit(&two.outbox);
}

TEST(a_broadcast_is_one_text_for_all)
{
	struct fixture one, two;
	VZ_CLEANUP(vz_mods_unrefp)
	struct vz_mods *mods = mods_of("a", "value", json_object_new_int(1));
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *a = NULL, *b = NULL;

	init(&one, &vz_outbox_default_limits);
	init(&two, &vz_outbox_default_limits);
	CHECK_EQ(vz_outbox_add_mods(&one.outbox, NULL, mods), 0);
	CHECK_EQ(vz_outbox_add_mods(&two.outbox, NULL, mods), 0);
	CHECK_EQ(vz_outbox_take(&one.outbox, &a), 1);
	CHECK_EQ(vz_outbox_take(&two.outbox, &b), 1);
	CHECK(a == b);
	vz_outbox_deinit(&one.outbox);
	vz_outbox_deinit(&two.outbox);
}

/* What meets in the outboxes of many is made and encoded once, however much it is. */
TEST(broadcasts_that_meet_are_one_text_for_all)
{
	enum { N_TABS = 3 };
	static const char expected[] = "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":3},"
				       "\"b\":{\"value\":1},\"c\":{\"value\":1}}}";
	static const struct {
		const char *id;
		int value;
	} pushes[] = { { "a", 1 }, { "b", 1 }, { "a", 2 }, { "c", 1 }, { "a", 3 } };
	struct fixture tabs[N_TABS];
	struct vz_blob *texts[N_TABS] = { NULL };

	for (int i = 0; i < N_TABS; i++)
		init(&tabs[i], &vz_outbox_default_limits);
	for (size_t p = 0; p < VZ_N_ELEMENTS(pushes); p++) {
		VZ_CLEANUP(vz_mods_unrefp)
		struct vz_mods *mods =
			mods_of(pushes[p].id, "value", json_object_new_int(pushes[p].value));

		for (int i = 0; i < N_TABS; i++)
			CHECK_EQ(vz_outbox_add_mods(&tabs[i].outbox, NULL, mods), 0);
	}
	for (int i = 0; i < N_TABS; i++) {
		CHECK_EQ(tabs[i].outbox.n_coalesced, 2);
		CHECK_EQ(tabs[i].outbox.n_mods, 3);
		CHECK_EQ(vz_outbox_take(&tabs[i].outbox, &texts[i]), 1);
		CHECK(texts[i] == texts[0]);
		CHECK_EQ(texts[i]->size, sizeof(expected) - 1);
		CHECK_EQ(memcmp(texts[i]->data, expected, sizeof(expected) - 1), 0);
	}
	for (int i = 0; i < N_TABS; i++) {
		vz_blob_unref(texts[i]);
		vz_outbox_deinit(&tabs[i].outbox);
	}
}

/* The same set twice, with something of this tab's alone in between. */
TEST(a_joined_set_is_not_used_for_what_has_changed_since)
{
	struct fixture one, two;
	VZ_CLEANUP(vz_mods_unrefp)
	struct vz_mods *first = mods_of("a", "value", json_object_new_int(1));
	VZ_CLEANUP(vz_mods_unrefp)
	struct vz_mods *second = mods_of("b", "value", json_object_new_int(2));

	init(&one, &vz_outbox_default_limits);
	init(&two, &vz_outbox_default_limits);
	CHECK_EQ(vz_outbox_add_mods(&one.outbox, NULL, first), 0);
	CHECK_EQ(vz_outbox_add_mods(&two.outbox, NULL, first), 0);
	first = vz_mods_unref(first);
	CHECK_EQ(vz_outbox_add_mods(&one.outbox, NULL, second), 0);
	add_int(&two, "c", 3);
	CHECK_EQ(vz_outbox_add_mods(&two.outbox, NULL, second), 0);
	CHECK_STR(take_all(&one),
		  "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":1},\"b\":{\"value\":2}}}\n");
	CHECK_STR(take_all(&two),
		  "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":1},\"c\":{\"value\":3},"
		  "\"b\":{\"value\":2}}}\n");
	vz_outbox_deinit(&one.outbox);
	vz_outbox_deinit(&two.outbox);
}

TEST(patches_all_arrive_in_order_until_a_plain_value_replaces_them)
{
	struct fixture f;
	const char *text, *one, *two;

	init(&f, &vz_outbox_default_limits);
	add(&f, NULL, "a", json_object_new_array());
	add(&f, NULL, "a", patch_append(11));
	add(&f, NULL, "a", patch_append(22));
	CHECK_EQ(f.outbox.n_mods, 3);
	text = take_all(&f);
	one = strstr(text, "\"value\":11");
	two = strstr(text, "\"value\":22");
	CHECK(one && two && one < two);

	add(&f, NULL, "a", patch_append(11));
	CHECK_EQ(add_reply(&f, "reply"), 0);
	add(&f, NULL, "a", patch_append(22));
	add_int(&f, "a", 5);
	CHECK_STR(take_all(&f), "reply\n{\"type\":\"mods\",\"set\":{\"a\":{\"value\":5}}}\n");
	vz_outbox_deinit(&f.outbox);
}

TEST(tabs_of_one_stock_worker_stay_apart)
{
	struct fixture f;
	const char *text;

	init(&f, &vz_outbox_default_limits);
	add(&f, "tab-1", "a", json_object_new_int(1));
	add(&f, "tab-2", "a", json_object_new_int(1));
	add(&f, "tab-1", "a", json_object_new_int(2));
	CHECK_EQ(f.outbox.n_mods, 2);
	text = take_all(&f);
	CHECK(strstr(text, "tab-2") < strstr(text, "tab-1"));
	CHECK(strstr(text, "{\"value\":2}"));
	vz_outbox_deinit(&f.outbox);
}

TEST(over_the_quota_the_snapshot_comes_instead_behind_the_replies)
{
	struct fixture f;
	char id[8];

	init(&f, &small);
	for (int i = 0; i < 4; i++) {
		(void) snprintf(id, sizeof(id), "m%d", i);
		add_int(&f, id, i);
	}
	CHECK_EQ(add_reply(&f, "reply"), 0);
	CHECK_EQ(f.outbox.n_mods, 4);
	add_int(&f, "m4", 4);
	CHECK_EQ(f.outbox.n_mods, 5);
	add_int(&f, "m5", 5);
	CHECK_EQ(f.outbox.n_mods, 0);
	CHECK_EQ(f.n_snapshots, 0);

	/* What comes now is in the snapshot, and a Patch must not be applied twice. */
	add(&f, NULL, "s", patch_append(1));
	CHECK_EQ(add_reply(&f, "later"), 0);
	f.shared_value = 42;
	CHECK_STR(take_all(&f), "reply\nlater\n"
				"{\"type\":\"mods\",\"set\":{\"s\":{\"value\":42}}}\n");
	CHECK_EQ(f.n_snapshots, 1);

	/* And all is as before. */
	add_int(&f, "a", 1);
	CHECK_STR(take_all(&f), "{\"type\":\"mods\",\"set\":{\"a\":{\"value\":1}}}\n");
	vz_outbox_deinit(&f.outbox);
}

TEST(the_quota_in_bytes_counts_what_waits_and_not_what_came)
{
	struct fixture f;
	char large[1500];

	init(&f, &small);
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	/* Each replaces the one before. */
	for (int i = 0; i < 50; i++)
		add(&f, NULL, "a", json_object_new_string(large));
	CHECK_EQ(f.outbox.n_mods, 1);
	CHECK(f.outbox.mods_bytes <= small.mods_bytes);
	CHECK_EQ(add_reply(&f, "reply"), 0);
	add(&f, NULL, "b", json_object_new_string(large));
	CHECK_EQ(f.outbox.n_mods, 0);
	CHECK_STR(take_all(&f), "reply\n{\"type\":\"mods\",\"set\":{\"s\":{\"value\":0}}}\n");
	vz_outbox_deinit(&f.outbox);
}

TEST(each_tab_over_the_quota_gets_its_own_snapshot)
{
	struct fixture f;
	char id[8];
	const char *text;

	init(&f, &small);
	for (int i = 0; i < 6; i++) {
		(void) snprintf(id, sizeof(id), "m%d", i);
		add(&f, i % 2 ? "tab-1" : "tab-2", id, json_object_new_int(i));
	}
	text = take_all(&f);
	CHECK_EQ(f.n_snapshots, 2);
	CHECK(strstr(text, "tab-1") && strstr(text, "tab-2"));
	vz_outbox_deinit(&f.outbox);
}

TEST(replies_have_a_hard_limit)
{
	struct fixture f;
	char large[101];

	init(&f, &small);
	CHECK_EQ(add_reply(&f, "1"), 0);
	CHECK_EQ(add_reply(&f, "2"), 0);
	CHECK_EQ(add_reply(&f, "3"), 0);
	CHECK_EQ(add_reply(&f, "4"), -ENOBUFS);
	CHECK_STR(take_all(&f), "1\n2\n3\n");
	memset(large, 'x', sizeof(large));
	large[sizeof(large) - 1] = '\0';
	CHECK_EQ(add_reply(&f, large), 0);
	CHECK_EQ(add_reply(&f, "1"), -ENOBUFS);
	vz_outbox_deinit(&f.outbox);
}

TEST(what_waits_is_freed)
{
	struct fixture f;

	init(&f, &small);
	add_int(&f, "a", 1);
	add_int(&f, "b", 1);
	CHECK_EQ(add_reply(&f, "1"), 0);
	for (int i = 0; i < 10; i++)
		add(&f, "tab", (const char *[]){ "a", "b", "c", "d", "e", "f" }[i % 6],
		    json_object_new_int(i));
	vz_outbox_deinit(&f.outbox);
	CHECK_EQ(f.n_snapshots, 0);
}

TEST(a_tab_with_an_impossible_name)
{
	struct fixture f;
	char name[100];
	VZ_CLEANUP(vz_mods_unrefp)
	struct vz_mods *mods = mods_of("a", "value", json_object_new_int(1));
	VZ_CLEANUP(vz_mods_unrefp) struct vz_mods *empty = NULL;

	init(&f, &small);
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	CHECK_EQ(vz_outbox_add_mods(&f.outbox, name, mods), -EINVAL);
	CHECK_EQ(vz_mods_new(&empty), 0);
	CHECK_EQ(vz_outbox_add_mods(&f.outbox, NULL, empty), 0);
	CHECK(vz_outbox_is_empty(&f.outbox));
	vz_outbox_deinit(&f.outbox);
}
