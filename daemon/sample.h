/*
 * The sample of a configuration: every key of every table, with its default and what it means, all
 * as comments.
 */
#pragma once

#include <stdio.h>

void vz_sample_print(FILE *out);
