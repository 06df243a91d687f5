/*
 * Two robots behind one daemon (service S2). Each browser picks one and drives it; who drives the
 * red one sees nothing of the blue one and does not wait for it, while two who share a robot see
 * the same and queue behind each other.
 *
 * The robots are simulated: a cart on a rail of one metre that moves at half a metre a second.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

#define RAIL_CM	     100
#define STEP_CM	     10
#define CM_PER_MOVE  1
#define MOVE_TIME_NS 20000000 /* for CM_PER_MOVE */

struct robot {
	struct vz_app *app;
	struct vz_device *device;
	const char *name, *title, *colour;
	/* Written by the call that drives it, of which the daemon lets run one at a time. */
	atomic_int at_cm;
};

static struct robot robots[] = {
	{ .name = "robots-red", .title = "Red robot", .colour = "#d9483b", .at_cm = 20 },
	{ .name = "robots-blue", .title = "Blue robot", .colour = "#3b7dd9", .at_cm = 80 },
};
#define N_ROBOTS (sizeof(robots) / sizeof(robots[0]))

/* NULL also when it is the device of another plugin. */
static struct robot *robot_of(const struct vz_device *device)
{
	for (unsigned i = 0; device && i < N_ROBOTS; i++)
		if (robots[i].device == device)
			return &robots[i];
	return NULL;
}

/* --- What the browsers of a robot see ------------------------------------------------------- */

/* clang-format off */
static struct json_object *cart(const struct robot *robot)
{
	return vz_object(
		{ "position", vz_text("absolute") },
		{ "top", vz_text("6px") },
		{ "left", vz_textf("%d%%", robot->at_cm * 100 / RAIL_CM) },
		{ "width", vz_text("28px") },
		{ "height", vz_text("28px") },
		{ "borderRadius", vz_text("8px") },
		{ "transform", vz_text("translateX(-50%)") },
		{ "background", vz_text(robot->colour) });
}
/* clang-format on */

static void show(struct vz_app *app, struct vz_client *client, const struct robot *robot)
{
	/* clang-format off */
	(void) vz_app_push_mods(app, vz_object(
		{ "robots-cart", vz_object({ "style", cart(robot) }) },
		{ "robots-says", vz_object({
			"children", vz_textf("%s: %d cm", robot->title, robot->at_cm) }) }),
		client);
	/* clang-format on */
}

static void show_all(void *data)
{
	struct robot *robot = data;
	struct vz_client *client = NULL;

	while ((client = vz_app_next_client(robot->app, client)))
		if (vz_client_get_device(client) == robot->device)
			show(robot->app, client, robot);
}

/*
 * A browser that was loaded anew brings its choice along: it is shown what it has chosen. Quietly,
 * since it shall not come back as another choice.
 */
static void on_device(struct vz_app *app, struct vz_device *device, struct vz_client *client,
		      enum vz_device_event event, void *data)
{
	struct robot *robot = robot_of(device);

	if (!robot || (event != VZ_DEVICE_BOUND && event != VZ_DEVICE_UNBOUND))
		return;
	/* clang-format off */
	(void) vz_client_push_quietly(client, event == VZ_DEVICE_BOUND
		? vz_object(
			{ "robots-choice", vz_object({ "value", vz_text(robot->name) }) },
			{ "robots-to", vz_object({ "value", vz_number(robot->at_cm) }) })
		: vz_object(
			{ "robots-choice", vz_object({ "value", VZ_NULL }) },
			{ "robots-says", vz_object({ "children", vz_text("Choose a robot.") }) },
			{ "robots-cart", vz_object({ "style", vz_object() }) }));
	/* clang-format on */
	if (event == VZ_DEVICE_BOUND)
		show(app, client, robot);
}

/* --- What the browsers do ------------------------------------------------------------------- */

static int on_choice(struct vz_call *call, void *data)
{
	struct vz_device *device;
	const char *name;
	int r;

	r = vz_call_input_text(call, 0, &name);
	if (r < 0)
		return r;
	device = vz_app_find_device(data, name);
	if (!robot_of(device))
		return vz_call_fail(call, -ENODEV, "There is no robot \"%s\"", name);
	return vz_client_set_device(vz_call_client(call), device);
}

/* On a worker, which may wait for wheels. */
static int drive(struct robot *robot, int to_cm)
{
	const struct timespec move = { .tv_nsec = MOVE_TIME_NS };

	to_cm = to_cm < 0 ? 0 : to_cm > RAIL_CM ? RAIL_CM : to_cm;
	while (robot->at_cm != to_cm) {
		(void) nanosleep(&move, NULL);
		robot->at_cm += robot->at_cm < to_cm ? CM_PER_MOVE : -CM_PER_MOVE;
		(void) vz_app_post(robot->app, show_all, robot);
	}
	return 0;
}

static int on_drive(struct vz_call *call, void *data)
{
	struct robot *robot = robot_of(vz_call_device(call));
	double to_cm;
	int r;

	if (!robot)
		return vz_call_fail(call, -ENODEV, "Choose a robot first");
	if (vz_call_is_triggered(call, 0))
		return drive(robot, robot->at_cm - STEP_CM);
	if (vz_call_is_triggered(call, 1))
		return drive(robot, robot->at_cm + STEP_CM);
	r = vz_call_input_number(call, 2, 0, RAIL_CM, &to_cm);
	return r < 0 ? r : drive(robot, (int) to_cm);
}

/* --- Start ---------------------------------------------------------------------------------- */

static struct json_object *choices(void)
{
	struct json_object *options = json_object_new_array();

	for (unsigned i = 0; i < N_ROBOTS; i++)
		vz_array_add(&options, vz_object({ "label", vz_text(robots[i].title) },
						 { "value", vz_text(robots[i].name) }));
	return vz_dcc_radio_items(.id = "robots-choice", .options = options);
}

/* clang-format off */
static struct json_object *layout(void)
{
	return vz_panel_columns(
		vz_panel_group("Robot",
			choices(),
			vz_html_p(.id = "robots-says", .className = "vz-note",
				.children = vz_text("Choose a robot."))),
		vz_panel_group("Drive",
			vz_html_div(.className = "vz-rail", .children = vz_html_div(.id = "robots-cart")),
			vz_panel_row("Go to", NULL,
				vz_dcc_slider(.id = "robots-to", .min = 0, .max = RAIL_CM, .value = 50,
					.marks = VZ_NULL)),
			vz_panel_buttons(
				vz_panel_button("robots-left", "← 10 cm"),
				vz_panel_button("robots-right", "10 cm →"))));
}
/* clang-format on */

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	const struct vz_callback_spec choice = {
		.inputs = VZ_IDS("robots-choice.value"),
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.fn = on_choice,
		.data = app,
		/* Which robot one looks at is one's own business; driving it is not. */
		.needs = VZ_ROLE_VIEWER,
	};
	const struct vz_callback_spec drives = {
		.inputs =
			VZ_IDS("robots-left.n_clicks", "robots-right.n_clicks", "robots-to.value"),
		.service = VZ_S2 | VZ_SERVICE_NO_CLIENT_INITIAL,
		.blocking = true,
		.fn = on_drive,
	};
	int r = vz_app_add_tab(app, "Robots", layout());

	for (unsigned i = 0; r >= 0 && i < N_ROBOTS; i++) {
		robots[i].app = app;
		r = vz_app_add_device(app, robots[i].name, robots[i].title, &robots[i].device);
	}
	if (r >= 0)
		r = vz_app_add_device_listener(app, on_device, NULL, NULL);
	if (r >= 0)
		r = vz_app_add_callback(app, &choice, NULL);
	if (r >= 0)
		r = vz_app_add_callback(app, &drives, NULL);
	return r;
}

VZ_PLUGIN(.name = "robots", .version = "1.0",
	  .description = "Two robots, each browser with its own (service S2)", .init = init);
