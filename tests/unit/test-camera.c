#include "camera-rig.h"

#include <errno.h>
#include <json-c/json.h>

static int index_of(struct rig *rig, const char *name)
{
	return vz_control_find(vz_camera_get_controls(rig->camera), name);
}

static const struct vz_control *control(struct rig *rig, const char *name)
{
	int i = index_of(rig, name);

	CHECK(i >= 0);
	return &vz_camera_get_controls(rig->camera)->controls[i];
}

TEST(camera_refuses_unknown_sources)
{
	static const char *const bad[] = {
		"",	      "usb",	     "file",	      "file:",	      "libcamera:",
		"simulated:", "simulated:0", "simulated:100", "simulated:2b", "simulated2",
	};
	struct vz_camera_options options = { 0 };
	struct vz_camera *camera = NULL;
	struct vz_loop *loop;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	for (size_t i = 0; i < VZ_N_ELEMENTS(bad); i++) {
		test_case(bad[i]);
		options.source = bad[i];
		CHECK_EQ(vz_camera_new(loop, &options, &camera), -EINVAL);
		CHECK(!camera);
	}
	(void) vz_loop_free(loop);
}

TEST(camera_that_cannot_be_opened_is_lost)
{
	struct vz_camera_options options = { .source = "file:/nonexistent/clip.avi" };
	struct vz_camera *camera;
	struct vz_loop *loop;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_camera_new(loop, &options, &camera), 0);
	CHECK_EQ(vz_camera_get_state(camera), VZ_CAMERA_LOST);
	CHECK_STR(vz_camera_get_kind(camera), "file");
	CHECK(strstr(vz_camera_get_text(camera), "clip.avi"));
	CHECK(strstr(vz_camera_get_text(camera), "Trying again every 2 s"));
	CHECK_EQ(vz_camera_set_control(camera, "ExposureTime", 1), -ENOENT);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
}

TEST(camera_simulated_by_name)
{
	struct vz_camera_options options = { .source = "simulated" };
	struct vz_camera *camera;
	struct vz_loop *loop;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_camera_new(loop, &options, &camera), 0);
	CHECK_EQ(vz_camera_get_state(camera), VZ_CAMERA_STOPPED);
	CHECK_STR(vz_camera_get_kind(camera), "simulated");
	CHECK_STR(vz_camera_get_name(camera), "Simulated camera");
	CHECK_STR(vz_camera_state_name(vz_camera_get_state(camera)), "stopped");
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
}

TEST(camera_simulated_by_number)
{
	struct vz_camera_options options = { .source = "simulated:12" };
	struct vz_camera *camera;
	struct vz_loop *loop;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_camera_new(loop, &options, &camera), 0);
	CHECK_STR(vz_camera_get_kind(camera), "simulated");
	CHECK_STR(vz_camera_get_name(camera), "Simulated camera 12");
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
}

TEST(camera_found_by_itself_is_a_real_one_or_a_drawing)
{
	struct vz_camera_options options = { .source = "auto" };
	struct vz_camera *camera;
	struct vz_loop *loop;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	CHECK_EQ(vz_camera_new(loop, &options, &camera), 0);
	CHECK(!strcmp(vz_camera_get_kind(camera), "simulated") ||
	      !strcmp(vz_camera_get_kind(camera), "libcamera"));
	CHECK_EQ(vz_camera_get_state(camera), VZ_CAMERA_STOPPED);
	(void) vz_camera_free(camera);
	(void) vz_loop_free(loop);
}

TEST(camera_runs_while_it_is_wanted_and_lingers)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;

	rig_listen(&rig);
	vz_loop_test_advance(rig.loop, 10000000);
	CHECK_EQ(plug.n_started, 0);

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	/* Not before the loop comes round: a consumer that changes its mind costs nothing. */
	vz_stream_want(stream, false);
	vz_loop_test_advance(rig.loop, 1000);
	CHECK_EQ(plug.n_started, 0);

	vz_stream_want(stream, true);
	vz_loop_test_advance(rig.loop, 0);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_LIVE);
	CHECK_STR(vz_camera_get_text(rig.camera), "Simulated camera, 160x120, 100 fps");
	CHECK_EQ(vz_camera_get_format(rig.camera)->width_px, 160);
	CHECK(rig.changes & VZ_CAMERA_CHANGED_FORMAT);
	PUMP_UNTIL(rig.loop, vz_camera_get_counters(rig.camera)->captured > 20);
	CHECK_NEAR(vz_camera_get_fps(rig.camera), 100, 60);

	/* Gone and back within the linger time: it runs through. */
	vz_stream_want(stream, false);
	vz_loop_test_advance(rig.loop, 49000);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_LIVE);
	vz_stream_want(stream, true);
	vz_loop_test_advance(rig.loop, 60000);
	CHECK_EQ(plug.n_stopped, 0);

	vz_stream_want(stream, false);
	vz_loop_test_advance(rig.loop, 51000);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_STOPPED);
	CHECK_NEAR(vz_camera_get_fps(rig.camera), 0, 0);
	CHECK_EQ(plug.n_stopped, 1);
	(void) vz_stream_free(stream);
	rig_free(&rig);
}

TEST(camera_lost_and_back_a_hundred_times_with_frames_out)
{
	struct rig rig = rig_new(0);
	struct vz_frame *held[100];
	struct vz_stream *stream;
	int n_wakes = 0;

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, &n_wakes, &stream), 0);
	for (int i = 0; i < 100; i++) {
		PUMP_UNTIL(rig.loop, (held[i] = vz_stream_take_newest(stream)));
		CHECK_EQ(held[i]->generation, i + 1);
		CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_LIVE);
		/* One in three stays away for some attempts. */
		plug.open_result = i % 3 ? 0 : -ENODEV;
		plug.sink.lost(-ENODEV, plug.sink.data);
		PUMP_UNTIL(rig.loop, vz_camera_get_state(rig.camera) == VZ_CAMERA_LOST);
		CHECK(strstr(vz_camera_get_text(rig.camera), "no camera is connected"));
		(void) vz_frame_unref(vz_stream_take_newest(stream));
		vz_loop_test_advance(rig.loop, 100000);
		CHECK_EQ(vz_camera_get_state(rig.camera), i % 3 ? VZ_CAMERA_LIVE : VZ_CAMERA_LOST);
		plug.open_result = 0;
		vz_loop_test_advance(rig.loop, 20000);
		CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_LIVE);
	}
	(void) vz_stream_free(stream);
	rig_free(&rig);
	/* They have outlived the camera. */
	for (int i = 0; i < 100; i++) {
		uint8_t darkest = 255;

		for (uint32_t x = 0; x < held[i]->width_px; x++)
			darkest = held[i]->plane[0][x] < darkest ? held[i]->plane[0][x] : darkest;
		CHECK(darkest > 0);
		(void) vz_frame_unref(held[i]);
	}
}

TEST(camera_that_does_not_start_is_lost)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;

	plug.start_result = -EBUSY;
	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	vz_loop_test_advance(rig.loop, 0);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_LOST);
	CHECK(strstr(vz_camera_get_text(rig.camera), "another program is using it"));
	plug.start_result = 0;
	vz_loop_test_advance(rig.loop, 20000);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_LIVE);
	(void) vz_stream_free(stream);
	rig_free(&rig);
}

TEST(camera_lost_while_nobody_watches_comes_back_stopped)
{
	struct rig rig = rig_new(-ENODEV);

	rig_listen(&rig);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_LOST);
	CHECK_STR(vz_camera_get_name(rig.camera), "Camera");
	plug.open_result = 0;
	vz_loop_test_advance(rig.loop, 20000);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_STOPPED);
	CHECK(rig.changes & VZ_CAMERA_CHANGED_CONTROLS);
	CHECK(rig.changes & VZ_CAMERA_CHANGED_STATE);
	CHECK_EQ(plug.n_started, 0);
	rig_free(&rig);
}

TEST(camera_that_falls_silent_is_lost)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	/* The clock runs on, and no frame is fetched meanwhile. */
	vz_loop_test_advance(rig.loop, 12000000);
	CHECK(plug.n_stopped > 0);
	(void) vz_stream_free(stream);
	rig_free(&rig);
}

TEST(camera_ends_and_plays_again_for_the_next_one)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	vz_loop_test_advance(rig.loop, 0);
	plug.sink.lost(0, plug.sink.data);
	PUMP_UNTIL(rig.loop, vz_camera_get_state(rig.camera) == VZ_CAMERA_ENDED);
	CHECK_STR(vz_camera_state_name(VZ_CAMERA_ENDED), "ended");
	vz_loop_test_advance(rig.loop, 1000000);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_ENDED);
	vz_stream_want(stream, false);
	vz_loop_test_advance(rig.loop, 60000);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_STOPPED);
	vz_stream_want(stream, true);
	vz_loop_test_advance(rig.loop, 0);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_LIVE);
	CHECK_EQ(plug.n_opened, 1);
	(void) vz_stream_free(stream);
	rig_free(&rig);
}

TEST(camera_stops_and_goes_with_frames_out)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;
	struct vz_frame *frame;

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	PUMP_UNTIL(rig.loop, (frame = vz_stream_take_newest(stream)));
	(void) vz_stream_free(stream);
	vz_loop_test_advance(rig.loop, 60000);
	CHECK_EQ(vz_camera_get_state(rig.camera), VZ_CAMERA_STOPPED);
	CHECK(frame->plane[2][0] > 0);
	rig_free(&rig);
	CHECK(frame->plane[2][0] > 0);
	(void) vz_frame_unref(frame);
}

TEST(camera_counts_lost_frames_by_their_numbers)
{
	struct rig rig = rig_new(0);
	struct vz_frame *held[8];
	struct vz_stream *stream;
	uint64_t n;

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	for (int i = 0; i < 8; i++)
		PUMP_UNTIL(rig.loop, (held[i] = vz_stream_take_newest(stream)));
	/* All of the source's frames are out: it can deliver none. */
	n = vz_camera_get_counters(rig.camera)->captured;
	for (int i = 0; i < 50; i++)
		(void) vz_loop_test_step(rig.loop, 1);
	CHECK_EQ(vz_camera_get_counters(rig.camera)->captured, n);
	for (int i = 0; i < 8; i++)
		(void) vz_frame_unref(held[i]);
	PUMP_UNTIL(rig.loop, vz_camera_get_counters(rig.camera)->captured > n);
	CHECK(vz_camera_get_counters(rig.camera)->lost > 0);
	(void) vz_stream_free(stream);
	rig_free(&rig);
}

/* --- Controls ----------------------------------------------------------------------------- */

TEST(camera_keeps_what_is_asked_apart_from_what_is_delivered)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;

	rig_listen(&rig);
	CHECK_EQ(vz_camera_set_control(rig.camera, "Saturation", 99), 0);
	CHECK_EQ(vz_camera_set_control(rig.camera, "NoSuchThing", 1), -ENOENT);
	CHECK(control(&rig, "Saturation")->is_asked);
	CHECK_NEAR(control(&rig, "Saturation")->asked, 4, 0);
	CHECK(!control(&rig, "Saturation")->is_delivered);
	CHECK_EQ(rig.changes, VZ_CAMERA_CHANGED_ASKED);
	CHECK_EQ(plug.n_sets, 1);
	CHECK_NEAR(plug.last_value, 4, 0);
	/* The same again is no news. */
	CHECK_EQ(vz_camera_set_control(rig.camera, "Saturation", 4), 0);
	CHECK_EQ(plug.n_sets, 1);

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	PUMP_UNTIL(rig.loop, control(&rig, "Saturation")->is_delivered);
	CHECK_NEAR(control(&rig, "Saturation")->delivered, 4, 0);
	CHECK(rig.changes & VZ_CAMERA_CHANGED_DELIVERED);
	(void) vz_stream_free(stream);
	rig_free(&rig);
}

TEST(camera_tells_of_delivered_values_four_times_a_second)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;
	int n_before, n;

	rig_listen(&rig);
	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	PUMP_UNTIL(rig.loop, rig.n_changes[3] > 0);
	n_before = (int) vz_camera_get_counters(rig.camera)->captured;
	CHECK_EQ(vz_camera_set_control(rig.camera, "ExposureValue", 2), 0);
	/* Automatic exposure moves with every frame; the loop's clock hardly does. */
	for (n = 0; n < 1000 && vz_camera_get_counters(rig.camera)->captured < 10u + n_before; n++)
		(void) vz_loop_test_step(rig.loop, 10);
	CHECK_EQ(rig.n_changes[3], 1);
	vz_loop_test_advance(rig.loop, 250000);
	CHECK_EQ(rig.n_changes[3], 2);
	(void) vz_stream_free(stream);
	rig_free(&rig);
}

TEST(camera_keeps_manual_values_until_the_automatic_is_off)
{
	struct rig rig = rig_new(0);

	CHECK_EQ(vz_camera_set_control(rig.camera, "ExposureTime", 2000), 0);
	CHECK_EQ(vz_camera_set_control(rig.camera, "ColourGains[0]", 2), 0);
	CHECK_EQ(plug.n_sets, 0);
	CHECK_NEAR(control(&rig, "ExposureTime")->asked, 2000, 0);
	CHECK_EQ(vz_camera_set_control(rig.camera, "AeEnable", 0), 0);
	CHECK_EQ(plug.n_sets, 2);
	CHECK_EQ(plug.last_control, index_of(&rig, "ExposureTime"));
	CHECK_NEAR(plug.last_value, 2000, 0);
	CHECK_EQ(vz_camera_set_control(rig.camera, "ExposureTime", 3000), 0);
	CHECK_EQ(plug.n_sets, 3);
	CHECK_EQ(vz_camera_set_control(rig.camera, "AwbEnable", 0), 0);
	CHECK_EQ(plug.n_sets, 5);
	CHECK_EQ(plug.last_control, index_of(&rig, "ColourGains[0]"));
	CHECK_EQ(vz_camera_set_control(rig.camera, "AeEnable", 1), 0);
	CHECK_EQ(vz_camera_set_control(rig.camera, "ExposureTime", 4000), 0);
	CHECK_EQ(plug.n_sets, 6);
	rig_free(&rig);
}

TEST(camera_applies_what_was_asked_after_a_loss)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;

	rig_listen(&rig);
	CHECK_EQ(vz_camera_set_control(rig.camera, "Contrast", 2), 0);
	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, NULL, &stream), 0);
	PUMP_UNTIL(rig.loop, control(&rig, "Contrast")->is_delivered);
	plug.sink.lost(-EIO, plug.sink.data);
	PUMP_UNTIL(rig.loop, vz_camera_get_state(rig.camera) == VZ_CAMERA_LOST);
	/* In the absence of the camera. */
	CHECK_EQ(vz_camera_set_control(rig.camera, "Contrast", 3), 0);
	rig.changes = 0;
	vz_loop_test_advance(rig.loop, 20000);
	CHECK(!(rig.changes & VZ_CAMERA_CHANGED_CONTROLS));
	CHECK(control(&rig, "Contrast")->is_asked);
	PUMP_UNTIL(rig.loop, control(&rig, "Contrast")->is_delivered);
	CHECK_NEAR(control(&rig, "Contrast")->delivered, 3, 0);
	(void) vz_stream_free(stream);
	rig_free(&rig);
}

TEST(camera_saves_and_loads_all_that_was_asked)
{
	struct rig rig = rig_new(0);
	struct json_object *saved;
	char *text;

	vz_camera_load_controls(rig.camera, NULL);
	saved = json_tokener_parse("{\"Sharpness\": 3, \"Contrast\": 2.5, \"AeEnable\": false}");
	vz_camera_load_controls(rig.camera, saved);
	json_object_put(saved);
	CHECK_NEAR(control(&rig, "Contrast")->asked, 2.5, 0);
	CHECK_EQ(vz_camera_set_control(rig.camera, "Saturation", 0.5), 0);
	CHECK_EQ(vz_camera_set_brightness(rig.camera, 100), 0);

	/* What this camera has not is kept for the one that has it. */
	saved = vz_camera_save_controls(rig.camera);
	text = strdup(json_object_to_json_string_ext(saved, JSON_C_TO_STRING_PLAIN));
	CHECK(strstr(text, "\"Sharpness\":3"));
	CHECK(strstr(text, "\"AeEnable\":false"));
	CHECK(strstr(text, "\"Saturation\":0.5"));
	CHECK(strstr(text, "\"brightness\":100"));
	free(text);
	rig_free(&rig);

	rig = rig_new(0);
	vz_camera_load_controls(rig.camera, saved);
	json_object_put(saved);
	CHECK_NEAR(vz_camera_get_brightness(rig.camera), 100, 0);
	/* Without automatic exposure, it went to the digital gain. */
	CHECK_NEAR(control(&rig, "Contrast")->asked, 3, 1e-12);
	CHECK_NEAR(control(&rig, "Saturation")->asked, 0.5, 0);

	vz_camera_reset_controls(rig.camera);
	CHECK_NEAR(vz_camera_get_brightness(rig.camera), 50, 0);
	CHECK(!control(&rig, "Contrast")->is_asked);
	CHECK(plug.n_clears > 0);
	saved = vz_camera_save_controls(rig.camera);
	CHECK_EQ(json_object_object_length(saved), 0);
	json_object_put(saved);
	rig_free(&rig);
}

/* --- Brightness --------------------------------------------------------------------------- */

TEST(camera_brightness_moves_only_what_it_must)
{
	struct rig rig = rig_new(0);

	rig_listen(&rig);
	CHECK_EQ(vz_camera_set_control(rig.camera, "Contrast", 1.7), 0);
	rig.n_changes[2] = 0;
	CHECK_EQ(vz_camera_set_brightness(rig.camera, 60), 0);
	CHECK_EQ(rig.n_changes[2], 1);
	CHECK_NEAR(control(&rig, "ExposureValue")->asked, 0.5, 1e-12);
	CHECK_NEAR(control(&rig, "Contrast")->asked, 1.7, 0);
	CHECK_EQ(vz_camera_set_brightness(rig.camera, 60), 0);
	CHECK_EQ(rig.n_changes[2], 1);
	CHECK(!vz_camera_get_tone(rig.camera));

	/* Exposure by hand: over to the digital gain, and back. */
	CHECK_EQ(vz_camera_set_brightness(rig.camera, 75), 0);
	CHECK_EQ(vz_camera_set_control(rig.camera, "AeEnable", 0), 0);
	CHECK_NEAR(control(&rig, "ExposureValue")->asked, 0, 0);
	CHECK_NEAR(control(&rig, "Contrast")->asked, 1.7320508, 1e-6);
	CHECK_EQ(vz_camera_set_control(rig.camera, "AeEnable", 1), 0);
	CHECK_NEAR(control(&rig, "ExposureValue")->asked, 1.25, 1e-12);
	CHECK_NEAR(control(&rig, "Contrast")->asked, 1, 1e-12);
	CHECK_EQ(vz_camera_set_brightness(rig.camera, -7), 0);
	CHECK_NEAR(vz_camera_get_brightness(rig.camera), 0, 0);
	rig_free(&rig);
}
