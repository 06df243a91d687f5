/*
 * Factory reset by a button that is held while the daemon starts: `factory_reset_us` of a line. It
 * comes before anything is read or served, so that the start waits for as long as it is held, and
 * no longer than that.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/reset.h"
#include "daemon-private.h"
#include "gpio/blink.h"
#include "gpio/gpio.h"
#include "gpio/line-spec.h"
#include "loop/loop.h"
#include "util/log.h"
#include "util/notify.h"

#define LOOK_MS	 20
#define SHOWN_US 3000000

/* Returns whether the line stays active for as long as it asks, and nobody wants the daemon to end.
 */
static bool is_held(struct vz_daemon *daemon, struct vz_line *line)
{
	const struct vz_line_spec *spec = vz_line_get_spec(line);
	int64_t end_us = vz_loop_now_us(daemon->loop) + spec->factory_reset_us;
	struct pollfd ending = { .fd = daemon->signal_fd, .events = POLLIN };
	char status[128];

	if (vz_line_read(line) != 1)
		return false;
	vz_log_event(GPIO, NOTICE, LINE, spec->name,
		     "%s is held: all is reset when it still is in %.3g s", spec->name,
		     (double) spec->factory_reset_us / 1e6);
	(void) snprintf(status, sizeof(status), "%s is held, for a reset", spec->name);
	vz_notify_status(status);
	while (vz_loop_now_us(daemon->loop) < end_us) {
		if (poll(&ending, 1, LOOK_MS) > 0)
			return false;
		if (vz_line_read(line) != 1) {
			vz_log_event(GPIO, NOTICE, LINE, spec->name,
				     "%s was let go: nothing is reset", spec->name);
			return false;
		}
	}
	return true;
}

static void reset(struct vz_daemon *daemon, const char *name)
{
	int r = vz_reset_folder(daemon->state_lock_fd, false);

	if (r < 0)
		(void) vz_log_errno(DAEMON, r, "Not all could be reset in %s",
				    daemon->config->state_dir);
	vz_log_event(DAEMON, WARNING, RESET, name,
		     "%s was held: settings and users are as they come from the factory; the "
		     "settings "
		     "of before are in %s/before-reset",
		     name, daemon->config->state_dir);
	daemon->reset_by = strdup(name);
}

/* Lines of their own, which are let go of again before the daemon opens its own. */
static int open_buttons(struct vz_daemon *daemon, struct vz_gpio *gpio)
{
	const struct vz_config *config = daemon->config;
	struct vz_line_spec *spec;
	int r = 0;

	for (const struct vz_config_value *v = config->gpio_values; r == 0 && v; v = v->next) {
		if (!vz_daemon_is_first_value(config, v))
			continue;
		spec = vz_daemon_make_line_spec(config, v);
		if (spec && spec->factory_reset_us)
			r = vz_gpio_add_line(gpio, spec, NULL);
		else
			(void) vz_line_spec_free(spec);
	}
	return r;
}

static void ignore_gesture(struct vz_line *line, enum vz_gesture gesture, int64_t at_us, void *data)
{
}

static void ignore_line(struct vz_line *line, void *data)
{
}

void vz_daemon_reset_if_held(struct vz_daemon *daemon)
{
	VZ_CLEANUP(vz_gpio_freep) struct vz_gpio *gpio = NULL;
	const struct vz_gpio_options options = {
		.loop = daemon->loop,
		.on_gesture = ignore_gesture,
		.on_state = ignore_line,
		.on_change = ignore_line,
	};
	struct vz_line *line = NULL;
	int r;

	/* A folder that is not ours is not ours to empty. */
	if (daemon->state_lock_fd < 0 || !daemon->config->gpio_values)
		return;
	r = vz_gpio_new(&options, &gpio);
	if (r == 0)
		r = open_buttons(daemon, gpio);
	if (r < 0)
		(void) vz_log_errno(GPIO, r, "Cannot look at the buttons for a reset");
	while (gpio && (line = vz_gpio_next_line(gpio, line)))
		if (is_held(daemon, line)) {
			reset(daemon, vz_line_get_spec(line)->name);
			return;
		}
}

/* --- Showing it ----------------------------------------------------------------------------- */

static void hold_outputs(struct vz_daemon *daemon, const struct vz_blink *blink)
{
	struct vz_line *line = NULL;

	while ((line = vz_gpio_next_line(daemon->gpio, line)))
		if (vz_line_get_spec(line)->is_output)
			(void) vz_line_hold(line, blink);
}

static void on_shown(void *data)
{
	struct vz_daemon *daemon = data;

	hold_outputs(daemon, NULL);
}

int vz_daemon_show_reset(struct vz_daemon *daemon)
{
	struct vz_line *line = NULL;
	int r;

	if (!daemon->reset_by)
		return 0;
	while ((line = vz_gpio_next_line(daemon->gpio, line)))
		if (!strcmp(vz_line_get_spec(line)->name, daemon->reset_by))
			vz_line_set_note(line, "held at the start: all was reset");
	r = vz_timer_new(daemon->loop, on_shown, daemon, &daemon->reset_shown);
	if (r < 0)
		return r;
	hold_outputs(daemon, vz_blink_find("fast"));
	vz_timer_start(daemon->reset_shown, SHOWN_US);
	return 0;
}

void vz_daemon_free_reset(struct vz_daemon *daemon)
{
	daemon->reset_shown = vz_timer_free(daemon->reset_shown);
	free(vz_steal(daemon->reset_by));
}
