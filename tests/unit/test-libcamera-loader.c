#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "camera/source.h"
#include "test.h"

static const struct vz_source_ops *ops = &vz_libcamera_source;

static int try_open(const char *id)
{
	struct vz_control_table controls = { 0 };
	struct vz_source *source = NULL;
	char *name = NULL;
	int r;

	r = ops->open(id, &controls, &name, &source);
	CHECK(!source && !name);
	CHECK_EQ(controls.n_controls, 0);
	return r;
}

/* First in the file, and so before the other has set what is asked for. */
TEST(libcamera_is_not_loaded_where_no_camera_can_be)
{
	char line[1024];
	FILE *maps;

	if (access("/dev/media0", F_OK) == 0)
		test_skip("there is a media device here");
	CHECK_EQ(unsetenv("LIBCAMERA_PIPELINES_MATCH_LIST"), 0);
	CHECK_EQ(try_open(NULL), -ENODEV);
	maps = fopen("/proc/self/maps", "r");
	CHECK(maps);
	while (fgets(line, sizeof(line), maps))
		CHECK(!strstr(line, "libcamera.so"));
	CHECK_EQ(fclose(maps), 0);
}

TEST(a_module_that_is_not_there_stays_away)
{
	CHECK_EQ(setenv("VIZYD_MODULE_DIR", "/nonexistent", 1), 0);
	CHECK_EQ(try_open("a camera"), -EOPNOTSUPP);
	CHECK_EQ(unsetenv("VIZYD_MODULE_DIR"), 0);
	CHECK_EQ(try_open("a camera"), -EOPNOTSUPP);
	CHECK(!ops->close(NULL));
	CHECK_STR(ops->kind, "libcamera");
}
