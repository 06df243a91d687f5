#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "loop/loop-test.h"

struct record {
	struct vz_loop *loop;
	struct vz_timer *timer;
	struct vz_fd_source *source, *other;
	int64_t at_us;
	int n;
	char order[64];
};

static void on_timer(void *data)
{
	struct record *r = data;

	r->n++;
	r->at_us = vz_loop_now_us(r->loop);
}

static void on_timer_again(void *data)
{
	on_timer(data);
	vz_timer_start(((struct record *) data)->timer, 100);
}

static void on_timer_free(void *data)
{
	struct record *r = data;

	r->n++;
	r->timer = vz_timer_free(r->timer);
}

static void on_readable(int fd, void *data)
{
	struct record *r = data;
	char c;

	CHECK_EQ(read(fd, &c, 1), 1);
	r->n++;
}

static void on_readable_free_both(int fd, void *data)
{
	struct record *r = data;

	r->n++;
	r->source = vz_fd_source_free(r->source);
	r->other = vz_fd_source_free(r->other);
}

static void post_a(void *data)
{
	strcat(((struct record *) data)->order, "a");
}

static void post_b(void *data)
{
	struct record *r = data;

	strcat(r->order, "b");
	CHECK_EQ(vz_loop_post(r->loop, post_a, r), 0);
}

static void post_quit(void *data)
{
	vz_loop_quit(((struct record *) data)->loop);
}

TEST(timer_runs_at_its_moment)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { 0 };
	int64_t start_us;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	r.loop = loop;
	start_us = vz_loop_now_us(loop);
	CHECK_EQ(vz_timer_new(loop, on_timer, &r, &r.timer), 0);
	CHECK(!vz_timer_is_running(r.timer));

	vz_timer_start(r.timer, 500);
	CHECK(vz_timer_is_running(r.timer));
	vz_loop_test_advance(loop, 499);
	CHECK_EQ(r.n, 0);
	vz_loop_test_advance(loop, 1000);
	CHECK_EQ(r.n, 1);
	CHECK_EQ(r.at_us - start_us, 500);
	CHECK_EQ(vz_loop_now_us(loop) - start_us, 1499);
	CHECK(!vz_timer_is_running(r.timer));

	vz_timer_start(r.timer, 10);
	vz_timer_start(r.timer, 20);
	vz_loop_test_advance(loop, 10);
	CHECK_EQ(r.n, 1);
	vz_timer_stop(r.timer);
	vz_loop_test_advance(loop, 100);
	CHECK_EQ(r.n, 1);
	vz_timer_free(r.timer);
}

TEST(timers_run_in_order_and_may_start_and_free_themselves)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record again = { 0 }, gone = { 0 }, never = { 0 };

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	again.loop = gone.loop = never.loop = loop;
	CHECK_EQ(vz_timer_new(loop, on_timer_again, &again, &again.timer), 0);
	CHECK_EQ(vz_timer_new(loop, on_timer_free, &gone, &gone.timer), 0);
	CHECK_EQ(vz_timer_new(loop, on_timer, &never, &never.timer), 0);

	vz_timer_start(never.timer, INT64_MAX);
	vz_timer_start(again.timer, 100);
	vz_timer_start(gone.timer, 50);
	vz_loop_test_advance(loop, 1000);
	CHECK_EQ(again.n, 10);
	CHECK_EQ(gone.n, 1);
	CHECK(!gone.timer);
	CHECK_EQ(never.n, 0);

	vz_timer_free(again.timer);
	vz_timer_free(never.timer);
}

TEST(descriptor_is_watched_until_freed)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { 0 };
	int fds[2];

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(pipe2(fds, O_CLOEXEC), 0);
	CHECK_EQ(vz_loop_add_fd(loop, fds[0], on_readable, &r, &r.source), 0);
	CHECK_EQ(vz_loop_test_step(loop, 0), 0);
	CHECK_EQ(write(fds[1], "xy", 2), 2);
	CHECK_EQ(vz_loop_test_step(loop, 1000), 1);
	CHECK_EQ(vz_loop_test_step(loop, 1000), 1);
	CHECK_EQ(r.n, 2);
	CHECK_EQ(write(fds[1], "z", 1), 1);
	r.source = vz_fd_source_free(r.source);
	CHECK_EQ(vz_loop_test_step(loop, 0), 0);
	CHECK_EQ(r.n, 2);
	close(fds[0]);
	close(fds[1]);
}

TEST(descriptor_that_cannot_be_watched_is_an_error)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct vz_fd_source *source = NULL;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_loop_add_fd(loop, -1, on_readable, NULL, &source), -EBADF);
	CHECK(!source);
}

TEST(callback_may_free_its_own_and_other_sources)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { 0 };
	int fds[2];

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(pipe2(fds, O_CLOEXEC), 0);
	CHECK_EQ(vz_loop_add_fd(loop, fds[0], on_readable_free_both, &r, &r.source), 0);
	r.other = NULL;
	CHECK_EQ(write(fds[1], "x", 1), 1);
	CHECK_EQ(vz_loop_test_step(loop, 1000), 1);
	CHECK_EQ(vz_loop_test_step(loop, 0), 0);
	CHECK_EQ(r.n, 1);
	close(fds[0]);
	close(fds[1]);
}

TEST(of_two_ready_sources_one_may_free_the_other)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { 0 };
	int a[2], b[2];

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(pipe2(a, O_CLOEXEC), 0);
	CHECK_EQ(pipe2(b, O_CLOEXEC), 0);
	CHECK_EQ(vz_loop_add_fd(loop, a[0], on_readable_free_both, &r, &r.source), 0);
	CHECK_EQ(vz_loop_add_fd(loop, b[0], on_readable_free_both, &r, &r.other), 0);
	CHECK_EQ(write(a[1], "x", 1), 1);
	CHECK_EQ(write(b[1], "x", 1), 1);
	CHECK_EQ(vz_loop_test_step(loop, 1000), 1);
	CHECK_EQ(vz_loop_test_step(loop, 0), 0);
	CHECK_EQ(r.n, 1);
	close(a[0]);
	close(a[1]);
	close(b[0]);
	close(b[1]);
}

TEST(posts_run_in_order_and_later_ones_the_next_time_round)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { 0 };

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	r.loop = loop;
	CHECK_EQ(vz_loop_post(loop, post_a, &r), 0);
	CHECK_EQ(vz_loop_post(loop, post_b, &r), 0);
	CHECK_STR(r.order, "");
	CHECK_EQ(vz_loop_test_step(loop, 1000), 2);
	CHECK_STR(r.order, "ab");
	CHECK_EQ(vz_loop_test_step(loop, 1000), 1);
	CHECK_STR(r.order, "aba");
	CHECK_EQ(vz_loop_test_step(loop, 0), 0);
}

TEST(what_is_queued_runs_when_the_loop_is_freed)
{
	struct vz_loop *loop = NULL;
	struct record r = { 0 };

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	r.loop = loop;
	CHECK_EQ(vz_loop_post(loop, post_b, &r), 0);
	CHECK(!vz_loop_free(loop));
	CHECK_STR(r.order, "ba");
}

TEST(quit_ends_run)
{
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct record r = { 0 };

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	r.loop = loop;
	CHECK_EQ(vz_loop_post(loop, post_quit, &r), 0);
	CHECK_EQ(vz_loop_run(loop), 0);

	CHECK_EQ(vz_loop_post(loop, post_a, &r), 0);
	CHECK_EQ(vz_loop_post(loop, post_quit, &r), 0);
	CHECK_EQ(vz_loop_run(loop), 0);
	CHECK_STR(r.order, "a");

	vz_loop_quit(loop);
	CHECK_EQ(vz_loop_run(loop), 0);
}
