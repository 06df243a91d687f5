/*
 * A connection: what lws calls a wsi, with what the server has to know of it. What happens on it is
 * the matter of the part that it is handed to: an HTTP exchange, the Dash link, or the video, each
 * a table of functions. Between two requests it has none.
 *
 * Thread: loop. Made when the socket is taken over, freed when lws lets go of it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "users/users.h"
#include "util/list.h"

/* A connection that takes nothing for so long while something waits for it is closed. */
#define VZ_CONN_STUCK_US (30 * INT64_C(1000000))

#define VZ_CONN_CLOSE (-1) /* what lws takes as "close this" */

struct lws;
struct vz_conn;
struct vz_peer;
struct vz_server;

struct vz_conn_ops {
	/* The socket takes one lws_write(). Returns 0 or VZ_CONN_CLOSE. */
	int (*writable)(struct vz_conn *conn);
	/* A piece of a websocket message or of a request's body. May be NULL. */
	int (*receive)(struct vz_conn *conn, const char *data, size_t size);
	/* All of the request's body is there. May be NULL. */
	int (*complete)(struct vz_conn *conn);
	/* Who conn->identity is has changed, or may be nobody now: gate.h. May be NULL. */
	void (*identified)(struct vz_conn *conn);
	/* The server goes: say good-bye when next writable. */
	void (*shut_down)(struct vz_conn *conn);
	/* The connection ends or goes on to another matter: frees conn->data. */
	void (*leave)(struct vz_conn *conn);
};

struct vz_conn {
	struct vz_list in_conns, in_waiting;
	int64_t waiting_since_us;
	struct vz_server *server;
	struct lws *wsi;
	struct vz_peer *peer;
	char address[64];
	struct vz_identity identity; /* who sent the last request, where one has to log in */
	const struct vz_conn_ops *ops;
	void *data;
	/* What a request for an upgrade, once it was allowed, becomes. */
	int (*upgrade)(struct vz_conn *conn);
};

/* For lws's new @wsi. Returns 0 or a negative errno; refused: -EMFILE. */
int vz_conn_new(struct vz_server *server, struct lws *wsi, struct vz_conn **ret);
struct vz_conn *vz_conn_free(struct vz_conn *conn);

void vz_conn_enter(struct vz_conn *conn, const struct vz_conn_ops *ops, void *data);
void vz_conn_leave(struct vz_conn *conn);

/* Has ops->writable() called soon; until then the connection counts as waiting. */
void vz_conn_want_write(struct vz_conn *conn);
/* It waits for its peer, though not for the socket. */
void vz_conn_wait(struct vz_conn *conn);
/* The peer took something. */
void vz_conn_progress(struct vz_conn *conn);
int vz_conn_on_writable(struct vz_conn *conn);

/* Sends @size bytes at @data, which has head room. Returns 0 or VZ_CONN_CLOSE. */
int vz_conn_write(struct vz_conn *conn, const void *data, size_t size, int lws_protocol);

/* Closes the connections that have been stuck for VZ_CONN_STUCK_US. */
void vz_conn_check_waiting(struct vz_server *server);
