/*
 * What plugins registered, and how it is taken back.
 */
#include <errno.h>
#include <stdlib.h>

#include "feed/feed.h"
#include "loop/loop.h"
#include "plugin/host-private.h"
#include "util/cleanup.h"

int vz_registration_new(struct vz_module *module, enum vz_registration_kind kind, void *data,
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

int vz_registration_keep(struct vz_registration *registration, int r, void *handle)
{
	if (r < 0) {
		free(registration);
		return r;
	}
	registration->handle = handle;
	vz_list_add(&registration->module->registrations, &registration->in_module);
	return 0;
}

struct vz_registration *vz_registration_find(struct vz_module *module, const void *handle)
{
	struct vz_registration *registration;

	vz_list_for_each(registration, &module->registrations, in_module)
	{
		if (handle && registration->handle == handle)
			return registration;
	}
	return NULL;
}

void vz_registration_free(struct vz_registration *registration)
{
	vz_list_remove(&registration->in_module);
	free(registration);
}

/* Calls may be out on workers: the last of them frees it. */
static void withdraw_callback(struct vz_registration *registration)
{
	struct vz_module *module = registration->module;
	void *handle = vz_steal(registration->handle);

	pthread_mutex_lock(&module->mutex);
	registration->is_withdrawn = true;
	pthread_mutex_unlock(&module->mutex);
	vz_list_remove(&registration->in_module);
	vz_list_add(&module->withdrawn, &registration->in_module);
	(void) vz_callback_free(handle);
}

static void withdraw(struct vz_registration *registration)
{
	void *handle = registration->handle;

	switch (registration->kind) {
	case VZ_REGISTERED_CALLBACK:
		withdraw_callback(registration);
		return;
	case VZ_REGISTERED_DEVICE:
		vz_host_part_from_device(registration);
		return;
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
	case VZ_REGISTERED_DEVICE_LISTENER:
		(void) vz_device_listener_free(handle);
		break;
	case VZ_REGISTERED_PROPS:
		(void) vz_props_request_free(handle);
		break;
	}
	vz_registration_free(registration);
}

void vz_registration_withdraw(struct vz_module *module, const void *handle)
{
	struct vz_registration *registration = vz_registration_find(module, handle);

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

void vz_host_release_withdrawn(struct vz_module *module)
{
	struct vz_registration *registration;

	vz_list_for_each(registration, &module->withdrawn, in_module)
	{
		void (*release)(void *data) = vz_steal(registration->release);

		if (release)
			release(registration->data);
	}
}

void vz_host_forget_withdrawn(struct vz_module *module)
{
	struct vz_registration *registration;

	while ((registration =
			vz_list_first(&module->withdrawn, struct vz_registration, in_module))) {
		vz_list_remove(&registration->in_module);
		registration->module = NULL;
	}
}
