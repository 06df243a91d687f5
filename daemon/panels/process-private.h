/*
 * The panel Process among its own files: process-values.c (what is wanted and what is shown),
 * process-panel.c (what is done) and process-render.c (its components). Thread: loop.
 */
#pragma once

#include "clips/desk.h"
#include "panels/process-panel.h"

#define PROCESS_CHOICE	  "clip-choice"
#define PROCESS_NOTE	  "clip-note"
#define PROCESS_VIEW	  "clip-view"
#define PROCESS_FRAME	  "clip-frame"
#define PROCESS_TIME	  "clip-time"
#define PROCESS_MODE	  "clip-mode"
#define PROCESS_DELETE	  "clip-delete"
#define PROCESS_THRESHOLD "process-threshold"
#define PROCESS_RANGE	  "process-range"
#define PROCESS_MIN_AREA  "process-min-area"
#define PROCESS_POINTS	  "process-points"
#define PROCESS_CLEAR	  "process-clear"
#define PROCESS_GO	  "process-go"
#define PROCESS_CANCEL	  "process-cancel"
#define PROCESS_BAR	  "process-bar"
#define PROCESS_STATE	  "process-state"

#define PROCESS_MAX_MIN_AREA_PX 100000.0

enum { PROCESS_N_CALLBACKS = 9 };

struct vz_process_panel {
	struct vz_process_panel_options options;
	struct vz_callback *callbacks[PROCESS_N_CALLBACKS];
	unsigned n_callbacks;
	bool is_connected;
	bool is_setting; /* the desk's values: nobody has chosen them */
	char upload_text[320];
	/* What the template tracker shall follow; of the clip of this generation. */
	struct vz_tracking_point points[VZ_TRACKING_MAX_POINTS];
	unsigned n_points, generation;
};

/* What the page asks for, within the limits of the clip. */
uint32_t vz_process_get_last_frame(const struct vz_process_panel *panel);
uint32_t vz_process_get_frame(const struct vz_process_panel *panel);
bool vz_process_is_moving_shown(const struct vz_process_panel *panel);
void vz_process_fill_options(const struct vz_process_panel *panel, struct vz_tracking_options *ret);
bool vz_process_can_delete(const struct vz_process_panel *panel);

/* Values of the page, as the desk and the panel have them now; NULL: out of memory. The caller
 * has the reference. */
struct json_object *vz_process_picture_address(const struct vz_process_panel *panel);
struct json_object *vz_process_time_text(const struct vz_process_panel *panel);
struct json_object *vz_process_crosses(const struct vz_process_panel *panel);
struct json_object *vz_process_points_text(const struct vz_process_panel *panel);
struct json_object *vz_process_note_text(const struct vz_process_panel *panel);
struct json_object *vz_process_state_text(const struct vz_process_panel *panel);
struct json_object *vz_process_choices(const struct vz_process_panel *panel);
struct json_object *vz_process_chosen(const struct vz_process_panel *panel);
struct json_object *vz_process_size_of_clip(const struct vz_process_panel *panel);
