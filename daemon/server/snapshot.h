/*
 * /snapshot.jpg[?camera=NAME]: the picture of now. If nobody watches there is none, so the request
 * waits, as a watcher, for the next.
 *
 * Thread: loop.
 */
#pragma once

struct vz_exchange;

void vz_snapshot_answer(struct vz_exchange *exchange);
