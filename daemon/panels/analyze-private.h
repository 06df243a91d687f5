/*
 * The panel Analyze among its own files: analyze-values.c (what the page has), analyze-panel.c
 * (what is shown and done) and analyze-render.c (its components). Thread: loop.
 */
#pragma once

#include "clips/desk.h"
#include "panels/analyze-panel.h"

#define ANALYZE_VIEW	"analyze-view"
#define ANALYZE_DATA	"analyze-data"
#define ANALYZE_TRACKS	"analyze-tracks"
#define ANALYZE_ALL	"analyze-all"
#define ANALYZE_NONE	"analyze-none"
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

enum { ANALYZE_N_CALLBACKS = 9 };

struct vz_analyze_panel {
	struct vz_analyze_panel_options options;
	struct vz_callback *callbacks[ANALYZE_N_CALLBACKS];
	unsigned n_callbacks;
	bool is_connected;
	bool is_setting; /* the desk's values: nobody has chosen them */
	/* The clip whose values the page has, and the size of its pictures. */
	unsigned generation, result_number;
	uint32_t width_px, height_px;
};

struct vz_values;

/* The time stamp of the clip's last frame; 0 when there is none. */
double vz_analyze_get_end_s(const struct vz_analyze_panel *panel);
/* An array of @n numbers on the page. */
bool vz_analyze_get_array(const struct vz_analyze_panel *panel, const char *id,
			  const char *property, size_t n, double *ret);
/* What the page has now; as by default where that is nothing that can be meant. */
void vz_analyze_read(const struct vz_analyze_panel *panel, struct vz_clip_analysis *ret);
/* Sets all of it but what is of a result: the time and the tracks. */
void vz_analyze_write(const struct vz_analyze_panel *panel, const struct vz_clip_analysis *analysis,
		      struct vz_values *values);
/* Values of the page; the caller has the reference. */
struct json_object *vz_analyze_track_ids(const struct vz_clip_result *result, uint64_t hidden);
struct json_object *vz_analyze_range(const struct vz_analyze_panel *panel, double first_s,
				     double last_s);
/* What a rule is called on the page. */
const char *vz_analyze_rule_label(enum vz_derivative_rule rule);

/* Whether there is a unit other than the pixel. */
bool vz_analyze_is_calibrated(const struct vz_clip_analysis *analysis);
/* Of the line x1, y1, x2, y2, in heights of a pixel. */
double vz_analyze_find_length_px(const struct vz_analyze_panel *panel, const double *line);

/* What the page shows; the caller has the reference, NULL: out of memory. */
struct json_object *vz_analyze_strobe_address(const struct vz_analyze_panel *panel,
					      const struct vz_print_options *print,
					      unsigned spacing);
struct json_object *vz_analyze_motion_data(const struct vz_analyze_panel *panel,
					   const struct vz_motion_options *motion);
struct json_object *vz_analyze_formula_text(const struct vz_clip_analysis *now);
struct json_object *vz_analyze_line_text(const struct vz_clip_analysis *now);
struct json_object *vz_analyze_note_text(const struct vz_analyze_panel *panel);
struct json_object *vz_analyze_track_options(const struct vz_clip_result *result);
