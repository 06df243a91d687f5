/*
 * Memory that runs out: a test program that links scarce.c has malloc() and its kin replaced, in
 * itself and in the shared libraries that it uses.
 */
#pragma once

#include <stdbool.h>

/* Lets @n more allocations of this thread succeed; then one fails or, with @for_good, all do. */
void scarce_begin(unsigned n, bool for_good);
/* Memory is plenty again. Returns whether an allocation was refused. */
bool scarce_end(void);
