#include "plugin/plugins.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "loop/loop.h"
#include "plugin/crashes.h"
#include "plugin/module-private.h"
#include "plugin/plugins-private.h"
#include "util/log.h"

/* --- The configuration ---------------------------------------------------------------------- */

static int add_module(struct vz_plugins *plugins, const char *word)
{
	struct vz_module *module = NULL;
	int r = vz_module_new(plugins, word, &module);

	if (r == -EINVAL)
		return vz_log_errno(PLUGIN, r,
				    "[plugins] load: expected names such as 'example' or "
				    "'robots?optional', found '%s'",
				    word);
	if (r < 0)
		return r;
	if (vz_plugins_find(plugins, module->name)) {
		vz_log(PLUGIN, NOTICE, "[plugins] load names %s twice", module->name);
		(void) vz_module_free(module);
		return 0;
	}
	vz_list_add(&plugins->modules, &module->in_plugins);
	return 0;
}

static int add_line(struct vz_plugins *plugins, const char *line)
{
	VZ_CLEANUP(vz_freep) char *words = strdup(line);
	char *rest = NULL, *word;
	int r = words ? 0 : -ENOMEM;

	for (word = words ? strtok_r(words, " \t,", &rest) : NULL; word && !r;
	     word = strtok_r(NULL, " \t,", &rest))
		r = add_module(plugins, word);
	return r;
}

struct json_object *vz_plugins_get_config(struct vz_plugins *plugins, const char *name)
{
	struct json_object *object = json_object_new_object();
	const struct vz_config_value *value = plugins->options.config->plugin_values;

	for (; object && value; value = value->next) {
		struct json_object *text;

		if (strcmp(value->name, name))
			continue;
		text = json_object_new_string(value->value);
		if (!text || json_object_object_add(object, value->key, text) < 0) {
			json_object_put(text);
			json_object_put(object);
			object = NULL;
		}
	}
	return object;
}

/* --- Changes -------------------------------------------------------------------------------- */

static void on_change(void *data)
{
	struct vz_plugins *plugins = data;

	plugins->options.changed(plugins->options.data);
}

void vz_plugins_change(struct vz_plugins *plugins)
{
	if (!plugins->is_quiet)
		vz_timer_start(plugins->change, 0);
}

/* --- Walking -------------------------------------------------------------------------------- */

struct vz_module *vz_plugins_next(struct vz_plugins *plugins, struct vz_module *module)
{
	struct vz_list *next = module ? module->in_plugins.next : plugins->modules.next;

	return next == &plugins->modules ? NULL : vz_list_entry(next, struct vz_module, in_plugins);
}

struct vz_module *vz_plugins_find(struct vz_plugins *plugins, const char *name)
{
	struct vz_module *module = NULL;

	while ((module = vz_plugins_next(plugins, module)))
		if (!strcmp(module->name, name))
			return module;
	return NULL;
}

struct vz_module *vz_plugins_find_busy(struct vz_plugins *plugins, int64_t busy_us)
{
	struct vz_module *module = NULL;

	while ((module = vz_plugins_next(plugins, module)))
		if (vz_module_busy_us(module) >= busy_us)
			return module;
	return NULL;
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_plugins_new(const struct vz_plugins_options *options, struct vz_plugins **ret)
{
	VZ_CLEANUP(vz_plugins_freep) struct vz_plugins *plugins = calloc(1, sizeof(*plugins));
	int r;

	if (!plugins)
		return -ENOMEM;
	plugins->options = *options;
	vz_list_init(&plugins->modules);
	r = vz_timer_new(options->loop, on_change, plugins, &plugins->change);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < options->config->plugins.n_items; i++) {
		r = add_line(plugins, options->config->plugins.items[i]);
		if (r < 0)
			return r;
	}
	*ret = vz_steal(plugins);
	return 0;
}

void vz_plugins_load(struct vz_plugins *plugins)
{
	struct vz_module *module = NULL;

	if (vz_plugins_next(plugins, NULL))
		vz_crashes_begin(plugins, plugins->options.ledger_dir);
	while ((module = vz_plugins_next(plugins, module)))
		(void) vz_module_load(module);
	/* The caller makes the page for the first time. */
	vz_timer_stop(plugins->change);
}

struct vz_plugins *vz_plugins_free(struct vz_plugins *plugins)
{
	struct vz_module *module, *next;
	bool is_left = false;

	if (!plugins)
		return NULL;
	plugins->is_quiet = true;
	for (module = vz_plugins_next(plugins, NULL); module; module = next) {
		next = vz_plugins_next(plugins, module);
		module->is_loading = false;
		vz_module_stop(module);
		if (!vz_module_n_running(module)) {
			vz_module_release(module);
			continue;
		}
		/* Its code runs on: what that may touch has to stay, and nobody waits for its end.
		 */
		vz_module_abandon(module);
		vz_log(PLUGIN, WARNING, "A call of %s still runs", module->name);
		is_left = true;
	}
	vz_crashes_end(plugins);
	plugins->forget = vz_timer_free(plugins->forget);
	plugins->change = vz_timer_free(plugins->change);
	if (!is_left)
		free(plugins);
	return NULL;
}
