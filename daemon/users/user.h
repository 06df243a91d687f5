/*
 * A user: a name, a role, and what is kept of the password. Pure. Thread: any.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vizyd/role.h"

#define VZ_USER_NAME_MAX 32 /* characters, without the end */
/* Of crypt(3)'s output, with its end. */
#define VZ_USER_HASH_BYTES 384
/* Bytes of a password, without the end: crypt(3) takes so many. */
#define VZ_PASSWORD_MIN 8
#define VZ_PASSWORD_MAX 511
/* Who is not logged in is called so, where the guests' view is on; no user can be. */
#define VZ_GUEST_NAME "guest"

struct vz_user {
	char name[VZ_USER_NAME_MAX + 1];
	enum vz_role role;
	char hash[VZ_USER_HASH_BYTES];
	/*
	 * Another number for each password: a session that was begun with an earlier one is over,
	 * and so is one of a user of the same name who was there before.
	 */
	uint64_t serial;
};

/*
 * The name as it is kept: without blanks around it, in lower case, because phones begin a line with
 * a capital. Returns 0, or -EINVAL when it is not 1 to 32 of a-z 0-9 . _ - that begin with a letter
 * or digit, or is "guest".
 */
int vz_user_name_make(const char *text, char ret[VZ_USER_NAME_MAX + 1]);
/* Returns NULL when @password will do, else a sentence about what it must be. */
const char *vz_password_judge(const char *password);
/* What went wrong with a change of users, by the negative errno of users.h, as a sentence. */
const char *vz_user_error_text(int r);
