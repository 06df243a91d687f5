#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "camera/camera.h"
#include "camera/pacer.h"
#include "camera/stream.h"
#include "camera/thread.h"
#include "loop/loop.h"
#include "recorder/recorder-private.h"

#define DEFAULT_SENSITIVITY 75
/* What a recorder that ends leaves to the disk. */
#define PATIENCE_US 2500000

/* --- Frames and news ------------------------------------------------------------------------ */

/* What will be said of the camera, with the lock held. */
static void note_camera(struct vz_recorder *recorder)
{
	const struct vz_camera *camera = recorder->options.camera;
	const struct vz_source_format *format = vz_camera_get_format(camera);
	double fps = vz_camera_get_fps(camera);

	/* What is measured is less where frames are lost, and what was agreed on where it is dark.
	 */
	if (fps < format->fps)
		fps = format->fps;
	(void) snprintf(recorder->next.camera, sizeof(recorder->next.camera), "%s",
			vz_camera_get_name(camera));
	recorder->next.fps = fps;
}

static void on_frame(struct vz_frame *frame, void *data)
{
	struct vz_recorder *recorder = data;

	(void) pthread_mutex_lock(&recorder->lock);
	/* What motion begins, the thread begins; and of a camera that had to be started only now
	 * something is known. */
	if (recorder->capture.state == VZ_CAPTURE_ARMED ||
	    recorder->capture.state == VZ_CAPTURE_WAITING)
		note_camera(recorder);
	/* One for which there is no place is missed by its sequence number. */
	if (recorder->n_queued < VZ_RECORDER_MAX_QUEUED) {
		recorder->queue[recorder->n_queued++] =
			(struct vz_recorder_queued){ vz_frame_ref(frame), recorder->n_overflowed };
		recorder->n_overflowed = 0;
		(void) pthread_cond_signal(&recorder->cond);
	} else {
		recorder->n_overflowed++;
	}
	(void) pthread_mutex_unlock(&recorder->lock);
}

/* The camera runs for as long as frames may be needed, and the ring is there for as long. */
static void update_wanted(struct vz_recorder *recorder)
{
	bool is_wanted;

	(void) pthread_mutex_lock(&recorder->lock);
	is_wanted = vz_capture_wants_frames(&recorder->capture);
	recorder->is_wanted = is_wanted;
	(void) pthread_cond_signal(&recorder->cond);
	(void) pthread_mutex_unlock(&recorder->lock);
	vz_stream_want(recorder->tap, is_wanted);
}

static void tell(struct vz_recorder *recorder)
{
	for (unsigned i = 0; i < recorder->n_listeners; i++)
		if (recorder->listeners[i].changed)
			recorder->listeners[i].changed(recorder, recorder->listeners[i].data);
}

static void on_rung(int fd, void *data)
{
	struct vz_recorder *recorder = data;
	uint64_t count;
	ssize_t n;

	n = read(fd, &count, sizeof(count));
	(void) n;
	update_wanted(recorder);
	tell(recorder);
}

static void on_spool_changed(void *data)
{
	tell(data);
}

static void on_saved(const struct vz_recording *recording, void *data)
{
	struct vz_recorder *recorder = data;

	for (unsigned i = 0; i < recorder->n_listeners; i++)
		if (recorder->listeners[i].saved)
			recorder->listeners[i].saved(recorder, recording,
						     recorder->listeners[i].data);
}

void vz_recorder_add_listener(struct vz_recorder *recorder,
			      const struct vz_recorder_listener *listener)
{
	assert(recorder->n_listeners < VZ_RECORDER_MAX_LISTENERS);
	recorder->listeners[recorder->n_listeners++] = *listener;
}

/* --- What is asked of it -------------------------------------------------------------------- */

struct vz_recorder_settings vz_recorder_get_settings(const struct vz_recorder *recorder)
{
	/* Only the loop changes them. */
	return (struct vz_recorder_settings){ recorder->capture.settings, recorder->sensitivity };
}

void vz_recorder_set_settings(struct vz_recorder *recorder,
			      const struct vz_recorder_settings *settings)
{
	double sensitivity = settings->sensitivity;

	(void) pthread_mutex_lock(&recorder->lock);
	vz_capture_set(&recorder->capture, &settings->capture);
	recorder->sensitivity = sensitivity < 1 ? 1 : sensitivity > 100 ? 100 : sensitivity;
	(void) pthread_mutex_unlock(&recorder->lock);
	update_wanted(recorder);
	tell(recorder);
}

static int press(struct vz_recorder *recorder, int64_t at_ns, const char *by,
		 int (*how)(struct vz_capture *capture, int64_t at_ns))
{
	int r;

	if (!recorder->spool)
		return -ENODEV;
	r = vz_spool_get_status(recorder->spool).error;
	if (r < 0)
		return r;
	(void) pthread_mutex_lock(&recorder->lock);
	r = how(&recorder->capture, at_ns);
	note_camera(recorder);
	if (r == 0 && recorder->capture.state != VZ_CAPTURE_ARMED)
		r = vz_recorder_begin(recorder, at_ns, by);
	(void) pthread_mutex_unlock(&recorder->lock);
	update_wanted(recorder);
	tell(recorder);
	return r;
}

int vz_recorder_record(struct vz_recorder *recorder, int64_t at_ns, const char *by)
{
	return press(recorder, at_ns, by, vz_capture_record);
}

int vz_recorder_trigger(struct vz_recorder *recorder, int64_t at_ns, const char *by)
{
	return press(recorder, at_ns, by, vz_capture_trigger);
}

void vz_recorder_stop(struct vz_recorder *recorder, int64_t at_ns)
{
	(void) pthread_mutex_lock(&recorder->lock);
	vz_capture_stop(&recorder->capture, at_ns);
	(void) pthread_mutex_unlock(&recorder->lock);
	update_wanted(recorder);
	tell(recorder);
}

/* --- What it says --------------------------------------------------------------------------- */

static void count_ring(const struct vz_recorder *recorder, struct vz_recorder_status *status)
{
	const struct vz_source_format *format = vz_camera_get_format(recorder->options.camera);
	double fps = vz_camera_get_fps(recorder->options.camera);
	size_t n = recorder->ring ? vz_frame_ring_n_frames(recorder->ring) : 0;
	size_t bytes = vz_frame_ring_frame_bytes(format->width_px, format->height_px);

	if (fps <= 0)
		fps = format->fps;
	if (fps > 0 && bytes > 0)
		status->memory_s = (double) (recorder->options.memory_bytes / bytes) / fps;
	if (n > 1)
		status->buffered_s =
			(double) (vz_frame_ring_get(recorder->ring, n - 1)->timestamp_ns -
				  vz_frame_ring_get(recorder->ring, 0)->timestamp_ns) *
			1e-9;
}

struct vz_recorder_status vz_recorder_get_status(const struct vz_recorder *recorder)
{
	/* The lock is no part of what a reader sees. */
	pthread_mutex_t *lock = (pthread_mutex_t *) (uintptr_t) &recorder->lock;
	struct vz_recorder_status status = { 0 };

	if (recorder->spool)
		status.spool = vz_spool_get_status(recorder->spool);
	(void) pthread_mutex_lock(lock);
	status.state = recorder->capture.state;
	status.ring_error = recorder->ring_error;
	status.n_frames = recorder->n_frames;
	status.n_dropped = recorder->n_expected - recorder->n_frames;
	status.n_lost = recorder->n_lost;
	if (recorder->n_frames)
		status.recorded_s =
			(double) (recorder->last_stamp_ns - recorder->first_stamp_ns) * 1e-9;
	count_ring(recorder, &status);
	(void) pthread_mutex_unlock(lock);
	return status;
}

struct vz_spool *vz_recorder_get_spool(const struct vz_recorder *recorder)
{
	return recorder->spool;
}

int64_t vz_recorder_now_ns(void)
{
	return vz_pacer_now_ns();
}

/* --- Life ----------------------------------------------------------------------------------- */

static int init(struct vz_recorder *recorder, const struct vz_recorder_options *options)
{
	pthread_condattr_t attributes;

	recorder->options = *options;
	recorder->sensitivity = DEFAULT_SENSITIVITY;
	vz_capture_init(&recorder->capture);
	(void) pthread_condattr_init(&attributes);
	(void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void) pthread_cond_init(&recorder->cond, &attributes);
	(void) pthread_condattr_destroy(&attributes);
	(void) pthread_mutex_init(&recorder->lock, NULL);
	recorder->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return recorder->fd < 0 ? -errno : vz_stir_new(&recorder->stir);
}

static int make_spool(struct vz_recorder *recorder)
{
	const struct vz_spool_options options = {
		.loop = recorder->options.loop,
		.dir = recorder->options.dir,
		.budget_bytes = recorder->options.disk_bytes,
		.changed = on_spool_changed,
		.saved = on_saved,
		.data = recorder,
	};

	return options.dir ? vz_spool_new(&options, &recorder->spool) : 0;
}

int vz_recorder_new(const struct vz_recorder_options *options, struct vz_recorder **ret)
{
	VZ_CLEANUP(vz_recorder_freep) struct vz_recorder *recorder = calloc(1, sizeof(*recorder));
	int r;

	if (!recorder)
		return -ENOMEM;
	r = init(recorder, options);
	if (r == 0)
		r = make_spool(recorder);
	if (r == 0)
		r = vz_loop_add_fd(options->loop, recorder->fd, on_rung, recorder,
				   &recorder->watch);
	if (r == 0)
		r = vz_camera_add_tap(options->camera, on_frame, recorder, &recorder->tap);
	if (r == 0)
		r = vz_thread_start(&recorder->thread, "vizyd-record", vz_recorder_run, recorder);
	if (r < 0)
		return r;
	recorder->is_running = true;
	*ret = vz_steal(recorder);
	return 0;
}

static void stop_thread(struct vz_recorder *recorder)
{
	(void) pthread_mutex_lock(&recorder->lock);
	recorder->quit = true;
	(void) pthread_cond_signal(&recorder->cond);
	(void) pthread_mutex_unlock(&recorder->lock);
	if (recorder->is_running)
		(void) pthread_join(recorder->thread, NULL);
}

struct vz_recorder *vz_recorder_free(struct vz_recorder *recorder)
{
	if (!recorder)
		return NULL;
	recorder->n_listeners = 0;
	recorder->tap = vz_stream_free(recorder->tap);
	stop_thread(recorder);
	if (recorder->take) {
		recorder->capture.end = VZ_CAPTURE_STOPPED;
		vz_recorder_end(recorder);
	}
	if (recorder->watch)
		(void) vz_fd_source_free(recorder->watch);
	recorder->spool = vz_spool_free(recorder->spool, PATIENCE_US);
	while (recorder->n_queued)
		(void) vz_frame_unref(recorder->queue[--recorder->n_queued].frame);
	recorder->stir = vz_stir_free(recorder->stir);
	recorder->ring = vz_frame_ring_free(recorder->ring);
	if (recorder->fd >= 0)
		(void) close(recorder->fd);
	(void) pthread_cond_destroy(&recorder->cond);
	(void) pthread_mutex_destroy(&recorder->lock);
	free(recorder);
	return NULL;
}
