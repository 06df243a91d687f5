#include "dash/apply.h"

#include <errno.h>

#include "core.h"
#include "dash/app-private.h"
#include "dash/dependency.h"

TEST(apply_goes_back_when_a_later_one_does_not_fit)
{
	struct vz_app *app = core_new(NULL);
	struct vz_property **properties = NULL;
	struct json_object *json =
		parse("{\"x\":{\"value\":1,\"title\":\"t\"},\"z\":{\"value\":1}}");
	struct vz_mods *mods;
	const char *bad = NULL;

	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_mods_from_json(json, false, &mods), 0);
	CHECK_EQ(vz_apply(app, mods, &properties, &bad), -ENOENT);
	CHECK_STR(bad, "z");
	CHECK_EQ(core_get(app, "x"), 0);
	CHECK(!vz_app_get(app, "x", "title"));
	CHECK(vz_list_is_empty(&app->shared));
	vz_mods_unref(mods);
	json_object_put(json);
	vz_app_free(app);
}

TEST(apply_makes_what_it_sets_shared)
{
	struct vz_app *app = core_new(NULL);
	struct vz_property **properties = NULL;
	struct json_object *json = parse("{\"x\":{\"value\":1},\"y\":{\"value\":2}}");
	struct vz_mods *mods;
	const char *bad = NULL;

	core_set_layout(app, VZ_IDS("x", "y"));
	CHECK_EQ(vz_mods_from_json(json, false, &mods), 0);
	CHECK_EQ(vz_apply(app, mods, &properties, &bad), 0);
	CHECK_STR(properties[0]->id, "x");
	CHECK_STR(properties[1]->id, "y");
	CHECK(vz_property_is_shared(properties[0]));
	CHECK_EQ(core_get(app, "y"), 2);
	free(properties);
	vz_mods_unref(mods);
	json_object_put(json);
	vz_app_free(app);
}
