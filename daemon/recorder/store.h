/*
 * The folder with the recordings: each a folder of its own, named by its id, with the video and
 * the sidecar. One that is being written has a dot before its name and gets its name with one
 * rename when it is complete, so that the others are whole, always. What a power cut left half
 * is looked through at the next start: the frames that are whole become a recording, marked as
 * salvaged.
 *
 * There is a budget: the oldest that nobody has named or kept go first, then the oldest that are
 * named; those that are kept stay.
 *
 * Everything here waits for the disk. Thread: one at a time, not the loop.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "recorder/recording.h"
#include "util/cleanup.h"

struct vz_store;

struct vz_store_file {
	int fd;
	struct vz_recording recording;
	struct vz_mkv_frame *frames;
	size_t n_frames, capacity;
	uint64_t bytes;	     /* written so far */
	uint64_t n_expected; /* frames that the camera made for it; 0: as the frames' numbers say */
};

/*
 * Makes the folder if need be and looks through it. Returns 0 or a negative errno; what cannot be
 * used in the folder is logged and left alone.
 */
int vz_store_open(const char *dir, uint64_t budget_bytes, struct vz_store **ret);
struct vz_store *vz_store_close(struct vz_store *store);
VZ_DEFINE_CLEANUP(vz_store_close, struct vz_store *, vz_store_close)

/* The oldest first; borrowed until the next change. */
const struct vz_recording *vz_store_get(const struct vz_store *store, size_t index);
size_t vz_store_n_recordings(const struct vz_store *store);
uint64_t vz_store_used_bytes(const struct vz_store *store);
/* How many have been removed to make room, since it was opened. */
unsigned vz_store_n_removed(const struct vz_store *store);

/* Returns 0, -ENOENT, -EINVAL (too long, or no UTF-8 text of one line) or what the disk says. */
int vz_store_rename(struct vz_store *store, const char *id, const char *name);
int vz_store_keep(struct vz_store *store, const char *id, bool is_kept);
/* Returns 0, -ENOENT, or -EPERM: it is kept. */
int vz_store_delete(struct vz_store *store, const char *id);
/*
 * Removes one recording, the next by the rule above, when @more_bytes are beyond the budget, or,
 * with @is_full, anyway. Returns 0 (there is room), 1 (one was removed: ask again) or -ENOSPC:
 * there is none to remove.
 */
int vz_store_make_room(struct vz_store *store, uint64_t more_bytes, bool is_full);

/*
 * Begins a recording: sets id and created_s of @recording, which says the rest. Returns 0 or a
 * negative errno.
 */
int vz_store_begin(struct vz_store *store, const struct vz_recording *recording,
		   struct vz_store_file *ret);
/* Notes that the frame @frame of @picture_bytes has been written whole. Returns 0 or -ENOMEM. */
int vz_store_file_note(struct vz_store_file *file, const struct vz_mkv_frame *frame,
		       size_t picture_bytes);
/*
 * Completes it and puts it into the list; one without frames is taken away. @file is closed on
 * success. Returns 0 or a negative errno, -ENOSPC for example, after which it can be tried again.
 */
int vz_store_finish(struct vz_store *store, struct vz_store_file *file);
/* Closes it as it is, to be salvaged at the next start. */
void vz_store_file_abandon(struct vz_store_file *file);
/* Where a file of it is; to free(). NULL: out of memory. */
char *vz_store_file_path(const char *dir, const char *id, const char *file);
