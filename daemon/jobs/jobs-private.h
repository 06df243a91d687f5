/*
 * The insides of the pool, for its two files: jobs.c, which is called on the loop, and worker.c.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "jobs/jobs.h"
#include "util/list.h"

struct vz_fd_source;
struct vz_timer;

struct job {
	struct vz_list in_list; /* waiting, running or finished */
	vz_job_fn *run, *done;
	void *data;
	struct worker *worker; /* that runs it */
	int64_t seen_us;       /* when the loop first saw it run; 0: has not yet */
};

struct worker {
	struct vz_list in_jobs; /* workers, or ended ones */
	struct vz_jobs *jobs;
	pthread_t thread;
	bool is_slow; /* its place is another's */
};

struct vz_jobs {
	struct vz_jobs_options options;
	struct vz_loop *loop;
	struct vz_timer *timer; /* looks for slow ones, while something runs */
	struct vz_fd_source *finished_source;
	unsigned last_worker;

	pthread_mutex_t lock;  /* of all that follows */
	pthread_cond_t wanted; /* a job waits, or they are to end */
	pthread_cond_t freed;  /* a job is finished */
	struct vz_list waiting, running, finished;
	struct vz_list workers, ended;
	struct vz_list in_abandoned;
	unsigned n_waiting, n_running, n_idle, n_slow, n_threads;
	int finished_fd; /* eventfd; unlike a post it needs no memory, so that no job is lost */
	bool is_stopping, is_abandoned;
};

/*
 * One thread more, if a job waits for it and there is a place. With the lock held. Returns 0 or a
 * negative errno.
 */
int vz_worker_want(struct vz_jobs *jobs);
/* Waits for the threads of @ended, which have left all else, and frees them. */
void vz_workers_join(struct vz_list *ended);
