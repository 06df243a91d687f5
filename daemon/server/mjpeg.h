/*
 * /stream.mjpg[?camera=NAME]: pictures one after the other for programs that know
 * multipart/x-mixed-replace. The newest wins here too.
 *
 * Thread: loop. Owned by its connection.
 */
#pragma once

struct vz_exchange;

/* Takes the connection of @exchange over, which is gone then. */
void vz_mjpeg_answer(struct vz_exchange *exchange);
