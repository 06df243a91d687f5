/*
 * A view of a clip: any of its frames as a JPEG picture, as it is or with what moves made bright,
 * and the strobe picture of its tracks. Opening it reads the clip once, for the time stamps and the
 * background.
 *
 * Thread: any; one at a time. Drawing takes as long as decoding to the frame does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clips/tracking.h"
#include "util/cleanup.h"

struct vz_blob;
struct vz_view;

struct vz_view_info {
	uint32_t width_px, height_px, n_frames;
	double pixel_aspect; /* the width of a pixel by its height */
	double fps;	     /* on average; 0: the file does not say */
	const double *t_s;   /* of each frame, from 0 on */
};

enum vz_view_kind {
	VZ_VIEW_PLAIN,
	VZ_VIEW_MOVING, /* what is no object at a quarter */
	VZ_VIEW_BACKGROUND,
};

struct vz_view_picture {
	enum vz_view_kind kind;
	uint32_t frame;
	/* But for the plain one: 1..100, and the range that is tracked, of which the background is.
	 */
	double threshold_percent;
	uint32_t range_first, range_last; /* up to VZ_TRACKING_TO_THE_END */
};

/* The objects of every spacing-th frame of the range, counted from the first that has one, on the
 * background. */
struct vz_view_strobe {
	const struct vz_tracks *tracks;
	uint64_t shown; /* which of them, a bit for each from the first on */
	uint32_t spacing;
	double first_s, last_s;
	/* As they were tracked with. */
	double threshold_percent;
	uint32_t range_first, range_last;
};

/*
 * @progress as in struct vz_tracking_options, with pass 0. Returns 0, what progress() returned, or
 * what vz_file_reader_open() does; -ENODATA: not one picture.
 */
int vz_view_open(const char *path,
		 int (*progress)(unsigned pass, uint32_t frame, uint32_t n_frames, void *data),
		 void *data, struct vz_view **ret);
/* Takes NULL; returns NULL. */
struct vz_view *vz_view_close(struct vz_view *view);
VZ_DEFINE_CLEANUP(vz_view_close, struct vz_view *, vz_view_close)
/* Borrowed. */
const struct vz_view_info *vz_view_get_info(const struct vz_view *view);

/* Both return 0, -ERANGE (no such frame), -EINVAL, -EBADMSG, -EIO or -ENOMEM. */
int vz_view_draw(struct vz_view *view, const struct vz_view_picture *picture, struct vz_blob **ret);
int vz_view_draw_strobe(struct vz_view *view, const struct vz_view_strobe *strobe,
			struct vz_blob **ret);
