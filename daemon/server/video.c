#include "server/video.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "util/blob.h"
#include "util/buf.h"
#include "util/json.h"

struct vz_video {
	struct vz_list in_videos;
	char *name;
	struct vz_loop *loop;
	struct vz_list watchers;
	unsigned n_watchers;
	struct vz_blob *newest;
	int64_t newest_us; /* when it came */
	char *state, *text;
	void (*watchers_changed)(unsigned n, void *data);
	void *data;
};

/* A name stands in addresses as it is. */
bool vz_video_is_name(const char *name)
{
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-_.");

	return size > 0 && size <= VZ_VIDEO_NAME_MAX && !name[size];
}

int vz_video_new(struct vz_loop *loop, const char *name,
		 void (*watchers_changed)(unsigned n, void *data), void *data,
		 struct vz_video **ret)
{
	VZ_CLEANUP(vz_video_freep) struct vz_video *video = NULL;

	if (!vz_video_is_name(name))
		return -EINVAL;
	video = calloc(1, sizeof(*video));
	if (!video)
		return -ENOMEM;
	vz_list_init(&video->in_videos);
	vz_list_init(&video->watchers);
	video->loop = loop;
	video->watchers_changed = watchers_changed;
	video->data = data;
	video->name = strdup(name);
	video->state = strdup("stopped");
	video->text = strdup("");
	if (!video->name || !video->state || !video->text)
		return -ENOMEM;
	*ret = vz_steal(video);
	return 0;
}

struct vz_video *vz_video_free(struct vz_video *video)
{
	struct vz_watcher *watcher;

	if (!video)
		return NULL;
	vz_list_remove(&video->in_videos);
	/* The one who counts has given the video up, and is not told of the last. */
	video->watchers_changed = NULL;
	while ((watcher = vz_list_first(&video->watchers, struct vz_watcher, in_watchers))) {
		vz_video_unwatch(watcher);
		if (watcher->gone)
			watcher->gone(watcher);
	}
	vz_blob_unref(video->newest);
	free(video->name);
	free(video->state);
	free(video->text);
	free(video);
	return NULL;
}

/* --- Among others ---------------------------------------------------------------------------- */

void vz_video_add(struct vz_list *videos, struct vz_video *video)
{
	vz_list_add(videos, &video->in_videos);
}

struct vz_video *vz_video_next(const struct vz_list *videos, const struct vz_video *video)
{
	struct vz_list *next = video ? video->in_videos.next : videos->next;

	return next == videos ? NULL : vz_container_of(next, struct vz_video, in_videos);
}

struct vz_video *vz_video_find(const struct vz_list *videos, const char *name)
{
	struct vz_video *video = NULL;

	while ((video = vz_video_next(videos, video)) && strcmp(video->name, name))
		;
	return video;
}

const char *vz_video_get_name(const struct vz_video *video)
{
	return video->name;
}

const char *vz_video_get_state(const struct vz_video *video)
{
	return video->state;
}

/* --- Watchers and pictures ------------------------------------------------------------------- */

static void count(struct vz_video *video, int change)
{
	video->n_watchers += (unsigned) change;
	if (video->watchers_changed)
		video->watchers_changed(video->n_watchers, video->data);
}

void vz_video_watch(struct vz_video *video, struct vz_watcher *watcher)
{
	watcher->video = video;
	vz_list_add(&video->watchers, &watcher->in_watchers);
	count(video, 1);
}

void vz_video_unwatch(struct vz_watcher *watcher)
{
	struct vz_video *video = watcher->video;

	if (!video)
		return;
	watcher->video = NULL;
	vz_list_remove(&watcher->in_watchers);
	count(video, -1);
}

unsigned vz_video_n_watchers(const struct vz_video *video)
{
	return video->n_watchers;
}

void vz_video_put(struct vz_video *video, struct vz_blob *jpeg)
{
	struct vz_watcher *watcher, *tmp;

	vz_blob_unref(video->newest);
	video->newest = vz_blob_ref(jpeg);
	video->newest_us = vz_loop_now_us(video->loop);
	vz_list_for_each_safe(watcher, tmp, &video->watchers, in_watchers)
		watcher->picture(watcher, jpeg);
}

struct vz_blob *vz_video_get_picture(struct vz_video *video, int64_t max_age_us)
{
	if (!video->newest || vz_loop_now_us(video->loop) - video->newest_us > max_age_us)
		return NULL;
	return video->newest;
}

void vz_video_set_state(struct vz_video *video, const char *state, const char *text)
{
	char *new_state = strdup(state), *new_text = strdup(text);
	struct vz_watcher *watcher, *tmp;

	/* Out of memory, the old state is shown a little longer. */
	if (!new_state || !new_text) {
		free(new_state);
		free(new_text);
		return;
	}
	free(video->state);
	free(video->text);
	video->state = new_state;
	video->text = new_text;
	vz_list_for_each_safe(watcher, tmp, &video->watchers, in_watchers)
	{
		if (watcher->state)
			watcher->state(watcher);
	}
}

void vz_video_write_state(struct vz_buf *buf, const struct vz_video *video)
{
	vz_buf_puts(buf, "{\"state\":");
	vz_json_print_string(buf, video->state, strlen(video->state));
	vz_buf_puts(buf, ",\"text\":");
	vz_json_print_string(buf, video->text, strlen(video->text));
	/* A name has nothing that JSON would escape. */
	vz_buf_printf(buf, ",\"camera\":\"%s\"}", video->name);
}
