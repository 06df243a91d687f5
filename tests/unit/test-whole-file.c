#include "util/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"

#include "folder.h"
#include "test.h"

static char dir[64];
static int dir_fd;

static void begin(void)
{
	test_make_folder(dir);
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(dir_fd >= 0);
}

static void end(void)
{
	close(dir_fd);
	test_remove_folder(dir);
}

static void holds(const char *name, const char *text)
{
	VZ_CLEANUP(vz_freep) char *got = NULL;
	size_t size = 0;

	CHECK_EQ(vz_whole_file_read(dir_fd, name, 100, &got, &size), 0);
	CHECK_STR(got, text);
	CHECK_EQ(size, strlen(text));
}

TEST(whole_file_is_replaced_and_read)
{
	struct stat st;

	begin();
	CHECK_EQ(vz_whole_file_write(dir_fd, "f", 0600, "old", 3), 0);
	holds("f", "old");
	/* What somebody left who was interrupted is in nobody's way, whatever its rights. */
	close(openat(dir_fd, "f.new", O_WRONLY | O_CREAT, 0444));
	CHECK_EQ(vz_whole_file_write(dir_fd, "f", 0600, "newer", 5), 0);
	holds("f", "newer");
	CHECK_EQ(fstatat(dir_fd, "f", &st, 0), 0);
	CHECK_EQ(st.st_mode & 07777, 0600);
	CHECK_EQ(vz_whole_file_write(dir_fd, "f", 0600, "", 0), 0);
	holds("f", "");
	CHECK(faccessat(dir_fd, "f.new", F_OK, 0) < 0);
	end();
}

TEST(whole_file_that_cannot_be_written_stays)
{
	struct rlimit limit, small;

	begin();
	CHECK_EQ(vz_whole_file_write(dir_fd, "f", 0640, "old", 3), 0);
	CHECK_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = (struct rlimit){ 2, limit.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	CHECK_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
	CHECK_EQ(vz_whole_file_write(dir_fd, "f", 0640, "newer", 5), -EFBIG);
	CHECK_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
	holds("f", "old");
	CHECK(faccessat(dir_fd, "f.new", F_OK, 0) < 0);
	end();
}

TEST(whole_file_is_a_small_regular_file)
{
	static const struct {
		const char *name;
		int r;
	} cases[] = {
		{ "absent", -ENOENT }, { "large", -EFBIG }, { "folder", -EISDIR },
		{ "pipe", -EINVAL },   { "link", -ELOOP },
	};
	char *text = NULL;
	char large[101];
	size_t size = 0;

	begin();
	memset(large, 'x', sizeof(large));
	CHECK_EQ(vz_whole_file_write(dir_fd, "large", 0640, large, sizeof(large)), 0);
	CHECK_EQ(mkdirat(dir_fd, "folder", 0700), 0);
	CHECK_EQ(mkfifoat(dir_fd, "pipe", 0600), 0);
	CHECK_EQ(symlinkat("large", dir_fd, "link"), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		test_case(cases[i].name);
		CHECK_EQ(vz_whole_file_read(dir_fd, cases[i].name, 100, &text, &size), cases[i].r);
		CHECK(!text);
	}
	test_case(NULL);
	end();
}
