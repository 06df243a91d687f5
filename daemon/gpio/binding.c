#include "gpio/binding.h"

const char *vz_gesture_name(enum vz_gesture gesture)
{
	static const char *const names[VZ_N_GESTURES] = {
		[VZ_GESTURE_PRESS] = "press",
		[VZ_GESTURE_RELEASE] = "release",
		[VZ_GESTURE_LONG_PRESS] = "long_press",
		[VZ_GESTURE_DOUBLE] = "double",
	};

	return names[gesture];
}

void vz_binding_init(struct vz_binding *binding, const struct vz_thresholds *thresholds,
		     bool active)
{
	*binding = (struct vz_binding){
		.thresholds = *thresholds,
		.phase = active ? VZ_BINDING_PRESSED : VZ_BINDING_IDLE,
		.is_long = true,
	};
}

static int64_t long_deadline_us(const struct vz_binding *binding)
{
	return binding->is_long ? INT64_MAX : binding->press_us + binding->thresholds.long_press_us;
}

int64_t vz_binding_deadline_us(const struct vz_binding *binding)
{
	switch (binding->phase) {
	case VZ_BINDING_IDLE:
		return INT64_MAX;
	case VZ_BINDING_PRESSING:
		return binding->since_us + binding->thresholds.press_us;
	case VZ_BINDING_PRESSED:
		return long_deadline_us(binding);
	case VZ_BINDING_RELEASING:
		return binding->since_us + binding->thresholds.release_us;
	}
	return INT64_MAX;
}

static void press(struct vz_binding *binding, int64_t at_us, vz_gesture_fn *fn, void *data)
{
	bool is_double = binding->has_last &&
			 binding->since_us - binding->last_us <= binding->thresholds.double_us;

	binding->phase = VZ_BINDING_PRESSED;
	binding->press_us = binding->since_us;
	binding->is_long = false;
	/* The third of three quick presses begins a new pair. */
	binding->has_last = !is_double;
	binding->last_us = binding->since_us;
	fn(VZ_GESTURE_PRESS, at_us, data);
	if (is_double)
		fn(VZ_GESTURE_DOUBLE, at_us, data);
}

/* One step of what is due at @now_us; returns whether there was one. */
static bool step(struct vz_binding *binding, int64_t now_us, vz_gesture_fn *fn, void *data)
{
	int64_t at_us = vz_binding_deadline_us(binding);

	if (at_us == INT64_MAX || now_us < at_us)
		return false;
	switch (binding->phase) {
	case VZ_BINDING_IDLE:
		return false;
	case VZ_BINDING_PRESSING:
		press(binding, at_us, fn, data);
		return true;
	case VZ_BINDING_PRESSED:
		binding->is_long = true;
		fn(VZ_GESTURE_LONG_PRESS, at_us, data);
		return true;
	case VZ_BINDING_RELEASING:
		binding->phase = VZ_BINDING_IDLE;
		fn(VZ_GESTURE_RELEASE, at_us, data);
		return true;
	}
	return false;
}

void vz_binding_tick(struct vz_binding *binding, int64_t now_us, vz_gesture_fn *fn, void *data)
{
	while (step(binding, now_us, fn, data))
		;
}

void vz_binding_feed(struct vz_binding *binding, bool active, int64_t at_us, vz_gesture_fn *fn,
		     void *data)
{
	vz_binding_tick(binding, at_us, fn, data);
	switch (binding->phase) {
	case VZ_BINDING_IDLE:
	case VZ_BINDING_PRESSED:
		if (active == (binding->phase == VZ_BINDING_PRESSED))
			return;
		binding->phase = active ? VZ_BINDING_PRESSING : VZ_BINDING_RELEASING;
		binding->since_us = at_us;
		break;
	case VZ_BINDING_PRESSING:
		if (!active)
			binding->phase = VZ_BINDING_IDLE;
		break;
	case VZ_BINDING_RELEASING:
		if (active)
			binding->phase = VZ_BINDING_PRESSED;
		break;
	}
	/* Thresholds of 0 are due at once. */
	vz_binding_tick(binding, at_us, fn, data);
}
