#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gpio/blink.h"
#include "gpio/gpio-private.h"
#include "gpio/line-spec.h"
#include "loop/loop.h"

static void tell_change(struct vz_line *line)
{
	const struct vz_gpio_options *options = &line->gpio->options;

	if (options->on_change)
		options->on_change(line, options->data);
}

static void tell_state(struct vz_line *line)
{
	const struct vz_gpio_options *options = &line->gpio->options;

	if (options->on_state)
		options->on_state(line, options->data);
	tell_change(line);
}

/* --- Having it ------------------------------------------------------------------------------ */

/* "line 17 of gpiochip0", "the line named 'GPIO17'" */
static void describe_line(const struct vz_line_spec *spec, char *text, size_t size)
{
	const char *of = spec->chip ? " of " : "", *chip = spec->chip ? spec->chip : "";

	if (spec->line_name)
		(void) snprintf(text, size, "the line named '%s'%s%s", spec->line_name, of, chip);
	else
		(void) snprintf(text, size, "line %u%s%s", spec->offset, of, chip);
}

static void describe(struct vz_line *line, int r)
{
	const char *chip = line->spec->chip;
	char which[96];

	describe_line(line->spec, which, sizeof(which));
	if (r == -ENOENT || r == -ENODEV)
		(void) snprintf(line->text, sizeof(line->text), "there is no GPIO chip%s%s now",
				chip ? " " : "", chip ? chip : "");
	else if (r == -ENXIO)
		(void) snprintf(line->text, sizeof(line->text), "there is not %s", which);
	else if (r == -EBUSY)
		(void) snprintf(line->text, sizeof(line->text),
				"%s is in use by the kernel or another program", which);
	else if (r == -EOPNOTSUPP)
		(void) snprintf(line->text, sizeof(line->text), "built without libgpiod");
	else
		(void) snprintf(line->text, sizeof(line->text), "%s: %s", which, strerror(-r));
}

/* Told once for each reason, not at each attempt. */
static void set_missing(struct vz_line *line, int r)
{
	if (line->state == VZ_LINE_MISSING && line->open_r == r)
		return;
	line->state = VZ_LINE_MISSING;
	line->open_r = r;
	describe(line, r);
	tell_state(line);
}

static void drop(struct vz_line *line, int r)
{
	struct vz_line_source *source = vz_steal(line->source);

	vz_timer_stop(line->timer);
	line->backend->close(source);
	line->counts.drops++;
	line->is_active = line->is_moved = false;
	set_missing(line, r);
}

static const struct vz_blink *blink_of(const struct vz_line *line)
{
	return line->held ? line->held : line->shown;
}

/* Sets an output to what its pattern is now, and comes back for the next change. */
static void run_pattern(struct vz_line *line)
{
	int64_t next_us;
	bool active;
	int r;

	active =
		vz_blink_level(blink_of(line),
			       vz_loop_now_us(line->gpio->options.loop) - line->shown_us, &next_us);
	if (!line->source)
		return;
	r = active == line->is_active ? 0 : line->backend->set(line->source, active);
	if (r < 0) {
		drop(line, r);
		return;
	}
	if (active != line->is_active) {
		line->is_active = active;
		tell_change(line);
	}
	if (next_us != INT64_MAX)
		vz_timer_start(line->timer, next_us);
	else
		vz_timer_stop(line->timer);
}

static void begin_input(struct vz_line *line, bool active)
{
	line->is_active = line->is_moved = active;
	line->has_seqno = false;
	vz_debounce_init(&line->debounce, line->source->is_debounced ? 0 : line->spec->debounce_us,
			 active);
	vz_binding_init(&line->binding, &line->spec->thresholds, active);
}

static void open_line(struct vz_line *line)
{
	int64_t now_us = vz_loop_now_us(line->gpio->options.loop), next_us;
	bool active = false;
	int r;

	if (line->spec->is_output || line->spec->initial)
		active = vz_blink_level(blink_of(line), now_us - line->shown_us, &next_us);
	r = line->backend->open(line->gpio->options.loop, line->spec, active, &line->sink,
				&line->source);
	if (r == 0) {
		r = line->backend->get(line->source);
		if (r < 0)
			line->backend->close(vz_steal(line->source));
	}
	if (r < 0) {
		set_missing(line, r);
		return;
	}
	line->state = VZ_LINE_OPEN;
	line->text[0] = '\0';
	if (line->spec->is_output)
		line->is_active = active;
	else
		begin_input(line, r);
	tell_state(line);
	if (line->spec->is_output)
		run_pattern(line);
}

int vz_line_read(struct vz_line *line)
{
	return line->state == VZ_LINE_OPEN ? line->backend->get(line->source) : -ENODEV;
}

void vz_line_check(struct vz_line *line)
{
	int r;

	if (line->state == VZ_LINE_DISABLED)
		return;
	if (!line->source) {
		open_line(line);
		return;
	}
	r = line->backend->get(line->source);
	if (r < 0)
		drop(line, r);
}

/* --- The way of an edge --------------------------------------------------------------------- */

static bool counts(const struct vz_line *line, bool active)
{
	return line->spec->edges == VZ_EDGES_BOTH ||
	       line->spec->edges == (active ? VZ_EDGES_RISING : VZ_EDGES_FALLING);
}

static void on_gesture(enum vz_gesture gesture, int64_t at_us, void *data)
{
	struct vz_line *line = data;
	const struct vz_gpio_options *options = &line->gpio->options;

	if (!counts(line, gesture != VZ_GESTURE_RELEASE))
		return;
	line->counts.gestures++;
	line->has_last = true;
	line->last_gesture = gesture;
	line->last_us = at_us;
	if (options->on_gesture)
		options->on_gesture(line, gesture, at_us, options->data);
	tell_change(line);
}

static void on_levels(struct vz_line *line, const struct vz_debounced *levels, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		line->is_active = levels[i].level;
		if (counts(line, levels[i].level))
			line->counts.edges++;
		tell_change(line);
		vz_binding_feed(&line->binding, levels[i].level, levels[i].at_us, on_gesture, line);
	}
}

static void arm(struct vz_line *line)
{
	int64_t at_us = vz_debounce_deadline_us(&line->debounce);
	int64_t delay_us;

	/* A level that may end this gesture is judged first. */
	if (at_us == INT64_MAX)
		at_us = vz_binding_deadline_us(&line->binding);
	delay_us = at_us - vz_loop_now_us(line->gpio->options.loop);
	if (at_us == INT64_MAX)
		vz_timer_stop(line->timer);
	else
		vz_timer_start(line->timer, delay_us > 0 ? delay_us : 0);
}

static void on_edge(const struct vz_edge *edge, void *data)
{
	struct vz_line *line = data;
	struct vz_debounced levels[2];

	/* The kernel counts from 1, modulo 2^32; what was lost before the first is lost as well. */
	line->counts.lost += line->has_seqno ? edge->seqno - line->seqno - 1 : edge->seqno - 1;
	line->has_seqno = true;
	line->seqno = edge->seqno;
	on_levels(line, levels,
		  vz_debounce_feed(&line->debounce, edge->active, edge->at_us, levels));
	arm(line);
}

static void on_gone(int r, void *data)
{
	drop(data, r);
}

static void on_timer(void *data)
{
	struct vz_line *line = data;
	int64_t now_us = vz_loop_now_us(line->gpio->options.loop);
	struct vz_debounced levels[1];

	if (line->spec->is_output) {
		run_pattern(line);
		return;
	}
	on_levels(line, levels, vz_debounce_tick(&line->debounce, now_us, levels));
	if (vz_debounce_deadline_us(&line->debounce) == INT64_MAX)
		vz_binding_tick(&line->binding, now_us, on_gesture, line);
	arm(line);
}

/* --- What one asks of it -------------------------------------------------------------------- */

const struct vz_line_spec *vz_line_get_spec(const struct vz_line *line)
{
	return line->spec;
}

enum vz_line_state vz_line_get_state(const struct vz_line *line)
{
	return line->state;
}

const char *vz_line_state_name(enum vz_line_state state)
{
	static const char *const names[] = {
		[VZ_LINE_OPEN] = "open",
		[VZ_LINE_MISSING] = "missing",
		[VZ_LINE_DISABLED] = "disabled",
	};

	return names[state];
}

const char *vz_line_get_text(const struct vz_line *line)
{
	return line->error ? line->error : line->text;
}

bool vz_line_is_active(const struct vz_line *line)
{
	return line->is_active;
}

struct vz_line_counts vz_line_get_counts(const struct vz_line *line)
{
	return line->counts;
}

bool vz_line_get_last(const struct vz_line *line, enum vz_gesture *ret_gesture, int64_t *ret_at_us)
{
	if (!line->has_last)
		return false;
	*ret_gesture = line->last_gesture;
	*ret_at_us = line->last_us;
	return true;
}

void vz_line_set_note(struct vz_line *line, const char *note)
{
	if (!strncmp(line->note, note, sizeof(line->note) - 1))
		return;
	(void) snprintf(line->note, sizeof(line->note), "%s", note);
	tell_change(line);
}

const char *vz_line_get_note(const struct vz_line *line)
{
	return line->note;
}

int vz_line_move(struct vz_line *line, bool active)
{
	int r;

	if (!line->source)
		return -ENODEV;
	if (line->spec->is_output || !line->backend->move)
		return -EPERM;
	r = line->backend->move(line->source, active);
	if (r < 0)
		return r;
	line->is_moved = active;
	tell_change(line);
	return 0;
}

bool vz_line_is_moved(const struct vz_line *line)
{
	return line->is_moved;
}

static void change_pattern(struct vz_line *line, const struct vz_blink *before)
{
	/* The same again goes on where it is. */
	if (blink_of(line) != before)
		line->shown_us = vz_loop_now_us(line->gpio->options.loop);
	run_pattern(line);
	tell_change(line);
}

int vz_line_show(struct vz_line *line, const struct vz_blink *blink)
{
	const struct vz_blink *before = blink_of(line);

	if (!line->spec->is_output)
		return -EPERM;
	line->shown = blink ? blink : vz_blink_find("off");
	change_pattern(line, before);
	return 0;
}

int vz_line_hold(struct vz_line *line, const struct vz_blink *blink)
{
	const struct vz_blink *before = blink_of(line);

	if (!line->spec->is_output)
		return -EPERM;
	line->held = blink;
	change_pattern(line, before);
	return 0;
}

bool vz_line_is_held(const struct vz_line *line)
{
	return line->held;
}

const struct vz_blink *vz_line_get_blink(const struct vz_line *line)
{
	return line->spec->is_output ? blink_of(line) : NULL;
}

/* --- Life ----------------------------------------------------------------------------------- */

int vz_line_new(struct vz_gpio *gpio, struct vz_line_spec *spec, const char *error,
		struct vz_line **ret)
{
	struct vz_line *line = calloc(1, sizeof(*line));
	int r = -ENOMEM;

	if (!line) {
		(void) vz_line_spec_free(spec);
		return -ENOMEM;
	}
	line->gpio = gpio;
	line->spec = spec;
	vz_list_init(&line->in_gpio);
	line->state = error ? VZ_LINE_DISABLED : VZ_LINE_MISSING;
	line->backend =
		vz_line_spec_is_simulated(spec) ? &vz_gpio_simulated : gpio->options.devices;
	line->sink = (struct vz_line_sink){ on_edge, on_gone, line };
	line->shown = spec->initial ? spec->initial : vz_blink_find("off");
	line->shown_us = vz_loop_now_us(gpio->options.loop);
	if (error)
		line->error = strdup(error);
	if (!error || line->error)
		r = vz_timer_new(gpio->options.loop, on_timer, line, &line->timer);
	if (r < 0) {
		(void) vz_line_free(line);
		return r;
	}
	*ret = line;
	return 0;
}

struct vz_line *vz_line_free(struct vz_line *line)
{
	if (!line)
		return NULL;
	vz_list_remove(&line->in_gpio);
	if (line->source)
		line->backend->close(line->source);
	if (line->timer)
		(void) vz_timer_free(line->timer);
	(void) vz_line_spec_free(line->spec);
	free(line->error);
	free(line);
	return NULL;
}
