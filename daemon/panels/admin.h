/*
 * Who may do what only an administrator may: a client whose role is "admin", and, where nobody has
 * to log in, those that `[server] admin` says: "local", "anyone" or "nobody".
 *
 * Thread: loop.
 */
#pragma once

#include <stdbool.h>

struct vz_app;
struct vz_client;

/* @client may be NULL, who is nobody. */
bool vz_admin_is(struct vz_app *app, const char *admin, const struct vz_client *client);
/* Whom it takes, to stand before what they may: "Anyone", "Only a user with the role …". Static. */
const char *vz_admin_text(struct vz_app *app, const char *admin);
