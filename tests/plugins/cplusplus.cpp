// A plugin in C++: the headers and VZ_PLUGIN() are C's, and fit.
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

static int on_slider(struct vz_call *call, void *)
{
	double value;
	int r = vz_call_input_number(call, 0, 0, 100, &value);

	return r < 0 ? r : vz_call_set_output(call, 0, vz_textf("%g", value));
}

// What the headers say in another way to C++ has only to compile.
[[maybe_unused]] static int on_row(struct vz_call *call, void *)
{
	struct vz_patch *patch = vz_patch_new();
	int r = vz_call_set(call, VZ_ID("cplusplus-row", 3), "children", vz_text("three"));

	vz_patch_assign(patch, VZ_AT("rows[%u].name", 3u), vz_text("three"));
	return r < 0 ? r : vz_call_patch_output(call, 0, patch);
}

static int init(struct vz_app *app, struct json_object *, void **)
{
	const char *inputs[] = { "cplusplus-slider.value", nullptr };
	const char *outputs[] = { "cplusplus-text.children", nullptr };
	struct vz_callback_spec spec = {};
	int r;

	spec.inputs = inputs;
	spec.outputs = outputs;
	spec.service = VZ_SHARED;
	spec.fn = on_slider;
	r = vz_app_add_tab(app, "C++",
			   vz_html_div(.children = vz_array(
					       vz_dcc_slider(.id = "cplusplus-slider"),
					       vz_html_p(.id = "cplusplus-text"))));
	return r < 0 ? r : vz_app_add_callback(app, &spec, nullptr);
}

VZ_PLUGIN(.name = "cplusplus", .version = "1.0", .description = "A plugin in C++", .init = init);
