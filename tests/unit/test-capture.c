#include "test.h"

#include <errno.h>

#include "recorder/capture.h"
#include "util/cleanup.h"

#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)

/* Stamps of a camera that is not even: what lies where is decided by them alone. */
static const int64_t stamps_ms[] = { 1000, 1033, 1040, 1100, 1133, 1166, 1200, 1233,
				     1300, 1333, 1366, 1400, 1433, 1466, 1500, 1533 };

static struct vz_capture make(int64_t shift_ns, int64_t duration_ns)
{
	struct vz_capture capture;

	vz_capture_init(&capture);
	vz_capture_set(&capture, &(struct vz_capture_settings){ .shift_ns = shift_ns,
								.duration_ns = duration_ns });
	return capture;
}

/* Which frames of the table are taken: the first, and how many. */
static void run(struct vz_capture *capture, int64_t *ret_first_ms, unsigned *ret_n)
{
	*ret_n = 0;
	for (size_t i = 0; i < VZ_N_ELEMENTS(stamps_ms); i++) {
		enum vz_capture_verdict verdict = vz_capture_frame(capture, stamps_ms[i] * MS);

		if (verdict == VZ_CAPTURE_TAKE && !(*ret_n)++)
			*ret_first_ms = stamps_ms[i];
	}
}

TEST(capture_takes_exactly_the_frames_of_its_time)
{
	static const struct {
		const char *label;
		int64_t trigger_ms, shift_ms, duration_ms, first_ms;
		unsigned n;
	} cases[] = {
		{ "at the trigger", 1100, 0, 100, 1100, 3 },
		{ "just after a frame", 1101, 0, 100, 1133, 3 },
		{ "just before a frame", 1099, 0, 100, 1100, 3 },
		{ "before the trigger", 1400, -300, 200, 1100, 5 },
		{ "between two frames", 1400, -365, 100, 1040, 3 },
		{ "after the trigger", 1000, 333, 100, 1333, 3 },
		{ "to the last moment", 1000, 0, 100, 1000, 3 },
		{ "one nanosecond more would be one more", 1000, 0, 133, 1000, 4 },
		{ "more than there is before", 1100, -1000, 1100, 1000, 6 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_capture capture = make(cases[i].shift_ms * MS, cases[i].duration_ms * MS);
		int64_t first_ms = 0;
		unsigned n;

		test_case(cases[i].label);
		CHECK_EQ(vz_capture_trigger(&capture, cases[i].trigger_ms * MS), 0);
		CHECK_EQ(capture.state, VZ_CAPTURE_WAITING);
		run(&capture, &first_ms, &n);
		CHECK_EQ(first_ms, cases[i].first_ms);
		CHECK_EQ(n, cases[i].n);
		CHECK_STR(vz_capture_end_name(capture.end), "duration");
		CHECK_EQ(capture.state,
			 cases[i].shift_ms < 0 ? VZ_CAPTURE_BUFFERING : VZ_CAPTURE_IDLE);
	}
}

TEST(capture_wants_frames_only_when_it_may_need_them)
{
	struct vz_capture capture = make(0, S);

	CHECK(!vz_capture_wants_frames(&capture));
	vz_capture_set(&capture, &(struct vz_capture_settings){ .shift_ns = -S, .duration_ns = S });
	CHECK_EQ(capture.state, VZ_CAPTURE_BUFFERING);
	vz_capture_set(&capture, &(struct vz_capture_settings){ .trigger = VZ_TRIGGER_AUTO });
	CHECK_EQ(capture.state, VZ_CAPTURE_ARMED);
	CHECK(vz_capture_wants_frames(&capture));
	vz_capture_set(&capture, &(struct vz_capture_settings){ .trigger = VZ_TRIGGER_MOTION });
	CHECK_EQ(capture.state, VZ_CAPTURE_IDLE);
}

TEST(capture_keeps_settings_within_their_ranges)
{
	struct vz_capture capture = make(-100 * S, 1000 * S);

	CHECK_EQ(capture.settings.shift_ns, -10 * S);
	CHECK_EQ(capture.settings.duration_ns, 60 * S);
	vz_capture_set(&capture, &(struct vz_capture_settings){ .shift_ns = 100 * S });
	CHECK_EQ(capture.settings.shift_ns, 10 * S);
	CHECK_EQ(capture.settings.duration_ns, 100 * MS);
}

TEST(capture_is_armed_by_the_button_where_motion_triggers)
{
	struct vz_capture capture = make(0, 100 * MS);

	vz_capture_set(&capture, &(struct vz_capture_settings){ .trigger = VZ_TRIGGER_MOTION,
								.duration_ns = 100 * MS });
	CHECK(!vz_capture_motion(&capture, 500 * MS, true));
	CHECK_EQ(vz_capture_record(&capture, 600 * MS), 0);
	CHECK_EQ(capture.state, VZ_CAPTURE_ARMED);
	CHECK(!vz_capture_motion(&capture, 700 * MS, false));
	CHECK(vz_capture_motion(&capture, 800 * MS, true));
	CHECK_EQ(capture.trigger_ns, 800 * MS);
	CHECK(!vz_capture_motion(&capture, 810 * MS, true));
	CHECK_EQ(vz_capture_frame(&capture, 800 * MS), VZ_CAPTURE_TAKE);
	CHECK_EQ(vz_capture_frame(&capture, 900 * MS), VZ_CAPTURE_FINISH);
	/* Once: the next one needs the button again. */
	CHECK_EQ(capture.state, VZ_CAPTURE_IDLE);
	CHECK_EQ(vz_capture_record(&capture, 950 * MS), 0);
	vz_capture_stop(&capture, 960 * MS);
	CHECK_EQ(capture.state, VZ_CAPTURE_IDLE);
}

TEST(capture_arms_itself_again_when_all_is_automatic)
{
	struct vz_capture capture = make(0, 0);

	vz_capture_set(&capture, &(struct vz_capture_settings){ .trigger = VZ_TRIGGER_AUTO,
								.duration_ns = 100 * MS });
	for (int i = 1; i < 4; i++) {
		CHECK(vz_capture_motion(&capture, i * S, true));
		CHECK_EQ(vz_capture_frame(&capture, i * S), VZ_CAPTURE_TAKE);
		CHECK_EQ(vz_capture_frame(&capture, i * S + 100 * MS), VZ_CAPTURE_FINISH);
		CHECK_EQ(capture.state, VZ_CAPTURE_ARMED);
	}
}

TEST(capture_refuses_a_second_trigger)
{
	struct vz_capture capture = make(-S, S);

	CHECK_EQ(vz_capture_trigger(&capture, 5 * S), 0);
	CHECK_EQ(vz_capture_trigger(&capture, 5 * S + 1), -EBUSY);
	CHECK_EQ(vz_capture_record(&capture, 5 * S + 1), -EBUSY);
	CHECK_EQ(vz_capture_frame(&capture, 4 * S), VZ_CAPTURE_TAKE);
	CHECK_EQ(vz_capture_trigger(&capture, 5 * S + 2), -EBUSY);
	CHECK_EQ(capture.trigger_ns, 5 * S);
}

TEST(capture_ends_where_it_is_stopped)
{
	struct vz_capture capture = make(0, 10 * S);

	CHECK_EQ(vz_capture_trigger(&capture, S), 0);
	CHECK_EQ(vz_capture_frame(&capture, S), VZ_CAPTURE_TAKE);
	vz_capture_stop(&capture, 2 * S);
	CHECK_EQ(vz_capture_frame(&capture, 2 * S - 1), VZ_CAPTURE_TAKE);
	CHECK_EQ(vz_capture_frame(&capture, 2 * S), VZ_CAPTURE_FINISH);
	CHECK_STR(vz_capture_end_name(capture.end), "stopped");

	/* One that has not begun is given up. */
	vz_capture_set(&capture, &(struct vz_capture_settings){ .shift_ns = 5 * S });
	CHECK_EQ(vz_capture_trigger(&capture, 3 * S), 0);
	vz_capture_stop(&capture, 4 * S);
	CHECK_EQ(capture.state, VZ_CAPTURE_IDLE);
	CHECK_EQ(vz_capture_frame(&capture, 9 * S), VZ_CAPTURE_SKIP);

	/* Without a duration it goes on for as long as any may. */
	vz_capture_set(&capture, &(struct vz_capture_settings){ .until = VZ_UNTIL_STOPPED,
								.duration_ns = S });
	CHECK_EQ(vz_capture_trigger(&capture, 10 * S), 0);
	CHECK_EQ(vz_capture_frame(&capture, 69 * S), VZ_CAPTURE_TAKE);
	CHECK_EQ(vz_capture_frame(&capture, 70 * S), VZ_CAPTURE_FINISH);
}

TEST(capture_ends_when_nothing_has_moved_for_a_second)
{
	struct vz_capture capture = make(0, 0);

	vz_capture_set(&capture, &(struct vz_capture_settings){
					 .shift_ns = -S,
					 .duration_ns = 10 * S,
					 .until = VZ_UNTIL_STILL,
				 });
	CHECK_EQ(vz_capture_trigger(&capture, 5 * S), 0);
	for (int64_t at = 4 * S; at < 7 * S; at += 50 * MS) {
		CHECK_EQ(vz_capture_frame(&capture, at), VZ_CAPTURE_TAKE);
		(void) vz_capture_motion(&capture, at, at == 6 * S);
	}
	CHECK_EQ(vz_capture_frame(&capture, 7 * S), VZ_CAPTURE_TAKE);
	(void) vz_capture_motion(&capture, 7 * S, false);
	CHECK_EQ(vz_capture_frame(&capture, 7 * S + 50 * MS), VZ_CAPTURE_FINISH);
	CHECK_STR(vz_capture_end_name(capture.end), "still");
}

TEST(capture_is_as_long_as_asked_for_when_the_camera_had_to_start)
{
	static const struct {
		const char *label;
		int64_t shift_ms, last_ms; /* after the trigger, the first frame being 700 */
	} cases[] = {
		{ "at once", 0, 1200 },
		{ "later", 200, 1200 },
		{ "not yet", 700, 1200 },
		/* What is before the trigger is gone, and not made up for. */
		{ "before", -100, 400 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_capture capture = make(cases[i].shift_ms * MS, 500 * MS);

		test_case(cases[i].label);
		CHECK_EQ(vz_capture_trigger(&capture, 5 * S), 0);
		vz_capture_slip(&capture, 5 * S + 700 * MS);
		CHECK_EQ(capture.last_ns, 5 * S + cases[i].last_ms * MS);
		(void) vz_capture_frame(&capture, 5 * S + 700 * MS);
		/* Once alone. */
		vz_capture_slip(&capture, 5 * S + 800 * MS);
		CHECK_EQ(capture.last_ns, 5 * S + cases[i].last_ms * MS);
	}
}

TEST(capture_ends_without_frames)
{
	struct vz_capture capture = make(0, S);

	CHECK_EQ(vz_capture_trigger(&capture, 5 * S), 0);
	CHECK_EQ(vz_capture_frame(&capture, 5 * S), VZ_CAPTURE_TAKE);
	CHECK(!vz_capture_tick(&capture, 9 * S - 1));
	CHECK(vz_capture_tick(&capture, 9 * S));
	CHECK_STR(vz_capture_end_name(capture.end), "no frames");
	CHECK_EQ(capture.state, VZ_CAPTURE_IDLE);
	CHECK(!vz_capture_tick(&capture, 10 * S));

	CHECK_EQ(vz_capture_trigger(&capture, 9 * S), 0);
	/* A camera that is only about to start may well be lost once. */
	CHECK(!vz_capture_lose(&capture));
	CHECK_EQ(vz_capture_frame(&capture, 9 * S), VZ_CAPTURE_TAKE);
	CHECK(vz_capture_lose(&capture));
	CHECK_STR(vz_capture_state_name(capture.state), "idle");
}
