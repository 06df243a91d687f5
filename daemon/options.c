#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "util/log.h"

enum {
	OPTION_CONFIG = 256,
	OPTION_CHECK,
	OPTION_KEY,
	OPTION_LIST,
	OPTION_RESET,
	OPTION_RECORDINGS,
	OPTION_SAMPLE,
	OPTION_VERSION,
	OPTION_HELP
};

static const char usage[] =
	"Usage: vizyd [OPTION]...\n"
	"       vizyd user add|passwd|role|del|list|guests ... (see vizyd user --help)\n"
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
	"  --sample-config      print a configuration with every key, its default and what it "
	"means, and end\n"
	"  --factory-reset      forget all settings and users, and end; --with-recordings:\n"
	"                       recordings and uploaded clips too\n"
	"  --list-plugins       print the plugins in that folder, one a line, and end\n"
	"  --log LEVEL[,topic:LEVEL]\n"
	"                       error, warning, notice, info or debug; topics: daemon, dash, "
	"server,\n"
	"                       cam, panel, config, plugin, gpio, users\n"
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
	{ "sample-config", no_argument, NULL, OPTION_SAMPLE },
	{ "factory-reset", no_argument, NULL, OPTION_RESET },
	{ "with-recordings", no_argument, NULL, OPTION_RECORDINGS },
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

__attribute__((format(printf, 2, 3))) static int fail(char **ret_error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vasprintf(ret_error, format, args) < 0)
		*ret_error = NULL;
	va_end(args);
	return -EINVAL;
}

/* The first pass: what comes before the configuration, or in place of it. */
int vz_options_read(int argc, char **argv, struct vz_options *ret, char **ret_error)
{
	int c;

	*ret = (struct vz_options){ .argc = argc, .argv = argv };
	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case OPTION_CONFIG:
			ret->config_path = optarg;
			break;
		case OPTION_CHECK:
			ret->task = VZ_TASK_CHECK;
			break;
		case OPTION_LIST:
			ret->task = VZ_TASK_LIST;
			break;
		case OPTION_RESET:
			ret->task = VZ_TASK_RESET;
			break;
		case OPTION_RECORDINGS:
			ret->with_recordings = true;
			break;
		case OPTION_SAMPLE:
			ret->task = VZ_TASK_SAMPLE;
			return 0;
		case OPTION_VERSION:
			ret->task = VZ_TASK_VERSION;
			return 0;
		case OPTION_HELP:
			ret->task = VZ_TASK_HELP;
			return 0;
		case '?':
			fputs("Try 'vizyd --help'.\n", stderr);
			return -EINVAL;
		}
	}
	if (ret->with_recordings && ret->task != VZ_TASK_RESET)
		return fail(ret_error, "--with-recordings: expected --factory-reset beside it");
	if (optind < argc)
		return fail(ret_error, "unexpected argument '%s'", argv[optind]);
	return 0;
}

void vz_options_print_usage(void)
{
	(void) fputs(usage, stdout);
}

static int set_from_option(struct vz_config *config, const char *option, const char *value,
			   char **ret_error)
{
	const char *expected = "";
	int r = -ENOENT;

	for (size_t i = 0; i < VZ_N_ELEMENTS(option_keys); i++)
		if (!strcmp(option_keys[i].option, option))
			r = vz_config_set(config, option_keys[i].section, option_keys[i].key, value,
					  &expected);
	if (r == -EINVAL)
		return fail(ret_error, "--%s: expected %s, found '%s'", option, expected, value);
	return r < 0 ? fail(ret_error, "--%s: %s", option, strerror(-r)) : 0;
}

static int read_keys(const struct vz_options *from, struct vz_config *config, char **ret_error)
{
	bool is_default = config->listen.is_default;
	int c, index = 0, r = 0;

	/* The command line replaces the file's addresses instead of adding to them. */
	config->listen.is_default = true;
	optind = 1;
	while (r == 0 && (c = getopt_long(from->argc, from->argv, "", options, &index)) != -1)
		if (c == OPTION_KEY)
			r = set_from_option(config, options[index].name, optarg, ret_error);
	config->listen.is_default &= is_default;
	return r;
}

/* A tree of one's own, such as meson's devenv: over the file, below the command line. */
static int read_environment(struct vz_config *config)
{
	const char *dir = getenv("VIZYD_PLUGIN_DIR");

	return dir && *dir ? vz_config_set(config, "plugins", "dir", dir, NULL) : 0;
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

int vz_options_load(const struct vz_options *from, struct vz_config **ret, char **ret_error)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	const char *path = from->config_path, *bad = NULL;
	int r;

	r = vz_config_new(&config);
	if (r < 0)
		return r;
	r = vz_config_load(config, path ? path : VZ_CONFIG_FILE, !path, ret_error);
	if (r == 0)
		r = read_environment(config);
	if (r == 0)
		r = read_keys(from, config, ret_error);
	if (r == 0)
		r = find_ui_dir(config);
	if (r == 0)
		r = find_state_dir(config);
	if (r < 0)
		return r;
	if (vz_log_check(config->log, &bad) < 0)
		return fail(ret_error, "log: expected LEVEL[,topic:LEVEL], found '%s'", bad);
	*ret = vz_steal(config);
	return 0;
}
