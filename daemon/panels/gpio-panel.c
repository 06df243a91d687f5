#include "panels/gpio-panel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dash/app.h"
#include "gpio/blink.h"
#include "gpio/gpio.h"
#include "gpio/line-spec.h"
#include "loop/loop.h"
#include "panels/admin.h"
#include "panels/gpio-text.h"
#include "util/json.h"
#include "util/log.h"
#include "vizyd/components.h"

#define NOTE_ID	   "gpio-note"
#define REFRESH_US 100000
#define PRESS_US   150000 /* how long the page's finger stays on a simulated button */
#define MAX_ID	   64

/* A button of a line. */
struct key {
	struct row *row;
	const char *word, *label;     /* of its id; on it */
	const struct vz_blink *blink; /* of an output; NULL: what it follows */
	struct vz_callback *callback;
};

#define MAX_KEYS 4

struct row {
	struct vz_gpio_panel *panel;
	struct vz_line *line;
	struct vz_timer *finger;
	struct key keys[MAX_KEYS];
	unsigned n_keys;
};

struct vz_gpio_panel {
	struct vz_gpio_panel_options options;
	struct vz_timer *refresh;
	struct vz_client_listener *listener;
	struct row *rows;
	unsigned n_rows;
	bool connected;
};

static void make_id(char id[MAX_ID], const struct vz_line *line, const char *what)
{
	(void) snprintf(id, MAX_ID, "gpio-%s-%s", vz_line_get_spec(line)->name, what);
}

/* --- What it says --------------------------------------------------------------------------- */

static struct json_object *state_text(const struct row *row)
{
	return vz_gpio_text_state(row->line, vz_loop_now_us(row->panel->options.loop));
}

static const char *level_class(const struct row *row)
{
	if (vz_line_get_state(row->line) != VZ_LINE_OPEN)
		return "vz-level vz-level-none";
	return vz_line_is_active(row->line) ? "vz-level vz-level-active" : "vz-level";
}

static void push_if_new(struct vz_gpio_panel *panel, const char *id, const char *property,
			struct json_object *value)
{
	if (value && !vz_json_equal(vz_app_get(panel->options.app, id, property), value))
		(void) vz_app_push(panel->options.app, id, property, value);
	else
		json_object_put(value);
}

static void update(struct vz_gpio_panel *panel)
{
	char id[MAX_ID];

	for (unsigned i = 0; panel->connected && i < panel->n_rows; i++) {
		struct row *row = &panel->rows[i];

		make_id(id, row->line, "state");
		push_if_new(panel, id, "children", state_text(row));
		make_id(id, row->line, "level");
		push_if_new(panel, id, "className", vz_text(level_class(row)));
	}
}

/* Nobody there: nothing is pushed, and who comes is told the state of then. */
static void on_refresh(void *data)
{
	struct vz_gpio_panel *panel = data;

	if (vz_app_n_clients(panel->options.app))
		update(panel);
}

void vz_gpio_panel_update_soon(struct vz_gpio_panel *panel)
{
	if (panel && !vz_timer_is_running(panel->refresh))
		vz_timer_start(panel->refresh, REFRESH_US);
}

static void on_client(struct vz_app *app, struct vz_client *client, enum vz_client_event event,
		      void *data)
{
	struct vz_gpio_panel *panel = data;

	if (event == VZ_CLIENT_CONNECTED)
		vz_timer_start(panel->refresh, 0);
}

/* --- What it does --------------------------------------------------------------------------- */

static int use_output(struct row *row, const struct key *key)
{
	return vz_line_hold(row->line, key->blink);
}

static void on_finger(void *data)
{
	struct row *row = data;

	(void) vz_line_move(row->line, false);
}

static int use_input(struct row *row, const struct key *key)
{
	bool is_press = !strcmp(key->word, "press");
	int r;

	vz_timer_stop(row->finger);
	r = vz_line_move(row->line, is_press || !vz_line_is_moved(row->line));
	if (r == 0 && is_press)
		vz_timer_start(row->finger, PRESS_US);
	return r;
}

static struct json_object *admin_text(const struct vz_gpio_panel *panel)
{
	return vz_textf("%s may move lines.",
			vz_admin_text(panel->options.app, panel->options.admin));
}

static int on_key(struct vz_call *call, void *data)
{
	struct key *key = data;
	struct row *row = key->row;
	const struct vz_line_spec *spec = vz_line_get_spec(row->line);
	int r;

	r = spec->is_output ? use_output(row, key) : use_input(row, key);
	if (r < 0)
		return vz_call_fail(call, r, "%s cannot be moved: %s", spec->name,
				    r == -ENODEV ? vz_line_get_text(row->line) : strerror(-r));
	vz_log(PANEL, INFO, "%s uses '%s' of the line %s", vz_admin_who(call), key->label,
	       spec->name);
	return vz_call_set(call, NOTE_ID, "children", vz_textf("%s: %s", spec->name, key->label));
}

/* --- Layout --------------------------------------------------------------------------------- */

static void add_key(struct row *row, const char *word, const char *label)
{
	row->keys[row->n_keys++] = (struct key){
		.row = row,
		.word = word,
		.label = label,
		.blink = vz_blink_find(word),
	};
}

static void fill_row(struct vz_gpio_panel *panel, struct row *row, struct vz_line *line)
{
	const struct vz_line_spec *spec = vz_line_get_spec(line);

	row->panel = panel;
	row->line = line;
	if (vz_line_get_state(line) == VZ_LINE_DISABLED)
		return;
	if (spec->is_output) {
		add_key(row, "on", "On");
		add_key(row, "off", "Off");
		add_key(row, "blink", "Blink");
		add_key(row, "auto", spec->follows_id ? "Follow" : "Let go");
	} else if (vz_line_spec_is_simulated(spec)) {
		add_key(row, "press", "Press");
		add_key(row, "hold", "Hold or let go");
	}
}

static struct json_object *render_keys(const struct row *row)
{
	struct json_object *keys = vz_array();
	char id[MAX_ID];

	for (unsigned i = 0; i < row->n_keys; i++) {
		make_id(id, row->line, row->keys[i].word);
		vz_array_add(&keys,
			     vz_html_button(.id = id, .className = "vz-button", .n_clicks = 0,
					    .children = vz_text(row->keys[i].label)));
	}
	return vz_html_div(.className = "vz-line-keys", .children = keys);
}

static struct json_object *render_row(const struct row *row)
{
	char state_id[MAX_ID], level_id[MAX_ID];

	make_id(state_id, row->line, "state");
	make_id(level_id, row->line, "level");
	/* clang-format off */
	return vz_html_div(.className = "vz-plugin vz-line", .children = vz_array(
		vz_html_span(.id = level_id, .className = level_class(row)),
		vz_html_div(.className = "vz-plugin-text", .children = vz_array(
			vz_html_span(.className = "vz-plugin-name",
				.children = vz_text(vz_line_get_spec(row->line)->name)),
			vz_html_p(.children = vz_gpio_text_spec(row->line)),
			vz_html_p(.id = state_id, .className = "vz-plugin-state",
				.children = state_text(row)))),
		render_keys(row)));
	/* clang-format on */
}

static void disconnect(struct vz_gpio_panel *panel)
{
	panel->connected = false;
	for (unsigned i = 0; i < panel->n_rows; i++)
		for (unsigned k = 0; k < panel->rows[i].n_keys; k++)
			panel->rows[i].keys[k].callback =
				vz_callback_free(panel->rows[i].keys[k].callback);
}

struct json_object *vz_gpio_panel_render(struct vz_gpio_panel *panel)
{
	struct json_object *rows =
		vz_array(vz_html_h2(.className = "vz-group-title", .children = vz_text("Lines")));

	disconnect(panel);
	for (unsigned i = 0; i < panel->n_rows; i++)
		vz_array_add(&rows, render_row(&panel->rows[i]));
	vz_array_add(&rows, vz_html_p(.id = NOTE_ID, .className = "vz-note", .role = "status",
				      .children = admin_text(panel)));
	return vz_html_div(.className = "vz-controls",
			   .children = vz_array(
				   vz_html_section(.className = "vz-group", .children = rows)));
}

static int connect_key(struct vz_gpio_panel *panel, struct key *key)
{
	char input[MAX_ID + 16], id[MAX_ID];
	struct vz_callback_spec spec = {
		.inputs = VZ_IDS(input),
		/* Private: what it answers is for who asked. */
		.service = VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
		.fn = on_key,
		.data = key,
		.needs = VZ_ROLE_ADMIN,
	};

	make_id(id, key->row->line, key->word);
	(void) snprintf(input, sizeof(input), "%s.n_clicks", id);
	return vz_app_add_callback(panel->options.app, &spec, &key->callback);
}

int vz_gpio_panel_connect(struct vz_gpio_panel *panel)
{
	int r = 0;

	for (unsigned i = 0; i < panel->n_rows; i++)
		for (unsigned k = 0; r == 0 && k < panel->rows[i].n_keys; k++)
			r = connect_key(panel, &panel->rows[i].keys[k]);
	panel->connected = r == 0;
	vz_gpio_panel_update_soon(panel);
	return r;
}

/* --- Life ----------------------------------------------------------------------------------- */

static int make_rows(struct vz_gpio_panel *panel)
{
	struct vz_line *line = NULL;
	size_t n = 0;
	int r = 0;

	while ((line = vz_gpio_next_line(panel->options.gpio, line)))
		n++;
	panel->rows = calloc(n + 1, sizeof(*panel->rows));
	if (!panel->rows)
		return -ENOMEM;
	while (r == 0 && (line = vz_gpio_next_line(panel->options.gpio, line))) {
		struct row *row = &panel->rows[panel->n_rows++];

		fill_row(panel, row, line);
		r = vz_timer_new(panel->options.loop, on_finger, row, &row->finger);
	}
	return r;
}

int vz_gpio_panel_new(const struct vz_gpio_panel_options *options, struct vz_gpio_panel **ret)
{
	VZ_CLEANUP(vz_gpio_panel_freep) struct vz_gpio_panel *panel = calloc(1, sizeof(*panel));
	int r;

	if (!panel)
		return -ENOMEM;
	panel->options = *options;
	r = make_rows(panel);
	if (r == 0)
		r = vz_timer_new(options->loop, on_refresh, panel, &panel->refresh);
	if (r == 0)
		r = vz_app_add_client_listener(options->app, on_client, panel, &panel->listener);
	if (r < 0)
		return r;
	*ret = vz_steal(panel);
	return 0;
}

struct vz_gpio_panel *vz_gpio_panel_free(struct vz_gpio_panel *panel)
{
	if (!panel)
		return NULL;
	disconnect(panel);
	if (panel->listener)
		(void) vz_client_listener_free(panel->listener);
	if (panel->refresh)
		(void) vz_timer_free(panel->refresh);
	for (unsigned i = 0; i < panel->n_rows; i++)
		if (panel->rows[i].finger)
			(void) vz_timer_free(panel->rows[i].finger);
	free(panel->rows);
	free(panel);
	return NULL;
}
