/*
 * The daemon: builds the parts, connects them to each other, runs the loop, and takes them apart in
 * reverse. Neighbours meet only here. Thread: loop.
 */
#pragma once

#include "util/cleanup.h"

struct vz_config;
struct vz_daemon;
struct vz_options;

/*
 * @config is borrowed for the daemon's life, and changed by SIGHUP, at which it is read anew from
 * what @options (copied) name. SIGHUP, SIGTERM and SIGINT must be blocked; the last two end
 * vz_daemon_run(). Returns 0, or a negative errno after saying on standard error what went wrong.
 */
int vz_daemon_new(struct vz_config *config, const struct vz_options *options,
		  struct vz_daemon **ret);
/*
 * Says on standard error, one a line, what is wrong with the lines of sections [gpio NAME]: those
 * disable themselves and not the daemon. Returns 0, -EINVAL, or -ENOMEM.
 */
int vz_daemon_check_gpio(const struct vz_config *config);
/* Prints "listening on URL" for each address, tells the service manager, and runs until told to
 * end. */
int vz_daemon_run(struct vz_daemon *daemon);
struct vz_daemon *vz_daemon_free(struct vz_daemon *daemon);
VZ_DEFINE_CLEANUP(vz_daemon_free, struct vz_daemon *, vz_daemon_free)
