/*
 * What is chosen for a clip, and kept beside it: how it is processed, its scale, and what is shown
 * of what was found. A file that is damaged, or of a newer vizyd, is set aside; a value that is
 * wrong is taken as by default, said so, and the file with it set aside too.
 *
 * Thread: any; reading waits for the disk.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clips/motion.h"
#include "clips/tracking.h"

struct json_object;

#define VZ_ANALYSIS_MAX_SPACING 60u
#define VZ_ANALYSIS_MAX_LENGTH	1e9
#define VZ_ANALYSIS_MAX_TRACKS	64u

struct vz_clip_analysis {
	const char *unit; /* of vz_clip_unit(): it is there for ever */
	double length;	  /* of the line, in units; more than 0 */
	bool has_line;
	double line[4]; /* x1, y1, x2, y2 in pixels of the film, their centres at whole numbers */
	enum vz_derivative_rule rule;
	unsigned window;
	unsigned quantities; /* whose graphs are shown, 1 << VZ_X and so on */
	unsigned spacing;    /* frames from one picture of an object to the next; 1.. */
	double first_s,
		last_s;	 /* what is shown; -INFINITY and INFINITY: from the first, to the last */
	uint64_t hidden; /* tracks that are not, a bit for each from the first on */
};

struct vz_clip_settings {
	/* Of the clip; a file of the same name may be another one. */
	uint32_t width_px, height_px, n_frames;
	struct vz_tracking_options tracking; /* all but its progress() */
	struct vz_clip_analysis analysis;
};

/* "px", "m", …; NULL past the last. */
const char *vz_clip_unit(unsigned index);
/* The same text, of that list; NULL: there is no such unit. */
const char *vz_clip_unit_find(const char *name);

void vz_clip_analysis_init(struct vz_clip_analysis *analysis);
bool vz_clip_settings_equal(const struct vz_clip_settings *a, const struct vz_clip_settings *b);
/* A reference, or NULL when out of memory. */
struct json_object *vz_clip_settings_encode(const struct vz_clip_settings *settings);
/*
 * Reads @path, a file of the same folder as all. @ret must be as by default, and stays so in what
 * the file does not say. Returns 0, -ENOENT (there is none, or it was set aside as a whole),
 * -ESTALE (it is of another clip: set aside), -EINVAL (some values are wrong, and as by default
 * now; set aside) or another negative errno. Of the last three @ret_why tells a person why.
 */
int vz_clip_settings_load(const char *path, struct vz_clip_settings *ret, char *ret_why,
			  size_t size);
