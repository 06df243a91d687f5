/*
 * One camera: its feed and its form, the device that clients are bound to while it is there, and
 * what they have been told.
 */
#include "cameras.h"

#include <errno.h>
#include <stdlib.h>

/* A value is said again to all when nobody has changed it for so long. */
#define SETTLE_US 150000

struct camera {
	struct cameras *all;
	char *name, *title, *choice; /* title NULL: what the camera calls itself */
	struct vz_feed *feed;
	struct vz_form *form;
	struct vz_device *device; /* NULL while it is not there */

	/* {id: {property: value}} as the clients were told. */
	struct json_object *told;
	/* {id: null} of what persons have changed since it was last said again. */
	struct json_object *touched;
	struct vz_timer *settle;
	bool is_updating; /* update() is posted */
};

static const struct vz_control *get_control(void *feed, unsigned index)
{
	return vz_feed_get_control(feed, index);
}

static int set_control(void *feed, const char *name, double value)
{
	return vz_feed_set_control(feed, name, value);
}

static double get_brightness(void *feed)
{
	return vz_feed_get_brightness(feed);
}

static int set_brightness(void *feed, double brightness)
{
	return vz_feed_set_brightness(feed, brightness);
}

static void reset(void *feed)
{
	vz_feed_reset(feed);
}

static const struct vz_form_ops form_ops = {
	.get_control = get_control,
	.set_control = set_control,
	.get_brightness = get_brightness,
	.set_brightness = set_brightness,
	.reset = reset,
};

/* --- What it is ----------------------------------------------------------------------------- */

const char *camera_get_name(const struct camera *camera)
{
	return camera->name;
}

const char *camera_get_title(const struct camera *camera)
{
	return camera->title ? camera->title : vz_feed_get_title(camera->feed);
}

struct vz_device *camera_get_device(const struct camera *camera)
{
	return camera->device;
}

bool camera_is_choice(const struct camera *camera, const char *choice)
{
	return choice && !strcmp(camera->choice, choice);
}

struct vz_feed *camera_get_feed(const struct camera *camera)
{
	return camera->feed;
}

struct vz_form *camera_get_form(const struct camera *camera)
{
	return camera->form;
}

/* --- What its clients see ------------------------------------------------------------------- */

static struct json_object *get_values(const struct camera *camera)
{
	struct json_object *values = vz_form_get_values(camera->form);

	vz_object_add(&values, STATUS_ID,
		      vz_object({ "children", vz_text(vz_feed_get_text(camera->feed)) }));
	return values;
}

/* In place of the controls, while it is not there. */
static struct json_object *render_absence(const struct camera *camera)
{
	return vz_html_p(
			.className = "vz-note",
			.children =
				vz_textf("%s is not there. It comes back here by itself; or choose "
					 "another camera.",
					 camera_get_title(camera)));
}

struct json_object *camera_make_view(const struct camera *camera)
{
	struct json_object *controls =
		camera->device ? vz_form_render(camera->form) : render_absence(camera);

	/* clang-format off */
	return vz_object(
		{ CHOICE_ID, vz_object({ "value", vz_text(camera->name) }) },
		{ LIVE_ID, vz_object(
			{ "camera", vz_text(camera->name) },
			{ "label", vz_textf("Live picture of %s", camera_get_title(camera)) }) },
		{ STATUS_ID, vz_object({ "children", vz_text(vz_feed_get_text(camera->feed)) }) },
		{ CONTROLS_ID, vz_object({ "children", controls }) });
	/* clang-format on */
}

static void push_to_clients(const struct camera *camera, struct json_object *mods,
			    const struct vz_client *except)
{
	struct vz_client *client = NULL;

	if (!camera->device || !mods || !json_object_object_length(mods))
		return;
	while ((client = vz_app_next_client(camera->all->app, client)))
		if (client != except && vz_client_get_device(client) == camera->device &&
		    cameras_may_see(client))
			(void) vz_client_push_quietly(client, json_object_get(mods));
}

/* Notes in @told what is in @mods. */
static void note_told(struct json_object *told, struct json_object *mods)
{
	struct json_object_iter component, property;

	json_object_object_foreachC(mods, component)
	{
		struct json_object *props = NULL;

		if (!json_object_object_get_ex(told, component.key, &props)) {
			props = json_object_new_object();
			if (!props || json_object_object_add(told, component.key, props) < 0) {
				/* It is told once more. */
				json_object_put(props);
				continue;
			}
		}
		json_object_object_foreachC(component.val, property)
		{
			struct json_object *value = json_object_get(property.val);

			if (json_object_object_add(props, property.key, value) < 0)
				json_object_put(value);
		}
	}
}

/* The same for the one who has set @id to @value: not that again. */
static void push_to_author(struct vz_client *author, struct json_object *mods, const char *id,
			   struct json_object *value)
{
	VZ_CLEANUP(json_object_putp) struct json_object *copy = NULL;
	struct json_object *props = NULL;

	if (json_object_deep_copy(mods, &copy, NULL) < 0)
		return;
	if (json_object_object_get_ex(copy, id, &props) &&
	    vz_field_value_equal(vz_form_find_value(id, "value", copy), value))
		json_object_object_del(props, "value");
	if (props && !json_object_object_length(props))
		json_object_object_del(copy, id);
	if (json_object_object_length(copy))
		(void) vz_client_push_quietly(author, vz_steal(copy));
}

/*
 * When several change one value at nearly the same time, each has the others' on the way to it when
 * its own arrives here. So when the value has come to rest, all are told what it came to; not
 * before, or whoever drags would be jerked back.
 */
static void touch(struct camera *camera, const char *id)
{
	(void) json_object_object_add(camera->touched, id, NULL);
	vz_timer_start(camera->settle, SETTLE_US);
}

void camera_settle_all(struct camera *camera)
{
	const struct vz_field *field;

	touch(camera, vz_form_get_brightness_id(camera->form));
	for (unsigned i = 0; (field = vz_form_get_field(camera->form, i)); i++)
		touch(camera, field->id);
}

static void on_settled(void *data)
{
	struct camera *camera = data;
	VZ_CLEANUP(json_object_putp) struct json_object *values = get_values(camera), *mods = NULL;
	struct lh_entry *entry, *next;

	mods = vz_object();
	lh_foreach_safe(json_object_get_object(camera->touched), entry, next)
	{
		const char *id = lh_entry_k(entry);
		struct json_object *value = vz_form_find_value(id, "value", values);

		if (value)
			vz_object_add(&mods, id, vz_object({ "value", json_object_get(value) }));
		json_object_object_del(camera->touched, id);
	}
	push_to_clients(camera, mods, NULL);
}

void camera_tell(struct camera *camera, struct vz_client *client, const char *id,
		 struct json_object *value)
{
	VZ_CLEANUP(json_object_putp) struct json_object *mods = get_values(camera);

	if (id)
		touch(camera, id);
	if (!mods)
		return;
	vz_form_drop_same(mods, vz_form_find_value, camera->told);
	note_told(camera->told, mods);
	push_to_clients(camera, mods, client);
	if (client && camera->device && vz_client_get_device(client) == camera->device)
		push_to_author(client, mods, id, value);
}

/* --- Coming and going ----------------------------------------------------------------------- */

static void save(struct camera *camera)
{
	struct json_object *asked = vz_feed_save(camera->feed), *copy = NULL;

	if (!asked || json_object_object_add(camera->all->saved, camera->name, asked) < 0) {
		json_object_put(asked);
		return;
	}
	if (json_object_deep_copy(camera->all->saved, &copy, NULL) == 0)
		(void) vz_app_save(camera->all->app, copy);
}

static void show_to_clients(const struct camera *camera)
{
	struct vz_client *client = NULL;

	while ((client = vz_app_next_client(camera->all->app, client)))
		if (camera_is_choice(camera, vz_client_get_choice(client)))
			cameras_show(camera->all, client);
}

/* Makes the device what the camera is. Clients are told of it by the device's listener. */
static void update(void *data)
{
	struct camera *camera = data;
	bool is_there = vz_feed_get_state(camera->feed) != VZ_CAMERA_LOST;

	camera->is_updating = false;
	if (is_there == (camera->device != NULL))
		return;
	if (is_there) {
		if (vz_app_add_device(camera->all->app, camera->choice, camera_get_title(camera),
				      &camera->device) < 0)
			vz_log_warning("%s cannot be offered: %s", camera->name,
				       vz_app_last_error(camera->all->app));
	} else {
		vz_log_info("%s has gone: %s", camera->name, vz_feed_get_text(camera->feed));
		camera->device = vz_device_remove(camera->device);
	}
	cameras_change_list(camera->all);
}

static void on_changed(struct vz_feed *feed, unsigned changes, void *data)
{
	struct camera *camera = data;

	if (changes & VZ_CAMERA_CHANGED_CONTROLS) {
		/* Now: the fields know the former controls by their places. */
		if (vz_form_bind(camera->form) < 0 ||
		    cameras_connect(camera->all, camera->form) < 0)
			vz_log_warning("%s: some of its controls are missing: out of memory",
				       camera->name);
		show_to_clients(camera);
	}
	if (changes & VZ_CAMERA_CHANGED_ASKED)
		save(camera);
	/* Not inside of whatever has found out: a call of this very device may be running. */
	if ((changes & VZ_CAMERA_CHANGED_STATE) && !camera->is_updating)
		camera->is_updating = vz_app_post(camera->all->app, update, camera) == 0;
	camera_tell(camera, NULL, NULL, NULL);
}

/* --- Life ----------------------------------------------------------------------------------- */

static int open_feed(struct camera *camera, const char *source)
{
	const struct settings *settings = &camera->all->settings;
	const struct vz_feed_spec spec = {
		.name = camera->name,
		.source = source,
		.width_px = (uint32_t) settings->width_px,
		.height_px = (uint32_t) settings->height_px,
		.fps = settings->fps,
		.quality_percent = (int) settings->quality_percent,
		.changed = on_changed,
		.data = camera,
	};
	struct json_object *saved = NULL;
	int r;

	r = vz_app_open_feed(camera->all->app, &spec, &camera->feed);
	if (r < 0) {
		vz_log_error("%s = %s: %s", camera->name, source,
			     vz_app_last_error(camera->all->app));
		return r;
	}
	r = vz_form_new(&form_ops, camera->feed, PREFIX, &camera->form);
	if (r == 0)
		r = vz_form_bind(camera->form);
	if (r == 0)
		r = cameras_connect(camera->all, camera->form);
	if (r < 0)
		return r;
	if (json_object_object_get_ex(camera->all->saved, camera->name, &saved))
		vz_feed_load(camera->feed, saved);
	return 0;
}

int camera_new(struct cameras *all, const struct camera_settings *settings, struct camera **ret)
{
	struct camera *camera = calloc(1, sizeof(*camera));
	int r = -ENOMEM;

	if (!camera)
		return r;
	camera->all = all;
	camera->name = strdup(settings->name);
	camera->title = settings->title ? strdup(settings->title) : NULL;
	camera->told = json_object_new_object();
	camera->touched = json_object_new_object();
	if (asprintf(&camera->choice, PREFIX "%s", settings->name) < 0)
		camera->choice = NULL;
	if (camera->name && camera->choice && camera->told && camera->touched &&
	    (camera->title || !settings->title))
		r = vz_app_add_timer(all->app, on_settled, camera, &camera->settle);
	if (r == 0)
		r = open_feed(camera, settings->source);
	if (r < 0) {
		vz_feed_close(camera->feed);
		vz_timer_free(camera->settle);
		camera_free(camera);
		return r;
	}
	update(camera);
	*ret = camera;
	return 0;
}

struct camera *camera_free(struct camera *camera)
{
	if (!camera)
		return NULL;
	vz_form_free(camera->form);
	json_object_put(camera->told);
	json_object_put(camera->touched);
	free(camera->name);
	free(camera->title);
	free(camera->choice);
	free(camera);
	return NULL;
}
