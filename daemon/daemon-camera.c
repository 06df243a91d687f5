/*
 * The camera in the daemon: its settings, its pictures, its part of /status.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "camera/camera.h"
#include "camera/encode.h"
#include "config/config.h"
#include "config/state.h"
#include "daemon-private.h"
#include "feed/feed.h"
#include "server/server.h"
#include "util/json.h"
#include "util/log.h"

/* Settings belong to a camera, not to the device: another camera has other controls. */
static void camera_section(const struct vz_daemon *daemon, char *section, size_t size)
{
	snprintf(section, size, "camera %s %s", vz_camera_get_kind(daemon->camera),
		 vz_camera_get_name(daemon->camera));
}

static void load_camera_settings(struct vz_daemon *daemon)
{
	char section[256];
	struct json_object *saved, *controls = NULL;
	double brightness = 50;

	camera_section(daemon, section, sizeof(section));
	/* What is loaded is saved again, in place of this. */
	saved = json_object_get(vz_state_get(daemon->state, section));
	if (vz_json_get_object(saved, "controls", &controls) == 0)
		vz_camera_load_controls(daemon->camera, controls);
	if (vz_json_get_double(saved, "brightness", &brightness) == 0)
		(void) vz_camera_set_brightness(daemon->camera, brightness);
	json_object_put(saved);
}

void vz_daemon_save_camera_settings(struct vz_daemon *daemon)
{
	VZ_CLEANUP(json_object_putp) struct json_object *saved = json_object_new_object();
	struct json_object *controls = vz_camera_save_controls(daemon->camera);
	struct json_object *brightness =
		json_object_new_double(vz_camera_get_brightness(daemon->camera));
	char section[256];

	/* Nothing was found yet whose settings they could be. */
	if (!strcmp(vz_camera_get_kind(daemon->camera), "none")) {
		json_object_put(controls);
		json_object_put(brightness);
		return;
	}
	if (!saved || !controls || !brightness) {
		json_object_put(controls);
		json_object_put(brightness);
		return;
	}
	json_object_object_add(saved, "controls", controls);
	json_object_object_add(saved, "brightness", brightness);
	camera_section(daemon, section, sizeof(section));
	if (vz_state_set(daemon->state, section, vz_steal(saved)) < 0)
		vz_log(DAEMON, WARNING, "The camera's settings are not saved: out of memory");
}

static void on_camera_changed(struct vz_camera *camera, unsigned changes, void *data)
{
	struct vz_daemon *daemon = data;

	if (changes & VZ_CAMERA_CHANGED_CONTROLS)
		load_camera_settings(daemon);
	else if (changes & VZ_CAMERA_CHANGED_ASKED)
		vz_daemon_save_camera_settings(daemon);
	if (!(changes & (VZ_CAMERA_CHANGED_STATE | VZ_CAMERA_CHANGED_FORMAT)) || !daemon->server)
		return;
	vz_daemon_tell_state(daemon, NULL);
	vz_server_set_camera_state(daemon->server,
				   vz_camera_state_name(vz_camera_get_state(camera)),
				   vz_camera_get_text(camera));
}

static void on_picture(struct vz_blob *jpeg, void *data)
{
	struct vz_daemon *daemon = data;

	if (daemon->server)
		vz_server_put_picture(daemon->server, jpeg);
}

struct vz_camera_options vz_daemon_camera_options(const struct vz_daemon *daemon)
{
	const struct vz_config *config = daemon->config;

	return (struct vz_camera_options){
		.source = config->camera,
		.format = { config->width_px, config->height_px, config->fps },
		.file_once = config->file_once,
	};
}

int vz_daemon_make_camera(struct vz_daemon *daemon)
{
	const struct vz_config *config = daemon->config;
	const struct vz_camera_options options = vz_daemon_camera_options(daemon);
	int r;

	r = vz_camera_new(daemon->loop, &options, &daemon->camera);
	if (r == -EINVAL)
		return vz_log_errno(DAEMON, r,
				    "Camera '%s': expected auto, simulated[:N], file:PATH or "
				    "libcamera[:ID]",
				    config->camera);
	if (r < 0)
		return r;
	/* Before the panel's listener: the page shall show the settings that were loaded. */
	vz_camera_add_listener(daemon->camera,
			       &(struct vz_camera_listener){ on_camera_changed, daemon });
	load_camera_settings(daemon);
	r = vz_encoder_new(daemon->loop, daemon->camera, on_picture, daemon, &daemon->encoder);
	if (r < 0)
		return r;
	vz_encoder_set_quality(daemon->encoder, config->jpeg_quality_percent);
	return vz_feeds_new(daemon->loop, &daemon->feeds);
}

void vz_daemon_append_camera_status(struct vz_buf *buf, struct vz_daemon *daemon)
{
	const struct vz_camera_counters *frames = vz_camera_get_counters(daemon->camera);
	const struct vz_source_format *format = vz_camera_get_format(daemon->camera);
	const char *text = vz_camera_get_text(daemon->camera);
	const char *name = vz_camera_get_name(daemon->camera);

	vz_buf_printf(buf, ",\"camera\":{\"state\":\"%s\",\"kind\":\"%s\",\"name\":",
		      vz_camera_state_name(vz_camera_get_state(daemon->camera)),
		      vz_camera_get_kind(daemon->camera));
	vz_json_print_string(buf, name, strlen(name));
	vz_buf_puts(buf, ",\"text\":");
	vz_json_print_string(buf, text, strlen(text));
	vz_buf_printf(buf, ",\"width\":%u,\"height\":%u,\"fps\":", format->width_px,
		      format->height_px);
	vz_json_print_double(buf, vz_camera_get_fps(daemon->camera));
	vz_buf_puts(buf, ",\"brightness\":");
	vz_json_print_double(buf, vz_camera_get_brightness(daemon->camera));
	vz_buf_printf(buf,
		      "},\"frames\":{\"captured\":%" PRIu64 ",\"encoded\":%" PRIu64
		      ",\"dropped\":%" PRIu64 ",\"lost\":%" PRIu64 "}",
		      frames->captured, vz_encoder_get_counters(daemon->encoder)->encoded,
		      frames->dropped, frames->lost);
}
