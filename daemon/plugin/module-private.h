/*
 * The insides of a module, for the files of this folder.
 */
#pragma once

#include <pthread.h>
#include <stdint.h>

#include "plugin/ledger.h"
#include "plugin/manifest.h"
#include "plugin/module.h"
#include "util/list.h"

struct vz_tab {
	struct vz_list in_module;
	struct vz_module_tab tab; /* owns both */
};

struct vz_module {
	struct vz_list in_plugins;
	struct vz_plugins *plugins;
	char *name, *path;
	bool is_optional;
	bool is_named; /* while the configuration is gone through: it has come to this one */
	enum vz_module_state state;
	char *text;

	struct vz_manifest manifest;
	struct vz_plugin plugin; /* with pointers that hold, while it is loaded */
	void *handle;
	int fd; /* of the copy that is loaded, or -1 */
	void *data;
	bool is_initialized; /* init() returned 0, so fini() is due */
	bool is_loading;     /* again, when it has stopped */
	bool is_leaving;     /* for good, when it has stopped */
	/* Counts the loads, so that what was posted by one does not reach the next. */
	unsigned generation;

	char *error; /* of the last registration, or NULL */

	struct vz_list registrations, tabs;
	/* Those of callbacks that are withdrawn, and whose last call has not ended. */
	struct vz_list withdrawn;
	pthread_mutex_t mutex; /* guards what follows, and what says so above */
	unsigned n_running;    /* visits of its code, on any thread */
	bool is_stopping;      /* the end of the last one is to be told */
	unsigned n_posts;      /* posted functions that the loop has not come to */
	bool is_released;      /* the last of those frees it */
	struct vz_list stays;  /* the visits on workers, in the order of their beginning */
};

int vz_module_new(struct vz_plugins *plugins, const char *word, struct vz_module **ret);
/* It must have been stopped. Frees it now, or when the loop has come to what it posted. */
void vz_module_release(struct vz_module *module);
/* Likewise, and nothing that it posted may be left. */
struct vz_module *vz_module_free(struct vz_module *module);
VZ_DEFINE_CLEANUP(vz_module_free, struct vz_module *, vz_module_free)

/* Loads the file and runs init(). Returns 0 or a negative errno, which the state and text tell too.
 */
int vz_module_load(struct vz_module *module);
/* Withdraws everything, and unloads at once or when what runs has ended. */
void vz_module_stop(struct vz_module *module);
/* Takes it out of its list and stops it; it is released when that is done. */
void vz_module_leave(struct vz_module *module);
/* The daemon ends while a call of it still runs. */
void vz_module_abandon(struct vz_module *module);
/* Says why it does not run; @r is returned. */
int vz_module_set_state(struct vz_module *module, enum vz_module_state state, int r,
			const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Keeps the text for vz_app_last_error() of the plugin; returns @r. */
int vz_module_set_error(struct vz_module *module, int r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A visit on a worker. Guarded by module->mutex. */
struct vz_stay {
	struct vz_list in_module;
	int64_t since_us;
};

/* --- Whose code runs ------------------------------------------------------------------------ */

/* The module waits with unloading until it is let go as often as it was held. Thread: any. */
void vz_module_hold(struct vz_module *module);
void vz_module_let_go(struct vz_module *module);

/* As vz_ledger_enter(), and the module waits for its end. Thread: any. @where is static. */
struct vz_visit vz_visit_begin(struct vz_module *module, const char *where);
void vz_visit_end(struct vz_module *module, struct vz_visit before);

/* --- host.c --------------------------------------------------------------------------------- */

extern const struct vz_host vz_host_table;
/* Takes everything that the module registered back from the daemon. */
void vz_host_withdraw_all(struct vz_module *module);
/* Calls what the plugin wants called for withdrawn callbacks, while it is still there. */
void vz_host_release_withdrawn(struct vz_module *module);
/* The module goes before the last call of a withdrawn callback has ended. */
void vz_host_forget_withdrawn(struct vz_module *module);
