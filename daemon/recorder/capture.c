#include "recorder/capture.h"

#include <errno.h>

static int64_t clamp(int64_t value, int64_t min, int64_t max)
{
	return value < min ? min : value > max ? max : value;
}

static bool is_busy(const struct vz_capture *capture)
{
	return capture->state == VZ_CAPTURE_WAITING || capture->state == VZ_CAPTURE_RECORDING;
}

/* The state between recordings. */
static void rest(struct vz_capture *capture)
{
	const struct vz_capture_settings *settings = &capture->settings;

	capture->state = settings->trigger == VZ_TRIGGER_AUTO ? VZ_CAPTURE_ARMED
			 : settings->shift_ns < 0	      ? VZ_CAPTURE_BUFFERING
							      : VZ_CAPTURE_IDLE;
}

static void finish(struct vz_capture *capture, enum vz_capture_end end)
{
	capture->end = end;
	rest(capture);
}

void vz_capture_init(struct vz_capture *capture)
{
	*capture = (struct vz_capture){
		.settings = { .duration_ns = INT64_C(5000000000) },
	};
}

bool vz_capture_wants_frames(const struct vz_capture *capture)
{
	return capture->state != VZ_CAPTURE_IDLE;
}

void vz_capture_set(struct vz_capture *capture, const struct vz_capture_settings *settings)
{
	bool is_armed_by_hand = capture->state == VZ_CAPTURE_ARMED &&
				capture->settings.trigger == VZ_TRIGGER_MOTION;

	capture->settings = *settings;
	capture->settings.shift_ns =
		clamp(settings->shift_ns, -VZ_CAPTURE_MAX_SHIFT_NS, VZ_CAPTURE_MAX_SHIFT_NS);
	capture->settings.duration_ns = clamp(settings->duration_ns, VZ_CAPTURE_MIN_DURATION_NS,
					      VZ_CAPTURE_MAX_DURATION_NS);
	if (is_busy(capture) || (is_armed_by_hand && settings->trigger == VZ_TRIGGER_MOTION))
		return;
	rest(capture);
}

int vz_capture_trigger(struct vz_capture *capture, int64_t at_ns)
{
	const struct vz_capture_settings *settings = &capture->settings;
	bool has_duration = settings->until != VZ_UNTIL_STOPPED;

	if (is_busy(capture))
		return -EBUSY;
	capture->state = VZ_CAPTURE_WAITING;
	capture->trigger_ns = at_ns;
	capture->first_ns = at_ns + settings->shift_ns;
	capture->last_ns = capture->first_ns +
			   (has_duration ? settings->duration_ns : VZ_CAPTURE_MAX_DURATION_NS);
	/* What moved before the trigger is no reason to wait for stillness after it. */
	capture->moved_ns = at_ns > capture->first_ns ? at_ns : capture->first_ns;
	capture->end = VZ_CAPTURE_DURATION;
	return 0;
}

int vz_capture_record(struct vz_capture *capture, int64_t now_ns)
{
	if (is_busy(capture))
		return -EBUSY;
	if (capture->settings.trigger == VZ_TRIGGER_BUTTON)
		return vz_capture_trigger(capture, now_ns);
	capture->state = VZ_CAPTURE_ARMED;
	return 0;
}

void vz_capture_stop(struct vz_capture *capture, int64_t at_ns)
{
	if (!is_busy(capture)) {
		rest(capture);
		return;
	}
	capture->end = VZ_CAPTURE_STOPPED;
	if (at_ns < capture->last_ns)
		capture->last_ns = at_ns;
	/* Nothing of it will ever come. */
	if (capture->state == VZ_CAPTURE_WAITING && capture->last_ns <= capture->first_ns)
		rest(capture);
}

void vz_capture_slip(struct vz_capture *capture, int64_t stamp_ns)
{
	if (capture->state == VZ_CAPTURE_WAITING && capture->end == VZ_CAPTURE_DURATION &&
	    capture->first_ns >= capture->trigger_ns && stamp_ns > capture->first_ns)
		capture->last_ns += stamp_ns - capture->first_ns;
}

enum vz_capture_verdict vz_capture_frame(struct vz_capture *capture, int64_t stamp_ns)
{
	if (!is_busy(capture) || stamp_ns < capture->first_ns)
		return VZ_CAPTURE_SKIP;
	if (stamp_ns >= capture->last_ns) {
		finish(capture, capture->end);
		return VZ_CAPTURE_FINISH;
	}
	capture->state = VZ_CAPTURE_RECORDING;
	return VZ_CAPTURE_TAKE;
}

bool vz_capture_motion(struct vz_capture *capture, int64_t stamp_ns, bool is_moving)
{
	if (capture->state == VZ_CAPTURE_ARMED && is_moving)
		return vz_capture_trigger(capture, stamp_ns) == 0;
	if (!is_busy(capture) || capture->settings.until != VZ_UNTIL_STILL)
		return false;
	if (is_moving && stamp_ns > capture->moved_ns)
		capture->moved_ns = stamp_ns;
	if (stamp_ns - capture->moved_ns >= VZ_CAPTURE_STILL_NS && stamp_ns < capture->last_ns) {
		capture->last_ns = stamp_ns;
		capture->end = VZ_CAPTURE_STILL;
	}
	return false;
}

bool vz_capture_tick(struct vz_capture *capture, int64_t now_ns)
{
	if (!is_busy(capture) || now_ns < capture->last_ns + VZ_CAPTURE_LATE_NS)
		return false;
	finish(capture, capture->end == VZ_CAPTURE_DURATION ? VZ_CAPTURE_NO_FRAMES : capture->end);
	return true;
}

bool vz_capture_lose(struct vz_capture *capture)
{
	if (capture->state != VZ_CAPTURE_RECORDING)
		return false;
	finish(capture, VZ_CAPTURE_NO_FRAMES);
	return true;
}

const char *vz_capture_state_name(enum vz_capture_state state)
{
	static const char *const names[] = { "idle", "buffering", "armed", "waiting", "recording" };

	return names[state];
}

const char *vz_capture_end_name(enum vz_capture_end end)
{
	static const char *const names[] = { "", "duration", "still", "stopped", "no frames" };

	return names[end];
}
