/*
 * What is done with video files, in a module of its own (vizyd-clips.so) that is loaded with the
 * first clip: the libraries behind it would cost each start of the daemon 100 ms and 20 MB. It
 * shares no state with the daemon and stays loaded.
 *
 * Thread: any; so are the functions, as their own headers say.
 */
#pragma once

#include "camera/file-check.h"
#include "clips/tracking.h"
#include "clips/view.h"

struct vz_clip_functions {
	const char *version;
	size_t tracks_size, options_size; /* two builds of one version may still differ */

	const char *(*describe)(int r);
	int (*check)(const char *path, struct vz_file_extent *ret);
	int (*track)(const char *path, const struct vz_tracking_options *options,
		     struct vz_tracks *ret, struct vz_tracking_error *ret_error);
	int (*view_open)(const char *path,
			 int (*progress)(unsigned pass, uint32_t frame, uint32_t n_frames,
					 void *data),
			 void *data, struct vz_view **ret);
	struct vz_view *(*view_close)(struct vz_view *view);
	const struct vz_view_info *(*view_get_info)(const struct vz_view *view);
	int (*view_draw)(struct vz_view *view, const struct vz_view_picture *picture,
			 struct vz_blob **ret);
	int (*view_draw_strobe)(struct vz_view *view, const struct vz_view_strobe *strobe,
				struct vz_blob **ret);
};

/* Returns 0, -EOPNOTSUPP (built without video files) or -ELIBBAD (of another build). */
int vz_clip_functions_load(const struct vz_clip_functions **ret);
