/*
 * A result: what was found in a clip, and what with. It does not change once it is made, and is
 * kept as JSON beside the clips.
 *
 * Thread: any; counted atomically.
 */
#pragma once

#include "clips/tracking.h"
#include "util/cleanup.h"

struct json_object;

struct vz_clip_result {
	int refs; /* atomic */
	struct vz_tracks tracks;
	struct vz_tracking_options options;
};

/* Takes what @tracks owns, also on failure. Returns 0 or -ENOMEM. */
int vz_clip_result_new(struct vz_tracks *tracks, const struct vz_tracking_options *options,
		       struct vz_clip_result **ret);
struct vz_clip_result *vz_clip_result_ref(struct vz_clip_result *result);
/* Takes NULL; returns NULL. */
struct vz_clip_result *vz_clip_result_unref(struct vz_clip_result *result);
VZ_DEFINE_CLEANUP(vz_clip_result_unref, struct vz_clip_result *, vz_clip_result_unref)

/* The file is the old or the new one, whatever happens. Returns 0 or a negative errno. */
int vz_clip_result_save(const struct vz_clip_result *result, const char *path);
/* Returns 0, -ENOENT, -EBADMSG (not what save() writes), or another negative errno. */
int vz_clip_result_load(const char *path, struct vz_clip_result **ret);

/* The options as {"threshold_percent": …}, a reference or NULL; and read from there. */
struct json_object *vz_clip_options_encode(const struct vz_tracking_options *options);
int vz_clip_options_decode(struct json_object *object, struct vz_tracking_options *ret);
