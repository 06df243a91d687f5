/*
 * Who looks at the page: a line in its header with name and role, logging out and another password,
 * or that nobody has to log in; and a word when somebody tries what he may not.
 *
 * Each browser is told its own, and the layout has none of it. The page gets a class for what the
 * role may, vz-viewer or vz-admin, by which controls look as if they were not the viewer's, and
 * what stands in vz-admins is seen by admins alone. That is looks: whether a call runs, the core
 * decides.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "util/cleanup.h"

struct vz_account_panel;
struct vz_app;
struct vz_loop;

/* The class and the id of the whole page, whose class it changes. */
#define VZ_PAGE_ID    "vz-page"
#define VZ_PAGE_CLASS "vz-page"
/* What only admins see. */
#define VZ_ADMINS_CLASS "vz-admins"

struct vz_account_panel_options {
	struct vz_loop *loop;
	struct vz_app *app;
	const char *admin;  /* "local", "anyone" or "nobody" */
	const char *prefix; /* of the server's addresses: "/" or "/…/" */
};

/* @options is copied, what it points at is borrowed. Returns 0 or a negative errno. */
int vz_account_panel_new(const struct vz_account_panel_options *options,
			 struct vz_account_panel **ret);
struct vz_account_panel *vz_account_panel_free(struct vz_account_panel *panel);
VZ_DEFINE_CLEANUP(vz_account_panel_free, struct vz_account_panel *, vz_account_panel_free)

/*
 * Whether the server has users, who log in at /login; else @note says why nobody has to (static, or
 * NULL: nothing).
 */
void vz_account_panel_set_login(struct vz_account_panel *panel, bool has_users, const char *note);
/* The line for the header: a reference; NULL: out of memory. */
struct json_object *vz_account_panel_render(struct vz_account_panel *panel);
