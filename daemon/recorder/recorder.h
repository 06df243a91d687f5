/*
 * The recorder: keeps the last seconds of the camera, and when something triggers, hands the frames
 * of the time asked for to the spool. Which frames those are is decided by their stamps and the
 * trigger's (capture.h), so that a trigger may lie in the past.
 *
 * Its thread copies each frame once, out of the camera's buffer into the ring, and looks whether
 * anything moves. The camera runs for it only while frames may be needed.
 *
 * Thread: loop; listeners are told on the loop. Owned by the daemon.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder/capture.h"
#include "recorder/spool.h"
#include "util/cleanup.h"

struct vz_camera;
struct vz_loop;
struct vz_recorder;

struct vz_recorder_options {
	struct vz_loop *loop;
	struct vz_camera *camera; /* outlives the recorder */
	const char *dir;	  /* of the recordings; NULL: there is none, nothing is recorded */
	size_t memory_bytes;	  /* of the ring, taken only while it is needed */
	uint64_t disk_bytes;	  /* of all recordings together */
};

struct vz_recorder_settings {
	struct vz_capture_settings capture;
	double sensitivity; /* to motion, 1..100 */
};

struct vz_recorder_status {
	enum vz_capture_state state;
	/* What the ring holds of the camera's present format when it is full, and has now; in
	 * seconds. */
	double memory_s, buffered_s;
	/* Of the recording that is being made, or of the last: what has been taken so far, and
	 * frames that the camera numbered meanwhile and that are missing, n_lost of them because
	 * the camera did not give them. */
	double recorded_s;
	uint64_t n_frames, n_dropped, n_lost;
	int ring_error; /* -errno: there is no memory for the ring, or too little budget; 0 */
	struct vz_spool_status spool;
};

struct vz_recorder_listener {
	/* State, status, settings or list of recordings are others; as often as a few times for
	 * each recording, not for each frame. May be NULL. */
	void (*changed)(struct vz_recorder *recorder, void *data);
	/* A recording is on the disk and in the list. May be NULL. */
	void (*saved)(struct vz_recorder *recorder, const struct vz_recording *recording,
		      void *data);
	void *data;
};

#define VZ_RECORDER_MAX_LISTENERS 8

/* Returns 0 or a negative errno. */
int vz_recorder_new(const struct vz_recorder_options *options, struct vz_recorder **ret);
/* A recording that is being made ends here, and is saved as far as that can be done in some
 * seconds. */
struct vz_recorder *vz_recorder_free(struct vz_recorder *recorder);
VZ_DEFINE_CLEANUP(vz_recorder_free, struct vz_recorder *, vz_recorder_free)

/* At most VZ_RECORDER_MAX_LISTENERS; copied. */
void vz_recorder_add_listener(struct vz_recorder *recorder,
			      const struct vz_recorder_listener *listener);

struct vz_recorder_settings vz_recorder_get_settings(const struct vz_recorder *recorder);
/* Values out of range become the nearest in it. */
void vz_recorder_set_settings(struct vz_recorder *recorder,
			      const struct vz_recorder_settings *settings);

/*
 * The button "Record", pressed at @at_ns: a trigger, or where motion is one, arms. @by says who,
 * for people: "page", "line NAME". Returns 0, -EBUSY (a recording is being made, or waited for)
 * or the spool's error (nothing can be recorded).
 */
int vz_recorder_record(struct vz_recorder *recorder, int64_t at_ns, const char *by);
/* A trigger, whatever the settings say of triggers. Returns as vz_recorder_record(). */
int vz_recorder_trigger(struct vz_recorder *recorder, int64_t at_ns, const char *by);
/* Ends a recording with the last frame before @at_ns, gives up one that waits, or disarms. */
void vz_recorder_stop(struct vz_recorder *recorder, int64_t at_ns);

struct vz_recorder_status vz_recorder_get_status(const struct vz_recorder *recorder);
/* NULL without a folder. */
struct vz_spool *vz_recorder_get_spool(const struct vz_recorder *recorder);
/* Now, on the clock of the triggers. */
int64_t vz_recorder_now_ns(void);
