/*
 * A unit test registers itself:
 *
 *	TEST(mods_newest_wins)
 *	{
 *		CHECK(…);
 *		CHECK_EQ(vz_mods_set(…), 0);
 *	}
 *
 * A failed check ends the test, prints both sides, and the program goes on with the next. The last
 * line is "N passed, N failed"; the exit status is 1 when one failed, and 77 when all were skipped.
 * One argument runs only the tests whose name contains it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	void (*fn)(void);
	struct test *next;
};

void test_register(struct test *test);
void test_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));
void test_skip(const char *why) __attribute__((noreturn));
/* Named in the message of a failure: the row of a table of cases. NULL ends it. */
void test_case(const char *label);

#define TEST(id)                                                                                   \
	static void test_fn_##id(void);                                                            \
	static struct test test_##id = { #id, test_fn_##id, NULL };                                \
	__attribute__((constructor)) static void test_register_##id(void)                          \
	{                                                                                          \
		test_register(&test_##id);                                                         \
	}                                                                                          \
	static void test_fn_##id(void)

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			test_fail(__FILE__, __LINE__, "%s", #condition);                           \
	} while (0)

#define CHECK_EQ(a, b)                                                                             \
	do {                                                                                       \
		long long check_a_ = (long long) (a), check_b_ = (long long) (b);                  \
		if (check_a_ != check_b_)                                                          \
			test_fail(__FILE__, __LINE__, "%s is %lld, %s is %lld", #a, check_a_, #b,  \
				  check_b_);                                                       \
	} while (0)

#define CHECK_STR(a, b)                                                                            \
	do {                                                                                       \
		const char *check_a_ = (a), *check_b_ = (b);                                       \
		if (!check_a_ || !check_b_ || strcmp(check_a_, check_b_))                          \
			test_fail(__FILE__, __LINE__, "%s is \"%s\", expected \"%s\"", #a,         \
				  check_a_ ? check_a_ : "(null)", check_b_ ? check_b_ : "(null)"); \
	} while (0)

#define CHECK_NEAR(a, b, tolerance)                                                                \
	do {                                                                                       \
		double check_a_ = (a), check_b_ = (b);                                             \
		if (!(check_a_ - check_b_ <= (tolerance) && check_b_ - check_a_ <= (tolerance)))   \
			test_fail(__FILE__, __LINE__, "%s is %g, %s is %g", #a, check_a_, #b,      \
				  check_b_);                                                       \
	} while (0)
