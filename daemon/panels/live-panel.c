#include "panels/live-panel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "camera/camera.h"
#include "dash/app.h"
#include "live/live-thread.h"
#include "panels/camera-panel.h"
#include "panels/live-overlay.h"
#include "panels/values.h"
#include "util/buf.h"
#include "util/log.h"
#include "vizyd/components.h"
#include "vizyd/dash.h"

#define SWITCH_ID "track-live"
#define RETAKE_ID "track-live-retake"

struct vz_live_panel {
	struct vz_app *app;
	struct vz_camera *camera;
	struct vz_live_thread *live;
	struct vz_callback *on_switch, *on_retake;
	bool is_on, is_watched, is_connected;
};

/* --- To the page ----------------------------------------------------------------------------- */

/* Takes @shapes, NULL: out of memory. */
static void show(struct vz_live_panel *panel, struct json_object *shapes)
{
	struct vz_values values = { .app = panel->app };

	if (!panel->is_connected) {
		json_object_put(shapes);
		return;
	}
	vz_values_set(&values, VZ_CAMERA_VIEW_ID, "overlay", shapes);
	(void) vz_values_push(&values);
}

static bool has_pictures(const struct vz_camera *camera)
{
	enum vz_camera_state state = vz_camera_get_state(camera);

	return state != VZ_CAMERA_LOST && state != VZ_CAMERA_ENDED;
}

/* One that was on its way when the camera was lost would stay. */
static void on_found(const struct vz_live_frame *frame, void *data)
{
	struct vz_live_panel *panel = data;

	if (has_pictures(panel->camera))
		show(panel, vz_live_overlay_make(frame));
}

/* What is drawn is true of a picture alone, and the background of one camera in one mode. */
static void on_camera_changed(struct vz_camera *camera, unsigned changes, void *data)
{
	struct vz_live_panel *panel = data;

	if (!(changes & (VZ_CAMERA_CHANGED_STATE | VZ_CAMERA_CHANGED_FORMAT)))
		return;
	vz_live_thread_retake(panel->live);
	if (panel->is_on && !has_pictures(camera))
		show(panel, vz_array());
}

/* Starts or stops as it shall be now; what was drawn goes when it stops. */
static int update(struct vz_live_panel *panel)
{
	bool is_wanted = panel->is_on && panel->is_watched;
	int r = vz_live_thread_set_wanted(panel->live, is_wanted);

	if (r < 0)
		return vz_log_errno(PANEL, r, "Cannot start the thread that tracks live");
	if (!is_wanted)
		show(panel, vz_array());
	return 0;
}

void vz_live_panel_set_watched(struct vz_live_panel *panel, bool is_watched)
{
	panel->is_watched = is_watched;
	(void) update(panel);
}

/* --- From the page --------------------------------------------------------------------------- */

/* [] or ["on"]. */
static int parse_switch(struct json_object *value, bool *ret)
{
	size_t n;

	if (!json_object_is_type(value, json_type_array))
		return -EINVAL;
	n = json_object_array_length(value);
	if (n > 1)
		return -EINVAL;
	if (n == 1) {
		struct json_object *first = json_object_array_get_idx(value, 0);

		if (!json_object_is_type(first, json_type_string) ||
		    strcmp(json_object_get_string(first), "on") != 0)
			return -EINVAL;
	}
	*ret = n == 1;
	return 0;
}

static struct json_object *make_value(const struct vz_live_panel *panel)
{
	return panel->is_on ? vz_array(vz_text("on")) : vz_array();
}

/* The page has what it was asked for; what is refused goes back to what is. */
static void restore_switch(struct vz_live_panel *panel)
{
	struct vz_values values = { .app = panel->app };

	vz_values_set(&values, SWITCH_ID, "value", make_value(panel));
	(void) vz_values_push(&values);
}

static int on_switch(struct vz_call *call, void *data)
{
	struct vz_live_panel *panel = data;
	int r = parse_switch(vz_call_input(call, 0), &panel->is_on);

	if (r < 0) {
		restore_switch(panel);
		return vz_call_fail(call, r, SWITCH_ID ": expected [] or [\"on\"]");
	}
	r = update(panel);
	if (r < 0) {
		panel->is_on = false;
		restore_switch(panel);
		return vz_call_fail(call, r, "There is no memory to track live");
	}
	return 0;
}

static int on_retake(struct vz_call *call, void *data)
{
	struct vz_live_panel *panel = data;

	(void) call;
	vz_live_thread_retake(panel->live);
	return 0;
}

/* --- Layout ---------------------------------------------------------------------------------- */

static void disconnect(struct vz_live_panel *panel)
{
	panel->is_connected = false;
	panel->on_switch = vz_callback_free(panel->on_switch);
	panel->on_retake = vz_callback_free(panel->on_retake);
}

struct json_object *vz_live_panel_render(struct vz_live_panel *panel)
{
	disconnect(panel);
	/* clang-format off */
	return vz_html_div(.className = "vz-clip-bar", .children = vz_array(
		vz_dcc_checklist(.id = SWITCH_ID, .value = make_value(panel),
			.options = vz_array(vz_object({ "label", vz_text("Track live") },
						      { "value", vz_text("on") }))),
		vz_html_button(.id = RETAKE_ID, .className = "vz-button", .n_clicks = 0,
			.title = "Look again at what stays, after the camera or the scene was moved",
			.children = vz_text("New background"))));
	/* clang-format on */
}

static int add_callback(struct vz_live_panel *panel, const char *input, vz_callback_fn *fn,
			struct vz_callback **ret)
{
	const struct vz_callback_spec spec = {
		.inputs = VZ_IDS(input), .service = VZ_SHARED, .fn = fn, .data = panel
	};
	int r = vz_app_add_callback(panel->app, &spec, ret);

	if (r < 0)
		(void) vz_log_errno(PANEL, r, "Cannot register the callback of %s (%s)", input,
				    vz_app_last_error(panel->app));
	return r;
}

int vz_live_panel_connect(struct vz_live_panel *panel)
{
	int r = add_callback(panel, SWITCH_ID ".value", on_switch, &panel->on_switch);

	if (r == 0)
		r = add_callback(panel, RETAKE_ID ".n_clicks", on_retake, &panel->on_retake);
	panel->is_connected = r == 0;
	return r;
}

int vz_live_panel_new(struct vz_loop *loop, struct vz_app *app, struct vz_camera *camera,
		      struct vz_live_panel **ret)
{
	struct vz_live_panel *panel = calloc(1, sizeof(*panel));
	int r;

	if (!panel)
		return -ENOMEM;
	panel->app = app;
	panel->camera = camera;
	r = vz_live_thread_new(loop, camera, on_found, panel, &panel->live);
	if (r < 0) {
		free(panel);
		return r;
	}
	vz_camera_add_listener(camera, &(struct vz_camera_listener){ on_camera_changed, panel });
	*ret = panel;
	return 0;
}

struct vz_live_panel *vz_live_panel_free(struct vz_live_panel *panel)
{
	if (!panel)
		return NULL;
	disconnect(panel);
	panel->live = vz_live_thread_free(panel->live);
	free(panel);
	return NULL;
}

int64_t vz_live_panel_busy_us(const struct vz_live_panel *panel)
{
	return vz_live_thread_busy_us(panel->live);
}

void vz_live_panel_append_status(struct vz_buf *buf, const struct vz_live_panel *panel)
{
	const struct vz_live_counters *counters = vz_live_thread_get_counters(panel->live);

	vz_buf_printf(buf,
		      ",\"live\":{\"on\":%s,\"running\":%s,\"tracked\":%" PRIu64
		      ",\"failed\":%" PRIu64 "}",
		      panel->is_on ? "true" : "false",
		      panel->is_on && panel->is_watched ? "true" : "false", counters->tracked,
		      counters->failed);
}
