/*
 * The recorder in the daemon: its settings, the video "clip" with what the player shows, its part
 * of /status, and triggers by name.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camera/camera.h"
#include "config/config.h"
#include "config/state.h"
#include "daemon-private.h"
#include "panels/capture-panel.h"
#include "recorder/player.h"
#include "recorder/recorder.h"
#include "server/server.h"
#include "server/video.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/component.h"

#define SECTION	   "recorder"
#define CLIP_VIDEO "clip"
#define MB	   (UINT64_C(1) << 20)

/* --- Settings ------------------------------------------------------------------------------- */

static void load_settings(struct vz_daemon *daemon)
{
	struct json_object *saved = vz_state_get(daemon->state, SECTION);
	struct vz_recorder_settings settings = vz_recorder_get_settings(daemon->recorder);
	int64_t trigger = settings.capture.trigger, until = settings.capture.until;

	(void) vz_json_get_int(saved, "shift_ns", &settings.capture.shift_ns);
	(void) vz_json_get_int(saved, "duration_ns", &settings.capture.duration_ns);
	(void) vz_json_get_int(saved, "trigger", &trigger);
	(void) vz_json_get_int(saved, "until", &until);
	(void) vz_json_get_double(saved, "sensitivity", &settings.sensitivity);
	if (trigger >= VZ_TRIGGER_BUTTON && trigger <= VZ_TRIGGER_AUTO)
		settings.capture.trigger = (enum vz_capture_trigger) trigger;
	if (until >= VZ_UNTIL_DURATION && until <= VZ_UNTIL_STOPPED)
		settings.capture.until = (enum vz_capture_until) until;
	vz_recorder_set_settings(daemon->recorder, &settings);
}

static void on_settings_changed(const struct vz_recorder_settings *settings, void *data)
{
	struct vz_daemon *daemon = data;
	struct json_object *saved =
		vz_object({ "shift_ns", json_object_new_int64(settings->capture.shift_ns) },
			  { "duration_ns", json_object_new_int64(settings->capture.duration_ns) },
			  { "trigger", json_object_new_int64(settings->capture.trigger) },
			  { "until", json_object_new_int64(settings->capture.until) },
			  { "sensitivity", json_object_new_double(settings->sensitivity) });

	if (!saved || vz_state_set(daemon->state, SECTION, saved) < 0)
		vz_log(DAEMON, WARNING, "The recorder's settings are not saved: out of memory");
}

/* --- The clip ------------------------------------------------------------------------------- */

static void on_clip_picture(struct vz_blob *jpeg, void *data)
{
	struct vz_daemon *daemon = data;

	if (daemon->clip_video)
		vz_video_put(daemon->clip_video, jpeg);
}

/* To those who watch a clip "live" is what can be seen. */
static void show_clip_state(struct vz_daemon *daemon)
{
	enum vz_player_state state = vz_player_get_state(daemon->player);
	const char *error = vz_player_get_error(daemon->player);

	if (!daemon->clip_video)
		return;
	if (state == VZ_PLAYER_EMPTY)
		vz_video_set_state(daemon->clip_video, "stopped", "No recording is chosen");
	else if (state == VZ_PLAYER_FAILED)
		vz_video_set_state(daemon->clip_video, "lost", error);
	else
		vz_video_set_state(daemon->clip_video, "live", "A recording");
}

static void on_player_changed(struct vz_player *player, void *data)
{
	struct vz_daemon *daemon = data;

	if ((int) vz_player_get_state(player) != daemon->clip_state) {
		daemon->clip_state = (int) vz_player_get_state(player);
		show_clip_state(daemon);
	}
	vz_capture_panel_update_soon(daemon->capture_panel);
}

static void on_clip_watchers(unsigned n_watchers, void *data)
{
	struct vz_daemon *daemon = data;

	vz_player_set_wanted(daemon->player, n_watchers);
}

int vz_daemon_show_clip(struct vz_daemon *daemon)
{
	int r;

	r = vz_server_add_video(daemon->server, CLIP_VIDEO, on_clip_watchers, daemon,
				&daemon->clip_video);
	if (r == 0)
		show_clip_state(daemon);
	return r;
}

void vz_daemon_hide_clip(struct vz_daemon *daemon)
{
	if (daemon->clip_video)
		daemon->clip_video = vz_server_remove_video(daemon->server, daemon->clip_video);
	if (daemon->player)
		vz_player_set_wanted(daemon->player, 0);
}

/* --- Triggers ------------------------------------------------------------------------------- */

int vz_daemon_trigger(struct vz_daemon *daemon, const char *name, int64_t at_ns, const char *by)
{
	if (!strcmp(name, "record"))
		return vz_recorder_record(daemon->recorder, at_ns, by);
	if (!strcmp(name, "now"))
		return vz_recorder_trigger(daemon->recorder, at_ns, by);
	if (!strcmp(name, "stop")) {
		vz_recorder_stop(daemon->recorder, at_ns);
		return 0;
	}
	if (!strcmp(name, "play")) {
		vz_capture_panel_play(daemon->capture_panel);
		return 0;
	}
	return -ENOENT;
}

/* --- Life ----------------------------------------------------------------------------------- */

static int make_recorder(struct vz_daemon *daemon)
{
	VZ_CLEANUP(vz_freep) char *dir = NULL;
	const struct vz_config *config = daemon->config;
	struct vz_recorder_options options = {
		.loop = daemon->loop,
		.camera = daemon->camera,
		.memory_bytes = config->recorder_memory_mb * MB,
		.disk_bytes = config->recorder_disk_mb * MB,
	};

	if (config->state_dir && asprintf(&dir, "%s/recordings", config->state_dir) < 0) {
		dir = NULL;
		return -ENOMEM;
	}
	options.dir = dir;
	return vz_recorder_new(&options, &daemon->recorder);
}

static int make_panel(struct vz_daemon *daemon)
{
	const struct vz_capture_panel_options options = {
		.loop = daemon->loop,
		.app = daemon->app,
		.recorder = daemon->recorder,
		.player = daemon->player,
		.prefix = daemon->config->prefix,
		.live = VZ_MAIN_CAMERA,
		.clip = CLIP_VIDEO,
		.settings_changed = on_settings_changed,
		.data = daemon,
	};

	return vz_capture_panel_new(&options, &daemon->capture_panel);
}

int vz_daemon_make_recorder(struct vz_daemon *daemon)
{
	const struct vz_player_options player_options = {
		.loop = daemon->loop,
		.picture = on_clip_picture,
		.changed = on_player_changed,
		.data = daemon,
	};
	int r;

	r = make_recorder(daemon);
	if (r < 0)
		return r;
	load_settings(daemon);
	r = vz_player_new(&player_options, &daemon->player);
	return r < 0 ? r : make_panel(daemon);
}

void vz_daemon_free_recorder(struct vz_daemon *daemon)
{
	/* In this order: each tells the one before. */
	daemon->player = vz_player_free(daemon->player);
	daemon->recorder = vz_recorder_free(daemon->recorder);
	daemon->capture_panel = vz_capture_panel_free(daemon->capture_panel);
}

void vz_daemon_append_recorder_status(struct vz_buf *buf, struct vz_daemon *daemon)
{
	struct vz_recorder_status status = vz_recorder_get_status(daemon->recorder);

	vz_buf_printf(buf, ",\"recorder\":{\"state\":\"%s\",\"memory_s\":",
		      vz_capture_state_name(status.state));
	vz_json_print_double(buf, status.memory_s);
	vz_buf_puts(buf, ",\"buffered_s\":");
	vz_json_print_double(buf, status.buffered_s);
	vz_buf_printf(buf,
		      ",\"frames\":%" PRIu64 ",\"dropped\":%" PRIu64 ",\"lost\":%" PRIu64
		      ",\"takes\":%u,\"waiting\":%zu,\"full\":%s,\"removed\":%u,\"failed\":%u"
		      ",\"used_bytes\":%" PRIu64 ",\"player\":\"%s\"}",
		      status.n_frames, status.n_dropped, status.n_lost, status.spool.n_takes,
		      status.spool.n_waiting, status.spool.is_full ? "true" : "false",
		      status.spool.n_removed, status.spool.n_failed, status.spool.used_bytes,
		      vz_player_state_name(vz_player_get_state(daemon->player)));
}
