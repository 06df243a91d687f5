#include "users/user-list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/cleanup.h"

#include "test.h"

static int add(struct vz_user_list *list, const char *name, enum vz_role role)
{
	struct vz_user_change change = { .action = VZ_USER_ADD, .role = role, .serial = 5 };

	strcpy(change.name, name);
	strcpy(change.hash, "$y$j9T$x");
	return vz_user_list_change(list, &change);
}

static int change(struct vz_user_list *list, enum vz_user_action action, const char *name,
		  enum vz_role role, bool force)
{
	struct vz_user_change c = { .action = action, .role = role, .force = force };

	strcpy(c.name, name);
	return vz_user_list_change(list, &c);
}

TEST(user_names)
{
	static const struct {
		const char *text, *name; /* NULL: refused */
	} cases[] = {
		{ "anna", "anna" },
		{ " Anna\t", "anna" },
		{ "a", "a" },
		{ "0_o.x-y", "0_o.x-y" },
		{ "abcdefghijklmnopqrstuvwxyz012345", "abcdefghijklmnopqrstuvwxyz012345" },
		{ "abcdefghijklmnopqrstuvwxyz0123456", NULL },
		{ "", NULL },
		{ "  ", NULL },
		{ "-a", NULL },
		{ "a b", NULL },
		{ "a/b", NULL },
		{ "ä", NULL },
		{ "a\n", NULL },
		{ "guest", NULL },
		{ "Guest", NULL },
		{ "guest2", "guest2" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		char name[VZ_USER_NAME_MAX + 1] = "untouched";

		test_case(cases[i].text);
		CHECK_EQ(vz_user_name_make(cases[i].text, name), cases[i].name ? 0 : -EINVAL);
		CHECK_STR(name, cases[i].name ? cases[i].name : "untouched");
	}
}

TEST(user_list_keeps_the_last_admin)
{
	struct vz_user_list list = { 0 };

	CHECK_EQ(add(&list, "berta", VZ_ROLE_USER), 0);
	CHECK_EQ(add(&list, "anna", VZ_ROLE_ADMIN), 0);
	CHECK_EQ(add(&list, "anna", VZ_ROLE_USER), -EEXIST);
	CHECK_STR(list.users[0].name, "anna");
	CHECK_EQ(change(&list, VZ_USER_REMOVE, "anna", 0, false), -EBUSY);
	CHECK_EQ(change(&list, VZ_USER_SET_ROLE, "anna", VZ_ROLE_VIEWER, false), -EBUSY);
	CHECK_EQ(change(&list, VZ_USER_SET_ROLE, "anna", VZ_ROLE_ADMIN, false), 0);
	CHECK_EQ(change(&list, VZ_USER_REMOVE, "carla", 0, false), -ENOENT);
	CHECK_EQ(change(&list, VZ_USER_SET_ROLE, "berta", VZ_ROLE_ADMIN, false), 0);
	CHECK_EQ(change(&list, VZ_USER_REMOVE, "anna", 0, false), 0);
	CHECK_EQ(change(&list, VZ_USER_REMOVE, "berta", 0, false), -EBUSY);
	CHECK_EQ(change(&list, VZ_USER_REMOVE, "berta", 0, true), 0);
	CHECK_EQ(list.n_users, 0);
	vz_user_list_deinit(&list);
}

TEST(user_list_has_one_first)
{
	struct vz_user_change first = {
		.action = VZ_USER_ADD_FIRST, .role = VZ_ROLE_ADMIN, .name = "anna", .hash = "$y$"
	};
	struct vz_user_list list = { 0 };

	CHECK_EQ(vz_user_list_change(&list, &first), 0);
	CHECK_EQ(vz_user_list_change(&list, &first), -EALREADY);
	strcpy(first.name, "berta");
	CHECK_EQ(vz_user_list_change(&list, &first), -EALREADY);
	CHECK_EQ(list.n_users, 1);
	vz_user_list_deinit(&list);
}

TEST(user_list_is_bounded)
{
	struct vz_user_list list = { 0 };
	char name[16];

	for (unsigned i = 0; i < VZ_USERS_MAX; i++) {
		snprintf(name, sizeof(name), "u%u", i);
		CHECK_EQ(add(&list, name, VZ_ROLE_USER), 0);
	}
	CHECK_EQ(add(&list, "one-more", VZ_ROLE_USER), -EUSERS);
	vz_user_list_deinit(&list);
}

TEST(user_list_reads_what_it_has_written_and_nothing_torn)
{
	struct vz_user_list list = { .allows_guests = true }, read = { 0 };
	VZ_CLEANUP(vz_freep) char *text = NULL;
	struct vz_buf buf = { 0 };
	char error[160];
	size_t size;

	CHECK_EQ(add(&list, "berta", VZ_ROLE_VIEWER), 0);
	CHECK_EQ(add(&list, "anna", VZ_ROLE_ADMIN), 0);
	list.users[0].serial = UINT64_C(0x8000000000000001);
	vz_user_list_print(&buf, &list);
	CHECK_EQ(vz_buf_finish(&buf, &text, &size), 0);
	CHECK_EQ(vz_user_list_parse(text, size, &read, error), 0);
	CHECK(read.allows_guests);
	CHECK_EQ(read.n_users, 2);
	CHECK_EQ(memcmp(read.users, list.users, 2 * sizeof(*list.users)), 0);
	vz_user_list_deinit(&read);
	for (size_t cut = 0; cut + 2 < size; cut++) {
		error[0] = '\0';
		CHECK_EQ(vz_user_list_parse(text, cut, &read, error), -EBADMSG);
		CHECK(error[0]);
	}
	vz_user_list_deinit(&list);
}

TEST(user_list_says_what_is_wrong)
{
#define USER "{\"name\":\"a\",\"role\":\"admin\",\"hash\":\"$y$\",\"serial\":\"0000000000000000\"}"
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "[]", "it has no version" },
		{ "{\"version\":2,\"guests\":false,\"users\":[]}",
		  "it was written by another version of vizyd" },
		{ "{\"version\":1,\"users\":[]}", "\"guests\" or \"users\" is missing" },
		{ "{\"version\":1,\"guests\":false,\"users\":[" USER "," USER "]}",
		  "two users have one name" },
		{ "{\"version\":1,\"guests\":false,\"users\":[{\"name\":\"A\"}]}",
		  "a user has no proper name" },
		{ "{\"version\":1,\"guests\":false,\"users\":[{\"name\":\"a\",\"role\":\"x\"}]}",
		  "a user's role is not viewer, user or admin" },
		{ "{\"version\":1,\"guests\":false,\"users\":[{\"name\":\"a\",\"role\":\"user\","
		  "\"hash\":\"\"}]}",
		  "a user has no hash of a password" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_user_list list = { 0 };
		char error[160] = "";

		test_case(cases[i].text);
		CHECK_EQ(vz_user_list_parse(cases[i].text, strlen(cases[i].text), &list, error),
			 -EBADMSG);
		CHECK_STR(error, cases[i].error);
		CHECK(!list.users);
	}
}
