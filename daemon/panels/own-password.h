/*
 * Another password of one's own, from the header of the page. The present one is asked for and
 * judged as at the login, slowed down like there; then all sessions of that user end, and the page
 * shows the login. The form is sent to who has logged in; the layout has none of it.
 *
 * Thread: loop. Owned by the daemon.
 */
#pragma once

#include <json-c/json.h>

#include "util/cleanup.h"

struct vz_app;
struct vz_own_password;
struct vz_users;

/* Both are borrowed; @users must have stopped before it goes. Returns 0 or -ENOMEM. */
int vz_own_password_new(struct vz_app *app, struct vz_users *users, struct vz_own_password **ret);
struct vz_own_password *vz_own_password_free(struct vz_own_password *own);
VZ_DEFINE_CLEANUP(vz_own_password_free, struct vz_own_password *, vz_own_password_free)

/* The form, behind a word that opens it. A reference; NULL: out of memory. */
struct json_object *vz_own_password_render(void);
/* Registers its callback, in place of the one of before. Returns 0 or a negative errno. */
int vz_own_password_connect(struct vz_own_password *own);
