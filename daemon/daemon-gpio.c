/*
 * GPIO lines in the daemon: from the configuration's sections [gpio NAME], to the app as what a
 * gesture sets, and from the app as what an output follows.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/changes.h"
#include "config/config.h"
#include "daemon-private.h"
#include "motionscope-module.h"
#include "dash/app.h"
#include "gpio/gpio.h"
#include "gpio/line-spec.h"
#include "panels/gpio-panel.h"
#include "util/buf.h"
#include "util/log.h"

/* An output and the callback by which it follows. */
struct vz_follow {
	struct vz_follow *next;
	struct vz_line *line;
	struct vz_callback *callback;
};

/* --- From the configuration ----------------------------------------------------------------- */

static const char *origin_of(const struct vz_config_value *value)
{
	return value->origin ? value->origin : "command line";
}

/* The value of @key of the line @name, else its first one: where it is that something is missing.
 */
static const struct vz_config_value *find_value(const struct vz_config *config, const char *name,
						const char *key)
{
	const struct vz_config_value *first = NULL;

	for (const struct vz_config_value *v = config->gpio_values; v; v = v->next) {
		if (strcmp(v->name, name))
			continue;
		if (!first)
			first = v;
		if (vz_line_spec_is_key(key, v->key))
			return v;
	}
	return first;
}

/* Sets the keys of one line up to the first fault, which *@ret_error (to free()) then describes. */
static int fill_spec(const struct vz_config *config, struct vz_line_spec *spec, char **ret_error)
{
	const char *expected = "", *key = "";
	int r = 0, n = 0;

	for (const struct vz_config_value *v = config->gpio_values; v; v = v->next) {
		if (strcmp(v->name, spec->name))
			continue;
		r = vz_line_spec_set(spec, v->key, v->value, &expected);
		if (r == -ENOENT)
			n = asprintf(ret_error, "%s: [gpio %s] has no key '%s'", origin_of(v),
				     spec->name, v->key);
		else if (r == -EINVAL)
			n = asprintf(ret_error, "%s: [gpio %s] %s: expected %s, found '%s'",
				     origin_of(v), spec->name, v->key, expected, v->value);
		if (r < 0)
			return n < 0 ? -ENOMEM : r;
	}
	r = vz_line_spec_check(spec, &key, &expected);
	if (r < 0)
		n = asprintf(ret_error, "%s: [gpio %s] %s: expected %s",
			     origin_of(find_value(config, spec->name, key)), spec->name, key,
			     expected);
	return n < 0 ? -ENOMEM : r;
}

static int add_line(struct vz_daemon *daemon, const struct vz_config_value *first)
{
	VZ_CLEANUP(vz_freep) char *error = NULL;
	VZ_CLEANUP(vz_line_spec_freep) struct vz_line_spec *spec = NULL;
	int r;

	r = vz_line_spec_new(first->name, &spec);
	if (r == -EINVAL) {
		vz_log(GPIO, WARNING, "%s: [gpio %s]: expected %s; the line is left out",
		       origin_of(first), first->name, VZ_LINE_NAME_EXPECTED);
		return 0;
	}
	if (r < 0)
		return r;
	r = fill_spec(daemon->config, spec, &error);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		vz_log_event(GPIO, WARNING, LINE_DISABLED, first->name, "%s; the line is disabled",
			     error);
	return vz_gpio_add_line(daemon->gpio, vz_steal(spec), error);
}

struct vz_line_spec *vz_daemon_make_line_spec(const struct vz_config *config,
					      const struct vz_config_value *first)
{
	VZ_CLEANUP(vz_line_spec_freep) struct vz_line_spec *spec = NULL;
	VZ_CLEANUP(vz_freep) char *error = NULL;

	if (vz_line_spec_new(first->name, &spec) < 0 || fill_spec(config, spec, &error) < 0)
		return NULL;
	return vz_steal(spec);
}

bool vz_daemon_is_first_value(const struct vz_config *config, const struct vz_config_value *value)
{
	const struct vz_config_value *v = config->gpio_values;

	while (strcmp(v->name, value->name))
		v = v->next;
	return v == value;
}

static int check_line(const struct vz_config *config, const struct vz_config_value *first)
{
	VZ_CLEANUP(vz_freep) char *error = NULL;
	VZ_CLEANUP(vz_line_spec_freep) struct vz_line_spec *spec = NULL;
	int r;

	r = vz_line_spec_new(first->name, &spec);
	if (r == -EINVAL)
		fprintf(stderr, "vizyd: %s: [gpio %s]: expected %s\n", origin_of(first),
			first->name, VZ_LINE_NAME_EXPECTED);
	if (r < 0)
		return r;
	r = fill_spec(config, spec, &error);
	if (r < 0 && error)
		fprintf(stderr, "vizyd: %s\n", error);
	return r;
}

int vz_daemon_check_gpio(const struct vz_config *config)
{
	int r = 0, one;

	for (const struct vz_config_value *v = config->gpio_values; v; v = v->next) {
		one = vz_daemon_is_first_value(config, v) ? check_line(config, v) : 0;
		if (one < 0)
			r = one == -ENOMEM ? one : -EINVAL;
	}
	return r;
}

/* --- To the app ----------------------------------------------------------------------------- */

static int push_action(struct vz_daemon *daemon, const struct vz_action *action)
{
	struct json_object *current = NULL, *mods = NULL;
	int r;

	if (action->is_click)
		current = vz_app_get(daemon->app, action->id, action->property);
	r = vz_action_make_mods(action, current, &mods);
	return r < 0 ? r : vz_app_push_mods(daemon->app, mods, NULL);
}

/* The frames are those of the time of the edge, however late it is heard of. */
static int press_trigger(struct vz_daemon *daemon, const struct vz_line *line, const char *trigger,
			 int64_t at_us)
{
	char by[64];

	(void) snprintf(by, sizeof(by), "line %s", vz_line_get_spec(line)->name);
	return daemon->motionscope->trigger(daemon, trigger, at_us * 1000, by);
}

/* On the line's row and in the log, once for each that is new. */
static void note_failure(struct vz_line *line, enum vz_gesture gesture,
			 const struct vz_action *action, int r)
{
	const char *id = action->id ? action->id : "one of its components";
	char note[160];

	if (r == -ENOENT)
		(void) snprintf(note, sizeof(note), "%s: %s is not on the page",
				vz_gesture_name(gesture), id);
	else if (action->trigger && r == -EBUSY)
		(void) snprintf(note, sizeof(note), "%s: a recording is being made already",
				vz_gesture_name(gesture));
	else if (r == -ENOSYS)
		(void) snprintf(note, sizeof(note), "%s: there is no recorder, see the log",
				vz_gesture_name(gesture));
	else if (r == -EDOM)
		(void) snprintf(note, sizeof(note), "%s: %s.%s is not a number to count up",
				vz_gesture_name(gesture), id, action->property);
	else
		(void) snprintf(note, sizeof(note), "%s: %s", vz_gesture_name(gesture),
				strerror(-r));
	if (strcmp(vz_line_get_note(line), note) != 0)
		vz_log(GPIO, WARNING, "%s: %s", vz_line_get_spec(line)->name, note);
	vz_line_set_note(line, note);
}

static void on_gesture(struct vz_line *line, enum vz_gesture gesture, int64_t at_us, void *data)
{
	struct vz_daemon *daemon = data;
	const struct vz_action *action = &vz_line_get_spec(line)->actions[gesture];
	int r;

	if (!vz_action_is_set(action))
		return;
	r = action->trigger ? press_trigger(daemon, line, action->trigger, at_us)
			    : push_action(daemon, action);
	if (r < 0)
		note_failure(line, gesture, action, r);
	else
		vz_line_set_note(line, "");
}

static void on_state(struct vz_line *line, void *data)
{
	const char *name = vz_line_get_spec(line)->name;

	if (vz_line_get_state(line) == VZ_LINE_OPEN)
		vz_log_event(GPIO, INFO, LINE, name, "%s is open", name);
	else
		vz_log_event(GPIO, WARNING, LINE_MISSING, name,
			     "%s is missing: %s; it is looked for again", name,
			     vz_line_get_text(line));
}

static void on_change(struct vz_line *line, void *data)
{
	struct vz_daemon *daemon = data;

	vz_gpio_panel_update_soon(daemon->gpio_panel);
}

/* --- From the app --------------------------------------------------------------------------- */

static int on_followed(struct vz_call *call, void *data)
{
	struct vz_follow *follow = data;

	return vz_line_show(follow->line, vz_line_spec_find_blink(vz_line_get_spec(follow->line),
								  vz_call_input(call, 0)));
}

void vz_daemon_unfollow(struct vz_daemon *daemon)
{
	struct vz_follow *follow;

	while ((follow = daemon->follows)) {
		daemon->follows = follow->next;
		(void) vz_callback_free(follow->callback);
		free(follow);
	}
}

/* It may come with a plugin later: the page is made anew then, and this is asked again. */
static void note_absence(struct vz_daemon *daemon, struct vz_line *line)
{
	const struct vz_line_spec *spec = vz_line_get_spec(line);
	char note[160] = "";

	if (!vz_app_has_component(daemon->app, spec->follows_id))
		(void) snprintf(note, sizeof(note), "follows: %s is not on the page",
				spec->follows_id);
	if (*note && strcmp(vz_line_get_note(line), note) != 0)
		vz_log(GPIO, WARNING, "%s: %s", spec->name, note);
	vz_line_set_note(line, note);
}

static int follow_line(struct vz_daemon *daemon, struct vz_line *line)
{
	const struct vz_line_spec *line_spec = vz_line_get_spec(line);
	VZ_CLEANUP(vz_freep) struct vz_follow *follow = calloc(1, sizeof(*follow));
	VZ_CLEANUP(vz_freep) char *input = NULL;
	struct vz_callback_spec spec = { .service = VZ_SHARED, .fn = on_followed, .data = follow };
	int r;

	if (!follow ||
	    asprintf(&input, "%s.%s", line_spec->follows_id, line_spec->follows_property) < 0)
		return -ENOMEM;
	follow->line = line;
	spec.inputs = VZ_IDS(input);
	r = vz_app_add_callback(daemon->app, &spec, &follow->callback);
	if (r < 0) {
		vz_line_set_note(line, vz_app_last_error(daemon->app));
		vz_log(GPIO, WARNING, "%s cannot follow: %s", line_spec->name,
		       vz_app_last_error(daemon->app));
		return r == -ENOMEM ? r : 0;
	}
	follow->next = daemon->follows;
	daemon->follows = vz_steal(follow);
	note_absence(daemon, line);
	/* A callback without Outputs is not called when the app starts. */
	return vz_line_show(line,
			    vz_line_spec_find_blink(line_spec,
						    vz_app_get(daemon->app, line_spec->follows_id,
							       line_spec->follows_property)));
}

int vz_daemon_follow(struct vz_daemon *daemon)
{
	struct vz_line *line = NULL;
	int r = 0;

	vz_daemon_unfollow(daemon);
	while (r == 0 && (line = vz_gpio_next_line(daemon->gpio, line)))
		if (vz_line_get_state(line) != VZ_LINE_DISABLED &&
		    vz_line_get_spec(line)->follows_id)
			r = follow_line(daemon, line);
	return r;
}

/* --- Life ----------------------------------------------------------------------------------- */

static int make_panel(struct vz_daemon *daemon)
{
	const struct vz_gpio_panel_options options = {
		.loop = daemon->loop,
		.app = daemon->app,
		.gpio = daemon->gpio,
		.admin = daemon->config->admin,
	};

	return vz_gpio_panel_new(&options, &daemon->gpio_panel);
}

static bool has_line(struct vz_daemon *daemon, const char *name)
{
	struct vz_line *line = NULL;

	while ((line = vz_gpio_next_line(daemon->gpio, line)))
		if (!strcmp(vz_line_get_spec(line)->name, name))
			return true;
	return false;
}

/* Of the configuration, in its order, those that are not there yet. */
static int add_lines(struct vz_daemon *daemon)
{
	int r = 0;

	for (const struct vz_config_value *v = daemon->config->gpio_values; r == 0 && v;
	     v = v->next)
		if (vz_daemon_is_first_value(daemon->config, v) && !has_line(daemon, v->name))
			r = add_line(daemon, v);
	return r;
}

static void remove_changed(struct vz_daemon *daemon, const struct vz_config *before)
{
	struct vz_line *line = vz_gpio_next_line(daemon->gpio, NULL), *next;
	char section[64];

	for (; line; line = next) {
		next = vz_gpio_next_line(daemon->gpio, line);
		(void) snprintf(section, sizeof(section), "gpio %s", vz_line_get_spec(line)->name);
		if (vz_config_section_differs(daemon->config, before, section))
			(void) vz_gpio_remove_line(line);
	}
}

int vz_daemon_update_gpio(struct vz_daemon *daemon, const struct vz_config *before)
{
	int r, r_panel;

	vz_daemon_unfollow(daemon);
	daemon->gpio_panel = vz_gpio_panel_free(daemon->gpio_panel);
	remove_changed(daemon, before);
	r = add_lines(daemon);
	r_panel = make_panel(daemon);
	return r < 0 ? r : r_panel;
}

int vz_daemon_make_gpio(struct vz_daemon *daemon)
{
	const struct vz_gpio_options options = {
		.loop = daemon->loop,
		.on_gesture = on_gesture,
		.on_state = on_state,
		.on_change = on_change,
		.data = daemon,
	};
	int r;

	r = vz_gpio_new(&options, &daemon->gpio);
	if (r == 0)
		r = add_lines(daemon);
	return r < 0 ? r : make_panel(daemon);
}

void vz_daemon_free_gpio(struct vz_daemon *daemon)
{
	vz_daemon_unfollow(daemon);
	daemon->gpio_panel = vz_gpio_panel_free(daemon->gpio_panel);
	daemon->gpio = vz_gpio_free(daemon->gpio);
}

void vz_daemon_append_gpio_status(struct vz_buf *buf, struct vz_daemon *daemon)
{
	struct vz_line *line = NULL;
	const char *comma = "";

	vz_buf_puts(buf, ",\"lines\":{");
	while ((line = vz_gpio_next_line(daemon->gpio, line))) {
		struct vz_line_counts counts = vz_line_get_counts(line);

		/* Names are such that they need no escaping. */
		vz_buf_printf(buf,
			      "%s\"%s\":{\"state\":\"%s\",\"active\":%s,\"edges\":%" PRIu64
			      ",\"lost\":%" PRIu64 ",\"gestures\":%" PRIu64 ",\"drops\":%" PRIu64
			      "}",
			      comma, vz_line_get_spec(line)->name,
			      vz_line_state_name(vz_line_get_state(line)),
			      vz_line_is_active(line) ? "true" : "false", counts.edges, counts.lost,
			      counts.gestures, counts.drops);
		comma = ",";
	}
	vz_buf_putc(buf, '}');
}
