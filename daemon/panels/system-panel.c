#include "panels/system-panel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app.h"
#include "loop/loop.h"
#include "panels/admin.h"
#include "plugin/plugins.h"
#include "util/buf.h"
#include "util/log.h"
#include "vizyd/components.h"

#define NOTE_ID	    "system-note"
#define NEWS_ID	    "system-configuration"
#define COUNTERS_ID "system-counters"
#define REFRESH_US  2000000
#define BUSY_US	    2000000 /* what a call may well take is not worth a word */

/* The button of one plugin. */
struct binding {
	struct vz_system_panel *panel;
	struct vz_module *module;
	struct vz_callback *callback;
};

struct vz_system_panel {
	struct vz_system_panel_options options;
	struct vz_timer *refresh;
	struct vz_client_listener *listener;
	struct binding *bindings;
	unsigned n_bindings;
	bool connected;
	char *news; /* of the configuration; NULL: none */
};

static void make_id(char id[64], const struct vz_module *module, const char *what)
{
	(void) snprintf(id, 64, "system-%s-%s", vz_module_get_name(module), what);
}

/* --- What it says --------------------------------------------------------------------------- */

static struct json_object *state_text(struct vz_module *module)
{
	const char *text = vz_module_get_text(module);
	int64_t busy_us = vz_module_busy_us(module);
	const char *state = vz_module_state_name(vz_module_get_state(module));

	if (busy_us >= BUSY_US)
		return vz_textf("%s; a callback of it has been running for %" PRId64 " s%s%s",
				state, busy_us / 1000000, *text ? "; " : "", text);
	return *text ? vz_textf("%s: %s", state, text) : vz_textf("%s", state);
}

static struct json_object *counters_text(const struct vz_system_panel *panel)
{
	const struct vz_app_counters *counters = vz_app_get_counters(panel->options.app);

	return vz_textf("Browsers: %u · callbacks: %" PRIu64 " run, %" PRIu64 " failed, %" PRIu64
			" overdue",
			vz_app_n_clients(panel->options.app), counters->callbacks_run,
			counters->callbacks_failed, counters->callbacks_overdue);
}

static struct json_object *admin_text(const struct vz_system_panel *panel)
{
	return vz_textf("%s may load plugins anew.",
			vz_admin_text(panel->options.app, panel->options.admin));
}

static void push_if_new(struct vz_system_panel *panel, const char *id, struct json_object *text)
{
	struct json_object *now = vz_app_get(panel->options.app, id, "children");

	if (text &&
	    (!now || strcmp(json_object_get_string(now), json_object_get_string(text)) != 0))
		(void) vz_app_push(panel->options.app, id, "children", text);
	else
		json_object_put(text);
}

void vz_system_panel_update(struct vz_system_panel *panel)
{
	struct vz_module *module = NULL;
	char id[64];

	if (!panel->connected)
		return;
	while ((module = vz_plugins_next(panel->options.plugins, module))) {
		make_id(id, module, "state");
		push_if_new(panel, id, state_text(module));
	}
	push_if_new(panel, COUNTERS_ID, counters_text(panel));
}

void vz_system_panel_update_soon(struct vz_system_panel *panel)
{
	if (panel)
		vz_timer_start(panel->refresh, 0);
}

/* Only while somebody may be looking. */
static void on_refresh(void *data)
{
	struct vz_system_panel *panel = data;

	if (vz_app_n_clients(panel->options.app)) {
		vz_system_panel_update(panel);
		vz_timer_start(panel->refresh, REFRESH_US);
	}
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	struct vz_system_panel *panel = data;

	if (event == VZ_CLIENT_CONNECTED && !vz_timer_is_running(panel->refresh))
		vz_timer_start(panel->refresh, 0);
}

/* --- What it does --------------------------------------------------------------------------- */

static int on_reload(struct vz_call *call, void *data)
{
	struct binding *binding = data;
	const char *name = vz_module_get_name(binding->module);
	int r;

	r = vz_module_reload_soon(binding->module);
	if (r < 0)
		return vz_call_fail(call, r, "cannot reload %s: %s", name, strerror(-r));
	vz_log(PANEL, NOTICE, "%s asks to load %s anew", vz_admin_who(call), name);
	return vz_call_set(call, NOTE_ID, "children", vz_textf("Loading %s …", name));
}

/* --- Layout --------------------------------------------------------------------------------- */

static const char *button_text(const struct vz_module *module)
{
	switch (vz_module_get_state(module)) {
	case VZ_MODULE_RUNNING:
	case VZ_MODULE_STOPPING:
		return "Reload";
	case VZ_MODULE_DISABLED:
		return "Enable";
	default:
		return "Load";
	}
}

static struct json_object *render_module(struct vz_module *module)
{
	char state_id[64], button_id[64];

	make_id(state_id, module, "state");
	make_id(button_id, module, "reload");
	/* clang-format off */
	return vz_html_div(.className = "vz-plugin", .children = vz_array(
		vz_html_div(.className = "vz-plugin-text", .children = vz_array(
			vz_html_span(.className = "vz-plugin-name", .children = vz_textf("%s %s",
				vz_module_get_name(module), vz_module_get_version(module))),
			vz_html_p(.children = vz_text(vz_module_get_description(module))),
			vz_html_p(.id = state_id, .className = "vz-plugin-state",
				.children = state_text(module)))),
		vz_html_button(.id = button_id, .className = "vz-button", .n_clicks = 0,
			.title = vz_module_get_path(module),
			.children = vz_text(button_text(module)))));
	/* clang-format on */
}

static void clear_bindings(struct vz_system_panel *panel)
{
	panel->connected = false;
	for (unsigned i = 0; i < panel->n_bindings; i++)
		(void) vz_callback_free(panel->bindings[i].callback);
	free(vz_steal(panel->bindings));
	panel->n_bindings = 0;
}

struct json_object *vz_system_panel_render(struct vz_system_panel *panel)
{
	struct json_object *rows =
		vz_array(vz_html_h2(.className = "vz-group-title", .children = vz_text("Plugins")));
	struct vz_module *module = NULL;

	clear_bindings(panel);
	while ((module = vz_plugins_next(panel->options.plugins, module)))
		vz_array_add(&rows, render_module(module));
	if (panel->news)
		vz_array_add(&rows, vz_html_p(.id = NEWS_ID, .className = "vz-note",
					      .children = vz_text(panel->news)));
	vz_array_add(&rows, vz_html_p(.id = NOTE_ID, .className = "vz-note", .role = "status",
				      .children = admin_text(panel)));
	/* clang-format off */
	return vz_html_div(.className = "vz-controls", .children = vz_array(
		vz_html_section(.className = "vz-group", .children = rows),
		vz_html_section(.className = "vz-group", .children = vz_array(
			vz_html_h2(.className = "vz-group-title", .children = vz_text("Server")),
			vz_html_p(.id = COUNTERS_ID, .className = "vz-note",
				.children = counters_text(panel))))));
	/* clang-format on */
}

struct json_object *vz_system_panel_render_notice(struct vz_system_panel *panel)
{
	struct json_object *lines = vz_array();
	struct vz_module *module = NULL;
	unsigned n = 0;

	while ((module = vz_plugins_next(panel->options.plugins, module))) {
		if (vz_module_get_state(module) != VZ_MODULE_DISABLED)
			continue;
		vz_array_add(&lines,
			     vz_html_p(.children =
					       vz_textf("The plugin %s is disabled: %s. It can be "
							"enabled under System.",
							vz_module_get_name(module),
							vz_module_get_text(module))));
		n++;
	}
	if (n)
		return vz_html_div(.className = "vz-notice", .role = "alert", .children = lines);
	json_object_put(lines);
	return VZ_NULL;
}

int vz_system_panel_set_news(struct vz_system_panel *panel, const char *text)
{
	char *news = NULL;

	if (!strcmp(text ? text : "", panel->news ? panel->news : ""))
		return 0;
	if (text && *text) {
		news = strdup(text);
		if (!news)
			return -ENOMEM;
	}
	free(panel->news);
	panel->news = news;
	return 1;
}

bool vz_system_panel_has_news(const struct vz_system_panel *panel)
{
	return panel->news;
}

static int count_modules(struct vz_system_panel *panel)
{
	struct vz_module *module = NULL;
	int n = 0;

	while ((module = vz_plugins_next(panel->options.plugins, module)))
		n++;
	return n;
}

static int bind(struct vz_system_panel *panel, struct vz_module *module)
{
	struct binding *binding = &panel->bindings[panel->n_bindings];
	char input[80];
	struct vz_callback_spec spec = {
		.inputs = VZ_IDS(input),
		/* Private: what it answers is for who asked. */
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.fn = on_reload,
		.data = binding,
		.needs = VZ_ROLE_ADMIN,
	};

	(void) snprintf(input, sizeof(input), "system-%s-reload.n_clicks",
			vz_module_get_name(module));
	*binding = (struct binding){ .panel = panel, .module = module };
	panel->n_bindings++;
	return vz_app_add_callback(panel->options.app, &spec, &binding->callback);
}

int vz_system_panel_connect(struct vz_system_panel *panel)
{
	struct vz_module *module = NULL;
	int r = 0;

	panel->bindings = calloc((size_t) count_modules(panel) + 1, sizeof(*panel->bindings));
	if (!panel->bindings)
		return -ENOMEM;
	while (r >= 0 && (module = vz_plugins_next(panel->options.plugins, module)))
		r = bind(panel, module);
	panel->connected = r >= 0;
	if (panel->connected)
		vz_timer_start(panel->refresh, 0);
	return r;
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_system_panel_new(const struct vz_system_panel_options *options, struct vz_system_panel **ret)
{
	VZ_CLEANUP(vz_system_panel_freep)
	struct vz_system_panel *panel = calloc(1, sizeof(*panel));
	int r;

	if (!panel)
		return -ENOMEM;
	panel->options = *options;
	r = vz_timer_new(options->loop, on_refresh, panel, &panel->refresh);
	if (r >= 0)
		r = vz_app_add_client_listener(options->app, on_client, panel, &panel->listener);
	if (r < 0)
		return r;
	*ret = vz_steal(panel);
	return 0;
}

struct vz_system_panel *vz_system_panel_free(struct vz_system_panel *panel)
{
	if (!panel)
		return NULL;
	clear_bindings(panel);
	if (panel->listener)
		(void) vz_client_listener_free(panel->listener);
	panel->refresh = vz_timer_free(panel->refresh);
	free(panel->news);
	free(panel);
	return NULL;
}
