#include "dash/queue.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/call.h"
#include "dash/callback.h"
#include "dash/device.h"
#include "dash/service.h"

void vz_queue_init(struct vz_queue *queue)
{
	vz_list_init(&queue->in_callback);
	vz_list_init(&queue->waiting);
}

static bool is_own(const struct vz_callback *callback, const struct vz_device *device)
{
	return !device || vz_service_is_shared(callback->service) ||
	       !vz_service_is_serialized(callback->service);
}

static int find(struct vz_callback *callback, struct vz_device *device, struct vz_queue **ret)
{
	struct vz_queue *q;

	if (is_own(callback, device)) {
		*ret = &callback->queue;
		return 0;
	}
	vz_list_for_each(q, &callback->queues, in_callback) if (q->device == device)
	{
		*ret = q;
		return 0;
	}

	q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	vz_queue_init(q);
	q->device = vz_device_ref(device);
	vz_list_add(&callback->queues, &q->in_callback);
	*ret = q;
	return 0;
}

int vz_queue_enter(struct vz_callback *callback, struct vz_call *call)
{
	int r = find(callback, call->device, &call->queue);

	if (r >= 0)
		call->queue->n_calls++;
	return r;
}

void vz_queue_leave(struct vz_call *call)
{
	struct vz_queue *q = call->queue;

	if (!q)
		return;
	call->queue = NULL;
	if (--q->n_calls || !q->device)
		return;
	vz_list_remove(&q->in_callback);
	vz_device_unref(q->device);
	free(q);
}

void vz_queue_wait(struct vz_queue *queue, struct vz_call *call)
{
	vz_list_add(&queue->waiting, &call->in_callback);
	queue->n_waiting++;
}

void vz_queue_take(struct vz_queue *queue, struct vz_call *call)
{
	vz_list_remove(&call->in_callback);
	queue->n_waiting--;
}

struct vz_call *vz_queue_first(const struct vz_queue *queue)
{
	return vz_list_first(&queue->waiting, struct vz_call, in_callback);
}
