/*
 * The listening sockets. They are ours and not lws's: 4.1 hides why it cannot bind, spins
 * when descriptors run out, and cannot bound the connections of one address.
 *
 * Thread: loop. Owned by the server.
 */
#pragma once

#include <stdbool.h>

struct vz_server;

#define VZ_LISTEN_MAX 32 /* addresses that are added at once */

/*
 * Binds "ADDRESS:PORT" and begins to accept. Returns 0, -EINVAL (malformed; an address must be
 * numeric or localhost), or what bind(2) said.
 */
int vz_listen_add(struct vz_server *server, const char *where);
/*
 * Begins to accept on a TCP socket that listens already (taken, also on failure). Returns 0,
 * -EPROTOTYPE (it is something else), or a negative errno.
 */
int vz_listen_adopt(struct vz_server *server, int fd);
/*
 * Adds those of @where (NULL-terminated, or NULL: none) that are new, then closes those that were
 * added and are not there any more; sockets that were adopted stay, and so do connections. Returns
 * 0, or what vz_listen_add() said of *@ret_bad (borrowed): then nothing has changed.
 */
int vz_listen_set(struct vz_server *server, const char *const *where, const char **ret_bad);
/* Closes all. */
void vz_listen_stop(struct vz_server *server);
/* Answers 503 to whoever has just connected at @fd; the caller closes it. */
void vz_listen_refuse(struct vz_server *server, int fd);
/* Whether all that is served is addresses that only this machine itself can reach. */
bool vz_listen_is_local(const struct vz_server *server);
/* "http://127.0.0.1:8080", borrowed; NULL past the last. */
const char *vz_listen_get_url(const struct vz_server *server, unsigned index);
