/*
 * A folder of a test's own.
 */
#pragma once

#include <stdlib.h>

#include "test.h"

static inline void test_make_folder(char ret[64])
{
	strcpy(ret, "/tmp/vizyd-test-XXXXXX");
	CHECK(mkdtemp(ret));
}

/* With all that is in it. */
static inline void test_remove_folder(const char *dir)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK_EQ(system(command), 0);
}
