/*
 * What a page calls by itself when it has loaded, and what it does not.
 */
#include <errno.h>

#include "testapp.h"

static unsigned quiet_runs, http_runs, prevented_runs, arrival_runs, second_arrival_runs;

static int on_quiet(struct vz_call *call, void *data)
{
	if (!vz_call_is_initial(call))
		return vz_call_fail(call, -EPROTO, "not an initial call");
	quiet_runs++;
	return 0;
}

static int on_http(struct vz_call *call, void *data)
{
	http_runs++;
	return 0;
}

static int on_prevented(struct vz_call *call, void *data)
{
	prevented_runs++;
	return vz_call_set_output(call, 0, vz_textf("called"));
}

static int on_first(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, vz_textf("first"));
}

/* Not called because the page has loaded, but because another one that was has set its Input. */
static int on_second(struct vz_call *call, void *data)
{
	const char *value = json_object_get_string(vz_call_input(call, 0));

	return vz_call_set_output(call, 0,
				  vz_textf("second(%s) %s", value ? value : "",
					   vz_call_is_initial(call) ? "initial" : "changed"));
}

static int on_arrival(struct vz_call *call, void *data)
{
	if (vz_call_client(call))
		arrival_runs++;
	return 0;
}

static int on_second_arrival(struct vz_call *call, void *data)
{
	second_arrival_runs++;
	return 0;
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = on_quiet, .inputs = VZ_IDS("initial-store.data"), .service = VZ_SERVICE_LINK },
	{ .fn = on_http, .inputs = VZ_IDS("initial-store.data"), .service = VZ_S0 },
	{ .fn = on_prevented,
	  .outputs = VZ_IDS("prevented-out.children"),
	  .inputs = VZ_IDS("initial-store.data"),
	  .service = TESTAPP_BUTTON },
	{ .fn = on_first,
	  .outputs = VZ_IDS("first-out.children"),
	  .inputs = VZ_IDS("initial-store.data"),
	  .service = VZ_S0 },
	{ .fn = on_second,
	  .outputs = VZ_IDS("second-out.children"),
	  .inputs = VZ_IDS("first-out.children"),
	  .service = TESTAPP_BUTTON },
	/* Neither Inputs nor Outputs, twice: they are told apart all the same. */
	{ .fn = on_arrival, .service = VZ_SERVICE_LINK },
	{ .fn = on_second_arrival, .service = VZ_SERVICE_LINK },
};

static void add_components(struct json_object *list)
{
	testapp_add_store(list, "initial-store", "1");
	testapp_add_divs(list, VZ_IDS("prevented-out", "first-out", "second-out"));
}

static void append_status(struct vz_buf *buf)
{
	vz_buf_printf(buf,
		      ",\"initial\":{\"quiet\":%u,\"http\":%u,\"prevented\":%u,\"arrival\":%u,"
		      "\"second_arrival\":%u}",
		      quiet_runs, http_runs, prevented_runs, arrival_runs, second_arrival_runs);
}

const struct testapp_topic testapp_initial = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
	.append_status = append_status,
};
