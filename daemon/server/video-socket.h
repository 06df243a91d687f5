/*
 * The video websocket of the page's LiveView (ui/link/README.md): binary messages of one picture
 * each with a header of 32 bytes, text messages for the camera's state, of the camera that
 * ?camera=NAME says. The newest picture wins:
 * one at most waits here. With ?ack=1 at most two pictures are on the way unanswered, so that a
 * slow radio link shows a late picture and not a queue of old ones.
 *
 * Thread: loop. Owned by its connection.
 */
#pragma once

#include <stdint.h>

#define VZ_VIDEO_HEADER_BYTES 32

struct vz_blob;
struct vz_conn;

/* The handshake is done. Returns 0 or a negative errno. */
int vz_video_socket_accept(struct vz_conn *conn);
/* The header of @jpeg. Pure, for its test. */
void vz_video_write_header(const struct vz_blob *jpeg, uint8_t ret[VZ_VIDEO_HEADER_BYTES]);
