#include "spool-rig.h"

#include <errno.h>

#include "camera/camera-private.h"
#include "camera/pool.h"
#include "recorder/recorder.h"

/*
 * A camera whose frames come when the test says so, with the stamps that it says: what is chosen
 * shall follow from the stamps alone, not from when anything arrives.
 */
static struct {
	struct vz_sink sink;
	uint32_t generation;
	unsigned n_started;
	bool is_running;
	uint32_t width_px;
} hand;

static int hand_open(const char *id, struct vz_control_table *controls, char **ret_name,
		     struct vz_source **ret)
{
	*ret_name = strdup("Hand");
	*ret = (struct vz_source *) &hand;
	return 0;
}

static int hand_start(struct vz_source *source, const struct vz_source_format *format,
		      const struct vz_control_table *controls, const struct vz_sink *sink,
		      uint32_t generation, struct vz_source_format *ret_format)
{
	hand.sink = *sink;
	hand.generation = generation;
	hand.n_started++;
	hand.is_running = true;
	*ret_format = (struct vz_source_format){ hand.width_px, RIG_HEIGHT, 100, false };
	return 0;
}

static void hand_stop(struct vz_source *source)
{
	hand.is_running = false;
}

static int hand_set_control(struct vz_source *source, unsigned control, double value)
{
	return -ENOENT;
}

static struct vz_source *hand_close(struct vz_source *source)
{
	return NULL;
}

static const struct vz_source_ops hand_source = {
	.kind = "hand",
	.open = hand_open,
	.start = hand_start,
	.stop = hand_stop,
	.set_control = hand_set_control,
	.close = hand_close,
};

struct rig {
	struct vz_loop *loop;
	struct vz_camera *camera;
	struct vz_recorder *recorder;
	struct vz_pool *pool;
	uint64_t sequence;
	unsigned n_saved, n_changed;
	struct vz_recording last;
};

static void on_changed(struct vz_recorder *recorder, void *data)
{
	((struct rig *) data)->n_changed++;
}

static void on_saved(struct vz_recorder *recorder, const struct vz_recording *recording, void *data)
{
	struct rig *rig = data;

	rig->n_saved++;
	rig->last = *recording;
}

#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)
/* Far ahead of the clock, so that nothing is ever too late. */
#define T0 (INT64_C(4000000) * S)

static void rig_init(struct rig *rig, size_t memory_bytes)
{
	const struct vz_camera_options camera_options = { .linger_us = 1000 };
	struct vz_recorder_options options = {
		.dir = rig_dir,
		.memory_bytes = memory_bytes,
		.disk_bytes = 100 << 20,
	};

	*rig = (struct rig){ 0 };
	memset(&hand, 0, sizeof(hand));
	hand.width_px = RIG_WIDTH;
	rig_make_dir();
	CHECK_EQ(vz_loop_new_test(&rig->loop), 0);
	CHECK_EQ(vz_camera_new_with_ops(rig->loop, &camera_options, &hand_source, NULL,
					&rig->camera),
		 0);
	CHECK_EQ(vz_pool_new(RIG_WIDTH, RIG_HEIGHT, 8, NULL, &rig->pool), 0);
	options.loop = rig->loop;
	options.camera = rig->camera;
	CHECK_EQ(vz_recorder_new(&options, &rig->recorder), 0);
	vz_recorder_add_listener(rig->recorder,
				 &(struct vz_recorder_listener){ on_changed, on_saved, rig });
	STEP_UNTIL(rig->loop, vz_recorder_get_status(rig->recorder).spool.is_open);
}

static void rig_deinit(struct rig *rig)
{
	rig->recorder = vz_recorder_free(rig->recorder);
	rig->camera = vz_camera_free(rig->camera);
	rig->pool = vz_pool_free(rig->pool);
	rig->loop = vz_loop_free(rig->loop);
	rig_remove_dir();
}

static void set(struct rig *rig, int64_t shift_ns, int64_t duration_ns)
{
	vz_recorder_set_settings(rig->recorder,
				 &(struct vz_recorder_settings){
					 { .shift_ns = shift_ns, .duration_ns = duration_ns },
					 75 });
}

static bool is_in(const struct rig *rig, enum vz_capture_state state)
{
	return vz_recorder_get_status(rig->recorder).state == state;
}

static void start_camera(struct rig *rig)
{
	for (int i = 0; !hand.is_running && i < 100; i++) {
		vz_loop_test_advance(rig->loop, 1000);
		(void) vz_loop_test_step(rig->loop, 1);
	}
	CHECK(hand.is_running);
}

/* A frame at @stamp_ns, all the way into the recorder's hands. @level: of all its luma, or -1. */
static void feed(struct rig *rig, int64_t stamp_ns, int level)
{
	uint64_t before = vz_camera_get_counters(rig->camera)->captured;
	uint8_t *planes[VZ_FRAME_N_PLANES];
	struct vz_frame *frame = NULL;

	/* The recorder gives buffers back in its own time. */
	STEP_UNTIL(rig->loop, vz_pool_acquire(rig->pool, planes, &frame) == 0);
	for (unsigned p = 0; p < 3; p++)
		memset(planes[p],
		       p	   ? 128
		       : level < 0 ? rig_level(rig->sequence)
				   : level,
		       (size_t) frame->stride_bytes[p] * (p ? RIG_HEIGHT / 2 : RIG_HEIGHT));
	frame->timestamp_ns = frame->source_timestamp_ns = stamp_ns;
	frame->sequence = rig->sequence++;
	frame->generation = hand.generation;
	hand.sink.frame(frame, hand.sink.data);
	STEP_UNTIL(rig->loop, vz_camera_get_counters(rig->camera)->captured > before);
	/* And over to the other thread, so that none is lost for want of a place in between. */
	for (int i = 0; i < 500 && __atomic_load_n(&frame->refs, __ATOMIC_ACQUIRE) > 0; i++)
		(void) vz_loop_test_step(rig->loop, 1);
}

/* Stamps that are not even: every 10 ms, and every seventh 4 ms late. */
static int64_t stamp_of(uint64_t n)
{
	return T0 + (int64_t) n * 10 * MS + (n % 7 == 3 ? 4 * MS : 0);
}

static void feed_many(struct rig *rig, unsigned n)
{
	while (n--)
		feed(rig, stamp_of(rig->sequence), -1);
}

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

TEST(recorder_counts_frames_that_are_missing)
{
	struct rig rig;

	rig_init(&rig, 1 << 20);
	set(&rig, -100 * MS, S);
	start_camera(&rig);
	feed_many(&rig, 20);
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + 200 * MS, "page"), 0);
	feed_many(&rig, 20);
	rig.sequence += 3;
	feed_many(&rig, 20);
	CHECK_EQ(vz_recorder_get_status(rig.recorder).n_dropped, 3);
	CHECK_EQ(vz_recorder_get_status(rig.recorder).n_frames, 50);
	feed_many(&rig, 60);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_EQ(rig.last.n_dropped, 3);
	CHECK_EQ(rig.last.n_lost, 3);
	rig_deinit(&rig);
}

TEST(recorder_counts_what_is_missing_at_both_ends)
{
	static const struct {
		const char *label;
		uint64_t from[2], to[2]; /* numbers that the camera does not give */
		size_t n, n_dropped;
	} cases[] = {
		{ "the first", { 10, 0 }, { 10, 0 }, 19, 1 },
		{ "the last", { 29, 0 }, { 29, 0 }, 19, 1 },
		{ "over the beginning", { 7, 0 }, { 12, 0 }, 17, 3 },
		{ "over the end", { 27, 0 }, { 33, 0 }, 17, 3 },
		{ "up to the beginning", { 7, 0 }, { 9, 0 }, 20, 0 },
		{ "from the end on", { 30, 0 }, { 33, 0 }, 20, 0 },
		{ "both", { 9, 25 }, { 14, 41 }, 10, 10 },
		{ "over all of it but one", { 8, 16 }, { 14, 45 }, 1, 19 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++)
		for (int late = 0; late < 2; late++) {
			struct rig rig;

			test_case(cases[i].label);
			rig_init(&rig, 1 << 20);
			set(&rig, -100 * MS, 200 * MS);
			start_camera(&rig);
			/* Out of the ring, or as they come. */
			while (rig.sequence < 50) {
				uint64_t n = rig.sequence;

				if (n == (late ? 46 : 5))
					CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + 195 * MS,
								     "page"),
						 0);
				if ((n >= cases[i].from[0] && n <= cases[i].to[0]) ||
				    (n >= cases[i].from[1] && n <= cases[i].to[1]))
					rig.sequence++;
				else
					feed(&rig, T0 + (int64_t) n * 10 * MS, -1);
			}
			STEP_UNTIL(rig.loop, rig.n_saved == 1);
			CHECK_EQ(rig.last.n_frames, cases[i].n);
			CHECK_EQ(rig.last.n_dropped, cases[i].n_dropped);
			CHECK_EQ(rig.last.n_lost, cases[i].n_dropped);
			CHECK_EQ(rig.last.late_ns, 0);
			rig_deinit(&rig);
		}
}

TEST(recorder_tells_what_it_missed_from_what_the_camera_lost)
{
	struct vz_frame *held[8];
	uint8_t *planes[VZ_FRAME_N_PLANES];
	struct rig rig;
	unsigned n_held = 0;

	rig_init(&rig, 1 << 20);
	set(&rig, -100 * MS, 400 * MS);
	start_camera(&rig);
	feed_many(&rig, 20);
	CHECK_EQ(vz_recorder_trigger(rig.recorder, T0 + 200 * MS, "page"), 0);
	feed_many(&rig, 5);
	rig.sequence += 2;
	feed_many(&rig, 5);
	/* Eight at once, more than it can hold before it has copied them: none vanishes. */
	while (n_held < 8) {
		STEP_UNTIL(rig.loop, vz_pool_acquire(rig.pool, planes, &held[n_held]) == 0);
		for (unsigned p = 0; p < 3; p++)
			memset(planes[p], 100,
			       (size_t) held[n_held]->stride_bytes[p] *
				       (p ? RIG_HEIGHT / 2 : RIG_HEIGHT));
		held[n_held]->timestamp_ns = stamp_of(rig.sequence);
		held[n_held]->sequence = rig.sequence++;
		held[n_held++]->generation = hand.generation;
	}
	for (unsigned i = 0; i < n_held; i++)
		hand.sink.frame(held[i], hand.sink.data);
	STEP_UNTIL(rig.loop, vz_camera_get_counters(rig.camera)->captured == 38);
	for (unsigned i = 0; i < n_held; i++)
		STEP_UNTIL(rig.loop, __atomic_load_n(&held[i]->refs, __ATOMIC_ACQUIRE) == 0);
	feed_many(&rig, 30);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_EQ(rig.last.n_frames + rig.last.n_dropped, 40);
	CHECK_EQ(rig.last.n_lost, 2);
	CHECK(rig.last.n_dropped <= 2 + 8);
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
