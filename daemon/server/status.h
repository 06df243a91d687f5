/*
 * /status: what the daemon does, in numbers. Thread: loop.
 */
#pragma once

struct vz_buf;
struct vz_server;

void vz_status_write(struct vz_buf *buf, struct vz_server *server);
