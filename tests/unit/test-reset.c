#include "config/reset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "test.h"

static char dir[64];
static int dir_fd;

/* A state folder as it may be, and beside it what must not be touched. */
static void make_dir(void)
{
	char command[1024];

	test_make_folder(dir);
	snprintf(command, sizeof(command),
		 "cd %s && mkdir -p state/recordings/a state/clips state/plugin/deep/er outside && "
		 "echo new >state/state.json && touch state/users.json state/state.json.bad "
		 "state/recordings/a/film state/clips/clip state/plugin/deep/er/x state/.hidden "
		 "outside/file && ln -s ../outside state/link && ln -s ../outside/file state/link2",
		 dir);
	CHECK_EQ(system(command), 0);
	snprintf(command, sizeof(command), "%s/state", dir);
	dir_fd = open(command, O_RDONLY | O_DIRECTORY);
	CHECK(dir_fd >= 0);
}

static void remove_dir(void)
{
	close(dir_fd);
	test_remove_folder(dir);
}

static bool has(const char *name)
{
	return faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

TEST(reset_removes_all_but_films_and_keeps_the_settings_aside)
{
	make_dir();
	/* The settings, the users, the damaged file, the plugin's folder, the hidden file, the
	 * links. */
	CHECK_EQ(vz_reset_folder(dir_fd, false), 7);
	CHECK(!has("state.json"));
	CHECK(!has("users.json"));
	CHECK(!has("state.json.bad"));
	CHECK(!has("plugin"));
	CHECK(!has(".hidden"));
	CHECK(!has("link"));
	CHECK(!has("link2"));
	CHECK(has("before-reset/state.json"));
	CHECK(has("recordings/a/film"));
	CHECK(has("clips/clip"));
	CHECK(has("../outside/file"));
	/* A second one takes nothing away from what is kept. */
	CHECK_EQ(vz_reset_folder(dir_fd, false), 0);
	CHECK(has("before-reset/state.json"));
	remove_dir();
}

TEST(reset_with_recordings)
{
	make_dir();
	CHECK_EQ(vz_reset_folder(dir_fd, true), 9);
	CHECK(!has("recordings"));
	CHECK(!has("clips"));
	CHECK(has("before-reset/state.json"));
	CHECK(has("../outside/file"));
	remove_dir();
}

TEST(reset_keeps_the_newest_settings)
{
	char text[8] = "";
	int fd;

	make_dir();
	CHECK_EQ(vz_reset_folder(dir_fd, false), 7);
	fd = openat(dir_fd, "state.json", O_WRONLY | O_CREAT, 0600);
	CHECK_EQ(write(fd, "newer", 5), 5);
	close(fd);
	CHECK_EQ(vz_reset_folder(dir_fd, false), 1);
	fd = openat(dir_fd, "before-reset/state.json", O_RDONLY);
	CHECK_EQ(read(fd, text, 7), 5);
	CHECK_STR(text, "newer");
	close(fd);
	remove_dir();
}

TEST(reset_says_what_it_cannot)
{
	make_dir();
	CHECK_EQ(unlinkat(dir_fd, "before-reset", 0), -1);
	/* Somebody put a file where the settings are to be kept. */
	CHECK_EQ(symlinkat("../outside", dir_fd, "before-reset"), 0);
	CHECK_EQ(vz_reset_folder(dir_fd, false), -ENOTDIR);
	CHECK(has("state.json") || !has("../outside/state.json"));
	CHECK(!has("../outside/state.json"));
	remove_dir();
}
