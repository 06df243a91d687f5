#include "clips/figure.h"

#include <math.h>
#include <stdio.h>

#include "vizyd/component.h"

#define ROW_PX	    170
#define MARGIN_PX   56
#define GAP	    0.05 /* between two graphs, as a part of the height */
#define MAX_MARKERS 400u /* points of a track; more are a line alone */
#define WEAK	    "#808b9a"
#define GRID	    "rgba(128,139,154,0.22)"
#define NO_COLOUR   "rgba(0,0,0,0)"

static const char *const colours[] = { "#3b82f6", "#f97316", "#22a06b", "#e0475b", "#9b6ef3",
				       "#a87050", "#e377c2", "#7f8c8d", "#b5a91f", "#17a2b8" };

const char *vz_figure_colour(size_t track)
{
	return colours[track % VZ_N_ELEMENTS(colours)];
}

unsigned vz_figure_height_px(const struct vz_figure_options *options)
{
	unsigned n_rows = (unsigned) __builtin_popcount(options->quantities);

	return (n_rows ? n_rows : 1) * ROW_PX + MARGIN_PX;
}

void vz_figure_unit(enum vz_quantity quantity, const char *unit, char *ret, size_t size)
{
	static const char *const per[VZ_N_QUANTITIES] = {
		[VZ_X] = "",	 [VZ_Y] = "",	  [VZ_VX] = "/s",    [VZ_VY] = "/s",
		[VZ_AX] = "/s²", [VZ_AY] = "/s²", [VZ_SPEED] = "/s",
	};

	(void) snprintf(ret, size, "%s%s", unit, per[quantity]);
}

/* --- Curves ---------------------------------------------------------------------------------- */

static bool shows(const struct vz_print_options *print, double t_s)
{
	return t_s >= print->first_s && t_s <= print->last_s;
}

static struct json_object *make_values(const struct vz_print_options *print,
				       const struct vz_motion *motion, const double *values)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < motion->n; i++)
		if (shows(print, motion->t_s[i]))
			vz_array_add(&array, isfinite(values[i]) ? json_object_new_double(values[i])
								 : VZ_NULL);
	return array;
}

static struct json_object *make_curve(const struct vz_figure_options *options,
				      const struct vz_track *track, const struct vz_motion *motion,
				      enum vz_quantity quantity, unsigned row)
{
	const struct vz_print_options *print = &options->print;
	const char *colour = vz_figure_colour(track->id - 1);
	char unit[32], axis[8] = "y";

	if (row)
		(void) snprintf(axis, sizeof(axis), "y%u", row + 1);
	vz_figure_unit(quantity, print->motion.calibration.unit, unit, sizeof(unit));
	return vz_object({ "type", vz_text("scatter") },
			 { "mode", vz_text(motion->n > MAX_MARKERS ? "lines" : "lines+markers") },
			 { "name", vz_textf("%u", track->id) }, { "showlegend", vz_bool(false) },
			 { "xaxis", vz_text("x") }, { "yaxis", vz_text(axis) },
			 { "x", make_values(print, motion, motion->t_s) },
			 { "y", make_values(print, motion, motion->values[quantity]) },
			 { "line",
			   vz_object({ "color", vz_text(colour) }, { "width", vz_number(1.5) }) },
			 { "marker",
			   vz_object({ "color", vz_text(colour) }, { "size", vz_number(5) }) },
			 { "hovertemplate",
			   vz_textf("%%{x:.3f} s, %%{y:.5~g} %s<extra></extra>", unit) });
}

static struct json_object *make_curves(const struct vz_figure_options *options,
				       const struct vz_tracks *tracks,
				       const struct vz_motion *motions)
{
	struct json_object *curves = vz_array();
	unsigned row = 0;

	for (unsigned q = 0; q < VZ_N_QUANTITIES; q++) {
		if (!(options->quantities >> q & 1))
			continue;
		for (size_t i = 0; i < tracks->n_tracks; i++)
			if (vz_print_shows(&options->print, i))
				vz_array_add(&curves, make_curve(options, &tracks->tracks[i],
								 &motions[i], q, row));
		row++;
	}
	return curves;
}

/* --- Axes ------------------------------------------------------------------------------------ */

static struct json_object *make_title(const char *name, const char *unit)
{
	return vz_object({ "text", vz_textf("%s / %s", name, unit) }, { "standoff", vz_number(8) });
}

static void add_axes(struct json_object **layout, const struct vz_figure_options *options)
{
	const char *unit = options->print.motion.calibration.unit;
	unsigned n_rows = (unsigned) __builtin_popcount(options->quantities), row = 0;
	double height = n_rows ? (1 - GAP * (n_rows - 1)) / n_rows : 1;
	char name[16], text[32];

	for (unsigned q = 0; q < VZ_N_QUANTITIES; q++) {
		double top = 1 - row * (height + GAP);

		if (!(options->quantities >> q & 1))
			continue;
		(void) snprintf(name, sizeof(name), row ? "yaxis%u" : "yaxis", row + 1);
		vz_figure_unit(q, unit, text, sizeof(text));
		vz_object_add(layout, name,
			      vz_object({ "domain", vz_array(vz_number(fmax(0, top - height)),
							     vz_number(top)) },
					{ "title", make_title(vz_quantity_name(q), text) },
					{ "gridcolor", vz_text(GRID) },
					{ "zerolinecolor", vz_text(WEAK) },
					{ "automargin", vz_bool(true) }));
		row++;
	}
	(void) snprintf(name, sizeof(name), n_rows > 1 ? "y%u" : "y", n_rows);
	vz_object_add(layout, "xaxis",
		      vz_object({ "title", make_title("t", "s") }, { "anchor", vz_text(name) },
				{ "gridcolor", vz_text(GRID) }, { "zeroline", vz_bool(false) }));
}

static struct json_object *make_layout(const struct vz_figure_options *options)
{
	struct json_object *layout =
		vz_object({ "margin", vz_object({ "l", vz_number(64) }, { "r", vz_number(12) },
						{ "t", vz_number(12) }, { "b", vz_number(44) }) },
			  { "paper_bgcolor", vz_text(NO_COLOUR) },
			  { "plot_bgcolor", vz_text(NO_COLOUR) },
			  { "font",
			    vz_object({ "color", vz_text(WEAK) }, { "size", vz_number(12) }) },
			  { "hovermode", vz_text("closest") }, { "dragmode", vz_text("zoom") },
			  { "uirevision", vz_number(options->revision) });

	add_axes(&layout, options);
	return layout;
}

/* --- The whole ------------------------------------------------------------------------------- */

struct json_object *vz_figure_make(const struct vz_figure_options *options,
				   const struct vz_tracks *tracks)
{
	struct vz_motion *motions = calloc(tracks->n_tracks + 1, sizeof(*motions));
	struct json_object *figure = NULL;
	int r = motions ? 0 : -1;

	for (size_t i = 0; r == 0 && i < tracks->n_tracks; i++)
		if (vz_print_shows(&options->print, i))
			r = vz_motion_find(&tracks->tracks[i], &options->print.motion, &motions[i]);
	if (r == 0)
		figure = vz_object({ "data", make_curves(options, tracks, motions) },
				   { "layout", make_layout(options) });
	for (size_t i = 0; motions && i < tracks->n_tracks; i++)
		vz_motion_deinit(&motions[i]);
	free(motions);
	return figure;
}

static struct json_object *make_points(const struct vz_print_options *options,
				       const struct vz_track *track)
{
	struct json_object *points = json_object_new_array();

	for (size_t i = 0; points && i < track->n; i++)
		if (shows(options, track->points[i].t_s))
			vz_array_add(&points,
				     vz_array(json_object_new_double(track->points[i].x_px),
					      json_object_new_double(track->points[i].y_px)));
	return points;
}

struct json_object *vz_figure_make_tracks(const struct vz_print_options *options,
					  const struct vz_tracks *tracks)
{
	struct json_object *all = vz_array();

	for (size_t i = 0; i < tracks->n_tracks; i++)
		if (vz_print_shows(options, i))
			vz_array_add(&all, vz_object({ "color", vz_text(vz_figure_colour(i)) },
						     { "points",
						       make_points(options, &tracks->tracks[i]) }));
	return all;
}
