/*
 * The panel Analyze among its own files: analyze-panel.c (what is shown and done) and
 * analyze-render.c (its components). Thread: loop.
 */
#pragma once

#include "clips/desk.h"
#include "panels/analyze-panel.h"

#define ANALYZE_VIEW	"analyze-view"
#define ANALYZE_TRACKS	"analyze-tracks"
#define ANALYZE_SPACING "analyze-spacing"
#define ANALYZE_RANGE	"analyze-range"
#define ANALYZE_UNIT	"analyze-unit"
#define ANALYZE_LENGTH	"analyze-length"
#define ANALYZE_RULE	"analyze-rule"
#define ANALYZE_WINDOW	"analyze-window"
#define ANALYZE_FORMULA "analyze-formula"
#define ANALYZE_SHOW	"analyze-show"
#define ANALYZE_GRAPH	"analyze-graph"
#define ANALYZE_POINT	"analyze-point"
#define ANALYZE_NOTE	"analyze-note"

#define ANALYZE_MAX_WINDOW 51u

enum { ANALYZE_N_CALLBACKS = 8 };

struct vz_analyze_panel {
	struct vz_analyze_panel_options options;
	struct vz_callback *callbacks[ANALYZE_N_CALLBACKS];
	unsigned n_callbacks;
	bool is_connected;
};

/* Units of length, by their index; NULL past the last. The first is the pixel. */
const char *vz_analyze_get_unit(unsigned index);
/* The rules of derivatives, likewise: what they are called on the page and in values. */
const char *vz_analyze_get_rule(unsigned index, const char **ret_label);
/* The time stamp of the clip's last frame; 0 when there is none. */
double vz_analyze_get_end_s(const struct vz_analyze_panel *panel);
