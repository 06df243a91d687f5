#include "plugin/module.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "loop/loop.h"
#include "plugin/module-private.h"
#include "plugin/plugins-private.h"

#define OPTIONAL "?optional"

/* --- What it says of itself ----------------------------------------------------------------- */

const char *vz_module_get_name(const struct vz_module *module)
{
	return module->name;
}

enum vz_module_state vz_module_get_state(const struct vz_module *module)
{
	return module->state;
}

const char *vz_module_state_name(enum vz_module_state state)
{
	static const char *const names[] = {
		[VZ_MODULE_ABSENT] = "absent",	   [VZ_MODULE_FAILED] = "failed",
		[VZ_MODULE_DISABLED] = "disabled", [VZ_MODULE_RUNNING] = "running",
		[VZ_MODULE_STOPPING] = "stopping",
	};

	return names[state];
}

const char *vz_module_get_text(const struct vz_module *module)
{
	return module->text ? module->text : "";
}

const char *vz_module_get_version(const struct vz_module *module)
{
	return module->manifest.plugin.version;
}

const char *vz_module_get_description(const struct vz_module *module)
{
	return module->manifest.plugin.description;
}

const char *vz_module_get_path(const struct vz_module *module)
{
	return module->path;
}

unsigned vz_module_n_running(struct vz_module *module)
{
	unsigned n;

	pthread_mutex_lock(&module->mutex);
	n = module->n_running;
	pthread_mutex_unlock(&module->mutex);
	return n;
}

int64_t vz_module_busy_us(struct vz_module *module)
{
	const struct vz_stay *oldest;
	int64_t since_us = INT64_MAX, now_us = vz_loop_now_us(module->plugins->options.loop);

	pthread_mutex_lock(&module->mutex);
	oldest = vz_list_first(&module->stays, struct vz_stay, in_module);
	if (oldest)
		since_us = oldest->since_us;
	pthread_mutex_unlock(&module->mutex);
	return since_us < now_us ? now_us - since_us : 0;
}

const struct vz_module_tab *vz_module_get_tab(const struct vz_module *module, unsigned index)
{
	const struct vz_tab *tab;

	vz_list_for_each(tab, &module->tabs, in_module)
	{
		if (!index--)
			return &tab->tab;
	}
	return NULL;
}

__attribute__((format(printf, 2, 0))) static void set_text(char **text, const char *format,
							   va_list args)
{
	char *made;

	if (vasprintf(&made, format, args) < 0)
		made = NULL;
	free(*text);
	*text = made;
}

int vz_module_set_state(struct vz_module *module, enum vz_module_state state, int r,
			const char *format, ...)
{
	va_list args;

	module->state = state;
	va_start(args, format);
	set_text(&module->text, format, args);
	va_end(args);
	vz_plugins_change(module->plugins);
	return r;
}

int vz_module_set_error(struct vz_module *module, int r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_text(&module->error, format, args);
	va_end(args);
	return r;
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_module_new(struct vz_plugins *plugins, const char *word, struct vz_module **ret)
{
	VZ_CLEANUP(vz_module_freep) struct vz_module *module = calloc(1, sizeof(*module));
	const char *mark = strchr(word, '?');

	if (!module)
		return -ENOMEM;
	module->plugins = plugins;
	module->fd = -1;
	pthread_mutex_init(&module->mutex, NULL);
	vz_list_init(&module->in_plugins);
	vz_list_init(&module->registrations);
	vz_list_init(&module->withdrawn);
	vz_list_init(&module->stays);
	vz_list_init(&module->tabs);
	module->state = VZ_MODULE_ABSENT;
	module->is_optional = mark && !strcmp(mark, OPTIONAL);
	module->name = mark ? strndup(word, (size_t) (mark - word)) : strdup(word);
	if (!module->name)
		return -ENOMEM;
	if ((mark && !module->is_optional) || !vz_manifest_check_name(module->name))
		return -EINVAL;
	if (asprintf(&module->path, "%s/%s.so", plugins->options.config->plugin_dir, module->name) <
	    0) {
		module->path = NULL;
		return -ENOMEM;
	}
	*ret = vz_steal(module);
	return 0;
}

void vz_module_release(struct vz_module *module)
{
	bool is_last;

	vz_list_remove(&module->in_plugins);
	pthread_mutex_lock(&module->mutex);
	module->is_released = true;
	is_last = module->n_posts == 0;
	pthread_mutex_unlock(&module->mutex);
	if (is_last)
		(void) vz_module_free(module);
}

struct vz_module *vz_module_free(struct vz_module *module)
{
	if (!module)
		return NULL;
	vz_list_remove(&module->in_plugins);
	vz_host_forget_withdrawn(module);
	pthread_mutex_destroy(&module->mutex);
	free(module->name);
	free(module->path);
	free(module->text);
	free(module->error);
	free(module);
	return NULL;
}
