/*
 * /status: what the daemon does, in numbers. Thread: loop.
 */
#pragma once

struct vz_buf;
struct vz_server;

/* For who may not know more: that it runs, and whether one has to log in. */
void vz_status_write_bare(struct vz_buf *buf, const struct vz_server *server);
void vz_status_write(struct vz_buf *buf, struct vz_server *server);
