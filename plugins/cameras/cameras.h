/*
 * The plugin `cameras` among its files: cameras.c is the page and who is shown what, callbacks.c
 * what the page asks for, camera.c one camera, settings.c the section of the configuration. Thread:
 * loop.
 */
#pragma once

#include <vizyd/components.h>
#include <vizyd/plugin.h>

#include "panels/form.h"
#include "util/json.h"

#define CHOICE_ID   "cameras-choice"
#define LIVE_ID	    "cameras-live"
#define STATUS_ID   "cameras-status"
#define CONTROLS_ID "cameras-controls"
#define PREFIX	    "cameras-"

struct camera;

/* What the configuration says of one camera. */
struct camera_settings {
	char *name, *title, *source; /* title NULL: what the camera calls itself */
};

struct settings {
	char *label;
	struct camera_settings *cameras;
	unsigned n_cameras;
	bool find; /* also what libcamera finds, and what comes later */
	double width_px, height_px, fps, quality_percent;
};

struct cameras {
	struct vz_app *app;
	struct settings settings;
	struct camera **list; /* in the order of the page */
	unsigned n_cameras;
	struct json_object
		*saved; /* {name: what was asked of it}, also of those that are not there */
	struct json_object *controls; /* {id: null} of the fields that have a callback */
	struct vz_timer *search;
	struct vz_client_listener *client_listener;
	struct vz_device_listener *device_listener;
	struct json_object
		*to_show; /* {client id: null}; NULL: nobody waits to be shown anything */
	bool is_listing;  /* the list on the page is about to be made anew */
};

/* --- settings.c ----------------------------------------------------------------------------- */

/* Returns 0, -EINVAL (logged: which key, and what was expected) or -ENOMEM. */
int settings_read(struct json_object *config, struct settings *ret);
void settings_deinit(struct settings *settings);
/* Appends a camera. Borrows all; @title may be NULL. Returns 0 or -ENOMEM. */
int settings_add(struct settings *settings, const char *name, const char *title,
		 const char *source);
bool settings_has_source(const struct settings *settings, const char *source);

/* --- camera.c ------------------------------------------------------------------------------- */

/* Opens it; one that is not there waits for it. Returns 0 or a negative errno, logged. */
int camera_new(struct cameras *all, const struct camera_settings *settings, struct camera **ret);
/* Forgets it; what it registered is withdrawn by the daemon. */
struct camera *camera_free(struct camera *camera);

const char *camera_get_name(const struct camera *camera);
/* Borrowed until the camera changes. */
const char *camera_get_title(const struct camera *camera);
/* NULL while it is not there. */
struct vz_device *camera_get_device(const struct camera *camera);
/* Whether it is what a client has chosen, there or not. */
bool camera_is_choice(const struct camera *camera, const char *choice);
struct vz_feed *camera_get_feed(const struct camera *camera);
struct vz_form *camera_get_form(const struct camera *camera);

/* What a client of this camera shall see, as mods; NULL: out of memory. */
struct json_object *camera_make_view(const struct camera *camera);
/*
 * Tells its clients what is new. @client, who may be NULL, has set @id to @value just now, and is
 * not told that again unless it became something else.
 */
void camera_tell(struct camera *camera, struct vz_client *client, const char *id,
		 struct json_object *value);

/* Says all values again to all its clients, once nobody has changed one for a moment. */
void camera_settle_all(struct camera *camera);

/* --- cameras.c ------------------------------------------------------------------------------ */

/* A camera has come or gone: the list on the page is made anew, soon. */
void cameras_change_list(struct cameras *all);
/* NULL: none of ours. */
struct camera *cameras_find_by_device(const struct cameras *all, const struct vz_device *device);
struct camera *cameras_find_by_name(const struct cameras *all, const char *name);
/* Whether @client may see what cameras are set to. */
bool cameras_may_see(const struct vz_client *client);
/* Shows @client what it has chosen, soon. */
void cameras_show(struct cameras *all, struct vz_client *client);

/* --- callbacks.c ---------------------------------------------------------------------------- */

/*
 * The callbacks of the page, also for every field that a camera may have: one that comes later has
 * all pages loaded anew. Returns 0 or a negative errno, logged.
 */
int cameras_connect_all(struct cameras *all);
/* A callback for each field of @form that has none yet. */
int cameras_connect(struct cameras *all, const struct vz_form *form);
