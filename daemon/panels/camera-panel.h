/*
 * The camera panel: live view, brightness, every control that the camera announced, Reset, and a
 * status line; all shared. The camera is the truth: whatever a browser asks for, the page is
 * brought to what the camera took.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_camera;
struct vz_camera_panel;

/* The live view. */
#define VZ_CAMERA_VIEW_ID "live"

/*
 * Listens to @camera, which must outlive it. It has no components yet: the page asks for them with
 * vz_camera_panel_render(). Returns 0 or -ENOMEM.
 */
int vz_camera_panel_new(struct vz_app *app, struct vz_camera *camera, struct vz_camera_panel **ret);
struct vz_camera_panel *vz_camera_panel_free(struct vz_camera_panel *panel);
VZ_DEFINE_CLEANUP(vz_camera_panel_free, struct vz_camera_panel *, vz_camera_panel_free)

/* Called when the set of controls has changed and the page must be made anew. */
void vz_camera_panel_on_rebuild(struct vz_camera_panel *panel, void (*fn)(void *data), void *data);

/*
 * Makes the fields for the camera's present controls, and the component to put on the page (a
 * reference in *@ret), with @below under the picture, which it takes, also on failure. The
 * callbacks of before are withdrawn. Returns 0 or -ENOMEM.
 */
int vz_camera_panel_render(struct vz_camera_panel *panel, struct json_object *below,
			   struct json_object **ret);
/* The line that says what the camera does. A reference, or NULL when out of memory. */
struct json_object *vz_camera_panel_render_status(struct vz_camera_panel *panel);
/* Registers the callbacks of what render() made, once it is in the layout. */
int vz_camera_panel_connect(struct vz_camera_panel *panel);
