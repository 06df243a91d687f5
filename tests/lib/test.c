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

int main(int argc, char **argv)
{
	unsigned n_passed = 0, n_failed = 0, n_skipped = 0;

	for (struct test *test = tests; test; test = test->next) {
		if (argc > 1 && !strstr(test->name, argv[1]))
			continue;
		case_label = NULL;
		switch (setjmp(escape)) {
		case 0:
			test->fn();
			n_passed++;
			break;
		case 1:
			fprintf(stderr, "FAILED %s\n", test->name);
			n_failed++;
			break;
		default:
			fprintf(stderr, "SKIPPED %s\n", test->name);
			n_skipped++;
		}
	}
	if (n_skipped)
		printf("%u passed, %u failed, %u skipped\n", n_passed, n_failed, n_skipped);
	else
		printf("%u passed, %u failed\n", n_passed, n_failed);
	if (n_failed)
		return EXIT_FAILURE;
	return n_skipped && !n_passed ? 77 : EXIT_SUCCESS;
}
