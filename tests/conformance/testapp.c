/*
 * A page with one of everything, for the wire and browser tests: the real core and the real server
 * without a camera. The tests read what ran from /status, under "test".
 *
 *	testapp --listen ADDR:PORT --ui-dir DIR [--layout N] [--max-message BYTES] [--origin ORIGIN]
 *		[--per-address N]
 *
 * --layout N appends N more components, which is what a new release of a program does to its page.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dash/app.h"
#include "loop/loop-lws.h"
#include "server/server.h"
#include "util/json.h"
#include "vizyd/dash.h"

#define DRAG_LOG 64
#define BURST	 2000

struct testapp {
	struct vz_loop *loop;
	struct vz_app *app;
	struct vz_timer *tick;
	unsigned shared_runs, chain_runs, drag_runs, no_output_runs, persistent_runs, error_runs;
	/* The last values that the callback of "drag" was run with, oldest first. */
	int drag_log[DRAG_LOG];
	unsigned n_drag_log;
};

/* --- Plain callbacks (S0) ------------------------------------------------------------------- */

static int click_count(struct vz_call *call, unsigned index)
{
	return json_object_get_int(vz_call_input(call, index));
}

static struct json_object *text(const char *format, ...)
{
	char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	return json_object_new_string(line);
}

static int on_click(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, text("clicks=%d", click_count(call, 0)));
}

static int on_state(struct vz_call *call, void *data)
{
	const char *state = json_object_get_string(vz_call_state(call, 0));

	return vz_call_set_output(call, 0,
				  text("%d:%s", click_count(call, 0), state ? state : "-"));
}

/* Every third click leaves the second Output alone, and the ninth leaves all of them. */
static int on_three(struct vz_call *call, void *data)
{
	int n = click_count(call, 0), r = 0;

	if (n && n % 9 == 0)
		return 0;
	r = vz_call_set_output(call, 0, text("a %d", n));
	if (r >= 0 && !(n && n % 3 == 0))
		r = vz_call_set_output(call, 1, text("b %d", n));
	if (r >= 0)
		r = vz_call_set_output(call, 2, json_object_new_int(n));
	return r;
}

static int on_initial(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  text("%s value=%d",
				       vz_call_is_initial(call) ? "initial" : "changed",
				       json_object_get_int(vz_call_input(call, 0))));
}

static int on_error(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	t->error_runs++;
	return vz_call_fail(call, -EIO, "the lens is <dirty> & \"cold\"");
}

/* An Output that is set and then an error: nothing must change. */
static int on_late_error(struct vz_call *call, void *data)
{
	(void) vz_call_set_output(call, 0, text("must not be seen"));
	return vz_call_fail(call, -EIO, "too late");
}

static int on_bare_error(struct vz_call *call, void *data)
{
	return -EPERM;
}

static int on_no_output(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	t->no_output_runs++;
	return vz_app_push(t->app, "count", "children", text("ran %u", t->no_output_runs));
}

static int on_alternate(struct vz_call *call, void *data)
{
	int r;

	r = vz_call_set(call, "alt-other", "children", text("other %d", click_count(call, 0)));
	if (r < 0)
		return r;
	return vz_call_set(call, "alt-other", "title", text("title %d", click_count(call, 0)));
}

/* set_props in mid-callback: two components of the requesting client alone. */
static int on_props(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	struct json_object *mods = json_object_new_object();
	struct json_object *first = json_object_new_object(), *second = json_object_new_object();
	int r;

	json_object_object_add(first, "children", text("first %d", click_count(call, 0)));
	json_object_object_add(second, "children", text("second %d", click_count(call, 0)));
	json_object_object_add(second, "title", text("tip"));
	json_object_object_add(mods, "props-1", first);
	json_object_object_add(mods, "props-2", second);
	r = vz_app_push_mods(t->app, mods, vz_call_client(call));
	if (r < 0)
		return vz_call_fail(call, r, "push_mods: %s", strerror(-r));
	return vz_call_set_output(call, 0, text("done %d", click_count(call, 0)));
}

static int on_patch(struct vz_call *call, void *data)
{
	static const char *const patches[] = {
		"[{\"operation\":\"Append\",\"location\":[\"list\"],\"params\":{\"value\":4}}]",
		"[{\"operation\":\"Assign\",\"location\":[\"list\",0],\"params\":{\"value\":"
		"\"one\"}}]",
		"[{\"operation\":\"Add\",\"location\":[\"n\"],\"params\":{\"value\":2.5}}]",
		"[{\"operation\":\"Merge\",\"location\":[\"o\"],\"params\":{\"value\":{\"b\":2}}}]",
		"[{\"operation\":\"Delete\",\"location\":[\"list\",-1],\"params\":{}},"
		"{\"operation\":\"Reverse\",\"location\":[\"list\"],\"params\":{}}]",
		"[{\"operation\":\"Prepend\",\"location\":[\"list\"],\"params\":{\"value\":0}},"
		"{\"operation\":\"Insert\",\"location\":[\"list\"],\"params\":{\"index\":1,"
		"\"value\":\"x\"}},"
		"{\"operation\":\"Extend\",\"location\":[\"list\"],\"params\":{\"value\":[7,7]}},"
		"{\"operation\":\"Remove\",\"location\":[\"list\"],\"params\":{\"value\":7}}]",
		"[{\"operation\":\"Sub\",\"location\":[\"n\"],\"params\":{\"value\":1}},"
		"{\"operation\":\"Mul\",\"location\":[\"n\"],\"params\":{\"value\":4}},"
		"{\"operation\":\"Div\",\"location\":[\"n\"],\"params\":{\"value\":2}}]",
		"[{\"operation\":\"Clear\",\"location\":[\"list\"],\"params\":{}}]",
	};
	int n = click_count(call, 0);
	struct json_object *patch = json_object_new_object();

	if (n < 1 || (unsigned) n > VZ_N_ELEMENTS(patches)) {
		json_object_put(patch);
		return vz_call_fail(call, -ERANGE, "no patch %d", n);
	}
	json_object_object_add(patch, "__dash_patch_update",
			       json_object_new_string("__dash_patch_update"));
	json_object_object_add(patch, "operations", json_tokener_parse(patches[n - 1]));
	return vz_call_set_output(call, 0, patch);
}

/* Every kind of value, one a click. */
static const char *const kinds[] = {
	"null",
	"true",
	"false",
	"0",
	"-1.5",
	"9007199254740991",
	"1e300",
	"\"\"",
	"\"\\u00e4\\u20ac\\ud83d\\ude00 <b>&amp;</b> \\\\ \\\" \\n\"",
	"[]",
	"{}",
	"[1,[2,[3,null]]]",
	"{\"a\":{\"b\":[true,null,\"c\"]}}",
	"0.1",
};

static int on_kind(struct vz_call *call, void *data)
{
	int n = click_count(call, 0);

	if (n < 1 || (unsigned) n > VZ_N_ELEMENTS(kinds))
		return vz_call_fail(call, -ERANGE, "no kind %d", n);
	return vz_call_set_output(call, 0, json_tokener_parse(kinds[n - 1]));
}

static struct json_object *component(const char *namespace, const char *type, const char *id);
static void set(struct json_object *component, const char *property, struct json_object *value);

/* A tree of components as children, with an id of its own in it. */
static int on_tree(struct vz_call *call, void *data)
{
	struct json_object *list = json_object_new_array(), *item;

	item = component("dash_html_components", "B", "tree-inner");
	set(item, "children", text("tree %d", click_count(call, 0)));
	json_object_array_add(list, item);
	json_object_array_add(list, json_object_new_string(" and text "));
	json_object_array_add(list, json_object_new_int(0));
	return vz_call_set_output(call, 0, list);
}

/* What the call could see of itself. */
static int on_context(struct vz_call *call, void *data)
{
	struct vz_client *client = vz_call_client(call);

	return vz_call_set_output(call, 0,
				  text("client %s initial %d triggered %d%d", client ? "yes" : "no",
				       vz_call_is_initial(call), vz_call_is_triggered(call, 0),
				       vz_call_is_triggered(call, 1)));
}

static int on_persistent(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	t->persistent_runs++;
	return 0;
}

/* More than a client that does not read can be kept waiting with. */
static int on_burst(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	int r = 0;

	for (int i = 1; i <= BURST && r >= 0; i++) {
		char filler[4096];

		snprintf(filler, sizeof(filler), "%d %*s", i, (int) sizeof(filler) - 16, "");
		r = vz_app_push(t->app, "burst", "children", json_object_new_string(filler));
	}
	if (r >= 0)
		r = vz_app_push(t->app, "burst", "children", text("last"));
	return r < 0 ? vz_call_fail(call, r, "push: %s", strerror(-r)) : 0;
}

static int on_tick_switch(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	vz_timer_start(t->tick, 0);
	return 0;
}

/* The device as a source of mods: sets an Input of a shared callback, from no client. */
static void on_tick(void *data)
{
	struct testapp *t = data;

	(void) vz_app_push(t->app, "shared", "value", json_object_new_int(77));
}

static int on_plain_watch(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  text("saw %s",
				       json_object_to_json_string(vz_call_input(call, 0))));
}

/* Pushes the Input of a callback that is not shared: browsers have to be told aloud. */
static int on_aloud(struct vz_call *call, void *data)
{
	struct testapp *t = data;

	return vz_app_push(t->app, "watched", "data", json_object_new_int(click_count(call, 0)));
}

/* --- Shared callbacks ------------------------------------------------------------------------ */

static int on_shared(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	struct json_object *value = vz_call_input(call, 0);

	t->shared_runs++;
	return vz_call_set_output(call, 0, text("value=%s", json_object_to_json_string(value)));
}

static int on_chain(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	const char *value = json_object_get_string(vz_call_input(call, 0));

	t->chain_runs++;
	return vz_call_set_output(call, 0, text("chain(%s)", value ? value : "null"));
}

static int on_drag(struct vz_call *call, void *data)
{
	struct testapp *t = data;
	int value = json_object_get_int(vz_call_input(call, 0));

	t->drag_runs++;
	if (t->n_drag_log == DRAG_LOG) {
		memmove(t->drag_log, t->drag_log + 1, sizeof(t->drag_log) - sizeof(t->drag_log[0]));
		t->n_drag_log--;
	}
	t->drag_log[t->n_drag_log++] = value;
	return vz_call_set_output(call, 0, text("drag=%d", value));
}

/* Sets its own Input when that is too large. */
static int on_clamp(struct vz_call *call, void *data)
{
	int value = json_object_get_int(vz_call_input(call, 0)), r;

	if (value > 50) {
		value = 50;
		r = vz_call_set(call, "clamp", "value", json_object_new_int(value));
		if (r < 0)
			return r;
	}
	return vz_call_set_output(call, 0, text("clamp=%d", value));
}

static int on_shared_error(struct vz_call *call, void *data)
{
	if (json_object_get_int(vz_call_input(call, 0)) == 13)
		return vz_call_fail(call, -EINVAL, "thirteen is refused");
	return vz_call_set_output(call, 0, text("good"));
}

struct registration {
	unsigned service;
	vz_callback_fn *fn;
	const char *outputs[4], *inputs[3], *states[2];
};

static const struct registration registrations[] = {
	{ VZ_S0, on_click, { "click-out.children" }, { "click.n_clicks" }, { NULL } },
	{ VZ_SERVICE_LINK, on_click, { "link-out.children" }, { "link.n_clicks" }, { NULL } },
	{ VZ_S0,
	  on_state,
	  { "state-out.children" },
	  { "state-button.n_clicks" },
	  { "state.value" } },
	{ VZ_S0,
	  on_three,
	  { "three-a.children", "three-b.children", "three-c.children" },
	  { "three.n_clicks" },
	  { NULL } },
	{ VZ_S0, on_initial, { "initial-out.children" }, { "initial.value" }, { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_error,
	  { "error-out.children" },
	  { "error.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_late_error,
	  { "late-out.children" },
	  { "late.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_bare_error,
	  { "bare-out.children" },
	  { "bare.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_no_output,
	  { NULL },
	  { "no-output.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_alternate,
	  { "alt-out.children" },
	  { "alt.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_props,
	  { "props-out.children" },
	  { "props.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_patch,
	  { "store.data" },
	  { "patch.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_kind,
	  { "kind-store.data" },
	  { "kind.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_tree,
	  { "tree-out.children" },
	  { "tree.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_context,
	  { "context-out.children" },
	  { "context-a.n_clicks", "context-b.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_burst,
	  { NULL },
	  { "burst-button.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_tick_switch,
	  { NULL },
	  { "tick.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK | VZ_SERVICE_NO_CLIENT_INITIAL,
	  on_aloud,
	  { NULL },
	  { "aloud.n_clicks" },
	  { NULL } },
	{ VZ_SERVICE_LINK,
	  on_plain_watch,
	  { "watched-out.children" },
	  { "watched.data" },
	  { NULL } },
	{ VZ_SERVICE_LINK, on_persistent, { NULL }, { NULL }, { NULL } },
	{ VZ_SHARED, on_shared, { "shared-out.children" }, { "shared.value" }, { NULL } },
	{ VZ_SHARED, on_chain, { "chain-out.children" }, { "shared-out.children" }, { NULL } },
	{ VZ_SHARED, on_drag, { "drag-out.children" }, { "drag.value" }, { NULL } },
	{ VZ_SHARED, on_clamp, { "clamp-out.children" }, { "clamp.value" }, { NULL } },
	{ VZ_SHARED, on_shared_error, { "thirteen-out.children" }, { "thirteen.value" }, { NULL } },
};

static int add_callbacks(struct testapp *t)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(registrations); i++) {
		const struct registration *g = &registrations[i];
		struct vz_callback_spec spec = {
			.outputs = g->outputs[0] ? g->outputs : NULL,
			.inputs = g->inputs[0] ? g->inputs : NULL,
			.states = g->states[0] ? g->states : NULL,
			.service = g->service,
			.fn = g->fn,
			.data = t,
		};
		int r = vz_app_add_callback(t->app, &spec, NULL);

		if (r < 0) {
			fprintf(stderr, "testapp: %s\n", vz_app_last_error(t->app));
			return r;
		}
	}
	return 0;
}

/* --- Layout ---------------------------------------------------------------------------------- */

static struct json_object *component(const char *namespace, const char *type, const char *id)
{
	struct json_object *c = json_object_new_object(), *props = json_object_new_object();

	json_object_object_add(c, "namespace", json_object_new_string(namespace));
	json_object_object_add(c, "type", json_object_new_string(type));
	json_object_object_add(props, "id", json_object_new_string(id));
	json_object_object_add(c, "props", props);
	return c;
}

static void set(struct json_object *c, const char *property, struct json_object *value)
{
	json_object_object_add(json_object_object_get(c, "props"), property, value);
}

static void add_div(struct json_object *list, const char *id)
{
	struct json_object *c = component("dash_html_components", "Div", id);

	set(c, "children", json_object_new_string(""));
	json_object_array_add(list, c);
}

static void add_button(struct json_object *list, const char *id)
{
	struct json_object *c = component("dash_html_components", "Button", id);

	set(c, "children", json_object_new_string(id));
	set(c, "n_clicks", json_object_new_int(0));
	json_object_array_add(list, c);
}

static void add_slider(struct json_object *list, const char *id, int value)
{
	struct json_object *c = component("dash_core_components", "Slider", id);

	set(c, "min", json_object_new_int(0));
	set(c, "max", json_object_new_int(100));
	set(c, "step", json_object_new_int(1));
	set(c, "value", json_object_new_int(value));
	set(c, "updatemode", json_object_new_string("drag"));
	set(c, "marks", NULL);
	json_object_array_add(list, c);
}

static void add_store(struct json_object *list, const char *id, const char *data)
{
	struct json_object *c = component("dash_core_components", "Store", id);

	set(c, "data", json_tokener_parse(data));
	json_object_array_add(list, c);
}

static struct json_object *make_layout(int extra)
{
	static const char *const buttons[] = {
		"click", "link",      "state-button", "three",	      "error", "late",
		"bare",	 "no-output", "alt",	      "props",	      "patch", "kind",
		"tree",	 "context-a", "context-b",    "burst-button", "tick",  "aloud",
	};
	static const char *const divs[] = {
		"click-out",  "link-out",    "state-out",   "three-a",	 "three-b",
		"three-c",    "initial-out", "error-out",   "late-out",	 "bare-out",
		"count",      "alt-out",     "alt-other",   "props-out", "props-1",
		"props-2",    "tree-out",    "context-out", "burst",	 "watched-out",
		"shared-out", "chain-out",   "drag-out",    "clamp-out", "thirteen-out",
	};
	struct json_object *root = component("dash_html_components", "Div", "root");
	struct json_object *list = json_object_new_array(), *input;

	for (size_t i = 0; i < VZ_N_ELEMENTS(buttons); i++)
		add_button(list, buttons[i]);
	input = component("dash_core_components", "Input", "state");
	set(input, "value", json_object_new_string("hello"));
	json_object_array_add(list, input);
	add_slider(list, "initial", 30);
	add_slider(list, "shared", 20);
	add_slider(list, "drag", 0);
	add_slider(list, "clamp", 10);
	add_slider(list, "thirteen", 1);
	add_store(list, "store", "{\"list\":[1,2,3],\"n\":5,\"o\":{\"a\":1}}");
	add_store(list, "kind-store", "\"none yet\"");
	add_store(list, "watched", "0");
	for (size_t i = 0; i < VZ_N_ELEMENTS(divs); i++)
		add_div(list, divs[i]);
	for (int i = 0; i < extra; i++) {
		char id[32];

		snprintf(id, sizeof(id), "extra-%d", i);
		add_div(list, id);
	}
	set(root, "children", list);
	return root;
}

/* --- The program ----------------------------------------------------------------------------- */

static void append_status(struct vz_buf *buf, void *data)
{
	const struct testapp *t = data;

	vz_buf_printf(buf,
		      ",\"test\":{\"shared_runs\":%u,\"chain_runs\":%u,\"drag_runs\":%u,"
		      "\"no_output_runs\":%u,\"persistent_runs\":%u,\"error_runs\":%u,\"drag_log\":"
		      "[",
		      t->shared_runs, t->chain_runs, t->drag_runs, t->no_output_runs,
		      t->persistent_runs, t->error_runs);
	for (unsigned i = 0; i < t->n_drag_log; i++)
		vz_buf_printf(buf, "%s%d", i ? "," : "", t->drag_log[i]);
	vz_buf_puts(buf, "]}");
}

struct deadline {
	struct testapp *t;
	struct vz_timer *timer;
};

static int64_t now(void *data)
{
	return vz_loop_now_us(((struct testapp *) data)->loop);
}

static void on_deadline(void *data)
{
	struct deadline *d = data;

	vz_app_tick(d->t->app, vz_loop_now_us(d->t->loop));
}

static void set_deadline(int64_t at_us, void *data)
{
	struct deadline *d = data;
	int64_t delay;

	if (at_us == INT64_MAX) {
		vz_timer_stop(d->timer);
		return;
	}
	delay = at_us - vz_loop_now_us(d->t->loop);
	vz_timer_start(d->timer, delay > 0 ? delay : 0);
}

static struct vz_loop *quit_loop;

static void on_signal(int signal)
{
	vz_loop_quit(quit_loop);
}

struct arguments {
	const char *listen, *ui_dir, *origins[2];
	int layout;
	size_t max_message;
	unsigned per_address;
};

static int parse_arguments(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "ui-dir", required_argument, NULL, 'u' },
		{ "layout", required_argument, NULL, 'y' },
		{ "max-message", required_argument, NULL, 'm' },
		{ "origin", required_argument, NULL, 'o' },
		{ "per-address", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l':
			a->listen = optarg;
			break;
		case 'u':
			a->ui_dir = optarg;
			break;
		case 'y':
			a->layout = atoi(optarg);
			break;
		case 'm':
			a->max_message = strtoul(optarg, NULL, 10);
			break;
		case 'o':
			a->origins[0] = optarg;
			break;
		case 'p':
			a->per_address = (unsigned) atoi(optarg);
			break;
		default:
			return -EINVAL;
		}
	}
	return a->listen && a->ui_dir ? 0 : -EINVAL;
}

static int start(struct testapp *t, struct deadline *deadline, const struct arguments *a,
		 struct vz_server **ret)
{
	char boot_id[32];
	struct vz_app_options app_options = {
		.boot_id = boot_id,
		.set_deadline = set_deadline,
		.deadline_data = deadline,
		.now = now,
		.now_data = t,
	};
	struct vz_server_options server_options = {
		.listen = VZ_IDS(a->listen),
		.ui_dir = a->ui_dir,
		.title = "Test <app>",
		.allowed_origins = a->origins,
		.max_message_bytes = a->max_message,
		.max_connections_per_address = a->per_address,
		.status = append_status,
		.data = t,
	};
	VZ_CLEANUP(vz_freep) char *error = NULL;
	int r;

	snprintf(boot_id, sizeof(boot_id), "test-%d", (int) getpid());
	r = vz_loop_new_lws(&t->loop);
	if (r < 0)
		return r;
	r = vz_timer_new(t->loop, on_deadline, deadline, &deadline->timer);
	if (r < 0)
		return r;
	r = vz_timer_new(t->loop, on_tick, t, &t->tick);
	if (r < 0)
		return r;
	r = vz_app_new(&app_options, &t->app);
	if (r < 0)
		return r;
	r = vz_app_set_layout(t->app, make_layout(a->layout));
	if (r < 0)
		return r;
	r = add_callbacks(t);
	if (r < 0)
		return r;
	r = vz_app_start(t->app);
	if (r < 0)
		return r;
	r = vz_server_new(t->loop, t->app, &server_options, &error, ret);
	if (r < 0)
		fprintf(stderr, "testapp: %s\n", error ? error : strerror(-r));
	return r;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { 0 };
	struct testapp t = { 0 };
	struct deadline deadline = { &t, NULL };
	struct vz_server *server = NULL;
	int r;

	if (parse_arguments(argc, argv, &arguments) < 0) {
		fprintf(stderr, "usage: testapp --listen ADDR:PORT --ui-dir DIR\n");
		return EXIT_FAILURE;
	}
	r = start(&t, &deadline, &arguments, &server);
	if (r >= 0) {
		quit_loop = t.loop;
		signal(SIGTERM, on_signal);
		signal(SIGINT, on_signal);
		printf("listening on %s\n", vz_server_get_url(server, 0));
		fflush(stdout);
		r = vz_loop_run(t.loop);
		vz_app_stop(t.app);
	}
	vz_server_free(server);
	vz_app_free(t.app);
	vz_timer_free(t.tick);
	vz_timer_free(deadline.timer);
	vz_loop_free(t.loop);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
