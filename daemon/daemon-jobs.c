/*
 * The workers: what the app does not run on the loop, and what is said of calls that take too long.
 */
#include <errno.h>
#include <inttypes.h>

#include "config/config.h"
#include "daemon-private.h"
#include "dash/app.h"
#include "jobs/jobs.h"
#include "loop/loop.h"
#include "util/buf.h"
#include "util/log.h"

/* What a daemon that ends leaves to calls that still run. */
#define PATIENCE_US 1000000

int vz_daemon_make_jobs(struct vz_daemon *daemon)
{
	const struct vz_jobs_options options = { .n_workers = daemon->config->n_workers };

	return vz_jobs_new(daemon->loop, &options, &daemon->jobs);
}

void vz_daemon_free_jobs(struct vz_daemon *daemon)
{
	/* What is done now may start something: it is told that there are no workers any more. */
	struct vz_jobs *jobs = vz_steal(daemon->jobs);

	(void) vz_jobs_free(jobs, PATIENCE_US);
}

static void run_call(void *data)
{
	vz_call_run(data);
}

static void complete_call(void *data)
{
	vz_call_complete(data);
}

int vz_daemon_execute(struct vz_call *call, void *data)
{
	struct vz_daemon *daemon = data;

	if (!daemon->jobs)
		return -ESHUTDOWN;
	return vz_jobs_add(daemon->jobs, run_call, complete_call, call);
}

bool vz_daemon_cancel(struct vz_call *call, void *data)
{
	struct vz_daemon *daemon = data;

	return daemon->jobs && vz_jobs_cancel(daemon->jobs, call);
}

void vz_daemon_on_overdue(const struct vz_overdue *overdue, void *data)
{
	const char *of = overdue->device ? " of " : "";
	const char *device = overdue->device ? overdue->device : "";
	int64_t seconds = overdue->out_us / 1000000;

	if (overdue->has_ended)
		vz_log(DAEMON, NOTICE, "Callback '%s'%s%s has ended after %" PRId64 " s",
		       overdue->callback, of, device, seconds);
	else if (overdue->has_begun)
		vz_log(DAEMON, WARNING, "Callback '%s'%s%s has been running for %" PRId64 " s",
		       overdue->callback, of, device, seconds);
	else
		vz_log(DAEMON, WARNING,
		       "Callback '%s'%s%s has been waiting for a worker for %" PRId64 " s",
		       overdue->callback, of, device, seconds);
}

void vz_daemon_append_jobs_status(struct vz_buf *buf, struct vz_daemon *daemon)
{
	struct vz_jobs_counts n = { 0 };

	if (daemon->jobs)
		n = vz_jobs_count(daemon->jobs);
	vz_buf_printf(buf,
		      ",\"workers\":{\"threads\":%u,\"running\":%u,\"slow\":%u,\"waiting\":%u}",
		      n.n_threads, n.n_running, n.n_slow, n.n_waiting);
}
