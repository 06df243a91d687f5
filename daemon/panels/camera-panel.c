#include "panels/camera-panel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "camera/camera.h"
#include "panels/form.h"
#include "util/log.h"
#include "vizyd/components.h"
#include "vizyd/dash.h"

#define STATUS_ID "camera-status"

struct control_binding {
	struct vz_camera_panel *panel;
	const struct vz_field *field;
	struct vz_callback *callback;
};

struct vz_camera_panel {
	struct vz_app *app;
	struct vz_camera *camera;
	struct vz_form *form;
	void (*rebuild)(void *data);
	void *rebuild_data;

	struct control_binding *bindings;
	unsigned n_bindings;
	struct vz_callback *brightness, *reset;
	bool connected;
	/* What the camera had when it was last looked at, as mods. NULL: not known. */
	struct json_object *seen;
};

/* --- The camera of the form ----------------------------------------------------------------- */

static const struct vz_control *get_control(void *camera, unsigned index)
{
	const struct vz_control_table *table = vz_camera_get_controls(camera);

	return index < table->n_controls ? &table->controls[index] : NULL;
}

static int set_control(void *camera, const char *name, double value)
{
	return vz_camera_set_control(camera, name, value);
}

static double get_brightness(void *camera)
{
	return vz_camera_get_brightness(camera);
}

static int set_brightness(void *camera, double brightness)
{
	return vz_camera_set_brightness(camera, brightness);
}

static void reset(void *camera)
{
	vz_camera_reset_controls(camera);
}

static const struct vz_form_ops form_ops = {
	.get_control = get_control,
	.set_control = set_control,
	.get_brightness = get_brightness,
	.set_brightness = set_brightness,
	.reset = reset,
};

/* --- From the camera to the page ------------------------------------------------------------ */

static struct json_object *value_on_page(const char *id, const char *property, void *data)
{
	return vz_app_get(data, id, property);
}

struct look {
	struct json_object *seen;
	const char *except_id;
};

static struct json_object *value_seen(const char *id, const char *property, void *data)
{
	const struct look *look = data;

	if (look->except_id && !strcmp(id, look->except_id))
		return NULL;
	return vz_form_find_value(id, property, look->seen);
}

/*
 * Brings the page to what the camera has: what has changed there and differs here is pushed, as one
 * unit. What has not changed is left alone: mods may hold wishes for several controls, and until
 * its callback has had its turn, a wish is newer than what the camera has. @decided_id, or NULL, is
 * that of which the callback has just decided, so that a wish that it refused goes.
 */
static void synchronize(struct vz_camera_panel *panel, const char *decided_id)
{
	struct look look = { panel->seen, decided_id };
	struct json_object *mods, *seen = NULL;

	if (!panel->connected)
		return;
	mods = vz_form_get_values(panel->form);
	vz_object_add(&mods, STATUS_ID,
		      vz_object({ "children", vz_text(vz_camera_get_text(panel->camera)) }));
	if (!mods)
		return;
	/* Out of memory, all that differs is pushed the next time. */
	if (json_object_deep_copy(mods, &seen, NULL) < 0)
		seen = NULL;
	vz_form_drop_same(mods, value_seen, &look);
	vz_form_drop_same(mods, value_on_page, panel->app);
	json_object_put(panel->seen);
	panel->seen = seen;
	if (json_object_object_length(mods))
		(void) vz_app_push_mods(panel->app, mods, NULL);
	else
		json_object_put(mods);
}

static void on_camera_changed(struct vz_camera *camera, unsigned changes, void *data)
{
	struct vz_camera_panel *panel = data;

	if ((changes & VZ_CAMERA_CHANGED_CONTROLS) && panel->rebuild)
		panel->rebuild(panel->rebuild_data);
	else
		synchronize(panel, NULL);
}

/* --- From the page to the camera ------------------------------------------------------------ */

static int on_brightness(struct vz_call *call, void *data)
{
	struct vz_camera_panel *panel = data;
	int r = vz_form_set_brightness(panel->form, vz_call_input(call, 0));

	/* Also when it was refused: the page shows the camera's brightness, not the wish. */
	synchronize(panel, vz_form_get_brightness_id(panel->form));
	return r < 0 ? vz_call_fail(call, r, "brightness: expected a number from 0 to 100") : 0;
}

static int on_control(struct vz_call *call, void *data)
{
	struct control_binding *binding = data;
	struct vz_camera_panel *panel = binding->panel;
	char expected[128];
	int r;

	r = vz_form_set(panel->form, binding->field, vz_call_input(call, 0));
	synchronize(panel, binding->field->id);
	if (r == 0)
		return 0;
	vz_form_describe(panel->form, binding->field, expected, sizeof(expected));
	return vz_call_fail(call, r, "%s", expected);
}

static int on_reset(struct vz_call *call, void *data)
{
	struct vz_camera_panel *panel = data;

	vz_form_reset(panel->form);
	synchronize(panel, NULL);
	return 0;
}

/* --- Layout --------------------------------------------------------------------------------- */

static void clear_bindings(struct vz_camera_panel *panel)
{
	panel->connected = false;
	panel->brightness = vz_callback_free(panel->brightness);
	panel->reset = vz_callback_free(panel->reset);
	for (unsigned i = 0; i < panel->n_bindings; i++)
		vz_callback_free(panel->bindings[i].callback);
	free(vz_steal(panel->bindings));
	panel->n_bindings = 0;
}

static int bind(struct vz_camera_panel *panel)
{
	unsigned n = 0;
	int r;

	clear_bindings(panel);
	r = vz_form_bind(panel->form);
	if (r < 0)
		return r;
	while (vz_form_get_field(panel->form, n))
		n++;
	panel->bindings = calloc(n + 1, sizeof(*panel->bindings));
	if (!panel->bindings)
		return -ENOMEM;
	for (; panel->n_bindings < n; panel->n_bindings++)
		panel->bindings[panel->n_bindings] = (struct control_binding){
			panel, vz_form_get_field(panel->form, panel->n_bindings), NULL
		};
	return 0;
}

int vz_camera_panel_render(struct vz_camera_panel *panel, struct json_object *below,
			   struct json_object **ret)
{
	struct json_object *component;
	int r;

	r = bind(panel);
	if (r < 0) {
		if (below != VZ_NULL)
			json_object_put(below);
		return r;
	}
	/* clang-format off */
	component = vz_html_main(.className = "vz-panel", .children = vz_array(
		vz_html_div(.className = "vz-live", .children = vz_array(
			vz_own_live_view(.id = VZ_CAMERA_VIEW_ID, .overlay = vz_array()), below)),
		vz_form_render(panel->form)));
	/* clang-format on */
	if (!component)
		return -ENOMEM;
	*ret = component;
	return 0;
}

struct json_object *vz_camera_panel_render_status(struct vz_camera_panel *panel)
{
	return vz_html_div(.id = STATUS_ID, .className = "vz-status-line",
			   .children = vz_text(vz_camera_get_text(panel->camera)));
}

static int add_callback(struct vz_camera_panel *panel, const char *id, const char *property,
			vz_callback_fn *fn, void *data, struct vz_callback **ret)
{
	VZ_CLEANUP(vz_freep) char *input = NULL;
	struct vz_callback_spec spec = { .service = VZ_SHARED, .fn = fn, .data = data };
	int r;

	if (asprintf(&input, "%s.%s", id, property) < 0) {
		input = NULL;
		return -ENOMEM;
	}
	spec.inputs = VZ_IDS(input);
	r = vz_app_add_callback(panel->app, &spec, ret);
	if (r < 0)
		(void) vz_log_errno(PANEL, r, "Cannot register the callback of %s (%s)", input,
				    vz_app_last_error(panel->app));
	return r;
}

int vz_camera_panel_connect(struct vz_camera_panel *panel)
{
	int r;

	r = add_callback(panel, vz_form_get_brightness_id(panel->form), "value", on_brightness,
			 panel, &panel->brightness);
	if (r < 0)
		return r;
	r = add_callback(panel, vz_form_get_reset_id(panel->form), "n_clicks", on_reset, panel,
			 &panel->reset);
	for (unsigned i = 0; i < panel->n_bindings && r == 0; i++) {
		struct control_binding *binding = &panel->bindings[i];

		r = add_callback(panel, binding->field->id, "value", on_control, binding,
				 &binding->callback);
	}
	json_object_put(panel->seen);
	panel->seen = vz_form_get_values(panel->form);
	panel->connected = r == 0;
	return r;
}

int vz_camera_panel_new(struct vz_app *app, struct vz_camera *camera, struct vz_camera_panel **ret)
{
	VZ_CLEANUP(vz_camera_panel_freep) struct vz_camera_panel *panel = NULL;
	int r;

	panel = calloc(1, sizeof(*panel));
	if (!panel)
		return -ENOMEM;
	panel->app = app;
	panel->camera = camera;
	r = vz_form_new(&form_ops, camera, "", &panel->form);
	if (r < 0)
		return r;
	vz_camera_add_listener(camera, &(struct vz_camera_listener){ on_camera_changed, panel });
	*ret = vz_steal(panel);
	return 0;
}

struct vz_camera_panel *vz_camera_panel_free(struct vz_camera_panel *panel)
{
	if (!panel)
		return NULL;
	clear_bindings(panel);
	json_object_put(panel->seen);
	vz_form_free(panel->form);
	free(panel);
	return NULL;
}

void vz_camera_panel_on_rebuild(struct vz_camera_panel *panel, void (*fn)(void *data), void *data)
{
	panel->rebuild = fn;
	panel->rebuild_data = data;
}
