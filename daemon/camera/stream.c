#include "camera/stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "camera/camera-private.h"

struct vz_stream {
	struct vz_camera *camera;
	struct vz_list in_streams;
	void (*wake)(void *data);
	void (*frame)(struct vz_frame *frame, void *data); /* of a tap, which has no slot */
	void *data;
	bool wants;
	struct vz_frame *slot; /* atomic: the loop and the consumer exchange it */
};

static struct vz_frame *exchange(struct vz_stream *stream, struct vz_frame *frame)
{
	return __atomic_exchange_n(&stream->slot, frame, __ATOMIC_ACQ_REL);
}

static int add(struct vz_camera *camera, void *data, struct vz_stream **ret)
{
	struct vz_stream *stream;

	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return -ENOMEM;
	stream->camera = camera;
	stream->data = data;
	vz_list_add(&camera->streams, &stream->in_streams);
	*ret = stream;
	return 0;
}

int vz_camera_add_stream(struct vz_camera *camera, void (*wake)(void *data), void *data,
			 struct vz_stream **ret)
{
	int r;

	assert(camera && wake && ret);
	r = add(camera, data, ret);
	if (r < 0)
		return r;
	(*ret)->wake = wake;
	vz_stream_want(*ret, true);
	return 0;
}

int vz_camera_add_tap(struct vz_camera *camera, void (*frame)(struct vz_frame *frame, void *data),
		      void *data, struct vz_stream **ret)
{
	int r;

	assert(camera && frame && ret);
	r = add(camera, data, ret);
	if (r == 0)
		(*ret)->frame = frame;
	return r;
}

struct vz_stream *vz_stream_free(struct vz_stream *stream)
{
	if (!stream)
		return NULL;
	vz_stream_want(stream, false);
	vz_list_remove(&stream->in_streams);
	free(stream);
	return NULL;
}

void vz_stream_want(struct vz_stream *stream, bool want)
{
	if (stream->wants == want)
		return;
	stream->wants = want;
	if (want)
		stream->camera->n_wanting++;
	else
		stream->camera->n_wanting--;
	if (!want)
		(void) vz_frame_unref(exchange(stream, NULL));
	vz_camera_update_wanted(stream->camera);
}

struct vz_frame *vz_stream_take_newest(struct vz_stream *stream)
{
	return exchange(stream, NULL);
}

void vz_camera_distribute(struct vz_camera *camera, struct vz_frame *frame)
{
	struct vz_stream *stream, *tmp;

	/* A consumer may remove itself in its wake(). */
	vz_list_for_each_safe(stream, tmp, &camera->streams, in_streams)
	{
		struct vz_frame *old;

		if (!stream->wants)
			continue;
		if (stream->frame) {
			stream->frame(frame, stream->data);
			continue;
		}
		old = exchange(stream, vz_frame_ref(frame));
		if (old) {
			(void) vz_frame_unref(old);
			camera->counters.dropped++;
		} else {
			stream->wake(stream->data);
		}
	}
}
