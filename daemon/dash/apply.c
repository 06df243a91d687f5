#include "dash/apply.h"

#include <errno.h>
#include <stdlib.h>

#include "dash/app-private.h"
#include "dash/dependency.h"
#include "dash/layout.h"
#include "dash/mods.h"

static int set_one(struct vz_app *app, const struct vz_mod *mod, struct json_object **ret_before,
		   struct vz_property **ret_property)
{
	struct json_object *before;
	int r;

	before = json_object_get(vz_layout_get(app->layout, mod->id, mod->property));
	r = vz_layout_set(app->layout, mod->id, mod->property, json_object_get(mod->value));
	if (r < 0) {
		json_object_put(before);
		return r;
	}

	/* Made only for what the layout has, as a property is never freed. */
	r = vz_property_get(app, mod->id, mod->property, ret_property);
	if (r < 0) {
		(void) vz_layout_set(app->layout, mod->id, mod->property, before);
		return r;
	}
	*ret_before = before;
	return 0;
}

/* Backwards, as a property may be there twice. What was there fitted before, so it fits again. */
static void go_back(struct vz_app *app, const struct vz_mods *mods, struct json_object **before,
		    size_t n)
{
	while (n--)
		(void) vz_layout_set(app->layout, mods->mods[n].id, mods->mods[n].property,
				     vz_steal(before[n]));
}

static void share(struct vz_app *app, struct vz_property *property)
{
	if (vz_property_is_shared(property))
		return;
	property->pushed = true;
	vz_property_update(app, property);
}

int vz_apply(struct vz_app *app, const struct vz_mods *mods, struct vz_property ***ret_properties,
	     const char **ret_bad)
{
	VZ_CLEANUP(vz_freep) struct vz_property **properties = NULL;
	VZ_CLEANUP(vz_freep) struct json_object **before = NULL;
	size_t i;
	int r;

	properties = calloc(mods->n_mods + 1, sizeof(*properties));
	before = calloc(mods->n_mods + 1, sizeof(*before));
	if (!properties || !before)
		return -ENOMEM;

	for (i = 0; i < mods->n_mods; i++) {
		r = set_one(app, &mods->mods[i], &before[i], &properties[i]);
		if (r < 0) {
			*ret_bad = mods->mods[i].id;
			go_back(app, mods, before, i);
			return r;
		}
	}

	for (i = 0; i < mods->n_mods; i++) {
		json_object_put(before[i]);
		share(app, properties[i]);
	}
	vz_app_forget_snapshot(app);
	*ret_properties = vz_steal(properties);
	return 0;
}
