/*
 * A life of a camera, once for every allocation in it, with that allocation refused, or with all
 * that follow: nothing crashes or leaks, and with memory back the camera comes back.
 */
#include "camera-rig.h"
#include "scarce.h"

#include <errno.h>
#include <json-c/json.h>

static void on_picture(struct vz_blob *jpeg, void *data)
{
}

static bool is_out_of_memory_or_fine(int r)
{
	return r == 0 || r == -ENOMEM;
}

/* Returns whether memory ran out in it. */
static bool live(unsigned n, bool for_good)
{
	struct vz_camera_options options = { .format = { 64, 64, 120 }, .retry_us = 1000 };
	struct json_object *saved = json_tokener_parse("{\"Contrast\": 2, \"AeEnable\": false}");
	struct vz_encoder *encoder = NULL;
	struct vz_camera *camera = NULL;
	struct vz_loop *loop;
	bool ran_out;
	int r;

	memset(&plug, 0, sizeof(plug));
	CHECK(saved);
	CHECK_EQ(vz_loop_new_test(&loop), 0);
	scarce_begin(n, for_good);
	r = vz_camera_new_with_ops(loop, &options, &plugged_source, NULL, &camera);
	CHECK(is_out_of_memory_or_fine(r));
	if (r == 0) {
		vz_camera_load_controls(camera, saved);
		CHECK(vz_camera_set_brightness(camera, 80) <= 0);
		CHECK(vz_camera_set_control(camera, "Saturation", 2) <= 0);
		json_object_put(vz_camera_save_controls(camera));
		r = vz_encoder_new(loop, camera, on_picture, NULL, &encoder);
		CHECK(is_out_of_memory_or_fine(r) || r == -EAGAIN);
		if (r == 0)
			vz_encoder_set_wanted(encoder, 1);
		vz_loop_test_advance(loop, 500);
		(void) vz_loop_test_step(loop, 0);
		vz_camera_reset_controls(camera);
	}
	ran_out = scarce_end();

	if (encoder)
		PUMP_UNTIL(loop, vz_encoder_get_counters(encoder)->encoded > 0);
	(void) vz_encoder_free(encoder);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
	json_object_put(saved);
	CHECK_EQ(plug.n_opened, plug.n_closed);
	CHECK_EQ(plug.n_started, plug.n_stopped);
	return ran_out;
}

TEST(camera_survives_one_refusal)
{
	unsigned n = 0;

	while (live(n, false))
		n++;
	CHECK(n > 20);
}

TEST(camera_survives_the_end_of_memory)
{
	unsigned n = 0;

	while (live(n, true))
		n++;
	CHECK(n > 20);
}
