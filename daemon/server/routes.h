/*
 * What lives where: the table of our addresses. Thread: loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vz_conn;
struct vz_exchange;
struct vz_server;

/* Answers a GET or HEAD, at once or later. */
void vz_route_get(struct vz_exchange *exchange);
/*
 * Whether a POST goes to @path; *@ret_max_bytes is what its body may have at most.
 */
bool vz_route_takes_post(const struct vz_server *server, const char *path, uint64_t *ret_max_bytes);
/* The head of a POST is there. Whoever wants its body in pieces takes it now. */
void vz_route_begin_post(struct vz_exchange *exchange);
/* Answers a POST whose path was taken. @body (NUL-terminated) is borrowed. */
void vz_route_post(struct vz_exchange *exchange, const char *body, size_t size);
/* What a websocket at @path becomes, or NULL with a sentence, borrowed for the request, in
 * *@ret_why. */
typedef int vz_upgrade_fn(struct vz_conn *conn);
vz_upgrade_fn *vz_route_upgrade(struct vz_conn *conn, const char *path, const char **ret_why);
