#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "camera/pacer.h"
#include "recorder/recorder-private.h"

/* While frames are waited for: how often it is looked whether they are still to come. */
#define TICK_NS INT64_C(100000000)
/* How soon memory is asked for again. */
#define RETRY_NS INT64_C(1000000000)

void vz_recorder_ring_loop(const struct vz_recorder *recorder)
{
	const uint64_t one = 1;
	ssize_t n;

	/* It fails only when it is full of rings already. */
	n = write(recorder->fd, &one, sizeof(one));
	(void) n;
}

/* --- The ring ------------------------------------------------------------------------------- */

/* Puts @ring (taken; NULL: none) in the place of the one before. */
static void change_ring(struct vz_recorder *recorder, struct vz_frame_ring *ring, int error)
{
	struct vz_frame_ring *old;

	vz_stir_reset(recorder->stir);
	(void) pthread_mutex_lock(&recorder->lock);
	old = recorder->ring;
	recorder->ring = ring;
	recorder->ring_error = error;
	recorder->seen.is_known = false;
	recorder->n_unkept = 0;
	if (vz_capture_lose(&recorder->capture))
		vz_recorder_end(recorder);
	(void) pthread_mutex_unlock(&recorder->lock);
	(void) vz_frame_ring_free(old);
	vz_recorder_ring_loop(recorder);
}

/* A ring for frames like @frame. Only this thread changes it, and need not lock to look at it. */
static int prepare_ring(struct vz_recorder *recorder, const struct vz_frame *frame)
{
	struct vz_frame_ring *ring = NULL;
	int r;

	if (recorder->ring && vz_frame_ring_fits(recorder->ring, frame))
		return 0;
	if (recorder->ring_error && vz_pacer_now_ns() - recorder->ring_failed_ns < RETRY_NS)
		return recorder->ring_error;
	/* The old memory first: both at once may be more than there is. */
	if (recorder->ring)
		change_ring(recorder, NULL, 0);
	r = vz_frame_ring_new(frame->width_px, frame->height_px, recorder->options.memory_bytes,
			      &ring);
	recorder->ring_failed_ns = vz_pacer_now_ns();
	change_ring(recorder, ring, r);
	return r;
}

/* Copies @frame. NULL: there is no place for it. Returns borrowed what is in the ring then. */
static struct vz_frame *keep(struct vz_recorder *recorder, const struct vz_recorder_queued *queued)
{
	const struct vz_frame *frame = queued->frame;
	struct vz_frame *kept;

	(void) pthread_mutex_lock(&recorder->lock);
	if (frame->generation != recorder->generation) {
		/* The camera has been started anew, and counts from the beginning. */
		vz_frame_ring_clear(recorder->ring);
		if (vz_capture_lose(&recorder->capture))
			vz_recorder_end(recorder);
		recorder->generation = frame->generation;
		recorder->seen.is_known = false;
		recorder->n_unkept = 0;
	}
	recorder->n_unkept += queued->n_missed;
	kept = vz_frame_ring_reserve(recorder->ring);
	if (!kept) {
		vz_recorder_miss(recorder, frame, queued->n_missed);
		recorder->n_unkept++;
	}
	(void) pthread_mutex_unlock(&recorder->lock);
	if (!kept)
		return NULL;
	vz_frame_ring_fill(kept, frame);
	(void) pthread_mutex_lock(&recorder->lock);
	vz_frame_ring_add(recorder->ring, kept, recorder->n_unkept);
	recorder->n_unkept = 0;
	vz_recorder_judge(recorder, kept, queued->n_missed);
	(void) pthread_mutex_unlock(&recorder->lock);
	return kept;
}

/* --- Motion --------------------------------------------------------------------------------- */

static bool looks_for_motion(struct vz_recorder *recorder, double *ret_sensitivity)
{
	const struct vz_capture_settings *settings = &recorder->capture.settings;
	bool looks;

	(void) pthread_mutex_lock(&recorder->lock);
	looks = settings->trigger != VZ_TRIGGER_BUTTON || settings->until == VZ_UNTIL_STILL;
	*ret_sensitivity = recorder->sensitivity;
	(void) pthread_mutex_unlock(&recorder->lock);
	return looks;
}

/* While the last one is being saved nothing new begins by itself. */
static bool is_saving(const struct vz_recorder *recorder)
{
	return recorder->spool && vz_spool_get_status(recorder->spool).n_takes > 0;
}

static void look_for_motion(struct vz_recorder *recorder, struct vz_frame *frame)
{
	int64_t stamp_ns = frame->timestamp_ns;
	double sensitivity;
	int r;

	if (!looks_for_motion(recorder, &sensitivity)) {
		vz_stir_reset(recorder->stir);
		return;
	}
	vz_stir_set_sensitivity(recorder->stir, sensitivity);
	r = vz_stir_add(recorder->stir, frame);
	if (r < 0)
		return;
	(void) pthread_mutex_lock(&recorder->lock);
	if (recorder->capture.state == VZ_CAPTURE_ARMED &&
	    (!recorder->spool || is_saving(recorder)))
		r = 0;
	if (vz_capture_motion(&recorder->capture, stamp_ns, r > 0))
		(void) vz_recorder_begin(recorder, stamp_ns, "motion");
	(void) pthread_mutex_unlock(&recorder->lock);
}

/* --- The thread ----------------------------------------------------------------------------- */

static void process(struct vz_recorder *recorder, const struct vz_recorder_queued *queued)
{
	struct vz_frame *kept;

	if (prepare_ring(recorder, queued->frame) < 0)
		return;
	kept = keep(recorder, queued);
	/* It stays in the ring at least until the next one is reserved, which is here. */
	if (kept)
		look_for_motion(recorder, kept);
}

static void wait(struct vz_recorder *recorder)
{
	int64_t at_ns = vz_pacer_now_ns() + TICK_NS;
	const struct timespec at = { at_ns / 1000000000, at_ns % 1000000000 };
	bool is_waiting = recorder->capture.state == VZ_CAPTURE_WAITING ||
			  recorder->capture.state == VZ_CAPTURE_RECORDING;

	if (!is_waiting) {
		(void) pthread_cond_wait(&recorder->cond, &recorder->lock);
		return;
	}
	(void) pthread_cond_timedwait(&recorder->cond, &recorder->lock, &at);
	if (!recorder->n_queued && vz_capture_tick(&recorder->capture, vz_pacer_now_ns()))
		vz_recorder_end(recorder);
}

/* The next frame; without one, nobody wants the ring any more, or it ends. */
static struct vz_recorder_queued wait_for_frame(struct vz_recorder *recorder, bool *ret_quit)
{
	struct vz_recorder_queued queued = { 0 };

	(void) pthread_mutex_lock(&recorder->lock);
	while (!recorder->n_queued && !recorder->quit && (recorder->is_wanted || !recorder->ring))
		wait(recorder);
	*ret_quit = recorder->quit;
	if (recorder->n_queued) {
		queued = recorder->queue[0];
		memmove(recorder->queue, recorder->queue + 1,
			--recorder->n_queued * sizeof(recorder->queue[0]));
	}
	(void) pthread_mutex_unlock(&recorder->lock);
	return queued;
}

void *vz_recorder_run(void *data)
{
	struct vz_recorder *recorder = data;
	struct vz_recorder_queued queued;
	bool quit = false;

	while (!quit) {
		queued = wait_for_frame(recorder, &quit);
		if (queued.frame && !quit)
			process(recorder, &queued);
		else if (!queued.frame && recorder->ring && !quit)
			change_ring(recorder, NULL, 0);
		(void) vz_frame_unref(queued.frame);
	}
	return NULL;
}
