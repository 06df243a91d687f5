/*
 * Feeds: cameras beside the daemon's own, each with an encoder and a named video of the server. The
 * functions of vizyd/camera.h that take a feed are here; a plugin reaches them through its host.
 *
 * Thread: loop. The set is owned by the daemon, a feed by whoever opened it.
 */
#pragma once

#include <stdint.h>

#include "util/cleanup.h"
#include "vizyd/camera.h"

struct vz_feeds;
struct vz_loop;
struct vz_server;

int vz_feeds_new(struct vz_loop *loop, struct vz_feeds **ret);
/* All feeds must have been closed. */
struct vz_feeds *vz_feeds_free(struct vz_feeds *feeds);
VZ_DEFINE_CLEANUP(vz_feeds_free, struct vz_feeds *, vz_feeds_free)

/*
 * Shows all feeds, and those to come, on @server; NULL takes them away from the one before, which
 * is then free to go. Returns 0 or a negative errno.
 */
int vz_feeds_set_server(struct vz_feeds *feeds, struct vz_server *server);

/* The longest vz_encoder_busy_us() of them all. */
int64_t vz_feeds_busy_us(struct vz_feeds *feeds);

/* As vz_app_list_cameras(). */
int vz_feeds_list_cameras(struct json_object **ret);
/*
 * As vz_app_open_feed(), with a sentence for a person in *@ret_error, static, when the result is
 * negative.
 */
int vz_feed_open(struct vz_feeds *feeds, const struct vz_feed_spec *spec, const char **ret_error,
		 struct vz_feed **ret);
