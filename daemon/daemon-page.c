/*
 * The page in the daemon: the camera's panel, the recorder's, a tab for each that a plugin adds,
 * the GPIO lines, and the System panel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "daemon-private.h"
#include "dash/app.h"
#include "gpio/gpio.h"
#include "motionscope-module.h"
#include "panels/account-panel.h"
#include "panels/camera-panel.h"
#include "panels/gpio-panel.h"
#include "panels/own-password.h"
#include "panels/page.h"
#include "panels/system-panel.h"
#include "panels/users-panel.h"
#include "plugin/plugins.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/component.h"

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

/* The tabs of the plugins up to @last, or of all if NULL. */
static unsigned collect_tabs(struct vz_daemon *daemon, const struct vz_module *last,
			     struct vz_page_tab *tabs)
{
	const struct vz_module_tab *tab;
	struct vz_module *module = NULL;
	unsigned n = 0;

	while ((module = vz_plugins_next(daemon->plugins, module))) {
		for (unsigned i = 0; (tab = vz_module_get_tab(module, i)); i++)
			tabs[n++] = (struct vz_page_tab){ tab->label, vz_module_get_name(module), i,
							  tab->component };
		if (module == last)
			break;
	}
	return n;
}

/* What stands on the page beside the camera and what plugins add; NULL: none of it. */
struct extras {
	struct vz_motionscope_page motionscope;
	struct json_object *lines, *users, *system, *notice;
};
#define MAX_EXTRAS (sizeof(struct extras) / sizeof(struct json_object *))

static void add_tab(struct vz_page *page, struct vz_page_tab *tabs, const char *label,
		    const char *owner, struct json_object *component, const char *class_name)
{
	if (component)
		tabs[page->n_tabs++] =
			(struct vz_page_tab){ label, owner, 0, component, class_name };
}

static int build_with(struct vz_daemon *daemon, const struct vz_module *last,
		      const struct extras *extras)
{
	VZ_CLEANUP(vz_freep)
	struct vz_page_tab *tabs = calloc(count_tabs(daemon) + MAX_EXTRAS, sizeof(*tabs));
	struct vz_page page = { .title = daemon->config->title,
				.below = extras->motionscope.below,
				.camera = daemon->panel,
				.account = daemon->account };

	if (!tabs)
		return -ENOMEM;
	page.tabs = tabs;
	add_tab(&page, tabs, "Capture", "capture", extras->motionscope.capture, NULL);
	add_tab(&page, tabs, "Process", "process", extras->motionscope.process, NULL);
	add_tab(&page, tabs, "Analyze", "analyze", extras->motionscope.analyze, NULL);
	page.n_tabs += collect_tabs(daemon, last, tabs + page.n_tabs);
	add_tab(&page, tabs, "Lines", "gpio", extras->lines, NULL);
	add_tab(&page, tabs, "Users", "users", extras->users, VZ_ADMINS_CLASS);
	add_tab(&page, tabs, "System", "system", extras->system, NULL);
	page.notice = extras->notice;
	return vz_page_build(daemon->app, &page);
}

/* Without plugins there is nothing for the System panel to say, nor without lines for theirs. */
static int render_extras(struct vz_daemon *daemon, struct extras *extras)
{
	int r = daemon->motionscope->render(daemon, &extras->motionscope);

	if (r < 0)
		return r;
	if (vz_gpio_next_line(daemon->gpio, NULL)) {
		extras->lines = vz_gpio_panel_render(daemon->gpio_panel);
		if (!extras->lines)
			return -ENOMEM;
	}
	if (daemon->has_login) {
		extras->users = vz_users_panel_render(daemon->users_panel);
		if (!extras->users)
			return -ENOMEM;
	}
	if (!vz_plugins_next(daemon->plugins, NULL) &&
	    !vz_system_panel_has_news(daemon->system_panel))
		return 0;
	extras->system = vz_system_panel_render(daemon->system_panel);
	extras->notice = vz_system_panel_render_notice(daemon->system_panel);
	if (!extras->system || !extras->notice)
		return -ENOMEM;
	if (extras->notice == VZ_NULL)
		extras->notice = NULL;
	return 0;
}

static int connect_extras(struct vz_daemon *daemon, const struct extras *extras)
{
	int r;

	r = daemon->motionscope->connect(daemon);
	if (r >= 0 && extras->lines)
		r = vz_gpio_panel_connect(daemon->gpio_panel);
	if (r >= 0 && extras->users)
		r = vz_users_panel_connect(daemon->users_panel);
	if (r >= 0 && extras->users)
		r = vz_own_password_connect(daemon->own_password);
	if (r >= 0 && extras->system)
		r = vz_system_panel_connect(daemon->system_panel);
	return r < 0 ? r : vz_daemon_follow(daemon);
}

/* The page as it shall be, up to what @last adds. */
static int build(struct vz_daemon *daemon, const struct vz_module *last)
{
	struct extras extras = { 0 };
	int r;

	r = render_extras(daemon, &extras);
	if (r >= 0)
		r = build_with(daemon, last, &extras);
	if (r >= 0)
		r = connect_extras(daemon, &extras);
	json_object_put(extras.motionscope.process);
	json_object_put(extras.motionscope.analyze);
	json_object_put(extras.motionscope.capture);
	if (extras.motionscope.below != VZ_NULL)
		json_object_put(extras.motionscope.below);
	json_object_put(extras.lines);
	json_object_put(extras.users);
	json_object_put(extras.system);
	if (extras.notice != VZ_NULL)
		json_object_put(extras.notice);
	return r;
}

/*
 * Which plugin keeps the page from being built is found by adding them one by one: it goes, the
 * others stay. Returns false when it is none.
 */
static bool refuse_culprit(struct vz_daemon *daemon)
{
	struct vz_module *module = NULL;

	while ((module = vz_plugins_next(daemon->plugins, module))) {
		if (!vz_module_get_tab(module, 0) || build(daemon, module) >= 0)
			continue;
		vz_module_refuse(module, vz_app_last_error(daemon->app));
		return true;
	}
	return false;
}

static int build_all(struct vz_daemon *daemon)
{
	int r = build(daemon, NULL);

	while (r < 0 && r != -ENOMEM && refuse_culprit(daemon))
		r = build(daemon, NULL);
	return r;
}

void vz_daemon_rebuild_page(struct vz_daemon *daemon)
{
	int r;

	/* Before the tabs are told to load the page anew. */
	vz_daemon_set_assets(daemon);
	r = build_all(daemon);

	if (r < 0) {
		(void) vz_log_errno(DAEMON, r, "Cannot build the new page (%s)",
				    vz_app_last_error(daemon->app));
		return;
	}
	/* Callbacks that are new are called as at the start. */
	(void) vz_app_start(daemon->app);
}

static void rebuild_page(void *data)
{
	vz_daemon_rebuild_page(data);
}

static int make_plugins(struct vz_daemon *daemon)
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
	struct vz_system_panel_options panel_options = {
		.loop = daemon->loop,
		.app = daemon->app,
		.admin = daemon->config->admin,
	};
	int r;

	r = vz_plugins_new(&options, &daemon->plugins);
	if (r < 0)
		return r;
	panel_options.plugins = daemon->plugins;
	r = vz_system_panel_new(&panel_options, &daemon->system_panel);
	if (r < 0)
		return r;
	vz_plugins_load(daemon->plugins);
	return 0;
}

static int make_account(struct vz_daemon *daemon)
{
	const struct vz_account_panel_options options = {
		.loop = daemon->loop,
		.app = daemon->app,
		.admin = daemon->config->admin,
		.prefix = daemon->config->prefix,
	};
	int r = vz_account_panel_new(&options, &daemon->account);

	if (r >= 0)
		r = vz_users_panel_new(daemon->loop, daemon->app, daemon->users,
				       &daemon->users_panel);
	return r < 0 ? r : vz_own_password_new(daemon->app, daemon->users, &daemon->own_password);
}

int vz_daemon_make_page(struct vz_daemon *daemon)
{
	int r;

	r = make_account(daemon);
	if (r < 0)
		return r;

	r = vz_camera_panel_new(daemon->app, daemon->camera, &daemon->panel);
	if (r < 0)
		return r;
	vz_camera_panel_on_rebuild(daemon->panel, rebuild_page, daemon);
	r = make_plugins(daemon);
	if (r < 0)
		return r;
	r = build_all(daemon);
	if (r < 0)
		return vz_log_errno(DAEMON, r, "Cannot build the page (%s)",
				    vz_app_last_error(daemon->app));
	return vz_app_start(daemon->app);
}

void vz_daemon_append_plugins_status(struct vz_buf *buf, struct vz_daemon *daemon)
{
	struct vz_module *module = NULL;
	const char *comma = "";

	vz_buf_puts(buf, ",\"plugins\":{");
	while ((module = vz_plugins_next(daemon->plugins, module))) {
		/* Names are such that they need no escaping. */
		vz_buf_printf(buf, "%s\"%s\":\"%s\"", comma, vz_module_get_name(module),
			      vz_module_state_name(vz_module_get_state(module)));
		comma = ",";
	}
	vz_buf_putc(buf, '}');
}
