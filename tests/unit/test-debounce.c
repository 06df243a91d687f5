#include "gpio/debounce.h"

#include <stdlib.h>

#include "test.h"

#define MAX 12

/* "+" and "-" are edges, "." a tick, each at a time; what comes out is written the same way. */
static const struct {
	const char *label;
	int64_t period_us;
	struct {
		char what;
		int64_t at_us;
	} in[MAX];
	struct {
		char what;
		int64_t at_us;
	} out[MAX];
} cases[] = {
	{ "nothing happens", 1000, { { '.', 5000 } }, { { 0 } } },
	{ "without a period each edge counts",
	  0,
	  { { '+', 10 }, { '-', 11 }, { '+', 12 } },
	  { { '+', 10 }, { '-', 11 }, { '+', 12 } } },
	{ "a level that stays",
	  1000,
	  { { '+', 100 }, { '.', 1099 }, { '.', 1100 } },
	  { { '+', 100 } } },
	{ "not yet", 1000, { { '+', 100 }, { '.', 1099 } }, { { 0 } } },
	{ "a glitch", 1000, { { '+', 100 }, { '-', 300 }, { '.', 9000 } }, { { 0 } } },
	{ "contacts that bounce: the last edge is the stamp",
	  1000,
	  { { '+', 100 }, { '-', 200 }, { '+', 400 }, { '-', 450 }, { '+', 500 }, { '.', 1500 } },
	  { { '+', 500 } } },
	{ "the next edge settles the one before, without a tick",
	  1000,
	  { { '+', 100 }, { '-', 5000 }, { '.', 6000 } },
	  { { '+', 100 }, { '-', 5000 } } },
	{ "an edge at the very end of the period",
	  1000,
	  { { '+', 100 }, { '-', 1100 }, { '.', 2100 } },
	  { { '+', 100 }, { '-', 1100 } } },
	{ "a lost edge between two of one direction begins anew",
	  1000,
	  { { '+', 100 }, { '+', 900 }, { '.', 1200 }, { '.', 1900 } },
	  { { '+', 900 } } },
	{ "a glitch while held",
	  1000,
	  { { '+', 0 }, { '.', 1000 }, { '-', 2000 }, { '+', 2010 }, { '.', 9000 } },
	  { { '+', 0 } } },
	{ "time stamps of days",
	  5000,
	  { { '+', 1000000000000 }, { '.', 1000000005000 } },
	  { { '+', 1000000000000 } } },
};

TEST(debounce_table)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vz_debounced out[2 * MAX];
		struct vz_debounce debounce;
		unsigned n = 0, expected = 0;

		test_case(cases[i].label);
		vz_debounce_init(&debounce, cases[i].period_us, false);
		for (unsigned k = 0; k < MAX && cases[i].in[k].what; k++) {
			char what = cases[i].in[k].what;

			if (what == '.')
				n += vz_debounce_tick(&debounce, cases[i].in[k].at_us, out + n);
			else
				n += vz_debounce_feed(&debounce, what == '+', cases[i].in[k].at_us,
						      out + n);
		}
		while (expected < MAX && cases[i].out[expected].what)
			expected++;
		CHECK_EQ(n, expected);
		for (unsigned k = 0; k < n; k++) {
			CHECK_EQ(out[k].level, cases[i].out[k].what == '+');
			CHECK_EQ(out[k].at_us, cases[i].out[k].at_us);
		}
	}
	test_case(NULL);
}

TEST(debounce_says_when_to_tick)
{
	struct vz_debounced out[2];
	struct vz_debounce debounce;

	vz_debounce_init(&debounce, 1000, true);
	CHECK_EQ(vz_debounce_deadline_us(&debounce), INT64_MAX);
	CHECK_EQ(vz_debounce_feed(&debounce, false, 50, out), 0);
	CHECK_EQ(vz_debounce_deadline_us(&debounce), 1050);
	CHECK_EQ(vz_debounce_tick(&debounce, 1050, out), 1);
	CHECK(!out[0].level);
	CHECK_EQ(vz_debounce_deadline_us(&debounce), INT64_MAX);
}

/* Whatever comes: what is reported alternates, never goes back in time, and ends as the line does.
 */
TEST(debounce_random_edges)
{
	srand(7);
	for (unsigned round = 0; round < 200; round++) {
		struct vz_debounced end[1];
		struct vz_debounce debounce;
		bool level = false, last = false;
		int64_t at_us = 0, last_us = -1;

		vz_debounce_init(&debounce, rand() % 500, false);
		for (unsigned i = 0; i < 200; i++) {
			struct vz_debounced out[2];
			unsigned n;

			at_us += rand() % 400;
			level = rand() % 2;
			n = i == 199	 ? vz_debounce_feed(&debounce, level, at_us, out)
			    : rand() % 3 ? vz_debounce_feed(&debounce, level, at_us, out)
					 : vz_debounce_tick(&debounce, at_us, out);
			for (unsigned k = 0; k < n; k++) {
				CHECK(out[k].level != last);
				CHECK(out[k].at_us >= last_us);
				last = out[k].level;
				last_us = out[k].at_us;
			}
		}
		if (vz_debounce_tick(&debounce, at_us + 1000, end))
			last = end[0].level;
		CHECK_EQ(last, level);
		CHECK_EQ(vz_debounce_deadline_us(&debounce), INT64_MAX);
	}
}
