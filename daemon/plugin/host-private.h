/*
 * What the files of the host share: the functions in its table, and registrations, through which
 * everything goes that a plugin registers. Thread: loop, unless a line says otherwise.
 */
#pragma once

#include "plugin/module-private.h"

#define VZ_HOST_DECLARE_PASS(...)
#define VZ_HOST_DECLARE_OWN(type, name, parameters, ...) \
	type vz_host_##name(struct vz_module *self, VZ_HOST_ARGS parameters);
VZ_HOST_FUNCTIONS(VZ_HOST_DECLARE_PASS, VZ_HOST_DECLARE_OWN, VZ_HOST_DECLARE_OWN)

enum vz_registration_kind {
	VZ_REGISTERED_CALLBACK,
	VZ_REGISTERED_LISTENER,
	VZ_REGISTERED_TIMER,
	VZ_REGISTERED_FD,
	VZ_REGISTERED_FEED,
	VZ_REGISTERED_DEVICE,
	VZ_REGISTERED_DEVICE_LISTENER,
	VZ_REGISTERED_PROPS,
};

/*
 * One thing that a plugin registered. It stands between the daemon and the plugin: the daemon calls
 * the function of the registration, which notes whose code runs and calls the plugin's.
 *
 * A callback's is freed when no call can come to it any more; all others when they are withdrawn,
 * also in the middle of their own call, after which they are not touched.
 */
struct vz_registration {
	struct vz_list in_module; /* module->registrations or ->withdrawn */
	struct vz_module *module; /* NULL: it has gone before the last call */
	enum vz_registration_kind kind;
	void *handle; /* what the daemon gave for it */
	union {
		vz_callback_fn *callback;
		vz_client_fn *listener;
		vz_plugin_fn *timer;
		vz_plugin_fd_fn *fd;
		vz_feed_fn *feed;
		vz_device_fn *device;
		vz_props_fn *props;
	} fn;
	void *data;
	void (*release)(void *data);
	bool is_blocking;  /* a callback that runs on a worker */
	bool is_withdrawn; /* guarded by module->mutex */
};

/* Returns 0, -ESHUTDOWN or -ENOMEM, with the module's error set. */
int vz_registration_new(struct vz_module *module, enum vz_registration_kind kind, void *data,
			struct vz_registration **ret);
/* The end of registering: keeps it with @handle, or frees it when @r is an error; returns @r. */
int vz_registration_keep(struct vz_registration *registration, int r, void *handle);
/* NULL when @handle is none of the module's. */
struct vz_registration *vz_registration_find(struct vz_module *module, const void *handle);
/* Takes back what @handle stands for; NULL and what is not the module's are ignored. */
void vz_registration_withdraw(struct vz_module *module, const void *handle);
/* Takes it out of the module and frees it. */
void vz_registration_free(struct vz_registration *registration);
/* Removes a device whose data may be asked for until the last call has ended. Frees @registration,
 * then or now. */
void vz_host_part_from_device(struct vz_registration *registration);
