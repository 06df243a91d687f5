/*
 * The smallest plugin: a slider that everybody shares, one that each browser has for itself, and
 * texts that follow them.
 */
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

static int on_slider(struct vz_call *call, void *data)
{
	double value;
	int r = vz_call_input_number(call, 0, 0, 100, &value);

	if (r < 0)
		return r;
	return vz_call_set_output(call, 0, vz_textf("%s value: %g", (const char *) data, value));
}

static struct json_object *slider(const char *id)
{
	return vz_dcc_slider(.id = id, .min = 0, .max = 100, .value = 50, .marks = VZ_NULL);
}

static struct json_object *layout(void)
{
	return vz_panel_columns(
		vz_panel_group("Example",
			       vz_panel_row("For everybody", NULL, slider("example-shared")),
			       vz_html_p(.id = "example-shared-text"),
			       vz_panel_row("For you alone", NULL, slider("example-own")),
			       vz_html_p(.id = "example-own-text")));
}

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	const struct vz_callback_spec callbacks[] = {
		{ .inputs = VZ_IDS("example-shared.value"),
		  .outputs = VZ_IDS("example-shared-text.children"),
		  .service = VZ_SHARED,
		  .fn = on_slider,
		  .data = (void *) "Everybody's" },
		{ .inputs = VZ_IDS("example-own.value"),
		  .outputs = VZ_IDS("example-own-text.children"),
		  .service = VZ_S0,
		  .fn = on_slider,
		  .data = (void *) "Your own" },
	};
	int r = vz_app_add_tab(app, vz_config_string(config, "label", "Example"), layout());

	for (unsigned i = 0; r == 0 && i < sizeof(callbacks) / sizeof(callbacks[0]); i++)
		r = vz_app_add_callback(app, &callbacks[i], NULL);
	return r;
}

VZ_PLUGIN(.name = "example", .version = "1.0",
	  .description = "A slider for everybody and one for each", .init = init);
