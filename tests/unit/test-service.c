#include "dash/service.h"

#include <stddef.h>

#include "test.h"

TEST(service_sets_go_together)
{
	static const struct {
		const char *label;
		unsigned service;
		bool is_fine;
	} cases[] = {
		{ "S0", VZ_S0, true },
		{ "SHARED", VZ_SHARED, true },
		{ "SHARED_MOST_RECENT", VZ_SHARED_MOST_RECENT, true },
		{ "S2", VZ_S2, true },
		{ "shared outputs only", VZ_SERVICE_SHARED, true },
		{ "link only", VZ_SERVICE_LINK, true },
		{ "shared inputs alone", VZ_SERVICE_SHARE_INPUTS, false },
		{ "most recent without a queue", VZ_SERVICE_MOST_RECENT, false },
		{ "server initial for nobody", VZ_SERVICE_SERVER_INITIAL, false },
		{ "a bit that we do not know", 1u << 30, false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_case(cases[i].label);
		CHECK_EQ(!vz_service_check(cases[i].service), cases[i].is_fine);
	}
}

TEST(service_most_recent_is_a_shared_service)
{
	CHECK(vz_service_is_shared(VZ_SHARED_MOST_RECENT));
	CHECK(vz_service_shares_inputs(VZ_SHARED_MOST_RECENT));
	CHECK(vz_service_is_serialized(VZ_SHARED_MOST_RECENT));
	CHECK(vz_service_is_most_recent(VZ_SHARED_MOST_RECENT));
	CHECK(!vz_service_is_most_recent(VZ_SHARED));
	CHECK(vz_service_is_serialized(VZ_S2));
	CHECK(!vz_service_is_shared(VZ_S2));
}
