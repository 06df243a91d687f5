/*
 * The graphs of the tracks as a figure of Plotly: one below the other over a common time, a curve
 * for each quantity and track, those of a quantity side by side.
 *
 * Thread: any; pure.
 */
#pragma once

#include <json-c/json.h>

#include "clips/print.h"

struct vz_figure_options {
	struct vz_print_options print; /* what is shown, and how it is derived */
	unsigned quantities;	       /* a bit for each, 1 << VZ_X and so on */
	unsigned revision;	       /* who has zoomed stays so as long as it is the same */
};

/* The colour of the track with this index: "#1f77b4". */
const char *vz_figure_colour(size_t track);
/* How high it shall be. */
unsigned vz_figure_height_px(const struct vz_figure_options *options);
/* "m/s" of a quantity and a unit of length. */
void vz_figure_unit(enum vz_quantity quantity, const char *unit, char *ret, size_t size);
/* Both return a reference, or NULL when out of memory. */
struct json_object *vz_figure_make(const struct vz_figure_options *options,
				   const struct vz_tracks *tracks);
/* What is shown of the tracks, for a picture: [{"color", "points": [[x, y], …]}]. */
struct json_object *vz_figure_make_tracks(const struct vz_print_options *options,
					  const struct vz_tracks *tracks);
