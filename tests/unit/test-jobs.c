#include "jobs/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "loop/loop-test.h"
#include "test.h"

#define SLOW_US 1000000

/* A job that runs until it is let go of, and tells where it is. */
struct task {
	int is_running, may_end, has_run; /* atomic */
	unsigned n_done;
	unsigned nth_done;
	char thread_name[16];
	bool are_signals_blocked;
};

static unsigned n_done;

static void nap(void)
{
	const struct timespec time = { 0, 1000000 };

	(void) nanosleep(&time, NULL);
}

static void run(void *data)
{
	struct task *task = data;
	sigset_t blocked;

	(void) pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	task->are_signals_blocked = sigismember(&blocked, SIGUSR1) &&
				    sigismember(&blocked, SIGTERM) &&
				    !sigismember(&blocked, SIGSEGV);
	(void) pthread_getname_np(pthread_self(), task->thread_name, sizeof(task->thread_name));
	__atomic_store_n(&task->is_running, 1, __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&task->may_end, __ATOMIC_SEQ_CST))
		nap();
	__atomic_store_n(&task->has_run, 1, __ATOMIC_SEQ_CST);
}

static void done(void *data)
{
	struct task *task = data;

	task->n_done++;
	task->nth_done = ++n_done;
}

static void let_go(struct task *task)
{
	__atomic_store_n(&task->may_end, 1, __ATOMIC_SEQ_CST);
}

static bool runs(struct task *task)
{
	return __atomic_load_n(&task->is_running, __ATOMIC_SEQ_CST);
}

/* Ten seconds are a test that fails, not one that waits. */
#define AWAIT(loop, condition)                             \
	do {                                               \
		int left_ = 10000;                         \
		while (!(condition) && left_--) {          \
			(void) vz_loop_test_step(loop, 1); \
			nap();                             \
		}                                          \
		CHECK(condition);                          \
	} while (0)

static struct vz_jobs *start(struct vz_loop **ret_loop, unsigned n_workers, unsigned max_waiting,
			     unsigned max_slow)
{
	const struct vz_jobs_options options = {
		.n_workers = n_workers,
		.max_waiting = max_waiting,
		.slow_us = SLOW_US,
		.max_slow = max_slow,
	};
	struct vz_jobs *jobs;

	n_done = 0;
	CHECK_EQ(vz_loop_new_test(ret_loop), 0);
	CHECK_EQ(vz_jobs_new(*ret_loop, &options, &jobs), 0);
	return jobs;
}

static void end(struct vz_jobs *jobs, struct vz_loop *loop)
{
	CHECK(!vz_jobs_free(jobs, 10000000));
	vz_loop_free(loop);
}

TEST(jobs_run_on_a_named_thread_without_signals_and_are_done_on_the_loop)
{
	struct vz_loop *loop;
	struct vz_jobs *jobs = start(&loop, 2, 0, 0);
	struct task task = { .may_end = 1 };

	CHECK_EQ(vz_jobs_count(jobs).n_threads, 0);
	CHECK_EQ(vz_jobs_add(jobs, run, done, &task), 0);
	AWAIT(loop, task.n_done);
	CHECK_EQ(task.n_done, 1);
	CHECK_STR(task.thread_name, "worker-1");
	CHECK(task.are_signals_blocked);
	/* The thread stays, and is used again. */
	CHECK_EQ(vz_jobs_count(jobs).n_threads, 1);
	CHECK_EQ(vz_jobs_add(jobs, run, done, &task), 0);
	AWAIT(loop, task.n_done == 2);
	end(jobs, loop);
}

TEST(jobs_of_the_default_pool_run)
{
	struct vz_loop *loop;
	struct vz_jobs *jobs;
	struct task task = { .may_end = 1 };

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_jobs_new(loop, NULL, &jobs), 0);
	CHECK_EQ(vz_jobs_add(jobs, run, done, &task), 0);
	AWAIT(loop, task.n_done);
	end(jobs, loop);
}

TEST(jobs_wait_in_order_while_all_are_busy)
{
	struct vz_loop *loop;
	struct vz_jobs *jobs = start(&loop, 2, 2, 0);
	struct task tasks[5] = { 0 };
	int i;

	for (i = 0; i < 2; i++)
		CHECK_EQ(vz_jobs_add(jobs, run, done, &tasks[i]), 0);
	AWAIT(loop, runs(&tasks[0]) && runs(&tasks[1]));
	CHECK_EQ(vz_jobs_add(jobs, run, done, &tasks[2]), 0);
	CHECK_EQ(vz_jobs_add(jobs, run, done, &tasks[3]), 0);
	CHECK_EQ(vz_jobs_add(jobs, run, done, &tasks[4]), -EAGAIN);
	CHECK_EQ(vz_jobs_count(jobs).n_waiting, 2);
	CHECK_EQ(vz_jobs_count(jobs).n_running, 2);
	CHECK(!runs(&tasks[2]));

	let_go(&tasks[1]);
	AWAIT(loop, runs(&tasks[2]));
	CHECK(!runs(&tasks[3]));
	for (i = 0; i < 4; i++)
		let_go(&tasks[i]);
	AWAIT(loop, n_done == 4);
	CHECK(!tasks[4].n_done);
	CHECK_EQ(vz_jobs_count(jobs).n_threads, 2);
	end(jobs, loop);
}

TEST(jobs_that_wait_can_be_taken_back)
{
	struct vz_loop *loop;
	struct vz_jobs *jobs = start(&loop, 1, 0, 0);
	struct task busy = { 0 }, waiting = { .may_end = 1 };

	CHECK_EQ(vz_jobs_add(jobs, run, done, &busy), 0);
	AWAIT(loop, runs(&busy));
	CHECK_EQ(vz_jobs_add(jobs, run, done, &waiting), 0);
	CHECK(vz_jobs_cancel(jobs, &waiting));
	CHECK(!vz_jobs_cancel(jobs, &waiting));
	CHECK(!vz_jobs_cancel(jobs, &busy));
	let_go(&busy);
	AWAIT(loop, busy.n_done);
	end(jobs, loop);
	CHECK(!runs(&waiting) && !waiting.n_done);
}

TEST(jobs_that_hang_do_not_keep_the_others_waiting)
{
	struct vz_loop *loop;
	struct vz_jobs *jobs = start(&loop, 1, 0, 1);
	struct task hung[2] = { 0 }, last = { .may_end = 1 };

	CHECK_EQ(vz_jobs_add(jobs, run, done, &hung[0]), 0);
	CHECK_EQ(vz_jobs_add(jobs, run, done, &hung[1]), 0);
	AWAIT(loop, runs(&hung[0]));
	vz_loop_test_advance(loop, SLOW_US / 2);
	CHECK_EQ(vz_jobs_count(jobs).n_threads, 1);
	vz_loop_test_advance(loop, SLOW_US);
	AWAIT(loop, runs(&hung[1]));
	CHECK_EQ(vz_jobs_count(jobs).n_threads, 2);
	CHECK_EQ(vz_jobs_count(jobs).n_slow, 1);

	/* Only so many: then what comes has to wait. */
	CHECK_EQ(vz_jobs_add(jobs, run, done, &last), 0);
	vz_loop_test_advance(loop, 5 * SLOW_US);
	CHECK_EQ(vz_jobs_count(jobs).n_threads, 2);
	CHECK(!runs(&last));

	/* The first to come back has lost its place, and goes; the other serves what waits. */
	let_go(&hung[0]);
	AWAIT(loop, hung[0].n_done);
	AWAIT(loop, vz_jobs_count(jobs).n_threads <= 2 && vz_jobs_count(jobs).n_slow <= 1);
	let_go(&hung[1]);
	AWAIT(loop, last.n_done && hung[1].n_done);
	CHECK_EQ(vz_jobs_count(jobs).n_slow, 0);
	CHECK_EQ(vz_jobs_count(jobs).n_threads, 1);
	end(jobs, loop);
}

TEST(jobs_end_with_what_runs_and_without_what_waits)
{
	struct vz_loop *loop;
	struct vz_jobs *jobs = start(&loop, 1, 0, 0);
	struct task busy = { 0 }, waiting = { .may_end = 1 };

	CHECK_EQ(vz_jobs_add(jobs, run, done, &busy), 0);
	AWAIT(loop, runs(&busy));
	CHECK_EQ(vz_jobs_add(jobs, run, done, &waiting), 0);
	let_go(&busy);
	vz_jobs_free(jobs, 10000000);
	CHECK_EQ(busy.n_done, 1);
	CHECK(__atomic_load_n(&busy.has_run, __ATOMIC_SEQ_CST));
	/* Taken up or not, it is done once. */
	CHECK_EQ(waiting.n_done, 1);
	vz_loop_free(loop);
	CHECK(!vz_jobs_free(NULL, 0));
}

TEST(jobs_that_never_end_are_left_alone)
{
	static struct task hung; /* its thread is still there when the test is over */
	struct timespec before, after;
	struct vz_loop *loop;
	struct vz_jobs *jobs = start(&loop, 2, 0, 0);
	struct task quick = { .may_end = 1 };

	CHECK_EQ(vz_jobs_add(jobs, run, done, &hung), 0);
	CHECK_EQ(vz_jobs_add(jobs, run, done, &quick), 0);
	AWAIT(loop, runs(&hung) && quick.n_done);
	(void) clock_gettime(CLOCK_MONOTONIC, &before);
	vz_jobs_free(jobs, 50000);
	(void) clock_gettime(CLOCK_MONOTONIC, &after);
	CHECK((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 <
	      5000);
	vz_loop_free(loop);
	CHECK(!hung.n_done);
	let_go(&hung);
	while (!__atomic_load_n(&hung.has_run, __ATOMIC_SEQ_CST))
		nap();
	/* Time to put its things down, were they not there any more. */
	for (int i = 0; i < 20; i++)
		nap();
	CHECK(!hung.n_done);
}

#define MANY 5000

static int n_ran;

static void run_quickly(void *data)
{
	__atomic_add_fetch(&n_ran, 1, __ATOMIC_RELAXED);
}

static void done_quickly(void *data)
{
	++*(unsigned *) data;
}

TEST(jobs_in_a_crowd_each_run_once)
{
	struct vz_loop *loop;
	struct vz_jobs *jobs = start(&loop, 4, MANY, 0);
	unsigned n = 0;
	int i;

	n_ran = 0;
	for (i = 0; i < MANY; i++) {
		CHECK_EQ(vz_jobs_add(jobs, run_quickly, done_quickly, &n), 0);
		if (i % 100 == 0)
			(void) vz_loop_test_step(loop, 0);
	}
	AWAIT(loop, n == MANY);
	CHECK_EQ(n_ran, MANY);
	CHECK(vz_jobs_count(jobs).n_threads <= 4);
	end(jobs, loop);
}
