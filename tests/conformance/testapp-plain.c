/*
 * Callbacks that answer whoever asks: outputs, State, no_update, errors.
 */
#include <errno.h>
#include <string.h>

#include "testapp.h"
#include "vizyd/dcc.h"

static unsigned dependent_runs, error_runs;

static int on_click(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("clicks=%d", testapp_clicks(call, 0)));
}

static int on_state(struct vz_call *call, void *data)
{
	const char *state = json_object_get_string(vz_call_state(call, 0));

	return vz_call_set_output(call, 0,
				  vz_textf("%d:%s", testapp_clicks(call, 0), state ? state : "-"));
}

/* Every third click leaves the second Output alone, and the ninth leaves all of them. */
static int on_three(struct vz_call *call, void *data)
{
	int n = testapp_clicks(call, 0), r = 0;

	if (n && n % 9 == 0)
		return 0;
	r = vz_call_set_output(call, 0, vz_textf("a %d", n));
	if (r >= 0 && !(n && n % 3 == 0))
		r = vz_call_set_output(call, 1, vz_textf("b %d", n));
	if (r >= 0)
		r = vz_call_set_output(call, 2, json_object_new_int(n));
	return r;
}

/* Runs only when "three-b" has changed. */
static int on_dependent(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("ran %u", ++dependent_runs));
}

static int on_initial(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  vz_textf("%s value=%d",
					   vz_call_is_initial(call) ? "initial" : "changed",
					   json_object_get_int(vz_call_input(call, 0))));
}

static int on_error(struct vz_call *call, void *data)
{
	error_runs++;
	return vz_call_fail(call, -EIO, "the lens is <dirty> & \"cold\"");
}

/* An Output that is set and then an error: nothing must change. */
static int on_late_error(struct vz_call *call, void *data)
{
	(void) vz_call_set_output(call, 0, vz_textf("must not be seen"));
	return vz_call_fail(call, -EIO, "too late");
}

static int on_bare_error(struct vz_call *call, void *data)
{
	return -EPERM;
}

/* With no Output to tell it in. */
static int on_mute_error(struct vz_call *call, void *data)
{
	return vz_call_fail(call, -EIO, "no light in the cellar");
}

/* What the call could see of itself. */
static int on_context(struct vz_call *call, void *data)
{
	struct vz_client *client = vz_call_client(call);

	return vz_call_set_output(call, 0,
				  vz_textf("client %s initial %d triggered %d%d",
					   client ? "yes" : "no", vz_call_is_initial(call),
					   vz_call_is_triggered(call, 0),
					   vz_call_is_triggered(call, 1)));
}

/* Two cookies and a header; the third click has a large one, and later ones what is refused. */
static int on_header(struct vz_call *call, void *data)
{
	static const struct {
		const char *name, *value;
	} refused[] = {
		{ "X Light", "on" },
		{ "X-Light", "on\r\nSet-Cookie: evil=1" },
		{ "Content-Length", "7" },
	};
	int n = testapp_clicks(call, 0), r;
	char large[3901] = "";

	r = vz_call_set_header(call, "Set-Cookie", "session=1; Path=/; HttpOnly");
	if (r >= 0)
		r = vz_call_set_header(call, "Set-Cookie", "theme=dark");
	if (r >= 0)
		r = vz_call_set_header(call, "X-Clicks",
				       json_object_get_string(vz_call_input(call, 0)));
	memset(large, 'v', sizeof(large) - 1);
	if (r >= 0 && n == 3)
		r = vz_call_set_header(call, "X-Large", large);
	if (r >= 0 && n >= 10)
		r = vz_call_set_header(call, refused[n % 10 % 3].name, refused[n % 10 % 3].value);
	if (r >= 0 && n == 2)
		return 0;
	return r < 0 ? r : vz_call_set_output(call, 0, vz_textf("headers %d", n));
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = on_click,
	  .outputs = VZ_IDS("click-out.children"),
	  .inputs = VZ_IDS("click.n_clicks") },
	{ .fn = on_click,
	  .outputs = VZ_IDS("link-out.children"),
	  .inputs = VZ_IDS("link.n_clicks"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_click,
	  .outputs = VZ_IDS("click-too.children"),
	  .inputs = VZ_IDS("click.n_clicks"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_state,
	  .outputs = VZ_IDS("state-out.children"),
	  .inputs = VZ_IDS("state-button.n_clicks"),
	  .states = VZ_IDS("state.value"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_three,
	  .outputs = VZ_IDS("three-a.children", "three-b.children", "three-c.children"),
	  .inputs = VZ_IDS("three.n_clicks"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_dependent,
	  .outputs = VZ_IDS("three-dependent.children"),
	  .inputs = VZ_IDS("three-b.children"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_initial,
	  .outputs = VZ_IDS("initial-out.children"),
	  .inputs = VZ_IDS("initial.value"),
	  .service = VZ_SERVICE_LINK },
	{ .fn = on_error,
	  .outputs = VZ_IDS("error-out.children"),
	  .inputs = VZ_IDS("error.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_late_error,
	  .outputs = VZ_IDS("late-out.children"),
	  .inputs = VZ_IDS("late.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_bare_error,
	  .outputs = VZ_IDS("bare-out.children"),
	  .inputs = VZ_IDS("bare.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_mute_error, .inputs = VZ_IDS("mute.n_clicks"), .service = TESTAPP_BUTTON },
	{ .fn = on_context,
	  .outputs = VZ_IDS("context-out.children"),
	  .inputs = VZ_IDS("context-a.n_clicks", "context-b.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_header,
	  .outputs = VZ_IDS("header-out.children"),
	  .inputs = VZ_IDS("header.n_clicks"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_header,
	  .outputs = VZ_IDS("late-header-out.children"),
	  .inputs = VZ_IDS("late-header.n_clicks"),
	  .service = VZ_SERVICE_NO_CLIENT_INITIAL,
	  .blocking = true },
};

static void add_components(struct json_object *list)
{
	testapp_add_buttons(list, VZ_IDS("click", "link", "state-button", "three", "error", "late",
					 "bare", "mute", "context-a", "context-b", "header",
					 "late-header"));
	json_object_array_add(list, vz_dcc_input(.id = "state", .value = vz_text("hello")));
	testapp_add_slider(list, "initial", 30);
	testapp_add_divs(list, VZ_IDS("click-out", "click-too", "link-out", "state-out", "three-a",
				      "three-b", "three-c", "three-dependent", "initial-out",
				      "error-out", "late-out", "bare-out", "context-out",
				      "header-out", "late-header-out"));
}

static void append_status(struct vz_buf *buf)
{
	vz_buf_printf(buf, ",\"error_runs\":%u,\"dependent_runs\":%u", error_runs, dependent_runs);
}

const struct testapp_topic testapp_plain = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
	.append_status = append_status,
};
