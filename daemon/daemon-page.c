/*
 * The page in the daemon: the camera's panel, and a tab for each that a plugin adds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "daemon-private.h"
#include "dash/app.h"
#include "panels/camera-panel.h"
#include "panels/page.h"
#include "plugin/plugins.h"
#include "util/log.h"

/* What has to outlive the process, not the machine, is not for the disk. */
static const char *ledger_dir(const struct vz_daemon *daemon)
{
	const char *dir = getenv("RUNTIME_DIRECTORY");

	return dir && *dir ? dir : daemon->config->state_dir;
}

static unsigned count_tabs(struct vz_daemon *daemon)
{
	struct vz_module *module = NULL;
	unsigned n = 0;

	while ((module = vz_plugins_next(daemon->plugins, module)))
		for (unsigned i = 0; vz_module_get_tab(module, i); i++)
			n++;
	return n;
}

static unsigned collect_tabs(struct vz_daemon *daemon, struct vz_page_tab *tabs)
{
	const struct vz_module_tab *tab;
	struct vz_module *module = NULL;
	unsigned n = 0;

	while ((module = vz_plugins_next(daemon->plugins, module)))
		for (unsigned i = 0; (tab = vz_module_get_tab(module, i)); i++)
			tabs[n++] = (struct vz_page_tab){ tab->label, vz_module_get_name(module), i,
							  tab->component };
	return n;
}

static int build(struct vz_daemon *daemon)
{
	VZ_CLEANUP(vz_freep)
	struct vz_page_tab *tabs = calloc(count_tabs(daemon) + 1, sizeof(*tabs));

	if (!tabs)
		return -ENOMEM;
	return vz_page_build(daemon->app, daemon->config->title, daemon->panel, tabs,
			     collect_tabs(daemon, tabs));
}

/* For other controls of the camera, and for plugins that come and go. */
static void rebuild_page(void *data)
{
	struct vz_daemon *daemon = data;
	int r = build(daemon);

	if (r < 0) {
		(void) vz_log_errno(DAEMON, r, "Cannot build the new page (%s)",
				    vz_app_last_error(daemon->app));
		return;
	}
	/* Callbacks that are new are called as at the start. */
	(void) vz_app_start(daemon->app);
}

int vz_daemon_make_page(struct vz_daemon *daemon)
{
	const struct vz_plugins_options options = {
		.loop = daemon->loop,
		.app = daemon->app,
		.state = daemon->state,
		.config = daemon->config,
		.ledger_dir = ledger_dir(daemon),
		.feeds = daemon->feeds,
		.changed = rebuild_page,
		.data = daemon,
	};
	int r;

	r = vz_camera_panel_new(daemon->app, daemon->camera, &daemon->panel);
	if (r < 0)
		return r;
	vz_camera_panel_on_rebuild(daemon->panel, rebuild_page, daemon);
	r = vz_plugins_new(&options, &daemon->plugins);
	if (r < 0)
		return r;
	vz_plugins_load(daemon->plugins);
	r = build(daemon);
	if (r < 0)
		return vz_log_errno(DAEMON, r, "Cannot build the page (%s)",
				    vz_app_last_error(daemon->app));
	return vz_app_start(daemon->app);
}
