/*
 * Lines of devices, through libgpiod 2: the one file that knows its types. Each line is a request
 * of its own, so that one that somebody else holds keeps no other from working.
 */
#include <errno.h>
#include <glob.h>
#include <gpiod.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "gpio/backend.h"
#include "gpio/line-spec.h"
#include "loop/loop.h"

#define MAX_WAITING 64 /* edges that the kernel keeps for us: a contact bounces a dozen times */

VZ_DEFINE_CLEANUP(chip_close, struct gpiod_chip *, gpiod_chip_close)
VZ_DEFINE_CLEANUP(chip_info_free, struct gpiod_chip_info *, gpiod_chip_info_free)
VZ_DEFINE_CLEANUP(line_info_free, struct gpiod_line_info *, gpiod_line_info_free)
VZ_DEFINE_CLEANUP(settings_free, struct gpiod_line_settings *, gpiod_line_settings_free)
VZ_DEFINE_CLEANUP(line_config_free, struct gpiod_line_config *, gpiod_line_config_free)
VZ_DEFINE_CLEANUP(request_config_free, struct gpiod_request_config *, gpiod_request_config_free)

struct device_line {
	struct vz_line_source source;
	const struct vz_line_sink *sink;
	struct gpiod_line_request *request;
	struct gpiod_edge_event_buffer *events;
	struct vz_fd_source *fd_source;
	unsigned offset;
};

static struct device_line *device_line_of(struct vz_line_source *source)
{
	return vz_container_of(source, struct device_line, source);
}

/* libgpiod says -1 and leaves the rest in errno, which some drivers forget. */
static int failed(void)
{
	return errno ? -errno : -EIO;
}

/* --- Which line ----------------------------------------------------------------------------- */

static bool is_chip(struct gpiod_chip *chip, const char *wanted)
{
	VZ_CLEANUP(chip_info_freep) struct gpiod_chip_info *info = gpiod_chip_get_info(chip);

	return info && (!strcmp(gpiod_chip_info_get_label(info), wanted) ||
			!strcmp(gpiod_chip_info_get_name(info), wanted));
}

/* Returns the offset in @chip, or -ENXIO. */
static int find_offset(struct gpiod_chip *chip, const struct vz_line_spec *spec)
{
	VZ_CLEANUP(chip_info_freep) struct gpiod_chip_info *info = NULL;
	int offset;

	if (spec->line_name) {
		offset = gpiod_chip_get_line_offset_from_name(chip, spec->line_name);
		return offset < 0 ? -ENXIO : offset;
	}
	info = gpiod_chip_get_info(chip);
	if (!info)
		return failed();
	return spec->offset < gpiod_chip_info_get_num_lines(info) ? (int) spec->offset : -ENXIO;
}

/* Tries one device. Returns the offset, -ENOENT (another chip) or -ENXIO, the best of errors. */
static int try_chip(const char *path, const struct vz_line_spec *spec, bool is_path,
		    struct gpiod_chip **ret)
{
	VZ_CLEANUP(chip_closep) struct gpiod_chip *chip = NULL;
	int r;

	errno = 0;
	chip = gpiod_chip_open(path);
	if (!chip)
		return failed();
	if (spec->chip && !is_path && !is_chip(chip, spec->chip))
		return -ENOENT;
	r = find_offset(chip, spec);
	if (r >= 0)
		*ret = vz_steal(chip);
	return r;
}

/* What is worth telling when no chip fits: that one may not be opened rather than that none is. */
static int worse(int r, int other)
{
	return r == -ENOENT ? other : r;
}

static int find_line(const struct vz_line_spec *spec, struct gpiod_chip **ret)
{
	glob_t found;
	int r = -ENOENT, one;

	if (spec->chip && *spec->chip == '/')
		return try_chip(spec->chip, spec, true, ret);
	if (glob("/dev/gpiochip*", 0, NULL, &found))
		return -ENOENT;
	for (size_t i = 0; r < 0 && i < found.gl_pathc; i++) {
		one = try_chip(found.gl_pathv[i], spec, false, ret);
		r = one >= 0 ? one : worse(r, one);
	}
	globfree(&found);
	return r;
}

/* --- Taking it ------------------------------------------------------------------------------ */

static enum gpiod_line_bias bias_of(const struct vz_line_spec *spec)
{
	switch (spec->bias) {
	case VZ_BIAS_DISABLED:
		return GPIOD_LINE_BIAS_DISABLED;
	case VZ_BIAS_PULL_UP:
		return GPIOD_LINE_BIAS_PULL_UP;
	case VZ_BIAS_PULL_DOWN:
		return GPIOD_LINE_BIAS_PULL_DOWN;
	default:
		return GPIOD_LINE_BIAS_AS_IS;
	}
}

static int fill_settings(struct gpiod_line_settings *settings, const struct vz_line_spec *spec,
			 bool active, bool with_debounce)
{
	int r;

	gpiod_line_settings_set_active_low(settings, spec->active_low);
	r = gpiod_line_settings_set_bias(settings, bias_of(spec));
	if (r == 0 && spec->is_output) {
		r = gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
		if (r == 0)
			r = gpiod_line_settings_set_output_value(
				settings,
				active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
	} else if (r == 0) {
		r = gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
		if (r == 0)
			r = gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
		if (r == 0)
			r = gpiod_line_settings_set_event_clock(settings,
								GPIOD_LINE_CLOCK_MONOTONIC);
		if (with_debounce)
			gpiod_line_settings_set_debounce_period_us(settings, (unsigned long) spec
										     ->debounce_us);
	}
	return r < 0 ? failed() : 0;
}

static int request(struct device_line *line, struct gpiod_chip *chip,
		   const struct vz_line_spec *spec, bool active, bool with_debounce)
{
	VZ_CLEANUP(settings_freep) struct gpiod_line_settings *settings = NULL;
	VZ_CLEANUP(line_config_freep) struct gpiod_line_config *lines = NULL;
	VZ_CLEANUP(request_config_freep) struct gpiod_request_config *config = NULL;
	int r;

	settings = gpiod_line_settings_new();
	lines = gpiod_line_config_new();
	config = gpiod_request_config_new();
	if (!settings || !lines || !config)
		return -ENOMEM;
	errno = 0;
	r = fill_settings(settings, spec, active, with_debounce);
	if (r < 0)
		return r;
	gpiod_request_config_set_consumer(config, "vizyd");
	gpiod_request_config_set_event_buffer_size(config, MAX_WAITING);
	if (gpiod_line_config_add_line_settings(lines, &line->offset, 1, settings) < 0)
		return failed();
	line->request = gpiod_chip_request_lines(chip, config, lines);
	return line->request ? 0 : failed();
}

/* Linux debounces what the hardware does not, but not always did, nor on every kind of chip. */
static int request_debounced(struct device_line *line, struct gpiod_chip *chip,
			     const struct vz_line_spec *spec, bool active)
{
	VZ_CLEANUP(line_info_freep) struct gpiod_line_info *info = NULL;
	bool with_debounce = !spec->is_output && spec->debounce_us > 0;
	int r;

	r = request(line, chip, spec, active, with_debounce);
	if (with_debounce && (r == -EINVAL || r == -EOPNOTSUPP))
		r = request(line, chip, spec, active, false);
	if (r < 0)
		return r;
	info = gpiod_chip_get_line_info(chip, line->offset);
	line->source.is_debounced = info && gpiod_line_info_is_debounced(info);
	return 0;
}

/* --- While it is open ----------------------------------------------------------------------- */

static void tell_edge(struct device_line *line, struct gpiod_edge_event *event)
{
	const struct vz_edge edge = {
		.active = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE,
		.at_us = (int64_t) (gpiod_edge_event_get_timestamp_ns(event) / 1000),
		.seqno = (uint32_t) gpiod_edge_event_get_line_seqno(event),
	};

	line->sink->edge(&edge, line->sink->data);
}

/* Also when the chip has gone, which makes the descriptor readable and reading fail. */
static void on_readable(int fd, void *data)
{
	struct device_line *line = data;
	int n;

	errno = 0;
	n = gpiod_line_request_read_edge_events(line->request, line->events, MAX_WAITING);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0) {
		line->sink->gone(failed(), line->sink->data);
		return;
	}
	for (int i = 0; i < n; i++)
		tell_edge(line, gpiod_edge_event_buffer_get_event(line->events, (unsigned long) i));
}

static void device_close(struct vz_line_source *source)
{
	struct device_line *line = device_line_of(source);

	line->fd_source = vz_fd_source_free(line->fd_source);
	if (line->events)
		gpiod_edge_event_buffer_free(line->events);
	if (line->request)
		gpiod_line_request_release(line->request);
	free(line);
}

/* An output has no edges to wait for: that its chip has gone shows when it is set or read. */
static int watch(struct device_line *line, struct vz_loop *loop)
{
	line->events = gpiod_edge_event_buffer_new(MAX_WAITING);
	if (!line->events)
		return -ENOMEM;
	return vz_loop_add_fd(loop, gpiod_line_request_get_fd(line->request), on_readable, line,
			      &line->fd_source);
}

static int device_open(struct vz_loop *loop, const struct vz_line_spec *spec, bool active,
		       const struct vz_line_sink *sink, struct vz_line_source **ret)
{
	VZ_CLEANUP(chip_closep) struct gpiod_chip *chip = NULL;
	struct device_line *line;
	int r;

	r = find_line(spec, &chip);
	if (r < 0)
		return r;
	line = calloc(1, sizeof(*line));
	if (!line)
		return -ENOMEM;
	line->source.backend = &vz_gpio_devices;
	line->sink = sink;
	line->offset = (unsigned) r;
	r = request_debounced(line, chip, spec, active);
	if (r == 0 && !spec->is_output)
		r = watch(line, loop);
	if (r < 0) {
		device_close(&line->source);
		return r;
	}
	*ret = &line->source;
	return 0;
}

static int device_get(struct vz_line_source *source)
{
	struct device_line *line = device_line_of(source);
	enum gpiod_line_value value;

	errno = 0;
	value = gpiod_line_request_get_value(line->request, line->offset);
	if (value == GPIOD_LINE_VALUE_ERROR)
		return failed();
	return value == GPIOD_LINE_VALUE_ACTIVE;
}

static int device_set(struct vz_line_source *source, bool active)
{
	struct device_line *line = device_line_of(source);
	int r;

	errno = 0;
	r = gpiod_line_request_set_value(line->request, line->offset,
					 active ? GPIOD_LINE_VALUE_ACTIVE
						: GPIOD_LINE_VALUE_INACTIVE);
	return r < 0 ? failed() : 0;
}

const struct vz_gpio_backend vz_gpio_devices = {
	.open = device_open,
	.close = device_close,
	.get = device_get,
	.set = device_set,
};
