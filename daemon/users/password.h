/*
 * Passwords by crypt(3) of libxcrypt: yescrypt, with its default cost (16 MiB and some tens of
 * milliseconds). Thread: any; never the loop, because of that cost.
 */
#pragma once

#include <stddef.h>

#include "users/user.h"

/*
 * What is kept of @password. Returns 0, -EKEYREJECTED (see vz_password_judge()), -ENOMEM, or what
 * the system's random numbers returned.
 */
int vz_password_hash(const char *password, char ret[VZ_USER_HASH_BYTES]);
/*
 * Whether @password is the one of @hash. NULL for @hash is nobody's: the same work, and the answer
 * is no, so that the time does not tell which names there are. Returns 0, -EACCES, or -ENOMEM.
 */
int vz_password_verify(const char *password, const char *hash);
/* Overwrites the text. Takes NULL. */
void vz_password_wipe(char *password);
/* A number that nobody can guess. Returns 0 or a negative errno. */
int vz_random_bytes(void *ret, size_t size);
