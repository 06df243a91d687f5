/*
 * The thermostat once more, with its looks left to the browser: the daemon pushes bare numbers into
 * a dcc.Store, and a clientside callback (assets/thermostat-clientside.js) draws them, in the unit
 * that the person who looks has chosen. Another unit costs no request, and no two people have to
 * agree.
 */
#include <math.h>
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

#include "room.h"

#define ID	     "thermostat-clientside-"
#define STEP_US	     500000
#define STEP_MINUTES 0.5
#define MAX_POINTS   240

static struct {
	struct vz_app *app;
	struct vz_timer *timer;
	struct room room;
	unsigned n_steps;
	bool running;
} thermostat = { .room = ROOM_INIT };

static void add_sample(struct vz_patch *patch, const char *list, double number)
{
	vz_patch_append(patch, list, vz_number(round(number * 10) / 10));
	if (thermostat.n_steps > MAX_POINTS)
		vz_patch_delete(patch, VZ_AT("%s[0]", list));
}

static void show(void)
{
	struct room *room = &thermostat.room;
	struct vz_patch *patch = vz_patch_new();
	struct json_object *samples = NULL;

	add_sample(patch, "minutes", thermostat.n_steps * STEP_MINUTES);
	add_sample(patch, "room", room->celsius);
	add_sample(patch, "target", room->target_celsius);
	if (vz_patch_finish(patch, &samples) < 0)
		return;
	(void) vz_app_push_mods(thermostat.app,
				vz_object({ ID "samples", vz_object({ "data", samples }) },
					  { ID "heater",
					    vz_object({ "value",
							vz_textf("%.0f", room->heater * 100) }) }),
				NULL);
}

static void on_timer(void *data)
{
	room_step(&thermostat.room, STEP_MINUTES);
	thermostat.n_steps++;
	show();
	vz_timer_start(thermostat.timer, STEP_US);
}

static bool is_watched(void)
{
	struct vz_client *client = NULL;

	while ((client = vz_app_next_client(thermostat.app, client)))
		if (vz_client_is_online(client))
			return true;
	return false;
}

static void follow_watchers(void)
{
	bool watched = is_watched();

	if (watched && !thermostat.running)
		vz_timer_start(thermostat.timer, STEP_US);
	if (!watched)
		vz_timer_stop(thermostat.timer);
	thermostat.running = watched;
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	follow_watchers();
}

/* Without an Output: the browser itself says what the slider says. */
static int on_target(struct vz_call *call, void *data)
{
	return vz_call_input_number(call, 0, 10, 28, &thermostat.room.target_celsius);
}

static const struct vz_callback_spec callbacks[] = {
	{ .inputs = VZ_IDS(ID "target.value"), .service = VZ_SHARED, .fn = on_target },
	{
		.outputs = VZ_IDS(ID "graph.figure", ID "now.children"),
		.inputs = VZ_IDS(ID "samples.data", ID "unit.value"),
		.clientside = { "thermostat-clientside", "draw" },
	},
	{
		.outputs = VZ_IDS(ID "target-says.children"),
		.inputs = VZ_IDS(ID "target.value", ID "unit.value"),
		.clientside = { "thermostat-clientside", "say" },
	},
};

static struct json_object *units(void)
{
	return vz_dcc_radio_items(.id = ID "unit", .value = vz_text("C"),
				  .options = vz_array(vz_object({ "label", vz_text("°C") },
								{ "value", vz_text("C") }),
						      vz_object({ "label", vz_text("°F") },
								{ "value", vz_text("F") })));
}

static struct json_object *no_samples(void)
{
	return vz_object({ "minutes", vz_array() }, { "room", vz_array() },
			 { "target", vz_array() });
}

/* clang-format off */
static struct json_object *layout(void)
{
	return vz_panel_columns(
		vz_panel_group("Thermostat",
			vz_panel_row("Target", ID "target-says",
				vz_dcc_slider(.id = ID "target", .min = 10, .max = 28, .step = 0.5,
					.value = 20, .marks = VZ_NULL, .updatemode = "drag")),
			vz_panel_row("Room", ID "now", vz_html_div()),
			vz_panel_row("Heater", NULL,
				vz_html_progress(.id = ID "heater", .max = vz_number(100), .value = "0")),
			vz_panel_row("Unit", NULL, units())),
		vz_panel_group("Temperature",
			vz_dcc_store(.id = ID "samples", .data = no_samples()),
			vz_dcc_graph(.id = ID "graph",
				.style = vz_object({ "height", vz_text("320px") }),
				.config = vz_object({ "displayModeBar", vz_bool(false) }))));
}
/* clang-format on */

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	int r = vz_app_add_tab(app, "Thermostat (clientside)", layout());

	thermostat.app = app;
	for (unsigned i = 0; r >= 0 && i < sizeof(callbacks) / sizeof(callbacks[0]); i++)
		r = vz_app_add_callback(app, &callbacks[i], NULL);
	if (r >= 0)
		r = vz_app_add_timer(app, on_timer, NULL, &thermostat.timer);
	if (r >= 0)
		r = vz_app_add_client_listener(app, on_client, NULL, NULL);
	if (r >= 0)
		follow_watchers();
	return r;
}

VZ_PLUGIN(.name = "thermostat-clientside", .version = "1.0",
	  .description = "The thermostat, drawn by a clientside callback", .init = init);
