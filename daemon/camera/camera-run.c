/*
 * A run: from the source's start to its stop. The source's thread puts frames into a ring and
 * rings an eventfd; the loop takes them out and hands them to the streams. The thread neither
 * allocates nor waits.
 */
#include "camera/camera-private.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "loop/loop.h"
#include "util/ring.h"

struct vz_camera_run {
	struct vz_camera *camera;
	struct vz_ring ring;
	int fd;
	struct vz_fd_source *watch;

	int lost_r;   /* written before is_lost */
	bool is_lost; /* atomic */
};

static void ring_the_loop(struct vz_camera_run *run)
{
	const uint64_t one = 1;
	ssize_t n;

	/* It fails only when it is full of rings already. */
	n = write(run->fd, &one, sizeof(one));
	(void) n;
}

static void on_source_frame(struct vz_frame *frame, void *data)
{
	struct vz_camera_run *run = data;

	/* A full ring means that the loop stands still: the frame goes back, and is missed by its
	 * sequence number. */
	if (!vz_ring_push(&run->ring, frame))
		(void) vz_frame_unref(frame);
	else
		ring_the_loop(run);
}

static void on_source_lost(int r, void *data)
{
	struct vz_camera_run *run = data;

	run->lost_r = r;
	__atomic_store_n(&run->is_lost, true, __ATOMIC_RELEASE);
	ring_the_loop(run);
}

static void take_frame(struct vz_camera *camera, struct vz_frame *frame)
{
	/* A sensor may count from any number when it starts. */
	if (!camera->rate.n_times)
		camera->next_sequence = frame->sequence;
	if (frame->sequence > camera->next_sequence)
		camera->counters.lost += frame->sequence - camera->next_sequence;
	camera->next_sequence = frame->sequence + 1;
	camera->counters.captured++;
	camera->last_frame_us = vz_loop_now_us(camera->loop);
	vz_rate_add(&camera->rate, frame->timestamp_ns);
	vz_camera_distribute(camera, frame);
	vz_camera_take_delivered(camera, frame);
}

static void drain(struct vz_camera_run *run)
{
	struct vz_frame *frame;

	while ((frame = vz_ring_pop(&run->ring)))
		(void) vz_frame_unref(frame);
}

static void on_readable(int fd, void *data)
{
	struct vz_camera_run *run = data;
	struct vz_camera *camera = run->camera;
	struct vz_frame *frame;
	uint64_t count;
	bool is_lost;
	ssize_t n;

	n = read(fd, &count, sizeof(count));
	(void) n;
	/* Asked before the ring is emptied: what came before the loss is still shown. */
	is_lost = __atomic_load_n(&run->is_lost, __ATOMIC_ACQUIRE);
	while ((frame = vz_ring_pop(&run->ring))) {
		if (frame->generation == camera->generation)
			take_frame(camera, frame);
		(void) vz_frame_unref(frame);
	}
	if (is_lost)
		vz_camera_lose(camera, run->lost_r);
}

static int open_run(struct vz_camera *camera, struct vz_camera_run **ret)
{
	struct vz_camera_run *run;
	int r;

	run = calloc(1, sizeof(*run));
	if (!run)
		return -ENOMEM;
	run->camera = camera;
	run->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (run->fd < 0) {
		r = -errno;
		goto free_run;
	}
	r = vz_loop_add_fd(camera->loop, run->fd, on_readable, run, &run->watch);
	if (r < 0)
		goto close_fd;
	*ret = run;
	return 0;

close_fd:
	(void) close(run->fd);
free_run:
	free(run);
	return r;
}

static void close_run(struct vz_camera_run *run)
{
	drain(run);
	(void) close(run->fd);
	free(run);
}

int vz_camera_start_run(struct vz_camera *camera)
{
	struct vz_source_format format = { 0 };
	struct vz_camera_run *run = NULL;
	struct vz_sink sink;
	int r;

	r = open_run(camera, &run);
	if (r < 0)
		return r;

	sink = (struct vz_sink){ on_source_frame, on_source_lost, run };
	vz_rate_reset(&camera->rate);
	r = camera->ops->start(camera->source, &camera->wish, &camera->controls, &sink,
			       ++camera->generation, &format);
	if (r < 0) {
		run->watch = vz_fd_source_free(run->watch);
		close_run(run);
		return r;
	}
	camera->run = run;
	camera->last_frame_us = vz_loop_now_us(camera->loop);
	camera->format = format;
	return 0;
}

void vz_camera_stop_run(struct vz_camera *camera)
{
	struct vz_camera_run *run = vz_steal(camera->run);

	if (!run)
		return;
	/* In this order: once the loop looks away and the source is silent, the ring is ours. */
	run->watch = vz_fd_source_free(run->watch);
	camera->ops->stop(camera->source);
	close_run(run);
}
