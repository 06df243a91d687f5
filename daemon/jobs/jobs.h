/*
 * Workers: a small pool of threads for functions that may wait, so that the loop never does. A job
 * is run on a worker, in the order of arrival as far as there are workers free, and then done on
 * the loop.
 *
 * Threads are made when they are needed and then stay. A job that goes on for long costs its worker
 * the place, which another thread takes, so that a few that hang do not keep everybody waiting;
 * when it comes back it takes a place that is free, or ends. All signals but those of faults are
 * blocked on every worker.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "util/cleanup.h"

struct vz_jobs;
struct vz_loop;

typedef void vz_job_fn(void *data);

struct vz_jobs_options {
	unsigned n_workers;   /* 0: one for each core */
	unsigned max_waiting; /* jobs that wait for a worker; 0: 1000 */
	int64_t slow_us;      /* after which a job costs its worker the place, about; 0: 1 s */
	unsigned max_slow;    /* so many workers may lose theirs; 0: 16 */
};

struct vz_jobs_counts {
	unsigned n_waiting, n_running;
	unsigned n_slow;    /* of the running ones: those that cost their worker its place */
	unsigned n_threads; /* all of them */
};

/* @options may be NULL. Returns 0 or a negative errno. */
int vz_jobs_new(struct vz_loop *loop, const struct vz_jobs_options *options, struct vz_jobs **ret);
/*
 * Stops: what no worker has begun is not run. Waits at most @patience_us for what runs, and then
 * leaves those threads to themselves; what they still use is never freed. Every job is done, now,
 * but those. Takes NULL; returns NULL.
 */
struct vz_jobs *vz_jobs_free(struct vz_jobs *jobs, int64_t patience_us);

/*
 * Has @run called on a worker and then @done on the loop, both with @data. Returns 0, -EAGAIN (too
 * many wait), -ENOMEM, or what starting the first thread returned.
 */
int vz_jobs_add(struct vz_jobs *jobs, vz_job_fn *run, vz_job_fn *done, void *data);
/*
 * Takes back the oldest job with this @data that no worker has begun: neither of its functions is
 * called. Returns whether there was one.
 */
bool vz_jobs_cancel(struct vz_jobs *jobs, const void *data);
struct vz_jobs_counts vz_jobs_count(struct vz_jobs *jobs);
