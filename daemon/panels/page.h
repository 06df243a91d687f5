/*
 * The page: a header with the title, and the panels below it. Thread: loop. Owned by the daemon.
 */
#pragma once

#include "util/cleanup.h"

struct vz_app;
struct vz_camera_panel;

/* Puts the panel into the app's layout and connects its callbacks. Returns 0 or a negative errno. */
int vz_page_build(struct vz_app *app, const char *title, struct vz_camera_panel *camera);
