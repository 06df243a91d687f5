#include "camera-rig.h"

TEST(stream_gets_the_newest_frame_and_counts_the_others)
{
	struct rig rig = rig_new(0);
	struct vz_stream *stream;
	struct vz_frame *frame;
	uint64_t newest;
	int n_wakes = 0;

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, &n_wakes, &stream), 0);
	CHECK(!vz_stream_take_newest(stream));
	PUMP_UNTIL(rig.loop, vz_camera_get_counters(rig.camera)->captured >= 5);
	/* One wake for a full slot, however many frames pass through it. */
	CHECK_EQ(n_wakes, 1);
	newest = vz_camera_get_counters(rig.camera)->captured - 1 +
		 vz_camera_get_counters(rig.camera)->lost;
	CHECK_EQ(vz_camera_get_counters(rig.camera)->dropped,
		 vz_camera_get_counters(rig.camera)->captured - 1);
	frame = vz_stream_take_newest(stream);
	CHECK(frame);
	CHECK_EQ(frame->sequence, newest);
	(void) vz_frame_unref(frame);
	CHECK(!vz_stream_take_newest(stream));
	PUMP_UNTIL(rig.loop, n_wakes == 2);

	/* A frame waits in it. */
	CHECK(!vz_stream_free(stream));
	CHECK(!vz_stream_free(NULL));
	rig_free(&rig);
}

TEST(stream_that_wants_nothing_gets_nothing)
{
	struct rig rig = rig_new(0);
	struct vz_stream *a, *b;
	struct vz_frame *frame;
	int n_a = 0, n_b = 0;

	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, &n_a, &a), 0);
	CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, &n_b, &b), 0);
	vz_stream_want(b, false);
	vz_stream_want(b, false);
	PUMP_UNTIL(rig.loop, vz_camera_get_counters(rig.camera)->captured >= 3);
	CHECK_EQ(n_a, 1);
	CHECK_EQ(n_b, 0);
	CHECK(!vz_stream_take_newest(b));

	/* What waits is given back when it is no longer wanted. */
	vz_stream_want(a, false);
	CHECK(!vz_stream_take_newest(a));
	vz_stream_want(b, true);
	PUMP_UNTIL(rig.loop, n_b == 1);
	frame = vz_stream_take_newest(b);
	CHECK(frame);
	(void) vz_frame_unref(frame);
	(void) vz_stream_free(a);
	(void) vz_stream_free(b);
	rig_free(&rig);
}

TEST(streams_share_one_frame)
{
	struct rig rig = rig_new(0);
	struct vz_stream *streams[3];
	struct vz_frame *frames[3];
	int n_wakes = 0;

	for (int i = 0; i < 3; i++)
		CHECK_EQ(vz_camera_add_stream(rig.camera, rig_wake, &n_wakes, &streams[i]), 0);
	PUMP_UNTIL(rig.loop, n_wakes == 3);
	for (int i = 0; i < 3; i++)
		frames[i] = vz_stream_take_newest(streams[i]);
	CHECK(frames[0]);
	CHECK(frames[0] == frames[1] && frames[1] == frames[2]);
	for (int i = 0; i < 3; i++) {
		(void) vz_frame_unref(frames[i]);
		(void) vz_stream_free(streams[i]);
	}
	rig_free(&rig);
}

static struct vz_stream *suicidal;

static void on_wake_free(void *data)
{
	suicidal = vz_stream_free(suicidal);
}

TEST(stream_may_remove_itself_when_woken)
{
	struct rig rig = rig_new(0);

	CHECK_EQ(vz_camera_add_stream(rig.camera, on_wake_free, NULL, &suicidal), 0);
	PUMP_UNTIL(rig.loop, !suicidal);
	PUMP_UNTIL(rig.loop, vz_camera_get_state(rig.camera) == VZ_CAMERA_STOPPED);
	rig_free(&rig);
}
