/*
 * The store: where clips are, and which there are. Those that people upload are in a folder of the
 * state, together with what was found in any clip; recordings and the clips of a folder that the
 * configuration names are only read.
 *
 * Thread: any, one at a time for each list; all that touches the disk may wait.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/cleanup.h"

#define VZ_CLIP_NAME_MAX 120 /* bytes */

/* Each may be NULL: there is none. */
struct vz_clip_dirs {
	const char *uploads, *recordings, *folder;
};

struct vz_clip_file {
	char *id; /* "ball.mp4", "recordings/20261124-1", "folder/ball.mp4" */
	char *path;
	uint64_t size_bytes;
	int64_t modified_ns;
	bool is_upload;
};

/* The newest first. */
struct vz_clip_list {
	struct vz_clip_file *files;
	size_t n;
	uint64_t uploads_bytes; /* all that is in that folder */
};

/* Folders that are not there have no clips. Returns 0 or -ENOMEM. */
int vz_clip_list_read(const struct vz_clip_dirs *dirs, struct vz_clip_list *ret);
void vz_clip_list_deinit(struct vz_clip_list *list);
/* NULL: there is none of that id. */
const struct vz_clip_file *vz_clip_list_find(const struct vz_clip_list *list, const char *id);

/* Makes the folder of uploads, and clears away what an earlier run began there. Returns 0 or a
 * negative errno. */
int vz_clip_store_prepare(const struct vz_clip_dirs *dirs);
/*
 * Whether a stranger's file may have this name. Returns NULL, or what is wrong with it, for a
 * person.
 */
const char *vz_clip_name_refuse(const char *name);
/* Whether a file of this name may be a clip, by its ending. */
bool vz_clip_name_is_video(const char *name);
/*
 * Where what was found in the clip @id is kept, to free; NULL when out of memory. @what is the
 * ending, "tracks" or "settings".
 */
char *vz_clip_store_result_path(const struct vz_clip_dirs *dirs, const char *id, const char *what);
/*
 * Gives the file @from the name @name, or "NAME (2)" and so on when there is one of it; *@ret_name
 * is to free. Synced. Returns 0 or a negative errno.
 */
int vz_clip_store_keep(const struct vz_clip_dirs *dirs, const char *from, const char *name,
		       char **ret_name);
/* Deletes an uploaded clip and what was found in it. Returns 0 or a negative errno. */
int vz_clip_store_delete(const struct vz_clip_dirs *dirs, const struct vz_clip_file *file);

#define VZ_CLIP_INCOMING ".incoming-"
