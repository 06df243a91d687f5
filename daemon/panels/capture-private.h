/*
 * The inside of the Capture panel: capture-panel.c connects, capture-render.c is what stands on
 * the page, capture-values.c what the parts of it say.
 */
#pragma once

#include "panels/capture-panel.h"
#include "recorder/recorder.h"

#define VZ_CAPTURE_MAX_CALLBACKS 16
/* As many as anybody looks through. */
#define VZ_CAPTURE_MAX_LISTED 200u

struct vz_callback;
struct vz_client_listener;
struct vz_timer;

struct vz_capture_panel {
	struct vz_capture_panel_options options;
	char *prefix;
	struct vz_timer *refresh;
	struct vz_client_listener *listener;
	struct vz_callback *callbacks[VZ_CAPTURE_MAX_CALLBACKS];
	unsigned n_callbacks;
	bool connected;
	/* Where the slider was put last: that this is heard of again moves nothing. */
	double put_s;
	char shown[VZ_RECORDING_ID_MAX + 1]; /* of the recording that is shown; "": the camera */
	char note[200];			     /* what came of the last change in the list */
};

struct json_object *vz_capture_render(const struct vz_capture_panel *panel);
/* What everything shows, as mods; NULL: out of memory. */
struct json_object *vz_capture_values(const struct vz_capture_panel *panel);
/* Whether what it shows changes by itself. */
bool vz_capture_moves(const struct vz_capture_panel *panel);
/* Where the slider stands says which frame: that, or the number of frames. */
size_t vz_capture_frame_at(const struct vz_player *player, double position_s);
/* Settings of the page. Returns 0, or -EINVAL with what was expected. */
int vz_capture_parse_number(struct json_object *value, double min, double max, double *ret);
int vz_capture_parse_word(struct json_object *value, const char *const *words, int *ret);
extern const char *const vz_capture_triggers[], *const vz_capture_untils[];
