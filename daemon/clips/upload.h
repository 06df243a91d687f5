/*
 * Uploads: videos that come by POST. They go to the disk piece by piece, on workers, while the
 * sender waits where the disk is slower; what is not a whole video is refused with a reason, and
 * nothing of it stays.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <stdint.h>

#include "clips/store.h"
#include "util/cleanup.h"

struct vz_exchange;
struct vz_jobs;
struct vz_uploads;

struct vz_uploads_options {
	struct vz_jobs *jobs;
	const struct vz_clip_dirs *dirs;
	uint64_t max_bytes;    /* of one */
	uint64_t budget_bytes; /* of all clips that are kept */
	/* What they have now. */
	uint64_t (*get_used)(void *data);
	/* What comes just now, for a person; "" when nothing does. */
	void (*changed)(const char *text, void *data);
	/* One was kept. */
	void (*added)(const char *id, void *data);
	void *data;
};

/* Returns 0 or -ENOMEM. */
int vz_uploads_new(const struct vz_uploads_options *options, struct vz_uploads **ret);
/* No more is taken, and what comes is refused: before the workers go. Takes NULL. */
void vz_uploads_stop(struct vz_uploads *uploads);
/* When the server has gone. Takes NULL; returns NULL. */
struct vz_uploads *vz_uploads_free(struct vz_uploads *uploads);
VZ_DEFINE_CLEANUP(vz_uploads_free, struct vz_uploads *, vz_uploads_free)

/* The post() of a mount: ?name=NAME, and the file as the body. */
void vz_uploads_post(struct vz_uploads *uploads, struct vz_exchange *exchange);
