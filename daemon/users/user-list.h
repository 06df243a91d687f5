/*
 * All users and the switch for guests, and a change of them: what users.json holds. Pure. Thread:
 * any; a list belongs to one thread at a time.
 */
#pragma once

#include <stddef.h>

#include "users/user.h"
#include "util/buf.h"

#define VZ_USERS_MAX 256

struct vz_user_list {
	struct vz_user *users; /* sorted by name */
	size_t n_users;
	bool allows_guests; /* who is not logged in sees what a viewer sees */
};

enum vz_user_action {
	VZ_USER_ADD,
	VZ_USER_ADD_FIRST, /* an admin, only while there is nobody */
	VZ_USER_REMOVE,
	VZ_USER_SET_ROLE,
	VZ_USER_SET_PASSWORD,
	VZ_USER_SET_GUESTS,
};

struct vz_user_change {
	enum vz_user_action action;
	char name[VZ_USER_NAME_MAX + 1];
	enum vz_role role;
	char hash[VZ_USER_HASH_BYTES];
	uint64_t serial; /* with a hash */
	bool allows_guests;
	bool force; /* also the last admin */
};

/* All zeros is an empty list. */
void vz_user_list_deinit(struct vz_user_list *list);
struct vz_user *vz_user_list_find(const struct vz_user_list *list, const char *name);
/*
 * Returns 0, -EEXIST, -ENOENT, -EUSERS (256 are there), -EALREADY (it is not the first), -EBUSY
 * (it is the last admin, who may neither go nor have another role unless the change has force), or
 * -ENOMEM; then nothing has changed.
 */
int vz_user_list_change(struct vz_user_list *list, const struct vz_user_change *change);

void vz_user_list_print(struct vz_buf *buf, const struct vz_user_list *list);
/*
 * Returns 0, -EBADMSG with what was wrong in @ret_error, or -ENOMEM. What is not as it was written
 * makes the whole file unusable: half of the users would be a door half open.
 */
int vz_user_list_parse(const char *text, size_t size, struct vz_user_list *ret,
		       char ret_error[160]);
