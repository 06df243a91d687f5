/*
 * The scripts and styles that plugins add to the page: those in a folder beside the plugin's file,
 * robots.assets beside robots.so.
 */
#include <errno.h>
#include <string.h>

#include "daemon-private.h"
#include "plugin/plugins.h"
#include "server/server.h"
#include "util/cleanup.h"
#include "util/log.h"

#define MAX_DIRS 64

/* Where the assets of the plugin in the file @path are; to free(). NULL: no memory. */
static char *make_path(const char *path)
{
	size_t n = strlen(path);
	char *dir;

	if (n > 3 && !strcmp(path + n - 3, ".so"))
		n -= 3;
	return asprintf(&dir, "%.*s.assets", (int) n, path) < 0 ? NULL : dir;
}

void vz_daemon_set_assets(struct vz_daemon *daemon)
{
	struct vz_asset_dir dirs[MAX_DIRS + 1] = { { NULL, NULL } };
	char *paths[MAX_DIRS] = { NULL };
	struct vz_module *module = NULL;
	unsigned n = 0;
	int r = 0;

	if (!daemon->server)
		return;
	while (r >= 0 && n < MAX_DIRS && (module = vz_plugins_next(daemon->plugins, module))) {
		if (vz_module_get_state(module) != VZ_MODULE_RUNNING)
			continue;
		paths[n] = make_path(vz_module_get_path(module));
		if (!paths[n])
			r = -ENOMEM;
		else
			dirs[n] = (struct vz_asset_dir){ vz_module_get_name(module), paths[n] };
		n++;
	}
	if (r >= 0)
		r = vz_server_set_assets(daemon->server, dirs);
	if (r < 0)
		vz_warn_errno(DAEMON, r, "Cannot read the assets of the plugins");
	while (n--)
		free(paths[n]);
}
