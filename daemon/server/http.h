/*
 * Where HTTP comes in: a request is judged, and becomes an exchange that is routed, a websocket, or
 * a refusal. These are lws's callbacks, and return what it takes: 0 or VZ_CONN_CLOSE.
 *
 * Thread: loop.
 */
#pragma once

struct vz_conn;

/* A request's head has come. */
int vz_http_on_request(struct vz_conn *conn);
/* The same for a request to become a websocket; it is answered when it is refused. */
int vz_http_on_upgrade(struct vz_conn *conn);
/* A method that lws's parser does not know, or no HTTP at all: the connection is raw now. */
int vz_http_on_garbage(struct vz_conn *conn);
