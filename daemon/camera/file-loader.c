/*
 * The source `vz_file_source` as the daemon links it: the one in file.c, once somebody opens it.
 */
#include <errno.h>
#include <stddef.h>

#include "camera/source-module.h"

static const struct vz_source_ops *file;

static int loader_open(const char *id, struct vz_control_table *controls, char **ret_name,
		       struct vz_source **ret)
{
	int r;

	if (!file) {
		r = vz_source_module_load("file", &file);
		if (r < 0)
			return r;
	}
	return file->open(id, controls, ret_name, ret);
}

/* The others are called only with a source that open() made. */

static int loader_start(struct vz_source *source, const struct vz_source_format *format,
			const struct vz_control_table *controls, const struct vz_sink *sink,
			uint32_t generation, struct vz_source_format *ret_format)
{
	return file->start(source, format, controls, sink, generation, ret_format);
}

static void loader_stop(struct vz_source *source)
{
	file->stop(source);
}

static int loader_set_control(struct vz_source *source, unsigned control, double value)
{
	return file->set_control(source, control, value);
}

static struct vz_source *loader_close(struct vz_source *source)
{
	return file->close(source);
}

const struct vz_source_ops vz_file_source = {
	.kind = "file",
	.open = loader_open,
	.start = loader_start,
	.stop = loader_stop,
	.set_control = loader_set_control,
	.close = loader_close,
};
