#include "camera/source.h"

#include <errno.h>
#include <stddef.h>

/* In place of libcamera.cpp, when built without libcamera. Only open() is ever called. */
static int stub_open(const char *id, struct vz_control_table *controls, char **ret_name,
		     struct vz_source **ret)
{
	return -EOPNOTSUPP;
}

const struct vz_source_ops vz_libcamera_source = { .kind = "libcamera", .open = stub_open };
