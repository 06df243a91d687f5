#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "loop/loop-lws.h"

#define N_POSTS 2000

struct record {
	struct vz_loop *loop;
	struct vz_timer *timer;
	struct vz_fd_source *source;
	int64_t at_us;
	int n, last[2], fds[2];
	bool out_of_order;
};

struct post {
	struct record *record;
	int thread, number;
};

static struct post posts[2][N_POSTS];

static void on_timer_quit(void *data)
{
	struct record *r = data;

	r->n++;
	r->at_us = vz_loop_now_us(r->loop);
	vz_loop_quit(r->loop);
}

static void on_timer_write(void *data)
{
	struct record *r = data;

	CHECK_EQ(write(r->fds[1], "x", 1), 1);
}

static void on_readable_quit(int fd, void *data)
{
	struct record *r = data;
	char c;

	CHECK_EQ(read(fd, &c, 1), 1);
	r->n++;
	r->source = vz_fd_source_free(r->source);
	vz_loop_quit(r->loop);
}

static void on_hang_up_quit(int fd, void *data)
{
	struct record *r = data;
	char c;

	CHECK_EQ(read(fd, &c, 1), 0);
	r->n++;
	vz_loop_quit(r->loop);
}

static void on_post(void *data)
{
	struct post *post = data;
	struct record *r = post->record;

	if (post->number != r->last[post->thread] + 1)
		r->out_of_order = true;
	r->last[post->thread] = post->number;
	if (++r->n == 2 * N_POSTS)
		vz_loop_quit(r->loop);
}

static void *post_many(void *data)
{
	struct post *mine = data;
	int i;

	for (i = 0; i < N_POSTS; i++)
		(void) vz_loop_post(mine[i].record->loop, on_post, &mine[i]);
	return NULL;
}

TEST(timers_run_in_order_not_too_early)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct vz_timer *stopped = NULL;
	struct record r = { 0 }, other = { 0 };
	int64_t start_us;

	CHECK_EQ(vz_loop_new_lws(&loop), 0);
	CHECK(vz_loop_get_lws(loop));
	r.loop = other.loop = loop;
	CHECK_EQ(vz_timer_new(loop, on_timer_quit, &r, &r.timer), 0);
	CHECK_EQ(vz_timer_new(loop, on_timer_quit, &other, &stopped), 0);
	start_us = vz_loop_now_us(loop);
	vz_timer_start(stopped, 5000);
	vz_timer_start(r.timer, 30000);
	vz_timer_stop(stopped);
	CHECK_EQ(vz_loop_run(loop), 0);
	CHECK_EQ(r.n, 1);
	CHECK_EQ(other.n, 0);
	CHECK(r.at_us - start_us >= 30000);
	vz_timer_free(r.timer);
	vz_timer_free(stopped);
}

TEST(descriptor_wakes_the_loop)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { 0 };

	CHECK_EQ(vz_loop_new_lws(&loop), 0);
	r.loop = loop;
	CHECK_EQ(pipe2(r.fds, O_CLOEXEC), 0);
	CHECK_EQ(vz_loop_add_fd(loop, r.fds[0], on_readable_quit, &r, &r.source), 0);
	CHECK_EQ(vz_timer_new(loop, on_timer_write, &r, &r.timer), 0);
	vz_timer_start(r.timer, 1000);
	CHECK_EQ(vz_loop_run(loop), 0);
	CHECK_EQ(r.n, 1);
	vz_timer_free(r.timer);
	/* It was the caller's all the time. */
	CHECK_EQ(close(r.fds[0]), 0);
	CHECK_EQ(close(r.fds[1]), 0);
}

TEST(end_of_file_reaches_the_reader)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { 0 };

	CHECK_EQ(vz_loop_new_lws(&loop), 0);
	r.loop = loop;
	CHECK_EQ(pipe2(r.fds, O_CLOEXEC), 0);
	CHECK_EQ(vz_loop_add_fd(loop, r.fds[0], on_hang_up_quit, &r, &r.source), 0);
	CHECK_EQ(close(r.fds[1]), 0);
	CHECK_EQ(vz_loop_run(loop), 0);
	CHECK_EQ(r.n, 1);
	vz_fd_source_free(r.source);
	CHECK_EQ(close(r.fds[0]), 0);
}

TEST(posts_of_two_threads_run_once_each_in_order)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { .last = { -1, -1 } };
	pthread_t threads[2];
	int i, t;

	CHECK_EQ(vz_loop_new_lws(&loop), 0);
	r.loop = loop;
	for (t = 0; t < 2; t++) {
		for (i = 0; i < N_POSTS; i++)
			posts[t][i] = (struct post){ &r, t, i };
		CHECK_EQ(pthread_create(&threads[t], NULL, post_many, posts[t]), 0);
	}
	CHECK_EQ(vz_loop_run(loop), 0);
	for (t = 0; t < 2; t++)
		CHECK_EQ(pthread_join(threads[t], NULL), 0);
	CHECK_EQ(r.n, 2 * N_POSTS);
	CHECK(!r.out_of_order);
}

TEST(what_is_queued_runs_when_the_loop_is_freed)
{
	struct vz_loop *loop = NULL;
	struct record r = { .last = { -1, -1 } };
	struct post post = { &r, 0, 0 };

	CHECK_EQ(vz_loop_new_lws(&loop), 0);
	r.loop = loop;
	CHECK_EQ(vz_loop_post(loop, on_post, &post), 0);
	CHECK(!vz_loop_free(loop));
	CHECK_EQ(r.n, 1);
}
