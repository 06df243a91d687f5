/*
 * The panel Process: which clip lies on the desk, a picture of it, what is looked for in it and
 * where; all shared. The desk is the truth of what there is, the page's values of what is wanted.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>
#include <stdint.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_desk;
struct vz_process_panel;

struct vz_process_panel_options {
	struct vz_app *app;
	struct vz_desk *desk;
	uint64_t max_upload_bytes; /* 0: nothing can be uploaded */
};

/* Returns 0 or -ENOMEM. */
int vz_process_panel_new(const struct vz_process_panel_options *options,
			 struct vz_process_panel **ret);
struct vz_process_panel *vz_process_panel_free(struct vz_process_panel *panel);
VZ_DEFINE_CLEANUP(vz_process_panel_free, struct vz_process_panel *, vz_process_panel_free)

/* The component to put on the page, a reference; NULL when out of memory. */
struct json_object *vz_process_panel_render(struct vz_process_panel *panel);
/* Registers the callbacks, once it is in the layout. Returns 0 or a negative errno. */
int vz_process_panel_connect(struct vz_process_panel *panel);

/* What the desk tells: enum vz_desk_change bits. */
void vz_process_panel_on_change(struct vz_process_panel *panel, unsigned changes);
/* Processes what lies on the desk, as the button does. Returns what vz_desk_process() does. */
int vz_process_panel_go(struct vz_process_panel *panel);
/* What is uploaded just now, for a person; "": nothing. */
void vz_process_panel_set_upload(struct vz_process_panel *panel, const char *text);
