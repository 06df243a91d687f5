/*
 * What a person does with a button, from its level alone: press, release, long press, double press.
 * Pure: time comes in with the levels and the ticks. Each gesture is reported at once, as a browser
 * does it: a double press is press, release, press, double.
 *
 * Embedded and owned by the line. Times are microseconds of one clock, not before the last one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum vz_gesture {
	VZ_GESTURE_PRESS,
	VZ_GESTURE_RELEASE,
	VZ_GESTURE_LONG_PRESS,
	VZ_GESTURE_DOUBLE,
	VZ_N_GESTURES,
};

struct vz_thresholds {
	int64_t press_us;      /* held so long before it is a press; 0: at once */
	int64_t release_us;    /* let go so long before it is a release; 0: at once */
	int64_t long_press_us; /* held so long for a long press */
	int64_t double_us;     /* from one press to the next at most, for a double */
};

enum vz_binding_phase {
	VZ_BINDING_IDLE,
	VZ_BINDING_PRESSING, /* active, not yet for long enough */
	VZ_BINDING_PRESSED,
	VZ_BINDING_RELEASING, /* inactive, not yet for long enough */
};

struct vz_binding {
	struct vz_thresholds thresholds;
	enum vz_binding_phase phase;
	int64_t since_us; /* of the edge that began this phase */
	int64_t press_us; /* of the edge of the press */
	bool is_long;	  /* the long press has been reported, or is none of ours */
	bool has_last;
	int64_t last_us; /* of the press before, when it may be the first of a double */
};

/* Called for each gesture; @at_us is the stamp that it is due to: an edge's, or the threshold's. */
typedef void vz_gesture_fn(enum vz_gesture gesture, int64_t at_us, void *data);

/* "press", "long_press", …; the keys of the configuration. */
const char *vz_gesture_name(enum vz_gesture gesture);

/* A button that is held when it is first seen is not a press, nor will it be a long one. */
void vz_binding_init(struct vz_binding *binding, const struct vz_thresholds *thresholds,
		     bool active);
/* The level from @at_us on. What was due before it is reported first. */
void vz_binding_feed(struct vz_binding *binding, bool active, int64_t at_us, vz_gesture_fn *fn,
		     void *data);
void vz_binding_tick(struct vz_binding *binding, int64_t now_us, vz_gesture_fn *fn, void *data);
/* When a tick may report something; INT64_MAX: never. */
int64_t vz_binding_deadline_us(const struct vz_binding *binding);
