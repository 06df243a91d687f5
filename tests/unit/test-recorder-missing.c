#include "recorder-rig.h"

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

/* 1536x848 at 240 frames a second, which a Pi's camera gives. */
#define FAST_WIDTH  1536u
#define FAST_HEIGHT 848u

static int64_t fast_stamp_of(uint64_t n)
{
	return T0 + (int64_t) (n * 1000000000 / 240);
}

/*
 * As fast as they can be copied, which is faster than they can be encoded: the ring takes up what
 * it has memory for, and what is too much is missing by count.
 */
TEST(recorder_counts_what_disk_and_encoder_do_not_manage)
{
	const size_t n_ring = 40, n_all = 200;
	uint64_t n_dropped_before = 0;
	struct rig rig;

	rig_init_size(&rig, n_ring * vz_frame_ring_frame_bytes(FAST_WIDTH, FAST_HEIGHT), FAST_WIDTH,
		      FAST_HEIGHT, 240);
	/* From between two frames to between two. */
	set(&rig, -41 * S / 480, (int64_t) n_all * S / 240);
	start_camera(&rig);
	for (unsigned i = 0; i < 30; i++)
		feed(&rig, fast_stamp_of(rig.sequence), -1);
	CHECK_EQ(vz_recorder_trigger(rig.recorder, fast_stamp_of(30), "page"), 0);
	while (rig.sequence < 10 + n_all) {
		struct vz_recorder_status status;

		feed(&rig, fast_stamp_of(rig.sequence), -1);
		status = vz_recorder_get_status(rig.recorder);
		/* While it runs already. */
		CHECK(status.n_frames + status.n_dropped <= rig.sequence - 10);
		CHECK(status.n_dropped >= n_dropped_before);
		CHECK(status.spool.n_waiting <= n_ring);
		n_dropped_before = status.n_dropped;
	}
	/* After the last one nothing is in a hurry. */
	STEP_UNTIL(rig.loop, vz_recorder_get_status(rig.recorder).spool.n_waiting == 0);
	feed(&rig, fast_stamp_of(rig.sequence), -1);
	STEP_UNTIL(rig.loop, rig.n_saved == 1);
	CHECK_EQ(rig.last.n_frames + rig.last.n_dropped, n_all);
	CHECK(rig.last.n_frames >= n_ring);
	CHECK_EQ(rig.last.n_lost, 0);
	CHECK_EQ(rig.last.late_ns, 0);
	CHECK_NEAR(rig.last.fps, 240, 1e-3);
	rig_deinit(&rig);
}
