/*
 * Reads a password: twice from the terminal, unseen, or one line of standard input when that is
 * none.
 */
#pragma once

#include <stddef.h>

/*
 * Returns 0, or a negative errno after saying on standard error what was wrong: -EINVAL (none, too
 * long, or two that differ), -ECANCELED (interrupted), …. Wipe @ret afterwards.
 */
int vz_user_prompt(const char *name, char *ret, size_t ret_size);
