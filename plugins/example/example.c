/*
 * The smallest plugin: a tab with one slider that everybody shares, one that each browser has for
 * itself, and texts that follow them.
 */
#include <vizyd/plugin.h>

static struct json_object *component(const char *space, const char *type, struct json_object *props)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "namespace", json_object_new_string(space));
	json_object_object_add(object, "type", json_object_new_string(type));
	json_object_object_add(object, "props", props);
	return object;
}

static struct json_object *text(const char *id, const char *children)
{
	struct json_object *props = json_object_new_object();

	json_object_object_add(props, "id", json_object_new_string(id));
	json_object_object_add(props, "children", json_object_new_string(children));
	return component("dash_html_components", "P", props);
}

static struct json_object *slider(const char *id)
{
	struct json_object *props = json_object_new_object();

	json_object_object_add(props, "id", json_object_new_string(id));
	json_object_object_add(props, "min", json_object_new_int(0));
	json_object_object_add(props, "max", json_object_new_int(100));
	json_object_object_add(props, "value", json_object_new_int(50));
	return component("dash_core_components", "Slider", props);
}

static int on_slider(struct vz_call *call, void *data)
{
	const char *whose = data;
	double value;
	char line[80];
	int r;

	r = vz_call_input_number(call, 0, 0, 100, &value);
	if (r < 0)
		return r;
	(void) snprintf(line, sizeof(line), "%s value: %g", whose, value);
	return vz_call_set_output(call, 0, json_object_new_string(line));
}

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	const struct vz_callback_spec shared = {
		.outputs = VZ_IDS("example-shared-text.children"),
		.inputs = VZ_IDS("example-shared.value"),
		.service = VZ_SHARED,
		.fn = on_slider,
		.data = (void *) "Everybody's",
	};
	const struct vz_callback_spec own = {
		.outputs = VZ_IDS("example-own-text.children"),
		.inputs = VZ_IDS("example-own.value"),
		.service = VZ_S0,
		.fn = on_slider,
		.data = (void *) "Your own",
	};
	struct json_object *children = json_object_new_array(), *props = json_object_new_object();
	int r;

	json_object_array_add(children, slider("example-shared"));
	json_object_array_add(children, text("example-shared-text", ""));
	json_object_array_add(children, slider("example-own"));
	json_object_array_add(children, text("example-own-text", ""));
	json_object_object_add(props, "children", children);
	r = vz_app_add_tab(app, vz_config_string(config, "label", "Example"),
			   component("dash_html_components", "Div", props));
	if (r == 0)
		r = vz_app_add_callback(app, &shared, NULL);
	if (r == 0)
		r = vz_app_add_callback(app, &own, NULL);
	return r;
}

VZ_PLUGIN(.name = "example", .version = "1.0",
	  .description = "A slider for everybody and one for each", .init = init);
