/*
 * Several cameras behind one daemon: each browser picks one from a list and works with that one.
 * Two that have picked the same share it; the others do not notice.
 */
#include "cameras.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

/* How often cameras are looked for that have been plugged in. */
#define SEARCH_US 5000000

struct camera *cameras_find_by_device(const struct cameras *all, const struct vz_device *device)
{
	for (unsigned i = 0; device && i < all->n_cameras; i++)
		if (camera_get_device(all->list[i]) == device)
			return all->list[i];
	return NULL;
}

static struct camera *find_by_choice(const struct cameras *all, const char *choice)
{
	for (unsigned i = 0; i < all->n_cameras; i++)
		if (camera_is_choice(all->list[i], choice))
			return all->list[i];
	return NULL;
}

struct camera *cameras_find_by_name(const struct cameras *all, const char *name)
{
	for (unsigned i = 0; i < all->n_cameras; i++)
		if (!strcmp(camera_get_name(all->list[i]), name))
			return all->list[i];
	return NULL;
}

/* --- The page ------------------------------------------------------------------------------- */

/* A camera that is not there stays in the list: who has chosen it sees that, and it may come back.
 */
static struct json_object *make_options(const struct cameras *all)
{
	struct json_object *options = vz_array();

	for (unsigned i = 0; i < all->n_cameras; i++) {
		const struct camera *camera = all->list[i];
		bool is_there = camera_get_device(camera) != NULL;

		vz_array_add(&options,
			     vz_object({ "label", vz_textf(is_there ? "%s" : "%s (not there)",
							   camera_get_title(camera)) },
				       { "value", vz_text(camera_get_name(camera)) },
				       { "disabled", vz_bool(!is_there) }));
	}
	return options;
}

static const char *get_placeholder(const struct cameras *all)
{
	return all->n_cameras ? "Choose a camera" : "No camera has been found yet";
}

static struct json_object *render_nothing(void)
{
	return vz_html_p(.className = "vz-note",
			 .children = vz_text(
				 "Choose a camera: its picture and its controls are "
				 "shared with all who have chosen it, and with nobody else."));
}

static struct json_object *render(const struct cameras *all)
{
	/* clang-format off */
	return vz_html_div(.style = vz_object({ "display", vz_text("grid") },
					      { "gap", vz_text("var(--vz-gap)") }), .children = vz_array(
		vz_html_section(.className = "vz-group", .children = vz_array(
			vz_html_div(.className = "vz-control vz-own", .children = vz_array(
				vz_html_span(.className = "vz-control-label",
					.children = vz_text("Camera")),
				vz_html_span(.id = STATUS_ID, .className = "vz-control-value",
					.children = vz_text("")),
				vz_dcc_dropdown(.id = CHOICE_ID, .options = make_options(all),
					.value = VZ_NULL, .clearable = false, .searchable = false,
					.placeholder = get_placeholder(all)))))),
		vz_html_div(.className = "vz-panel", .children = vz_array(
			vz_html_div(.className = "vz-live", .children = vz_array(
				vz_own_live_view(.id = LIVE_ID, .camera = ""))),
			vz_html_div(.id = CONTROLS_ID, .children = render_nothing())))));
	/* clang-format on */
}

static struct json_object *make_empty_view(void)
{
	/* clang-format off */
	return vz_object(
		{ CHOICE_ID, vz_object({ "value", VZ_NULL }) },
		{ LIVE_ID, vz_object({ "camera", vz_text("") }) },
		{ STATUS_ID, vz_object({ "children", vz_text("") }) },
		{ CONTROLS_ID, vz_object({ "children", render_nothing() }) });
	/* clang-format on */
}

static void push_list(void *data)
{
	struct cameras *all = data;
	struct json_object *mods;

	all->is_listing = false;
	mods = vz_object(
		{ CHOICE_ID, vz_object({ "options", make_options(all) },
				       { "placeholder", vz_text(get_placeholder(all)) }) });
	if (mods)
		(void) vz_app_push_mods(all->app, mods, NULL);
}

void cameras_change_list(struct cameras *all)
{
	if (!all->is_listing)
		all->is_listing = vz_app_post(all->app, push_list, all) == 0;
}

/* --- Who sees what -------------------------------------------------------------------------- */

bool cameras_may_see(const struct vz_client *client)
{
	return vz_client_may(client, VZ_ROLE_VIEWER);
}

static void show(struct cameras *all, struct vz_client *client)
{
	const struct camera *camera =
		cameras_may_see(client) ? find_by_choice(all, vz_client_get_choice(client)) : NULL;
	struct json_object *view = camera ? camera_make_view(camera) : make_empty_view();

	if (view)
		(void) vz_client_push_quietly(client, view);
}

static void show_all(void *data)
{
	struct cameras *all = data;
	VZ_CLEANUP(json_object_putp) struct json_object *to_show = vz_steal(all->to_show);
	struct json_object_iter it;

	json_object_object_foreachC(to_show, it)
	{
		struct vz_client *client = vz_app_find_client(all->app, strtoull(it.key, NULL, 10));

		if (client)
			show(all, client);
	}
}

void cameras_show(struct cameras *all, struct vz_client *client)
{
	char id[24];

	/* Posted, so that a tab that has just come is welcomed first. */
	if (!all->to_show) {
		all->to_show = json_object_new_object();
		if (!all->to_show || vz_app_post(all->app, show_all, all) < 0) {
			json_object_put(vz_steal(all->to_show));
			return;
		}
	}
	(void) snprintf(id, sizeof(id), "%llu", (unsigned long long) vz_client_get_id(client));
	(void) json_object_object_add(all->to_show, id, NULL);
}

/* It may show values that it tried to set and may not. */
static void put_right(struct cameras *all, struct vz_client *client)
{
	struct camera *camera = cameras_find_by_device(all, vz_client_get_device(client));

	if (camera)
		camera_settle_all(camera);
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	/*
	 * What it was sent while it was away has not arrived. A new page shows that nothing is
	 * chosen; one that was loaded anew has its choice, perhaps of a camera that is not there.
	 */
	if (event == VZ_CLIENT_REFUSED)
		put_right(data, client);
	if (event == VZ_CLIENT_RETURNED || event == VZ_CLIENT_USER_CHANGED ||
	    (event == VZ_CLIENT_CONNECTED && vz_client_get_choice(client)))
		cameras_show(data, client);
}

static void on_device(struct vz_app *app, struct vz_device *device, struct vz_client *client,
		      enum vz_device_event event, void *data)
{
	/* By its name: a camera that has just come is told of before it knows its device. */
	if (client && find_by_choice(data, vz_device_get_name(device)))
		cameras_show(data, client);
}

/* --- Cameras that are found ----------------------------------------------------------------- */

static int add_camera(struct cameras *all, const struct camera_settings *settings)
{
	struct camera **grown;
	int r;

	grown = realloc(all->list, (all->n_cameras + 1) * sizeof(struct camera *));
	if (!grown)
		return -ENOMEM;
	all->list = grown;
	r = camera_new(all, settings, &all->list[all->n_cameras]);
	if (r < 0)
		return r;
	all->n_cameras++;
	cameras_change_list(all);
	return 0;
}

/* libcamera's ids are paths; of what makes them unique the end says most. */
static void make_name(const char *source, char *ret, size_t size)
{
	size_t length = strlen(source), max = size - 1, n = 0;

	for (const char *from = length > max ? source + length - max : source; *from; from++)
		if (isalnum((unsigned char) *from) || (n && ret[n - 1] != '-'))
			ret[n++] = isalnum((unsigned char) *from) ? *from : '-';
	ret[n] = '\0';
}

/* A camera stays in the list when it is unplugged, and is found there when it is back. */
static void take_found(struct cameras *all, struct json_object *found)
{
	const char *source = vz_config_string(found, "source", ""), *title;
	char name[49];

	if (settings_has_source(&all->settings, source))
		return;
	title = vz_config_string(found, "title", NULL);
	make_name(source, name, sizeof(name));
	if (settings_add(&all->settings, name, title, source) == 0 &&
	    add_camera(all, &all->settings.cameras[all->settings.n_cameras - 1]) == 0)
		vz_log_info("Found %s as %s", title ? title : source, name);
}

static void search(void *data)
{
	struct cameras *all = data;
	struct json_object *list = NULL;

	if (vz_app_list_cameras(all->app, &list) == 0)
		for (size_t i = 0; i < json_object_array_length(list); i++)
			take_found(all, json_object_array_get_idx(list, i));
	json_object_put(list);
	vz_timer_start(all->search, SEARCH_US);
}

static int open_cameras(struct cameras *all)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < all->settings.n_cameras; i++)
		r = add_camera(all, &all->settings.cameras[i]);
	if (r == 0 && all->settings.find) {
		r = vz_app_add_timer(all->app, search, all, &all->search);
		if (r == 0)
			search(all);
	}
	return r;
}

/* --- Life ----------------------------------------------------------------------------------- */

static void fini(void *data)
{
	struct cameras *all = data;

	for (unsigned i = 0; i < all->n_cameras; i++)
		camera_free(all->list[i]);
	free(all->list);
	settings_deinit(&all->settings);
	json_object_put(all->saved);
	json_object_put(all->controls);
	json_object_put(all->to_show);
	free(all);
}

static int start(struct cameras *all, struct json_object *config)
{
	struct json_object *saved = vz_app_get_saved(all->app);
	int r;

	all->controls = json_object_new_object();
	if (json_object_is_type(saved, json_type_object))
		(void) json_object_deep_copy(saved, &all->saved, NULL);
	else
		all->saved = json_object_new_object();
	if (!all->controls || !all->saved)
		return -ENOMEM;
	r = settings_read(config, &all->settings);
	if (r == 0)
		r = cameras_connect_all(all);
	if (r == 0)
		r = open_cameras(all);
	if (r == 0)
		r = vz_app_add_client_listener(all->app, on_client, all, &all->client_listener);
	if (r == 0)
		r = vz_app_add_device_listener(all->app, on_device, all, &all->device_listener);
	if (r == 0)
		r = vz_app_add_tab(all->app, all->settings.label, render(all));
	return r;
}

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	struct cameras *all = calloc(1, sizeof(*all));
	int r;

	if (!all)
		return -ENOMEM;
	all->app = app;
	r = start(all, config);
	if (r < 0) {
		/* The daemon takes the devices back after this, and must not tell of it. */
		vz_client_listener_free(all->client_listener);
		vz_device_listener_free(all->device_listener);
		fini(all);
		return r;
	}
	*ret_data = all;
	return 0;
}

VZ_PLUGIN(.name = "cameras", .version = "1.0",
	  .description = "Several cameras: each browser picks one, with its view and its controls",
	  .init = init, .fini = fini);
