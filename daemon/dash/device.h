/*
 * A device: one of several things behind one daemon that clients choose from. The app keeps those
 * that are there in a list; a call keeps a reference to the one that it was made for, because on a
 * worker it may outlive it. Public face in vizyd/dash.h. Thread: loop, except for name, title and
 * data.
 */
#pragma once

#include "util/cleanup.h"
#include "util/list.h"
#include "vizyd/dash.h"

#define VZ_DEVICE_NAME_MAX 128

struct vz_device {
	unsigned refs;
	struct vz_list in_app; /* app->devices, while it is there */
	struct vz_app *app;    /* NULL once it is removed */
	char *name, *title;
	void *data;
	void (*release)(void *data);
	unsigned n_clients;
};

struct vz_device *vz_device_ref(struct vz_device *device);
/* Takes NULL; returns NULL. */
struct vz_device *vz_device_unref(struct vz_device *device);
VZ_DEFINE_CLEANUP(vz_device_unref, struct vz_device *, vz_device_unref)

/*
 * Notes what a new client says that it has chosen, and binds it if that device is there; nobody is
 * told before vz_client_tell_device(). Anything that cannot be a name is ignored. Returns 0 or
 * -ENOMEM.
 */
int vz_client_start_choice(struct vz_client *client, const char *name);
/* Tells the listeners that @client is bound, if it is. */
void vz_client_tell_device(struct vz_client *client);
/* The client goes: unbinds it, tells the listeners, and frees its choice. */
void vz_client_end_choice(struct vz_client *client);
/* With their listeners; the clients, which are about to be freed, are not told. */
void vz_devices_free(struct vz_app *app);
