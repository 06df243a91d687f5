#include "loop/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "loop/loop-private.h"

/* Few enough that a flood of edges cannot keep the sockets waiting. */
#define EVENTS_AT_ONCE 16

struct vz_fd_source {
	struct vz_loop *loop;
	struct vz_list in_dead;
	int fd;
	vz_fd_fn *fn; /* NULL once freed */
	void *data;
};

struct vz_timer {
	struct vz_loop *loop;
	struct vz_list in_timers;
	int64_t at_us;
	vz_loop_fn *fn;
	void *data;
};

struct vz_post {
	struct vz_post *next;
	vz_loop_fn *fn;
	void *data;
};

/* --- The loop ------------------------------------------------------------------------------- */

int vz_loop_init(struct vz_loop *loop, const struct vz_loop_body *body)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
	int r;

	loop->body = body;
	vz_list_init(&loop->timers);
	vz_list_init(&loop->dead);
	loop->posts_end = &loop->posts;

	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0)
		return -errno;
	loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->wake_fd < 0) {
		r = -errno;
		goto close_epoll;
	}
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->wake_fd, &event) < 0) {
		r = -errno;
		goto close_wake;
	}
	r = -pthread_mutex_init(&loop->lock, NULL);
	if (r < 0)
		goto close_wake;
	return 0;

close_wake:
	(void) close(loop->wake_fd);
close_epoll:
	(void) close(loop->epoll_fd);
	return r;
}

/* Runs what is queued now; what these post runs the next time round. */
static int run_posts(struct vz_loop *loop)
{
	struct vz_post *post, *next;
	int n = 0;

	pthread_mutex_lock(&loop->lock);
	post = loop->posts;
	loop->posts = NULL;
	loop->posts_end = &loop->posts;
	pthread_mutex_unlock(&loop->lock);

	for (; post; post = next, n++) {
		next = post->next;
		post->fn(post->data);
		free(post);
	}
	return n;
}

void vz_loop_deinit(struct vz_loop *loop)
{
	(void) pthread_mutex_destroy(&loop->lock);
	(void) close(loop->wake_fd);
	(void) close(loop->epoll_fd);
}

struct vz_loop *vz_loop_free(struct vz_loop *loop)
{
	if (!loop)
		return NULL;
	while (run_posts(loop) > 0)
		;
	loop->body->free(loop);
	return NULL;
}

int64_t vz_loop_now_us(struct vz_loop *loop)
{
	return loop->body->now_us(loop);
}

int vz_loop_run(struct vz_loop *loop)
{
	int r = loop->body->run(loop);

	__atomic_store_n(&loop->quit, 0, __ATOMIC_RELEASE);
	return r;
}

/* --- From other threads ---------------------------------------------------------------------- */

/* async-signal-safe; a full eventfd is already readable, so a failed write loses nothing. */
static void wake(struct vz_loop *loop)
{
	const uint64_t one = 1;
	int saved = errno;
	ssize_t n;

	n = write(loop->wake_fd, &one, sizeof(one));
	(void) n;
	errno = saved;
}

int vz_loop_post(struct vz_loop *loop, vz_loop_fn *fn, void *data)
{
	struct vz_post *post;
	bool was_empty;

	post = malloc(sizeof(*post));
	if (!post)
		return -ENOMEM;
	*post = (struct vz_post){ .fn = fn, .data = data };

	pthread_mutex_lock(&loop->lock);
	was_empty = !loop->posts;
	*loop->posts_end = post;
	loop->posts_end = &post->next;
	/*
	 * Inside the lock: the loop thread may run the post, and its owner free the loop, as soon
	 * as the lock is open.
	 */
	if (was_empty)
		wake(loop);
	pthread_mutex_unlock(&loop->lock);
	return 0;
}

void vz_loop_quit(struct vz_loop *loop)
{
	__atomic_store_n(&loop->quit, 1, __ATOMIC_RELEASE);
	wake(loop);
}

bool vz_loop_is_quitting(const struct vz_loop *loop)
{
	return __atomic_load_n(&loop->quit, __ATOMIC_ACQUIRE);
}

/* --- Descriptors ----------------------------------------------------------------------------- */

int vz_loop_add_fd(struct vz_loop *loop, int fd, vz_fd_fn *fn, void *data,
		   struct vz_fd_source **ret)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct vz_fd_source *source;
	int r;

	source = calloc(1, sizeof(*source));
	if (!source)
		return -ENOMEM;
	*source = (struct vz_fd_source){ .loop = loop, .fd = fd, .fn = fn, .data = data };
	vz_list_init(&source->in_dead);

	event.data.ptr = source;
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		r = -errno;
		free(source);
		return r;
	}
	*ret = source;
	return 0;
}

struct vz_fd_source *vz_fd_source_free(struct vz_fd_source *source)
{
	if (!source)
		return NULL;
	(void) epoll_ctl(source->loop->epoll_fd, EPOLL_CTL_DEL, source->fd, NULL);
	if (source->loop->n_dispatching > 0) {
		source->fn = NULL;
		vz_list_add(&source->loop->dead, &source->in_dead);
	} else {
		free(source);
	}
	return NULL;
}

static void bury(struct vz_loop *loop)
{
	struct vz_fd_source *source, *tmp;

	vz_list_for_each_safe(source, tmp, &loop->dead, in_dead)
	{
		vz_list_remove(&source->in_dead);
		free(source);
	}
}

static int take_wake(struct vz_loop *loop)
{
	uint64_t count;
	ssize_t n;

	n = read(loop->wake_fd, &count, sizeof(count));
	(void) n;
	return run_posts(loop);
}

int vz_loop_dispatch(struct vz_loop *loop, int timeout_ms)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	struct vz_fd_source *source;
	int i, n_events, n = 0;

	n_events = epoll_wait(loop->epoll_fd, events, EVENTS_AT_ONCE, timeout_ms);

	/* Counted, not flagged: a callback may step a loop that is already being stepped. */
	loop->n_dispatching++;
	for (i = 0; i < n_events; i++) {
		source = events[i].data.ptr;
		if (!source) {
			n += take_wake(loop);
		} else if (source->fn) {
			source->fn(source->fd, source->data);
			n++;
		}
	}
	loop->n_dispatching--;
	if (loop->n_dispatching == 0)
		bury(loop);
	return n;
}

/* --- Timers ---------------------------------------------------------------------------------- */

int vz_timer_new(struct vz_loop *loop, vz_loop_fn *fn, void *data, struct vz_timer **ret)
{
	struct vz_timer *timer;

	timer = calloc(1, sizeof(*timer));
	if (!timer)
		return -ENOMEM;
	*timer = (struct vz_timer){ .loop = loop, .fn = fn, .data = data };
	vz_list_init(&timer->in_timers);
	*ret = timer;
	return 0;
}

static bool is_first(const struct vz_timer *timer)
{
	return timer->loop->timers.next == &timer->in_timers;
}

void vz_timer_start(struct vz_timer *timer, int64_t delay_us)
{
	struct vz_loop *loop = timer->loop;
	int64_t now_us = vz_loop_now_us(loop);
	bool was_first = is_first(timer);
	struct vz_timer *it;

	vz_list_remove(&timer->in_timers);
	if (delay_us < 0)
		delay_us = 0;
	timer->at_us = delay_us < INT64_MAX - now_us ? now_us + delay_us : INT64_MAX;

	/* Behind those that are due at the same moment. A device has a few dozen timers at most. */
	vz_list_for_each(it, &loop->timers, in_timers)
	{
		if (it->at_us > timer->at_us)
			break;
	}
	vz_list_add(&it->in_timers, &timer->in_timers);
	if (was_first || is_first(timer))
		loop->body->arm(loop);
}

void vz_timer_stop(struct vz_timer *timer)
{
	bool was_first = is_first(timer);

	vz_list_remove(&timer->in_timers);
	if (was_first)
		timer->loop->body->arm(timer->loop);
}

bool vz_timer_is_running(const struct vz_timer *timer)
{
	return !vz_list_is_empty(&timer->in_timers);
}

struct vz_timer *vz_timer_free(struct vz_timer *timer)
{
	if (!timer)
		return NULL;
	vz_timer_stop(timer);
	free(timer);
	return NULL;
}

int64_t vz_loop_next_us(const struct vz_loop *loop)
{
	const struct vz_timer *timer = vz_list_first(&loop->timers, struct vz_timer, in_timers);

	return timer ? timer->at_us : INT64_MAX;
}

bool vz_loop_run_timer(struct vz_loop *loop, int64_t now_us)
{
	struct vz_timer *timer = vz_list_first(&loop->timers, struct vz_timer, in_timers);

	if (!timer || timer->at_us > now_us)
		return false;
	vz_list_remove(&timer->in_timers);
	timer->fn(timer->data);
	return true;
}
