#include "panels/values.h"

#include <errno.h>

#include "dash/app.h"
#include "util/json.h"
#include "vizyd/component.h"

void vz_values_set(struct vz_values *values, const char *id, const char *property,
		   struct json_object *value)
{
	struct json_object *now, *props = NULL;

	if (!value)
		return;
	now = vz_app_get(values->app, id, property);
	if (value == VZ_NULL ? !now : now && vz_json_equal(now, value)) {
		if (value != VZ_NULL)
			json_object_put(value);
		return;
	}
	if (!values->mods)
		values->mods = json_object_new_object();
	if (values->mods && !json_object_object_get_ex(values->mods, id, &props)) {
		props = json_object_new_object();
		if (props && json_object_object_add(values->mods, id, props) < 0) {
			json_object_put(props);
			props = NULL;
		}
	}
	if (value == VZ_NULL)
		value = NULL;
	if (!props || json_object_object_add(props, property, value) < 0)
		json_object_put(value);
}

int vz_values_push(struct vz_values *values)
{
	struct json_object *mods = values->mods;

	values->mods = NULL;
	return mods ? vz_app_push_mods(values->app, mods, NULL) : 0;
}

double vz_values_get_number(struct vz_app *app, const char *id, const char *property,
			    double otherwise)
{
	struct json_object *value = vz_app_get(app, id, property);

	if (!vz_json_is_number(value))
		return otherwise;
	return json_object_get_double(value);
}
