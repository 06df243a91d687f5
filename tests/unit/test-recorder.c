#include "recorder-rig.h"

static int64_t first_of(const struct rig *rig)
{
	return rig->last.trigger_ns + rig->last.shift_ns + rig->last.late_ns;
}

/* The stamps in the sidecar's video, by the times of the clip: relative. And which frame is first,
 * by its grey. */
static void check_video(const struct rig *rig, uint64_t first, size_t n)
{
	char *path = vz_spool_video_path(vz_recorder_get_spool(rig->recorder), rig->last.id);
	const struct vz_clip_info *info;
	struct vz_clip *clip;

	CHECK_EQ(rig->last.n_frames, n);
	CHECK_EQ(vz_clip_ops.open(path, NULL, &clip), 0);
	info = vz_clip_ops.get_info(clip);
	CHECK_EQ(info->n_frames, n);
	for (size_t i = 0; i < n; i++) {
		struct vz_frame *frame;

		CHECK_EQ(info->times_ns[i], stamp_of(first + i) - stamp_of(first));
		CHECK_EQ(vz_clip_ops.read(clip, i, &frame), 0);
		CHECK_NEAR(frame->plane[0][20 * frame->stride_bytes[0] + 20], rig_level(first + i),
			   1.6);
		(void) vz_frame_unref(frame);
	}
	(void) vz_clip_ops.close(clip);
	free(path);
}

TEST(recorder_takes_what_was_before_the_trigger_to_the_frame)
{
	static const struct {
		const char *label;
		int64_t shift_ms, duration_ms, trigger_ms; /* after T0 */
		uint64_t first;
		size_t n;
	} cases[] = {
		{ "on a frame", -200, 300, 600, 40, 30 },
		{ "just behind a frame", -200, 300, 601, 41, 30 },
		{ "at a late frame", -600, 100, 634, 3, 11 },
		{ "all of it in the past", -500, 200, 600, 10, 20 },
		{ "nothing before", 0, 100, 630, 63, 10 },
		{ "heard of late", 0, 200, 500, 50, 20 },
		{ "later", 150, 100, 600, 75, 10 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct rig rig;

		test_case(cases[i].label);
		rig_init(&rig, 1 << 20);
		/* Where nothing is asked for from before, the ring runs for other reasons. */
		vz_recorder_set_settings(rig.recorder,
					 &(struct vz_recorder_settings){
						 { .shift_ns = cases[i].shift_ms * MS,
						   .duration_ns = cases[i].duration_ms * MS,
						   .trigger = cases[i].shift_ms < 0
								      ? VZ_TRIGGER_BUTTON
								      : VZ_TRIGGER_AUTO },
						 75 });
		start_camera(&rig);
		feed_many(&rig, 65);
		CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + cases[i].trigger_ms * MS, "line b"),
			 0);
		feed_many(&rig, 40);
		STEP_UNTIL(rig.loop, rig.n_saved == 1);
		check_video(&rig, cases[i].first, cases[i].n);
		CHECK_STR(rig.last.trigger, "line b");
		CHECK_EQ(rig.last.trigger_ns, T0 + cases[i].trigger_ms * MS);
		CHECK_EQ(rig.last.late_ns, 0);
		CHECK_EQ(rig.last.n_dropped, 0);
		CHECK_STR(rig.last.camera, "Hand");
		CHECK_EQ(rig.last.fps > 0, 1);
		rig_deinit(&rig);
	}
}

TEST(recorder_says_what_it_could_not_have)
{
	struct rig rig;

	/* Twenty frames, of which five are asked for before those that are there. */
	rig_init(&rig, 20 * vz_frame_ring_frame_bytes(RIG_WIDTH, RIG_HEIGHT));
	set(&rig, -250 * MS, 300 * MS);
	start_camera(&rig);
	feed_many(&rig, 100);
	CHECK_NEAR(vz_recorder_get_status(rig.recorder).memory_s, 0.2, 0.05);
	CHECK_NEAR(vz_recorder_get_status(rig.recorder).buffered_s, 0.19, 0.01);
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + 1000 * MS, "page"), 0);
	STEP_UNTIL(rig.loop, vz_recorder_get_status(rig.recorder).spool.n_waiting == 0);
	feed_many(&rig, 10);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_EQ(first_of(&rig), stamp_of(80));
	CHECK_EQ(rig.last.late_ns, 54 * MS);
	CHECK_EQ(rig.last.n_frames, 25);
	rig_deinit(&rig);
}

TEST(recorder_runs_the_camera_only_for_what_may_come)
{
	struct rig rig;

	rig_init(&rig, 1 << 20);
	for (int i = 0; i < 20; i++) {
		vz_loop_test_advance(rig.loop, 100000);
		(void) vz_loop_test_step(rig.loop, 0);
	}
	CHECK_EQ(hand.n_started, 0);
	set(&rig, -S, S);
	start_camera(&rig);
	CHECK(is_in(&rig, VZ_CAPTURE_BUFFERING));
	feed_many(&rig, 3);
	set(&rig, 0, S);
	CHECK(is_in(&rig, VZ_CAPTURE_IDLE));
	vz_loop_test_advance(rig.loop, 10000);
	CHECK(!hand.is_running);
	STEP_UNTIL(rig.loop, vz_recorder_get_status(rig.recorder).buffered_s == 0);

	/* A trigger starts it; that its first frames come later is said. */
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0, "api"), 0);
	CHECK(is_in(&rig, VZ_CAPTURE_WAITING));
	start_camera(&rig);
	rig.sequence = 20;
	feed_many(&rig, 110);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_EQ(rig.last.late_ns, 200 * MS);
	CHECK_EQ(rig.last.n_frames, 100);
	CHECK_NEAR(rig.last.fps, 100, 1);
	vz_loop_test_advance(rig.loop, 10000);
	CHECK(!hand.is_running);
	rig_deinit(&rig);
}

TEST(recorder_makes_one_after_the_other)
{
	struct rig rig;

	rig_init(&rig, 1 << 20);
	set(&rig, -100 * MS, 200 * MS);
	start_camera(&rig);
	feed_many(&rig, 20);
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + 190 * MS, "page"), 0);
	CHECK_EQ(vz_recorder_record(rig.recorder, T0 + 191 * MS, "page"), -EBUSY);
	feed_many(&rig, 15);
	CHECK(is_in(&rig, VZ_CAPTURE_BUFFERING));
	/* The second may share frames with the first. */
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + 300 * MS, "page"), 0);
	feed_many(&rig, 15);
	STEP_UNTIL(rig.loop, rig.n_saved == 2);
	check_video(&rig, 20, 20);
	CHECK(vz_spool_get(vz_recorder_get_spool(rig.recorder), 1));
	rig_deinit(&rig);
}

TEST(recorder_stops_when_told)
{
	struct rig rig;

	rig_init(&rig, 1 << 20);
	vz_recorder_set_settings(rig.recorder,
				 &(struct vz_recorder_settings){ { .shift_ns = -100 * MS,
								   .until = VZ_UNTIL_STOPPED,
								   .duration_ns = 100 * MS },
								 50 });
	start_camera(&rig);
	feed_many(&rig, 20);
	CHECK_EQ(vz_recorder_record(rig.recorder, T0 + 200 * MS, "page"), 0);
	feed_many(&rig, 60);
	CHECK(is_in(&rig, VZ_CAPTURE_RECORDING));
	CHECK_NEAR(vz_recorder_get_status(rig.recorder).recorded_s, 0.69, 0.011);
	vz_recorder_stop(rig.recorder, T0 + 905 * MS);
	feed_many(&rig, 20);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	check_video(&rig, 10, 81);
	CHECK_STR(rig.last.end, "stopped");

	/* One that waits is given up. */
	set(&rig, 5 * S, S);
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + S, "page"), 0);
	vz_recorder_stop(rig.recorder, T0 + 2 * S);
	CHECK(is_in(&rig, VZ_CAPTURE_IDLE));
	rig_deinit(&rig);
}

TEST(recorder_is_triggered_by_motion)
{
	struct rig rig;

	rig_init(&rig, 4 << 20);
	vz_recorder_set_settings(rig.recorder,
				 &(struct vz_recorder_settings){ { .shift_ns = -100 * MS,
								   .duration_ns = 200 * MS,
								   .trigger = VZ_TRIGGER_MOTION },
								 100 });
	CHECK_EQ(vz_recorder_record(rig.recorder, T0, "page"), 0);
	CHECK(is_in(&rig, VZ_CAPTURE_ARMED));
	start_camera(&rig);
	for (int i = 0; i < 100; i++)
		feed(&rig, stamp_of(rig.sequence), 100);
	CHECK(is_in(&rig, VZ_CAPTURE_ARMED));
	/* All of the picture at once is the light. */
	feed(&rig, stamp_of(rig.sequence), 180);
	for (int i = 0; i < 10; i++)
		feed(&rig, stamp_of(rig.sequence), 180);
	CHECK(is_in(&rig, VZ_CAPTURE_ARMED));
	vz_recorder_stop(rig.recorder, T0 + 2 * S);
	CHECK(is_in(&rig, VZ_CAPTURE_BUFFERING));
	rig_deinit(&rig);
}

TEST(recorder_ends_with_the_camera)
{
	struct rig rig;

	rig_init(&rig, 1 << 20);
	set(&rig, -100 * MS, 10 * S);
	start_camera(&rig);
	feed_many(&rig, 20);
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + 200 * MS, "page"), 0);
	feed_many(&rig, 20);
	/* It comes back and counts from the beginning. */
	hand.sink.lost(-EIO, hand.sink.data);
	STEP_UNTIL(rig.loop, vz_camera_get_state(rig.camera) == VZ_CAMERA_LOST);
	hand.is_running = false;
	for (int i = 0; !hand.is_running && i < 100; i++)
		vz_loop_test_advance(rig.loop, 100000);
	CHECK(hand.is_running);
	feed_many(&rig, 5);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_STR(rig.last.end, "no frames");
	check_video(&rig, 10, 30);
	rig_deinit(&rig);
}

TEST(recorder_saves_what_it_has_when_it_ends)
{
	struct vz_spool_options options = { .dir = rig_dir, .budget_bytes = 1 << 30 };
	struct vz_spool *spool;
	struct rig rig;

	rig_init(&rig, 1 << 20);
	set(&rig, -100 * MS, 10 * S);
	start_camera(&rig);
	feed_many(&rig, 20);
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + 200 * MS, "page"), 0);
	feed_many(&rig, 20);
	rig.recorder = vz_recorder_free(rig.recorder);
	options.loop = rig.loop;
	CHECK_EQ(vz_spool_new(&options, &spool), 0);
	STEP_UNTIL(rig.loop, vz_spool_get(spool, 0) != NULL);
	CHECK_EQ(vz_spool_get(spool, 0)->n_frames, 30);
	CHECK_STR(vz_spool_get(spool, 0)->end, "stopped");
	(void) vz_spool_free(spool, 0);
	rig_deinit(&rig);
}

TEST(recorder_without_memory_or_folder_says_so)
{
	struct vz_recorder_options options = { .memory_bytes = 1 << 20, .disk_bytes = 1 << 20 };
	struct vz_recorder *recorder;
	struct rig rig;

	/* Too little for two frames. */
	rig_init(&rig, 5000);
	set(&rig, -100 * MS, S);
	start_camera(&rig);
	feed_many(&rig, 2);
	STEP_UNTIL(rig.loop, vz_recorder_get_status(rig.recorder).ring_error == -ENOBUFS);

	options.loop = rig.loop;
	options.camera = rig.camera;
	CHECK_EQ(vz_recorder_new(&options, &recorder), 0);
	CHECK(!vz_recorder_get_spool(recorder));
	CHECK_EQ(vz_recorder_record(recorder, T0, "page"), -ENODEV);
	(void) vz_recorder_free(recorder);
	rig_deinit(&rig);
}
