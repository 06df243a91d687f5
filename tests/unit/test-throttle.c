#include "users/throttle.h"

#include <stdio.h>

#include "test.h"

#define S INT64_C(1000000)

static struct vz_throttle throttle;

static void reset(void)
{
	memset(&throttle, 0, sizeof(throttle));
}

static void fail_n(const char *address, const char *name, unsigned n, int64_t now_us)
{
	for (unsigned i = 0; i < n; i++)
		CHECK_EQ(vz_throttle_begin(&throttle, address, name, now_us), 0);
}

TEST(throttle_five_wrong_ones_slow_address_and_name_and_nobody_else)
{
	reset();
	fail_n("10.0.0.1", "anna", 5, 0);
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", "anna", 0), S);
	/* The address with another name, the name from another address. */
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", "berta", 0), S);
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.2", "anna", 0), S);
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.2", "berta", 0), 0);
	/* What was refused has not been counted. */
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", "anna", S), 0);
}

TEST(throttle_doubles_up_to_a_bound)
{
	int64_t now_us = 0, wait_us = 0, longest_us = 0, expected_us = S;

	reset();
	fail_n("10.0.0.1", "a0", 4, 0);
	for (unsigned i = 0; i < 20; i++) {
		char name[16];

		/* Always another name: the address alone is what grows. */
		snprintf(name, sizeof(name), "b%u", i);
		CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", name, now_us), 0);
		wait_us = vz_throttle_begin(&throttle, "10.0.0.1", name, now_us);
		CHECK_EQ(wait_us, expected_us < 900 * S ? expected_us : 900 * S);
		CHECK(wait_us >= longest_us);
		longest_us = wait_us;
		expected_us *= 2;
		now_us += wait_us;
	}
	CHECK_EQ(longest_us, 900 * S);
}

TEST(throttle_keeps_a_name_for_a_minute_at_most)
{
	int64_t now_us = 0, wait_us;

	reset();
	for (unsigned i = 0; i < 40; i++) {
		char address[16];

		snprintf(address, sizeof(address), "10.0.1.%u", i);
		CHECK_EQ(vz_throttle_begin(&throttle, address, "anna", now_us), 0);
		wait_us = vz_throttle_begin(&throttle, "10.0.2.1", "anna", now_us);
		CHECK(wait_us <= 60 * S);
		CHECK_EQ(wait_us > 0 || i < 4, true);
		/* That one was let through when nothing was to be waited for. */
		if (wait_us == 0)
			vz_throttle_cancel(&throttle, "10.0.2.1", "anna");
		now_us += wait_us;
	}
	CHECK_EQ(wait_us, 60 * S);
}

TEST(throttle_forgets_after_success_and_after_a_while)
{
	reset();
	fail_n("10.0.0.1", "anna", 5, 0);
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", "anna", S), 0);
	vz_throttle_succeed(&throttle, "10.0.0.1", "anna");
	/* The name is as new; the address still has its five. */
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.9", "anna", S), 0);
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", "carla", S), 0);
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", "carla", S), 2 * S);

	reset();
	fail_n("10.0.0.1", "anna", 5, 0);
	fail_n("10.0.0.1", "anna", 4, 902 * S);
	CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", "anna", 902 * S), 0);
}

/* Thirty pupils behind one router log in one after the other, none of them wrong. */
TEST(throttle_lets_a_class_in)
{
	reset();
	for (unsigned i = 0; i < 30; i++) {
		char name[16];

		snprintf(name, sizeof(name), "pupil%u", i);
		CHECK_EQ(vz_throttle_begin(&throttle, "10.0.0.1", name, 0), 0);
		vz_throttle_succeed(&throttle, "10.0.0.1", name);
	}
}

TEST(throttle_takes_an_ipv6_network_for_one)
{
	reset();
	fail_n("2001:db8::1", "a", 3, 0);
	fail_n("2001:db8::2", "b", 2, 0);
	CHECK_EQ(vz_throttle_begin(&throttle, "2001:db8::3", "c", 0), S);
	CHECK_EQ(vz_throttle_begin(&throttle, "2001:db8:0:1::3", "c", 0), 0);
}

TEST(throttle_is_bounded_and_keeps_the_newest)
{
	char address[32];

	reset();
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(address, sizeof(address), "10.%u.%u.1", i / 250, i % 250);
		CHECK_EQ(vz_throttle_begin(&throttle, address, address, i), 0);
	}
	fail_n("10.200.0.1", "anna", 5, 20000);
	CHECK(vz_throttle_begin(&throttle, "10.200.0.1", "anna", 20000) > 0);
}
