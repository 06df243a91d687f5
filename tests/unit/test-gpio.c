#include "gpio/gpio.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "gpio/backend.h"
#include "gpio/blink.h"
#include "gpio/line-spec.h"
#include "loop/loop-test.h"
#include "test.h"

/* --- A chip that comes and goes ------------------------------------------------------------- */

struct chip_line {
	struct vz_line_source source;
	const struct vz_line_sink *sink;
};

static struct {
	int open_r, get_r, set_r;
	unsigned n_opened, n_closed;
	bool is_debounced, level;
	struct chip_line *line;
} chip;

static const struct vz_gpio_backend chip_backend;

static int chip_open(struct vz_loop *loop, const struct vz_line_spec *spec, bool active,
		     const struct vz_line_sink *sink, struct vz_line_source **ret)
{
	chip.n_opened++;
	if (chip.open_r < 0)
		return chip.open_r;
	chip.line = calloc(1, sizeof(*chip.line));
	CHECK(chip.line);
	chip.line->source.backend = &chip_backend;
	chip.line->source.is_debounced = chip.is_debounced;
	chip.line->sink = sink;
	if (spec->is_output)
		chip.level = active;
	*ret = &chip.line->source;
	return 0;
}

static void chip_close(struct vz_line_source *source)
{
	chip.n_closed++;
	free(vz_container_of(source, struct chip_line, source));
	chip.line = NULL;
}

static int chip_get(struct vz_line_source *source)
{
	return chip.get_r < 0 ? chip.get_r : chip.level;
}

static int chip_set(struct vz_line_source *source, bool active)
{
	if (chip.set_r < 0)
		return chip.set_r;
	chip.level = active;
	return 0;
}

static const struct vz_gpio_backend chip_backend = {
	.open = chip_open,
	.close = chip_close,
	.get = chip_get,
	.set = chip_set,
};

static void chip_edge(bool active, int64_t at_us, uint32_t seqno)
{
	const struct vz_edge edge = { active, at_us, seqno };

	chip.level = active;
	chip.line->sink->edge(&edge, chip.line->sink->data);
}

/* --- The rig -------------------------------------------------------------------------------- */

static struct {
	struct vz_loop *loop;
	struct vz_gpio *gpio;
	struct vz_line *line;
	char gestures[128]; /* letters with the milliseconds since begin() */
	unsigned n_states, n_changes;
	int64_t start_us;
} rig;

static void on_gesture(struct vz_line *line, enum vz_gesture gesture, int64_t at_us, void *data)
{
	size_t n = strlen(rig.gestures);

	CHECK(line == rig.line);
	snprintf(rig.gestures + n, sizeof(rig.gestures) - n, "%c%d ", "PRLD"[gesture],
		 (int) ((at_us - rig.start_us) / 1000));
}

static void on_state(struct vz_line *line, void *data)
{
	rig.n_states++;
}

static void on_change(struct vz_line *line, void *data)
{
	rig.n_changes++;
}

static void end(void)
{
	rig.gpio = vz_gpio_free(rig.gpio);
	rig.loop = vz_loop_free(rig.loop);
	CHECK(!chip.line);
}

/* @keys: key, value, … , NULL */
static void begin(const char *const *keys)
{
	struct vz_line_spec *spec = NULL;
	struct vz_gpio_options options = {
		.devices = &chip_backend,
		.on_gesture = on_gesture,
		.on_state = on_state,
		.on_change = on_change,
	};
	const char *expected;

	memset(&chip, 0, sizeof(chip));
	memset(&rig, 0, sizeof(rig));
	CHECK_EQ(vz_loop_new_test(&rig.loop), 0);
	options.loop = rig.loop;
	rig.start_us = vz_loop_now_us(rig.loop);
	CHECK_EQ(vz_gpio_new(&options, &rig.gpio), 0);
	CHECK_EQ(vz_line_spec_new("line", &spec), 0);
	for (; *keys; keys += 2)
		CHECK_EQ(vz_line_spec_set(spec, keys[0], keys[1], &expected), 0);
	CHECK_EQ(vz_gpio_add_line(rig.gpio, spec, NULL), 0);
	rig.line = vz_gpio_next_line(rig.gpio, NULL);
	CHECK(rig.line && !vz_gpio_next_line(rig.gpio, rig.line));
}

#define BEGIN(...) begin((const char *const[]){ __VA_ARGS__, NULL })

static void wait_ms(int64_t ms)
{
	vz_loop_test_advance(rig.loop, ms * 1000);
}

/* --- Simulated lines ------------------------------------------------------------------------ */

TEST(gpio_simulated_press)
{
	BEGIN("chip", "simulated");
	CHECK_EQ(vz_line_get_state(rig.line), VZ_LINE_OPEN);
	CHECK_EQ(vz_line_move(rig.line, true), 0);
	CHECK(vz_line_is_moved(rig.line));
	wait_ms(4);
	CHECK(!vz_line_is_active(rig.line)); /* not from within the call, and debounced */
	CHECK_STR(rig.gestures, "");
	wait_ms(96);
	CHECK(vz_line_is_active(rig.line));
	CHECK_EQ(vz_line_move(rig.line, false), 0);
	wait_ms(1000);
	/* The stamps are those of the edges, not of when the debouncing was over. */
	CHECK_STR(rig.gestures, "P0 R100 ");
	CHECK_EQ(vz_line_get_counts(rig.line).edges, 2);
	CHECK_EQ(vz_line_get_counts(rig.line).lost, 0);
	end();
}

TEST(gpio_simulated_glitch)
{
	BEGIN("chip", "simulated");
	CHECK_EQ(vz_line_move(rig.line, true), 0);
	wait_ms(3);
	CHECK_EQ(vz_line_move(rig.line, false), 0);
	wait_ms(1000);
	CHECK_STR(rig.gestures, "");
	CHECK_EQ(vz_line_get_counts(rig.line).edges, 0);
	end();
}

TEST(gpio_simulated_long_and_double)
{
	BEGIN("chip", "simulated", "debounce_us", "0", "long_press_us", "500000");
	CHECK_EQ(vz_line_move(rig.line, true), 0);
	wait_ms(50);
	CHECK_EQ(vz_line_move(rig.line, false), 0);
	wait_ms(50);
	CHECK_EQ(vz_line_move(rig.line, true), 0);
	wait_ms(499);
	CHECK_STR(rig.gestures, "P0 R50 P100 D100 ");
	wait_ms(1);
	CHECK_STR(rig.gestures, "P0 R50 P100 D100 L600 ");
	end();
}

/* The release is known only after the debouncing, but was before the long press. */
TEST(gpio_release_just_before_long_press)
{
	BEGIN("chip", "simulated", "debounce_us", "20000", "long_press_us", "500000");
	CHECK_EQ(vz_line_move(rig.line, true), 0);
	wait_ms(495);
	CHECK_EQ(vz_line_move(rig.line, false), 0);
	wait_ms(1000);
	CHECK_STR(rig.gestures, "P0 R495 ");
	end();
}

TEST(gpio_simulated_loses_like_the_kernel)
{
	BEGIN("chip", "simulated", "debounce_us", "0");
	for (unsigned i = 0; i < 20; i++)
		CHECK_EQ(vz_line_move(rig.line, i % 2 == 0), 0);
	wait_ms(1);
	CHECK_EQ(vz_line_get_counts(rig.line).lost, 4);
	CHECK_EQ(vz_line_get_counts(rig.line).edges, 16);
	CHECK(!vz_line_is_active(rig.line));
	end();
}

TEST(gpio_edges_of_one_direction)
{
	BEGIN("chip", "simulated", "debounce_us", "0", "edge", "falling");
	CHECK_EQ(vz_line_move(rig.line, true), 0);
	wait_ms(10);
	CHECK_EQ(vz_line_move(rig.line, false), 0);
	wait_ms(10);
	CHECK_STR(rig.gestures, "R10 ");
	CHECK_EQ(vz_line_get_counts(rig.line).edges, 1);
	end();
}

TEST(gpio_what_cannot_be_asked)
{
	BEGIN("chip", "simulated");
	CHECK_EQ(vz_line_show(rig.line, vz_blink_find("on")), -EPERM);
	CHECK_EQ(vz_line_hold(rig.line, NULL), -EPERM);
	CHECK(!vz_line_get_blink(rig.line));
	end();
	BEGIN("chip", "simulated", "direction", "output");
	CHECK_EQ(vz_line_move(rig.line, true), -EPERM);
	end();
	BEGIN("line", "3", "chip", "x");
	CHECK_EQ(vz_line_move(rig.line, true), -EPERM);
	end();
}

/* --- Outputs -------------------------------------------------------------------------------- */

TEST(gpio_output_blinks)
{
	BEGIN("line", "3", "chip", "x", "direction", "output", "initial", "on");
	CHECK(chip.level && vz_line_is_active(rig.line));
	CHECK_EQ(vz_line_show(rig.line, vz_blink_find("fast")), 0);
	for (unsigned i = 0; i < 8; i++) {
		CHECK_EQ(chip.level, i % 2 == 0);
		wait_ms(124);
		CHECK_EQ(chip.level, i % 2 == 0);
		wait_ms(1);
	}
	CHECK_EQ(vz_line_show(rig.line, NULL), 0);
	CHECK(!chip.level);
	wait_ms(10000);
	CHECK(!chip.level && !vz_line_is_active(rig.line));
	end();
}

/* The same again does not start the pattern anew, or a property that is set often would stop it. */
TEST(gpio_output_same_again)
{
	BEGIN("line", "3", "chip", "x", "direction", "output");
	for (unsigned i = 0; i < 10; i++) {
		CHECK_EQ(vz_line_show(rig.line, vz_blink_find("blink")), 0);
		CHECK_EQ(chip.level, i < 5);
		wait_ms(100);
	}
	end();
}

TEST(gpio_output_held)
{
	BEGIN("line", "3", "chip", "x", "direction", "output");
	CHECK_EQ(vz_line_show(rig.line, vz_blink_find("on")), 0);
	CHECK_EQ(vz_line_hold(rig.line, vz_blink_find("off")), 0);
	CHECK(!chip.level && vz_line_is_held(rig.line));
	CHECK_EQ(vz_line_show(rig.line, vz_blink_find("fast")), 0);
	wait_ms(1000);
	CHECK(!chip.level);
	CHECK_EQ(vz_line_hold(rig.line, NULL), 0);
	CHECK(chip.level && !vz_line_is_held(rig.line));
	CHECK_STR(vz_line_get_blink(rig.line)->name, "fast");
	end();
}

TEST(gpio_output_of_a_chip_that_goes)
{
	BEGIN("line", "3", "chip", "x", "direction", "output", "initial", "on");
	chip.set_r = -ENODEV;
	chip.open_r = -ENOENT;
	CHECK_EQ(vz_line_show(rig.line, NULL), 0);
	CHECK_EQ(vz_line_get_state(rig.line), VZ_LINE_MISSING);
	/* What is wanted meanwhile is what it shows when it is back. */
	CHECK_EQ(vz_line_show(rig.line, vz_blink_find("on")), 0);
	wait_ms(10000);
	chip.set_r = chip.open_r = 0;
	chip.level = false;
	wait_ms(2000);
	CHECK_EQ(vz_line_get_state(rig.line), VZ_LINE_OPEN);
	CHECK(chip.level && vz_line_is_active(rig.line));
	end();
}

/* --- Chips ---------------------------------------------------------------------------------- */

TEST(gpio_kernel_debounces)
{
	BEGIN("line", "3", "chip", "x");
	CHECK_EQ(chip.n_opened, 1);
	end();
	BEGIN("line", "3", "chip", "x", "debounce_us", "50000");
	chip.line->sink->gone(-ENODEV, chip.line->sink->data);
	chip.is_debounced = true;
	wait_ms(2000);
	/* As it comes, without waiting: the stamps are the kernel's. */
	chip_edge(true, rig.start_us + 2001000, 1);
	CHECK_STR(rig.gestures, "P2001 ");
	end();
}

TEST(gpio_lost_edges)
{
	BEGIN("line", "3", "chip", "x", "debounce_us", "0");
	chip_edge(true, rig.start_us + 1000, 1);
	chip_edge(false, rig.start_us + 2000, 2);
	CHECK_EQ(vz_line_get_counts(rig.line).lost, 0);
	chip_edge(true, rig.start_us + 3000, 7);
	CHECK_EQ(vz_line_get_counts(rig.line).lost, 4);
	chip_edge(true, rig.start_us + 4000, 9); /* the one down between them */
	CHECK_EQ(vz_line_get_counts(rig.line).lost, 5);
	CHECK_STR(rig.gestures, "P1 R2 P3 D3 ");
	end();
}

TEST(gpio_seqno_wraps)
{
	BEGIN("line", "3", "chip", "x", "debounce_us", "0");
	chip_edge(true, rig.start_us + 1000, 1);
	chip_edge(false, rig.start_us + 2000, UINT32_MAX);
	chip_edge(true, rig.start_us + 3000, 0);
	chip_edge(false, rig.start_us + 4000, 1);
	CHECK_EQ(vz_line_get_counts(rig.line).lost, (uint64_t) UINT32_MAX - 2);
	end();
}

TEST(gpio_input_of_a_chip_that_goes)
{
	unsigned n_states;

	BEGIN("line", "3", "chip", "x", "debounce_us", "0");
	chip_edge(true, rig.start_us + 1000, 1);
	CHECK(vz_line_is_active(rig.line));
	chip.open_r = -ENOENT;
	n_states = rig.n_states;
	chip.line->sink->gone(-ENODEV, chip.line->sink->data);
	CHECK_EQ(vz_line_get_state(rig.line), VZ_LINE_MISSING);
	CHECK(strstr(vz_line_get_text(rig.line), "there is no GPIO chip x now"));
	CHECK(!vz_line_is_active(rig.line));
	CHECK_EQ(vz_line_move(rig.line, true), -ENODEV);
	/* Looked for every two seconds; said once. */
	wait_ms(10000);
	CHECK_EQ(chip.n_opened, 6);
	CHECK(rig.n_states <= n_states + 2);
	chip.open_r = 0;
	chip.level = true; /* held while it comes back: no press */
	wait_ms(2000);
	CHECK_EQ(vz_line_get_state(rig.line), VZ_LINE_OPEN);
	CHECK_STR(vz_line_get_text(rig.line), "");
	CHECK_EQ(vz_line_get_counts(rig.line).drops, 1);
	chip_edge(false, vz_loop_now_us(rig.loop), 1);
	chip_edge(true, vz_loop_now_us(rig.loop), 2);
	CHECK_EQ(vz_line_get_counts(rig.line).lost, 0);
	CHECK_STR(rig.gestures, "P1 R12000 P12000 ");
	end();
}

/* A chip that says nothing when it goes is found out. */
TEST(gpio_chip_that_goes_silently)
{
	BEGIN("line", "3", "chip", "x");
	chip.get_r = -ENODEV;
	wait_ms(2000);
	CHECK_EQ(vz_line_get_state(rig.line), VZ_LINE_MISSING);
	CHECK_EQ(chip.n_closed, chip.n_opened);
	end();
}

TEST(gpio_why_it_is_missing)
{
	static const struct {
		int r;
		const char *text;
	} cases[] = {
		{ -ENXIO, "there is not the line named 'GPIO99' of x" },
		{ -EBUSY,
		  "the line named 'GPIO99' of x is in use by the kernel or another program" },
		{ -EACCES, "the line named 'GPIO99' of x: Permission denied" },
		{ -EOPNOTSUPP, "built without libgpiod" },
	};

	BEGIN("line", "GPIO99", "chip", "x");
	chip.get_r = -EIO;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		chip.open_r = cases[i].r;
		wait_ms(4000);
		CHECK_EQ(vz_line_get_state(rig.line), VZ_LINE_MISSING);
		CHECK_STR(vz_line_get_text(rig.line), cases[i].text);
	}
	end();
}

TEST(gpio_disabled_line)
{
	struct vz_line_spec *spec = NULL;
	struct vz_line *line;

	BEGIN("chip", "simulated");
	CHECK_EQ(vz_line_spec_new("line", &spec), 0);
	CHECK_EQ(vz_gpio_add_line(rig.gpio, spec, NULL), -EEXIST);
	CHECK_EQ(vz_line_spec_new("bad", &spec), 0);
	CHECK_EQ(vz_gpio_add_line(rig.gpio, spec, "x.conf:3: no"), 0);
	line = vz_gpio_next_line(rig.gpio, rig.line);
	CHECK(line);
	CHECK_EQ(vz_line_get_state(line), VZ_LINE_DISABLED);
	CHECK_STR(vz_line_get_text(line), "x.conf:3: no");
	CHECK_EQ(vz_line_move(line, true), -ENODEV);
	wait_ms(10000);
	CHECK_EQ(vz_line_get_state(line), VZ_LINE_DISABLED);
	CHECK_EQ(vz_line_get_state(rig.line), VZ_LINE_OPEN);
	end();
}

/* This machine's own chips, of which there may be none: a name that no line has. */
TEST(gpio_real_devices)
{
	struct vz_gpio_options options = { .loop = NULL };
	VZ_CLEANUP(vz_loop_freep) struct vz_loop *loop = NULL;
	struct vz_line_spec *spec = NULL;
	struct vz_gpio *gpio = NULL;
	struct vz_line *line;
	const char *expected;

	CHECK_EQ(vz_loop_new_test(&loop), 0);
	options.loop = loop;
	CHECK_EQ(vz_gpio_new(&options, &gpio), 0);
	CHECK_EQ(vz_line_spec_new("nowhere", &spec), 0);
	CHECK_EQ(vz_line_spec_set(spec, "line", "no such line", &expected), 0);
	CHECK_EQ(vz_gpio_add_line(gpio, spec, NULL), 0);
	line = vz_gpio_next_line(gpio, NULL);
	CHECK_EQ(vz_line_get_state(line), VZ_LINE_MISSING);
	CHECK(vz_line_get_text(line)[0]);
	vz_loop_test_advance(loop, 5000000);
	CHECK_EQ(vz_line_get_state(line), VZ_LINE_MISSING);
	(void) vz_gpio_free(gpio);
}
