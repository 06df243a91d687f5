/*
 * Who may do what only an administrator may: a client whose role is "admin", and, where nobody has
 * to log in, those that `[server] admin` says: "local", "anyone" or "nobody".
 *
 * Thread: loop.
 */
#pragma once

#include "vizyd/role.h"

struct vz_app;
struct vz_call;

/* What somebody at @address may where nobody has to log in: role_of_nobody of the app's options.
 * @admin is that word. */
enum vz_role vz_admin_role_of_nobody(const char *address, void *admin);
/* Who caused the call, for the log: a name, else an address; a program over HTTP has neither. */
const char *vz_admin_who(struct vz_call *call);
/* Whom it takes, to stand before what they may: "Anyone", "Only a user with the role …". Static. */
const char *vz_admin_text(struct vz_app *app, const char *admin);
