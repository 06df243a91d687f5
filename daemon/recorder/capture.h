/*
 * What is recorded, and when: the states between a trigger and the last frame, decided by time
 * stamps alone. A trigger carries its own stamp, an edge's for example, and says from when on
 * frames belong to the recording; that it is heard of late changes nothing, as long as the ring
 * still has the frames.
 *
 * Pure: all times are of CLOCK_MONOTONIC in nanoseconds, as the frames' are, and are arguments.
 * Thread: one at a time. Embedded by the recorder.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VZ_CAPTURE_MAX_SHIFT_NS	   INT64_C(10000000000)
#define VZ_CAPTURE_MIN_DURATION_NS INT64_C(100000000)
#define VZ_CAPTURE_MAX_DURATION_NS INT64_C(60000000000)
/* So long nothing must move for "until still". */
#define VZ_CAPTURE_STILL_NS INT64_C(1000000000)
/* A frame is this late at most, also of a camera that is being started or on a machine that is busy
 * with other things; one that has not come by then will not. */
#define VZ_CAPTURE_LATE_NS INT64_C(3000000000)

enum vz_capture_state {
	VZ_CAPTURE_IDLE,      /* wants no frames */
	VZ_CAPTURE_BUFFERING, /* keeps the last seconds, for a trigger that asks for them */
	VZ_CAPTURE_ARMED,     /* the same, and motion is a trigger */
	VZ_CAPTURE_WAITING,   /* triggered; the first frame is still to come */
	VZ_CAPTURE_RECORDING,
};

enum vz_capture_trigger {
	VZ_TRIGGER_BUTTON, /* whoever presses, on the page, a line or the API */
	VZ_TRIGGER_MOTION, /* that arms; the first motion then is the trigger */
	VZ_TRIGGER_AUTO,   /* armed always, again after each recording */
};

enum vz_capture_until {
	VZ_UNTIL_DURATION,
	VZ_UNTIL_STILL,	 /* nothing has moved for a second, or the duration is over */
	VZ_UNTIL_STOPPED /* by a button, or after VZ_CAPTURE_MAX_DURATION_NS */
};

struct vz_capture_settings {
	/* From the trigger to the first frame, -MAX_SHIFT .. MAX_SHIFT; before it when negative. */
	int64_t shift_ns;
	int64_t duration_ns; /* MIN_DURATION .. MAX_DURATION */
	enum vz_capture_trigger trigger;
	enum vz_capture_until until;
};

/* Why a recording is over. */
enum vz_capture_end {
	VZ_CAPTURE_NOT_ENDED,
	VZ_CAPTURE_DURATION,
	VZ_CAPTURE_STILL,
	VZ_CAPTURE_STOPPED,
	VZ_CAPTURE_NO_FRAMES /* the camera gives none any more, or others */
};

struct vz_capture {
	struct vz_capture_settings settings;
	enum vz_capture_state state;
	enum vz_capture_end end; /* of the last recording, or what will be this one's */
	int64_t trigger_ns;
	/* Frames with first <= stamp < last belong to it. */
	int64_t first_ns, last_ns;
	int64_t moved_ns; /* when motion was last seen, or the recording began */
};

enum vz_capture_verdict {
	VZ_CAPTURE_SKIP, /* not of a recording */
	VZ_CAPTURE_TAKE,
	VZ_CAPTURE_FINISH, /* not of it, and it is complete */
};

void vz_capture_init(struct vz_capture *capture);
bool vz_capture_wants_frames(const struct vz_capture *capture);
/* Takes values out of range as the nearest in it; a recording that runs keeps what it began with.
 */
void vz_capture_set(struct vz_capture *capture, const struct vz_capture_settings *settings);
/* The button "Record": a trigger, or where motion is one, arms. Returns 0 or -EBUSY. */
int vz_capture_record(struct vz_capture *capture, int64_t now_ns);
/* A trigger of whatever kind. Returns 0 or -EBUSY: one is recorded, or about to be. */
int vz_capture_trigger(struct vz_capture *capture, int64_t at_ns);
/* Ends a recording at @at_ns, gives up one that has not begun, disarms. */
void vz_capture_stop(struct vz_capture *capture, int64_t at_ns);
/*
 * The first frame that there is has this stamp, since the camera was started by the trigger: the
 * recording is as long as was asked for nevertheless, unless it begins before the trigger.
 */
void vz_capture_slip(struct vz_capture *capture, int64_t stamp_ns);
/* What to do with the frame of this stamp; they come in the order of time. */
enum vz_capture_verdict vz_capture_frame(struct vz_capture *capture, int64_t stamp_ns);
/* What moves in the frame of this stamp. Returns whether that was a trigger. */
bool vz_capture_motion(struct vz_capture *capture, int64_t stamp_ns, bool is_moving);
/* Time has passed without a frame. Returns whether a recording is over for it. */
bool vz_capture_tick(struct vz_capture *capture, int64_t now_ns);
/* The camera was lost, or gives frames of another size. Returns whether a recording is over. */
bool vz_capture_lose(struct vz_capture *capture);

/* "idle", "buffering", "armed", "waiting", "recording". */
const char *vz_capture_state_name(enum vz_capture_state state);
/* "duration", "still", "stopped", "no frames"; "" for NOT_ENDED. */
const char *vz_capture_end_name(enum vz_capture_end end);
