/*
 * A module is one plugin that the configuration names: what is loaded for it, what it registered,
 * and, when it does not run, why. It stays the same over any number of loads of its file.
 *
 * Thread: loop. Owned by the struct vz_plugins that it is of.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

struct vz_module;
struct vz_plugins;

enum vz_module_state {
	VZ_MODULE_ABSENT,   /* optional, and there is no such file */
	VZ_MODULE_FAILED,   /* vz_module_get_text() says why */
	VZ_MODULE_DISABLED, /* it has crashed too often */
	VZ_MODULE_RUNNING,
	VZ_MODULE_STOPPING, /* withdrawn; a call of it still runs */
};

const char *vz_module_get_name(const struct vz_module *module);
enum vz_module_state vz_module_get_state(const struct vz_module *module);
const char *vz_module_state_name(enum vz_module_state state);
/* A sentence about the state, "" when there is nothing to say. */
const char *vz_module_get_text(const struct vz_module *module);
/* Of what runs or ran last; "" before. */
const char *vz_module_get_version(const struct vz_module *module);
const char *vz_module_get_description(const struct vz_module *module);
const char *vz_module_get_path(const struct vz_module *module);
/* Calls of it that run now, on any thread. */
unsigned vz_module_n_running(struct vz_module *module);
/* For how long the oldest of them has been running on a worker; 0: there is none. */
int64_t vz_module_busy_us(struct vz_module *module);

/* Its tabs, from the first, counted from 0; NULL behind the last. Borrowed. */
struct vz_module_tab {
	const char *label;
	struct json_object *component; /* with today's values, once it is on the page */
};
const struct vz_module_tab *vz_module_get_tab(const struct vz_module *module, unsigned index);

/*
 * Takes it down, waits for what still runs, and loads its file anew; also loads one that does not
 * run, and forgets its crashes. Not from inside a callback: it comes back before that call ends.
 * Returns 0, also when it has to wait, or what loading it said; the state tells how it went.
 */
int vz_module_reload(struct vz_module *module);
/* The same a little later, for who is inside a callback. Returns 0 or -ENOMEM. */
int vz_module_reload_soon(struct vz_module *module);
/* Unloads it, because what it added does not fit; @why is for a person. */
void vz_module_refuse(struct vz_module *module, const char *why);
