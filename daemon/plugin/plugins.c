#include "plugin/plugins.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/changes.h"
#include "config/config.h"
#include "loop/loop.h"
#include "plugin/crashes.h"
#include "plugin/module-private.h"
#include "plugin/plugins-private.h"
#include "util/log.h"

/* --- The configuration ---------------------------------------------------------------------- */

static int add_module(struct vz_plugins *plugins, const char *word, struct vz_module **ret)
{
	struct vz_module *module = NULL, *same;
	int r = vz_module_new(plugins, word, &module);

	if (r == -EINVAL)
		return vz_log_errno(PLUGIN, r,
				    "[plugins] load: expected names such as 'example' or "
				    "'robots?optional', found '%s'",
				    word);
	if (r < 0)
		return r;
	same = vz_plugins_find(plugins, module->name);
	if (same) {
		same->is_optional = module->is_optional;
		(void) vz_module_free(module);
		module = same;
	} else {
		vz_list_add(&plugins->modules, &module->in_plugins);
	}
	*ret = module;
	return 0;
}

/* Calls @fn for each word of the configuration's lists, until it returns a negative errno. */
static int for_each_word(struct vz_plugins *plugins,
			 int (*fn)(struct vz_plugins *plugins, const char *word))
{
	const struct vz_config_list *lines = &plugins->options.config->plugins;
	int r = 0;

	for (unsigned i = 0; i < lines->n_items && !r; i++) {
		VZ_CLEANUP(vz_freep) char *words = strdup(lines->items[i]);
		char *rest = NULL, *word;

		if (!words)
			return -ENOMEM;
		for (word = strtok_r(words, " \t,", &rest); word && !r;
		     word = strtok_r(NULL, " \t,", &rest))
			r = fn(plugins, word);
	}
	return r;
}

static int add_word(struct vz_plugins *plugins, const char *word)
{
	struct vz_module *module = NULL;
	int r = add_module(plugins, word, &module);

	if (r == 0 && module->is_named)
		vz_log(PLUGIN, NOTICE, "[plugins] load names %s twice", module->name);
	else if (r == 0)
		module->is_named = true;
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
	vz_list_init(&plugins->leaving);
	r = vz_timer_new(options->loop, on_change, plugins, &plugins->change);
	if (r < 0)
		return r;
	r = for_each_word(plugins, add_word);
	if (r < 0)
		return r;
	*ret = vz_steal(plugins);
	return 0;
}

static void begin_crashes(struct vz_plugins *plugins)
{
	if (!plugins->has_begun)
		vz_crashes_begin(plugins, plugins->options.ledger_dir);
	plugins->has_begun = true;
}

void vz_plugins_load(struct vz_plugins *plugins)
{
	struct vz_module *module = NULL;

	if (vz_plugins_next(plugins, NULL))
		begin_crashes(plugins);
	while ((module = vz_plugins_next(plugins, module)))
		(void) vz_module_load(module);
	/* The caller makes the page for the first time. */
	vz_timer_stop(plugins->change);
}

/* --- Another configuration ------------------------------------------------------------------ */

/* To the end, so that all are in the order of the configuration. */
static int follow_word(struct vz_plugins *plugins, const char *word)
{
	struct vz_module *module = NULL;
	int r = add_module(plugins, word, &module);

	if (r < 0)
		return r;
	module->is_named = true;
	vz_list_remove(&module->in_plugins);
	vz_list_add(&plugins->modules, &module->in_plugins);
	return 0;
}

static void leave_unnamed(struct vz_plugins *plugins)
{
	struct vz_module *module, *next;

	for (module = vz_plugins_next(plugins, NULL); module; module = next) {
		next = vz_plugins_next(plugins, module);
		if (!module->is_named)
			vz_module_leave(module);
	}
}

static void load_changed(struct vz_plugins *plugins, const struct vz_config *before)
{
	struct vz_module *module = NULL;
	char section[96];

	if (vz_plugins_next(plugins, NULL))
		begin_crashes(plugins);
	while ((module = vz_plugins_next(plugins, module))) {
		(void) snprintf(section, sizeof(section), "plugin %s", module->name);
		if (!module->generation)
			(void) vz_module_load(module);
		else if (vz_config_section_differs(plugins->options.config, before, section))
			(void) vz_module_reload(module);
	}
}

int vz_plugins_update(struct vz_plugins *plugins, const struct vz_config *before)
{
	struct vz_module *module = NULL;
	int r;

	while ((module = vz_plugins_next(plugins, module)))
		module->is_named = false;
	r = for_each_word(plugins, follow_word);
	/* Rather one too many than one that nobody wanted to lose. */
	if (r == 0)
		leave_unnamed(plugins);
	load_changed(plugins, before);
	return r;
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
	vz_list_for_each(module, &plugins->leaving, in_plugins)
	{
		vz_module_abandon(module);
		is_left = true;
	}
	vz_crashes_end(plugins);
	plugins->forget = vz_timer_free(plugins->forget);
	plugins->change = vz_timer_free(plugins->change);
	if (!is_left)
		free(plugins);
	return NULL;
}
