/*
 * What the files of this folder share of the set of plugins.
 */
#pragma once

#include "plugin/plugins.h"
#include "util/list.h"

struct vz_plugins {
	struct vz_plugins_options options;
	struct vz_list modules;	 /* in the order of the configuration */
	struct vz_list leaving;	 /* unnamed meanwhile; a call of theirs still runs */
	struct vz_timer *change; /* runs while `changed` is due */
	struct vz_timer *forget; /* ends the row of crashes */
	bool has_begun;		 /* the row of crashes */
	bool is_quiet;		 /* the daemon ends: nobody wants to know */
};

/* Has options.changed called, once for any number of changes. */
void vz_plugins_change(struct vz_plugins *plugins);
/* The section [plugin NAME] as an object of strings: a reference, or NULL when out of memory. */
struct json_object *vz_plugins_get_config(struct vz_plugins *plugins, const char *name);
