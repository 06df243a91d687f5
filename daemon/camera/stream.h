/*
 * A stream is one consumer's place at the camera: a slot in which the newest frame waits. A frame
 * that is not taken before the next comes is given back and counted as dropped. The camera runs
 * while at least one stream wants frames.
 *
 * Thread: add, remove and want on the loop; take on the consumer's thread.
 */
#pragma once

#include <stdbool.h>

#include "vizyd/frame.h"

struct vz_camera;
struct vz_stream;

/*
 * @wake is called on the loop when a frame is put into an empty slot; it should only signal the
 * consumer. The stream wants frames from the start. Returns 0 or -ENOMEM.
 */
int vz_camera_add_stream(struct vz_camera *camera, void (*wake)(void *data), void *data,
			 struct vz_stream **ret);
/*
 * A stream without a slot: @frame gets every frame, borrowed, on the loop. It must not wait, and
 * must not hold more than a few for longer than it takes to copy them, as the source has no more.
 * It wants none at first. Returns 0 or -ENOMEM.
 */
int vz_camera_add_tap(struct vz_camera *camera, void (*frame)(struct vz_frame *frame, void *data),
		      void *data, struct vz_stream **ret);
/* Takes NULL; returns NULL. A waiting frame is given back. */
struct vz_stream *vz_stream_free(struct vz_stream *stream);
/* Whether frames are put into the slot; the camera may stop when no stream wants any. */
void vz_stream_want(struct vz_stream *stream, bool want);
/* The newest frame with its reference, or NULL. Thread: the consumer's. */
struct vz_frame *vz_stream_take_newest(struct vz_stream *stream);
