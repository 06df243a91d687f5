#include <errno.h>
#include <string.h>

#include "camera/clip.h"
#include "camera/source-module.h"

int vz_clip_load(const struct vz_clip_ops **ret)
{
	const struct vz_source_module *module;
	int r;

	r = vz_source_module_open("file", &module);
	if (r < 0)
		return r;
	if (!module->clip_ops)
		return -EOPNOTSUPP;
	*ret = module->clip_ops;
	return 0;
}

const char *vz_clip_describe_error(int r)
{
	switch (r) {
	case -EBADMSG:
		return "it is no video that can be read";
	case -ENODATA:
		return "there is no video in it";
	case -EOPNOTSUPP:
		return "there is no decoder for its video";
	case -EFBIG:
		return "its pictures are too large, or too many";
	case -EINVAL:
		return "it is no regular file";
	case -ELIBBAD:
		return "the module for video files is of another build";
	default:
		return strerror(-r);
	}
}
