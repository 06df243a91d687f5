/*
 * Shared and private controls side by side. The components and the functions are the same on both
 * sides; the service makes the difference: VZ_SHARED is one control for everybody, VZ_S0 one for
 * each browser tab.
 */
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

static int on_slider(struct vz_call *call, void *data)
{
	double percent;
	int r;

	r = vz_call_input_number(call, 0, 0, 100, &percent);
	if (r < 0)
		return r;
	return vz_call_set_output(call, 0, vz_textf("%g %%", percent));
}

static int on_text(struct vz_call *call, void *data)
{
	unsigned n_letters = 0;
	const char *text;
	int r;

	r = vz_call_input_text(call, 0, &text);
	if (r < 0)
		return r;
	/* In UTF-8 every byte but those that continue a letter begins one. */
	for (; *text; text++)
		n_letters += (*text & 0xc0) != 0x80;
	return vz_call_set_output(call, 0, vz_textf("%u letters", n_letters));
}

static const struct vz_callback_spec callbacks[] = {
	{
		.outputs = VZ_IDS("sharing-percent.children"),
		.inputs = VZ_IDS("sharing-slider.value"),
		.service = VZ_SHARED,
		.fn = on_slider,
	},
	{
		.outputs = VZ_IDS("sharing-my-percent.children"),
		.inputs = VZ_IDS("sharing-my-slider.value"),
		.service = VZ_S0,
		.fn = on_slider,
		.needs = VZ_ROLE_VIEWER,
	},
	{
		.outputs = VZ_IDS("sharing-letters.children"),
		.inputs = VZ_IDS("sharing-text.value"),
		.service = VZ_SHARED,
		.fn = on_text,
	},
	{
		.outputs = VZ_IDS("sharing-my-letters.children"),
		.inputs = VZ_IDS("sharing-my-text.value"),
		.service = VZ_S0,
		.fn = on_text,
		.needs = VZ_ROLE_VIEWER,
	},
};

static struct json_object *slider(const char *id)
{
	return vz_dcc_slider(.id = id, .min = 0, .max = 100, .value = 50, .marks = VZ_NULL,
			     .updatemode = "drag");
}

static struct json_object *text_box(const char *id)
{
	return vz_dcc_input(.id = id, .type = "text", .value = vz_text("Hello"));
}

/* clang-format off */
static struct json_object *layout(void)
{
	return vz_panel_columns(
		vz_panel_group("Shared",
			vz_panel_note("One for everybody: open this page in a second browser."),
			vz_panel_row("Slider", "sharing-percent", slider("sharing-slider")),
			vz_panel_row("Text", "sharing-letters", text_box("sharing-text"))),
		vz_panel_group("Private",
			vz_panel_note("One for each tab: nobody else sees what you do here."),
			vz_panel_row("Slider", "sharing-my-percent", slider("sharing-my-slider")),
			vz_panel_row("Text", "sharing-my-letters", text_box("sharing-my-text"))));
}
/* clang-format on */

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	int r = vz_app_add_tab(app, "Sharing", layout());

	for (unsigned i = 0; r >= 0 && i < sizeof(callbacks) / sizeof(callbacks[0]); i++)
		r = vz_app_add_callback(app, &callbacks[i], NULL);
	return r;
}

VZ_PLUGIN(.name = "sharing", .version = "1.0",
	  .description = "Shared and private sliders and text boxes side by side", .init = init);
