/*
 * The workers: what the app does not run on the loop, and what is said of calls that take too long.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "config/config.h"
#include "daemon-private.h"
#include "dash/app.h"
#include "jobs/jobs.h"
#include "loop/loop.h"
#include "panels/system-panel.h"
#include "plugin/plugins.h"
#include "util/buf.h"
#include "util/log.h"

/* What a daemon that ends leaves to calls that still run. */
#define PATIENCE_US 1000000
/* That a worker needs at most to begin with a call. */
#define START_US 50000

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

/* " of the plugin X" when it can be told, else "". */
static void describe_owner(struct vz_daemon *daemon, const struct vz_overdue *overdue, char *text,
			   size_t size)
{
	const struct vz_module *module = NULL;

	text[0] = '\0';
	if (overdue->has_begun && !overdue->has_ended && daemon->plugins)
		module = vz_plugins_find_busy(daemon->plugins, overdue->out_us - START_US);
	if (module)
		(void) snprintf(text, size, " of the plugin %s", vz_module_get_name(module));
}

void vz_daemon_on_overdue(const struct vz_overdue *overdue, void *data)
{
	struct vz_daemon *daemon = data;
	const char *of = overdue->device ? " for " : "";
	const char *device = overdue->device ? overdue->device : "";
	int64_t seconds = overdue->out_us / 1000000;
	char owner[64];

	describe_owner(daemon, overdue, owner, sizeof(owner));
	if (overdue->has_ended)
		vz_log(DAEMON, NOTICE, "Callback '%s'%s%s has ended after %" PRId64 " s",
		       overdue->callback, of, device, seconds);
	else if (overdue->has_begun)
		vz_log(DAEMON, WARNING,
		       "Callback '%s'%s%s%s has been running for %" PRId64
		       " s; its browser was told",
		       overdue->callback, owner, of, device, seconds);
	else
		vz_log(DAEMON, WARNING,
		       "Callback '%s'%s%s has been waiting for a worker for %" PRId64 " s",
		       overdue->callback, of, device, seconds);
	vz_system_panel_update_soon(daemon->system_panel);
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
