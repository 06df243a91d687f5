/*
 * What the benchmarks load: an echo, a shared control whose callback takes its time, more callbacks
 * than a page has, and pictures that come ready.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/server.h"
#include "testapp.h"
#include "util/blob.h"

#define PICTURE_US (1000000 / 30)

static struct vz_timer *picture_timer;
static uint64_t n_pictures;

static int on_echo(struct vz_call *call, void *data)
{
	return vz_call_set_output(call, 0, json_object_get(vz_call_input(call, 0)));
}

/* 0 to 2 ms, as the control of a device might. */
static int on_slow(struct vz_call *call, void *data)
{
	static const unsigned delays_us[] = { 0, 1700, 300, 2000, 900, 100, 1400 };
	int value = json_object_get_int(vz_call_input(call, 0));

	(void) usleep(delays_us[(unsigned) value % VZ_N_ELEMENTS(delays_us)]);
	return vz_call_set_output(call, 0, vz_textf("lag=%d", value));
}

static const struct vz_callback_spec callbacks[] = {
	{ .fn = on_slow,
	  .outputs = VZ_IDS("lag-out.children"),
	  .inputs = VZ_IDS("lag.value"),
	  .service = VZ_SHARED,
	  .blocking = true },
	{ .fn = on_echo,
	  .outputs = VZ_IDS("echo-out.data"),
	  .inputs = VZ_IDS("echo.data"),
	  .service = TESTAPP_BUTTON },
};

static void add_components(struct json_object *list)
{
	testapp_add_slider(list, "lag", 0);
	testapp_add_div(list, "lag-out");
	testapp_add_store(list, "echo", "null");
	testapp_add_store(list, "echo-out", "null");
}

/* On the components that --layout adds, two for each. */
static int add_more_callbacks(struct testapp *t)
{
	int r = 0;

	for (unsigned i = 0; r >= 0 && i < t->n_more_callbacks; i++) {
		char input[40], output[40];
		struct vz_callback_spec spec = {
			.fn = on_echo,
			.outputs = VZ_IDS(output),
			.inputs = VZ_IDS(input),
			.service = TESTAPP_BUTTON,
		};

		snprintf(input, sizeof(input), "extra-%u.n_clicks", 2 * i);
		snprintf(output, sizeof(output), "extra-%u.children", 2 * i + 1);
		r = vz_app_add_callback(t->app, &spec, NULL);
	}
	return r;
}

/* No JPEG, but as large as one: nothing on the way looks into it. */
static void on_picture(void *data)
{
	struct testapp *t = data;
	struct vz_blob *picture = vz_blob_new(t->picture_bytes);

	vz_timer_start(picture_timer, PICTURE_US);
	if (!picture)
		return;
	memset(picture->data, 0x5a, t->picture_bytes);
	picture->size = t->picture_bytes;
	picture->width_px = 1280;
	picture->height_px = 720;
	picture->sequence = ++n_pictures;
	picture->timestamp_ns = vz_loop_now_us(t->loop) * 1000;
	vz_server_put_picture(t->server, picture);
	vz_blob_unref(picture);
}

static int start(struct testapp *t)
{
	int r = add_more_callbacks(t);

	if (r < 0 || !t->picture_bytes)
		return r;
	r = vz_timer_new(t->loop, on_picture, t, &picture_timer);
	if (r >= 0)
		vz_timer_start(picture_timer, PICTURE_US);
	return r;
}

static void stop(struct testapp *t)
{
	vz_timer_free(picture_timer);
}

const struct testapp_topic testapp_load = {
	.callbacks = callbacks,
	.n_callbacks = VZ_N_ELEMENTS(callbacks),
	.add_components = add_components,
	.start = start,
	.stop = stop,
};
