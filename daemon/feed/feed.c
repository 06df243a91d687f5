#include "feed/feed.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camera/camera.h"
#include "camera/encode.h"
#include "server/server.h"
#include "server/video.h"
#include "util/json.h"
#include "util/list.h"
#include "util/log.h"

#define DEFAULT_QUALITY_PERCENT 80

struct vz_feeds {
	struct vz_loop *loop;
	struct vz_server *server; /* NULL: none yet, or none any more */
	struct vz_list feeds;
};

struct vz_feed {
	struct vz_list in_feeds;
	struct vz_feeds *feeds;
	char *name;
	struct vz_camera *camera;
	struct vz_encoder *encoder;
	struct vz_video *video; /* NULL without a server */
	vz_feed_fn *changed;
	void *data;
};

/* --- The camera, the encoder and the server ------------------------------------------------- */

static void show_state(struct vz_feed *feed)
{
	if (feed->video)
		vz_video_set_state(feed->video,
				   vz_camera_state_name(vz_camera_get_state(feed->camera)),
				   vz_camera_get_text(feed->camera));
}

static void on_camera_changed(struct vz_camera *camera, unsigned changes, void *data)
{
	struct vz_feed *feed = data;

	if (changes & (VZ_CAMERA_CHANGED_STATE | VZ_CAMERA_CHANGED_FORMAT))
		show_state(feed);
	if (feed->changed)
		feed->changed(feed, changes, feed->data);
}

static void on_picture(struct vz_blob *jpeg, void *data)
{
	struct vz_feed *feed = data;

	if (feed->video)
		vz_video_put(feed->video, jpeg);
}

static void on_watchers_changed(unsigned n_watchers, void *data)
{
	struct vz_feed *feed = data;

	vz_encoder_set_wanted(feed->encoder, n_watchers);
}

static int show(struct vz_feed *feed)
{
	struct vz_server *server = feed->feeds->server;
	int r;

	if (!server)
		return 0;
	r = vz_server_add_video(server, feed->name, on_watchers_changed, feed, &feed->video);
	if (r == 0)
		show_state(feed);
	return r;
}

static void hide(struct vz_feed *feed)
{
	if (!feed->video)
		return;
	feed->video = vz_server_remove_video(feed->feeds->server, feed->video);
	vz_encoder_set_wanted(feed->encoder, 0);
}

/* --- The set -------------------------------------------------------------------------------- */

int vz_feeds_new(struct vz_loop *loop, struct vz_feeds **ret)
{
	struct vz_feeds *feeds = calloc(1, sizeof(*feeds));

	if (!feeds)
		return -ENOMEM;
	feeds->loop = loop;
	vz_list_init(&feeds->feeds);
	*ret = feeds;
	return 0;
}

struct vz_feeds *vz_feeds_free(struct vz_feeds *feeds)
{
	if (!feeds)
		return NULL;
	assert(vz_list_is_empty(&feeds->feeds));
	free(feeds);
	return NULL;
}

int vz_feeds_set_server(struct vz_feeds *feeds, struct vz_server *server)
{
	struct vz_feed *feed;
	int r = 0;

	vz_list_for_each(feed, &feeds->feeds, in_feeds) hide(feed);
	feeds->server = server;
	vz_list_for_each(feed, &feeds->feeds, in_feeds)
	{
		if (r == 0)
			r = show(feed);
	}
	return r;
}

static bool is_taken(const struct vz_feeds *feeds, const char *name)
{
	const struct vz_feed *feed;

	if (!strcmp(name, VZ_MAIN_CAMERA))
		return true;
	vz_list_for_each(feed, &feeds->feeds, in_feeds)
	{
		if (!strcmp(feed->name, name))
			return true;
	}
	return false;
}

struct listing {
	struct json_object *array;
	bool is_short; /* of memory */
};

/* Takes @value. */
static bool add(struct json_object *object, const char *key, struct json_object *value)
{
	if (object && value && json_object_object_add(object, key, value) == 0)
		return true;
	json_object_put(value);
	return false;
}

static void on_found(const char *id, const char *name, void *data)
{
	VZ_CLEANUP(json_object_putp) struct json_object *camera = json_object_new_object();
	VZ_CLEANUP(vz_freep) char *source = NULL;
	struct listing *listing = data;

	if (asprintf(&source, "libcamera:%s", id) < 0)
		source = NULL;
	if (source && add(camera, "source", json_object_new_string(source)) &&
	    add(camera, "title", json_object_new_string(name)) &&
	    json_object_array_add(listing->array, camera) == 0)
		(void) vz_steal(camera);
	else
		listing->is_short = true;
}

int vz_feeds_list_cameras(struct json_object **ret)
{
	struct listing listing = { json_object_new_array(), false };
	int r = 0;

	if (listing.array)
		r = vz_libcamera_source.list(on_found, &listing);
	if (!listing.array || listing.is_short) {
		json_object_put(listing.array);
		return -ENOMEM;
	}
	/* What cannot be counted is not there for whoever asks; opening it by name tells why. */
	if (r < 0)
		vz_log(CAM, DEBUG, "Cannot list the cameras: %s", strerror(-r));
	*ret = listing.array;
	return 0;
}

/* --- Opening and closing -------------------------------------------------------------------- */

static int check(const struct vz_feeds *feeds, const struct vz_feed_spec *spec,
		 const char **ret_error)
{
	if (!spec->name || !vz_video_is_name(spec->name)) {
		*ret_error = "the name: expected 1 to 64 letters, digits, '-', '_' or '.'";
		return -EINVAL;
	}
	if (!(spec->fps >= 0 && spec->fps <= 1000)) {
		*ret_error = "fps: expected 0 to 1000";
		return -EINVAL;
	}
	if (spec->quality_percent < 0 || spec->quality_percent > 100) {
		*ret_error = "quality_percent: expected 0 to 100";
		return -EINVAL;
	}
	if (is_taken(feeds, spec->name)) {
		*ret_error = "a camera of that name is shown already";
		return -EEXIST;
	}
	return 0;
}

static int open_camera(struct vz_feed *feed, const struct vz_feed_spec *spec,
		       const char **ret_error)
{
	const struct vz_camera_options options = {
		.source = spec->source ? spec->source : "",
		.format = { spec->width_px, spec->height_px, spec->fps },
		.file_once = spec->file_once,
	};
	int r;

	r = vz_camera_new(feed->feeds->loop, &options, &feed->camera);
	if (r == -EINVAL)
		*ret_error = "the source: expected auto, simulated[:1-99], file:PATH or "
			     "libcamera[:ID]";
	if (r < 0)
		return r;
	vz_camera_add_listener(feed->camera,
			       &(struct vz_camera_listener){ on_camera_changed, feed });
	r = vz_encoder_new(feed->feeds->loop, feed->camera, on_picture, feed, &feed->encoder);
	if (r < 0)
		return r;
	vz_encoder_set_quality(feed->encoder, spec->quality_percent ? spec->quality_percent
								    : DEFAULT_QUALITY_PERCENT);
	return 0;
}

VZ_DEFINE_CLEANUP(vz_feed_close, struct vz_feed *, vz_feed_close)

int vz_feed_open(struct vz_feeds *feeds, const struct vz_feed_spec *spec, const char **ret_error,
		 struct vz_feed **ret)
{
	VZ_CLEANUP(vz_feed_closep) struct vz_feed *feed = NULL;
	int r;

	*ret_error = "out of memory";
	r = check(feeds, spec, ret_error);
	if (r < 0)
		return r;
	feed = calloc(1, sizeof(*feed));
	if (!feed)
		return -ENOMEM;
	vz_list_init(&feed->in_feeds);
	feed->feeds = feeds;
	feed->name = strdup(spec->name);
	if (!feed->name)
		return -ENOMEM;
	r = open_camera(feed, spec, ret_error);
	if (r == 0)
		r = show(feed);
	if (r < 0)
		return r;
	/* From here on: a feed that could not be opened has told nobody anything. */
	feed->changed = spec->changed;
	feed->data = spec->data;
	vz_list_add(&feeds->feeds, &feed->in_feeds);
	*ret = vz_steal(feed);
	return 0;
}

struct vz_feed *vz_feed_close(struct vz_feed *feed)
{
	if (!feed)
		return NULL;
	feed->changed = NULL;
	vz_list_remove(&feed->in_feeds);
	hide(feed);
	feed->encoder = vz_encoder_free(feed->encoder);
	feed->camera = vz_camera_free(feed->camera);
	free(feed->name);
	free(feed);
	return NULL;
}

int64_t vz_feeds_busy_us(struct vz_feeds *feeds)
{
	struct vz_feed *feed;
	int64_t longest_us = 0, busy_us;

	vz_list_for_each(feed, &feeds->feeds, in_feeds)
	{
		busy_us = vz_encoder_busy_us(feed->encoder);
		if (busy_us > longest_us)
			longest_us = busy_us;
	}
	return longest_us;
}

/* --- What it says and takes ----------------------------------------------------------------- */

const char *vz_feed_get_name(const struct vz_feed *feed)
{
	return feed->name;
}

enum vz_camera_state vz_feed_get_state(const struct vz_feed *feed)
{
	return vz_camera_get_state(feed->camera);
}

const char *vz_feed_get_text(const struct vz_feed *feed)
{
	return vz_camera_get_text(feed->camera);
}

const char *vz_feed_get_title(const struct vz_feed *feed)
{
	return vz_camera_get_name(feed->camera);
}

const char *vz_feed_get_kind(const struct vz_feed *feed)
{
	return vz_camera_get_kind(feed->camera);
}

unsigned vz_feed_n_watchers(const struct vz_feed *feed)
{
	return feed->video ? vz_video_n_watchers(feed->video) : 0;
}

const struct vz_control *vz_feed_get_control(const struct vz_feed *feed, unsigned index)
{
	const struct vz_control_table *table = vz_camera_get_controls(feed->camera);

	return index < table->n_controls ? &table->controls[index] : NULL;
}

int vz_feed_set_control(struct vz_feed *feed, const char *name, double value)
{
	return vz_camera_set_control(feed->camera, name, value);
}

void vz_feed_reset(struct vz_feed *feed)
{
	vz_camera_reset_controls(feed->camera);
}

int vz_feed_set_brightness(struct vz_feed *feed, double brightness)
{
	return vz_camera_set_brightness(feed->camera, brightness);
}

double vz_feed_get_brightness(const struct vz_feed *feed)
{
	return vz_camera_get_brightness(feed->camera);
}

struct json_object *vz_feed_save(struct vz_feed *feed)
{
	return vz_camera_save_controls(feed->camera);
}

void vz_feed_load(struct vz_feed *feed, struct json_object *saved)
{
	vz_camera_load_controls(feed->camera, saved);
}
