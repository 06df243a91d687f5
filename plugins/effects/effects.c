/*
 * Controls without Outputs: what they do happens in the device, not on the page. Here the device
 * has a journal, and the page shows its last lines by push_mods, which is how anything that was not
 * asked for gets to the browsers.
 */
#include <errno.h>
#include <string.h>
#include <vizyd/panel.h>
#include <vizyd/plugin.h>

#define N_LINES	       8
#define MAX_TEXT_BYTES 200

static struct {
	struct vz_app *app;
	struct json_object *lines[N_LINES]; /* texts */
	unsigned n; /* lines so far; the newest is lines[(n - 1) % N_LINES] */
} journal;

static struct json_object *newest_first(void)
{
	struct json_object *items = json_object_new_array();

	for (unsigned i = journal.n; i > 0 && journal.n - i < N_LINES; i--) {
		struct json_object *line = journal.lines[(i - 1) % N_LINES];

		vz_array_add(&items,
			     vz_html_li(.children = vz_textf("%u. %s", i,
							     json_object_get_string(line))));
	}
	return items;
}

/* One line more, in the log and in every browser. Takes @line. */
static int note(struct json_object *line)
{
	struct json_object **place = &journal.lines[journal.n % N_LINES];

	if (!line)
		return -ENOMEM;
	vz_log_info("%s", json_object_get_string(line));
	json_object_put(*place);
	*place = line;
	journal.n++;
	return vz_app_push(journal.app, "effects-journal", "children", newest_first());
}

static int on_slider(struct vz_call *call, void *data)
{
	double value;
	int r;

	r = vz_call_input_number(call, 0, 0, 100, &value);
	if (r < 0)
		return r;
	return note(vz_textf("The slider of everybody is at %g", value));
}

static int on_text(struct vz_call *call, void *data)
{
	const char *text;
	int r;

	r = vz_call_input_text(call, 0, &text);
	if (r < 0)
		return r;
	if (strlen(text) > MAX_TEXT_BYTES)
		return vz_call_fail(call, -EINVAL, "expected a text of at most %d bytes, got %zu",
				    MAX_TEXT_BYTES, strlen(text));
	return note(vz_textf("The text of everybody is “%s”", text));
}

/* Private: the call knows which browser it came from, and only that one learns what it did. */
static int answer_mine(struct vz_call *call, struct json_object *text)
{
	return vz_app_push_mods(journal.app,
				vz_object({ "effects-mine", vz_object({ "children", text }) }),
				vz_call_client(call));
}

static int on_my_slider(struct vz_call *call, void *data)
{
	double value;
	int r;

	r = vz_call_input_number(call, 0, 0, 100, &value);
	if (r >= 0)
		r = note(vz_text("Somebody moved a slider of their own"));
	return r < 0 ? r : answer_mine(call, vz_textf("Your slider is at %g", value));
}

static int on_my_text(struct vz_call *call, void *data)
{
	const char *text;
	int r;

	r = vz_call_input_text(call, 0, &text);
	if (r >= 0)
		r = note(vz_text("Somebody wrote a text of their own"));
	return r < 0 ? r : answer_mine(call, vz_textf("Your text is “%s”", text));
}

static int on_photo(struct vz_call *call, void *data)
{
	return note(vz_text("A photo was taken"));
}

#define PRIVATE (VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL)

static const struct vz_callback_spec callbacks[] = {
	{ .inputs = VZ_IDS("effects-slider.value"), .service = VZ_SHARED, .fn = on_slider },
	{ .inputs = VZ_IDS("effects-text.value"), .service = VZ_SHARED, .fn = on_text },
	{ .inputs = VZ_IDS("effects-photo.n_clicks"), .service = VZ_SHARED, .fn = on_photo },
	{ .inputs = VZ_IDS("effects-my-slider.value"), .service = PRIVATE, .fn = on_my_slider },
	{ .inputs = VZ_IDS("effects-my-text.value"), .service = PRIVATE, .fn = on_my_text },
};

static struct json_object *slider(const char *id)
{
	return vz_dcc_slider(.id = id, .min = 0, .max = 100, .value = 50, .marks = VZ_NULL);
}

/* Debounced: the text is sent when it is finished, by the Enter key or by leaving the box. */
static struct json_object *text_box(const char *id)
{
	return vz_dcc_input(.id = id, .type = "text", .value = vz_text(""),
			    .debounce = vz_bool(true));
}

/* clang-format off */
static struct json_object *layout(void)
{
	return vz_panel_columns(
		vz_panel_group("Shared",
			vz_panel_row("Slider", NULL, slider("effects-slider")),
			vz_panel_row("Text", NULL, text_box("effects-text")),
			vz_panel_buttons(vz_panel_button("effects-photo", "Take a photo"))),
		vz_panel_group("Private",
			vz_panel_row("Slider", NULL, slider("effects-my-slider")),
			vz_panel_row("Text", NULL, text_box("effects-my-text")),
			vz_html_p(.id = "effects-mine", .className = "vz-note")),
		vz_panel_group("Journal",
			vz_html_ul(.id = "effects-journal", .className = "vz-list")));
}
/* clang-format on */

static int init(struct vz_app *app, struct json_object *config, void **ret_data)
{
	int r = vz_app_add_tab(app, "Effects", layout());

	journal.app = app;
	for (unsigned i = 0; r >= 0 && i < sizeof(callbacks) / sizeof(callbacks[0]); i++)
		r = vz_app_add_callback(app, &callbacks[i], NULL);
	return r;
}

static void fini(void *data)
{
	for (unsigned i = 0; i < N_LINES; i++)
		json_object_put(journal.lines[i]);
}

VZ_PLUGIN(.name = "effects", .version = "1.0",
	  .description = "Controls without Outputs, and a journal that is pushed", .init = init,
	  .fini = fini);
