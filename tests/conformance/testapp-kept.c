/*
 * Controls that a browser remembers by itself (Dash's persistence): one that everybody shares, and
 * one of each tab's own.
 */
#include "testapp.h"
#include "vizyd/dcc.h"

static unsigned shared_runs;
/* What the shared one is set to, last. */
static int device;

static int on_shared(struct vz_call *call, void *data)
{
	shared_runs++;
	device = json_object_get_int(vz_call_input(call, 0));
	return vz_call_set_output(call, 0, vz_textf("device %d", device));
}

static int on_own(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0,
				  vz_textf("own %d %s", json_object_get_int(vz_call_input(call, 0)),
					   vz_call_is_initial(call) ? "initial" : "changed"));
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = on_shared,
	  .outputs = VZ_IDS("kept-shared-out.children"),
	  .inputs = VZ_IDS("kept-shared.value"),
	  .service = VZ_SHARED },
	{ .fn = on_own,
	  .outputs = VZ_IDS("kept-own-out.children"),
	  .inputs = VZ_IDS("kept-own.value"),
	  .service = VZ_SERVICE_LINK },
};

static void add_kept(struct json_object *list, const char *id, int value)
{
	json_object_array_add(list, vz_dcc_slider(.id = id, .min = 0, .max = 100, .step = 1,
						  .value = value, .updatemode = "drag",
						  .marks = VZ_NULL, .persistence = vz_bool(true)));
}

static void add_components(struct json_object *list)
{
	add_kept(list, "kept-shared", 20);
	add_kept(list, "kept-own", 40);
	testapp_add_divs(list, VZ_IDS("kept-shared-out", "kept-own-out"));
}

static void append_status(struct vz_buf *buf)
{
	vz_buf_printf(buf, ",\"kept\":{\"runs\":%u,\"device\":%d}", shared_runs, device);
}

const struct testapp_topic testapp_kept = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
	.append_status = append_status,
};
