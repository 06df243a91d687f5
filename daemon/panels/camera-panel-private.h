/*
 * What the two halves of the camera panel share: camera-panel.c listens and acts,
 * camera-panel-render.c makes the components.
 */
#pragma once

#include <stdbool.h>

#include "panels/camera-panel.h"

#define VZ_BRIGHTNESS_ID "brightness"
#define VZ_LIVE_ID	 "live"
#define VZ_RESET_ID	 "reset"
#define VZ_STATUS_ID	 "camera-status"

struct vz_callback;
struct vz_control;
struct vz_field;

struct vz_control_binding {
	struct vz_camera_panel *panel;
	struct vz_field *field;
	struct vz_callback *callback;
};

struct vz_camera_panel {
	struct vz_app *app;
	struct vz_camera *camera;
	void (*rebuild)(void *data);
	void *rebuild_data;

	struct vz_control_binding *bindings;
	unsigned n_bindings;
	struct vz_callback *brightness, *reset;
	bool connected;
};

/* A field for each control that the camera has now. Returns 0 or -ENOMEM. */
int vz_camera_panel_bind(struct vz_camera_panel *panel);

const struct vz_control *vz_camera_panel_control(const struct vz_camera_panel *panel,
						 const struct vz_field *field);
/* Whether an automatic of the camera decides over this control now. */
bool vz_camera_panel_is_automatic(const struct vz_camera_panel *panel,
				  const struct vz_field *field);
