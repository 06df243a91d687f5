#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "daemon.h"
#include "plugin/plugins.h"
#include "util/heap.h"
#include "util/log.h"

enum { OPTION_CONFIG = 256, OPTION_CHECK, OPTION_KEY, OPTION_LIST, OPTION_VERSION, OPTION_HELP };

/* What to do instead of serving. */
enum task { TASK_SERVE, TASK_CHECK, TASK_LIST };

static const char usage[] =
	"Usage: vizyd [OPTION]...\n"
	"Serves a camera, its controls and its live picture to every browser on the network.\n"
	"\n"
	"  --config FILE        read FILE and FILE.d/*.conf instead of " VZ_CONFIG_FILE "\n"
	"  --listen ADDR:PORT   serve there; may be given several times; port 0 picks one\n"
	"  --camera SOURCE      auto, simulated[:N], file:PATH or libcamera[:ID]\n"
	"  --state-dir DIR      keep settings there\n"
	"  --ui-dir DIR         what the browser loads\n"
	"  --plugin-dir DIR     where plugins are\n"
	"  --load NAME          load that plugin; may be given several times; NAME?optional may be "
	"missing\n"
	"  --check-config       say what is wrong with the configuration, if something is, and "
	"end\n"
	"  --list-plugins       print the plugins in that folder, one a line, and end\n"
	"  --log LEVEL[,topic:LEVEL]\n"
	"                       error, warning, notice, info or debug; topics: daemon, dash, "
	"server,\n"
	"                       cam, panel, config, plugin, gpio\n"
	"  --version            print the version and end\n"
	"  --help               print this and end\n";

static const struct option options[] = {
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "listen", required_argument, NULL, OPTION_KEY },
	{ "camera", required_argument, NULL, OPTION_KEY },
	{ "state-dir", required_argument, NULL, OPTION_KEY },
	{ "ui-dir", required_argument, NULL, OPTION_KEY },
	{ "plugin-dir", required_argument, NULL, OPTION_KEY },
	{ "load", required_argument, NULL, OPTION_KEY },
	{ "log", required_argument, NULL, OPTION_KEY },
	{ "check-config", no_argument, NULL, OPTION_CHECK },
	{ "list-plugins", no_argument, NULL, OPTION_LIST },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

/* The configuration key that an option sets. */
static const struct {
	const char *option, *section, *key;
} option_keys[] = {
	{ "listen", "server", "listen" },	{ "camera", "camera", "source" },
	{ "state-dir", "daemon", "state_dir" }, { "ui-dir", "server", "ui_dir" },
	{ "plugin-dir", "plugins", "dir" },	{ "log", "daemon", "log" },
	{ "load", "plugins", "load" },
};

__attribute__((format(printf, 1, 2))) static int fail(const char *format, ...)
{
	va_list args;

	fputs("vizyd: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -EINVAL;
}

/* The first pass finds what comes before the configuration. Returns 1 when there is nothing more to
 * do. */
static int read_first(int argc, char **argv, const char **ret_config)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case OPTION_CONFIG:
			*ret_config = optarg;
			break;
		case OPTION_VERSION:
			puts("vizyd " VZ_VERSION);
			return 1;
		case OPTION_HELP:
			fputs(usage, stdout);
			return 1;
		case '?':
			fputs("Try 'vizyd --help'.\n", stderr);
			return -EINVAL;
		}
	}
	if (optind < argc)
		return fail("unexpected argument '%s'", argv[optind]);
	return 0;
}

static int set_from_option(struct vz_config *config, const char *option, const char *value)
{
	const char *expected = "";
	int r = -ENOENT;

	for (size_t i = 0; i < VZ_N_ELEMENTS(option_keys); i++)
		if (!strcmp(option_keys[i].option, option))
			r = vz_config_set(config, option_keys[i].section, option_keys[i].key, value,
					  &expected);
	if (r == -EINVAL)
		return fail("--%s: expected %s, found '%s'", option, expected, value);
	return r < 0 ? fail("--%s: %s", option, strerror(-r)) : 0;
}

static int read_options(int argc, char **argv, struct vz_config *config, enum task *ret_task)
{
	bool is_default = config->listen.is_default;
	int c, index = 0, r = 0;

	/* The command line replaces the file's addresses instead of adding to them. */
	config->listen.is_default = true;
	optind = 1;
	while (r == 0 && (c = getopt_long(argc, argv, "", options, &index)) != -1)
		if (c == OPTION_KEY)
			r = set_from_option(config, options[index].name, optarg);
		else if (c == OPTION_LIST)
			*ret_task = TASK_LIST;
		else if (c == OPTION_CHECK)
			*ret_task = TASK_CHECK;
	config->listen.is_default &= is_default;
	return r;
}

/* A tree of one's own, such as meson's devenv: over the file, below the command line. */
static int read_environment(struct vz_config *config)
{
	const char *dir = getenv("VIZYD_PLUGIN_DIR");

	return dir && *dir ? vz_config_set(config, "plugins", "dir", dir, NULL) : 0;
}

static int read_config(int argc, char **argv, struct vz_config *config, enum task *ret_task)
{
	VZ_CLEANUP(vz_freep) char *error = NULL;
	const char *path = NULL, *bad = NULL;
	enum task task = TASK_SERVE;
	int r;

	r = read_first(argc, argv, &path);
	if (r)
		return r;
	r = vz_config_load(config, path ? path : VZ_CONFIG_FILE, !path, &error);
	if (r < 0)
		return fail("%s", error ? error : strerror(-r));
	r = read_environment(config);
	if (r == 0)
		r = read_options(argc, argv, config, &task);
	if (r < 0)
		return r;
	if (vz_log_configure(config->log, &bad) < 0)
		return fail("log: expected LEVEL[,topic:LEVEL], found '%s'", bad);
	*ret_task = task;
	return 0;
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Who does not say where: the installed files, else those beside the program in a build tree. */
static int find_ui_dir(struct vz_config *config)
{
	char exe[PATH_MAX], path[PATH_MAX + 32];
	const char *dir = getenv("VIZYD_UI_DIR");
	ssize_t n = -1;

	if (config->ui_dir)
		return 0;
	if (!dir && !is_there(VZ_UI_DIR))
		n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n > 0) {
		exe[n] = '\0';
		snprintf(path, sizeof(path), "%s/../ui/dist", dirname(exe));
		if (is_there(path))
			dir = path;
	}
	return vz_config_set(config, "server", "ui_dir", dir ? dir : VZ_UI_DIR, NULL);
}

/* Who does not say where: systemd's StateDirectory=, else the user's folder for such things. */
static int find_state_dir(struct vz_config *config)
{
	const char *dir = getenv("STATE_DIRECTORY"), *home = getenv("HOME");
	char path[PATH_MAX];

	if (config->state_dir)
		return 0;
	if (!dir && getenv("XDG_STATE_HOME")) {
		snprintf(path, sizeof(path), "%s/vizyd", getenv("XDG_STATE_HOME"));
		dir = path;
	} else if (!dir && home && *home) {
		snprintf(path, sizeof(path), "%s/.local/state/vizyd", home);
		dir = path;
	}
	return dir ? vz_config_set(config, "daemon", "state_dir", dir, NULL) : 0;
}

static int list_plugins(const struct vz_config *config)
{
	int r = vz_plugins_list(config, stdout);

	return r < 0 ? fail("%s: %s", config->plugin_dir, strerror(-r)) : 0;
}

static int run(const struct vz_config *config)
{
	VZ_CLEANUP(vz_daemon_freep) struct vz_daemon *daemon = NULL;
	sigset_t signals;
	int r;

	/* Blocked before the first thread, so that every thread inherits it; the loop reads them.
	 */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);

	r = vz_daemon_new(config, &daemon);
	if (r < 0)
		return r;
	return vz_daemon_run(daemon);
}

static int perform(enum task task, const struct vz_config *config)
{
	switch (task) {
	case TASK_CHECK:
		return vz_daemon_check_gpio(config);
	case TASK_LIST:
		return list_plugins(config);
	case TASK_SERVE:
		break;
	}
	return run(config);
}

int main(int argc, char **argv)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	enum task task = TASK_SERVE;
	int r;

	vz_heap_init();
	r = vz_config_new(&config);
	if (r == 0)
		r = read_config(argc, argv, config, &task);
	if (r > 0)
		return EXIT_SUCCESS;
	if (r == 0)
		r = find_ui_dir(config);
	if (r == 0)
		r = find_state_dir(config);
	if (r == 0)
		r = perform(task, config);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
