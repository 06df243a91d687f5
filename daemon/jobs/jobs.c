#include "jobs/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "jobs/jobs-private.h"
#include "loop/loop.h"

/* What threads that never came back still use: found from here, so that it counts as kept. */
static struct vz_list abandoned = VZ_LIST_INIT(abandoned);

/* --- On the loop ------------------------------------------------------------------------------ */

static void move_all(struct vz_list *from, struct vz_list *to)
{
	while (!vz_list_is_empty(from)) {
		struct vz_list *node = from->next;

		vz_list_remove(node);
		vz_list_add(to, node);
	}
}

static void do_all(struct vz_list *finished)
{
	struct job *job;

	while ((job = vz_list_first(finished, struct job, in_list))) {
		vz_list_remove(&job->in_list);
		job->done(job->data);
		free(job);
	}
}

static void on_finished(int fd, void *data)
{
	struct vz_list finished = VZ_LIST_INIT(finished), ended = VZ_LIST_INIT(ended);
	struct vz_jobs *jobs = data;
	uint64_t count;

	if (read(fd, &count, sizeof(count)) != sizeof(count))
		return;
	(void) pthread_mutex_lock(&jobs->lock);
	move_all(&jobs->finished, &finished);
	move_all(&jobs->ended, &ended);
	(void) pthread_mutex_unlock(&jobs->lock);
	vz_workers_join(&ended);
	do_all(&finished);
}

/* With the lock held. The clock is the loop's, so that a test can move it. */
static void find_slow(struct vz_jobs *jobs, int64_t now_us)
{
	struct job *job;

	vz_list_for_each(job, &jobs->running, in_list)
	{
		if (!job->seen_us)
			job->seen_us = now_us;
		if (job->worker->is_slow || now_us - job->seen_us < jobs->options.slow_us ||
		    jobs->n_slow >= jobs->options.max_slow)
			continue;
		job->worker->is_slow = true;
		jobs->n_slow++;
		/* If it fails, the next look tries again. */
		(void) vz_worker_want(jobs);
	}
}

static void on_timer(void *data)
{
	struct vz_jobs *jobs = data;
	bool is_busy;

	(void) pthread_mutex_lock(&jobs->lock);
	find_slow(jobs, vz_loop_now_us(jobs->loop));
	(void) vz_worker_want(jobs);
	is_busy = jobs->n_running || jobs->n_waiting;
	(void) pthread_mutex_unlock(&jobs->lock);
	if (is_busy)
		vz_timer_start(jobs->timer, jobs->options.slow_us / 4);
}

/* With the lock held. */
static int enqueue(struct vz_jobs *jobs, struct job *job)
{
	int r;

	if (jobs->n_waiting >= jobs->options.max_waiting)
		return -EAGAIN;
	vz_list_add(&jobs->waiting, &job->in_list);
	jobs->n_waiting++;
	r = vz_worker_want(jobs);
	/* Those that there are will get to it. */
	if (r >= 0 || jobs->n_threads) {
		(void) pthread_cond_signal(&jobs->wanted);
		return 0;
	}
	vz_list_remove(&job->in_list);
	jobs->n_waiting--;
	return r;
}

int vz_jobs_add(struct vz_jobs *jobs, vz_job_fn *run, vz_job_fn *done, void *data)
{
	struct job *job;
	int r;

	job = calloc(1, sizeof(*job));
	if (!job)
		return -ENOMEM;
	job->run = run;
	job->done = done;
	job->data = data;

	(void) pthread_mutex_lock(&jobs->lock);
	r = enqueue(jobs, job);
	(void) pthread_mutex_unlock(&jobs->lock);

	if (r < 0)
		free(job);
	else if (!vz_timer_is_running(jobs->timer))
		vz_timer_start(jobs->timer, jobs->options.slow_us / 4);
	return r;
}

bool vz_jobs_cancel(struct vz_jobs *jobs, const void *data)
{
	struct job *job, *found = NULL;

	(void) pthread_mutex_lock(&jobs->lock);
	vz_list_for_each(job, &jobs->waiting, in_list) if (job->data == data)
	{
		found = job;
		break;
	}
	if (found) {
		vz_list_remove(&found->in_list);
		jobs->n_waiting--;
	}
	(void) pthread_mutex_unlock(&jobs->lock);
	free(found);
	return found;
}

struct vz_jobs_counts vz_jobs_count(struct vz_jobs *jobs)
{
	struct vz_jobs_counts counts;

	(void) pthread_mutex_lock(&jobs->lock);
	counts = (struct vz_jobs_counts){
		.n_waiting = jobs->n_waiting,
		.n_running = jobs->n_running,
		.n_slow = jobs->n_slow,
		.n_threads = jobs->n_threads,
	};
	(void) pthread_mutex_unlock(&jobs->lock);
	return counts;
}

/* --- Life ------------------------------------------------------------------------------------ */

static void set_options(struct vz_jobs *jobs, const struct vz_jobs_options *options)
{
	long n_cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (options)
		jobs->options = *options;
	if (!jobs->options.n_workers)
		jobs->options.n_workers = n_cores > 0 ? (unsigned) n_cores : 1;
	if (!jobs->options.max_waiting)
		jobs->options.max_waiting = 1000;
	if (!jobs->options.slow_us)
		jobs->options.slow_us = 1000000;
	if (!jobs->options.max_slow)
		jobs->options.max_slow = 16;
}

static void init_lock(struct vz_jobs *jobs)
{
	pthread_condattr_t attributes;

	(void) pthread_mutex_init(&jobs->lock, NULL);
	(void) pthread_cond_init(&jobs->wanted, NULL);
	(void) pthread_condattr_init(&attributes);
	(void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void) pthread_cond_init(&jobs->freed, &attributes);
	(void) pthread_condattr_destroy(&attributes);
}

/* What no thread uses any more. */
static void free_all(struct vz_jobs *jobs)
{
	(void) pthread_cond_destroy(&jobs->freed);
	(void) pthread_cond_destroy(&jobs->wanted);
	(void) pthread_mutex_destroy(&jobs->lock);
	free(jobs);
}

static void close_loop_side(struct vz_jobs *jobs)
{
	jobs->timer = vz_timer_free(jobs->timer);
	jobs->finished_source = vz_fd_source_free(jobs->finished_source);
	if (jobs->finished_fd >= 0)
		close(jobs->finished_fd);
	jobs->finished_fd = -1;
}

int vz_jobs_new(struct vz_loop *loop, const struct vz_jobs_options *options, struct vz_jobs **ret)
{
	struct vz_jobs *jobs = calloc(1, sizeof(*jobs));
	int r = 0;

	if (!jobs)
		return -ENOMEM;
	jobs->loop = loop;
	set_options(jobs, options);
	init_lock(jobs);
	vz_list_init(&jobs->waiting);
	vz_list_init(&jobs->running);
	vz_list_init(&jobs->finished);
	vz_list_init(&jobs->workers);
	vz_list_init(&jobs->ended);
	vz_list_init(&jobs->in_abandoned);
	jobs->finished_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (jobs->finished_fd < 0)
		r = -errno;
	if (r >= 0)
		r = vz_loop_add_fd(loop, jobs->finished_fd, on_finished, jobs,
				   &jobs->finished_source);
	if (r >= 0)
		r = vz_timer_new(loop, on_timer, jobs, &jobs->timer);
	if (r < 0) {
		close_loop_side(jobs);
		free_all(jobs);
		return r;
	}
	*ret = jobs;
	return 0;
}

/* With the lock held. */
static void wait_for_running(struct vz_jobs *jobs, int64_t patience_us)
{
	struct timespec until;
	int r = 0;

	(void) clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += patience_us / 1000000;
	until.tv_nsec += patience_us % 1000000 * 1000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (jobs->n_running && r == 0)
		r = pthread_cond_timedwait(&jobs->freed, &jobs->lock, &until);
}

/* With the lock held. Those whose job goes on are left to themselves, with all that they may use.
 */
static void abandon(struct vz_jobs *jobs)
{
	struct job *job;

	vz_list_for_each(job, &jobs->running, in_list)(void) pthread_detach(job->worker->thread);
	jobs->is_abandoned = true;
	vz_list_add(&abandoned, &jobs->in_abandoned);
}

struct vz_jobs *vz_jobs_free(struct vz_jobs *jobs, int64_t patience_us)
{
	struct vz_list finished = VZ_LIST_INIT(finished), ended = VZ_LIST_INIT(ended);
	bool is_abandoned;

	if (!jobs)
		return NULL;
	(void) pthread_mutex_lock(&jobs->lock);
	jobs->is_stopping = true;
	move_all(&jobs->waiting, &jobs->finished);
	jobs->n_waiting = 0;
	(void) pthread_cond_broadcast(&jobs->wanted);
	wait_for_running(jobs, patience_us);
	/* The idle ones are on their way out. */
	while (jobs->n_threads > jobs->n_running)
		(void) pthread_cond_wait(&jobs->freed, &jobs->lock);
	move_all(&jobs->finished, &finished);
	move_all(&jobs->ended, &ended);
	is_abandoned = jobs->n_running;
	if (is_abandoned)
		abandon(jobs);
	(void) pthread_mutex_unlock(&jobs->lock);

	vz_workers_join(&ended);
	do_all(&finished);
	close_loop_side(jobs);
	if (!is_abandoned)
		free_all(jobs);
	return NULL;
}
