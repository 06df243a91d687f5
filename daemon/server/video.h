/*
 * A camera's newest picture and who watches it. Each camera that the server shows has one, known
 * by a name. Pictures come in from whoever makes them; each watcher (a
 * websocket, a stream for another program, a snapshot that waits) gets every one and drops what it
 * cannot take. Blobs are shared: nobody copies a picture.
 *
 * Thread: loop. Owned by the server.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/cleanup.h"
#include "util/list.h"

struct vz_blob;
struct vz_buf;
struct vz_loop;
struct vz_video;

/* Embedded in each watcher. The functions may unwatch their own. */
struct vz_watcher {
	struct vz_list in_watchers;
	struct vz_video *video;
	void (*picture)(struct vz_watcher *watcher, struct vz_blob *jpeg);
	void (*state)(struct vz_watcher *watcher); /* the camera's state is another; may be NULL */
	void (*gone)(struct vz_watcher *watcher);  /* the video is no more; may be NULL */
};

#define VZ_VIDEO_NAME_MAX 64

/* Whether it is 1 to 64 letters, digits, '-', '_' or '.'. */
bool vz_video_is_name(const char *name);

/* @watchers_changed may be NULL. Returns 0, -EINVAL (@name is none) or -ENOMEM. */
int vz_video_new(struct vz_loop *loop, const char *name,
		 void (*watchers_changed)(unsigned n, void *data), void *data,
		 struct vz_video **ret);
/* Who still watches is told that it has gone; @watchers_changed is not called for them. */
struct vz_video *vz_video_free(struct vz_video *video);
VZ_DEFINE_CLEANUP(vz_video_free, struct vz_video *, vz_video_free)

/* Puts it at the end of @videos, which it leaves by itself when it is freed. */
void vz_video_add(struct vz_list *videos, struct vz_video *video);
/* Walks them; start with NULL. */
struct vz_video *vz_video_next(const struct vz_list *videos, const struct vz_video *video);
struct vz_video *vz_video_find(const struct vz_list *videos, const char *name);
const char *vz_video_get_name(const struct vz_video *video);
const char *vz_video_get_state(const struct vz_video *video);

void vz_video_put(struct vz_video *video, struct vz_blob *jpeg);
void vz_video_set_state(struct vz_video *video, const char *state, const char *text);

void vz_video_watch(struct vz_video *video, struct vz_watcher *watcher);
/* May be called again, and on a watcher that never watched if it is zeroed. */
void vz_video_unwatch(struct vz_watcher *watcher);
unsigned vz_video_n_watchers(const struct vz_video *video);

/* Borrowed; NULL when it is older than @max_age_us or there is none. */
struct vz_blob *vz_video_get_picture(struct vz_video *video, int64_t max_age_us);
/* {"state":…,"text":…,"camera":…} */
void vz_video_write_state(struct vz_buf *buf, const struct vz_video *video);
