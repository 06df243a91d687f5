/*
 * Shared callbacks: one value for everybody, chains, a clamp, errors.
 */
#include <errno.h>
#include <string.h>

#include "testapp.h"

#define DRAG_LOG 64

static unsigned shared_runs, chain_runs, drag_runs;
/* The last values that the callback of "drag" was run with, oldest first. */
static int drag_log[DRAG_LOG];
static unsigned n_drag_log;

static int on_shared(struct vz_call *call, void *data)
{
	struct json_object *value = vz_call_input(call, 0);

	shared_runs++;
	return vz_call_set_output(call, 0, vz_textf("value=%s", json_object_to_json_string(value)));
}

static int on_chain(struct vz_call *call, void *data)
{
	const char *value = json_object_get_string(vz_call_input(call, 0));

	chain_runs++;
	return vz_call_set_output(call, 0, vz_textf("chain(%s)", value ? value : "null"));
}

static int on_drag(struct vz_call *call, void *data)
{
	int value = json_object_get_int(vz_call_input(call, 0));

	drag_runs++;
	if (n_drag_log == DRAG_LOG) {
		memmove(drag_log, drag_log + 1, sizeof(drag_log) - sizeof(drag_log[0]));
		n_drag_log--;
	}
	drag_log[n_drag_log++] = value;
	return vz_call_set_output(call, 0, vz_textf("drag=%d", value));
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
	return vz_call_set_output(call, 0, vz_textf("clamp=%d", value));
}

static int on_shared_error(struct vz_call *call, void *data)
{
	if (json_object_get_int(vz_call_input(call, 0)) == 13)
		return vz_call_fail(call, -EINVAL, "thirteen is refused");
	return vz_call_set_output(call, 0, vz_textf("good"));
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = on_shared,
	  .outputs = VZ_IDS("shared-out.children"),
	  .inputs = VZ_IDS("shared.value"),
	  .service = VZ_SHARED },
	{ .fn = on_chain,
	  .outputs = VZ_IDS("chain-out.children"),
	  .inputs = VZ_IDS("shared-out.children"),
	  .service = VZ_SHARED },
	{ .fn = on_drag,
	  .outputs = VZ_IDS("drag-out.children"),
	  .inputs = VZ_IDS("drag.value"),
	  .service = VZ_SHARED },
	{ .fn = on_clamp,
	  .outputs = VZ_IDS("clamp-out.children"),
	  .inputs = VZ_IDS("clamp.value"),
	  .service = VZ_SHARED },
	{ .fn = on_shared_error,
	  .outputs = VZ_IDS("thirteen-out.children"),
	  .inputs = VZ_IDS("thirteen.value"),
	  .service = VZ_SHARED },
};

static void add_components(struct json_object *list)
{
	testapp_add_slider(list, "shared", 20);
	testapp_add_slider(list, "drag", 0);
	testapp_add_slider(list, "clamp", 10);
	testapp_add_slider(list, "thirteen", 1);
	testapp_add_divs(list, VZ_IDS("shared-out", "chain-out", "drag-out", "clamp-out",
				      "thirteen-out"));
}

static void append_status(struct vz_buf *buf)
{
	vz_buf_printf(buf, ",\"shared_runs\":%u,\"chain_runs\":%u,\"drag_runs\":%u,\"drag_log\":[",
		      shared_runs, chain_runs, drag_runs);
	for (unsigned i = 0; i < n_drag_log; i++)
		vz_buf_printf(buf, "%s%d", i ? "," : "", drag_log[i]);
	vz_buf_puts(buf, "]");
}

const struct testapp_topic testapp_shared = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
	.append_status = append_status,
};
