/*
 * The inside of a recorder: recorder.c is the loop's side, recorder-thread.c the thread,
 * recorder-take.c what happens to a frame, with the lock held.
 */
#pragma once

#include <pthread.h>

#include "recorder/frame-ring.h"
#include "recorder/recorder.h"
#include "recorder/stir.h"

struct vz_fd_source;
struct vz_stream;

/* Frames on their way into the ring: so many of the camera's buffers are held at most. */
#define VZ_RECORDER_MAX_QUEUED 4u

struct vz_recorder_queued {
	struct vz_frame *frame; /* a reference */
	unsigned n_missed;	/* that came just before and for which there was no place */
};

/* The newest frame that has come, be it of a recording or not. */
struct vz_recorder_seen {
	bool is_known;
	uint64_t sequence;
	int64_t stamp_ns;
};

struct vz_recorder {
	struct vz_recorder_options options;
	struct vz_spool *spool; /* NULL: nowhere to save */
	struct vz_stream *tap;
	struct vz_recorder_listener listeners[VZ_RECORDER_MAX_LISTENERS];
	unsigned n_listeners;
	int fd; /* rings the loop */
	struct vz_fd_source *watch;
	pthread_t thread;
	bool is_running;

	pthread_mutex_t lock;
	pthread_cond_t cond;
	/* Guarded by lock. */
	bool quit, is_wanted;
	struct vz_recorder_queued queue[VZ_RECORDER_MAX_QUEUED];
	unsigned n_queued;
	unsigned n_overflowed; /* frames since the last that was queued */
	unsigned n_unkept;     /* frames since the newest in the ring that came and are not in it */
	struct vz_capture capture;
	double sensitivity;
	struct vz_frame_ring *ring; /* the thread makes and frees it */
	int ring_error;
	struct vz_take *take;
	struct vz_recording next; /* what is known of the recording before its first frame */
	struct vz_recorder_seen seen;
	/* Of the recording: what has been taken, what should have been, and what of that the
	 * camera never gave. */
	uint64_t n_frames, n_expected, n_lost;
	int64_t first_stamp_ns, last_stamp_ns;
	uint32_t generation; /* of the newest frame in the ring */

	/* The thread's own. */
	struct vz_stir *stir;
	int64_t ring_failed_ns;
};

void *vz_recorder_run(void *recorder);
void vz_recorder_ring_loop(const struct vz_recorder *recorder);

/* With the lock held. */
int vz_recorder_begin(struct vz_recorder *recorder, int64_t at_ns, const char *by);
/* Gives a frame that is in the ring to the recording, if it belongs to one. @n_missed as in
 * vz_recorder_queued. */
void vz_recorder_judge(struct vz_recorder *recorder, struct vz_frame *frame, unsigned n_missed);
/* The same of a frame for which there is no place. */
void vz_recorder_miss(struct vz_recorder *recorder, const struct vz_frame *frame,
		      unsigned n_missed);
void vz_recorder_end(struct vz_recorder *recorder);
