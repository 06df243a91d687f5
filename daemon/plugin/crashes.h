/*
 * What is remembered of crashes: a plugin in whose code the daemon died twice in a row is not
 * loaded at the next start. Kept in the state's section "plugins"; a run that ended well, or lasted
 * for an hour, clears it. Thread: loop.
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

struct vz_module;
struct vz_plugins;

#define VZ_CRASHES_MAX	     2
#define VZ_CRASHES_FORGET_US (3600 * 1000000ll)

/*
 * Opens the ledger in @dir (NULL: there is none) and writes down what it says of the last run, on
 * the disk before it returns: the plugin may crash again at once.
 */
void vz_crashes_begin(struct vz_plugins *plugins, const char *dir);
/* This run ended well. */
void vz_crashes_end(struct vz_plugins *plugins);
/* How often it has crashed in a row. */
unsigned vz_crashes_count(struct vz_plugins *plugins, const char *name);
/* Where it crashed last, for a person; borrowed, "" when it has not. */
const char *vz_crashes_text(struct vz_plugins *plugins, const char *name);
/* The same from the state's whole content, without a daemon. */
bool vz_crashes_is_disabled(struct json_object *state, const char *name);
/* Forgets those of @name, or of all if NULL, but not of those that are disabled. */
void vz_crashes_forget(struct vz_plugins *plugins, const char *name);
