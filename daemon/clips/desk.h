/*
 * The desk: the clip that lies on it, looked at through a view, processed on a worker, and what was
 * found in it. There is one for all browsers. What it is asked for is done in the background; it
 * tells when something has changed.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clips/result.h"
#include "clips/settings.h"
#include "clips/store.h"
#include "clips/view.h"
#include "util/cleanup.h"

struct vz_blob;
struct vz_desk;
struct vz_jobs;
struct vz_loop;

enum vz_desk_state {
	VZ_DESK_EMPTY,
	VZ_DESK_OPENING, /* the clip is read through */
	VZ_DESK_READY,
	VZ_DESK_FAILED, /* vz_desk_get_text() says why */
};

enum vz_desk_change {
	VZ_DESK_CHANGED_LIST = 1u << 0,	    /* which clips there are */
	VZ_DESK_CHANGED_CLIP = 1u << 1,	    /* what lies on it, or how far it is read */
	VZ_DESK_CHANGED_PROGRESS = 1u << 2, /* of processing; its begin and end, too */
	VZ_DESK_CHANGED_RESULT = 1u << 3,
};

struct vz_desk_options {
	struct vz_loop *loop;
	struct vz_jobs *jobs;
	const struct vz_clip_dirs *dirs; /* uploads NULL: nothing is kept */
};

/* The list is read at once. Returns 0 or -ENOMEM. */
int vz_desk_new(const struct vz_desk_options *options, struct vz_desk **ret);
/* Cancels all that runs: before the workers go. Takes NULL. */
void vz_desk_stop(struct vz_desk *desk);
/* After the workers. Takes NULL; returns NULL. */
struct vz_desk *vz_desk_free(struct vz_desk *desk);
VZ_DEFINE_CLEANUP(vz_desk_free, struct vz_desk *, vz_desk_free)

/* @fn gets enum vz_desk_change bits. */
void vz_desk_listen(struct vz_desk *desk, void (*fn)(unsigned changes, void *data), void *data);

/* --- Clips ----------------------------------------------------------------------------------- */

/* Looks anew which clips there are; when @then_open is not NULL, it is opened afterwards. */
void vz_desk_refresh(struct vz_desk *desk, const char *then_open);
/* Borrowed, until the next change. */
const struct vz_clip_list *vz_desk_get_list(const struct vz_desk *desk);
/* Puts a clip on the desk, in place of what lies there. NULL: none. Returns 0, -ENOENT (there is
 * none of that id) or -ENOMEM. */
int vz_desk_open(struct vz_desk *desk, const char *id);
/* Deletes the clip. Returns 0, -ENOENT, -EPERM (it is none that was uploaded), -EBUSY (it is just
 * processed) or -ENOMEM. */
int vz_desk_delete(struct vz_desk *desk, const char *id);

enum vz_desk_state vz_desk_get_state(const struct vz_desk *desk);
/* The id of the clip, "" when none lies there. */
const char *vz_desk_get_id(const struct vz_desk *desk);
/* What a person should know: why it failed, how far it is; "" when nothing. */
const char *vz_desk_get_text(const struct vz_desk *desk);
/* Of the clip; NULL unless it is ready. */
const struct vz_view_info *vz_desk_get_info(const struct vz_desk *desk);
/* The width of a pixel of the clip by its height; 1 unless it is ready. */
double vz_desk_get_pixel_aspect(const struct vz_desk *desk);
/* Rises with every clip that is put here. */
unsigned vz_desk_get_generation(const struct vz_desk *desk);

/* --- Processing ------------------------------------------------------------------------------ */

/* Returns 0, -ENODATA (no clip that is ready), -EBUSY (it runs already), -EAGAIN or -ENOMEM. */
int vz_desk_process(struct vz_desk *desk, const struct vz_tracking_options *options);
void vz_desk_cancel(struct vz_desk *desk);
bool vz_desk_is_processing(const struct vz_desk *desk);
/* 0..1. */
double vz_desk_get_progress(const struct vz_desk *desk);
/* What the last processing of this clip came to, for a person. */
const char *vz_desk_get_outcome(const struct vz_desk *desk);
/* Of the clip that lies here, borrowed; NULL: none. */
struct vz_clip_result *vz_desk_get_result(const struct vz_desk *desk);
/* Rises with every result. */
unsigned vz_desk_get_result_number(const struct vz_desk *desk);

/* --- Settings -------------------------------------------------------------------------------- */

/*
 * What is chosen for the clip that lies here, borrowed until the next change; NULL unless it is
 * ready, or when nothing was kept with it and none was set since.
 */
const struct vz_clip_settings *vz_desk_get_settings(const struct vz_desk *desk);
/*
 * Sets one half of it or the other. What differs is written within a second, where @is_kept or
 * where it was kept before. Does nothing while there is no clip that is ready.
 */
void vz_desk_set_tracking(struct vz_desk *desk, const struct vz_tracking_options *options,
			  bool is_kept);
void vz_desk_set_analysis(struct vz_desk *desk, const struct vz_clip_analysis *analysis,
			  bool is_kept);

/* --- Pictures -------------------------------------------------------------------------------- */

/* What can be drawn: a picture, or with is_strobe the strobe picture of the present result. */
struct vz_desk_drawing {
	bool is_strobe;
	struct vz_view_picture picture;
	struct vz_view_strobe strobe; /* its tracks are filled in */
};

struct vz_desk_drawer;
/*
 * Calls @fn once, at once or later: with a picture, borrowed, or NULL and a negative errno:
 * -ENODATA (no clip, or no result), -ESTALE (another clip came), -EAGAIN (newer ones were wanted)
 * or what the view returned. Returns 0 or -ENOMEM; *@ret is for vz_desk_undraw(), NULL when it is
 * done already.
 */
int vz_desk_draw(struct vz_desk *desk, const struct vz_desk_drawing *drawing,
		 void (*fn)(int r, struct vz_blob *jpeg, void *data), void *data,
		 struct vz_desk_drawer **ret);
/* Nobody waits any more: @fn is not called. */
void vz_desk_undraw(struct vz_desk_drawer *drawer);
