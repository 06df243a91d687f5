/* A plugin NAME with a component clash-b-x: its own as "clash" and as "clash-b". */
#include <vizyd/components.h>
#include <vizyd/plugin.h>

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	return vz_app_add_tab(app, NAME, vz_html_div(.id = "clash-b-x"));
}

VZ_PLUGIN(.name = NAME, .version = "1", .description = "Meets its namesake", .init = init);
