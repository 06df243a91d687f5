#include "config/state.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/save.h"
#include "loop/loop-test.h"
#include "util/log.h"

#include "folder.h"
#include "test.h"

static char dir[64];

static void make_dir(void)
{
	(void) vz_log_configure("error", NULL);
	test_make_folder(dir);
}

static void remove_dir(void)
{
	test_remove_folder(dir);
}

static void write_state(const char *text)
{
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/state.json", dir);
	file = fopen(path, "w");
	CHECK(file);
	fputs(text, file);
	fclose(file);
}

static int get_int(struct vz_state *state, const char *section)
{
	return json_object_get_int(vz_state_get(state, section));
}

TEST(state_survives_and_is_debounced)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	VZ_CLEANUP(vz_state_freep) struct vz_state *state = NULL;
	VZ_CLEANUP(vz_state_freep) struct vz_state *other = NULL;

	make_dir();
	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_state_new(loop, dir, &state), 0);
	CHECK(!vz_state_get(state, "camera"));
	for (int i = 0; i <= 100; i++)
		CHECK_EQ(vz_state_set(state, "camera", json_object_new_int(i)), 0);

	/* Nothing has been written yet. */
	CHECK_EQ(vz_state_new(loop, dir, &other), 0);
	CHECK(!vz_state_get(other, "camera"));
	other = vz_state_free(other);

	vz_loop_test_advance(loop, 1100000);
	state = vz_state_free(state);
	CHECK_EQ(vz_state_new(loop, dir, &other), 0);
	CHECK_EQ(get_int(other, "camera"), 100);
	other = vz_state_free(other);
	remove_dir();
}

TEST(state_is_written_when_freed_early)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	VZ_CLEANUP(vz_state_freep) struct vz_state *state = NULL;
	char nested[96];

	make_dir();
	snprintf(nested, sizeof(nested), "%s/a/b", dir);
	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_state_new(loop, nested, &state), 0);
	CHECK_EQ(vz_state_set(state, "x", json_object_new_int(7)), 0);
	state = vz_state_free(state);
	CHECK_EQ(vz_state_new(loop, nested, &state), 0);
	CHECK_EQ(get_int(state, "x"), 7);
	state = vz_state_free(state);
	remove_dir();
}

TEST(state_damaged_files_are_set_aside)
{
	static const char *const texts[] = {
		"", "{", "[1]", "null", "{\"a\":1}garbage", "{\"a\":\xff}"
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(texts); i++) {
		VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
		VZ_CLEANUP(vz_state_freep) struct vz_state *state = NULL;
		char bad[96];

		test_case(texts[i]);
		make_dir();
		write_state(texts[i]);
		CHECK_EQ(vz_loop_new_test(&loop), 0);
		CHECK_EQ(vz_state_new(loop, dir, &state), 0);
		CHECK(!vz_state_get(state, "a"));
		snprintf(bad, sizeof(bad), "%s/state.json.bad", dir);
		CHECK_EQ(access(bad, F_OK), 0);
		CHECK_EQ(vz_state_set(state, "a", json_object_new_int(2)), 0);
		state = vz_state_free(state);
		CHECK_EQ(vz_state_new(loop, dir, &state), 0);
		CHECK_EQ(get_int(state, "a"), 2);
		state = vz_state_free(state);
		remove_dir();
	}
}

TEST(state_unusable_folder)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	VZ_CLEANUP(vz_state_freep) struct vz_state *state = NULL;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK(vz_state_new(loop, "/proc/nowhere", &state) < 0);
	CHECK(!state);
	CHECK_EQ(vz_state_new_volatile(loop, &state), 0);
	CHECK_EQ(vz_state_set(state, "x", json_object_new_int(1)), 0);
	vz_loop_test_advance(loop, 10000000);
	CHECK_EQ(get_int(state, "x"), 1);
}

/* A file size limit stands in for a full disk: write(2) fails in the middle of the text. */
TEST(state_full_disk_leaves_the_old_file)
{
	struct rlimit before, small = { .rlim_cur = 4 };
	char text[32] = { 0 };
	int dir_fd, fd;

	make_dir();
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY);
	CHECK(dir_fd >= 0);
	CHECK_EQ(vz_save_file(dir_fd, "f", "old text"), 0);

	signal(SIGXFSZ, SIG_IGN);
	CHECK_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	CHECK_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
	CHECK_EQ(vz_save_file(dir_fd, "f", "new text"), -EFBIG);
	CHECK_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);

	fd = openat(dir_fd, "f", O_RDONLY);
	CHECK_EQ(read(fd, text, sizeof(text) - 1), 8);
	CHECK_STR(text, "old text");
	close(fd);
	CHECK(faccessat(dir_fd, "f.new", F_OK, 0) < 0);
	close(dir_fd);
	remove_dir();
}
