#include "users/user-store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "test.h"

static char dir[64], path[96], bad[96];

static void make_dir(void)
{
	test_make_folder(dir);
	snprintf(path, sizeof(path), "%s/" VZ_USERS_FILE, dir);
	snprintf(bad, sizeof(bad), "%s/" VZ_USERS_FILE_BAD, dir);
}

static void remove_dir(void)
{
	test_remove_folder(dir);
}

static void write_text(const char *text)
{
	FILE *file = fopen(path, "w");

	CHECK(file);
	fputs(text, file);
	CHECK_EQ(fclose(file), 0);
}

static int add(const char *name, bool replace)
{
	struct vz_user_change change = { .action = VZ_USER_ADD, .role = VZ_ROLE_ADMIN };
	struct vz_user_list list = { 0 };
	char error[160] = "";
	int r;

	snprintf(change.name, sizeof(change.name), "%s", name);
	strcpy(change.hash, "$y$");
	r = vz_user_store_change(dir, &change, replace, &list, error);
	CHECK(r == 0 || error[0]);
	vz_user_list_deinit(&list);
	return r;
}

static size_t count(void)
{
	struct vz_user_list list = { 0 };
	char error[160];
	size_t n;

	CHECK_EQ(vz_user_store_load(dir, &list, error), 0);
	n = list.n_users;
	vz_user_list_deinit(&list);
	return n;
}

TEST(user_store_keeps_and_hides)
{
	struct stat st;

	make_dir();
	umask(0);
	CHECK_EQ(count(), 0);
	CHECK_EQ(add("anna", false), 0);
	CHECK_EQ(add("berta", false), 0);
	CHECK_EQ(add("berta", false), -EEXIST);
	CHECK_EQ(count(), 2);
	CHECK_EQ(stat(path, &st), 0);
	CHECK_EQ(st.st_mode & 07777, 0600);
	umask(022);
	remove_dir();
}

/* A damaged file is not "no users", and is not written over by a change. */
TEST(user_store_damaged_files_stay_closed)
{
	static const char *const texts[] = { "", "{", "[1]", "{\"version\":1,\"guests\":fal" };
	struct vz_user_list list = { 0 };
	char error[160];

	for (size_t i = 0; i < 4; i++) {
		test_case(texts[i]);
		make_dir();
		write_text(texts[i]);
		CHECK_EQ(vz_user_store_load(dir, &list, error), -EBADMSG);
		CHECK_EQ(add("anna", false), -EBADMSG);
		CHECK_EQ(vz_user_store_load(dir, &list, error), -EBADMSG);
		CHECK(access(bad, F_OK) < 0);

		CHECK_EQ(add("anna", true), 0);
		CHECK_EQ(count(), 1);
		CHECK_EQ(access(bad, F_OK), 0);
		/* What is whole is not replaced. */
		CHECK_EQ(add("berta", true), 0);
		CHECK_EQ(count(), 2);
		remove_dir();
	}
}

TEST(user_store_folders_that_cannot_be_used)
{
	struct vz_user_list list = { 0 };
	char error[160];

	make_dir();
	CHECK_EQ(vz_user_store_load("/nonexistent", &list, error), -ENODEV);
	CHECK_EQ(mkdir(path, 0700), 0);
	CHECK_EQ(vz_user_store_load(dir, &list, error), -EBADMSG);
	CHECK_EQ(rmdir(path), 0);
	/* A link could make us read or write elsewhere. */
	CHECK_EQ(symlink("/etc/passwd", path), 0);
	CHECK_EQ(vz_user_store_load(dir, &list, error), -EBADMSG);
	CHECK_EQ(unlink(path), 0);
	/* What an interrupted writer left. */
	snprintf(bad, sizeof(bad), "%s/" VZ_USERS_FILE ".new", dir);
	CHECK_EQ(symlink("/etc/passwd", bad), 0);
	CHECK_EQ(add("anna", false), 0);
	CHECK_EQ(count(), 1);
	remove_dir();
}

/* A shell and the daemon at the same time: none undoes what the other did. */
TEST(user_store_two_writers)
{
	pid_t child;
	int status;

	make_dir();
	(void) fflush(stdout);
	child = fork();
	for (unsigned i = 0; i < 20; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%s%u", child ? "a" : "b", i);
		if (add(name, false) < 0 && !child)
			_exit(1);
	}
	if (!child)
		_exit(0);
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 0);
	CHECK_EQ(count(), 40);
	remove_dir();
}
