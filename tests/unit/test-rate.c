#include "test.h"

#include "camera/rate.h"

static double measure(int n, int64_t interval_ns)
{
	struct vz_rate rate = { 0 };

	for (int i = 0; i < n; i++)
		vz_rate_add(&rate, 1000 + i * interval_ns);
	return vz_rate_get(&rate);
}

TEST(rate_is_that_of_the_time_stamps)
{
	CHECK_NEAR(measure(0, 1), 0, 0);
	CHECK_NEAR(measure(1, 1), 0, 0);
	CHECK_NEAR(measure(2, 40000000), 25, 1e-9);
	CHECK_NEAR(measure(100, 33333333), 30, 1e-6);
	CHECK_NEAR(measure(1000, 5000000), 200, 1e-9);
	CHECK_NEAR(measure(2000, 1000000), 1000, 1e-6);
	CHECK_NEAR(measure(5, INT64_C(4000000000)), 0.25, 1e-9);
}

TEST(rate_forgets_after_a_second)
{
	struct vz_rate rate = { 0 };
	int64_t at = 0;

	for (int i = 0; i < 60; i++)
		vz_rate_add(&rate, at += 10000000);
	for (int i = 0; i < 25; i++)
		vz_rate_add(&rate, at += 50000000);
	CHECK_NEAR(vz_rate_get(&rate), 20, 1e-9);
}

TEST(rate_starts_anew_when_time_jumps_back)
{
	struct vz_rate rate = { 0 };

	vz_rate_add(&rate, 1000000000);
	vz_rate_add(&rate, 1010000000);
	vz_rate_add(&rate, 500000000);
	CHECK_NEAR(vz_rate_get(&rate), 0, 0);
	vz_rate_add(&rate, 540000000);
	CHECK_NEAR(vz_rate_get(&rate), 25, 1e-9);
	vz_rate_reset(&rate);
	CHECK_NEAR(vz_rate_get(&rate), 0, 0);
}
