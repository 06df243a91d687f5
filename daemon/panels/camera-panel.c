#include "panels/camera-panel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "camera/camera.h"
#include "panels/camera-panel-private.h"
#include "panels/field.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/component.h"
#include "vizyd/dash.h"

const struct vz_control *vz_camera_panel_control(const struct vz_camera_panel *panel,
						 const struct vz_field *field)
{
	return &vz_camera_get_controls(panel->camera)->controls[field->control];
}

static bool is_on(const struct vz_control *control)
{
	return (control->is_asked ? control->asked : control->def) != 0;
}

bool vz_camera_panel_is_automatic(const struct vz_camera_panel *panel, const struct vz_field *field)
{
	const struct vz_control_table *table = vz_camera_get_controls(panel->camera);
	int index;

	if (!field->text.automatic)
		return false;
	index = vz_control_find(table, field->text.automatic);
	return index >= 0 && is_on(&table->controls[index]);
}

/* --- From the camera to the page ------------------------------------------------------------ */

/* Adds {id: {property: value}} to @mods; takes @value. */
static void add_mod(struct json_object *mods, const char *id, const char *property,
		    struct json_object *value)
{
	struct json_object *props = NULL;

	if (!json_object_object_get_ex(mods, id, &props)) {
		props = json_object_new_object();
		if (!props || json_object_object_add(mods, id, props) < 0) {
			json_object_put(props);
			json_object_put(value);
			return;
		}
	}
	if (json_object_object_add(props, property, value) < 0)
		json_object_put(value);
}

static void add_text_if_new(struct vz_camera_panel *panel, struct json_object *mods, const char *id,
			    const char *text)
{
	struct json_object *now = vz_app_get(panel->app, id, "children");

	if (!now || strcmp(json_object_get_string(now), text) != 0)
		add_mod(mods, id, "children", vz_text(text));
}

static void add_field(struct vz_camera_panel *panel, struct json_object *mods,
		      const struct vz_field *field)
{
	const struct vz_control *control = vz_camera_panel_control(panel, field);
	bool disabled = vz_camera_panel_is_automatic(panel, field);
	struct json_object *value, *now;
	char text[64];

	value = vz_field_value(field, control);
	if (value && !vz_field_value_equal(value, vz_app_get(panel->app, field->id, "value")))
		add_mod(mods, field->id, "value", json_object_get(value));
	json_object_put(value);
	if (control->kind == VZ_CONTROL_BOOL)
		return;
	vz_field_format_delivered(field, control, text, sizeof(text));
	add_text_if_new(panel, mods, field->delivered_id, text);
	now = vz_app_get(panel->app, field->id, "disabled");
	if (json_object_get_boolean(now) != disabled)
		add_mod(mods, field->id, "disabled", vz_bool(disabled));
}

static void add_brightness(struct vz_camera_panel *panel, struct json_object *mods)
{
	struct json_object *value = vz_number(vz_camera_get_brightness(panel->camera));

	if (value &&
	    !vz_field_value_equal(value, vz_app_get(panel->app, VZ_BRIGHTNESS_ID, "value")))
		add_mod(mods, VZ_BRIGHTNESS_ID, "value", json_object_get(value));
	json_object_put(value);
}

/* Brings the page to what the camera has: only what differs is pushed, as one unit. */
static void synchronize(struct vz_camera_panel *panel)
{
	struct json_object *mods;

	if (!panel->connected)
		return;
	mods = json_object_new_object();
	if (!mods)
		return;
	add_text_if_new(panel, mods, VZ_STATUS_ID, vz_camera_get_text(panel->camera));
	add_brightness(panel, mods);
	for (unsigned i = 0; i < panel->n_bindings; i++)
		add_field(panel, mods, panel->bindings[i].field);
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
		synchronize(panel);
}

/* --- From the page to the camera ------------------------------------------------------------ */

static int on_brightness(struct vz_call *call, void *data)
{
	struct vz_camera_panel *panel = data;
	struct json_object *value = vz_call_input(call, 0);
	int r = -EINVAL;

	if (json_object_is_type(value, json_type_int) ||
	    json_object_is_type(value, json_type_double))
		r = vz_camera_set_brightness(panel->camera, json_object_get_double(value));
	/* Also when it was refused: the page shows the camera's brightness, not the wish. */
	synchronize(panel);
	return r < 0 ? vz_call_fail(call, r, "brightness: expected a number from 0 to 100") : 0;
}

/*
 * An automatic that is switched off leaves what it last chose: the picture does not jump, and the
 * person goes on from there.
 */
static void keep_automatic_values(struct vz_camera_panel *panel, const char *automatic)
{
	for (unsigned i = 0; i < panel->n_bindings; i++) {
		const struct vz_field *field = panel->bindings[i].field;
		const struct vz_control *control = vz_camera_panel_control(panel, field);

		if (field->text.automatic && !strcmp(field->text.automatic, automatic) &&
		    control->is_delivered)
			(void) vz_camera_set_control(panel->camera, control->name,
						     control->delivered);
	}
}

/*
 * Whether the value is what the page shows already: it comes from our own push of what the camera
 * delivers, perhaps in the round that a person's edit of something else began. That must not turn
 * into a wish, or an automatic would be nailed to the value that it chose first.
 */
static bool is_shown(struct vz_call *call, const struct vz_control_binding *binding)
{
	struct json_object *shown =
		vz_field_value(binding->field,
			       vz_camera_panel_control(binding->panel, binding->field));
	bool equal = shown && vz_field_value_equal(shown, vz_call_input(call, 0));

	json_object_put(shown);
	return equal;
}

static int on_control(struct vz_call *call, void *data)
{
	struct vz_control_binding *binding = data;
	struct vz_camera_panel *panel = binding->panel;
	const struct vz_control *control = vz_camera_panel_control(panel, binding->field);
	double number = 0;
	int r;

	if (is_shown(call, binding))
		return 0;
	r = vz_field_parse(binding->field, control, vz_call_input(call, 0), &number);
	if (r == 0 && control->kind == VZ_CONTROL_BOOL && number == 0 && is_on(control))
		keep_automatic_values(panel, control->name);
	if (r == 0)
		r = vz_camera_set_control(panel->camera, control->name, number);
	synchronize(panel);
	return r < 0 ? vz_call_fail(call, r, "%s: expected a number from %g to %g",
				    binding->field->id, control->min * binding->field->text.scale,
				    control->max * binding->field->text.scale)
		     : 0;
}

static int on_reset(struct vz_call *call, void *data)
{
	struct vz_camera_panel *panel = data;

	vz_camera_reset_controls(panel->camera);
	(void) vz_camera_set_brightness(panel->camera, 50);
	synchronize(panel);
	return 0;
}

/* --- Bindings ------------------------------------------------------------------------------- */

static void clear_bindings(struct vz_camera_panel *panel)
{
	panel->connected = false;
	panel->brightness = vz_callback_free(panel->brightness);
	panel->reset = vz_callback_free(panel->reset);
	for (unsigned i = 0; i < panel->n_bindings; i++) {
		vz_callback_free(panel->bindings[i].callback);
		vz_field_free(panel->bindings[i].field);
	}
	free(vz_steal(panel->bindings));
	panel->n_bindings = 0;
}

int vz_camera_panel_bind(struct vz_camera_panel *panel)
{
	const struct vz_control_table *table = vz_camera_get_controls(panel->camera);

	clear_bindings(panel);
	panel->bindings =
		calloc(table->n_controls ? table->n_controls : 1, sizeof(*panel->bindings));
	if (!panel->bindings)
		return -ENOMEM;
	for (unsigned i = 0; i < table->n_controls; i++) {
		const struct vz_field_text *text = vz_field_text_find(table->controls[i].name);
		struct vz_control_binding *binding = &panel->bindings[panel->n_bindings];
		int r;

		if (text && text->hidden)
			continue;
		r = vz_field_new(&table->controls[i], i, &binding->field);
		if (r < 0)
			return r;
		binding->panel = panel;
		panel->n_bindings++;
	}
	return 0;
}

static int add_callback(struct vz_camera_panel *panel, const char *input, vz_callback_fn *fn,
			void *data, struct vz_callback **ret)
{
	const struct vz_callback_spec spec = {
		.inputs = VZ_IDS(input),
		.service = VZ_SHARED,
		.fn = fn,
		.data = data,
	};
	int r = vz_app_add_callback(panel->app, &spec, ret);

	if (r < 0)
		(void) vz_log_errno(PANEL, r, "Cannot register the callback of %s (%s)", input,
				    vz_app_last_error(panel->app));
	return r;
}

int vz_camera_panel_connect(struct vz_camera_panel *panel)
{
	int r;

	r = add_callback(panel, VZ_BRIGHTNESS_ID ".value", on_brightness, panel,
			 &panel->brightness);
	if (r < 0)
		return r;
	r = add_callback(panel, VZ_RESET_ID ".n_clicks", on_reset, panel, &panel->reset);
	for (unsigned i = 0; i < panel->n_bindings && r == 0; i++) {
		struct vz_control_binding *binding = &panel->bindings[i];

		r = add_callback(panel, binding->field->value_property, on_control, binding,
				 &binding->callback);
	}
	panel->connected = r == 0;
	return r;
}

int vz_camera_panel_new(struct vz_app *app, struct vz_camera *camera, struct vz_camera_panel **ret)
{
	struct vz_camera_panel *panel = calloc(1, sizeof(*panel));

	if (!panel)
		return -ENOMEM;
	panel->app = app;
	panel->camera = camera;
	*ret = panel;
	vz_camera_add_listener(camera, &(struct vz_camera_listener){ on_camera_changed, panel });
	return 0;
}

struct vz_camera_panel *vz_camera_panel_free(struct vz_camera_panel *panel)
{
	if (!panel)
		return NULL;
	clear_bindings(panel);
	free(panel);
	return NULL;
}

void vz_camera_panel_on_rebuild(struct vz_camera_panel *panel, void (*fn)(void *data), void *data)
{
	panel->rebuild = fn;
	panel->rebuild_data = data;
}
