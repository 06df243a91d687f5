#include "server/range.h"

#include "test.h"
#include "util/cleanup.h"

TEST(range_chooses_what_is_asked_for)
{
	static const struct {
		const char *range;
		enum vz_range_verdict verdict;
		uint64_t size, first, n;
	} cases[] = {
		/* RFC 9110, 14.1.2, of 10000 bytes. */
		{ "bytes=0-499", VZ_RANGE_PART, 10000, 0, 500 },
		{ "bytes=500-999", VZ_RANGE_PART, 10000, 500, 500 },
		{ "bytes=-500", VZ_RANGE_PART, 10000, 9500, 500 },
		{ "bytes=9500-", VZ_RANGE_PART, 10000, 9500, 500 },
		{ "bytes=0-0", VZ_RANGE_PART, 10000, 0, 1 },
		{ "bytes=-1", VZ_RANGE_PART, 10000, 9999, 1 },
		{ "bytes=0-", VZ_RANGE_PART, 10000, 0, 10000 },
		/* More than there is. */
		{ "bytes=9999-20000", VZ_RANGE_PART, 10000, 9999, 1 },
		{ "bytes=-20000", VZ_RANGE_PART, 10000, 0, 10000 },
		{ "bytes=1-99999999999999999999999", VZ_RANGE_PART, 10000, 1, 9999 },
		{ "bytes=-99999999999999999999999", VZ_RANGE_PART, 10000, 0, 10000 },
		{ "BYTES= 5-6 ", VZ_RANGE_PART, 10000, 5, 2 },
		/* Not there. */
		{ "bytes=10000-", VZ_RANGE_NOTHING, 10000, 0, 0 },
		{ "bytes=10000-10001", VZ_RANGE_NOTHING, 10000, 0, 0 },
		{ "bytes=-0", VZ_RANGE_NOTHING, 10000, 0, 0 },
		{ "bytes=99999999999999999999999-", VZ_RANGE_NOTHING, 10000, 0, 0 },
		{ "bytes=0-", VZ_RANGE_NOTHING, 0, 0, 0 },
		{ "bytes=-5", VZ_RANGE_NOTHING, 0, 0, 0 },
		/* To be ignored. */
		{ NULL, VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes=", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes=-", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes=5", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes=6-5", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes=a-b", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes=1-2x", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes=+1-2", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "bytes=0-1,5-6", VZ_RANGE_ALL, 10000, 0, 10000 },
		{ "frames=0-1", VZ_RANGE_ALL, 10000, 0, 10000 },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_range range;

		test_case(cases[i].range ? cases[i].range : "none");
		CHECK_EQ(vz_range_choose(cases[i].range, cases[i].size, &range), cases[i].verdict);
		if (cases[i].verdict == VZ_RANGE_NOTHING)
			continue;
		CHECK_EQ(range.first, cases[i].first);
		CHECK_EQ(range.size, cases[i].n);
	}
}

TEST(range_counts_for_the_same_file_alone)
{
	CHECK(vz_range_counts(NULL, "\"a\""));
	CHECK(vz_range_counts("", "\"a\""));
	CHECK(vz_range_counts("\"a\"", "\"a\""));
	CHECK(!vz_range_counts("\"b\"", "\"a\""));
	/* Only a strong comparison will do (RFC 9110, 13.1.5). */
	CHECK(!vz_range_counts("W/\"a\"", "\"a\""));
	CHECK(!vz_range_counts("Tue, 24 Nov 2026 18:45:00 GMT", "\"a\""));
}
