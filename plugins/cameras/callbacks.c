/*
 * What the page asks for: another camera, and other values for the one that the client has chosen.
 */
#include "cameras.h"

#include <errno.h>
#include <stdlib.h>

/* A new page need not call: the client that it belongs to is shown what it has chosen. */
#define SERVICE (VZ_S2 | VZ_SERVICE_NO_CLIENT_INITIAL)

static int on_choice(struct vz_call *call, void *data)
{
	struct cameras *all = data;
	struct vz_client *client = vz_call_client(call);
	struct camera *camera;
	const char *name;
	int r;

	r = vz_call_input_text(call, 0, &name);
	if (r < 0 || !client)
		return r;
	if (!*name) {
		/* Of another plugin's device we say nothing. */
		return cameras_find_by_device(all, vz_client_get_device(client))
			       ? vz_client_set_device(client, NULL)
			       : 0;
	}
	camera = cameras_find_by_name(all, name);
	if (!camera)
		return vz_call_fail(call, -ENOENT, "There is no camera '%.64s'", name);
	if (!camera_get_device(camera))
		return vz_call_fail(call, -ENODEV, "%s is not there", camera_get_title(camera));
	return vz_client_set_device(client, camera_get_device(camera));
}

/* The camera of the client whose call it is, or NULL after telling that it has none. */
static struct camera *get_camera(struct vz_call *call, struct cameras *all, int *ret)
{
	struct camera *camera = cameras_find_by_device(all, vz_call_device(call));

	if (!camera)
		*ret = vz_call_fail(call, -ENODEV, "Choose a camera first");
	return camera;
}

static int on_brightness(struct vz_call *call, void *data)
{
	int r = 0;
	struct camera *camera = get_camera(call, data, &r);

	if (!camera)
		return r;
	r = vz_form_set_brightness(camera_get_form(camera), vz_call_input(call, 0));
	camera_tell(camera, vz_call_client(call),
		    vz_form_get_brightness_id(camera_get_form(camera)), vz_call_input(call, 0));
	return r < 0 ? vz_call_fail(call, r, "brightness: expected a number from 0 to 100") : 0;
}

static int on_reset(struct vz_call *call, void *data)
{
	int r = 0;
	struct camera *camera = get_camera(call, data, &r);

	if (!camera)
		return r;
	vz_form_reset(camera_get_form(camera));
	camera_tell(camera, NULL, NULL, NULL);
	return 0;
}

/* One callback for each field that any of the cameras has; @data is the id. */
struct control {
	struct cameras *all;
	char id[];
};

static int on_control(struct vz_call *call, void *data)
{
	const struct control *control = data;
	const struct vz_field *field;
	char expected[160];
	int r = 0;
	struct camera *camera = get_camera(call, control->all, &r);

	if (!camera)
		return r;
	field = vz_form_find_field(camera_get_form(camera), control->id);
	if (!field)
		return vz_call_fail(call, -ENOENT, "%s has no control %s", camera_get_title(camera),
				    control->id);
	r = vz_form_set(camera_get_form(camera), field, vz_call_input(call, 0));
	camera_tell(camera, vz_call_client(call), control->id, vz_call_input(call, 0));
	if (r == 0)
		return 0;
	vz_form_describe(camera_get_form(camera), field, expected, sizeof(expected));
	return vz_call_fail(call, r, "%s", expected);
}

static int add_spec(struct cameras *all, const struct vz_callback_spec *spec)
{
	int r = vz_app_add_callback(all->app, spec, NULL);

	if (r < 0)
		vz_log_error("The callback of %s: %s", spec->inputs[0],
			     vz_app_last_error(all->app));
	return r;
}

static int add_callback(struct cameras *all, const char *input, vz_callback_fn *fn, void *data,
			void (*release)(void *data))
{
	const struct vz_callback_spec spec = {
		.inputs = VZ_IDS(input),
		.service = SERVICE,
		.fn = fn,
		.data = data,
		.release = release,
	};

	return add_spec(all, &spec);
}

/* Which camera one sees is one's own business. */
static int add_choice(struct cameras *all)
{
	const struct vz_callback_spec spec = {
		.inputs = VZ_IDS(CHOICE_ID ".value"),
		.service = SERVICE,
		.fn = on_choice,
		.data = all,
		.needs = VZ_ROLE_VIEWER,
	};

	return add_spec(all, &spec);
}

static int connect_control(struct cameras *all, const char *id)
{
	struct control *control;
	char input[160];

	if (json_object_object_get_ex(all->controls, id, NULL))
		return 0;
	control = malloc(sizeof(*control) + strlen(id) + 1);
	if (!control || json_object_object_add(all->controls, id, NULL) < 0) {
		free(control);
		return -ENOMEM;
	}
	control->all = all;
	strcpy(control->id, id);
	(void) snprintf(input, sizeof(input), "%s.value", id);
	return add_callback(all, input, on_control, control, free);
}

int cameras_connect(struct cameras *all, const struct vz_form *form)
{
	const struct vz_field *field;
	int r = 0;

	for (unsigned i = 0; r == 0 && (field = vz_form_get_field(form, i)); i++)
		r = connect_control(all, field->id);
	return r;
}

/* What every camera may have is there from the beginning: a new callback has all pages loaded anew.
 */
int cameras_connect_all(struct cameras *all)
{
	const struct vz_field_text *text;
	char id[96];
	int r;

	r = add_choice(all);
	if (r == 0)
		r = add_callback(all, PREFIX "brightness.value", on_brightness, all, NULL);
	if (r == 0)
		r = add_callback(all, PREFIX "reset.n_clicks", on_reset, all, NULL);
	for (unsigned i = 0; r == 0 && (text = vz_field_text_get(i)); i++) {
		(void) snprintf(id, sizeof(id), PREFIX "%s", text->id);
		if (!text->hidden)
			r = connect_control(all, id);
	}
	return r;
}
