/*
 * What a plugin may call of devices.
 */
#include <errno.h>

#include "plugin/host-private.h"
#include "plugin/plugins-private.h"
#include "util/log.h"

/*
 * Devices that were removed, or whose plugin goes, and whose data a call may still ask for: the app
 * gives the data back, and nothing else, so that they are found by that. Of two that are the same
 * it does not matter which is which.
 */
static struct vz_list parting = VZ_LIST_INIT(parting);

/* On the loop, when no call can ask for @data any more; the module has waited for it. */
static void on_device_release(void *data)
{
	struct vz_registration *registration;
	struct vz_module *module = NULL;
	void (*release)(void *data) = NULL;
	struct vz_visit visit;

	vz_list_for_each(registration, &parting, in_module)
	{
		if (registration->data == data) {
			module = registration->module;
			release = registration->release;
			break;
		}
	}
	if (!module)
		return;
	vz_registration_free(registration);
	visit = vz_visit_begin(module, "a device's release()");
	release(data);
	vz_visit_end(module, visit);
	vz_module_let_go(module);
}

void vz_host_part_from_device(struct vz_registration *registration)
{
	struct vz_device *device = registration->handle;

	if (registration->release) {
		vz_module_hold(registration->module);
		vz_list_remove(&registration->in_module);
		vz_list_add(&parting, &registration->in_module);
	} else {
		vz_registration_free(registration);
	}
	(void) vz_device_remove(device);
}

int vz_host_app_add_device(struct vz_module *self, struct vz_app *app, const char *name,
			   const char *title, struct vz_device **ret)
{
	struct vz_registration *registration;
	struct vz_device *device = NULL;
	int r = vz_registration_new(self, VZ_REGISTERED_DEVICE, NULL, &registration);

	if (r < 0)
		return r;
	r = vz_app_add_device(app, name, title, &device);
	r = vz_registration_keep(registration, r, device);
	if (r < 0)
		return vz_module_set_error(self, r, "%s", vz_app_last_error(app));
	*ret = device;
	return 0;
}

struct vz_device *vz_host_device_remove(struct vz_module *self, struct vz_device *device)
{
	vz_registration_withdraw(self, device);
	return NULL;
}

void vz_host_device_set_data(struct vz_module *self, struct vz_device *device, void *data,
			     void (*release)(void *data))
{
	struct vz_registration *registration = vz_registration_find(self, device);

	if (!registration) {
		vz_log(PLUGIN, WARNING, "%s sets the data of a device that is not its own",
		       self->name);
		return;
	}
	registration->data = data;
	registration->release = release;
	vz_device_set_data(device, data, release ? on_device_release : NULL);
}

static void on_device(struct vz_app *app, struct vz_device *device, struct vz_client *client,
		      enum vz_device_event event, void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a device listener");

	registration->fn.device(app, device, client, event, registration->data);
	vz_visit_end(module, visit);
}

int vz_host_app_add_device_listener(struct vz_module *self, struct vz_app *app, vz_device_fn *fn,
				    void *data, struct vz_device_listener **ret)
{
	struct vz_device_listener *listener = NULL;
	struct vz_registration *registration;
	int r = vz_registration_new(self, VZ_REGISTERED_DEVICE_LISTENER, data, &registration);

	if (r < 0)
		return r;
	registration->fn.device = fn;
	r = vz_app_add_device_listener(app, on_device, registration, &listener);
	r = vz_registration_keep(registration, r, listener);
	if (r == 0 && ret)
		*ret = listener;
	return r;
}

struct vz_device_listener *vz_host_device_listener_free(struct vz_module *self,
							struct vz_device_listener *listener)
{
	vz_registration_withdraw(self, listener);
	return NULL;
}
