#include "panels/gpio-text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gpio/blink.h"
#include "gpio/gpio.h"
#include "gpio/line-spec.h"
#include "util/buf.h"
#include "util/json.h"
#include "vizyd/component.h"

static struct json_object *finish(struct vz_buf *buf)
{
	VZ_CLEANUP(vz_freep) char *text = NULL;
	size_t size;

	return vz_buf_finish(buf, &text, &size) < 0 ? NULL : vz_text(text);
}

static void put_action(struct vz_buf *buf, enum vz_gesture gesture, const struct vz_action *action)
{
	if (!vz_action_is_set(action))
		return;
	vz_buf_printf(buf, "; %s: ", vz_gesture_name(gesture));
	if (action->id)
		vz_buf_printf(buf, "%s.%s", action->id, action->property);
	if (!action->is_click) {
		vz_buf_puts(buf, action->id ? " = " : "");
		vz_json_print(buf, action->value);
	}
}

static void put_place(struct vz_buf *buf, const struct vz_line_spec *spec)
{
	if (vz_line_spec_is_simulated(spec)) {
		vz_buf_puts(buf, "simulated");
		return;
	}
	if (spec->line_name)
		vz_buf_puts(buf, spec->line_name);
	else
		vz_buf_printf(buf, "line %u", spec->offset);
	if (spec->chip)
		vz_buf_printf(buf, " of %s", spec->chip);
}

struct json_object *vz_gpio_text_spec(const struct vz_line *line)
{
	static const char *const biases[] = {
		[VZ_BIAS_AS_IS] = "",
		[VZ_BIAS_DISABLED] = ", no bias",
		[VZ_BIAS_PULL_UP] = ", pull-up",
		[VZ_BIAS_PULL_DOWN] = ", pull-down",
	};
	const struct vz_line_spec *spec = vz_line_get_spec(line);
	struct vz_buf buf = { 0 };

	put_place(&buf, spec);
	vz_buf_printf(&buf, ", %s%s%s", spec->is_output ? "output" : "input", biases[spec->bias],
		      spec->active_low ? ", active low" : "");
	for (int i = 0; i < VZ_N_GESTURES; i++)
		put_action(&buf, (enum vz_gesture) i, &spec->actions[i]);
	if (spec->follows_id)
		vz_buf_printf(&buf, "; follows %s.%s", spec->follows_id, spec->follows_property);
	return finish(&buf);
}

/* By the clock on the wall, which the kernel's stamps know nothing of. */
static void put_time(struct vz_buf *buf, int64_t at_us, int64_t now_us)
{
	struct timespec now;
	struct tm broken;
	char text[16];
	int64_t us;
	time_t at;

	(void) clock_gettime(CLOCK_REALTIME, &now);
	us = (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000 - (now_us - at_us);
	at = (time_t) (us / 1000000);
	if (!localtime_r(&at, &broken) || !strftime(text, sizeof(text), "%H:%M:%S", &broken))
		return;
	vz_buf_printf(buf, " at %s.%03d", text, (int) (us % 1000000 / 1000));
}

static void put_input(struct vz_buf *buf, const struct vz_line *line, int64_t now_us)
{
	struct vz_line_counts counts = vz_line_get_counts(line);
	enum vz_gesture gesture;
	int64_t at_us;

	vz_buf_printf(buf, "%s; %" PRIu64 " edges, %" PRIu64 " lost",
		      vz_line_is_active(line) ? "active" : "inactive", counts.edges, counts.lost);
	if (!vz_line_get_last(line, &gesture, &at_us))
		return;
	vz_buf_printf(buf, "; %s", vz_gesture_name(gesture));
	put_time(buf, at_us, now_us);
}

struct json_object *vz_gpio_text_state(const struct vz_line *line, int64_t now_us)
{
	uint64_t drops = vz_line_get_counts(line).drops;
	struct vz_buf buf = { 0 };

	if (vz_line_get_state(line) != VZ_LINE_OPEN)
		vz_buf_printf(&buf, "%s: %s", vz_line_state_name(vz_line_get_state(line)),
			      vz_line_get_text(line));
	else if (vz_line_get_spec(line)->is_output)
		vz_buf_printf(&buf, "%s: %s", vz_line_is_held(line) ? "held" : "shows",
			      vz_line_get_blink(line)->name);
	else
		put_input(&buf, line, now_us);
	if (drops)
		vz_buf_printf(&buf, "; its chip went %" PRIu64 " times", drops);
	if (*vz_line_get_note(line))
		vz_buf_printf(&buf, "; %s", vz_line_get_note(line));
	return finish(&buf);
}
