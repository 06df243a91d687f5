/*
 * What a plugin may call of the app: callbacks, listeners, tabs.
 */
#include <errno.h>
#include <string.h>

#include "loop/loop.h"
#include "plugin/host-private.h"
#include "plugin/plugins-private.h"
#include "plugin/tabs.h"

/* --- Callbacks ------------------------------------------------------------------------------ */

/* Has the module know since when it runs on a worker. False: the callback has been withdrawn. */
static bool begin_stay(struct vz_registration *registration, struct vz_stay *stay)
{
	struct vz_module *module = registration->module;
	bool is_withdrawn;

	vz_list_init(&stay->in_module);
	stay->since_us = vz_loop_now_us(module->plugins->options.loop);
	pthread_mutex_lock(&module->mutex);
	is_withdrawn = registration->is_withdrawn;
	if (registration->is_blocking && !is_withdrawn)
		vz_list_add(&module->stays, &stay->in_module);
	pthread_mutex_unlock(&module->mutex);
	return !is_withdrawn;
}

static void end_stay(struct vz_module *module, struct vz_stay *stay)
{
	pthread_mutex_lock(&module->mutex);
	vz_list_remove(&stay->in_module);
	pthread_mutex_unlock(&module->mutex);
}

/* On a worker too, which may come here with a call whose callback has been withdrawn. */
static int on_callback(struct vz_call *call, void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit;
	struct vz_stay stay;
	int r = -ESHUTDOWN;

	if (!module)
		return r;
	/* Begun first: from here on the module waits for us. */
	visit = vz_visit_begin(module, "a callback");
	if (begin_stay(registration, &stay))
		r = registration->fn.callback(call, registration->data);
	end_stay(module, &stay);
	vz_visit_end(module, visit);
	return r;
}

static void on_release(void *data)
{
	struct vz_registration *registration = data;
	struct vz_visit visit;

	if (registration->module && registration->release) {
		visit = vz_visit_begin(registration->module, "a callback's release()");
		registration->release(registration->data);
		vz_visit_end(registration->module, visit);
	}
	vz_registration_free(registration);
}

int vz_host_add_callback(struct vz_module *self, struct vz_app *app,
			 const struct vz_callback_spec *spec, size_t spec_size,
			 struct vz_callback **ret)
{
	struct vz_registration *registration;
	struct vz_callback *callback = NULL;
	struct vz_callback_spec full = { 0 };
	int r;

	/* An older header has a shorter one; what it lacks is 0 here. */
	memcpy(&full, spec, spec_size < sizeof(full) ? spec_size : sizeof(full));
	r = vz_tabs_check_callback(self, &full);
	if (r < 0)
		return r;
	r = vz_registration_new(self, VZ_REGISTERED_CALLBACK, full.data, &registration);
	if (r < 0)
		return r;
	registration->fn.callback = full.fn;
	registration->is_blocking = full.blocking;
	registration->release = full.release;
	/* Without one it runs in the browser, or is refused. */
	full.fn = full.fn ? on_callback : NULL;
	full.data = registration;
	full.release = on_release;
	r = vz_app_add_callback(app, &full, &callback);
	r = vz_registration_keep(registration, r, callback);
	if (r < 0)
		return vz_module_set_error(self, r, "%s", vz_app_last_error(app));
	if (ret)
		*ret = callback;
	vz_plugins_change(self->plugins);
	return 0;
}

struct vz_callback *vz_host_callback_free(struct vz_module *self, struct vz_callback *callback)
{
	vz_registration_withdraw(self, callback);
	vz_plugins_change(self->plugins);
	return NULL;
}

const char *vz_host_app_last_error(struct vz_module *self, struct vz_app *app)
{
	return self->error ? self->error : "";
}

/* --- Listeners, questions, tabs ------------------------------------------------------------- */

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a client listener");

	registration->fn.listener(app, client, event, registration->data);
	vz_visit_end(module, visit);
}

int vz_host_app_add_client_listener(struct vz_module *self, struct vz_app *app, vz_client_fn *fn,
				    void *data, struct vz_client_listener **ret)
{
	struct vz_client_listener *listener = NULL;
	struct vz_registration *registration;
	int r = vz_registration_new(self, VZ_REGISTERED_LISTENER, data, &registration);

	if (r < 0)
		return r;
	registration->fn.listener = fn;
	r = vz_app_add_client_listener(app, on_client, registration, &listener);
	r = vz_registration_keep(registration, r, listener);
	if (r == 0 && ret)
		*ret = listener;
	return r;
}

struct vz_client_listener *vz_host_client_listener_free(struct vz_module *self,
							struct vz_client_listener *listener)
{
	vz_registration_withdraw(self, listener);
	return NULL;
}

int vz_host_app_add_tab(struct vz_module *self, struct vz_app *app, const char *label,
			struct json_object *component)
{
	return vz_tab_add(self, label, component);
}

static void on_props(int r, struct json_object *values, void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a question's answer");
	vz_props_fn *fn = registration->fn.props;
	void *fn_data = registration->data;

	/* Answered once: the handle means nothing any more. */
	vz_registration_free(registration);
	fn(r, values, fn_data);
	vz_visit_end(module, visit);
}

int vz_host_client_get_props(struct vz_module *self, struct vz_client *client,
			     const char *const *properties, int64_t timeout_us, vz_props_fn *fn,
			     void *data, struct vz_props_request **ret)
{
	struct vz_props_request *request = NULL;
	struct vz_registration *registration;
	int r = vz_registration_new(self, VZ_REGISTERED_PROPS, data, &registration);

	if (r < 0)
		return r;
	registration->fn.props = fn;
	r = vz_client_get_props(client, properties, timeout_us, on_props, registration, &request);
	r = vz_registration_keep(registration, r, request);
	if (r == 0 && ret)
		*ret = request;
	return r;
}

struct vz_props_request *vz_host_props_request_free(struct vz_module *self,
						    struct vz_props_request *request)
{
	vz_registration_withdraw(self, request);
	return NULL;
}
