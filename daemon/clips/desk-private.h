/*
 * The desk among its own files: desk.c (the clip), desk-list.c, desk-process.c, desk-settings.c,
 * desk-draw.c. Thread: loop, except where a worker has it.
 */
#pragma once

#include "clips/desk.h"
#include "clips/module.h"
#include "loop/loop.h"
#include "util/list.h"

struct opening;
struct processing;

/* Pictures that were drawn, for all who look at the same. */
#define VZ_DESK_N_KEPT 24u
struct vz_desk_kept {
	struct vz_desk_drawing drawing;
	unsigned result_number; /* of a strobe picture */
	struct vz_blob *jpeg;
	uint64_t used;
};

struct vz_desk {
	struct vz_desk_options options;
	void (*changed)(unsigned changes, void *data);
	void *changed_data;
	bool is_stopped;

	struct vz_clip_list list;
	bool is_listing, list_again;
	char *open_after;

	enum vz_desk_state state;
	char *id, *path;
	char text[256];
	unsigned generation;
	struct opening *opening; /* the job; its clip may be another already */
	const struct vz_clip_functions *functions;
	struct vz_view *view; /* a worker's while is_drawing */

	struct processing *processing;
	struct vz_timer *progress_timer;
	char outcome[256];
	struct vz_clip_result *result;
	unsigned result_number;

	struct vz_clip_settings settings;
	bool has_settings;	   /* of the clip, from its file or set since */
	bool is_changed, has_told; /* not with those below yet; that they cannot be written */
	struct vz_timer *settings_timer;
	struct vz_list savings; /* files to write, the first just now */

	struct vz_list drawers;
	bool is_drawing;
	struct vz_view *unwanted; /* was the view when a worker had it */
	struct vz_desk_kept kept[VZ_DESK_N_KEPT];
	uint64_t n_used;
};

void vz_desk_tell(struct vz_desk *desk, unsigned changes);
void vz_desk_set_result(struct vz_desk *desk, struct vz_clip_result *result);
/* Takes on the settings of the clip that has just come: what was kept, or how it begins. With
 * @is_changed they are to be written. */
void vz_desk_begin_settings(struct vz_desk *desk, const struct vz_clip_settings *settings,
			    bool is_kept, bool is_changed);
/* What is not written yet waits for its turn, and the clip's settings end here. */
void vz_desk_end_settings(struct vz_desk *desk);
/* Those of @id that are not written yet are not wanted any more. */
void vz_desk_forget_settings(struct vz_desk *desk, const char *id);
/* Writes what is left, here and now: when the workers have gone. */
void vz_desk_finish_settings(struct vz_desk *desk);
/* All that waits is told @r, and pictures of before are forgotten. */
void vz_desk_end_drawing(struct vz_desk *desk, int r);
void vz_desk_forget_pictures(struct vz_desk *desk);
/* Goes on with what waits. */
void vz_desk_go_on_drawing(struct vz_desk *desk);
