/*
 * The plugin ABI: two tables. A plugin is one .so that exports one data symbol, `vz_plugin`; the
 * daemon reads and judges it in the file, before any code of the plugin runs. What the plugin may
 * call comes in the other table, struct vz_host, so that it links against nothing of ours.
 *
 * Plugins include vizyd/plugin.h, which makes ordinary functions of these entries.
 *
 * Both tables grow at their ends only. VZ_PLUGIN_ABI changes when a field changes its place or its
 * meaning; then every plugin has to be built again.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include <vizyd/camera.h>
#include <vizyd/dash.h>
#include <vizyd/patch.h>
#include <vizyd/pattern.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VZ_PLUGIN_ABI 1u

struct vz_fd_source;
struct vz_module;
struct vz_timer;

typedef void vz_plugin_fn(void *data);
typedef void vz_plugin_fd_fn(int fd, void *data);

/*
 * Every function that a plugin may call, once, in the order of the table. From this list come the
 * table, what fills it (daemon/plugin/host.c) and the functions of vizyd/plugin.h.
 *
 *	PASS  the daemon's own vz_<name>(), as dash.h describes it
 *	OWN   the same for the plugin; the daemon hears which plugin it is, since what was
 *	      registered is withdrawn when the plugin goes
 *	BARE  as OWN, but the plugin's side is written by hand, because it has a size or a va_list
 */
/* clang-format off */
#define VZ_HOST_FUNCTIONS(PASS, OWN, BARE) \
	BARE(int, add_callback, \
		(struct vz_app *app, const struct vz_callback_spec *spec, size_t spec_size, \
		 struct vz_callback **ret)) \
	OWN(struct vz_callback *, callback_free, (struct vz_callback *callback), (callback)) \
	OWN(const char *, app_last_error, (struct vz_app *app), (app)) \
	PASS(struct vz_client *, call_client, (struct vz_call *call), (call)) \
	PASS(struct json_object *, call_input, \
		(struct vz_call *call, unsigned index), \
		(call, index)) \
	PASS(struct json_object *, call_state, \
		(struct vz_call *call, unsigned index), \
		(call, index)) \
	PASS(bool, call_is_triggered, (struct vz_call *call, unsigned index), (call, index)) \
	PASS(bool, call_is_initial, (struct vz_call *call), (call)) \
	PASS(int, call_set_output, \
		(struct vz_call *call, unsigned index, struct json_object *value), \
		(call, index, value)) \
	PASS(int, call_set, \
		(struct vz_call *call, const char *id, const char *property, \
		 struct json_object *value), \
		(call, id, property, value)) \
	BARE(int, call_fail, (struct vz_call *call, int r, const char *format, va_list args)) \
	PASS(struct json_object *, app_get, \
		(struct vz_app *app, const char *id, const char *property), \
		(app, id, property)) \
	PASS(int, app_push_mods, \
		(struct vz_app *app, struct json_object *mods, struct vz_client *client), \
		(app, mods, client)) \
	PASS(int, app_push, \
		(struct vz_app *app, const char *id, const char *property, \
		 struct json_object *value), \
		(app, id, property, value)) \
	PASS(uint64_t, client_get_id, (const struct vz_client *client), (client)) \
	PASS(const char *, client_get_address, (const struct vz_client *client), (client)) \
	PASS(const char *, client_get_user_agent, (const struct vz_client *client), (client)) \
	PASS(const char *, client_get_host, (const struct vz_client *client), (client)) \
	PASS(const char *, client_get_origin, (const struct vz_client *client), (client)) \
	PASS(int64_t, client_get_connected_us, (const struct vz_client *client), (client)) \
	PASS(bool, client_is_online, (const struct vz_client *client), (client)) \
	PASS(struct vz_client *, app_find_client, (struct vz_app *app, uint64_t id), (app, id)) \
	PASS(struct vz_client *, app_next_client, \
		(struct vz_app *app, struct vz_client *client), \
		(app, client)) \
	PASS(unsigned, app_n_clients, (const struct vz_app *app), (app)) \
	OWN(int, app_add_client_listener, \
		(struct vz_app *app, vz_client_fn *fn, void *data, \
		 struct vz_client_listener **ret), \
		(app, fn, data, ret)) \
	OWN(struct vz_client_listener *, client_listener_free, \
		(struct vz_client_listener *listener), \
		(listener)) \
	OWN(int, app_add_tab, \
		(struct vz_app *app, const char *label, struct json_object *component), \
		(app, label, component)) \
	OWN(int, app_post, (struct vz_app *app, vz_plugin_fn *fn, void *data), (app, fn, data)) \
	OWN(int64_t, app_now_us, (struct vz_app *app), (app)) \
	OWN(int, app_add_timer, \
		(struct vz_app *app, vz_plugin_fn *fn, void *data, struct vz_timer **ret), \
		(app, fn, data, ret)) \
	PASS(void, timer_start, (struct vz_timer *timer, int64_t delay_us), (timer, delay_us)) \
	PASS(void, timer_stop, (struct vz_timer *timer), (timer)) \
	OWN(struct vz_timer *, timer_free, (struct vz_timer *timer), (timer)) \
	OWN(int, app_add_fd, \
		(struct vz_app *app, int fd, vz_plugin_fd_fn *fn, void *data, \
		 struct vz_fd_source **ret), \
		(app, fd, fn, data, ret)) \
	OWN(struct vz_fd_source *, fd_source_free, (struct vz_fd_source *source), (source)) \
	OWN(struct json_object *, app_get_saved, (struct vz_app *app), (app)) \
	OWN(int, app_save, (struct vz_app *app, struct json_object *value), (app, value)) \
	BARE(void, log, (int level, const char *format, va_list args)) \
	PASS(struct vz_patch *, patch_new, (void), ()) \
	PASS(struct vz_patch *, patch_free, (struct vz_patch *patch), (patch)) \
	PASS(void, patch_assign, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_merge, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_extend, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_append, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_prepend, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_remove, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_add, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_sub, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_mul, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_div, \
		(struct vz_patch *patch, const char *place, struct json_object *value), \
		(patch, place, value)) \
	PASS(void, patch_reverse, (struct vz_patch *patch, const char *place), (patch, place)) \
	PASS(void, patch_delete, (struct vz_patch *patch, const char *place), (patch, place)) \
	PASS(void, patch_clear, (struct vz_patch *patch, const char *place), (patch, place)) \
	PASS(void, patch_insert, \
		(struct vz_patch *patch, const char *place, int64_t index, \
		 struct json_object *value), \
		(patch, place, index, value)) \
	PASS(int, patch_finish, \
		(struct vz_patch *patch, struct json_object * *ret), \
		(patch, ret)) \
	PASS(const char *, patch_get_error, (const struct vz_patch *patch), (patch)) \
	PASS(int, call_patch_output, \
		(struct vz_call *call, unsigned index, struct vz_patch *patch), \
		(call, index, patch)) \
	PASS(int, call_patch, \
		(struct vz_call *call, const char *id, const char *property, \
		 struct vz_patch *patch), \
		(call, id, property, patch)) \
	PASS(int, app_push_patch, \
		(struct vz_app *app, const char *id, const char *property, \
		 struct vz_patch *patch), \
		(app, id, property, patch)) \
	BARE(int, app_open_feed, \
		(struct vz_app *app, const struct vz_feed_spec *spec, size_t spec_size, \
		 struct vz_feed **ret)) \
	OWN(struct vz_feed *, feed_close, (struct vz_feed *feed), (feed)) \
	OWN(int, app_list_cameras, (struct vz_app *app, struct json_object **ret), (app, ret)) \
	PASS(const char *, feed_get_name, (const struct vz_feed *feed), (feed)) \
	PASS(enum vz_camera_state, feed_get_state, (const struct vz_feed *feed), (feed)) \
	PASS(const char *, feed_get_text, (const struct vz_feed *feed), (feed)) \
	PASS(const char *, feed_get_title, (const struct vz_feed *feed), (feed)) \
	PASS(const char *, feed_get_kind, (const struct vz_feed *feed), (feed)) \
	PASS(unsigned, feed_n_watchers, (const struct vz_feed *feed), (feed)) \
	PASS(const struct vz_control *, feed_get_control, \
		(const struct vz_feed *feed, unsigned index), \
		(feed, index)) \
	PASS(int, feed_set_control, \
		(struct vz_feed *feed, const char *name, double value), \
		(feed, name, value)) \
	PASS(void, feed_reset, (struct vz_feed *feed), (feed)) \
	PASS(int, feed_set_brightness, \
		(struct vz_feed *feed, double brightness), \
		(feed, brightness)) \
	PASS(double, feed_get_brightness, (const struct vz_feed *feed), (feed)) \
	PASS(struct json_object *, feed_save, (struct vz_feed *feed), (feed)) \
	PASS(void, feed_load, (struct vz_feed *feed, struct json_object *saved), (feed, saved)) \
	PASS(struct vz_device *, call_device, (struct vz_call *call), (call)) \
	PASS(int, app_post_mods, \
		(struct vz_app *app, struct json_object *mods, uint64_t client_id), \
		(app, mods, client_id)) \
	PASS(int, client_set_user, \
		(struct vz_client *client, const char *user, const char *role), \
		(client, user, role)) \
	PASS(const char *, client_get_user, (const struct vz_client *client), (client)) \
	PASS(const char *, client_get_role, (const struct vz_client *client), (client)) \
	PASS(int, client_set_field, \
		(struct vz_client *client, const char *name, struct json_object *value), \
		(client, name, value)) \
	PASS(struct json_object *, client_get_field, \
		(const struct vz_client *client, const char *name), \
		(client, name)) \
	PASS(int, app_set_login_required, (struct vz_app *app, bool required), (app, required)) \
	PASS(bool, app_is_login_required, (const struct vz_app *app), (app)) \
	OWN(int, client_get_props, \
		(struct vz_client *client, const char *const *properties, int64_t timeout_us, \
		 vz_props_fn *fn, void *data, struct vz_props_request **ret), \
		(client, properties, timeout_us, fn, data, ret)) \
	OWN(struct vz_props_request *, props_request_free, \
		(struct vz_props_request *request), \
		(request)) \
	OWN(int, app_add_device, \
		(struct vz_app *app, const char *name, const char *title, \
		 struct vz_device **ret), \
		(app, name, title, ret)) \
	OWN(struct vz_device *, device_remove, (struct vz_device *device), (device)) \
	PASS(const char *, device_get_name, (const struct vz_device *device), (device)) \
	PASS(const char *, device_get_title, (const struct vz_device *device), (device)) \
	OWN(void, device_set_data, \
		(struct vz_device *device, void *data, void (*release)(void *data)), \
		(device, data, release)) \
	PASS(void *, device_get_data, (const struct vz_device *device), (device)) \
	PASS(unsigned, device_n_clients, (const struct vz_device *device), (device)) \
	PASS(struct vz_device *, app_find_device, \
		(struct vz_app *app, const char *name), \
		(app, name)) \
	PASS(struct vz_device *, app_next_device, \
		(struct vz_app *app, struct vz_device *device), \
		(app, device)) \
	PASS(int, client_set_device, \
		(struct vz_client *client, struct vz_device *device), \
		(client, device)) \
	PASS(struct vz_device *, client_get_device, (const struct vz_client *client), (client)) \
	PASS(const char *, client_get_choice, (const struct vz_client *client), (client)) \
	OWN(int, app_add_device_listener, \
		(struct vz_app *app, vz_device_fn *fn, void *data, \
		 struct vz_device_listener **ret), \
		(app, fn, data, ret)) \
	OWN(struct vz_device_listener *, device_listener_free, \
		(struct vz_device_listener *listener), \
		(listener)) \
	PASS(int, call_set_props, \
		(struct vz_call *call, const char *id, const char *property, \
		 struct json_object *value), \
		(call, id, property, value)) \
	PASS(struct json_object *, call_match, (struct vz_call *call, const char *key), (call, key)) \
	PASS(unsigned, call_n_inputs_at, (struct vz_call *call, unsigned index), (call, index)) \
	PASS(unsigned, call_n_states_at, (struct vz_call *call, unsigned index), (call, index)) \
	PASS(unsigned, call_n_outputs_at, (struct vz_call *call, unsigned index), (call, index)) \
	PASS(const char *, call_input_id, \
		(struct vz_call *call, unsigned index, unsigned nth), \
		(call, index, nth)) \
	PASS(const char *, call_state_id, \
		(struct vz_call *call, unsigned index, unsigned nth), \
		(call, index, nth)) \
	PASS(const char *, call_output_id, \
		(struct vz_call *call, unsigned index, unsigned nth), \
		(call, index, nth)) \
	PASS(struct json_object *, call_input_at, \
		(struct vz_call *call, unsigned index, unsigned nth), \
		(call, index, nth)) \
	PASS(struct json_object *, call_state_at, \
		(struct vz_call *call, unsigned index, unsigned nth), \
		(call, index, nth)) \
	PASS(bool, call_is_triggered_at, \
		(struct vz_call *call, unsigned index, unsigned nth), \
		(call, index, nth)) \
	PASS(const char *, call_triggered_id, (struct vz_call *call, unsigned nth), (call, nth)) \
	PASS(int, call_set_output_at, \
		(struct vz_call *call, unsigned index, unsigned nth, struct json_object *value), \
		(call, index, nth, value)) \
	PASS(struct json_object *, id_new, (const char *type, int64_t index), (type, index)) \
	PASS(const char *, id_text, \
		(char *buffer, const char *type, int64_t index), \
		(buffer, type, index)) \
	PASS(struct json_object *, id_get, (const char *id, const char *key), (id, key)) \
	PASS(int, client_push_quietly, \
		(struct vz_client *client, struct json_object *mods), \
		(client, mods)) \
	PASS(int, call_set_header, \
		(struct vz_call *call, const char *name, const char *value), \
		(call, name, value)) \
	PASS(const char *, call_get_user, (const struct vz_call *call), (call)) \
	PASS(enum vz_role, call_get_role, (const struct vz_call *call), (call)) \
	PASS(bool, client_may, \
		(const struct vz_client *client, enum vz_role role), \
		(client, role))
/* clang-format on */

#define VZ_HOST_ARGS(...)			  __VA_ARGS__
#define VZ_HOST_PASS(type, name, parameters, ...) type(*name) parameters;
#define VZ_HOST_OWN(type, name, parameters, ...) \
	type (*name)(struct vz_module * self, VZ_HOST_ARGS parameters);

struct vz_host {
	uint32_t abi, struct_size;
	VZ_HOST_FUNCTIONS(VZ_HOST_PASS, VZ_HOST_OWN, VZ_HOST_OWN)
};

#undef VZ_HOST_PASS
#undef VZ_HOST_OWN

struct vz_plugin {
	uint32_t abi, struct_size;
	/* sizeof(struct vz_host) that the plugin was built with: what it may call. */
	uint32_t host_size, reserved;
	/* Where the daemon puts its table and the plugin's handle, before init(). */
	const struct vz_host **host;
	struct vz_module **self;

	/* a-z, 0-9 and '-', beginning with a letter: the file's name, its section of the
	 * configuration and the beginning of its components' ids. */
	char name[32];
	char version[32];
	char description[160]; /* one line, for a person who decides whether to load it */

	/*
	 * Called once: adds tabs and callbacks. Returns 0, or a negative errno; what was registered
	 * is then withdrawn for it, and fini() is not called. Borrows @config, an object with the
	 * section [plugin NAME] as strings. *@ret_data is what fini() gets.
	 */
	int (*init)(struct vz_app *app, struct json_object *config, void **ret_data);
	/*
	 * Optional. By then everything that was registered is withdrawn and no call of the plugin
	 * runs; what remains is the plugin's own: memory, descriptors, threads, which must have
	 * ended when it returns.
	 */
	void (*fini)(void *data);
};

/* True if @table, perhaps built with an older header, reaches as far as @field. */
#define VZ_HAS(table, field) \
	((table)->struct_size >= offsetof(__typeof__(*(table)), field) + sizeof((table)->field))

#ifdef __cplusplus
}
#endif
