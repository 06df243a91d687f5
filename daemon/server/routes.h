/*
 * What lives where: the table of our addresses. Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct vz_conn;
struct vz_exchange;

/* Answers a GET or HEAD, at once or later. */
void vz_route_get(struct vz_exchange *exchange);
bool vz_route_takes_post(const char *path);
/* Answers a POST whose path was taken. @body (NUL-terminated) is borrowed. */
void vz_route_post(struct vz_exchange *exchange, const char *body, size_t size);
/* What a websocket at @path becomes, or NULL with a sentence, borrowed for the request, in
 * *@ret_why. */
typedef int vz_upgrade_fn(struct vz_conn *conn);
vz_upgrade_fn *vz_route_upgrade(struct vz_conn *conn, const char *path, const char **ret_why);
