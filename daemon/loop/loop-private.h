/*
 * What the two bodies of the loop share: the set of descriptors, the sorted timers and the queue
 * of posts are the same in both. A body adds a clock and whatever waits for the set to become
 * readable.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "loop/loop.h"
#include "util/list.h"

struct vz_post;

struct vz_loop_body {
	int64_t (*now_us)(struct vz_loop *loop);
	/* The first timer has changed: wake up at vz_loop_next_us(). */
	void (*arm)(struct vz_loop *loop);
	int (*run)(struct vz_loop *loop);
	/* Frees what is the body's own, and the memory of @loop. */
	void (*free)(struct vz_loop *loop);
};

struct vz_loop {
	const struct vz_loop_body *body;
	/*
	 * All descriptors wait in one epoll set. The body watches the set's descriptor and nothing
	 * else, so libwebsockets never owns, and never closes, a descriptor of ours.
	 */
	int epoll_fd;
	int wake_fd; /* eventfd: something was posted, or quit */
	int quit;    /* atomic */

	struct vz_list timers; /* running ones, the first due first */
	struct vz_list dead;   /* sources freed while events for them may be at hand */
	unsigned n_dispatching;

	pthread_mutex_t lock; /* of the posts */
	struct vz_post *posts, **posts_end;
};

/* Returns 0 or a negative errno, then nothing needs deinit. */
int vz_loop_init(struct vz_loop *loop, const struct vz_loop_body *body);
void vz_loop_deinit(struct vz_loop *loop);

/* Waits at most @timeout_ms for the set, then calls what is ready. Returns how many callbacks ran.
 */
int vz_loop_dispatch(struct vz_loop *loop, int timeout_ms);
/* When the first timer is due, INT64_MAX when none runs. */
int64_t vz_loop_next_us(const struct vz_loop *loop);
/* Runs the first timer if it is due at @now_us. Returns whether one ran. */
bool vz_loop_run_timer(struct vz_loop *loop, int64_t now_us);
bool vz_loop_is_quitting(const struct vz_loop *loop);
