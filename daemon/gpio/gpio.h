/*
 * Lines: inputs that people press and outputs that show something, each by the name that the
 * configuration gives it. What a chip does is a state of its lines: one that is missing or goes is
 * looked for again every few seconds.
 *
 * Thread: loop. Owned by the daemon; a line belongs to its set. Logs nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gpio/binding.h"
#include "util/cleanup.h"

struct vz_blink;
struct vz_gpio;
struct vz_gpio_backend;
struct vz_line;
struct vz_line_spec;
struct vz_loop;

enum vz_line_state {
	VZ_LINE_OPEN,
	VZ_LINE_MISSING,  /* cannot be had now; vz_line_get_text() says why */
	VZ_LINE_DISABLED, /* its configuration is wrong; the text says where */
};

struct vz_gpio_options {
	struct vz_loop *loop;
	const struct vz_gpio_backend *devices; /* NULL: those of this machine */
	/* An input's gesture that its edges report. @at_us is CLOCK_MONOTONIC. */
	void (*on_gesture)(struct vz_line *line, enum vz_gesture gesture, int64_t at_us,
			   void *data);
	/* The state is another. */
	void (*on_state)(struct vz_line *line, void *data);
	/* Anything that can be read of it is another: often, so that one should only take a note.
	 */
	void (*on_change)(struct vz_line *line, void *data);
	void *data;
};

/* What a line has counted since the start. */
struct vz_line_counts {
	uint64_t edges; /* that count: debounced, and of the direction that is configured */
	uint64_t lost;	/* that the kernel had and nobody saw */
	uint64_t gestures;
	uint64_t drops; /* how often its chip went */
};

/* @options is copied. Returns 0 or a negative errno. */
int vz_gpio_new(const struct vz_gpio_options *options, struct vz_gpio **ret);
/* Lets go of all lines. Takes NULL; returns NULL. */
struct vz_gpio *vz_gpio_free(struct vz_gpio *gpio);
VZ_DEFINE_CLEANUP(vz_gpio_free, struct vz_gpio *, vz_gpio_free)

/*
 * Adds a line and tries to open it; that it is missing is no failure. With @error, copied, it is
 * disabled, for that reason. Takes @spec, also on failure. Returns 0, -EEXIST or -ENOMEM.
 */
int vz_gpio_add_line(struct vz_gpio *gpio, struct vz_line_spec *spec, const char *error);
/* Lets go of it. Takes NULL; returns NULL. Not from one of its own functions. */
struct vz_line *vz_gpio_remove_line(struct vz_line *line);
/* Walks the lines in the order in which they came; start with NULL. */
struct vz_line *vz_gpio_next_line(struct vz_gpio *gpio, struct vz_line *line);

const struct vz_line_spec *vz_line_get_spec(const struct vz_line *line);
enum vz_line_state vz_line_get_state(const struct vz_line *line);
const char *vz_line_state_name(enum vz_line_state state);
/* Why it is not open; "" when it is. Borrowed until the state changes. */
const char *vz_line_get_text(const struct vz_line *line);
/* The level that counts, as active. */
bool vz_line_is_active(const struct vz_line *line);
/* The level now, asked of the chip, before debouncing: 1 is active. Returns 0, 1 or a negative
 * errno. */
int vz_line_read(struct vz_line *line);
struct vz_line_counts vz_line_get_counts(const struct vz_line *line);
/* The last gesture of an input; false when there was none. */
bool vz_line_get_last(const struct vz_line *line, enum vz_gesture *ret_gesture, int64_t *ret_at_us);

/*
 * What its user has to say of it, such as what was wrong with the last press; "" is nothing. It is
 * kept as far as it fits.
 */
void vz_line_set_note(struct vz_line *line, const char *note);
const char *vz_line_get_note(const struct vz_line *line);

/* Moves an input that is simulated; its edge comes from the loop. Returns 0, -EPERM (it is not) or
 * -ENODEV (it is not open). */
int vz_line_move(struct vz_line *line, bool active);
/* Where a simulated input is, before debouncing. */
bool vz_line_is_moved(const struct vz_line *line);
/*
 * What an output shows of what it follows; it is shown unless it is held. NULL is off. Returns 0 or
 * -EPERM (an input).
 */
int vz_line_show(struct vz_line *line, const struct vz_blink *blink);
/* What a person wants an output to show whatever it follows; NULL lets go. As vz_line_show(). */
int vz_line_hold(struct vz_line *line, const struct vz_blink *blink);
bool vz_line_is_held(const struct vz_line *line);
/* What an output shows; NULL for an input. */
const struct vz_blink *vz_line_get_blink(const struct vz_line *line);
