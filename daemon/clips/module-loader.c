#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "camera/source-module.h"
#include "clips/module.h"
#include "util/log.h"

int vz_clip_functions_load(const struct vz_clip_functions **ret)
{
	const struct vz_clip_functions *functions;
	char path[PATH_MAX + 64];
	void *handle;

	if (vz_source_module_find("clips", path, sizeof(path)) < 0)
		return -EOPNOTSUPP;
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	functions = handle ? dlsym(handle, "vz_clip_functions") : NULL;
	if (!functions || strcmp(functions->version, VZ_VERSION) ||
	    functions->tracks_size != sizeof(struct vz_tracks) ||
	    functions->options_size != sizeof(struct vz_tracking_options)) {
		vz_log(CAM, ERROR, "Cannot load %s: %s", path,
		       functions ? "it is of another build" : dlerror());
		if (handle)
			(void) dlclose(handle);
		return -ELIBBAD;
	}
	*ret = functions;
	return 0;
}
