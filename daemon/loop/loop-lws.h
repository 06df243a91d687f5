/*
 * The loop on libwebsockets. Only server/ and daemon.c include this.
 */
#pragma once

#include "loop/loop.h"

struct lws_context;
struct lws_protocols;

/*
 * Makes the loop and the one lws context of the process with no listener yet. Its limits (buffer
 * sizes, descriptors per thread, UTF-8 validation) are set here, because they belong to the
 * context; server.c adds the listening vhosts. Returns 0 or a negative errno.
 */
int vz_loop_new_lws(struct vz_loop **ret);
struct lws_context *vz_loop_get_lws(struct vz_loop *loop);
