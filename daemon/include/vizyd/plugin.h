/*
 * What a plugin includes: the functions of vizyd/dash.h, those below, and VZ_PLUGIN(), which makes
 * a plugin of one of its files. Start with plugins/README.md.
 *
 * Thread: loop, unless a line says otherwise. What a plugin registers is withdrawn when it goes, so
 * that none of the functions that remove something has to be called.
 */
#pragma once

#include <json-c/json.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The functions are the plugin's own, seen by nobody else: two plugins do not meet. */
#pragma GCC visibility push(hidden)
#include <vizyd/camera.h>
#include <vizyd/dash.h>
#include <vizyd/host.h>
#include <vizyd/input.h>
#include <vizyd/patch.h>
#include <vizyd/pattern.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The daemon's table and the plugin's handle there; set before init(). */
extern const struct vz_host *vz_host;
extern struct vz_module *vz_self;

/*
 * Adds a tab with @label and @component to the page, where it appears when init() has returned;
 * until then its properties cannot be pushed. Every id in it starts with the plugin's name and a
 * '-'. Takes @component. Returns 0, -EINVAL (no component, or another id), -EEXIST (an id that is
 * taken) or -ENOMEM; vz_app_last_error() names the place.
 */
int vz_app_add_tab(struct vz_app *app, const char *label, struct json_object *component);

/* Runs @fn once, soon, on the loop; never after fini(). Thread: any. Returns 0 or -ENOMEM. */
int vz_app_post(struct vz_app *app, vz_plugin_fn *fn, void *data);
/* CLOCK_MONOTONIC. Thread: any. */
int64_t vz_app_now_us(struct vz_app *app);
/* A timer that is not running yet. Returns 0 or a negative errno. */
int vz_app_add_timer(struct vz_app *app, vz_plugin_fn *fn, void *data, struct vz_timer **ret);
/* Runs its function once, @delay_us from now; a timer that already runs is set anew. */
void vz_timer_start(struct vz_timer *timer, int64_t delay_us);
void vz_timer_stop(struct vz_timer *timer);
struct vz_timer *vz_timer_free(struct vz_timer *timer);
/* Calls @fn when @fd is readable. @fd stays the plugin's, to close after the source is freed. */
int vz_app_add_fd(struct vz_app *app, int fd, vz_plugin_fd_fn *fn, void *data,
		  struct vz_fd_source **ret);
struct vz_fd_source *vz_fd_source_free(struct vz_fd_source *source);

/* What the plugin has saved across restarts, borrowed, or NULL. */
struct json_object *vz_app_get_saved(struct vz_app *app);
/* Saves @value (taken), soon: as often as is convenient. Returns 0 or -ENOMEM. */
int vz_app_save(struct vz_app *app, struct json_object *value);

/* Lines of the daemon's log, with the plugin's name. Thread: any. */
void vz_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vz_log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vz_log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vz_log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A value of the plugin's section of the configuration, or @def when it is not there. */
static inline const char *vz_config_string(struct json_object *config, const char *key,
					   const char *def)
{
	struct json_object *value = NULL;

	return json_object_object_get_ex(config, key, &value) ? json_object_get_string(value) : def;
}

static inline double vz_config_number(struct json_object *config, const char *key, double def)
{
	struct json_object *value = NULL;

	return json_object_object_get_ex(config, key, &value) ? json_object_get_double(value) : def;
}

/* "yes", "true", "on" and "1" are true. */
static inline bool vz_config_bool(struct json_object *config, const char *key, bool def)
{
	const char *word = vz_config_string(config, key, def ? "yes" : "no");

	return !strcmp(word, "yes") || !strcmp(word, "true") || !strcmp(word, "on") ||
	       !strcmp(word, "1");
}

#ifdef __cplusplus
}
#define VZ_PLUGIN_C extern "C"
#else
#define VZ_PLUGIN_C
#endif
#pragma GCC visibility pop

/* What the daemon looks up; VZ_PLUGIN() makes it. */
#ifdef __cplusplus
extern "C" __attribute__((visibility("default"))) const struct vz_plugin vz_plugin;
#else
extern __attribute__((visibility("default"))) const struct vz_plugin vz_plugin;
#endif

/* --- What VZ_PLUGIN() consists of ----------------------------------------------------------- */

#define VZ_PLUGIN_PASS(type, name, parameters, arguments) \
	VZ_PLUGIN_C type vz_##name parameters             \
	{                                                 \
		return vz_host->name arguments;           \
	}
#define VZ_PLUGIN_OWN(type, name, parameters, arguments)               \
	VZ_PLUGIN_C type vz_##name parameters                          \
	{                                                              \
		return vz_host->name(vz_self, VZ_HOST_ARGS arguments); \
	}
#define VZ_PLUGIN_BARE(...)

/* The level is syslog's. */
#define VZ_PLUGIN_LOG(name, level)                              \
	VZ_PLUGIN_C void vz_log_##name(const char *format, ...) \
	{                                                       \
		va_list args;                                   \
                                                                \
		va_start(args, format);                         \
		vz_host->log(vz_self, level, format, args);     \
		va_end(args);                                   \
	}

#define VZ_PLUGIN_FUNCTIONS                                                                   \
	const struct vz_host *vz_host;                                                        \
	struct vz_module *vz_self;                                                            \
	VZ_HOST_FUNCTIONS(VZ_PLUGIN_PASS, VZ_PLUGIN_OWN, VZ_PLUGIN_BARE)                      \
	VZ_PLUGIN_LOG(error, 3)                                                               \
	VZ_PLUGIN_LOG(warning, 4)                                                             \
	VZ_PLUGIN_LOG(info, 6)                                                                \
	VZ_PLUGIN_LOG(debug, 7)                                                               \
	VZ_PLUGIN_C int vz_app_add_callback(struct vz_app *app,                               \
					    const struct vz_callback_spec *spec,              \
					    struct vz_callback **ret)                         \
	{                                                                                     \
		return vz_host->add_callback(vz_self, app, spec, sizeof(*spec), ret);         \
	}                                                                                     \
	VZ_PLUGIN_C int vz_app_open_feed(struct vz_app *app, const struct vz_feed_spec *spec, \
					 struct vz_feed **ret)                                \
	{                                                                                     \
		return vz_host->app_open_feed(vz_self, app, spec, sizeof(*spec), ret);        \
	}                                                                                     \
	VZ_PLUGIN_C int vz_call_fail(struct vz_call *call, int r, const char *format, ...)    \
	{                                                                                     \
		va_list args;                                                                 \
                                                                                              \
		va_start(args, format);                                                       \
		r = vz_host->call_fail(vz_self, call, r, format, args);                       \
		va_end(args);                                                                 \
		return r;                                                                     \
	}                                                                                     \
	VZ_PLUGIN_C const char *vz_patch_at(char *buffer, const char *format, ...)            \
	{                                                                                     \
		va_list args;                                                                 \
		int n;                                                                        \
                                                                                              \
		va_start(args, format);                                                       \
		n = vsnprintf(buffer, VZ_PLACE_MAX, format, args);                            \
		va_end(args);                                                                 \
		/* Half a place would be another place: an open bracket is none at all. */    \
		return n < 0 || n >= VZ_PLACE_MAX ? strcpy(buffer, "[") : buffer;             \
	}

/*
 * Once in each plugin, in one of its files, with the fields of struct vz_plugin by name:
 *
 *	VZ_PLUGIN(.name = "example", .version = "1.0", .description = "…", .init = init);
 */
#define VZ_PLUGIN(...)                                                                \
	VZ_PLUGIN_FUNCTIONS                                                           \
	const struct vz_plugin vz_plugin = { .abi = VZ_PLUGIN_ABI,                    \
					     .struct_size = sizeof(struct vz_plugin), \
					     .host_size = sizeof(struct vz_host),     \
					     .reserved = 0,                           \
					     .host = &vz_host,                        \
					     .self = &vz_self,                        \
					     __VA_ARGS__ }
