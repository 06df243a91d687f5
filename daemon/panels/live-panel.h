/*
 * Live tracking on the page: a switch under the live picture that is shared, and what is found,
 * drawn over the picture of every browser. At first it is off. While it is off, or nobody watches,
 * nothing runs.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_buf;
struct vz_camera;
struct vz_live_panel;
struct vz_loop;

/* Returns 0 or -ENOMEM. */
int vz_live_panel_new(struct vz_loop *loop, struct vz_app *app, struct vz_camera *camera,
		      struct vz_live_panel **ret);
/* Takes NULL; returns NULL. */
struct vz_live_panel *vz_live_panel_free(struct vz_live_panel *panel);
VZ_DEFINE_CLEANUP(vz_live_panel_free, struct vz_live_panel *, vz_live_panel_free)

/* The switch: a reference, NULL when out of memory. The callbacks of before are withdrawn. */
struct json_object *vz_live_panel_render(struct vz_live_panel *panel);
/* Registers the callbacks of what render() made, once it is in the layout. */
int vz_live_panel_connect(struct vz_live_panel *panel);
/* Whether anybody sees the pictures. */
void vz_live_panel_set_watched(struct vz_live_panel *panel, bool is_watched);
/* For how long its thread has been at one picture; 0: it has none. */
int64_t vz_live_panel_busy_us(const struct vz_live_panel *panel);
/* Its part of /status: ",key":value, … */
void vz_live_panel_append_status(struct vz_buf *buf, const struct vz_live_panel *panel);
