#include "plugin/tabs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dash/catalog.h"
#include "dash/component.h"
#include "plugin/module-private.h"
#include "plugin/plugins-private.h"
#include "util/json.h"
#include "util/map.h"

/* A walk over the components of one tab. */
struct check {
	struct vz_module *module;
	struct vz_map
		ids; /* of this plugin: of its other tabs, and what has been met in this one */
};

static void check_deinit(struct check *check)
{
	vz_map_deinit(&check->ids);
}

static bool has_prefix(const struct vz_module *module, const char *text)
{
	size_t length = strlen(module->name);

	return !strncmp(text, module->name, length) && text[length] == '-' && text[length + 1];
}

/* A pattern id is the plugin's own by its "type". */
static int check_id(struct check *check, struct json_object *value)
{
	VZ_CLEANUP(vz_freep) char *id = NULL;
	const char *own = NULL;
	int r;

	r = vz_component_id_string(value, &id);
	if (r == -EINVAL)
		return vz_module_set_error(check->module, r,
					   "a component's id is neither text nor an object: %s",
					   json_object_to_json_string(value));
	if (r < 0)
		return r;
	if (json_object_is_type(value, json_type_object))
		(void) vz_json_get_string(value, "type", &own);
	else
		own = id;
	if (!own || !has_prefix(check->module, own))
		return vz_module_set_error(check->module, -EINVAL,
					   json_object_is_type(value, json_type_object)
						   ? "id '%s': expected a \"type\" that starts "
						     "with '%s-'"
						   : "id '%s': expected one that starts with '%s-'",
					   id, check->module->name);
	r = vz_map_add(&check->ids, id, value);
	if (r == -EEXIST)
		return vz_module_set_error(check->module, r, "two components have the id '%s'", id);
	return r;
}

static int check_value(struct check *check, struct json_object *value)
{
	int r = 0;

	if (json_object_is_type(value, json_type_array)) {
		size_t n = json_object_array_length(value);

		for (size_t i = 0; i < n && r >= 0; i++)
			r = check_value(check, json_object_array_get_idx(value, i));
	} else if (json_object_is_type(value, json_type_object)) {
		struct json_object *props = vz_component_props(value), *id;
		struct json_object_iter it;

		if (props && json_object_object_get_ex(props, "id", &id))
			r = check_id(check, id);
		json_object_object_foreachC(value, it)
		{
			if (r >= 0)
				r = check_value(check, it.val);
		}
	}
	return r;
}

static int check_all(struct vz_module *module, struct json_object *component)
{
	VZ_CLEANUP(check_deinit) struct check check = { .module = module };
	VZ_CLEANUP(vz_freep) char *error = NULL;
	const struct vz_module_tab *tab;
	int r;

	if (!vz_component_check(component))
		return vz_module_set_error(module, -EINVAL, "a tab that is no component");
	r = vz_catalog_check(&vz_dash_catalog, component, &error);
	if (r < 0)
		return vz_module_set_error(module, r, "%s", error ? error : "out of memory");
	for (unsigned i = 0; (tab = vz_module_get_tab(module, i)) && r >= 0; i++)
		r = check_value(&check, tab->component);
	return r < 0 ? r : check_value(&check, component);
}

/* One list of "id.property", ended by NULL; what cannot be read is the app's to refuse. */
static int check_properties(struct vz_module *module, const char *const *properties)
{
	for (; properties && *properties; properties++) {
		VZ_CLEANUP(vz_freep) char *id = NULL;
		VZ_CLEANUP(vz_freep) char *property = NULL;
		const struct vz_module_tab *tab;
		int r = vz_component_split(*properties, &id, &property);

		for (unsigned i = 0; r >= 0 && (tab = vz_module_get_tab(module, i)); i++) {
			VZ_CLEANUP(vz_freep) char *error = NULL;

			r = vz_catalog_check_property(&vz_dash_catalog, tab->component, id,
						      property, &error);
			if (r < 0)
				return vz_module_set_error(module, r, "%s",
							   error ? error : "out of memory");
		}
	}
	return 0;
}

int vz_tabs_check_callback(struct vz_module *module, const struct vz_callback_spec *spec)
{
	int r;

	r = check_properties(module, spec->outputs);
	if (r >= 0)
		r = check_properties(module, spec->inputs);
	return r < 0 ? r : check_properties(module, spec->states);
}

int vz_tab_add(struct vz_module *module, const char *label, struct json_object *component)
{
	VZ_CLEANUP(json_object_putp) struct json_object *owned = component;
	struct vz_tab *tab;
	int r;

	if (module->state != VZ_MODULE_RUNNING)
		return vz_module_set_error(module, -ESHUTDOWN, "the plugin is being unloaded");
	if (!component)
		return vz_module_set_error(module, -ENOMEM,
					   "a tab that could not be made: out of memory, or a "
					   "value "
					   "in it is NULL (0 is vz_number(0), null is VZ_NULL)");
	r = check_all(module, component);
	if (r < 0)
		return r == -ENOMEM ? vz_module_set_error(module, r, "out of memory") : r;
	tab = calloc(1, sizeof(*tab));
	if (tab)
		tab->tab.label = strdup(label ? label : module->name);
	if (!tab || !tab->tab.label) {
		free(tab);
		return vz_module_set_error(module, -ENOMEM, "out of memory");
	}
	tab->tab.component = vz_steal(owned);
	vz_list_add(&module->tabs, &tab->in_module);
	vz_plugins_change(module->plugins);
	return 0;
}

void vz_tabs_free(struct vz_module *module)
{
	struct vz_tab *tab;

	while ((tab = vz_list_first(&module->tabs, struct vz_tab, in_module))) {
		vz_list_remove(&tab->in_module);
		free((char *) tab->tab.label);
		json_object_put(tab->tab.component);
		free(tab);
	}
}
