#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "camera/source-module.h"

static void make_dir(char *dir, size_t size)
{
	(void) snprintf(dir, size, "%s/vizyd-test-XXXXXX",
			getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	CHECK(mkdtemp(dir));
	CHECK_EQ(setenv("VIZYD_MODULE_DIR", dir, 1), 0);
}

TEST(source_module_that_is_not_there_is_no_error_of_the_build)
{
	const struct vz_source_ops *ops = NULL;
	char dir[256];

	CHECK_EQ(vz_source_module_load("nothing", &ops), -EOPNOTSUPP);
	make_dir(dir, sizeof(dir));
	CHECK_EQ(vz_source_module_load("file", &ops), -EOPNOTSUPP);
	CHECK(!ops);
	CHECK_EQ(unsetenv("VIZYD_MODULE_DIR"), 0);
	CHECK_EQ(rmdir(dir), 0);
}

TEST(source_module_of_another_kind_is_refused)
{
	const struct vz_source_ops *ops = NULL;
	char dir[256], path[300];
	FILE *file;

	make_dir(dir, sizeof(dir));
	(void) snprintf(path, sizeof(path), "%s/vizyd-text.so", dir);
	file = fopen(path, "w");
	CHECK(file);
	CHECK(fputs("no module\n", file) >= 0);
	CHECK_EQ(fclose(file), 0);
	CHECK_EQ(vz_source_module_load("text", &ops), -ELIBBAD);
	CHECK_EQ(unlink(path), 0);

	/* A library, but not one of ours. */
	(void) snprintf(path, sizeof(path), "%s/vizyd-math.so", dir);
	if (symlink("/lib/x86_64-linux-gnu/libm.so.6", path) == 0 && access(path, R_OK) == 0)
		CHECK_EQ(vz_source_module_load("math", &ops), -ELIBBAD);
	(void) unlink(path);
	CHECK(!ops);
	CHECK_EQ(unsetenv("VIZYD_MODULE_DIR"), 0);
	CHECK_EQ(rmdir(dir), 0);
}

TEST(source_module_is_found_in_the_build_tree)
{
	const struct vz_source_ops *ops = NULL, *again = NULL;
	int r = vz_source_module_load("file", &ops);

	if (r == -EOPNOTSUPP)
		test_skip("built without video files");
	CHECK_EQ(r, 0);
	CHECK_STR(ops->kind, "file");
	CHECK_EQ(vz_source_module_load("file", &again), 0);
	CHECK(again == ops);
}
