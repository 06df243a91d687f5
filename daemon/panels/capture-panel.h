/*
 * The Capture panel: Record and Stop, what is recorded and when, the list of recordings, and the
 * clip that is shown; all shared: who scrubs, scrubs for everybody. The recorder and the player are
 * the truth, the page is brought to what they have.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_capture_panel;
struct vz_loop;
struct vz_player;
struct vz_recorder;
struct vz_recorder_settings;

struct vz_capture_panel_options {
	struct vz_loop *loop;
	struct vz_app *app;
	struct vz_recorder *recorder;
	struct vz_player *player;
	const char *prefix;	 /* of the page's addresses, "/" or "/cam/"; copied */
	const char *live, *clip; /* the videos: of the camera, and of the player; static */
	/* Somebody has changed the settings; may be NULL. */
	void (*settings_changed)(const struct vz_recorder_settings *settings, void *data);
	void *data;
};

/* Listens to the recorder, which must outlive it. Returns 0 or a negative errno. */
int vz_capture_panel_new(const struct vz_capture_panel_options *options,
			 struct vz_capture_panel **ret);
struct vz_capture_panel *vz_capture_panel_free(struct vz_capture_panel *panel);
VZ_DEFINE_CLEANUP(vz_capture_panel_free, struct vz_capture_panel *, vz_capture_panel_free)

/* The component to put on the page, or NULL when out of memory. The callbacks of before are
 * withdrawn. */
struct json_object *vz_capture_panel_render(struct vz_capture_panel *panel);
/* Registers the callbacks, once it is in the layout. Returns 0 or a negative errno. */
int vz_capture_panel_connect(struct vz_capture_panel *panel);
/* The page may show something else now; for the player's changes. */
void vz_capture_panel_update_soon(struct vz_capture_panel *panel);
/* Plays, or pauses what plays; for a button that is none of the page's. */
void vz_capture_panel_play(struct vz_capture_panel *panel);
/* The id of the recording that everybody sees; "": none. Borrowed. */
const char *vz_capture_panel_get_shown(const struct vz_capture_panel *panel);
