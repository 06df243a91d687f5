/*
 * What a plugin may call. Whatever it registers goes through a struct vz_registration, which hangs
 * on its module: so it can be taken back, and the daemon knows whose code runs.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/state.h"
#include "feed/feed.h"
#include "loop/loop.h"
#include "plugin/module-private.h"
#include "plugin/plugins-private.h"
#include "plugin/tabs.h"
#include "util/cleanup.h"
#include "util/log.h"

/* --- Registrations -------------------------------------------------------------------------- */

static int registration_new(struct vz_module *module, enum vz_registration_kind kind, void *data,
			    struct vz_registration **ret)
{
	struct vz_registration *registration;

	if (module->state != VZ_MODULE_RUNNING)
		return vz_module_set_error(module, -ESHUTDOWN, "the plugin is being unloaded");
	registration = calloc(1, sizeof(*registration));
	if (!registration)
		return vz_module_set_error(module, -ENOMEM, "out of memory");
	registration->module = module;
	registration->kind = kind;
	registration->data = data;
	vz_list_init(&registration->in_module);
	*ret = registration;
	return 0;
}

/* The end of registering: keeps it, or frees it when that failed. */
static int keep(struct vz_registration *registration, int r, void *handle)
{
	if (r < 0) {
		free(registration);
		return r;
	}
	registration->handle = handle;
	vz_list_add(&registration->module->registrations, &registration->in_module);
	return 0;
}

static struct vz_registration *find(struct vz_module *module, const void *handle)
{
	struct vz_registration *registration;

	vz_list_for_each(registration, &module->registrations, in_module)
	{
		if (registration->handle == handle)
			return registration;
	}
	return NULL;
}

static void take_back(struct vz_registration *registration)
{
	void *handle = vz_steal(registration->handle);

	switch (registration->kind) {
	case VZ_REGISTERED_CALLBACK:
		(void) vz_callback_free(handle);
		break;
	case VZ_REGISTERED_LISTENER:
		(void) vz_client_listener_free(handle);
		break;
	case VZ_REGISTERED_TIMER:
		(void) vz_timer_free(handle);
		break;
	case VZ_REGISTERED_FD:
		(void) vz_fd_source_free(handle);
		break;
	case VZ_REGISTERED_FEED:
		(void) vz_feed_close(handle);
		break;
	}
}

static void withdraw(struct vz_registration *registration)
{
	struct vz_module *module = registration->module;

	vz_list_remove(&registration->in_module);
	pthread_mutex_lock(&module->mutex);
	registration->is_withdrawn = true;
	pthread_mutex_unlock(&module->mutex);
	take_back(registration);
	/* It may be in the middle of a call, or in a worker's queue. */
	vz_list_add(&module->withdrawn, &registration->in_module);
}

/* Withdraws the registration of @handle; NULL and what is not the plugin's are ignored. */
static void withdraw_handle(struct vz_module *module, const void *handle)
{
	struct vz_registration *registration = handle ? find(module, handle) : NULL;

	if (registration)
		withdraw(registration);
}

void vz_host_withdraw_all(struct vz_module *module)
{
	struct vz_registration *registration;

	while ((registration =
			vz_list_first(&module->registrations, struct vz_registration, in_module)))
		withdraw(registration);
}

void vz_host_forget_withdrawn(struct vz_module *module)
{
	struct vz_registration *registration;

	while ((registration =
			vz_list_first(&module->withdrawn, struct vz_registration, in_module))) {
		vz_list_remove(&registration->in_module);
		free(registration);
	}
}

/* --- From the daemon into the plugin -------------------------------------------------------- */

/* Has the module know since when it runs, when @registration runs on a worker. */
static void begin_stay(struct vz_registration *registration, struct vz_stay *stay)
{
	struct vz_module *module = registration->module;

	vz_list_init(&stay->in_module);
	stay->since_us = vz_loop_now_us(module->plugins->options.loop);
	pthread_mutex_lock(&module->mutex);
	if (registration->is_blocking)
		vz_list_add(&module->stays, &stay->in_module);
	pthread_mutex_unlock(&module->mutex);
}

static void end_stay(struct vz_registration *registration, struct vz_stay *stay)
{
	pthread_mutex_lock(&registration->module->mutex);
	vz_list_remove(&stay->in_module);
	pthread_mutex_unlock(&registration->module->mutex);
}

static bool is_withdrawn(struct vz_registration *registration)
{
	bool is;

	pthread_mutex_lock(&registration->module->mutex);
	is = registration->is_withdrawn;
	pthread_mutex_unlock(&registration->module->mutex);
	return is;
}

/* On a worker too, which may come here with a call whose callback has been withdrawn. */
static int on_callback(struct vz_call *call, void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	/* Begun first: from here on the module waits for us. */
	struct vz_visit visit = vz_visit_begin(module, "a callback");
	struct vz_stay stay;
	int r = -ESHUTDOWN;

	begin_stay(registration, &stay);
	if (!is_withdrawn(registration))
		r = registration->fn.callback(call, registration->data);
	end_stay(registration, &stay);
	vz_visit_end(module, visit);
	return r;
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a client listener");

	registration->fn.listener(app, client, event, registration->data);
	vz_visit_end(module, visit);
}

static void on_timer(void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a timer");

	registration->fn.timer(registration->data);
	vz_visit_end(module, visit);
}

static void on_fd(int fd, void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a descriptor's function");

	registration->fn.fd(fd, registration->data);
	vz_visit_end(module, visit);
}

/* --- Callbacks ------------------------------------------------------------------------------ */

static int host_add_callback(struct vz_module *self, struct vz_app *app,
			     const struct vz_callback_spec *spec, size_t spec_size,
			     struct vz_callback **ret)
{
	struct vz_registration *registration;
	struct vz_callback *callback = NULL;
	struct vz_callback_spec full = { 0 };
	int r;

	/* An older header has a shorter one; what it lacks is 0 here. */
	memcpy(&full, spec, spec_size < sizeof(full) ? spec_size : sizeof(full));
	if (!full.fn)
		return vz_module_set_error(self, -EINVAL, "a callback without a function");
	r = registration_new(self, VZ_REGISTERED_CALLBACK, full.data, &registration);
	if (r < 0)
		return r;
	registration->fn.callback = full.fn;
	registration->is_blocking = full.blocking;
	full.fn = on_callback;
	full.data = registration;
	r = keep(registration, vz_app_add_callback(app, &full, &callback), callback);
	if (r < 0)
		return vz_module_set_error(self, r, "%s", vz_app_last_error(app));
	registration->handle = callback;
	if (ret)
		*ret = callback;
	vz_plugins_change(self->plugins);
	return 0;
}

static struct vz_callback *host_callback_free(struct vz_module *self, struct vz_callback *callback)
{
	withdraw_handle(self, callback);
	vz_plugins_change(self->plugins);
	return NULL;
}

static const char *host_app_last_error(struct vz_module *self, struct vz_app *app)
{
	return self->error ? self->error : "";
}

__attribute__((format(printf, 4, 0))) static int host_call_fail(struct vz_module *self,
								struct vz_call *call, int r,
								const char *format, va_list args)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	return vz_call_fail(call, r, "%s", text ? text : "out of memory");
}

static int host_app_add_client_listener(struct vz_module *self, struct vz_app *app,
					vz_client_fn *fn, void *data,
					struct vz_client_listener **ret)
{
	struct vz_client_listener *listener = NULL;
	struct vz_registration *registration;
	int r = registration_new(self, VZ_REGISTERED_LISTENER, data, &registration);

	if (r < 0)
		return r;
	registration->fn.listener = fn;
	r = vz_app_add_client_listener(app, on_client, registration, &listener);
	r = keep(registration, r, listener);
	if (r == 0 && ret)
		*ret = listener;
	return r;
}

static struct vz_client_listener *host_client_listener_free(struct vz_module *self,
							    struct vz_client_listener *listener)
{
	withdraw_handle(self, listener);
	return NULL;
}

static int host_app_add_tab(struct vz_module *self, struct vz_app *app, const char *label,
			    struct json_object *component)
{
	return vz_tab_add(self, label, component);
}

/* --- The loop ------------------------------------------------------------------------------- */

struct post {
	struct vz_module *module;
	unsigned generation;
	vz_plugin_fn *fn;
	void *data;
};

static void on_post(void *data)
{
	VZ_CLEANUP(vz_freep) struct post *post = data;
	struct vz_module *module = post->module;
	struct vz_visit visit;

	if (module->state != VZ_MODULE_RUNNING || module->generation != post->generation)
		return;
	visit = vz_visit_begin(module, "a posted function");
	post->fn(post->data);
	vz_visit_end(module, visit);
}

/* Thread: any. The generation is the caller's as long as code of it runs. */
static int host_app_post(struct vz_module *self, struct vz_app *app, vz_plugin_fn *fn, void *data)
{
	VZ_CLEANUP(vz_freep) struct post *post = malloc(sizeof(*post));
	int r;

	if (!post)
		return -ENOMEM;
	*post = (struct post){ self, self->generation, fn, data };
	r = vz_loop_post(self->plugins->options.loop, on_post, post);
	if (r >= 0)
		(void) vz_steal(post);
	return r;
}

static int64_t host_app_now_us(struct vz_module *self, struct vz_app *app)
{
	return vz_loop_now_us(self->plugins->options.loop);
}

static int host_app_add_timer(struct vz_module *self, struct vz_app *app, vz_plugin_fn *fn,
			      void *data, struct vz_timer **ret)
{
	struct vz_timer *timer = NULL;
	struct vz_registration *registration;
	int r = registration_new(self, VZ_REGISTERED_TIMER, data, &registration);

	if (r < 0)
		return r;
	registration->fn.timer = fn;
	r = vz_timer_new(self->plugins->options.loop, on_timer, registration, &timer);
	r = keep(registration, r, timer);
	if (r == 0)
		*ret = timer;
	return r;
}

static struct vz_timer *host_timer_free(struct vz_module *self, struct vz_timer *timer)
{
	withdraw_handle(self, timer);
	return NULL;
}

static int host_app_add_fd(struct vz_module *self, struct vz_app *app, int fd, vz_plugin_fd_fn *fn,
			   void *data, struct vz_fd_source **ret)
{
	struct vz_fd_source *source = NULL;
	struct vz_registration *registration;
	int r = registration_new(self, VZ_REGISTERED_FD, data, &registration);

	if (r < 0)
		return r;
	registration->fn.fd = fn;
	r = vz_loop_add_fd(self->plugins->options.loop, fd, on_fd, registration, &source);
	r = keep(registration, r, source);
	if (r == 0 && ret)
		*ret = source;
	return r;
}

static struct vz_fd_source *host_fd_source_free(struct vz_module *self, struct vz_fd_source *source)
{
	withdraw_handle(self, source);
	return NULL;
}

/* --- Cameras -------------------------------------------------------------------------------- */

static void on_feed(struct vz_feed *feed, unsigned changes, void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a camera listener");

	registration->fn.feed(feed, changes, registration->data);
	vz_visit_end(module, visit);
}

static int host_app_open_feed(struct vz_module *self, struct vz_app *app,
			      const struct vz_feed_spec *spec, size_t spec_size,
			      struct vz_feed **ret)
{
	struct vz_registration *registration;
	struct vz_feed_spec full = { 0 };
	struct vz_feed *feed = NULL;
	const char *error = NULL;
	int r;

	if (!self->plugins->options.feeds)
		return vz_module_set_error(self, -EOPNOTSUPP, "there are no cameras for plugins");
	/* An older header has a shorter one; what it lacks is 0 here. */
	memcpy(&full, spec, spec_size < sizeof(full) ? spec_size : sizeof(full));
	r = registration_new(self, VZ_REGISTERED_FEED, full.data, &registration);
	if (r < 0)
		return r;
	registration->fn.feed = full.changed;
	full.changed = full.changed ? on_feed : NULL;
	full.data = registration;
	r = vz_feed_open(self->plugins->options.feeds, &full, &error, &feed);
	r = keep(registration, r, feed);
	if (r < 0)
		return vz_module_set_error(self, r, "camera '%s' of '%s': %s",
					   full.name ? full.name : "",
					   full.source ? full.source : "", error);
	*ret = feed;
	return 0;
}

static struct vz_feed *host_feed_close(struct vz_module *self, struct vz_feed *feed)
{
	withdraw_handle(self, feed);
	return NULL;
}

static int host_app_list_cameras(struct vz_module *self, struct vz_app *app,
				 struct json_object **ret)
{
	return vz_feeds_list_cameras(ret);
}

/* --- State and log -------------------------------------------------------------------------- */

static void state_section(const struct vz_module *module, char *section, size_t size)
{
	(void) snprintf(section, size, "plugin %s", module->name);
}

static struct json_object *host_app_get_saved(struct vz_module *self, struct vz_app *app)
{
	char section[64];

	state_section(self, section, sizeof(section));
	return vz_state_get(self->plugins->options.state, section);
}

static int host_app_save(struct vz_module *self, struct vz_app *app, struct json_object *value)
{
	char section[64];

	state_section(self, section, sizeof(section));
	return vz_state_set(self->plugins->options.state, section, value);
}

__attribute__((format(printf, 3, 0))) static void host_log(struct vz_module *self, int level,
							   const char *format, va_list args)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;

	if (!vz_log_enabled(VZ_TOPIC_PLUGIN, (enum vz_level) level))
		return;
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	vz_log_line(VZ_TOPIC_PLUGIN, (enum vz_level) level, "%s: %s", self->name,
		    text ? text : "out of memory");
}

/* --- The table ------------------------------------------------------------------------------ */

#define ENTRY_PASS(type, name, ...) .name = vz_##name,
#define ENTRY_OWN(type, name, ...)  .name = host_##name,

const struct vz_host vz_host_table = { .abi = VZ_PLUGIN_ABI,
				       .struct_size = sizeof(struct vz_host),
				       VZ_HOST_FUNCTIONS(ENTRY_PASS, ENTRY_OWN, ENTRY_OWN) };
