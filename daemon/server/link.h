/*
 * The Dash link: a websocket between a browser and the app (ui/link/README.md). Text messages are
 * joined from their fragments and given to the app; what the app sends waits in an outbox.
 *
 * Thread: loop. Owned by its connection.
 */
#pragma once

struct vz_conn;

/* The handshake is done. Returns 0 or a negative errno. */
int vz_link_accept(struct vz_conn *conn);
