/*
 * The users of the device: who there is, who has logged in, and whether guests may look. What is
 * kept is in the state folder, users.json and sessions.json (user-store.h); when somebody else
 * changes the former, which `vizyd user` does, it is read anew.
 *
 * Disk and hashing are for a worker, one change at a time and in order. The functions that need
 * them return at once and call their @fn on the loop later, exactly once, unless they return an
 * error.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "users/sessions.h"
#include "users/user.h"
#include "util/buf.h"
#include "util/cleanup.h"

struct vz_jobs;
struct vz_loop;
struct vz_users;

enum vz_users_state {
	VZ_USERS_NONE,	   /* nobody yet: the first page asks for an administrator */
	VZ_USERS_READY,	   /* there is somebody */
	VZ_USERS_UNUSABLE, /* the file cannot be understood or read: nobody may in until it can */
};

struct vz_users_options {
	const char *dir; /* the state folder; copied; NULL: there is none, and no users */
	int64_t idle_s;	 /* for how long a session lives that is not used */
};

/*
 * Reads what there is, waiting for the disk: before the loop runs. Files that are damaged are no
 * error but a state, and logged. @jobs is borrowed until vz_users_stop(). Returns 0 or a negative
 * errno.
 */
int vz_users_new(struct vz_loop *loop, struct vz_jobs *jobs, const struct vz_users_options *options,
		 struct vz_users **ret);
/* Before the workers end: what waits is answered with -ESHUTDOWN, and no more is taken. */
void vz_users_stop(struct vz_users *users);
/* Writes what sessions there are, waiting for it. Takes NULL; returns NULL. */
struct vz_users *vz_users_free(struct vz_users *users);
VZ_DEFINE_CLEANUP(vz_users_free, struct vz_users *, vz_users_free)

/* --- Who there is ---------------------------------------------------------------------------- */

enum vz_users_state vz_users_get_state(const struct vz_users *users);
/* A sentence for the administrator about VZ_USERS_UNUSABLE, borrowed; else "". */
const char *vz_users_get_fault(const struct vz_users *users);
/* Walks them by name; start with NULL. Good until the loop runs again. */
const struct vz_user *vz_users_next(const struct vz_users *users, const struct vz_user *user);
const struct vz_user *vz_users_find(const struct vz_users *users, const char *name);
/* Whether who is not logged in sees what a viewer sees. */
bool vz_users_allows_guests(const struct vz_users *users);

/* Told after anything of this has changed, and after sessions have ended. */
struct vz_users_listener;
typedef void vz_users_fn(void *data);
int vz_users_add_listener(struct vz_users *users, vz_users_fn *fn, void *data,
			  struct vz_users_listener **ret);
/* May be called by @fn. Takes NULL; returns NULL. */
struct vz_users_listener *vz_users_listener_free(struct vz_users_listener *listener);

/* --- Changing it ----------------------------------------------------------------------------- */

/*
 * @r is 0 when the change is on the disk, else nothing has changed: -EEXIST, -ENOENT (no such
 * user), -EUSERS (too many), -EBUSY (the last administrator must remain), -EALREADY (not the
 * first), -EBADMSG (the file is damaged), -ENODEV (no folder), -EINVAL (no name), -EKEYREJECTED (no
 * password, vz_password_judge()), -ESHUTDOWN, or what the disk returned. vz_user_error_text() makes
 * a sentence of it.
 */
typedef void vz_users_done_fn(int r, void *data);

/*
 * All text is copied; names are made proper (vz_user_name_make()). @fn may be NULL. Each returns 0,
 * -EINVAL, -EKEYREJECTED, -EAGAIN (a hundred wait), -ESHUTDOWN or -ENOMEM, and then @fn is not
 * called.
 */
int vz_users_add(struct vz_users *users, const char *name, enum vz_role role, const char *password,
		 vz_users_done_fn *fn, void *data);
/* The first administrator, only while there is nobody. */
int vz_users_add_first(struct vz_users *users, const char *name, const char *password,
		       vz_users_done_fn *fn, void *data);
/* Ends the user's sessions. */
int vz_users_remove(struct vz_users *users, const char *name, vz_users_done_fn *fn, void *data);
int vz_users_set_role(struct vz_users *users, const char *name, enum vz_role role,
		      vz_users_done_fn *fn, void *data);
/* Ends the user's sessions. */
int vz_users_set_password(struct vz_users *users, const char *name, const char *password,
			  vz_users_done_fn *fn, void *data);
int vz_users_set_guests(struct vz_users *users, bool allowed, vz_users_done_fn *fn, void *data);

/* --- Logging in ------------------------------------------------------------------------------ */

/* Who somebody is. A guest has no session. */
struct vz_identity {
	uint64_t session_id; /* 0: none */
	char name[VZ_USER_NAME_MAX + 1];
	enum vz_role role; /* VZ_ROLE_NONE: nobody */
};

/*
 * @r is 0, with the text of the new session for the browser; -EACCES (no such user or another
 * password, which is not told apart), -EAGAIN (not before @wait_us), -ENOMEM, -ESHUTDOWN or what
 * random numbers returned.
 */
typedef void vz_login_fn(int r, const char *token, int64_t wait_us, void *data);
/*
 * Judges a password, when those before it have been. @address is the peer's, as text. Returns 0, or
 * -EBUSY (so many wait, of that address or of all), -ESHUTDOWN or -ENOMEM, and then @fn is not
 * called.
 */
int vz_users_login(struct vz_users *users, const char *address, const char *name,
		   const char *password, vz_login_fn *fn, void *data);
/* Ends the session of a browser's text, if there is one. */
void vz_users_logout(struct vz_users *users, const char *token);

/* Who a browser is that sent this text (NULL: none), now. */
void vz_users_identify(struct vz_users *users, const char *token, struct vz_identity *ret);
/*
 * Brings up to date who somebody is that was identified before, and counts it as a use of the
 * session: what began with a session that has ended is nobody's. Returns whether anything changed.
 */
bool vz_users_refresh(struct vz_users *users, struct vz_identity *identity);
