/*
 * The source `vz_libcamera_source` as the daemon links it: the one in libcamera.cpp, once there may
 * be a camera for it. libcamera brings a C++ runtime, two threads and, since 0.7, a graphics stack:
 * 60 ms and 10 MB for each start of a daemon that has no camera.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "camera/source-module.h"

static const struct vz_source_ops *libcamera;

/* libcamera finds cameras by their media devices; the cameras that have none are asked for. */
static bool may_have_camera(void)
{
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	if (getenv("LIBCAMERA_PIPELINES_MATCH_LIST"))
		return true;
	dir = opendir("/dev");
	if (!dir)
		return true;
	while (!found && (entry = readdir(dir)))
		found = !strncmp(entry->d_name, "media", strlen("media"));
	(void) closedir(dir);
	return found;
}

/* A module that cannot be loaded is said once, and is then one that is not there. */
static int load(void)
{
	static int failed;

	if (!libcamera && !failed)
		failed = vz_source_module_load("libcamera", &libcamera);
	return failed ? -EOPNOTSUPP : 0;
}

static int loader_open(const char *id, struct vz_control_table *controls, char **ret_name,
		       struct vz_source **ret)
{
	int r;

	if (!libcamera && !id && !may_have_camera())
		return -ENODEV;
	r = load();
	if (r < 0)
		return r;
	return libcamera->open(id, controls, ret_name, ret);
}

/* The others are called only with a source that open() made. */

static int loader_start(struct vz_source *source, const struct vz_source_format *format,
			const struct vz_control_table *controls, const struct vz_sink *sink,
			uint32_t generation, struct vz_source_format *ret_format)
{
	return libcamera->start(source, format, controls, sink, generation, ret_format);
}

static void loader_stop(struct vz_source *source)
{
	libcamera->stop(source);
}

static int loader_set_control(struct vz_source *source, unsigned control, double value)
{
	return libcamera->set_control(source, control, value);
}

static int loader_clear_control(struct vz_source *source, unsigned control)
{
	return libcamera->clear_control(source, control);
}

static struct vz_source *loader_close(struct vz_source *source)
{
	return source ? libcamera->close(source) : NULL;
}

static int loader_list(vz_source_found_fn *found, void *data)
{
	int r;

	if (!libcamera && !may_have_camera())
		return 0;
	r = load();
	return r < 0 ? r : libcamera->list(found, data);
}

const struct vz_source_ops vz_libcamera_source = {
	.kind = "libcamera",
	.open = loader_open,
	.start = loader_start,
	.stop = loader_stop,
	.set_control = loader_set_control,
	.clear_control = loader_clear_control,
	.close = loader_close,
	.list = loader_list,
};
