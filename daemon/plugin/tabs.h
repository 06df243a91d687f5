/*
 * The tabs that a plugin adds to the page. Thread: loop.
 */
#pragma once

#include <json-c/json.h>

struct vz_callback_spec;
struct vz_module;

/*
 * As vz_app_add_tab() of vizyd/plugin.h: checks that @component (taken) is one, made of components
 * that there are, and that its ids are the plugin's own and new.
 */
int vz_tab_add(struct vz_module *module, const char *label, struct json_object *component);
/*
 * Checks the properties of a callback against the components of the tabs, which are not in the
 * layout while a plugin registers. Returns 0, or a negative errno with the module's error set.
 */
int vz_tabs_check_callback(struct vz_module *module, const struct vz_callback_spec *spec);
void vz_tabs_free(struct vz_module *module);
