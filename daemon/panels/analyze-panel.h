/*
 * The panel Analyze: the strobe picture of what was found, its tracks, the line of known length,
 * and the graphs; all shared but the point under each one's pointer.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>

#include "clips/print.h"
#include "util/cleanup.h"

struct vz_analyze_panel;
struct vz_app;
struct vz_desk;

struct vz_analyze_panel_options {
	struct vz_app *app;
	struct vz_desk *desk;
	const char *prefix; /* the page's path, "/" or "/…/" */
};

/* Returns 0 or -ENOMEM. */
int vz_analyze_panel_new(const struct vz_analyze_panel_options *options,
			 struct vz_analyze_panel **ret);
struct vz_analyze_panel *vz_analyze_panel_free(struct vz_analyze_panel *panel);
VZ_DEFINE_CLEANUP(vz_analyze_panel_free, struct vz_analyze_panel *, vz_analyze_panel_free)

/* The component to put on the page, a reference; NULL when out of memory. */
struct json_object *vz_analyze_panel_render(struct vz_analyze_panel *panel);
/* Registers the callbacks, once it is in the layout. Returns 0 or a negative errno. */
int vz_analyze_panel_connect(struct vz_analyze_panel *panel);

/* What the desk tells: enum vz_desk_change bits. */
void vz_analyze_panel_on_change(struct vz_analyze_panel *panel, unsigned changes);
/* What is shown of the result, and how it is derived; the unit is borrowed until the next change.
 */
void vz_analyze_panel_get_print_options(const struct vz_analyze_panel *panel,
					struct vz_print_options *ret);
