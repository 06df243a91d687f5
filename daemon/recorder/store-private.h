/*
 * The inside of a store: store.c is the list and its changes, store-file.c how a recording is
 * written, store-salvage.c what is found at the start.
 */
#pragma once

#include "recorder/store.h"

struct vz_store {
	int fd; /* of the folder */
	uint64_t budget_bytes;
	struct vz_recording *recordings; /* by created_s */
	size_t n, capacity;
	uint64_t used_bytes;
	unsigned n_removed;
};

/* Puts a copy at its place. Returns 0 or -ENOMEM. */
int vz_store_insert(struct vz_store *store, const struct vz_recording *recording);
/* Opens a folder in the store's. Returns a descriptor or a negative errno. */
int vz_store_open_dir(const struct vz_store *store, const char *name);
/* A folder with its files, and no more than that. */
int vz_store_remove_dir(const struct vz_store *store, const char *name);
/* Replaces a file by one with the text of @buf, which is then empty, in one step. */
int vz_store_write_text(int dir_fd, const char *name, struct vz_buf *buf);
/* The sidecar in the folder; a reference. */
int vz_store_read_sidecar(int dir_fd, struct json_object **ret);
/* Writes the end of the video. */
int vz_store_write_end(int fd, const struct vz_recording *recording,
		       const struct vz_mkv_frame *frames, size_t n_frames, uint64_t *bytes);
/* What is in the folder; the list of @store is empty. */
int vz_store_scan(struct vz_store *store);
