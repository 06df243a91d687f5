/*
 * The tabs that a plugin adds to the page. Thread: loop.
 */
#pragma once

#include <json-c/json.h>

struct vz_module;

/*
 * As vz_app_add_tab() of vizyd/plugin.h: checks that @component (taken) is one, and that its ids
 * are the plugin's own and new.
 */
int vz_tab_add(struct vz_module *module, const char *label, struct json_object *component);
void vz_tabs_free(struct vz_module *module);
