#include "config/lock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "test.h"

static char dir[64], nested[96];

static void make_dir(void)
{
	test_make_folder(dir);
	snprintf(nested, sizeof(nested), "%s/a/b", dir);
}

static void remove_dir(void)
{
	test_remove_folder(dir);
}

TEST(lock_is_for_one_and_given_back)
{
	pid_t holder = 0;
	int fd, again;

	make_dir();
	fd = vz_folder_lock(nested, &holder);
	CHECK(fd >= 0);
	CHECK_EQ(vz_folder_lock(nested, &holder), -EBUSY);
	/* 0 where /proc does not tell. */
	CHECK(holder == 0 || holder == getpid());
	close(fd);
	again = vz_folder_lock(nested, &holder);
	CHECK(again >= 0);
	close(again);
	remove_dir();
}

TEST(lock_ends_with_its_process)
{
	pid_t holder = 0, child;
	int fd, status, ready[2];
	char c;

	make_dir();
	CHECK_EQ(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (vz_folder_lock(nested, &holder) >= 0 && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	CHECK_EQ(read(ready[0], &c, 1), 1);
	CHECK_EQ(vz_folder_lock(nested, &holder), -EBUSY);
	CHECK_EQ(kill(child, SIGKILL), 0);
	CHECK_EQ(waitpid(child, &status, 0), child);
	fd = vz_folder_lock(nested, &holder);
	CHECK(fd >= 0);
	close(fd);
	close(ready[0]);
	close(ready[1]);
	remove_dir();
}

TEST(lock_of_what_is_no_folder)
{
	pid_t holder = 0;

	CHECK_EQ(vz_folder_lock("/proc/version/x", &holder), -ENOTDIR);
	CHECK_EQ(vz_folder_lock("/dev/null", &holder), -ENOTDIR);
}
