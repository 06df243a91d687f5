/*
 * What a command says on standard error before it ends.
 */
#pragma once

/* Prints "NAME: ..." and a new line, NAME being the program's own. Returns @r. Thread: any. */
int vz_complain(int r, const char *format, ...) __attribute__((format(printf, 2, 3)));
