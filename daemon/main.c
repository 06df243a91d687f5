#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/changes.h"
#include "config/config.h"
#include "config/lock.h"
#include "config/reset.h"
#include "daemon.h"
#include "options.h"
#include "plugin/plugins.h"
#include "sample.h"
#include "user-command.h"
#include "util/complain.h"
#include "util/heap.h"
#include "util/log.h"

#define SERVICE_STATE_DIR "/var/lib/vizyd"

static int list_plugins(const struct vz_config *config)
{
	int r = vz_plugins_list(config, stdout);

	return r < 0 ? vz_complain(-EINVAL, "%s: %s", config->plugin_dir, strerror(-r)) : 0;
}

static int run(struct vz_config *config, const struct vz_options *options)
{
	VZ_CLEANUP(vz_daemon_freep) struct vz_daemon *daemon = NULL;
	sigset_t signals;
	int r;

	/* Blocked before the first thread, so that every thread inherits it; the loop reads them.
	 */
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);

	r = vz_daemon_new(config, options, &daemon);
	if (r < 0)
		return r;
	return vz_daemon_run(daemon);
}

static void print_effect(const struct vz_config_change *change, void *data)
{
	if (change->key)
		printf("[%s] %s: takes effect %s\n", change->section, change->key,
		       vz_effect_text(change->effect));
	else
		printf("[%s]: takes effect %s\n", change->section, vz_effect_text(change->effect));
}

/* Of each key that the files set: when a change of it takes effect. */
static int check(const struct vz_options *options, const struct vz_config *config)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *without = NULL;
	VZ_CLEANUP(vz_freep) char *error = NULL;
	struct vz_options bare = *options;
	int r = vz_daemon_check_gpio(config);

	bare.config_path = "/dev/null";
	if (r == 0)
		r = vz_options_load(&bare, &without, &error);
	if (r == 0)
		(void) vz_config_compare(config, without, print_effect, NULL);
	return r;
}

/* Of a shell, which has no StateDirectory=: where the service has it. */
static void find_service_dir(void)
{
	if (access(SERVICE_STATE_DIR, F_OK) == 0)
		(void) setenv("STATE_DIRECTORY", SERVICE_STATE_DIR, 0);
}

static int reset(const struct vz_options *options, const struct vz_config *config)
{
	const char *dir = config->state_dir;
	pid_t holder = 0;
	int fd, r;

	if (!dir || access(dir, F_OK) < 0)
		return vz_complain(-EINVAL, "%s: there is no state folder to reset",
				   dir ? dir : "--state-dir");
	fd = vz_folder_lock(dir, &holder);
	if (fd == -EBUSY)
		return vz_complain(-EINVAL,
				   "%s: process %d is using it: end it first (systemctl stop "
				   "vizyd.service "
				   "vizyd.socket)",
				   dir, (int) holder);
	if (fd < 0)
		return vz_complain(-EINVAL, "%s: %s", dir, strerror(-fd));
	r = vz_reset_folder(fd, options->with_recordings);
	(void) close(fd);
	if (r < 0)
		return vz_complain(-EINVAL, "%s: not all could be removed: %s", dir, strerror(-r));
	printf("%s is in the state of the factory; the settings of before are in %s/before-reset\n",
	       dir, dir);
	return 0;
}

static int perform(const struct vz_options *options)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	VZ_CLEANUP(vz_freep) char *error = NULL;
	int r;

	if (options->task == VZ_TASK_RESET)
		find_service_dir();
	r = vz_options_load(options, &config, &error);
	if (r < 0)
		return vz_complain(-EINVAL, "%s", error ? error : strerror(-r));
	(void) vz_log_configure(config->log, NULL);
	switch (options->task) {
	case VZ_TASK_CHECK:
		return check(options, config);
	case VZ_TASK_RESET:
		return reset(options, config);
	case VZ_TASK_LIST:
		return list_plugins(config);
	default:
		return run(config, options);
	}
}

int main(int argc, char **argv)
{
	VZ_CLEANUP(vz_freep) char *error = NULL;
	struct vz_options options = { 0 };
	int r;

	vz_heap_init();
	if (argc > 1 && strcmp(argv[1], "user") == 0)
		return vz_user_command(argc - 1, argv + 1);
	r = vz_options_read(argc, argv, &options, &error);
	if (r < 0 && error)
		(void) vz_complain(0, "%s", error);
	if (r < 0)
		return EXIT_FAILURE;
	switch (options.task) {
	case VZ_TASK_VERSION:
		puts("vizyd " VZ_VERSION);
		return EXIT_SUCCESS;
	case VZ_TASK_HELP:
		vz_options_print_usage();
		return EXIT_SUCCESS;
	case VZ_TASK_SAMPLE:
		vz_sample_print(stdout);
		return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
	default:
		return perform(&options) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	}
}
