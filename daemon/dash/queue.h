/*
 * A queue keeps the calls of one callback in order. A callback has one, and, when it is serialized
 * and not shared, one more for each device that calls of it are for: two clients of one camera
 * queue behind each other, clients of two cameras do not. Those of clients that are bound to no
 * device are in the callback's own: what they work on is the appliance itself, of which there is
 * one.
 *
 * Lives as long as it has calls, the callback's own as long as that. Thread: loop.
 */
#pragma once

#include <stdbool.h>

#include "util/list.h"

struct vz_call;
struct vz_callback;
struct vz_device;

struct vz_queue {
	struct vz_list in_callback; /* callback->queues; of the own one, a list of its own */
	struct vz_device *device;   /* a reference; NULL in the own one */
	struct vz_list waiting;
	unsigned n_waiting, n_running; /* running: out on a worker */
	unsigned n_calls;	       /* all that know it, also those being delivered */
};

void vz_queue_init(struct vz_queue *queue);
/* Puts @call under the queue that it belongs to. Returns 0 or -ENOMEM. */
int vz_queue_enter(struct vz_callback *callback, struct vz_call *call);
/* The call belongs to none any more; frees the queue, if it was the last of a device. */
void vz_queue_leave(struct vz_call *call);

void vz_queue_wait(struct vz_queue *queue, struct vz_call *call);
/* Takes @call, which waits, out; it still belongs there. */
void vz_queue_take(struct vz_queue *queue, struct vz_call *call);
/* The one that has waited longest, or NULL. */
struct vz_call *vz_queue_first(const struct vz_queue *queue);
