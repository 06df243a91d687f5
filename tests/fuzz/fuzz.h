/*
 * A fuzz target is one function over bytes. With libFuzzer it is called for ever; without, by
 * fuzz-main.c, once for each file of a corpus directory and for a number of damaged copies of it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An expectation of the target; a broken one ends the program, so that the input is reported. */
#define EXPECT(condition)                                                               \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)
