#include "gpio/binding.h"

#include <stdio.h>

#include "test.h"

#define MAX 16
#define MS  1000

static const struct vz_thresholds usual = { 0, 0, 800 * MS, 400 * MS };

/* "+" and "-" are levels, "." a tick, in milliseconds; gestures come out as letters with theirs. */
static const struct {
	const char *label;
	struct vz_thresholds thresholds;
	struct {
		char what;
		int at_ms;
	} in[MAX];
	const char *out;
} cases[] = {
	{ "a press and a release", usual, { { '+', 10 }, { '-', 110 } }, "P10 R110 " },
	{ "the same level twice",
	  usual,
	  { { '+', 10 }, { '+', 20 }, { '-', 30 }, { '-', 40 } },
	  "P10 R30 " },
	{ "held: long at the threshold",
	  usual,
	  { { '+', 10 }, { '.', 809 }, { '.', 810 }, { '.', 5000 }, { '-', 5001 } },
	  "P10 L810 R5001 " },
	{ "long, though the tick came late",
	  usual,
	  { { '+', 10 }, { '-', 2000 } },
	  "P10 L810 R2000 " },
	{ "released just before",
	  usual,
	  { { '+', 10 }, { '-', 809 }, { '.', 5000 } },
	  "P10 R809 " },
	{ "double",
	  usual,
	  { { '+', 0 }, { '-', 50 }, { '+', 400 }, { '-', 450 } },
	  "P0 R50 P400 D400 R450 " },
	{ "too late for a double",
	  usual,
	  { { '+', 0 }, { '-', 50 }, { '+', 401 } },
	  "P0 R50 P401 " },
	{ "three are one double, four are two",
	  usual,
	  { { '+', 0 },
	    { '-', 50 },
	    { '+', 100 },
	    { '-', 150 },
	    { '+', 200 },
	    { '-', 250 },
	    { '+', 300 } },
	  "P0 R50 P100 D100 R150 P200 R250 P300 D300 " },
	{ "the second of a double is held",
	  usual,
	  { { '+', 0 }, { '-', 50 }, { '+', 100 }, { '.', 900 } },
	  "P0 R50 P100 D100 L900 " },
	{ "a press has to last",
	  { 50 * MS, 0, 800 * MS, 400 * MS },
	  { { '+', 0 }, { '-', 49 }, { '+', 100 }, { '.', 149 }, { '.', 150 }, { '-', 160 } },
	  "P150 R160 " },
	{ "a long press counts from the edge",
	  { 50 * MS, 0, 800 * MS, 400 * MS },
	  { { '+', 0 }, { '.', 50 }, { '.', 800 } },
	  "P50 L800 " },
	{ "a release has to last",
	  { 0, 30 * MS, 800 * MS, 400 * MS },
	  { { '+', 0 }, { '-', 100 }, { '+', 120 }, { '-', 200 }, { '.', 229 }, { '.', 230 } },
	  "P0 R230 " },
	{ "held on through a short release, it is long",
	  { 0, 30 * MS, 800 * MS, 400 * MS },
	  { { '+', 0 }, { '-', 100 }, { '+', 120 }, { '.', 800 } },
	  "P0 L800 " },
	{ "a long press that is shorter than a press comes after it",
	  { 50 * MS, 0, 20 * MS, 0 },
	  { { '+', 0 }, { '.', 100 } },
	  "P50 L20 " },
};

struct output {
	char text[256];
};

static void on_gesture(enum vz_gesture gesture, int64_t at_us, void *data)
{
	struct output *output = data;
	size_t n = strlen(output->text);

	snprintf(output->text + n, sizeof(output->text) - n, "%c%d ", "PRLD"[gesture],
		 (int) (at_us / MS));
}

TEST(binding_table)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct output output = { "" };
		struct vz_binding binding;

		test_case(cases[i].label);
		vz_binding_init(&binding, &cases[i].thresholds, false);
		for (unsigned k = 0; k < MAX && cases[i].in[k].what; k++) {
			int64_t at_us = (int64_t) cases[i].in[k].at_ms * MS;

			if (cases[i].in[k].what == '.')
				vz_binding_tick(&binding, at_us, on_gesture, &output);
			else
				vz_binding_feed(&binding, cases[i].in[k].what == '+', at_us,
						on_gesture, &output);
		}
		CHECK_STR(output.text, cases[i].out);
	}
	test_case(NULL);
}

TEST(binding_held_when_first_seen)
{
	struct output output = { "" };
	struct vz_binding binding;

	vz_binding_init(&binding, &usual, true);
	CHECK_EQ(vz_binding_deadline_us(&binding), INT64_MAX);
	vz_binding_tick(&binding, 10000 * MS, on_gesture, &output);
	CHECK_STR(output.text, "");
	vz_binding_feed(&binding, false, 10001 * MS, on_gesture, &output);
	vz_binding_feed(&binding, true, 10002 * MS, on_gesture, &output);
	CHECK_STR(output.text, "R10001 P10002 ");
}

TEST(binding_says_when_to_tick)
{
	const struct vz_thresholds thresholds = { 10, 20, 100, 0 };
	struct output output = { "" };
	struct vz_binding binding;

	vz_binding_init(&binding, &thresholds, false);
	CHECK_EQ(vz_binding_deadline_us(&binding), INT64_MAX);
	vz_binding_feed(&binding, true, 1000, on_gesture, &output);
	CHECK_EQ(vz_binding_deadline_us(&binding), 1010);
	vz_binding_tick(&binding, 1010, on_gesture, &output);
	CHECK_EQ(vz_binding_deadline_us(&binding), 1100);
	vz_binding_tick(&binding, 1100, on_gesture, &output);
	CHECK_EQ(vz_binding_deadline_us(&binding), INT64_MAX);
	vz_binding_feed(&binding, false, 1200, on_gesture, &output);
	CHECK_EQ(vz_binding_deadline_us(&binding), 1220);
}
