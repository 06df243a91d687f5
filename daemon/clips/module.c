/*
 * The module's one symbol: see module.h.
 */
#include "clips/module.h"

__attribute__((visibility("default"))) extern const struct vz_clip_functions vz_clip_functions;

const struct vz_clip_functions vz_clip_functions = {
	.version = VZ_VERSION,
	.tracks_size = sizeof(struct vz_tracks),
	.options_size = sizeof(struct vz_tracking_options),
	.describe = vz_tracking_describe,
	.check = vz_file_check,
	.track = vz_tracking_run,
	.view_open = vz_view_open,
	.view_close = vz_view_close,
	.view_get_info = vz_view_get_info,
	.view_draw = vz_view_draw,
	.view_draw_strobe = vz_view_draw_strobe,
};
