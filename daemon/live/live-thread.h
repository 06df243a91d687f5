/*
 * The thread that tracks live: newest frame in, objects out. A frame that comes while it works on
 * one waits, and is replaced by the next. It is started when it is first wanted, and holds no
 * picture and no model while it is not.
 *
 * Thread: loop; the objects arrive on the loop. Owned by the live panel.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "motionscope/live.h"

struct vz_camera;
struct vz_live_thread;
struct vz_loop;

/* What was found in a frame, which had this size and these stamps. */
struct vz_live_frame {
	struct vz_live_result result;
	uint32_t width_px, height_px;
	int64_t timestamp_ns, source_timestamp_ns;
};

/* @found gets each new result on the loop, borrowed. Returns 0 or -ENOMEM. */
int vz_live_thread_new(struct vz_loop *loop, struct vz_camera *camera,
		       void (*found)(const struct vz_live_frame *frame, void *data), void *data,
		       struct vz_live_thread **ret);
/* Takes NULL; returns NULL. It waits for the frame in hand. */
struct vz_live_thread *vz_live_thread_free(struct vz_live_thread *live);
VZ_DEFINE_CLEANUP(vz_live_thread_free, struct vz_live_thread *, vz_live_thread_free)

/* Whether frames are taken; nothing arrives after it is not wanted any more. Returns 0 or a
 * negative errno: the thread cannot be started. */
int vz_live_thread_set_wanted(struct vz_live_thread *live, bool is_wanted);
/* See vz_live_retake(). */
void vz_live_thread_retake(struct vz_live_thread *live);
/* For how long it has been at one frame, 0 when it has none: one that does not end hangs. */
int64_t vz_live_thread_busy_us(struct vz_live_thread *live);

struct vz_live_counters {
	uint64_t tracked, failed; /* frames */
};
const struct vz_live_counters *vz_live_thread_get_counters(const struct vz_live_thread *live);
