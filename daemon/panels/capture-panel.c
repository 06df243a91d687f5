#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app.h"
#include "loop/loop.h"
#include "panels/capture-private.h"
#include "recorder/player.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/component.h"

/* What changes by itself is shown so often. */
#define REFRESH_US 100000

/* --- To the page ---------------------------------------------------------------------------- */

/* A slider that somebody drags stands between two frames: that is no reason to move it. */
static bool is_near(const struct vz_capture_panel *panel, const char *id, const char *property,
		    struct json_object *now)
{
	const struct vz_player *player = panel->options.player;

	return !strcmp(id, "capture-position") && !strcmp(property, "value") && now &&
	       panel->shown[0] && vz_player_n_frames(player) &&
	       vz_capture_frame_at(player, json_object_get_double(now)) ==
		       vz_player_get_frame(player);
}

/* Takes out of @props what the page shows already. */
static void drop_same(const struct vz_capture_panel *panel, const char *id,
		      struct json_object *props)
{
	struct json_object_iterator it = json_object_iter_begin(props),
				    end = json_object_iter_end(props);
	const char *same[8];
	unsigned n = 0;

	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		const char *property = json_object_iter_peek_name(&it);
		struct json_object *now = vz_app_get(panel->options.app, id, property);

		if (vz_json_equal(now, json_object_iter_peek_value(&it)) ||
		    is_near(panel, id, property, now))
			same[n++] = property;
	}
	while (n)
		json_object_object_del(props, same[--n]);
}

/* What is not on the page yet of @mods; NULL: out of memory. */
static struct json_object *find_news(const struct vz_capture_panel *panel, struct json_object *mods)
{
	struct json_object *news = json_object_new_object();

	json_object_object_foreach(mods, id, props)
	{
		drop_same(panel, id, props);
		if (news && json_object_object_length(props))
			vz_object_add(&news, id, json_object_get(props));
	}
	return news;
}

static void note_position(struct vz_capture_panel *panel, struct json_object *news)
{
	struct json_object *slider = NULL;

	if (vz_json_get_object(news, "capture-position", &slider) == 0)
		(void) vz_json_get_double(slider, "value", &panel->put_s);
}

static void update(struct vz_capture_panel *panel)
{
	struct json_object *mods, *news;

	if (!panel->connected)
		return;
	mods = vz_capture_values(panel);
	if (!mods)
		return;
	news = find_news(panel, mods);
	json_object_put(mods);
	note_position(panel, news);
	if (news && json_object_object_length(news))
		(void) vz_app_push_mods(panel->options.app, news, NULL);
	else
		json_object_put(news);
}

void vz_capture_panel_update_soon(struct vz_capture_panel *panel)
{
	if (panel && !vz_timer_is_running(panel->refresh))
		vz_timer_start(panel->refresh, 20000);
}

static void on_refresh(void *data)
{
	struct vz_capture_panel *panel = data;

	update(panel);
	if (vz_app_n_clients(panel->options.app) && vz_capture_moves(panel))
		vz_timer_start(panel->refresh, REFRESH_US);
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	if (event == VZ_CLIENT_CONNECTED)
		vz_capture_panel_update_soon(data);
}

/* --- What is shown -------------------------------------------------------------------------- */

/* "": the camera. */
static void show(struct vz_capture_panel *panel, const char *id)
{
	struct vz_spool *spool = vz_recorder_get_spool(panel->options.recorder);
	VZ_CLEANUP(vz_freep) char *path = NULL;

	if (!*id || !spool || !vz_spool_find(spool, id)) {
		panel->shown[0] = '\0';
		vz_player_close(panel->options.player);
		return;
	}
	if (!strcmp(panel->shown, id))
		return;
	path = vz_spool_video_path(spool, id);
	if (!path || vz_player_open(panel->options.player, path) < 0)
		return;
	(void) snprintf(panel->shown, sizeof(panel->shown), "%s", id);
}

static void on_changed(struct vz_recorder *recorder, void *data)
{
	struct vz_capture_panel *panel = data;
	struct vz_spool *spool = vz_recorder_get_spool(recorder);

	/* Somebody may have deleted it, or the disk's budget has. */
	if (panel->shown[0] && spool && !vz_spool_find(spool, panel->shown))
		show(panel, "");
	vz_capture_panel_update_soon(panel);
}

/* What somebody has just recorded is what he wants to see. */
static void on_saved(struct vz_recorder *recorder, const struct vz_recording *recording, void *data)
{
	struct vz_capture_panel *panel = data;

	if (vz_recorder_get_settings(recorder).capture.trigger != VZ_TRIGGER_AUTO)
		show(panel, recording->id);
	vz_capture_panel_update_soon(panel);
}

/* --- From the page -------------------------------------------------------------------------- */

static int on_record(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;
	const char *user = vz_call_get_user(call);
	int r;

	r = vz_recorder_record(panel->options.recorder, vz_recorder_now_ns(),
			       user && *user ? user : "page");
	if (r == 0)
		show(panel, "");
	update(panel);
	if (r == -EBUSY)
		return vz_call_fail(call, r, "a recording is being made already");
	return r < 0 ? vz_call_fail(call, r, "nothing can be recorded: %s", strerror(-r)) : 0;
}

static int on_stop(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;

	vz_recorder_stop(panel->options.recorder, vz_recorder_now_ns());
	vz_player_stop(panel->options.player);
	update(panel);
	return 0;
}

static int on_live(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;

	show(panel, "");
	update(panel);
	return 0;
}

void vz_capture_panel_play(struct vz_capture_panel *panel)
{
	struct vz_player *player = panel->options.player;

	if (vz_player_get_state(player) == VZ_PLAYER_PLAYING)
		vz_player_pause(player);
	else
		vz_player_play(player);
	update(panel);
}

static int on_play(struct vz_call *call, void *data)
{
	vz_capture_panel_play(data);
	return 0;
}

static int on_step_back(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;

	vz_player_step(panel->options.player, -1);
	update(panel);
	return 0;
}

static int on_step_forward(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;

	vz_player_step(panel->options.player, 1);
	update(panel);
	return 0;
}

static int on_position(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;
	struct vz_player *player = panel->options.player;
	double at_s;

	if (vz_capture_parse_number(vz_call_input(call, 0), 0, 1e9, &at_s) < 0)
		return vz_call_fail(call, -EINVAL, "capture-position: expected seconds from 0 on");
	if (vz_player_n_frames(player) && at_s != panel->put_s)
		vz_player_seek(player, vz_capture_frame_at(player, at_s));
	update(panel);
	return 0;
}

/* All at once: mods may set several, and none of them shall be undone by another's turn. */
static int parse_settings(struct vz_call *call, struct vz_recorder_settings *settings)
{
	double shift_s, duration_s;
	int trigger, until;

	if (vz_capture_parse_number(vz_call_input(call, 0), -10, 10, &shift_s) < 0)
		return vz_call_fail(call, -EINVAL, "capture-shift: expected -10 to 10 seconds");
	if (vz_capture_parse_number(vz_call_input(call, 1), 0.1, 60, &duration_s) < 0)
		return vz_call_fail(call, -EINVAL, "capture-duration: expected 0.1 to 60 seconds");
	if (vz_capture_parse_word(vz_call_input(call, 2), vz_capture_triggers, &trigger) < 0)
		return vz_call_fail(call, -EINVAL,
				    "capture-trigger: expected button, motion or auto");
	if (vz_capture_parse_word(vz_call_input(call, 3), vz_capture_untils, &until) < 0)
		return vz_call_fail(call, -EINVAL,
				    "capture-until: expected duration, still or stopped");
	if (vz_capture_parse_number(vz_call_input(call, 4), 1, 100, &settings->sensitivity) < 0)
		return vz_call_fail(call, -EINVAL, "capture-sensitivity: expected 1 to 100");
	settings->capture = (struct vz_capture_settings){
		.shift_ns = (int64_t) (shift_s * 1e9),
		.duration_ns = (int64_t) (duration_s * 1e9),
		.trigger = (enum vz_capture_trigger) trigger,
		.until = (enum vz_capture_until) until,
	};
	return 0;
}

static int on_settings(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;
	struct vz_recorder_settings settings;
	int r;

	if (vz_call_is_initial(call))
		return 0;
	r = parse_settings(call, &settings);
	if (r == 0) {
		vz_recorder_set_settings(panel->options.recorder, &settings);
		if (panel->options.settings_changed)
			panel->options.settings_changed(&settings, panel->options.data);
	}
	update(panel);
	return r;
}

/* --- The list ------------------------------------------------------------------------------- */

static void on_list_changed(int r, void *data)
{
	struct vz_capture_panel *panel = data;

	panel->note[0] = '\0';
	if (r < 0)
		(void) snprintf(panel->note, sizeof(panel->note), "%s",
				r == -EPERM    ? "It is kept, and so not deleted"
				: r == -ENOENT ? "This recording is not there any more"
				: r == -EINVAL ? "A name is one line, of 60 letters at most"
					       : strerror(-r));
	update(panel);
}

static int on_recording(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;
	struct json_object *value = vz_call_input(call, 0);

	if (value && !json_object_is_type(value, json_type_string))
		return vz_call_fail(call, -EINVAL, "recording: expected the id of one, or null");
	panel->note[0] = '\0';
	show(panel, value ? json_object_get_string(value) : "");
	update(panel);
	return 0;
}

static int on_name(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;
	struct vz_spool *spool = vz_recorder_get_spool(panel->options.recorder);
	struct json_object *value = vz_call_input(call, 0);
	const struct vz_recording *recording = spool ? vz_spool_find(spool, panel->shown) : NULL;
	const char *name = value ? json_object_get_string(value) : "";

	if (!recording || !strcmp(recording->name, name))
		return 0;
	return vz_spool_rename(spool, panel->shown, name, on_list_changed, panel);
}

static int on_keep(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;
	struct vz_spool *spool = vz_recorder_get_spool(panel->options.recorder);
	struct json_object *value = vz_call_input(call, 0);
	const struct vz_recording *recording = spool ? vz_spool_find(spool, panel->shown) : NULL;
	bool is_kept =
		json_object_is_type(value, json_type_array) && json_object_array_length(value) > 0;

	if (!recording || recording->is_kept == is_kept) {
		update(panel);
		return 0;
	}
	return vz_spool_keep(spool, panel->shown, is_kept, on_list_changed, panel);
}

static int on_delete(struct vz_call *call, void *data)
{
	struct vz_capture_panel *panel = data;
	struct vz_spool *spool = vz_recorder_get_spool(panel->options.recorder);

	if (!spool || !panel->shown[0])
		return 0;
	return vz_spool_delete(spool, panel->shown, on_list_changed, panel);
}

/* --- Layout --------------------------------------------------------------------------------- */

static const struct {
	const char *inputs[6];
	unsigned service;
	vz_callback_fn *fn;
} callbacks[] = {
	{ { "record.n_clicks" }, VZ_SHARED, on_record },
	{ { "stop.n_clicks" }, VZ_SHARED, on_stop },
	{ { "live-picture.n_clicks" }, VZ_SHARED, on_live },
	{ { "play.n_clicks" }, VZ_SHARED, on_play },
	{ { "step-back.n_clicks" }, VZ_SHARED, on_step_back },
	{ { "step-forward.n_clicks" }, VZ_SHARED, on_step_forward },
	{ { "capture-position.value" }, VZ_SHARED_MOST_RECENT, on_position },
	{ { "capture-shift.value", "capture-duration.value", "capture-trigger.value",
	    "capture-until.value", "capture-sensitivity.value" },
	  VZ_SHARED,
	  on_settings },
	{ { "recording.value" }, VZ_SHARED, on_recording },
	{ { "recording-name.value" }, VZ_SHARED, on_name },
	{ { "recording-keep.value" }, VZ_SHARED, on_keep },
	{ { "recording-delete.n_clicks" }, VZ_SHARED, on_delete },
};

static void disconnect(struct vz_capture_panel *panel)
{
	panel->connected = false;
	while (panel->n_callbacks)
		(void) vz_callback_free(panel->callbacks[--panel->n_callbacks]);
}

struct json_object *vz_capture_panel_render(struct vz_capture_panel *panel)
{
	disconnect(panel);
	return vz_capture_render(panel);
}

int vz_capture_panel_connect(struct vz_capture_panel *panel)
{
	int r = 0;

	disconnect(panel);
	for (size_t i = 0; r == 0 && i < VZ_N_ELEMENTS(callbacks); i++) {
		const struct vz_callback_spec spec = {
			.inputs = callbacks[i].inputs,
			.service = callbacks[i].service,
			.fn = callbacks[i].fn,
			.data = panel,
		};

		r = vz_app_add_callback(panel->options.app, &spec,
					&panel->callbacks[panel->n_callbacks]);
		if (r == 0)
			panel->n_callbacks++;
	}
	if (r < 0)
		return vz_log_errno(PANEL, r, "Cannot register a callback of the recorder (%s)",
				    vz_app_last_error(panel->options.app));
	panel->connected = true;
	update(panel);
	return 0;
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_capture_panel_new(const struct vz_capture_panel_options *options,
			 struct vz_capture_panel **ret)
{
	VZ_CLEANUP(vz_capture_panel_freep)
	struct vz_capture_panel *panel = calloc(1, sizeof(*panel));
	int r;

	if (!panel)
		return -ENOMEM;
	panel->options = *options;
	panel->prefix = strdup(options->prefix ? options->prefix : "/");
	if (!panel->prefix)
		return -ENOMEM;
	r = vz_timer_new(options->loop, on_refresh, panel, &panel->refresh);
	if (r == 0)
		r = vz_app_add_client_listener(options->app, on_client, panel, &panel->listener);
	if (r < 0)
		return r;
	vz_recorder_add_listener(options->recorder,
				 &(struct vz_recorder_listener){ on_changed, on_saved, panel });
	*ret = vz_steal(panel);
	return 0;
}

struct vz_capture_panel *vz_capture_panel_free(struct vz_capture_panel *panel)
{
	if (!panel)
		return NULL;
	disconnect(panel);
	if (panel->listener)
		(void) vz_client_listener_free(panel->listener);
	panel->refresh = vz_timer_free(panel->refresh);
	free(panel->prefix);
	free(panel);
	return NULL;
}

const char *vz_capture_panel_get_shown(const struct vz_capture_panel *panel)
{
	return panel->shown;
}
