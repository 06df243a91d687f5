#include "camera/camera-private.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "loop/loop.h"
#include "util/log.h"

#define TELL_INTERVAL_US 250000

/* In a saved object, beside the controls, whose names begin with a capital. */
#define BRIGHTNESS_KEY "brightness"

/*
 * A value asked by hand has no meaning while its automatic is on, and some cameras refuse the
 * whole request for it: it waits.
 */
static const struct {
	const char *manual, *automatic;
} gates[] = {
	{ "ExposureTime", "AeEnable" },	      { "AnalogueGain", "AeEnable" },
	{ "ColourGains[0]", "AwbEnable" },    { "ColourGains[1]", "AwbEnable" },
	{ "ColourTemperature", "AwbEnable" },
};

static double get_effective(const struct vz_control *control)
{
	return control->is_asked ? control->asked : control->def;
}

static bool is_on(const struct vz_camera *camera, const char *name)
{
	int i = vz_control_find(&camera->controls, name);

	return i >= 0 && get_effective(&camera->controls.controls[i]) != 0;
}

static bool is_waiting(const struct vz_camera *camera, const struct vz_control *control)
{
	for (unsigned i = 0; i < VZ_N_ELEMENTS(gates); i++)
		if (!strcmp(control->name, gates[i].manual))
			return is_on(camera, gates[i].automatic);
	return false;
}

static void forward(struct vz_camera *camera, unsigned index)
{
	const struct vz_control *control = &camera->controls.controls[index];
	int r;

	if (!camera->source || is_waiting(camera, control))
		return;
	r = camera->ops->set_control(camera->source, index, control->asked);
	if (r < 0)
		(void) vz_warn_errno(CAM, r, "%s does not take %s = %g", camera->name,
				     control->name, control->asked);
}

/* What waited for @automatic to be switched off. */
static void forward_waiting(struct vz_camera *camera, const char *automatic)
{
	for (unsigned i = 0; i < VZ_N_ELEMENTS(gates); i++) {
		int index;

		if (strcmp(automatic, gates[i].automatic))
			continue;
		index = vz_control_find(&camera->controls, gates[i].manual);
		if (index >= 0 && camera->controls.controls[index].is_asked)
			forward(camera, (unsigned) index);
	}
}

static int remember(struct vz_camera *camera, const char *key, struct json_object *value)
{
	if (value && json_object_object_add(camera->saved, key, value) == 0)
		return 0;
	json_object_put(value);
	return -ENOMEM;
}

/* Returns whether that is news. */
static bool ask(struct vz_camera *camera, unsigned index, double value)
{
	struct vz_control *control = &camera->controls.controls[index];

	value = vz_control_clamp(control, value);
	if (control->is_asked && control->asked == value)
		return false;
	control->is_asked = true;
	control->asked = value;
	forward(camera, index);
	return true;
}

static int remember_asked(struct vz_camera *camera)
{
	struct json_object_iter it;
	struct json_object *asked;
	int r = 0;

	asked = vz_control_table_save(&camera->controls);
	if (!asked)
		return -ENOMEM;
	json_object_object_foreachC(asked, it)
	{
		r = remember(camera, it.key, json_object_get(it.val));
		if (r < 0)
			break;
	}
	json_object_put(asked);
	return r;
}

/*
 * Asks for what differs between two plans, so that a contrast set by hand survives a brightness
 * that has nothing to say about contrast.
 */
static bool follow_plan(struct vz_camera *camera, const struct vz_brightness_plan *old,
			const struct vz_brightness_plan *plan)
{
	bool changed = false;

	for (unsigned i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].value != old->steps[i].value)
			changed |= ask(camera, plan->steps[i].control, plan->steps[i].value);
	return changed;
}

static void update_tone(struct vz_camera *camera, const struct vz_brightness_plan *plan)
{
	camera->has_tone = plan->needs_tone && camera->brightness != VZ_BRIGHTNESS_NEUTRAL;
	if (camera->has_tone)
		vz_brightness_make_tone(camera->brightness, camera->tone);
}

int vz_camera_set_control(struct vz_camera *camera, const char *name, double value)
{
	struct vz_brightness_plan old, plan;
	int index, r;

	index = vz_control_find(&camera->controls, name);
	if (index < 0)
		return index;

	vz_brightness_make_plan(&camera->controls, camera->brightness, &old);
	if (!ask(camera, (unsigned) index, value))
		return 0;
	if (!is_on(camera, name))
		forward_waiting(camera, name);
	/* With AeEnable, brightness moves from the exposure value to the digital gain or back. */
	if (!strcmp(name, "AeEnable")) {
		vz_brightness_make_plan(&camera->controls, camera->brightness, &plan);
		(void) follow_plan(camera, &old, &plan);
	}
	/* Before others hear of it: they save what is remembered. */
	r = remember_asked(camera);
	vz_camera_notify(camera, VZ_CAMERA_CHANGED_ASKED);
	return r;
}

void vz_camera_reset_controls(struct vz_camera *camera)
{
	struct json_object *empty = json_object_new_object();

	/* Out of memory: a file that remembers too much is the smaller harm. */
	if (empty) {
		json_object_put(camera->saved);
		camera->saved = empty;
	}
	camera->brightness = VZ_BRIGHTNESS_NEUTRAL;
	camera->has_tone = false;
	for (unsigned i = 0; i < camera->controls.n_controls; i++) {
		struct vz_control *control = &camera->controls.controls[i];

		if (!control->is_asked)
			continue;
		control->is_asked = false;
		if (!camera->source)
			continue;
		if (camera->ops->clear_control)
			(void) camera->ops->clear_control(camera->source, i);
		else
			(void) camera->ops->set_control(camera->source, i, control->def);
	}
	vz_camera_notify(camera, VZ_CAMERA_CHANGED_ASKED);
}

int vz_camera_set_brightness(struct vz_camera *camera, double brightness)
{
	struct vz_brightness_plan old, plan;
	int r, r_asked;

	brightness = vz_brightness_clamp(brightness);
	if (brightness == camera->brightness)
		return 0;
	vz_brightness_make_plan(&camera->controls, camera->brightness, &old);
	vz_brightness_make_plan(&camera->controls, brightness, &plan);
	camera->brightness = brightness;
	(void) follow_plan(camera, &old, &plan);
	update_tone(camera, &plan);
	r_asked = remember_asked(camera);
	r = remember(camera, BRIGHTNESS_KEY, json_object_new_double(brightness));
	vz_camera_notify(camera, VZ_CAMERA_CHANGED_ASKED);
	return r < 0 ? r : r_asked;
}

double vz_camera_get_brightness(const struct vz_camera *camera)
{
	return camera->brightness;
}

const uint8_t *vz_camera_get_tone(const struct vz_camera *camera)
{
	return camera->has_tone ? camera->tone : NULL;
}

/* --- Another set of controls, and saved values -------------------------------------------- */

static bool choices_equal(const char **a, const char **b)
{
	if (!a || !b)
		return a == b;
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b))
			return false;
	return *a == *b;
}

static bool tables_equal(const struct vz_control_table *a, const struct vz_control_table *b)
{
	if (a->n_controls != b->n_controls)
		return false;
	for (unsigned i = 0; i < a->n_controls; i++) {
		const struct vz_control *c = &a->controls[i], *d = &b->controls[i];

		if (strcmp(c->name, d->name) || strcmp(c->unit, d->unit) || c->kind != d->kind ||
		    c->min != d->min || c->max != d->max || c->step != d->step ||
		    c->def != d->def || !choices_equal(c->choices, d->choices))
			return false;
	}
	return true;
}

/* Lays the saved values on the table, and the brightness on what they leave open. */
static void apply_saved(struct vz_camera *camera)
{
	struct vz_brightness_plan neutral, plan;

	vz_control_table_load(&camera->controls, camera->saved);
	vz_brightness_make_plan(&camera->controls, VZ_BRIGHTNESS_NEUTRAL, &neutral);
	vz_brightness_make_plan(&camera->controls, camera->brightness, &plan);
	for (unsigned i = 0; i < plan.n_steps; i++) {
		struct vz_control *control = &camera->controls.controls[plan.steps[i].control];

		if (control->is_asked || plan.steps[i].value == neutral.steps[i].value)
			continue;
		control->is_asked = true;
		control->asked = plan.steps[i].value;
	}
	update_tone(camera, &plan);
}

bool vz_camera_adopt_controls(struct vz_camera *camera, struct vz_control_table *table)
{
	bool differs = !tables_equal(&camera->controls, table);

	vz_control_table_deinit(&camera->controls);
	camera->controls = *table;
	*table = (struct vz_control_table){ 0 };
	apply_saved(camera);
	return differs;
}

void vz_camera_load_controls(struct vz_camera *camera, struct json_object *saved)
{
	struct json_object *copy = NULL, *brightness;

	if (!json_object_is_type(saved, json_type_object) ||
	    json_object_deep_copy(saved, &copy, NULL) < 0)
		return;
	json_object_put(camera->saved);
	camera->saved = copy;
	if (json_object_object_get_ex(copy, BRIGHTNESS_KEY, &brightness) &&
	    (json_object_is_type(brightness, json_type_double) ||
	     json_object_is_type(brightness, json_type_int)))
		camera->brightness = vz_brightness_clamp(json_object_get_double(brightness));
	apply_saved(camera);
	for (unsigned i = 0; i < camera->controls.n_controls; i++)
		if (camera->controls.controls[i].is_asked)
			forward(camera, i);
	vz_camera_notify(camera, VZ_CAMERA_CHANGED_ASKED);
}

struct json_object *vz_camera_save_controls(struct vz_camera *camera)
{
	struct json_object *copy = NULL;

	return json_object_deep_copy(camera->saved, &copy, NULL) < 0 ? NULL : copy;
}

/* --- Delivered values --------------------------------------------------------------------- */

static void tell(struct vz_camera *camera)
{
	camera->is_delivered_changed = false;
	vz_timer_start(camera->tell_timer, TELL_INTERVAL_US);
	vz_camera_notify(camera, VZ_CAMERA_CHANGED_DELIVERED);
}

void vz_camera_on_tell(void *data)
{
	struct vz_camera *camera = data;

	if (camera->is_delivered_changed)
		tell(camera);
}

void vz_camera_take_delivered(struct vz_camera *camera, const struct vz_frame *frame)
{
	for (uint32_t i = 0; i < frame->n_values && i < VZ_FRAME_MAX_VALUES; i++) {
		struct vz_control *control;

		if (frame->values[i].control >= camera->controls.n_controls)
			continue;
		control = &camera->controls.controls[frame->values[i].control];
		if (control->is_delivered && control->delivered == frame->values[i].value)
			continue;
		control->is_delivered = true;
		control->delivered = frame->values[i].value;
		camera->is_delivered_changed = true;
	}
	if (camera->is_delivered_changed && !vz_timer_is_running(camera->tell_timer))
		tell(camera);
}
