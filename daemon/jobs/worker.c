#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "jobs/jobs-private.h"
#include "util/log.h"

/* --- On a worker ----------------------------------------------------------------------------- */

static struct job *take_first(struct vz_jobs *jobs, struct worker *worker)
{
	struct job *job = vz_list_first(&jobs->waiting, struct job, in_list);

	vz_list_remove(&job->in_list);
	jobs->n_waiting--;
	vz_list_add(&jobs->running, &job->in_list);
	jobs->n_running++;
	job->worker = worker;
	return job;
}

static void put_finished(struct vz_jobs *jobs, struct job *job)
{
	uint64_t one = 1;

	vz_list_remove(&job->in_list);
	jobs->n_running--;
	vz_list_add(&jobs->finished, &job->in_list);
	(void) pthread_cond_signal(&jobs->freed);
	/* It cannot be full, and the descriptor is there until it is abandoned. */
	if (!jobs->is_abandoned && write(jobs->finished_fd, &one, sizeof(one)) < 0)
		vz_log(DAEMON, ERROR, "A worker cannot tell that it is done: %m");
}

/* Whether the worker goes on: one that was slow does if there is a place. */
static bool has_place(struct vz_jobs *jobs, struct worker *worker)
{
	if (!worker->is_slow)
		return true;
	if (jobs->n_threads - jobs->n_slow >= jobs->options.n_workers)
		return false;
	worker->is_slow = false;
	jobs->n_slow--;
	return true;
}

static void end(struct vz_jobs *jobs, struct worker *worker)
{
	if (worker->is_slow)
		jobs->n_slow--;
	jobs->n_threads--;
	vz_list_remove(&worker->in_jobs);
	vz_list_add(&jobs->ended, &worker->in_jobs);
	(void) pthread_cond_signal(&jobs->freed);
}

static void *work(void *data)
{
	struct worker *worker = data;
	struct vz_jobs *jobs = worker->jobs;
	struct job *job;

	(void) pthread_mutex_lock(&jobs->lock);
	while (!jobs->is_stopping && has_place(jobs, worker)) {
		if (vz_list_is_empty(&jobs->waiting)) {
			jobs->n_idle++;
			(void) pthread_cond_wait(&jobs->wanted, &jobs->lock);
			jobs->n_idle--;
			continue;
		}
		job = take_first(jobs, worker);
		(void) pthread_mutex_unlock(&jobs->lock);
		job->run(job->data);
		(void) pthread_mutex_lock(&jobs->lock);
		put_finished(jobs, job);
	}
	end(jobs, worker);
	(void) pthread_mutex_unlock(&jobs->lock);
	return NULL;
}

/* --- Threads --------------------------------------------------------------------------------- */

/* With the lock held. */
static int start_worker(struct vz_jobs *jobs)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT };
	struct worker *worker = calloc(1, sizeof(*worker));
	sigset_t all, before;
	size_t i;
	char name[16];
	int r;

	if (!worker)
		return -ENOMEM;
	vz_list_init(&worker->in_jobs);
	worker->jobs = jobs;
	(void) sigfillset(&all);
	/* A fault is told where it happens, to whoever listens for it, such as a sanitizer. */
	for (i = 0; i < VZ_N_ELEMENTS(faults); i++)
		(void) sigdelset(&all, faults[i]);
	(void) pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(&worker->thread, NULL, work, worker);
	(void) pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r < 0) {
		free(worker);
		return r;
	}
	snprintf(name, sizeof(name), "worker-%u", ++jobs->last_worker % 10000);
	(void) pthread_setname_np(worker->thread, name);
	vz_list_add(&jobs->workers, &worker->in_jobs);
	jobs->n_threads++;
	return 0;
}

int vz_worker_want(struct vz_jobs *jobs)
{
	if (jobs->n_waiting <= jobs->n_idle ||
	    jobs->n_threads - jobs->n_slow >= jobs->options.n_workers)
		return 0;
	return start_worker(jobs);
}

void vz_workers_join(struct vz_list *ended)
{
	struct worker *worker;

	while ((worker = vz_list_first(ended, struct worker, in_jobs))) {
		(void) pthread_join(worker->thread, NULL);
		vz_list_remove(&worker->in_jobs);
		free(worker);
	}
}
