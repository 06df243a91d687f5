/*
 * A view of a clip among its own files: view.c (reading, the background, single pictures) and
 * view-strobe.c. Thread: any; one at a time.
 */
#pragma once

#include "camera/clip.h"
#include "clips/canvas.h"
#include "clips/view.h"

#define VZ_VIEW_JPEG_QUALITY 85

struct vz_view {
	char *path;
	struct vz_view_info info;
	double *times_s;
	size_t n_allocated;

	struct vz_file_reader *reader;
	struct vz_pool *pool;
	/* For going to and fro; NULL: the file is read from its beginning each time. */
	struct vz_clip *clip;
	struct vz_frame *frame; /* the last that was read, number `next - 1`; or NULL */
	uint32_t next;

	struct vz_detector *detector;
	uint32_t background_first, background_last; /* of these frames */
	double threshold_percent;
	struct vz_canvas canvas;
};

/* Has the frame @number in view->frame. Returns 0 or what vz_view_draw() does. */
int vz_view_go_to(struct vz_view *view, uint32_t number);
/* Has the background with which the frames @first..@last are tracked. */
int vz_view_use_background_of(struct vz_view *view, uint32_t first, uint32_t last);
/* The objects of a picture, borrowed until the next. */
int vz_view_find_blobs(struct vz_view *view, const struct vz_picture *picture,
		       double threshold_percent, const struct vz_blobs **ret);
