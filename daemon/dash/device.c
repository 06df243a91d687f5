#include "dash/device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app-private.h"
#include "dash/call.h"
#include "dash/client.h"
#include "dash/link.h"

struct vz_device_listener {
	struct vz_list in_app;
	struct vz_app *app;
	vz_device_fn *fn;
	void *data;
	bool is_removed; /* while listeners are called; freed when that is over */
};

/* --- Listeners ------------------------------------------------------------------------------ */

int vz_app_add_device_listener(struct vz_app *app, vz_device_fn *fn, void *data,
			       struct vz_device_listener **ret)
{
	struct vz_device_listener *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->app = app;
	l->fn = fn;
	l->data = data;
	vz_list_add(&app->device_listeners, &l->in_app);
	*ret = l;
	return 0;
}

struct vz_device_listener *vz_device_listener_free(struct vz_device_listener *listener)
{
	if (!listener)
		return NULL;
	listener->is_removed = true;
	if (!listener->app->notifying_devices) {
		vz_list_remove(&listener->in_app);
		free(listener);
	}
	return NULL;
}

static void tell(struct vz_app *app, struct vz_device *device, struct vz_client *client,
		 enum vz_device_event event)
{
	struct vz_device_listener *l, *tmp;

	app->notifying_devices++;
	vz_list_for_each(l, &app->device_listeners, in_app) if (!l->is_removed)
		l->fn(app, device, client, event, l->data);
	if (--app->notifying_devices)
		return;

	vz_list_for_each_safe(l, tmp, &app->device_listeners, in_app) if (l->is_removed)
		vz_device_listener_free(l);
}

/* --- A device -------------------------------------------------------------------------------- */

struct vz_device *vz_device_ref(struct vz_device *device)
{
	if (device)
		device->refs++;
	return device;
}

struct vz_device *vz_device_unref(struct vz_device *device)
{
	if (!device || --device->refs)
		return NULL;
	if (device->release)
		device->release(device->data);
	vz_list_remove(&device->in_app);
	free(device->name);
	free(device->title);
	free(device);
	return NULL;
}

const char *vz_device_get_name(const struct vz_device *device)
{
	return device->name;
}

const char *vz_device_get_title(const struct vz_device *device)
{
	return device->title;
}

void vz_device_set_data(struct vz_device *device, void *data, void (*release)(void *data))
{
	device->data = data;
	device->release = release;
}

void *vz_device_get_data(const struct vz_device *device)
{
	return device->data;
}

unsigned vz_device_n_clients(const struct vz_device *device)
{
	return device->n_clients;
}

struct vz_device *vz_app_find_device(struct vz_app *app, const char *name)
{
	struct vz_device *d;

	vz_list_for_each(d, &app->devices, in_app) if (!strcmp(d->name, name)) return d;
	return NULL;
}

struct vz_device *vz_app_next_device(struct vz_app *app, struct vz_device *device)
{
	struct vz_list *next = device ? device->in_app.next : app->devices.next;

	return next == &app->devices ? NULL : vz_list_entry(next, struct vz_device, in_app);
}

/* --- Binding --------------------------------------------------------------------------------- */

static void bind(struct vz_client *client, struct vz_device *device)
{
	client->device = device;
	device->n_clients++;
}

static void unbind(struct vz_client *client)
{
	VZ_CLEANUP(vz_device_unrefp) struct vz_device *device = vz_device_ref(client->device);

	if (!device)
		return;
	client->device = NULL;
	device->n_clients--;
	tell(client->app, device, client, VZ_DEVICE_UNBOUND);
}

static bool has_chosen(const struct vz_client *client, const struct vz_device *device)
{
	return client->choice && !strcmp(client->choice, device->name);
}

/*
 * Does @act to every client that it fits. A listener may do anything meanwhile, so that the walk
 * begins anew after each; it ends because @act makes the client one that @fits no more.
 */
static void for_each_client(struct vz_device *device,
			    bool (*fits)(const struct vz_client *client,
					 const struct vz_device *device),
			    void (*act)(struct vz_client *client, struct vz_device *device))
{
	struct vz_app *app = device->app;
	struct vz_client *c;
	bool again = true;

	while (again) {
		again = false;
		vz_list_for_each(c, &app->clients, in_app) if (fits(c, device))
		{
			act(c, device);
			again = true;
			break;
		}
	}
}

static bool is_bound(const struct vz_client *client, const struct vz_device *device)
{
	return client->device == device;
}

static void unbind_it(struct vz_client *client, struct vz_device *device)
{
	unbind(client);
}

static bool waits_for(const struct vz_client *client, const struct vz_device *device)
{
	/* A listener may have removed it. */
	return device->app && !client->device && has_chosen(client, device);
}

static void bind_it(struct vz_client *client, struct vz_device *device)
{
	bind(client, device);
	/* One that was never online is about to be told of by vz_client_tell_device(). */
	if (client->connected_us)
		tell(client->app, device, client, VZ_DEVICE_BOUND);
}

int vz_app_add_device(struct vz_app *app, const char *name, const char *title,
		      struct vz_device **ret)
{
	VZ_CLEANUP(vz_device_unrefp) struct vz_device *d = NULL;
	size_t n = strlen(name);

	if (!n || n > VZ_DEVICE_NAME_MAX)
		return vz_app_set_error(app, -EINVAL,
					"the name of a device has 1 to %d bytes, not %zu",
					VZ_DEVICE_NAME_MAX, n);
	if (vz_app_find_device(app, name))
		return vz_app_set_error(app, -EEXIST, "there is a device '%s' already", name);
	d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->refs = 1;
	vz_list_init(&d->in_app);
	d->name = strdup(name);
	d->title = strdup(title ? title : name);
	if (!d->name || !d->title)
		return -ENOMEM;

	d->app = app;
	vz_list_add(&app->devices, &d->in_app);
	*ret = d;
	/* A listener may remove it, even now. */
	(void) vz_device_ref(d);
	tell(app, d, NULL, VZ_DEVICE_ADDED);
	for_each_client(d, waits_for, bind_it);
	return 0;
}

struct vz_device *vz_device_remove(struct vz_device *device)
{
	struct vz_app *app;

	if (!device)
		return NULL;
	app = device->app;
	vz_list_remove(&device->in_app);
	vz_calls_drop_device(app, device);
	for_each_client(device, is_bound, unbind_it);
	device->app = NULL;
	tell(app, device, NULL, VZ_DEVICE_REMOVED);
	return vz_device_unref(device);
}

/* The tab keeps it for the next time that it is loaded. */
static void send_choice(struct vz_client *client)
{
	if (client->link && client->kind == VZ_LINK_OWN)
		vz_link_send_choice(client->link, client->choice);
}

int vz_client_set_device(struct vz_client *client, struct vz_device *device)
{
	char *choice = NULL;

	if (!client->app)
		return -EINVAL;
	if (client->device == device && (device || !client->choice))
		return 0;
	if (device) {
		choice = strdup(device->name);
		if (!choice)
			return -ENOMEM;
	}
	free(client->choice);
	client->choice = choice;
	send_choice(client);
	if (client->device != device)
		unbind(client);
	/* Unless a listener has decided otherwise meanwhile. */
	if (device && device->app && !client->device && client->choice == choice)
		bind_it(client, device);
	return 0;
}

struct vz_device *vz_client_get_device(const struct vz_client *client)
{
	return client->device;
}

const char *vz_client_get_choice(const struct vz_client *client)
{
	return client->choice;
}

int vz_client_start_choice(struct vz_client *client, const char *name)
{
	struct vz_device *device;

	if (!name || !*name || strlen(name) > VZ_DEVICE_NAME_MAX)
		return 0;
	client->choice = strdup(name);
	if (!client->choice)
		return -ENOMEM;
	device = vz_app_find_device(client->app, name);
	if (device)
		bind(client, device);
	return 0;
}

void vz_client_tell_device(struct vz_client *client)
{
	if (client->device)
		tell(client->app, client->device, client, VZ_DEVICE_BOUND);
}

void vz_client_end_choice(struct vz_client *client)
{
	if (client->device && !client->connected_us)
		client->device->n_clients--;
	else
		unbind(client);
	client->device = NULL;
	free(client->choice);
	client->choice = NULL;
}

void vz_devices_free(struct vz_app *app)
{
	struct vz_device_listener *l, *tmp;
	struct vz_device *d;
	struct vz_client *c;

	vz_list_for_each_safe(l, tmp, &app->device_listeners, in_app) vz_device_listener_free(l);
	vz_list_for_each(c, &app->clients, in_app) c->device = NULL;
	while ((d = vz_list_first(&app->devices, struct vz_device, in_app))) {
		vz_list_remove(&d->in_app);
		d->app = NULL;
		vz_device_unref(d);
	}
}
