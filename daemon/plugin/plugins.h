/*
 * The plugins of this daemon: those that `[plugins] load =` names, each a struct vz_module.
 *
 * Thread: loop. Owned by the daemon; the loop, the app and the state outlive it.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "plugin/module.h"
#include "util/cleanup.h"

struct vz_app;
struct vz_config;
struct vz_feeds;
struct vz_loop;
struct vz_plugins;
struct vz_state;

struct vz_plugins_options {
	struct vz_loop *loop;
	struct vz_app *app;
	struct vz_state *state;
	const struct vz_config *config;
	const char *ledger_dir; /* where crashes are noted; NULL: nowhere */
	struct vz_feeds *feeds; /* NULL: the plugins get no cameras */
	/* Called soon after tabs, callbacks or states have changed: the page has to be made anew.
	 */
	void (*changed)(void *data);
	void *data;
};

/*
 * Reads which plugins there shall be. @options is copied, what it points at is borrowed. Returns 0,
 * -EINVAL (a word in `load` that names none; logged) or -ENOMEM.
 */
int vz_plugins_new(const struct vz_plugins_options *options, struct vz_plugins **ret);
/*
 * Loads them all, in the order of the configuration. One that cannot be loaded is logged, and is a
 * state with a face, not an error: the daemon goes on without it.
 */
void vz_plugins_load(struct vz_plugins *plugins);
/*
 * Follows the configuration, which was exchanged: those that it names no more are unloaded, those
 * that are new loaded, those loaded anew whose section differs from that of @before. The caller
 * then makes the page anew, before anything else. Returns 0 or a negative errno, after having done
 * what it could.
 */
int vz_plugins_update(struct vz_plugins *plugins, const struct vz_config *before);
/* Unloads all. No call may run on a worker any more; one that does keeps its file in memory. */
struct vz_plugins *vz_plugins_free(struct vz_plugins *plugins);
VZ_DEFINE_CLEANUP(vz_plugins_free, struct vz_plugins *, vz_plugins_free)

/* Walks them; start with NULL. */
struct vz_module *vz_plugins_next(struct vz_plugins *plugins, struct vz_module *module);
struct vz_module *vz_plugins_find(struct vz_plugins *plugins, const char *name);

/* The one that has had a call on a worker for at least @busy_us, or NULL. */
struct vz_module *vz_plugins_find_busy(struct vz_plugins *plugins, int64_t busy_us);

/*
 * Prints a line for each plugin in the folder and for each that is configured and not there: name,
 * ABI, version, description, path and state. Runs no code of theirs. Returns 0 or a negative errno.
 */
int vz_plugins_list(const struct vz_config *config, FILE *out);
