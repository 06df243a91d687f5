/*
 * The System panel: the plugins with their states, and buttons that load one anew; calls that take
 * too long; counters. It stands on the page when the configuration names a plugin, or waits for a
 * restart.
 *
 * Reading is for everybody; the buttons work for an administrator: a client whose role is "admin",
 * and, where nobody has to log in, those that `[server] admin` says.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_loop;
struct vz_plugins;
struct vz_system_panel;

struct vz_system_panel_options {
	struct vz_loop *loop;
	struct vz_app *app;
	struct vz_plugins *plugins;
	const char *admin; /* "local", "anyone" or "nobody" */
};

/* @options is copied, what it points at is borrowed. Returns 0 or a negative errno. */
int vz_system_panel_new(const struct vz_system_panel_options *options,
			struct vz_system_panel **ret);
struct vz_system_panel *vz_system_panel_free(struct vz_system_panel *panel);
VZ_DEFINE_CLEANUP(vz_system_panel_free, struct vz_system_panel *, vz_system_panel_free)

/*
 * What is to be said of the configuration (copied; "" or NULL: nothing), such as what of it waits
 * for a restart. Returns whether it is another text, or a negative errno; the page is then to be
 * made anew.
 */
int vz_system_panel_set_news(struct vz_system_panel *panel, const char *text);
bool vz_system_panel_has_news(const struct vz_system_panel *panel);
/* The component to put on the page, a reference; the callbacks of before are withdrawn. NULL: out
 * of memory. */
struct json_object *vz_system_panel_render(struct vz_system_panel *panel);
/* Registers the callbacks of what render() made, once it is in the layout. */
int vz_system_panel_connect(struct vz_system_panel *panel);
/* Brings the page to what is the case now; only what differs is pushed. */
void vz_system_panel_update(struct vz_system_panel *panel);
/* The same soon, for who is in the middle of something. Takes NULL. */
void vz_system_panel_update_soon(struct vz_system_panel *panel);
/* What everybody should see without opening the panel, a reference; VZ_NULL when there is nothing,
 * NULL: out of memory. */
struct json_object *vz_system_panel_render_notice(struct vz_system_panel *panel);
