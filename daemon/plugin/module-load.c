/*
 * How a module's file is loaded, and how it goes: also while a call of it still runs.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop/loop.h"
#include "plugin/crashes.h"
#include "plugin/module-private.h"
#include "plugin/plugins-private.h"
#include "plugin/tabs.h"
#include "util/json.h"
#include "util/log.h"

/* --- Loading -------------------------------------------------------------------------------- */

/* Calls init() and takes back what it registered when it fails. */
static int initialize(struct vz_module *module)
{
	VZ_CLEANUP(json_object_putp)
	struct json_object *config = vz_plugins_get_config(module->plugins, module->name);
	struct vz_visit visit;
	int r;

	if (!config)
		return vz_module_set_state(module, VZ_MODULE_FAILED, -ENOMEM, "out of memory");
	free(vz_steal(module->error));
	/* So that what it registers is heard of. */
	module->state = VZ_MODULE_RUNNING;
	visit = vz_visit_begin(module, "init()");
	r = module->plugin.init(module->plugins->options.app, config, &module->data);
	vz_visit_end(module, visit);
	if (r >= 0) {
		module->is_initialized = true;
		return vz_module_set_state(module, VZ_MODULE_RUNNING, 0, "%s", "");
	}
	/* What it was refused is nearer to the cause than the number. */
	return vz_module_set_state(module, VZ_MODULE_FAILED, r, "init() returned %d (%s)%s%s", r,
				   strerror(-r), module->error ? ": " : "",
				   module->error ? module->error : "");
}

static int open_library(struct vz_module *module)
{
	const struct vz_plugin *table;
	struct vz_visit visit;
	char path[64];

	/*
	 * By this name, and not as /proc/self/…, tools outside find the file too. No two that are
	 * loaded have the same, because the descriptor stays open: dlopen() would take them for
	 * one.
	 */
	(void) snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), module->fd);
	visit = vz_visit_begin(module, "a constructor");
	/* RTLD_LOCAL: two plugins may use one name for two things. */
	module->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	vz_visit_end(module, visit);
	if (!module->handle)
		return vz_module_set_state(module, VZ_MODULE_FAILED, -ELIBACC, "%s", dlerror());
	table = dlsym(module->handle, "vz_plugin");
	if (!table)
		return vz_module_set_state(module, VZ_MODULE_FAILED, -ELIBBAD, "%s", dlerror());

	/* An older header has a shorter table: what it lacks stays NULL here. */
	memset(&module->plugin, 0, sizeof(module->plugin));
	memcpy(&module->plugin, table, module->manifest.plugin.struct_size);
	if (!module->plugin.init || !module->plugin.host || !module->plugin.self)
		return vz_module_set_state(module, VZ_MODULE_FAILED, -ELIBBAD,
					   "its table has no init(), or was not made by "
					   "VZ_PLUGIN()");
	*module->plugin.host = &vz_host_table;
	*module->plugin.self = module;
	vz_ledger_set_code(module->name, table);
	return 0;
}

static void close_library(struct vz_module *module)
{
	struct vz_visit visit;
	char path[64];
	void *again = NULL;

	memset(&module->plugin, 0, sizeof(module->plugin));
	if (module->handle) {
		vz_ledger_set_code(module->name, NULL);
		(void) snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), module->fd);
		visit = vz_visit_begin(module, "a destructor");
		(void) dlclose(vz_steal(module->handle));
		vz_visit_end(module, visit);
		again = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
	}
	if (again) {
		/* Something in it asked to stay (a thread's variables, a GNU_UNIQUE symbol). Then
		 * its name must not be used again. */
		(void) dlclose(again);
		vz_log(PLUGIN, NOTICE, "%s stays in memory until the daemon ends", module->name);
	} else if (module->fd >= 0) {
		(void) close(module->fd);
	}
	module->fd = -1;
}

static int open_file(struct vz_module *module)
{
	int fd = vz_manifest_open(module->path, &module->manifest);

	if (fd == -ENOENT && module->is_optional)
		return vz_module_set_state(module, VZ_MODULE_ABSENT, fd, "%s is not there",
					   module->path);
	if (fd < 0)
		return vz_module_set_state(module, VZ_MODULE_FAILED, fd, "%s: %s", module->path,
					   module->manifest.error);
	module->fd = fd;
	if (!strcmp(module->manifest.plugin.name, module->name))
		return 0;
	return vz_module_set_state(module, VZ_MODULE_FAILED, -EINVAL,
				   "%s: expected the plugin '%s', found '%s'", module->path,
				   module->name, module->manifest.plugin.name);
}

static void log_load(const struct vz_module *module, int r)
{
	if (r == 0)
		vz_log_event(PLUGIN, INFO, PLUGIN, module->name, "%s %s is loaded from %s",
			     module->name, vz_module_get_version(module), module->path);
	else if (module->state == VZ_MODULE_ABSENT)
		vz_log(PLUGIN, INFO, "%s: %s; it is optional", module->name, module->text);
	else
		vz_log_event(PLUGIN, ERROR, PLUGIN_FAILED, module->name, "Cannot load %s: %s",
			     module->name, vz_module_get_text(module));
}

static int disable(struct vz_module *module)
{
	unsigned n = vz_crashes_count(module->plugins, module->name);

	vz_log_event(PLUGIN, ERROR, PLUGIN_DISABLED, module->name,
		     "%s stays disabled: it has crashed %u times in a row", module->name, n);
	return vz_module_set_state(module, VZ_MODULE_DISABLED, -EKEYREJECTED,
				   "it crashed %u times in a row, last %s", n,
				   vz_crashes_text(module->plugins, module->name));
}

int vz_module_load(struct vz_module *module)
{
	int r;

	module->generation++;
	if (vz_crashes_count(module->plugins, module->name) >= VZ_CRASHES_MAX)
		return disable(module);
	r = open_file(module);
	if (r >= 0)
		r = open_library(module);
	if (r >= 0)
		r = initialize(module);
	log_load(module, r < 0 ? r : 0);
	if (r < 0)
		vz_module_stop(module);
	return r < 0 ? r : 0;
}

/* --- Unloading ------------------------------------------------------------------------------ */

static void set_stopping(struct vz_module *module, bool is_stopping)
{
	pthread_mutex_lock(&module->mutex);
	module->is_stopping = is_stopping;
	pthread_mutex_unlock(&module->mutex);
}

static void on_left(void *data)
{
	vz_module_release(data);
}

static void finish(struct vz_module *module)
{
	struct vz_visit visit;

	set_stopping(module, false);
	vz_host_release_withdrawn(module);
	if (module->is_initialized && module->plugin.fini) {
		visit = vz_visit_begin(module, "fini()");
		module->plugin.fini(module->data);
		vz_visit_end(module, visit);
	}
	module->is_initialized = false;
	module->data = NULL;
	close_library(module);
	if (module->state == VZ_MODULE_STOPPING)
		(void) vz_module_set_state(module, VZ_MODULE_FAILED, 0, "it was unloaded");
	if (module->is_leaving) {
		/* Behind what is posted about it already. */
		vz_list_remove(&module->in_plugins);
		(void) vz_loop_post(module->plugins->options.loop, on_left, module);
	} else if (module->is_loading) {
		module->is_loading = false;
		(void) vz_module_load(module);
	}
}

void vz_module_leave(struct vz_module *module)
{
	vz_list_remove(&module->in_plugins);
	vz_list_add(&module->plugins->leaving, &module->in_plugins);
	module->is_leaving = true;
	module->is_loading = false;
	vz_log(PLUGIN, INFO, "%s is unloaded: the configuration names it no more", module->name);
	vz_module_stop(module);
}

void vz_module_stop(struct vz_module *module)
{
	if (module->state == VZ_MODULE_RUNNING)
		(void) vz_module_set_state(module, VZ_MODULE_STOPPING, 0,
					   "waits for a call that still runs");
	vz_host_withdraw_all(module);
	vz_tabs_free(module);
	set_stopping(module, true);
	if (!vz_module_n_running(module))
		finish(module);
}

void vz_module_abandon(struct vz_module *module)
{
	set_stopping(module, false);
}

int vz_module_reload(struct vz_module *module)
{
	module->is_loading = true;
	vz_crashes_forget(module->plugins, module->name);
	if (module->state == VZ_MODULE_STOPPING)
		return 0;
	vz_log_event(PLUGIN, NOTICE, PLUGIN, module->name, "%s is loaded anew", module->name);
	vz_module_stop(module);
	return module->state == VZ_MODULE_FAILED ? -EIO : 0;
}

static void on_reload(void *data)
{
	(void) vz_module_reload(data);
}

int vz_module_reload_soon(struct vz_module *module)
{
	return vz_loop_post(module->plugins->options.loop, on_reload, module);
}

void vz_module_refuse(struct vz_module *module, const char *why)
{
	vz_log_event(PLUGIN, ERROR, PLUGIN_FAILED, module->name, "%s is unloaded: %s", module->name,
		     why);
	(void) vz_module_set_state(module, VZ_MODULE_FAILED, 0, "%s", why);
	vz_module_stop(module);
}

/* --- Whose code runs ------------------------------------------------------------------------ */

/* On the loop, when the last call on a worker has ended. */
static void on_idle(void *data)
{
	struct vz_module *module = data;

	bool is_stopping;

	pthread_mutex_lock(&module->mutex);
	is_stopping = module->is_stopping;
	pthread_mutex_unlock(&module->mutex);
	/* Loading again may have been quicker than this post. */
	if (is_stopping && !vz_module_n_running(module))
		finish(module);
}

void vz_module_hold(struct vz_module *module)
{
	pthread_mutex_lock(&module->mutex);
	module->n_running++;
	pthread_mutex_unlock(&module->mutex);
}

void vz_module_let_go(struct vz_module *module)
{
	bool is_last;

	pthread_mutex_lock(&module->mutex);
	is_last = !--module->n_running && module->is_stopping;
	pthread_mutex_unlock(&module->mutex);
	if (is_last)
		(void) vz_loop_post(module->plugins->options.loop, on_idle, module);
}

struct vz_visit vz_visit_begin(struct vz_module *module, const char *where)
{
	vz_module_hold(module);
	return vz_ledger_enter(module->name, where);
}

void vz_visit_end(struct vz_module *module, struct vz_visit before)
{
	vz_ledger_leave(before);
	vz_module_let_go(module);
}
