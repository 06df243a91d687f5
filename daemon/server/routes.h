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
 * Whether the body of a POST may come. Returns true, with the most bytes that it may have in
 * *@ret_max_bytes where that differs from the server's limit, or false when it has answered.
 */
bool vz_route_admit_post(struct vz_exchange *exchange, uint64_t *ret_max_bytes);
/* The head of a POST is there. Whoever wants its body in pieces takes it now. */
void vz_route_begin_post(struct vz_exchange *exchange);
/* Answers a POST whose path was taken. @body (NUL-terminated) is borrowed. */
void vz_route_post(struct vz_exchange *exchange, const char *body, size_t size);
typedef int vz_upgrade_fn(struct vz_conn *conn);
/* Finds what a websocket becomes, for conn->upgrade. Returns 0, or the status that refuses it with
 * a sentence, borrowed for the request, in *@ret_why. */
unsigned vz_route_upgrade(struct vz_exchange *exchange, const char **ret_why);
