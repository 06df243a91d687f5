/*
 * The panel of GPIO lines: all of them by name and live, with what they have counted. Inputs that
 * are simulated can be pressed there, outputs switched by an administrator (panels/admin.h), as can
 * simulated inputs: that is as good as a hand on the button.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_gpio;
struct vz_gpio_panel;
struct vz_line;
struct vz_loop;

struct vz_gpio_panel_options {
	struct vz_loop *loop;
	struct vz_app *app;
	struct vz_gpio *gpio;
	const char *admin; /* "local", "anyone" or "nobody" */
};

/* @options is copied, what it points at is borrowed. Returns 0 or a negative errno. */
int vz_gpio_panel_new(const struct vz_gpio_panel_options *options, struct vz_gpio_panel **ret);
struct vz_gpio_panel *vz_gpio_panel_free(struct vz_gpio_panel *panel);
VZ_DEFINE_CLEANUP(vz_gpio_panel_free, struct vz_gpio_panel *, vz_gpio_panel_free)

/* The component to put on the page, a reference; the callbacks of before are withdrawn. NULL: out
 * of memory. */
struct json_object *vz_gpio_panel_render(struct vz_gpio_panel *panel);
/* Registers the callbacks of what render() made, once it is in the layout. */
int vz_gpio_panel_connect(struct vz_gpio_panel *panel);
/* Brings the page to what is the case, soon: ten times a second at most. Takes NULL. */
void vz_gpio_panel_update_soon(struct vz_gpio_panel *panel);
