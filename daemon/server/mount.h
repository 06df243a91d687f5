/*
 * Mounts: addresses that somebody outside the server answers. Thread: loop.
 */
#pragma once

#include "server/server.h"
#include "util/list.h"

/* The mount that @path is in, and what of @path is behind it; or NULL. */
const struct vz_mount *vz_mount_find(const struct vz_server *server, const char *path,
				     const char **ret_rest);
void vz_mounts_deinit(struct vz_server *server);
