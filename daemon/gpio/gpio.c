#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "gpio/gpio-private.h"
#include "gpio/line-spec.h"
#include "loop/loop.h"

#define CHECK_US 2000000

static void on_check(void *data)
{
	struct vz_gpio *gpio = data;
	struct vz_line *line;

	vz_list_for_each(line, &gpio->lines, in_gpio) vz_line_check(line);
	vz_timer_start(gpio->check, CHECK_US);
}

int vz_gpio_new(const struct vz_gpio_options *options, struct vz_gpio **ret)
{
	VZ_CLEANUP(vz_gpio_freep) struct vz_gpio *gpio = calloc(1, sizeof(*gpio));
	int r;

	if (!gpio)
		return -ENOMEM;
	gpio->options = *options;
	if (!gpio->options.devices)
		gpio->options.devices = &vz_gpio_devices;
	vz_list_init(&gpio->lines);
	r = vz_timer_new(options->loop, on_check, gpio, &gpio->check);
	if (r < 0)
		return r;
	*ret = vz_steal(gpio);
	return 0;
}

struct vz_gpio *vz_gpio_free(struct vz_gpio *gpio)
{
	struct vz_line *line, *next;

	if (!gpio)
		return NULL;
	vz_list_for_each_safe(line, next, &gpio->lines, in_gpio)
	{
		(void) vz_gpio_remove_line(line);
	}
	gpio->check = vz_timer_free(gpio->check);
	free(gpio);
	return NULL;
}

struct vz_line *vz_gpio_remove_line(struct vz_line *line)
{
	if (!line)
		return NULL;
	vz_list_remove(&line->in_gpio);
	return vz_line_free(line);
}

static bool has_line(struct vz_gpio *gpio, const char *name)
{
	struct vz_line *line;

	vz_list_for_each(line, &gpio->lines,
			 in_gpio) if (!strcmp(line->spec->name, name)) return true;
	return false;
}

int vz_gpio_add_line(struct vz_gpio *gpio, struct vz_line_spec *spec, const char *error)
{
	struct vz_line *line;
	int r;

	if (has_line(gpio, spec->name)) {
		(void) vz_line_spec_free(spec);
		return -EEXIST;
	}
	r = vz_line_new(gpio, spec, error, &line);
	if (r < 0)
		return r;
	vz_list_add(&gpio->lines, &line->in_gpio);
	vz_line_check(line);
	if (line->state != VZ_LINE_DISABLED && !vz_timer_is_running(gpio->check))
		vz_timer_start(gpio->check, CHECK_US);
	return 0;
}

struct vz_line *vz_gpio_next_line(struct vz_gpio *gpio, struct vz_line *line)
{
	struct vz_list *next = line ? line->in_gpio.next : gpio->lines.next;

	return next == &gpio->lines ? NULL : vz_list_entry(next, struct vz_line, in_gpio);
}
