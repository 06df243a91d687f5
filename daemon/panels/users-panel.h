/*
 * The tab Users, for admins: who there is, with which role; adding, removing, another role or
 * password; and whether guests may look. All admins see each change at once. The layout, which
 * everybody may fetch, has the form alone: names go to the browsers of admins, and passwords only
 * from a browser to here.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_loop;
struct vz_users;
struct vz_users_panel;

/* All are borrowed; @users must have stopped before the panel goes. Returns 0 or a negative errno.
 */
int vz_users_panel_new(struct vz_loop *loop, struct vz_app *app, struct vz_users *users,
		       struct vz_users_panel **ret);
struct vz_users_panel *vz_users_panel_free(struct vz_users_panel *panel);
VZ_DEFINE_CLEANUP(vz_users_panel_free, struct vz_users_panel *, vz_users_panel_free)

/* The component to put on the page, a reference; the callbacks of before are withdrawn. NULL: out
 * of memory. */
struct json_object *vz_users_panel_render(struct vz_users_panel *panel);
/* Registers the callbacks of what render() made, once it is in the layout. */
int vz_users_panel_connect(struct vz_users_panel *panel);
