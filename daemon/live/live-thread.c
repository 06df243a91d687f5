#include "live/live-thread.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "camera/stream.h"
#include "camera/thread.h"
#include "loop/loop.h"
#include "motionscope/frame-picture.h"

/* Two threads hold it: a result that is on its way to the loop holds a reference. */
struct vz_live_thread {
	int refs; /* atomic */
	struct vz_loop *loop;
	struct vz_stream *stream;
	void (*found)(const struct vz_live_frame *frame, void *data);
	void *data;
	bool is_wanted, has_thread;
	struct vz_live_counters counters; /* the loop's copy */
	struct vz_live_frame shown;	  /* the loop's, while it is told */

	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work_cond;
	/* Guarded by lock. */
	bool has_work, quit, is_off, is_stale;
	int64_t busy_since_us;	   /* 0: nothing to do */
	struct vz_live_frame done; /* the newest, not yet on the loop if is_posted */
	bool is_posted;
	struct vz_live_counters worker_counters;
};

/* What the thread alone touches. */
struct worker {
	struct vz_live_thread *owner;
	struct vz_live *live;
	struct vz_live_frame frame;
};

static void unref(struct vz_live_thread *live)
{
	if (__atomic_sub_fetch(&live->refs, 1, __ATOMIC_ACQ_REL))
		return;
	(void) pthread_cond_destroy(&live->work_cond);
	(void) pthread_mutex_destroy(&live->lock);
	free(live);
}

/* --- The thread ------------------------------------------------------------------------------ */

static bool wait_for_work(struct worker *w, bool *ret_is_off, bool *ret_is_stale)
{
	struct vz_live_thread *live = w->owner;
	bool quit;

	pthread_mutex_lock(&live->lock);
	live->busy_since_us = live->has_work ? vz_thread_now_us() : 0;
	while (!live->has_work && !live->quit)
		pthread_cond_wait(&live->work_cond, &live->lock);
	live->has_work = false;
	quit = live->quit;
	*ret_is_off = live->is_off;
	*ret_is_stale = live->is_stale;
	live->is_stale = false;
	pthread_mutex_unlock(&live->lock);
	return !quit;
}

static void on_found(void *data)
{
	struct vz_live_thread *live = data;

	pthread_mutex_lock(&live->lock);
	live->is_posted = false;
	live->shown = live->done;
	live->counters = live->worker_counters;
	pthread_mutex_unlock(&live->lock);
	/* Freed or unwanted meanwhile: nobody is there to see it. */
	if (live->is_wanted)
		live->found(&live->shown, live->data);
	unref(live);
}

/* A result that the loop has not fetched yet is replaced. */
static void deliver(struct worker *w, int result)
{
	struct vz_live_thread *live = w->owner;
	bool is_posted;

	pthread_mutex_lock(&live->lock);
	if (result == 0)
		live->worker_counters.tracked++;
	else
		live->worker_counters.failed++;
	live->done = w->frame;
	is_posted = live->is_posted;
	live->is_posted = true;
	pthread_mutex_unlock(&live->lock);
	if (is_posted)
		return;
	__atomic_add_fetch(&live->refs, 1, __ATOMIC_RELAXED);
	if (vz_loop_post(live->loop, on_found, live) == 0)
		return;
	pthread_mutex_lock(&live->lock);
	live->is_posted = false;
	pthread_mutex_unlock(&live->lock);
	unref(live);
}

/* A frame of another size is another camera's, or another mode's. */
static int make_model(struct worker *w, const struct vz_frame *frame)
{
	if (w->live && w->frame.width_px == frame->width_px &&
	    w->frame.height_px == frame->height_px)
		return 0;
	w->live = vz_live_free(w->live);
	w->frame.width_px = frame->width_px;
	w->frame.height_px = frame->height_px;
	return vz_live_new(frame->width_px, frame->height_px, &w->live);
}

static int track(struct worker *w, const struct vz_frame *frame)
{
	const struct vz_picture picture = vz_picture_of_frame(frame);
	int r;

	w->frame.result.n = 0;
	w->frame.result.is_learning = true;
	w->frame.timestamp_ns = frame->timestamp_ns;
	w->frame.source_timestamp_ns = frame->source_timestamp_ns;
	r = make_model(w, frame);
	return r < 0 ? r
		     : vz_live_step(w->live, &picture, (double) frame->timestamp_ns / 1e9,
				    &w->frame.result);
}

static void *run(void *data)
{
	struct worker w = { .owner = data };
	bool is_off, is_stale;

	while (wait_for_work(&w, &is_off, &is_stale)) {
		struct vz_frame *frame = vz_stream_take_newest(w.owner->stream);

		if (is_off)
			w.live = vz_live_free(w.live);
		else if (is_stale && w.live)
			vz_live_retake(w.live);
		if (frame && !is_off)
			deliver(&w, track(&w, frame));
		(void) vz_frame_unref(frame);
	}
	(void) vz_live_free(w.live);
	return NULL;
}

/* --- The loop's side ------------------------------------------------------------------------- */

static void signal_work(struct vz_live_thread *live)
{
	pthread_mutex_lock(&live->lock);
	live->has_work = true;
	if (!live->busy_since_us)
		live->busy_since_us = vz_thread_now_us();
	live->is_off = !live->is_wanted;
	pthread_cond_signal(&live->work_cond);
	pthread_mutex_unlock(&live->lock);
}

static void on_wake(void *data)
{
	signal_work(data);
}

int vz_live_thread_new(struct vz_loop *loop, struct vz_camera *camera,
		       void (*found)(const struct vz_live_frame *frame, void *data), void *data,
		       struct vz_live_thread **ret)
{
	struct vz_live_thread *live;
	int r;

	assert(loop && camera && found && ret);
	live = calloc(1, sizeof(*live));
	if (!live)
		return -ENOMEM;
	live->refs = 1;
	live->loop = loop;
	live->found = found;
	live->data = data;
	/* With default attributes these allocate nothing and cannot fail. */
	(void) pthread_mutex_init(&live->lock, NULL);
	(void) pthread_cond_init(&live->work_cond, NULL);
	r = vz_camera_add_stream(camera, on_wake, live, &live->stream);
	if (r < 0) {
		unref(live);
		return r;
	}
	vz_stream_want(live->stream, false);
	*ret = live;
	return 0;
}

struct vz_live_thread *vz_live_thread_free(struct vz_live_thread *live)
{
	if (!live)
		return NULL;
	live->is_wanted = false;
	if (live->has_thread) {
		pthread_mutex_lock(&live->lock);
		live->quit = true;
		pthread_cond_signal(&live->work_cond);
		pthread_mutex_unlock(&live->lock);
		(void) pthread_join(live->thread, NULL);
	}
	live->stream = vz_stream_free(live->stream);
	unref(live);
	return NULL;
}

int vz_live_thread_set_wanted(struct vz_live_thread *live, bool is_wanted)
{
	int r;

	if (live->is_wanted == is_wanted)
		return 0;
	if (is_wanted && !live->has_thread) {
		r = vz_thread_start(&live->thread, "vizyd-live", run, live);
		if (r < 0)
			return r;
		live->has_thread = true;
	}
	live->is_wanted = is_wanted;
	vz_stream_want(live->stream, is_wanted);
	/* Its memory goes. */
	if (!is_wanted)
		signal_work(live);
	return 0;
}

void vz_live_thread_retake(struct vz_live_thread *live)
{
	pthread_mutex_lock(&live->lock);
	live->is_stale = true;
	pthread_mutex_unlock(&live->lock);
}

int64_t vz_live_thread_busy_us(struct vz_live_thread *live)
{
	int64_t since_us;

	pthread_mutex_lock(&live->lock);
	since_us = live->busy_since_us;
	pthread_mutex_unlock(&live->lock);
	return since_us ? vz_thread_now_us() - since_us : 0;
}

const struct vz_live_counters *vz_live_thread_get_counters(const struct vz_live_thread *live)
{
	return &live->counters;
}
