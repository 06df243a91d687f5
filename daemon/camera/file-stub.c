#include "camera/source.h"

#include <errno.h>
#include <stddef.h>

/* In place of file.c, when built without libavformat and libavcodec. Only open() is ever called. */
static int stub_open(const char *id, struct vz_control_table *controls, char **ret_name,
		     struct vz_source **ret)
{
	return -EOPNOTSUPP;
}

const struct vz_source_ops vz_file_source = { .kind = "file", .open = stub_open };
