/*
 * What a plugin may call of cameras.
 */
#include <errno.h>
#include <string.h>

#include "feed/feed.h"
#include "plugin/host-private.h"
#include "plugin/plugins-private.h"

static void on_feed(struct vz_feed *feed, unsigned changes, void *data)
{
	struct vz_registration *registration = data;
	struct vz_module *module = registration->module;
	struct vz_visit visit = vz_visit_begin(module, "a camera listener");

	registration->fn.feed(feed, changes, registration->data);
	vz_visit_end(module, visit);
}

int vz_host_app_open_feed(struct vz_module *self, struct vz_app *app,
			  const struct vz_feed_spec *spec, size_t spec_size, struct vz_feed **ret)
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
	r = vz_registration_new(self, VZ_REGISTERED_FEED, full.data, &registration);
	if (r < 0)
		return r;
	registration->fn.feed = full.changed;
	full.changed = full.changed ? on_feed : NULL;
	full.data = registration;
	r = vz_feed_open(self->plugins->options.feeds, &full, &error, &feed);
	r = vz_registration_keep(registration, r, feed);
	if (r < 0)
		return vz_module_set_error(self, r, "camera '%s' of '%s': %s",
					   full.name ? full.name : "",
					   full.source ? full.source : "", error);
	*ret = feed;
	return 0;
}

struct vz_feed *vz_host_feed_close(struct vz_module *self, struct vz_feed *feed)
{
	vz_registration_withdraw(self, feed);
	return NULL;
}

int vz_host_app_list_cameras(struct vz_module *self, struct vz_app *app, struct json_object **ret)
{
	return vz_feeds_list_cameras(ret);
}
