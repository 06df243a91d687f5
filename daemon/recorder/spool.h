/*
 * The spool: writes recordings to the disk while they are still being made, on a thread of its own,
 * which also does everything else in the folder of recordings. The frames wait in the ring's
 * memory; when the disk is full they go on waiting there, until somebody makes room.
 *
 * A recording on its way is a take. Takes are written one after the other in the order in which
 * they began.
 *
 * Thread: loop, but for the functions of a take, which are for any thread, one at a time each.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder/recording.h"
#include "util/cleanup.h"
#include "vizyd/frame.h"

struct vz_loop;
struct vz_spool;
struct vz_take;

struct vz_spool_options {
	struct vz_loop *loop;
	const char *dir;       /* made if need be; its parent must be there */
	uint64_t budget_bytes; /* of all recordings together */
	int quality_percent;   /* of the pictures; 0: 95, at which no difference is seen */
	/* The list or the status is another. */
	void (*changed)(void *data);
	/* A recording is whole, on the disk and in the list. */
	void (*saved)(const struct vz_recording *recording, void *data);
	void *data;
};

struct vz_spool_status {
	bool is_open;	    /* the folder has been looked through */
	bool is_full;	    /* frames wait for room on the disk, or within the budget */
	int error;	    /* -errno: the folder cannot be used; 0 */
	unsigned n_takes;   /* not whole yet */
	size_t n_waiting;   /* frames that are not written yet */
	unsigned n_removed; /* recordings, to make room */
	unsigned n_failed;  /* takes of which a part or all is lost */
	uint64_t used_bytes, budget_bytes;
};

/* Returns 0 or a negative errno; whether the folder can be used shows in the status. */
int vz_spool_new(const struct vz_spool_options *options, struct vz_spool **ret);
/* Writes what is there to be written, for at most @patience_us; the rest is salvaged at the next
 * start. All takes must have ended. */
struct vz_spool *vz_spool_free(struct vz_spool *spool, int64_t patience_us);

struct vz_spool_status vz_spool_get_status(const struct vz_spool *spool);
/* The newest first; NULL past the last. Borrowed until the loop goes on. */
const struct vz_recording *vz_spool_get(const struct vz_spool *spool, size_t index);
const struct vz_recording *vz_spool_find(const struct vz_spool *spool, const char *id);
/* The file of a recording, to free(); NULL: no memory. */
char *vz_spool_video_path(const struct vz_spool *spool, const char *id);
/* The same of its sidecar. */
char *vz_spool_sidecar_path(const struct vz_spool *spool, const char *id);

/* What came of a change: 0, or as the functions of store.h say. On the loop; not called when the
 * spool ends before. */
typedef void vz_spool_fn(int r, void *data);
/* These return 0 or -ENOMEM. @fn may be NULL. */
int vz_spool_rename(struct vz_spool *spool, const char *id, const char *name, vz_spool_fn *fn,
		    void *data);
int vz_spool_keep(struct vz_spool *spool, const char *id, bool is_kept, vz_spool_fn *fn,
		  void *data);
int vz_spool_delete(struct vz_spool *spool, const char *id, vz_spool_fn *fn, void *data);

/*
 * Begins a take; what @recording says of frames, id and creation is not used. Returns 0, the error
 * of the status, or -ENOMEM. The take is the spool's from vz_take_end() on.
 */
int vz_spool_begin(struct vz_spool *spool, const struct vz_recording *recording,
		   struct vz_take **ret);
/* One more frame, of which it takes a reference. Returns 0 or -ENOMEM: the frame is missing then.
 */
int vz_take_add(struct vz_take *take, struct vz_frame *frame);
/*
 * That was all. @why is vz_capture_end_name(); @n_expected, how many frames the camera numbered for
 * it, of which some may not have been added: @n_lost of them, because the camera did not give them.
 */
void vz_take_end(struct vz_take *take, const char *why, uint64_t n_expected, uint64_t n_lost);
