#include "camera/encode.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "camera/camera.h"
#include "camera/jpeg.h"
#include "camera/stream.h"
#include "camera/thread.h"
#include "loop/loop.h"
#include "util/blob.h"

#define DEFAULT_QUALITY 80

/*
 * Two threads hold it: the worker's pictures are on their way to the loop when the owner frees
 * it, so each one posted holds a reference.
 */
struct vz_encoder {
	int refs; /* atomic */
	struct vz_loop *loop;
	struct vz_camera *camera;
	struct vz_stream *stream;
	void (*picture)(struct vz_blob *jpeg, void *data);
	void *data;
	unsigned n_wanted;
	struct vz_encoder_counters counters; /* the loop's copy */

	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work_cond;
	/* Guarded by lock. */
	bool has_work, quit;
	int64_t busy_since_us; /* 0: nothing to do */
	int quality;
	bool has_tone;
	uint8_t tone[256];
	struct vz_blob *done; /* the newest picture, not yet on the loop */
	struct vz_encoder_counters worker_counters;
};

/* What the worker alone touches. */
struct worker {
	struct vz_encoder *encoder;
	struct vz_jpeg *jpeg;
	uint8_t *luma; /* for the tone curve */
	size_t luma_size;
	int quality;
	bool has_tone;
	uint8_t tone[256];
};

static void unref(struct vz_encoder *encoder)
{
	if (__atomic_sub_fetch(&encoder->refs, 1, __ATOMIC_ACQ_REL))
		return;
	(void) vz_blob_unref(encoder->done);
	(void) pthread_cond_destroy(&encoder->work_cond);
	(void) pthread_mutex_destroy(&encoder->lock);
	free(encoder);
}

/* --- The worker --------------------------------------------------------------------------- */

static bool make_room(uint8_t **memory, size_t *size, size_t wanted)
{
	uint8_t *larger;

	if (*size >= wanted)
		return true;
	larger = malloc(wanted);
	if (!larger)
		return false;
	free(*memory);
	*memory = larger;
	*size = wanted;
	return true;
}

/* Returns the luma plane to encode: the frame's own, or a copy through the tone curve. */
static const uint8_t *apply_tone(struct worker *w, const struct vz_frame *frame)
{
	size_t stride = frame->stride_bytes[0];

	if (!w->has_tone)
		return frame->plane[0];
	if (!make_room(&w->luma, &w->luma_size, stride * frame->height_px))
		return NULL;
	for (uint32_t y = 0; y < frame->height_px; y++) {
		const uint8_t *from = frame->plane[0] + y * stride;
		uint8_t *to = w->luma + y * stride;

		for (uint32_t x = 0; x < frame->width_px; x++)
			to[x] = w->tone[from[x]];
	}
	return w->luma;
}

static struct vz_blob *encode(struct worker *w, const struct vz_frame *frame)
{
	const uint8_t *luma = apply_tone(w, frame);

	/* Again, if there was no memory for it the last time. */
	if (!luma || (!w->jpeg && vz_jpeg_new(&w->jpeg) < 0))
		return NULL;
	return vz_jpeg_encode_blob(w->jpeg, frame, luma, w->quality);
}

static bool wait_for_work(struct worker *w)
{
	struct vz_encoder *encoder = w->encoder;
	bool quit;

	pthread_mutex_lock(&encoder->lock);
	encoder->busy_since_us = encoder->has_work ? vz_thread_now_us() : 0;
	while (!encoder->has_work && !encoder->quit)
		pthread_cond_wait(&encoder->work_cond, &encoder->lock);
	encoder->has_work = false;
	quit = encoder->quit;
	w->quality = encoder->quality;
	w->has_tone = encoder->has_tone;
	memcpy(w->tone, encoder->tone, sizeof(w->tone));
	pthread_mutex_unlock(&encoder->lock);
	return !quit;
}

static void on_done(void *data)
{
	struct vz_encoder *encoder = data;
	struct vz_blob *blob;

	pthread_mutex_lock(&encoder->lock);
	blob = vz_steal(encoder->done);
	encoder->counters = encoder->worker_counters;
	pthread_mutex_unlock(&encoder->lock);

	/* Freed or unwanted meanwhile: nobody is there to see it. */
	if (blob && encoder->n_wanted)
		encoder->picture(blob, encoder->data);
	(void) vz_blob_unref(blob);
	unref(encoder);
}

/* Takes @blob; NULL: the frame could not be encoded. */
static void deliver(struct vz_encoder *encoder, struct vz_blob *blob)
{
	struct vz_blob *old;

	pthread_mutex_lock(&encoder->lock);
	if (blob) {
		encoder->worker_counters.encoded++;
		encoder->worker_counters.bytes += blob->size;
	} else {
		encoder->worker_counters.failed++;
	}
	old = encoder->done;
	encoder->done = blob ? blob : old;
	pthread_mutex_unlock(&encoder->lock);

	/* A picture that the loop has not fetched yet: it will find the newer one. */
	if (old) {
		if (blob)
			(void) vz_blob_unref(old);
		return;
	}
	__atomic_add_fetch(&encoder->refs, 1, __ATOMIC_RELAXED);
	if (vz_loop_post(encoder->loop, on_done, encoder) == 0)
		return;
	pthread_mutex_lock(&encoder->lock);
	old = vz_steal(encoder->done);
	encoder->worker_counters.failed++;
	pthread_mutex_unlock(&encoder->lock);
	(void) vz_blob_unref(old);
	unref(encoder);
}

static void *run(void *data)
{
	struct worker w = { .encoder = data };
	struct vz_frame *frame;

	while (wait_for_work(&w)) {
		frame = vz_stream_take_newest(w.encoder->stream);
		if (!frame)
			continue;
		deliver(w.encoder, encode(&w, frame));
		(void) vz_frame_unref(frame);
	}
	(void) vz_jpeg_free(w.jpeg);
	free(w.luma);
	return NULL;
}

/* --- The loop's side ---------------------------------------------------------------------- */

static void on_wake(void *data)
{
	struct vz_encoder *encoder = data;
	const uint8_t *tone = vz_camera_get_tone(encoder->camera);

	pthread_mutex_lock(&encoder->lock);
	encoder->has_tone = tone;
	if (tone)
		memcpy(encoder->tone, tone, sizeof(encoder->tone));
	if (!encoder->busy_since_us)
		encoder->busy_since_us = vz_thread_now_us();
	encoder->has_work = true;
	pthread_cond_signal(&encoder->work_cond);
	pthread_mutex_unlock(&encoder->lock);
}

int64_t vz_encoder_busy_us(struct vz_encoder *encoder)
{
	int64_t since_us;

	pthread_mutex_lock(&encoder->lock);
	since_us = encoder->busy_since_us;
	pthread_mutex_unlock(&encoder->lock);
	return since_us ? vz_thread_now_us() - since_us : 0;
}

int vz_encoder_new(struct vz_loop *loop, struct vz_camera *camera,
		   void (*picture)(struct vz_blob *jpeg, void *data), void *data,
		   struct vz_encoder **ret)
{
	struct vz_encoder *encoder;
	int r;

	assert(loop && camera && picture && ret);
	encoder = calloc(1, sizeof(*encoder));
	if (!encoder)
		return -ENOMEM;
	encoder->refs = 1;
	encoder->loop = loop;
	encoder->camera = camera;
	encoder->picture = picture;
	encoder->data = data;
	encoder->quality = DEFAULT_QUALITY;
	/* With default attributes these allocate nothing and cannot fail. */
	(void) pthread_mutex_init(&encoder->lock, NULL);
	(void) pthread_cond_init(&encoder->work_cond, NULL);

	r = vz_camera_add_stream(camera, on_wake, encoder, &encoder->stream);
	if (r < 0)
		goto fail;
	vz_stream_want(encoder->stream, false);
	r = vz_thread_start(&encoder->thread, "vizyd-encode", run, encoder);
	if (r < 0)
		goto fail;
	*ret = encoder;
	return 0;

fail:
	encoder->stream = vz_stream_free(encoder->stream);
	unref(encoder);
	return r;
}

struct vz_encoder *vz_encoder_free(struct vz_encoder *encoder)
{
	if (!encoder)
		return NULL;
	pthread_mutex_lock(&encoder->lock);
	encoder->quit = true;
	pthread_cond_signal(&encoder->work_cond);
	pthread_mutex_unlock(&encoder->lock);
	(void) pthread_join(encoder->thread, NULL);

	encoder->n_wanted = 0;
	encoder->stream = vz_stream_free(encoder->stream);
	unref(encoder);
	return NULL;
}

void vz_encoder_set_wanted(struct vz_encoder *encoder, unsigned n_consumers)
{
	encoder->n_wanted = n_consumers;
	vz_stream_want(encoder->stream, n_consumers > 0);
}

void vz_encoder_set_quality(struct vz_encoder *encoder, int quality_percent)
{
	pthread_mutex_lock(&encoder->lock);
	encoder->quality = quality_percent < 1 ? 1 : quality_percent > 100 ? 100 : quality_percent;
	pthread_mutex_unlock(&encoder->lock);
}

const struct vz_encoder_counters *vz_encoder_get_counters(const struct vz_encoder *encoder)
{
	return &encoder->counters;
}
