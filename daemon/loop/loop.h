/*
 * The event loop as the rest of the daemon sees it: file descriptors, timers, and posting from
 * other threads. Two bodies exist: loop-lws.c on libwebsockets' service loop, and loop-test.c,
 * which a test steps by hand with a clock that it moves itself.
 *
 * Thread: the loop thread, except vz_loop_post(). A callback may remove its own source or timer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/cleanup.h"

struct vz_loop;
struct vz_fd_source;
struct vz_timer;

/* Called when @fd is readable. @fd is borrowed. */
typedef void vz_fd_fn(int fd, void *data);
typedef void vz_loop_fn(void *data);

/* CLOCK_MONOTONIC in microseconds; the test loop's own clock there. */
int64_t vz_loop_now_us(struct vz_loop *loop);

/*
 * Watches @fd for reading until vz_fd_source_free(). @fd stays the caller's, who closes it after
 * freeing the source. Returns 0 or a negative errno.
 */
int vz_loop_add_fd(struct vz_loop *loop, int fd, vz_fd_fn *fn, void *data,
		   struct vz_fd_source **ret);
struct vz_fd_source *vz_fd_source_free(struct vz_fd_source *source);

/* A timer that is not running yet. Returns 0 or a negative errno. */
int vz_timer_new(struct vz_loop *loop, vz_loop_fn *fn, void *data, struct vz_timer **ret);
/* Runs @fn once, @delay_us from now; a timer that already runs is set anew. */
void vz_timer_start(struct vz_timer *timer, int64_t delay_us);
void vz_timer_stop(struct vz_timer *timer);
bool vz_timer_is_running(const struct vz_timer *timer);
struct vz_timer *vz_timer_free(struct vz_timer *timer);

/*
 * Runs @fn once, soon, on the loop thread, in the order of the posts. Thread: any. Returns 0 or
 * -ENOMEM. What is still queued when the loop is freed runs then, so that owners get their things
 * back.
 */
int vz_loop_post(struct vz_loop *loop, vz_loop_fn *fn, void *data);
/* Makes the service loop return. Thread: any; async-signal-safe. */
void vz_loop_quit(struct vz_loop *loop);
/* Runs until vz_loop_quit(), also one before; may be called again. Returns 0 or a negative errno.
 */
int vz_loop_run(struct vz_loop *loop);
struct vz_loop *vz_loop_free(struct vz_loop *loop);
VZ_DEFINE_CLEANUP(vz_loop_free, struct vz_loop *, vz_loop_free)
