/*
 * What the command line says, and the configuration that comes of it: the file and its drop-ins,
 * over them the environment, over all the command line. Read at start and again at each reload.
 *
 * Thread: one at a time, because getopt(3) is not for more.
 */
#pragma once

#include <stdbool.h>

#include "util/cleanup.h"

struct vz_config;

enum vz_task {
	VZ_TASK_SERVE,
	VZ_TASK_CHECK,
	VZ_TASK_LIST,
	VZ_TASK_RESET,
	VZ_TASK_SAMPLE,
	VZ_TASK_VERSION,
	VZ_TASK_HELP,
};

struct vz_options {
	int argc; /* as main() got them, borrowed */
	char **argv;
	const char *config_path; /* NULL: the installed one, which may be missing */
	enum vz_task task;
	bool with_recordings; /* of VZ_TASK_RESET */
};

/*
 * Returns 0, or -EINVAL with *@ret_error (to free(), NULL when it was said on standard error) for a
 * person.
 */
int vz_options_read(int argc, char **argv, struct vz_options *ret, char **ret_error);
/* On standard output. */
void vz_options_print_usage(void);
/*
 * Reads the configuration. Returns 0 with *@ret (to vz_config_free()), or a negative errno with
 * *@ret_error (to free(), may be NULL) saying file and line, what was wrong and what was expected.
 */
int vz_options_load(const struct vz_options *from, struct vz_config **ret, char **ret_error);
