/*
 * The users on the disk: users.json of the state folder, and who may change it at a time. The
 * daemon and `vizyd user` in a shell both change it by these functions, each time reading it anew
 * under a lock, so that none undoes what the other did. Waits for the disk and for the lock.
 * Thread: any but the loop.
 */
#pragma once

#include "users/user-list.h"

#define VZ_USERS_FILE	  "users.json"
#define VZ_USERS_LOCK	  "users.lock"
#define VZ_USERS_FILE_BAD VZ_USERS_FILE ".bad"
#define VZ_SESSIONS_FILE  "sessions.json"

/* Only the owner of the folder may read them. */
#define VZ_USERS_FILE_MODE	0600
#define VZ_USERS_FILE_MAX_BYTES (1 << 20)

/*
 * Reads it. Returns 0 (no file is an empty list), -EBADMSG (damaged: @ret_error says how), -ENODEV
 * (@dir cannot be used), or a negative errno of reading.
 */
int vz_user_store_load(const char *dir, struct vz_user_list *ret, char ret_error[160]);
/*
 * Makes one change and gives what the file then holds. With @replace, a file that is damaged is
 * set aside as users.json.bad, and the list begins with this change: at no moment is there none,
 * which would open the first page to everybody. Returns 0, what vz_user_list_change() returned, or
 * as vz_user_store_load(); then the file is as it was.
 */
int vz_user_store_change(const char *dir, const struct vz_user_change *change, bool replace,
			 struct vz_user_list *ret, char ret_error[160]);
/* Replaces another private file there: sessions.json. Returns 0 or a negative errno. */
int vz_user_store_write(const char *dir, const char *name, const char *text, size_t size);
