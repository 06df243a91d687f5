/*
 * A line from the inside, for line.c and gpio.c.
 */
#pragma once

#include "gpio/backend.h"
#include "gpio/binding.h"
#include "gpio/debounce.h"
#include "gpio/gpio.h"
#include "util/list.h"

struct vz_line {
	struct vz_gpio *gpio;
	struct vz_list in_gpio;
	struct vz_line_spec *spec;
	enum vz_line_state state;
	char *error; /* of the configuration */
	int open_r;  /* why it is missing */
	char note[160];
	char text[192]; /* the same in words */

	const struct vz_gpio_backend *backend;
	struct vz_line_sink sink;
	struct vz_line_source *source; /* NULL unless open */
	struct vz_timer *timer;	       /* of the thresholds, or of the pattern */
	bool is_active;
	struct vz_line_counts counts;

	/* An input. */
	struct vz_debounce debounce;
	struct vz_binding binding;
	bool has_seqno, is_moved, has_last;
	uint32_t seqno;
	enum vz_gesture last_gesture;
	int64_t last_us;

	/* An output. */
	const struct vz_blink *shown, *held; /* held: NULL unless it is */
	int64_t shown_us;		     /* since when it shows what it shows */
};

struct vz_gpio {
	struct vz_gpio_options options;
	struct vz_list lines;
	struct vz_timer *check;
};

/* Takes @spec, also on failure. Returns 0 or -ENOMEM. */
int vz_line_new(struct vz_gpio *gpio, struct vz_line_spec *spec, const char *error,
		struct vz_line **ret);
struct vz_line *vz_line_free(struct vz_line *line);
/* Opens what is missing, and finds out whether what is open has gone. */
void vz_line_check(struct vz_line *line);
