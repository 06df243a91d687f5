/*
 * A thermostat: one target for everybody, and a curve that grows twice a second while somebody
 * watches. Nobody asks for the points: they are pushed, each as a Patch of a few bytes, and in the
 * server's layout the curve is whole, so that who comes later sees all of it.
 */
#include <errno.h>
#include <math.h>
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

#include "room.h"

#define STEP_US	     500000
#define STEP_MINUTES 0.5

static struct {
	struct vz_app *app;
	struct vz_timer *timer;
	struct room room;
	unsigned n_steps, max_points;
	bool running;
} thermostat = { .room = ROOM_INIT };

static double round_to_tenth(double number)
{
	return round(number * 10) / 10;
}

/* One point more at the end of a line, and one less at its beginning when it is long enough. */
static void grow_line(struct vz_patch *patch, unsigned line, double minutes, double celsius)
{
	vz_patch_append(patch, VZ_AT("data[%u].x", line), vz_number(minutes));
	vz_patch_append(patch, VZ_AT("data[%u].y", line), vz_number(celsius));
	if (thermostat.n_steps <= thermostat.max_points)
		return;
	vz_patch_delete(patch, VZ_AT("data[%u].x[0]", line));
	vz_patch_delete(patch, VZ_AT("data[%u].y[0]", line));
}

/* All that has changed goes out together: no browser sees half of it. */
static void show(void)
{
	struct room *room = &thermostat.room;
	struct vz_patch *patch = vz_patch_new();
	double minutes = thermostat.n_steps * STEP_MINUTES;
	struct json_object *figure = NULL;

	grow_line(patch, 0, minutes, round_to_tenth(room->celsius));
	grow_line(patch, 1, minutes, room->target_celsius);
	if (vz_patch_finish(patch, &figure) < 0)
		return;
	/* clang-format off */
	(void) vz_app_push_mods(thermostat.app, vz_object(
		{ "thermostat-graph", vz_object({ "figure", figure }) },
		{ "thermostat-now", vz_object({ "children", vz_textf("%.1f °C", room->celsius) }) },
		{ "thermostat-heater", vz_object({ "value", vz_textf("%.0f", room->heater * 100) }) }),
		NULL);
	/* clang-format on */
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

/* With nobody who watches, the room stands still and the daemon sleeps. */
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

static int on_target(struct vz_call *call, void *data)
{
	double celsius;
	int r;

	r = vz_call_input_number(call, 0, 10, 28, &celsius);
	if (r < 0)
		return r;
	thermostat.room.target_celsius = celsius;
	return vz_call_set_output(call, 0, vz_textf("%.1f °C", celsius));
}

static struct json_object *line(const char *name, struct json_object *look)
{
	return vz_object({ "name", vz_text(name) }, { "mode", vz_text("lines") },
			 { "x", vz_array() }, { "y", vz_array() }, { "line", look });
}

static struct json_object *axis(const char *title, struct json_object *range)
{
	return vz_object({ "title", vz_object({ "text", vz_text(title) }) }, { "range", range },
			 { "gridcolor", vz_text("rgba(128, 144, 164, 0.25)") });
}

/* What Plotly calls a figure. The colours suit a light page as well as a dark one. */
/* clang-format off */
static struct json_object *figure(void)
{
	return vz_object(
		{ "data", vz_array(
			line("room", vz_object(
				{ "color", vz_text("#e0662f") },
				{ "width", vz_number(3) })),
			line("target", vz_object(
				{ "color", vz_text("#4d8fe8") },
				{ "dash", vz_text("dot") },
				{ "shape", vz_text("hv") }))) },
		{ "layout", vz_object(
			{ "paper_bgcolor", vz_text("transparent") },
			{ "plot_bgcolor", vz_text("transparent") },
			{ "font", vz_object({ "color", vz_text("#8090a4") }) },
			{ "margin", vz_object(
				{ "l", vz_number(44) }, { "r", vz_number(12) },
				{ "t", vz_number(8) }, { "b", vz_number(40) }) },
			{ "legend", vz_object({ "orientation", vz_text("h") }, { "y", vz_number(1.15) }) },
			{ "xaxis", axis("minutes", VZ_NULL) },
			{ "yaxis", axis("°C", vz_array(vz_number(8), vz_number(30))) }) });
}

static struct json_object *layout(void)
{
	return vz_panel_columns(
		vz_panel_group("Thermostat",
			vz_panel_row("Target", "thermostat-target-says",
				vz_dcc_slider(.id = "thermostat-target", .min = 10, .max = 28, .step = 0.5,
					.value = 20, .marks = VZ_NULL, .updatemode = "drag")),
			vz_panel_row("Room", "thermostat-now", vz_html_div()),
			vz_panel_row("Heater", NULL,
				vz_html_progress(.id = "thermostat-heater", .max = vz_number(100), .value = "0"))),
		vz_panel_group("Temperature",
			vz_dcc_graph(.id = "thermostat-graph", .figure = figure(),
				.style = vz_object({ "height", vz_text("320px") }),
				.config = vz_object({ "displayModeBar", vz_bool(false) }))));
}
/* clang-format on */

/* How long a line may become: by default two minutes of ours, two hours of the room. */
static int read_config(struct json_object *config)
{
	double points = vz_config_number(config, "points", 240);

	if (!(points >= 2 && points <= 10000)) {
		vz_log_error("points: expected a number from 2 to 10000, got %s",
			     vz_config_string(config, "points", ""));
		return -EINVAL;
	}
	thermostat.max_points = (unsigned) points;
	return 0;
}

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	const struct vz_callback_spec target = {
		.outputs = VZ_IDS("thermostat-target-says.children"),
		.inputs = VZ_IDS("thermostat-target.value"),
		.service = VZ_SHARED,
		.fn = on_target,
	};
	int r;

	thermostat.app = app;
	r = read_config(config);
	if (r < 0)
		return r;
	r = vz_app_add_tab(app, "Thermostat", layout());
	if (r >= 0)
		r = vz_app_add_callback(app, &target, NULL);
	if (r >= 0)
		r = vz_app_add_timer(app, on_timer, NULL, &thermostat.timer);
	if (r >= 0)
		r = vz_app_add_client_listener(app, on_client, NULL, NULL);
	if (r >= 0)
		follow_watchers();
	return r;
}

VZ_PLUGIN(.name = "thermostat", .version = "1.0",
	  .description = "A thermostat with a curve that grows while somebody watches",
	  .init = init);
