/*
 * The inside of a spool: spool.c is the side of the loop and of the takes, spool-thread.c writes.
 */
#pragma once

#include <pthread.h>

#include "recorder/spool.h"
#include "recorder/store.h"
#include "util/list.h"

struct vz_fd_source;
struct vz_jpeg;

struct vz_take {
	struct vz_list in_takes;
	struct vz_spool *spool;
	/* Guarded by the spool's lock. */
	struct vz_recording recording;
	struct vz_frame **frames; /* a circle */
	size_t first, n, capacity;
	bool is_ended;
	uint64_t n_expected;

	/* The thread's own. */
	struct vz_store_file file;
	bool is_begun;
	int error; /* nothing more of it can be written */
	int64_t synced_ns;
	int64_t base_ns; /* stamp of the first frame */
};

enum vz_change { VZ_RENAME, VZ_KEEP, VZ_DELETE };

struct vz_spool_change {
	struct vz_list in_changes;
	enum vz_change kind;
	char id[VZ_RECORDING_ID_MAX + 1];
	char *name;
	bool is_kept;
	vz_spool_fn *fn;
	void *data;
	int r;
};

/* Saved recordings that the loop has not been told of. */
#define VZ_SPOOL_MAX_SAVED 8u

struct vz_spool {
	struct vz_spool_options options;
	char *dir;
	int fd; /* rings the loop */
	struct vz_fd_source *watch;
	pthread_t thread;
	bool is_running;

	/* The list as the loop knows it, the newest first. */
	struct vz_recording *list;
	size_t n_list;

	pthread_mutex_t lock;
	pthread_cond_t cond;
	/* Guarded by lock. */
	bool quit;
	int64_t quit_ns; /* when patience ends */
	struct vz_list takes, changes, done;
	struct vz_spool_status status;
	struct vz_recording *next_list; /* not yet taken by the loop */
	size_t n_next_list;
	bool has_next_list;
	struct vz_recording saved[VZ_SPOOL_MAX_SAVED];
	unsigned n_saved;

	/* The thread's own. */
	struct vz_store *store;
	struct vz_jpeg *jpeg;
};

void *vz_spool_run(void *spool);
/* Frees a take that is in no list any more, and gives its frames back. */
void vz_take_free(struct vz_take *take);
