#include <errno.h>
#include <string.h>

#include "camera/source-module.h"
#include "clips/module.h"
#include "util/log.h"

int vz_clip_functions_load(const struct vz_clip_functions **ret)
{
	const struct vz_clip_functions *functions;
	const void *symbol;
	int r;

	r = vz_source_module_symbol("clips", "vz_clip_functions", &symbol);
	if (r < 0)
		return r;
	functions = symbol;
	if (strcmp(functions->version, VZ_VERSION) != 0 ||
	    functions->tracks_size != sizeof(struct vz_tracks) ||
	    functions->options_size != sizeof(struct vz_tracking_options)) {
		vz_log(CAM, ERROR, "Cannot load vizyd-clips.so: it is of another build");
		return -ELIBBAD;
	}
	*ret = functions;
	return 0;
}
