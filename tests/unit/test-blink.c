#include "gpio/blink.h"

#include "test.h"

TEST(blink_table)
{
	static const struct {
		const char *name;
		int64_t since_us;
		bool level;
		int64_t next_us;
	} cases[] = {
		{ "off", 0, false, INT64_MAX },
		{ "off", 123456789, false, INT64_MAX },
		{ "on", 0, true, INT64_MAX },
		{ "blink", 0, true, 500000 },
		{ "blink", 499999, true, 1 },
		{ "blink", 500000, false, 500000 },
		{ "blink", 1000000, true, 500000 },
		{ "blink", 86400000000 + 600000, false, 400000 },
		{ "slow", 999999, true, 1 },
		{ "slow", 1000000, false, 1000000 },
		{ "heartbeat", 100000, false, 150000 },
		{ "heartbeat", 250000, true, 100000 },
		{ "heartbeat", 350000, false, 850000 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vz_blink *blink = vz_blink_find(cases[i].name);
		int64_t next_us = 0;

		test_case(cases[i].name);
		CHECK(blink);
		CHECK_EQ(vz_blink_level(blink, cases[i].since_us, &next_us), cases[i].level);
		CHECK_EQ(next_us, cases[i].next_us);
	}
	test_case(NULL);
}

TEST(blink_names)
{
	CHECK(!vz_blink_find(""));
	CHECK(!vz_blink_find("Blink"));
	for (unsigned i = 0; i < vz_n_blinks; i++) {
		CHECK(vz_blink_find(vz_blinks[i].name) == &vz_blinks[i]);
		/* What the error message says is what there is. */
		CHECK(strstr(VZ_BLINK_NAMES, vz_blinks[i].name));
	}
}
