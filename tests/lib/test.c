#include "test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

static struct test *tests, **tests_tail = &tests;
static jmp_buf escape;
static const char *case_label;

void test_register(struct test *test)
{
	*tests_tail = test;
	tests_tail = &test->next;
}

void test_case(const char *label)
{
	case_label = label;
}

void test_fail(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", file, line);
	if (case_label)
		fprintf(stderr, "[%s] ", case_label);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	longjmp(escape, 1);
}

void test_skip(const char *why)
{
	fprintf(stderr, "skipped: %s\n", why);
	longjmp(escape, 2);
}

/* In a function of its own, so that longjmp() clobbers no variable of the loop. */
static int run(struct test *test)
{
	int outcome = setjmp(escape);

	if (!outcome)
		test->fn();
	return outcome;
}

int main(int argc, char **argv)
{
	static const char *const words[] = { NULL, "FAILED", "SKIPPED" };
	unsigned counts[3] = { 0 };

	for (struct test *test = tests; test; test = test->next) {
		int outcome;

		if (argc > 1 && !strstr(test->name, argv[1]))
			continue;
		case_label = NULL;
		outcome = run(test);
		counts[outcome]++;
		if (outcome)
			fprintf(stderr, "%s %s\n", words[outcome], test->name);
	}
	printf("%u passed, %u failed", counts[0], counts[1]);
	if (counts[2])
		printf(", %u skipped", counts[2]);
	putchar('\n');
	if (counts[1])
		return EXIT_FAILURE;
	return counts[2] && !counts[0] ? 77 : EXIT_SUCCESS;
}
